"""Fermatas in ABC. Music21 drops them, and the note under an ``H`` too: a sign that it keeps carries them past it."""

from __future__ import annotations

import re
from typing import Any

_CARRIER = "k"
"""No sign of ABC; music21 reads it as a strong accent on the next note."""

_TOKENS = re.compile(
    r'(?P<fermata>[!+](?:inverted)?fermata[!+]|H(?=["{(]*[\^_=]*[A-Ga-gz\[]))'
    r'(?P<before>(?:\{[^}\n]*\}|"[^"\n]*"|[ (])*)'
    r'|(?P<stray>k)|"[^"\n]*"|![^!\n]*!|\+[^+\n]*\+|\[[A-Za-z]:[^\]\n]*\]|%.*')
"""A fermata with what may stand between it and its note; and what holds letters that are no music."""

_FIELD = re.compile(r"\s*(?:[A-Za-z]:|%)")


def with_carriers(text: str) -> str:
    """ABC in which each fermata is a sign that music21 keeps."""
    return "\n".join(line if _FIELD.match(line) else _TOKENS.sub(_carried, line) for line in text.split("\n"))


def _carried(match: re.Match[str]) -> str:
    if match["fermata"]:
        return match["before"] + _CARRIER
    return "" if match["stray"] else match[0]


def put_fermatas(stream: Any, text: str) -> str:
    """Put fermatas where the signs came through.

    Args:
        stream: what music21 made of a text with carriers, changed.
        text: that text.

    Returns:
        A sentence about fermatas that were lost, or "".
    """
    from music21.articulations import StrongAccent
    from music21.expressions import Fermata

    held = [one for one in stream.recurse().notesAndRests
            if any(isinstance(mark, StrongAccent) for mark in one.articulations)]
    for one in held:
        one.expressions.append(Fermata())
    asked = sum(match[0] == _CARRIER for line in text.split("\n") if not _FIELD.match(line)
                for match in _TOKENS.finditer(line))
    lost = asked - len(held)
    return f"{lost} of {asked} fermatas are not read: those over chords, and at the end of a line" if lost > 0 else ""
