"""A bound on the size of a trellis: where chords and voices leave too much open, the most promising states go on.

A state promises what was spent on the way to it and what is spent at least on the way from it to the end: the prices
of the syntax and the costs of the chords by themselves. Whatever is left out costs at least its promise, so the best
solution found is proven when nothing left out promises less, and otherwise the gap is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.growing import Group
from theorygen.solve.paths import Opening, Step
from theorygen.solve.problem import HOLD, Arcs
from theorygen.solve.workshop import Pool

MOST_EDGES = 24_000_000
"""Edges of a whole trellis: somewhat less than a gigabyte. Layers share them evenly."""

LEAST_EDGES = 100_000
"""Edges into one layer that are always kept, however many layers there are."""


class Beam:
    """Keeps the layers of a trellis with a syntax within bounds.

    Attributes:
        cut: what a solution that was left out costs at least, thousandths; None as long as nothing was.
    """

    def __init__(self, layers: Sequence[Arcs], pools: Sequence[Pool], allowed: Sequence[Array],
                 most: int | None = None) -> None:
        self.cut: int | None = None
        self._most = max(MOST_EDGES // len(pools), LEAST_EDGES) if most is None else most
        self._to_go = _to_go(layers, [_least(pool, mask) for pool, mask in zip(pools, allowed, strict=True)])
        self._spent: Array | None = None
        self._known = 0

    def kept(self, groups: Sequence[Group], degrees: Array, opening: Opening, steps: Sequence[Step]) -> Array | None:
        """Which states of the last layer go on, bool [states]; None for all.

        Args:
            groups: the states.
            degrees: int [states], edges out of each.
            opening: the states of the first layer.
            steps: all steps so far.
        """
        if int(degrees.sum()) <= self._most:
            return None
        promise = self._spent_on(opening, steps) + self._to_go[len(steps)][np.concatenate(
            [group.syntax for group in groups])]
        order = np.argsort(promise, kind="stable")
        fits = np.cumsum(degrees[order]) <= self._most
        kept = np.zeros(len(promise), dtype=bool)
        kept[order[fits]] = True
        left_out = promise[order[~fits]]
        if len(left_out) and left_out[0] < FORBIDDEN:
            self.cut = min(int(left_out[0]), FORBIDDEN if self.cut is None else self.cut)
        return kept

    def narrowed(self, kept: Array) -> None:
        """Take note that the last layer has lost states."""
        assert self._spent is not None
        self._spent = self._spent[kept]

    def _spent_on(self, opening: Opening, steps: Sequence[Step]) -> Array:
        """int64 [states of the last layer]: the least that is spent on the way to each."""
        if self._spent is None:
            self._spent = opening.cost + (0 if opening.price is None else opening.price)
        for step in steps[self._known :]:
            size = int(step.target.max(initial=-1)) + 1
            spent = np.full(size, FORBIDDEN, dtype=np.int64)
            price = 0 if step.price is None else step.price
            np.minimum.at(spent, step.target, self._spent[step.source] + step.cost + price)
            self._spent = spent
        self._known = len(steps)
        assert self._spent is not None
        return self._spent


def _least(pool: Pool, allowed: Array) -> Array:
    """int64 [choices]: what the cheapest candidate of each chord costs by itself."""
    least = np.full(len(pool.wanted), FORBIDDEN, dtype=np.int64)
    np.minimum.at(least, pool.choice[allowed], pool.cost[allowed])
    return least


def _to_go(layers: Sequence[Arcs], least: Sequence[Array]) -> list[Array]:
    """For each layer int64 [states of the syntax]: what is spent at least from there to the end."""
    values = [np.zeros(int(layers[-1].target.max(initial=0)) + 1, dtype=np.int64)]
    for place in range(len(layers) - 1, 0, -1):
        arcs = layers[place]
        own = np.where(arcs.choice == HOLD, 0, least[place][np.maximum(arcs.choice, 0)])
        onward = np.minimum(arcs.price + own + values[-1][arcs.target], FORBIDDEN)
        states = max(int(layers[place - 1].target.max(initial=0)), int(arcs.source.max(initial=0))) + 1
        value = np.full(states, FORBIDDEN, dtype=np.int64)
        np.minimum.at(value, arcs.source, onward)
        values.append(value)
    return values[::-1]
