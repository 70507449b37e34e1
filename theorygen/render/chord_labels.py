"""The words under a score: each chord with its key where that changes, both readings of a pivot."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.score import Score
from theorygen.score.harmony import ChordEvent
from theorygen.theory import RomanNumeral


def chord_labels(score: Score) -> Iterator[tuple[ChordEvent, str]]:
    """Each chord with its numeral; the key stands before it where it changes: ``I``, ``vi = G: ii``, ``V``."""
    key = ""
    for chord in score.chords:
        pivot = chord.pivot_of
        old = f"{_in_key(pivot, key)} = " if pivot is not None else ""
        yield chord, old + _in_key(chord.numeral, pivot.key.short if pivot is not None else key)
        key = chord.key_text


def _in_key(numeral: RomanNumeral, key: str) -> str:
    """A numeral as printed where that key is in force."""
    return numeral.text if numeral.key.short == key else f"{numeral.key.short}: {numeral.text}"
