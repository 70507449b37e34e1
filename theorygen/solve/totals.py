"""Totals in a trellis: states also know how many windows have counted so far, so that every question keeps a total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theorygen.rules.relation_demands import Count
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array, World
from theorygen.solve.numbering import Numbering, numbered
from theorygen.solve.paths import Trellis
from theorygen.solve.problem import Problem


def counts(problem: Problem, demand: Count, places: Sequence[int], pitches: Sequence[Array],
           choices: Sequence[Array]) -> Array:
    """How many windows count among voicings of a position, or of two that follow each other.

    Args:
        problem: the problem.
        demand: what counts.
        places: the positions.
        pitches: for each of them int [voicings, voices] of pitch codes.
        choices: for each of them int [voicings], the chord.

    Returns:
        int64 [voicings].
    """
    window = WINDOWS[demand.counted.rule.over]
    slots = [[choice.slot for choice in problem.positions[place].choices] for place in places]
    codes = RuleSet((*problem.rules.rules, demand.counted)).codes
    world = World(problem.ensemble.voices, [slot for some in slots for slot in some], codes)
    firsts = np.cumsum([0, *map(len, slots)])
    total = np.zeros(len(pitches[0]), dtype=np.int64)
    for voices in window.instances(pitches[0].shape[1]) if len(total) else ():
        rows = window.rows(world, [column[:, list(voices)] for column in pitches], np.tile(voices, (len(total), 1)),
                           [choice + first for choice, first in zip(choices, firsts, strict=False)])
        total[rows.origin[demand.counted.charge(rows)[0]]] += 1
    return total


def most_of(demand: Count, most: int) -> int:
    """The number from which on larger ones need not be told apart, if no total is above ``most``."""
    last = demand.allows(most)
    return next((number + 1 for number in range(most - 1, -1, -1) if demand.allows(number) != last), 0)


def with_totals(problem: Problem, trellis: Trellis) -> Trellis:
    """The solutions in which as many windows count as the relations of the problem allow.

    Raises:
        DeadEnd: there are none.
        ValueError: some relation is no total, and not read from left to right.
    """
    for relation in problem.relations:
        if not relation.is_total:
            raise ValueError(f"'{relation}' is not read from left to right: ask theorygen.solve.engines for an engine")
        for demand in relation.demands:
            trellis = _Tallying(problem, trellis, demand).build()
    return trellis


class _Tallying:
    def __init__(self, problem: Problem, trellis: Trellis, demand: Count) -> None:
        self.problem = problem
        self.trellis = trellis
        self.demand = demand
        self.window = WINDOWS[demand.counted.rule.over]
        self.begun = [self._on_arrival(layer) for layer in range(len(trellis.pools))]
        self.moved = [self._on_edges(layer) for layer in range(len(trellis.steps))]
        every = (*self.begun, *self.moved)
        self.most = most_of(demand, sum(int(one.max(initial=0)) for one in every))

    def _on_arrival(self, layer: int) -> Array:
        """For each state of a layer the windows of one slot that count as its chord begins."""
        found = np.zeros(len(self.trellis.candidates[layer]), dtype=np.int64)
        here = np.flatnonzero(self.trellis.origins[layer] == layer)
        if self.window.slots == 1:
            pool, rows = self.trellis.pools[layer], self.trellis.candidates[layer][here]
            found[here] = counts(self.problem, self.demand, [layer], [pool.pitches[rows]], [pool.choice[rows]])
        return found

    def _on_edges(self, layer: int) -> Array:
        """For each edge out of a layer the windows of two slots that count, where a chord begins."""
        step, trellis = self.trellis.steps[layer], self.trellis
        found = np.zeros(len(step.source), dtype=np.int64)
        if self.window.slots == 1:
            return found
        begins = trellis.origins[layer + 1][step.target] == layer + 1
        origins = trellis.origins[layer][step.source]
        for origin in np.unique(origins[begins]).tolist():
            edges = np.flatnonzero(begins & (origins == origin))
            rows = np.stack([trellis.candidates[layer][step.source[edges]],
                             trellis.candidates[layer + 1][step.target[edges]]], axis=1)
            pairs, index = np.unique(rows, axis=0, return_inverse=True)
            pools = trellis.pools[origin], trellis.pools[layer + 1]
            number = counts(self.problem, self.demand, [origin, layer + 1],
                            [pool.pitches[column] for pool, column in zip(pools, pairs.T, strict=True)],
                            [pool.choice[column] for pool, column in zip(pools, pairs.T, strict=True)])
            found[edges] = number[index.reshape(-1)]
        return found

    def build(self) -> Trellis:
        """The states with their numbers, those that end with a number that is allowed."""
        return numbered(self.trellis, Numbering(
            self.most + 1, np.minimum(self.begun[0], self.most), self._onward, self._complete, lambda cost: cost))

    def _onward(self, layer: int, number: Array, edge: Array) -> Array:
        target = self.trellis.steps[layer].target[edge]
        after: Array = np.minimum(number + self.moved[layer][edge] + self.begun[layer + 1][target], self.most)
        return after

    def _complete(self, _state: Array, number: Array) -> Array:
        return np.array([self.demand.allows(one) for one in range(self.most + 1)])[number]
