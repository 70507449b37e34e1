"""How many solutions there are, exactly; each has a number, so that a random number is a fair draw."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.layers import all_steps, distinct_rows, edges_of, edges_out_of, ranges
from theorygen.solve.paths import Opening, Step, Trellis
from theorygen.solve.semirings import Paths, paths_along
from theorygen.source.chance import Chance

MOST_WAYS = 1 << 22
"""Edges out of the sets of states of one layer, up to which different sequences of labels are counted."""


class TooManySets(Exception):
    """Too many sets of states are reached by different labels to tell their sequences apart exactly.

    Attributes:
        layer: where that is.
    """

    def __init__(self, layer: int) -> None:
        super().__init__(f"too many sets of states at position {layer}")
        self.layer = layer


def count(trellis: Trellis) -> int:
    """How many solutions there are, exactly."""
    kind, ways = deque(_ways_to_go(trellis), maxlen=1)[0]
    return int(sum(ways[kind].tolist()))


def _ways_to_go(trellis: Trellis) -> Iterator[tuple[Array, Array]]:
    """For each layer, from the last to the first: the kind of each state, and how many ways to the end each kind has.

    States are of one kind if their edges lead to the same kinds in the same order. States that differ in what no longer
    matters are of one kind, so that far fewer large numbers are added.
    """
    kind, ways = np.zeros(len(trellis.final), dtype=np.int64), np.ones(1, dtype=object)
    yield kind, ways
    for step in reversed(trellis.steps):
        after = kind[step.target]
        models, kind = distinct_rows(after, step.starts)
        row, edge = edges_of(step, models)
        ways = np.add.reduceat(ways[after[edge]], np.flatnonzero(np.diff(row, prepend=-1)))
        yield kind, ways


def ways_of_states(trellis: Trellis) -> list[Array]:
    """For each layer object [states]: in how many ways each state reaches the end."""
    return [ways[kind] for kind, ways in _ways_to_go(trellis)][::-1]


class Numbering:
    """All solutions, numbered in the order of their edges.

    Attributes:
        total: how many there are.
    """

    def __init__(self, trellis: Trellis) -> None:
        self._trellis = trellis
        self._steps = all_steps(trellis)
        self._kinds, self._ways = zip(*list(_ways_to_go(trellis))[::-1], strict=True)
        self._sums: dict[tuple[int, int], list[int]] = {}
        self.total = self._sums_out_of(0, 0)[-1]

    def draws(self, chance: Chance, number: int = 1) -> Paths:
        """Independent solutions, each with the same probability, whatever it costs or weighs."""
        return self.paths([chance.below(self.total) for _ in range(number)])

    def paths(self, numbers: Sequence[int]) -> Paths:
        """The solutions with these numbers, from 0 to below ``total``."""
        return paths_along(self._trellis, np.array([self._edges(number) for number in numbers], dtype=np.int64))

    def _edges(self, number: int) -> list[int]:
        state, edges = 0, []
        for layer, step in enumerate(self._steps):
            sums = self._sums_out_of(layer, state)
            place = bisect_right(sums, number)
            number -= sums[place - 1] if place else 0
            edges.append(int(step.starts[state]) + place)
            state = int(step.target[edges[-1]])
        return edges

    def _sums_out_of(self, layer: int, state: int) -> list[int]:
        """How many solutions the first edge, the first two... into a layer have; the same for sources of one kind."""
        kind = int(self._kinds[layer - 1][state]) if layer else 0
        sums = self._sums.get((layer, kind))
        if sums is None:
            step = self._steps[layer]
            low, high = edges_out_of(step, state)
            after = self._kinds[layer][step.target[low:high]]
            sums = self._sums[layer, kind] = list(accumulate(self._ways[layer][after].tolist()))
        return sums


def count_different(trellis: Trellis, labels: Sequence[Array], most: int = MOST_WAYS) -> int:
    """How many different sequences of labels the solutions have: see `determined`.

    Raises:
        TooManySets: there are more sets of states than are followed.
    """
    return count(determined(trellis, labels, most)[0])


def determined(trellis: Trellis, labels: Sequence[Array], most: int = MOST_WAYS) -> tuple[Trellis, list[Array]]:
    """The trellis in which each different sequence of labels is one path, and the labels of its states.

    Read from left to right, all states that the same labels reach are one set, which is a state of the new trellis. It
    has the candidate and the costs of the first member, and neither prices nor weights.

    Args:
        trellis: the solutions.
        labels: for each layer int [states], not negative.
        most: edges out of the sets of one layer that are still followed.

    Raises:
        TooManySets: there are more.
    """
    state, owner = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    steps, firsts = [], []
    for layer, (step, label) in enumerate(zip(all_steps(trellis), labels, strict=True)):
        if np.diff(step.starts, append=len(step.target))[state].sum() > most:
            raise TooManySets(layer)
        row, edge = edges_of(step, state)
        before, state, starts, cost = _reached(owner[row], step.target[edge], label, step.cost[edge])
        models, kind = distinct_rows(state, starts)
        steps.append(Step(before, kind, cost, np.flatnonzero(np.diff(before, prepend=-1))))
        firsts.append(state[starts[models]])
        owner, member = ranges(starts[models], np.diff(starts, append=len(state))[models])
        state = state[member]
    candidates, origins, told = (tuple(column[first] for column, first in zip(columns, firsts, strict=True))
                                 for columns in (trellis.candidates, trellis.origins, labels))
    # The single state before the first layer has one edge to each set, so its edges are the opening.
    opening = Opening(steps[0].cost[np.argsort(steps[0].target)])
    return Trellis(trellis.pools, candidates, origins, opening, tuple(steps[1:]), trellis.final[firsts[-1]]), list(told)


def _reached(owner: Array, target: Array, label: Array, cost: Array) -> tuple[Array, Array, Array, Array]:
    """The sets of states that sets reach under each label: whence, their members, the first of each, the cost."""
    kinds, size = int(label.max()) + 1, len(label)
    code, edge = np.unique((owner * kinds + label[target]) * size + target, return_index=True)
    group = code // size
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return group[starts] // kinds, code % size, starts, cost[edge[starts]]
