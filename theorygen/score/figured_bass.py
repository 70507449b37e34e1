"""Figures in time: a pair such as 4-3 over one bass note is two stacks, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

_PAIR, _TRIPLE = 2, 3


def stacks_in_time(text: str, onset: Fraction, duration: Fraction) -> Iterator[tuple[Fraction, str]]:
    """Each stack of figures with its onset, quarter lengths.

    Stacks share a note equally; of a note of three beats the first of two has two, as a dissonance is the longer part.

    Args:
        text: figures over one bass note; dashes stand between stacks.
        onset: start of the note.
        duration: its length.
    """
    stacks = text.split("-")
    thirds = len(stacks) == _PAIR and duration.numerator % _TRIPLE == 0
    for index, stack in enumerate(stacks):
        share = Fraction(2 * index, _TRIPLE) if thirds else Fraction(index, len(stacks))
        yield onset + duration * share, stack
