"""Chord members and the names of chord qualities."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from theorygen.theory.lexicon import interval_fifths, lexicon
from theorygen.theory.pitch import PitchClass

ROLES = {
    1: "root", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 7: "seventh", 9: "ninth", 11: "eleventh",
    13: "thirteenth",
}
"""The role of a chord member by its generic size above the root."""

STACK = ("root", "third", "fifth", "seventh", "ninth", "eleventh", "thirteenth")
"""Roles of a chord in thirds, from the root upwards."""

ADDED = "added"
UNKNOWN_QUALITY = "altered"


class Member(NamedTuple):
    """One note of a chord.

    Attributes:
        role: root, third, fifth, seventh, ninth, eleventh, thirteenth; second or fourth of a suspended chord;
            added; or the name special chords give it (lowered-sixth, raised-fourth, tonic, common ...).
        pitch_class: its name.
    """

    role: str
    pitch_class: PitchClass


@cache
def _names() -> dict[tuple[int, ...], str]:
    return {tuple(map(interval_fifths, spec)): name for name, spec in lexicon()["qualities"].items()}


@cache
def quality_name(fifths: tuple[int, ...]) -> str:
    """The quality of a chord from its members' distances above the root on the line of fifths, root first.

    An unnamed chord of more than four notes takes its name from its seventh chord (``dominant-thirteenth``);
    any other is ``altered``.
    """
    names = _names()
    if fifths in names:
        return names[fifths]
    stem = names.get(fifths[:4], "")
    if len(fifths) > 4 and stem.endswith("-seventh"):
        return f"{stem.removesuffix('-seventh')}-{STACK[min(len(fifths), 7) - 1]}"
    return UNKNOWN_QUALITY
