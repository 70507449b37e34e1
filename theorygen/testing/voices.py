"""Voices for given chords, drawn from all solutions of a problem; the chord first, then its most usual voicing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.answers import Solution, Solutions
from theorygen.solve.counting import ways_of_states
from theorygen.solve.layers import all_steps, edges_out_of
from theorygen.solve.part import Part
from theorygen.solve.paths import Trellis
from theorygen.solve.semirings import Sampler, paths_along
from theorygen.solve.solution import joined
from theorygen.source.chance import Chance

_SHARES = 2.0**52


class Law(Protocol):
    """How probable each edge out of a state is."""

    def sums(self, layer: int, low: int, high: int) -> tuple[list[int], list[int]]:
        """Some edges, the likeliest first, and the running sums of their weights as whole numbers."""


class Voices:
    """All solutions of a problem, to be drawn one by one.

    Args:
        solutions: the solutions.
        temperature: P(solution) is proportional to weight times exp(-cost / temperature); None: all are equally
            probable.
    """

    def __init__(self, solutions: Solutions, temperature: float | None = None) -> None:
        self._solutions = solutions
        known = {part: _Walk(part, temperature) for part in dict.fromkeys(solutions.parts)}
        self._walks = [known[part] for part in solutions.parts]
        sizes = [len(part.problem.positions) for part in solutions.parts]
        self._firsts = list(accumulate(sizes[:-1], initial=0))

    @property
    def count(self) -> int:
        """How many solutions there are."""
        return self._solutions.count()

    def draw(self, chance: Chance) -> Solution:
        """One solution."""
        return joined([walk.draw(chance) for walk in self._walks], self._firsts)


class _Walk:
    """The solutions of one part, chosen from the first chord to the last."""

    def __init__(self, part: Part, temperature: float | None) -> None:
        self._part = part
        self._steps = all_steps(part.trellis)
        self._law: Law = (_Evenly(part.trellis) if temperature is None else
                          _ByCost(Sampler(part.trellis, temperature, part.weights)))
        self._open = [len(position.choices) > 1 for position in part.problem.positions]
        self._known: dict[tuple[int, int], tuple[list[int], list[int]]] = {}

    def draw(self, chance: Chance) -> Solution:
        state, edges = 0, []
        for layer, step in enumerate(self._steps):
            order, sums = self._out_of(layer, state)
            edges.append(order[self._among(chance, layer, order, sums)])
            state = int(step.target[edges[-1]])
        return self._part.read(paths_along(self._part.trellis, np.array([edges])))[0]

    def _out_of(self, layer: int, state: int) -> tuple[list[int], list[int]]:
        key = (layer, state)
        if key not in self._known:
            self._known[key] = self._law.sums(layer, *edges_out_of(self._steps[layer], state))
        return self._known[key]

    def _among(self, chance: Chance, layer: int, order: list[int], sums: list[int]) -> int:
        """One of the edges: where chords are open, first the chord."""
        if not self._open[layer]:
            return chance.among(sums)
        trellis, target = self._part.trellis, self._steps[layer].target[order]
        chosen = trellis.pools[layer].choice[trellis.candidates[layer][target]].tolist()
        weights = [after - before for before, after in zip([0, *sums], sums, strict=False)]
        kinds = sorted(dict.fromkeys(chosen))
        kind = kinds[chance.among(list(accumulate(
            sum(weight for weight, one in zip(weights, chosen, strict=True) if one == some) for some in kinds)))]
        inside = [index for index, one in enumerate(chosen) if one == kind]
        return inside[chance.among(list(accumulate(weights[index] for index in inside)))]


class _ByCost:
    """By weight and cost, as `Sampler` draws."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def sums(self, layer: int, low: int, high: int) -> tuple[list[int], list[int]]:
        values = self._sampler.values(layer, slice(low, high))
        order = np.argsort(-values, kind="stable")
        shares = (values[order] / values.sum() * _SHARES).astype(np.int64)
        return (order + low).tolist(), np.cumsum(shares).tolist()


class _Evenly:
    """All solutions alike: edges by how many they lead to, the cheapest edges first."""

    def __init__(self, trellis: Trellis) -> None:
        self._steps = all_steps(trellis)
        self._ways: Sequence[Array] = ways_of_states(trellis)

    def sums(self, layer: int, low: int, high: int) -> tuple[list[int], list[int]]:
        step = self._steps[layer]
        order = np.argsort(step.cost[low:high], kind="stable") + low
        return order.tolist(), list(accumulate(map(int, self._ways[layer][step.target[order]])))
