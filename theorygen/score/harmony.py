"""Chord symbols as events of their own: which Roman numeral holds from when to when, in which phrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from theorygen.score.errors import ScoreError
from theorygen.theory import Interval, RomanNumeral


@dataclass(frozen=True, slots=True)
class ChordEvent:
    """A chord symbol in force for a while.

    Attributes:
        onset: start in quarter lengths from the start of the score.
        duration: length in quarter lengths.
        numeral: the chord in its key.
        pivot_of: the same chord read in the key being left, where it is a pivot.
        phrase: number of its phrase, from 0.
        cadence: label of the cadence it completes ("PAC", "HC"), or None.
        region: name of the region it lies in (sequence, pedal), or "".
        first_in_phrase: whether a phrase starts here; a score sets it.
        last_in_phrase: whether a phrase ends here; a score sets it.
    """

    onset: Fraction
    duration: Fraction
    numeral: RomanNumeral
    pivot_of: RomanNumeral | None = None
    phrase: int = 0
    cadence: str | None = None
    region: str = ""
    first_in_phrase: bool = False
    last_in_phrase: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "onset", Fraction(self.onset))
        object.__setattr__(self, "duration", Fraction(self.duration))

    @property
    def end(self) -> Fraction:
        """When it stops, in quarter lengths."""
        return self.onset + self.duration

    @property
    def numeral_text(self) -> str:
        """The Roman numeral as printed: "V65/V"."""
        return self.numeral.text

    @property
    def key_text(self) -> str:
        """Its key in short: "C", "a"."""
        return self.numeral.key.short

    def transpose(self, interval: Interval) -> ChordEvent:
        """The same numeral in a key this interval away."""
        pivot = None if self.pivot_of is None else self.pivot_of.transpose(interval)
        return replace(self, numeral=self.numeral.transpose(interval), pivot_of=pivot)


def with_phrase_edges(chords: Sequence[ChordEvent]) -> tuple[ChordEvent, ...]:
    """The chords with first and last in phrase set from their phrase numbers.

    Raises:
        ScoreError: chords overlap or are out of order.
    """
    phrases = [None, *(chord.phrase for chord in chords), None]
    for before, after in pairwise(chords):
        if after.onset < before.end:
            raise ScoreError(f"the chord at {after.onset} starts before the one at {before.onset} ends")
    return tuple(
        _with_edges(chord, phrases[index] != chord.phrase, phrases[index + 2] != chord.phrase)
        for index, chord in enumerate(chords)
    )


def _with_edges(chord: ChordEvent, first: bool, last: bool) -> ChordEvent:
    if (chord.first_in_phrase, chord.last_in_phrase) == (first, last):
        return chord
    return replace(chord, first_in_phrase=first, last_in_phrase=last)
