"""A solution: chords and notes that a problem may have, with what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.problem import Choice


@dataclass(frozen=True, eq=False)
class Solution:
    """One way to voice a problem: a row for each chord that begins.

    Attributes:
        choices: the chords.
        pitches: int32 [chords, voices] of pitch codes, top voice first.
        cost: what the rules charge, in thousandths.
        starts: the position where each chord begins; it lasts until the next begins. By default one begins everywhere.
        price: what the syntax charges beside the rules, in thousandths.
        states: int [positions], the states of the trellis it was read from, or None.
    """

    choices: tuple[Choice, ...]
    pitches: Array
    cost: int
    starts: tuple[int, ...] = ()
    price: int = 0
    states: Array | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.starts:
            object.__setattr__(self, "starts", tuple(range(len(self.choices))))

    @property
    def total(self) -> int:
        """Cost and price, in thousandths."""
        return self.cost + self.price

    def sounding(self, positions: int) -> Array:
        """Pitch codes at every position, held ones where they sound: int32 [positions, voices]."""
        return np.repeat(self.pitches, np.diff([*self.starts, positions]), axis=0)


def joined(solutions: Sequence[Solution], firsts: Sequence[int]) -> Solution:
    """Solutions of successive parts of a problem as one; a single one stays what it is.

    Args:
        solutions: read from a trellis.
        firsts: the position of the whole where each begins.
    """
    if len(solutions) == 1:
        return solutions[0]
    return Solution(
        tuple(choice for one in solutions for choice in one.choices),
        np.concatenate([one.pitches for one in solutions]),
        sum(one.cost for one in solutions),
        tuple(first + start for one, first in zip(solutions, firsts, strict=True) for start in one.starts),
        sum(one.price for one in solutions),
        np.concatenate([one.states for one in solutions]))
