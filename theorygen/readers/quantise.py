"""Times of played notes put on a grid."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from fractions import Fraction

GRIDS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 20, 60)
"""Parts of a quarter, the plainest first: a file written by a program fits one of them."""
PLAYED = 12
"""The grid for a file that fits none, such as a recording: twelfths hold sixteenths and triplets."""
TOLERANCE = Fraction(1, 200)
"""How far from a grid, in quarters, a time may lie to be on it."""
_RELEASE = Fraction(1, 4)


def grid_of(times: Collection[Fraction]) -> int | None:
    """The plainest grid all times lie on, or None."""
    for grid in GRIDS:
        if all(abs(time - snapped(time, grid)) <= TOLERANCE for time in times):
            return grid
    return None


def snapped(time: Fraction, grid: int) -> Fraction:
    """The nearest point of a grid."""
    return Fraction(round(time * grid), grid)


def released(onset: Fraction, end: Fraction, onsets: Sequence[Fraction], grid: int) -> Fraction:
    """When a note written as it is played stops.

    Players let go a little early or late. So a note lasts to the next attack of its staff, or else to the end of a
    quarter, if it stops within a fourth of its own length of it; else to the nearest point of the grid, and one step of
    the grid at least.

    Args:
        onset: its attack, on the grid.
        end: when it is let go.
        onsets: attacks of its staff on the grid, sorted.
        grid: parts of a quarter.
    """
    index = bisect_left(onsets, end)
    for near in (onsets[max(index - 1, 0):index + 1], [snapped(end, 1)]):
        stop = min((time for time in near if time > onset), key=lambda time: abs(time - end), default=None)
        if stop is not None and abs(stop - end) <= _RELEASE * (stop - onset):
            return stop
    return max(snapped(end, grid), onset + Fraction(1, grid))
