"""Choices that Hypothesis makes, by the same laws as `theorygen.source.chance`, and that shrink.

Hypothesis draws whole numbers below 64 evenly (larger ranges have favourites), so chance is made of such digits: a
number in [0, 1) is drawn digit by digit, only as far as the choice depends on it. So choices have exactly the
probabilities asked for, take few digits, and smaller digits are earlier alternatives: what stands first is plainest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from theorygen.source.chance import Chance

BASE = 64
"""One more than the largest digit. Numbers below 100 are never favoured."""

_DIGITS_OF_A_NUMBER = 9
_FINE = 1 << 52

Draw = Callable[[st.SearchStrategy[Any]], Any]
"""What ``@st.composite`` gives to a function."""

_BELOW = {bound: st.integers(0, bound - 1) for bound in range(2, BASE + 1)}


class DrawnChance(Chance):
    """A stream of choices drawn by Hypothesis.

    Args:
        draw: draws from a strategy.
    """

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def child(self, *path: str | int) -> Chance:
        """The same stream: what is drawn first stands first."""
        return self

    def uniform(self) -> float:
        """A number in [0, 1), of 53 bits; prefer `among`, which draws no more than it needs."""
        drawn = 0
        for _ in range(_DIGITS_OF_A_NUMBER):
            drawn = drawn * BASE + self._digit(BASE)
        return (drawn >> 1) * 2.0**-53

    def uniforms(self, count: int) -> NDArray[Any]:
        """The next ``count`` numbers that `uniform` would give."""
        return np.array([self.uniform() for _ in range(count)])

    def below(self, bound: int) -> int:
        """An integer in [0, bound), exactly uniform for bounds of any size."""
        if bound <= BASE:
            return self._digit(bound)
        drawn, parts = 0, 1
        while True:
            drawn, parts = drawn * BASE + self._digit(BASE), parts * BASE
            low = drawn * bound // parts
            if low == ((drawn + 1) * bound - 1) // parts:
                return low

    def among(self, sums: Sequence[float]) -> int:
        """An index, with probability in proportion to weights.

        Args:
            sums: their running sums; whole numbers are exact, others are rounded to 52 bits of their total.
        """
        whole = sums if isinstance(sums[-1], int) else [int(one / sums[-1] * _FINE) for one in sums]
        drawn, parts, total = 0, 1, whole[-1]
        while True:
            low = bisect_right(whole, drawn * total // parts)
            if low == bisect_left(whole, -(-(drawn + 1) * total // parts)):
                return low
            drawn, parts = drawn * BASE + self._digit(BASE), parts * BASE

    def _digit(self, bound: int) -> int:
        return int(self._draw(_BELOW[bound])) if bound > 1 else 0


class Retraced(Chance):
    """Choices that are made anew from the first one where they led nowhere.

    What is known to lead nowhere has no weight any more, so what is found has exactly the probability that it has among
    all that lead somewhere, and nothing is tried twice.

    Args:
        chance: makes the choices.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._root = self._fork = _Fork()
        self._made: list[tuple[_Fork, int]] = []

    def child(self, *path: str | int) -> Chance:
        """The same stream."""
        return self

    def below(self, bound: int) -> int:
        """An integer in [0, bound)."""
        return self.among(range(1, bound + 1))

    def among(self, sums: Sequence[float]) -> int:
        """An index, with probability in proportion to weights; see `Chance.among`."""
        fork = self._fork
        if fork.weights is None:
            index = self._chance.among(sums)
            fork.sums = sums
        else:
            index = self._chance.among(list(accumulate(fork.weights)))
        self._made.append((fork, index))
        self._fork = fork.below.setdefault(index, _Fork())
        return index

    def retrace(self, depth: int) -> bool:
        """Begin again: the first ``depth`` choices lead nowhere, whatever is chosen after them.

        Returns:
            Whether anything else can be chosen.
        """
        left = 0.0
        for fork, index in reversed(self._made[:depth]):
            left = fork.keep(index, left)
        self._fork, self._made = self._root, []
        return left > 0


class _Fork:
    """One choice: its alternatives, and how much of the weight of each may still lead somewhere."""

    def __init__(self) -> None:
        self.sums: Sequence[float] = ()
        self.weights: list[float] | None = None
        self.below: dict[int, _Fork] = {}

    def keep(self, index: int, share: float) -> float:
        """Keep a share of the weight of an alternative; returns what share of all weights is left."""
        own = _differences(self.sums)
        if self.weights is None:
            self.weights = [float(one) for one in own]
        self.weights[index] = float(own[index]) * share
        return sum(self.weights) / float(self.sums[-1])


def _differences(sums: Sequence[float]) -> list[float]:
    return [after - before for before, after in zip([0, *sums], sums, strict=False)]

