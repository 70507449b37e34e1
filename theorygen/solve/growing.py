"""States and edges while a trellis grows: groups of states whose chords began together, and ways of a syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.codes import distinct_codes
from theorygen.solve.layers import ranges
from theorygen.solve.paths import Layer
from theorygen.solve.problem import HOLD, Arcs

_MOST_CODES = 1 << 62
NONE = np.zeros(0, dtype=np.int32)


@dataclass
class Group:
    """States whose chords began at one position.

    Attributes:
        origin: that position.
        candidate: int [states], in the pool of the origin.
        syntax: int [states], state of the syntax; 0 without one.
        memory: for each memory int [states], a small number.
    """

    origin: int
    candidate: Array
    syntax: Array
    memory: list[Array]

    def __len__(self) -> int:
        return len(self.candidate)

    def take(self, rows: Array) -> Group:
        """Some of the states."""
        return Group(self.origin, self.candidate[rows], self.syntax[rows], [one[rows] for one in self.memory])


@dataclass
class Edges:
    """Edges into a group, before equal states are merged.

    Attributes:
        source: states of the layer before.
        reached: the state each edge reaches.
        cost: thousandths.
        arc: which way of the syntax each takes, or None without a syntax.
    """

    source: Array
    reached: Group
    cost: Array
    arc: Array | None

    def take(self, rows: Array) -> Edges:
        """Some of the edges."""
        return Edges(self.source[rows], self.reached.take(rows), self.cost[rows],
                      None if self.arc is None else self.arc[rows])


class Ways:
    """The ways of a syntax at one position, by where they come from."""

    def __init__(self, arcs: Arcs) -> None:
        self.choice, self.target, self.price, self.weight = arcs.choice, arcs.target, arcs.price, arcs.weight
        order = np.argsort(arcs.source, kind="stable")
        self._begins, self._holds = (order[kind[order]] for kind in (arcs.choice != HOLD, arcs.choice == HOLD))
        self._source = arcs.source

    def out_of(self, states: Array) -> tuple[Array, Array]:
        """All ways on which a chord begins, as (index into ``states``, way)."""
        return self._from(states, self._begins)

    def on_from(self, states: Array) -> tuple[Array, Array]:
        """All ways on which the chord goes on, as (index into ``states``, way)."""
        return self._from(states, self._holds)

    def _from(self, states: Array, ways: Array) -> tuple[Array, Array]:
        sources = self._source[ways]
        first = np.searchsorted(sources, states)
        count = np.searchsorted(sources, states, side="right") - first
        row, way = ranges(first, count)
        return row, ways[way]


def layer_of(groups: Sequence[Group]) -> Layer:
    """The states of some groups as a layer; of one group without copying them."""
    candidates = [NONE, *(group.candidate for group in groups)]
    return Layer(groups[0].candidate if len(groups) == 1 else np.concatenate(candidates),
                 np.repeat(np.array([group.origin for group in groups], dtype=np.int64), list(map(len, groups))))


def joined_edges(parts: list[Edges]) -> Edges:
    """Edges from several groups into one."""
    if len(parts) == 1:
        return parts[0]
    groups = [part.reached for part in parts]
    memory = [np.concatenate(columns) for columns in zip(*(group.memory for group in groups), strict=True)]
    reached = Group(groups[0].origin, np.concatenate([group.candidate for group in groups]),
                     np.concatenate([group.syntax for group in groups]), memory)
    return Edges(np.concatenate([part.source for part in parts]), reached,
                  np.concatenate([part.cost for part in parts]), np.concatenate(list(_arcs(parts))))


def _arcs(parts: list[Edges]) -> Iterator[Array]:
    for part in parts:
        assert part.arc is not None  # only a syntax holds chords, so only with one are there several groups
        yield part.arc


def merged_edges(edges: Edges) -> tuple[Group, Edges, Array]:
    """The distinct states that edges reach, the edges, and which state each reaches."""
    first, target = distinct_codes(_codes(edges.reached))
    return edges.reached.take(first), edges, target


def _codes(group: Group) -> Array:
    """One number for each row that tells candidate, syntax and memories; packed anew before it would pass 62 bits."""
    code, size = group.candidate.astype(np.int64), int(group.candidate.max(initial=0)) + 1
    for one in (group.syntax, *group.memory):
        values = int(one.max(initial=0)) + 1
        if values == 1:
            continue
        if size * values > _MOST_CODES:
            _, code = distinct_codes(code)
            size = len(code)
        code, size = code * values + one, size * values
    return code


def compact(cost: Array) -> Array:
    """The costs in 32 bits, if they all fit."""
    return cost if len(cost) and np.abs(cost).max() > np.iinfo(np.int32).max else cost.astype(np.int32)
