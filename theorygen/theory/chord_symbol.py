"""Absolute chord symbols, as on a lead sheet: ``Dm7/G``, ``C5``, ``F#m7b5``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from theorygen.theory.chord_qualities import ADDED, ROLES, Member
from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.lexicon import lexicon
from theorygen.theory.pitch import PitchClass

_ROOT = re.compile(r"[A-G](#{1,2}|b{1,2}|)")
_SLASH = re.compile(r"/(?!9)")
_SYNONYMS = str.maketrans({"°": "o", "º": "o", "Ø": "ø", "♭": "b", "♯": "#", "△": "Δ"})
_FOREIGN_BASS = "bass"


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord named by its root. Equal when the canonical texts are.

    Attributes:
        text: canonical spelling: root, suffix, slash and bass.
        root: the root.
        bass: the lowest note: the one after the slash, else the root.
        quality: as for Roman numerals.
        members: the notes, root first; a bass foreign to the chord comes last with the role ``bass``.
    """

    text: str
    root: PitchClass = field(compare=False)
    bass: PitchClass = field(compare=False)
    quality: str = field(compare=False)
    members: tuple[Member, ...] = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> ChordSymbol:
        """Read ``C``, ``Dm7/G``, ``F#m7b5``, ``Bbmaj7``, ``G7sus4``, ``C5``, ``C6/9``.

        Raises:
            TheoryError: no root stands first, the suffix is unknown, or no note follows the slash.
        """
        return _parse(text)

    @property
    def pitch_classes(self) -> tuple[PitchClass, ...]:
        """The members' names, root first."""
        return tuple(member.pitch_class for member in self.members)

    def transpose(self, interval: Interval) -> ChordSymbol:
        """The chord this interval away."""
        head, suffix = _split(self.text)
        slash = f"/{self.bass.transpose(interval)}" if self.bass != self.root else ""
        return _parse(f"{PitchClass.parse(head).transpose(interval)}{suffix}{slash}")

    def __str__(self) -> str:
        return self.text


def parse_chord_symbol(text: str) -> ChordSymbol:
    """The same as `ChordSymbol.parse`."""
    return _parse(text)


@cache
def _suffixes() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Each suffix to its canonical form, its quality and its intervals."""
    return {
        suffix: (entry["suffixes"][0], entry["quality"], tuple(entry["intervals"]))
        for entry in lexicon()["chord-symbols"] for suffix in entry["suffixes"]
    }


@cache
def _parse(text: str) -> ChordSymbol:
    plain = text.translate(_SYNONYMS)
    head, written = _split(plain)
    if not head:
        raise TheoryError(f"'{text}' is not a chord symbol", text, 0, "a root A to G, such as C, F# or Bb")
    root = PitchClass.parse(head)
    suffix, quality, intervals = _read_suffix(text, written, len(head))
    members = tuple(_member(root, name) for name in intervals)
    bass = _read_bass(text, plain, len(head) + len(written)) or root
    if all(member.pitch_class != bass for member in members):
        members += (Member(_FOREIGN_BASS, bass),)
    slash = f"/{bass}" if bass != root else ""
    return ChordSymbol(f"{root}{suffix}{slash}", root, bass, quality, members)


def _split(text: str) -> tuple[str, str]:
    """The root and the suffix, without the slash and what follows."""
    match = _ROOT.match(text)
    head = match[0] if match else ""
    return head, _SLASH.split(text[len(head):])[0]


def _read_suffix(text: str, written: str, position: int) -> tuple[str, str, tuple[str, ...]]:
    table = _suffixes()
    suffix = re.sub(r"[()/ ]", "", written)
    if suffix in table:
        return table[suffix]
    close = get_close_matches(suffix, table, 1, 0.0)
    raise TheoryError(
        f"'{written}' is not a chord suffix", text, position,
        expected="m, dim, aug, 7, maj7, m7, m7b5, dim7, sus4, 6, 9 ...",
        nearest=text[:position] + close[0],
    )


def _member(root: PitchClass, name: str) -> Member:
    interval = Interval.parse(name.lstrip("+"))
    role = ADDED if name.startswith("+") else ROLES[interval.steps + 1]
    return Member(role, root.transpose(interval))


def _read_bass(text: str, plain: str, slash: int) -> PitchClass | None:
    if slash == len(plain):
        return None
    match = _ROOT.fullmatch(plain, slash + 1)
    if not match:
        message = f"'{plain[slash + 1:]}' is not a bass note"
        raise TheoryError(message, text, slash + 1, "a note, such as G or Bb")
    return PitchClass.parse(match[0])
