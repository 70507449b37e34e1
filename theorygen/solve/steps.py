"""Steps: what may stand at each position of a problem and what may follow it, as tables for engines that search.

What a way through them costs is never more than a solution along it costs, so whatever lies only on dear ways can be
left out as long as something cheaper is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.layers import begins, pitches_of
from theorygen.solve.problem import HOLD, Problem
from theorygen.solve.successions import successions
from theorygen.solve.trellis import Trellis, allowed_candidates, build_trellis, prepare_tables
from theorygen.solve.workshop import Pool, Workshop

NO_NOTE = -1
"""In place of a pitch code: no note begins, the one before goes on."""

_NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, eq=False)
class Edges:
    """Which states of one position may follow which of the one before, no pair twice.

    Attributes:
        source: int [edges], states before.
        target: int [edges], states here.
        cost: int64 [edges], thousandths: what the rules charge.
        price: int64 [edges], thousandths: what a syntax charges.
    """

    source: Array
    target: Array
    cost: Array
    price: Array

    @property
    def charge(self) -> Array:
        """int64 [edges], cost and price."""
        return self.cost + self.price

    def kept(self, rows: Array) -> Edges:
        """Some of them."""
        return Edges(self.source[rows], self.target[rows], self.cost[rows], self.price[rows])


@dataclass(frozen=True, eq=False)
class Steps:
    """The states of successive positions, and the edges between them.

    Attributes:
        workshop: where the tables are from.
        pools: the candidates of each position.
        trellis: of what states are: those of a trellis, which know all rules and the syntax; or None: then they are
            candidates, and rules with memory and the syntax are not yet asked.
        states: for each position the states that may be taken, ascending.
        counts: how many states each position has in all.
        initial: int64 [states of the first position]: cost of beginning there.
        initial_price: the same for prices.
        edges: for each step.
        following: for each step bool [choices before, choices after], which choices may follow which.
    """

    workshop: Workshop
    pools: tuple[Pool, ...]
    trellis: Trellis | None
    states: tuple[Array, ...]
    counts: tuple[int, ...]
    initial: Array
    initial_price: Array
    edges: tuple[Edges, ...]
    following: tuple[Array, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether some solutions were left out."""
        return self.trellis is not None and self.trellis.cut is not None

    @property
    def cut(self) -> int:
        """What a solution that was left out, as the problem was too large, costs at least; past all costs for none."""
        return _NEVER if self.trellis is None or self.trellis.cut is None else self.trellis.cut

    @property
    def size(self) -> int:
        """Edges in all."""
        return sum(len(edges.source) for edges in self.edges) + len(self.states[0])

    def pitches(self, position: int, voice: int) -> Array:
        """int [states], the note of a voice that begins in each state, NO_NOTE where none does."""
        if self.trellis is None:
            return self.pools[position].pitches[:, voice].astype(np.int64)
        codes = pitches_of(self.trellis, position)[:, voice].astype(np.int64)
        return np.where(begins(self.trellis, position), codes, NO_NOTE)

    @cached_property
    def least_from(self) -> tuple[Array, ...]:
        """For each position int64 [states]: the least charge from the beginning to each."""
        found = [np.full(self.counts[0], _NEVER)]
        found[0][self.states[0]] = (self.initial + self.initial_price)[self.states[0]]
        for count, edges in zip(self.counts[1:], self.edges, strict=True):
            after = np.full(count, _NEVER)
            np.minimum.at(after, edges.target, found[-1][edges.source] + edges.charge)
            found.append(np.minimum(after, _NEVER))
        return tuple(found)

    @cached_property
    def least_to_go(self) -> tuple[Array, ...]:
        """For each position int64 [states]: the least charge from each to the end."""
        found = [np.full(self.counts[-1], _NEVER)]
        found[0][self.states[-1]] = 0
        for count, edges in zip(self.counts[-2::-1], self.edges[::-1], strict=True):
            before = np.full(count, _NEVER)
            np.minimum.at(before, edges.source, found[-1][edges.target] + edges.charge)
            found.append(np.minimum(before, _NEVER))
        return tuple(found[::-1])

    @property
    def least(self) -> int | None:
        """What any way costs at least, in thousandths; None when there is none."""
        ways = self.least_from[0] + self.least_to_go[0]
        return int(ways.min()) if len(ways) and ways.min() < _NEVER // 2 else None

    def within(self, most: int | None) -> Steps:
        """Only what lies on ways that cost no more than this, in thousandths; None: on any way."""
        most = _NEVER // 2 if most is None else most
        edges = []
        for place, one in enumerate(self.edges):
            way = self.least_from[place][one.source] + one.charge + self.least_to_go[place + 1][one.target]
            edges.append(one.kept(np.flatnonzero(way <= most)))
        states = tuple(np.flatnonzero(one + other <= most)
                       for one, other in zip(self.least_from, self.least_to_go, strict=True))
        return Steps(self.workshop, self.pools, self.trellis, states, self.counts, self.initial, self.initial_price,
                     tuple(edges), self.following)


def is_held(problem: Problem) -> bool:
    """Whether a chord may go on at some position."""
    return problem.syntax is not None and any(bool((arcs.choice == HOLD).any()) for arcs in problem.syntax.layers)


def steps_of(problem: Problem, workshop: Workshop) -> Steps:
    """The candidates and pair tables of a problem in which no chord is held."""
    prepare_tables([problem], workshop)
    pools = tuple(workshop.pool(position) for position in problem.positions)
    allowed = [allowed_candidates(position, pool) for position, pool in zip(problem.positions, pools, strict=True)]
    following, edges = [], []
    for place, later in enumerate(successions(problem).following[:-1]):
        none = np.zeros((len(pools[place].wanted), len(pools[place + 1].wanted)), dtype=bool)
        following.append(later.get(place + 1, none))
        edges.append(_joined(workshop, pools, allowed, place, following[-1]))
    states = tuple(np.flatnonzero(one) for one in allowed)
    return Steps(workshop, pools, None, states, tuple(map(len, pools)), pools[0].cost,
                 np.zeros(len(pools[0]), dtype=np.int64), tuple(edges), tuple(following))


def _joined(workshop: Workshop, pools: tuple[Pool, ...], allowed: list[Array], place: int, following: Array) -> Edges:
    if not following.any():
        return Edges(*np.zeros((4, 0), dtype=np.int64))
    table = workshop.join(pools[place], pools[place + 1], following)
    kept = allowed[place][table.source] & allowed[place + 1][table.target]
    return Edges(table.source, table.target, table.cost, np.zeros(len(table.cost), dtype=np.int64)).kept(kept)


def unrolled(problem: Problem, workshop: Workshop) -> Steps:
    """The states of the trellis of a problem, of whose relations it keeps totals only; chords may be held.

    Raises:
        DeadEnd: there is no solution, even without the relations.
        TooLarge: none is left of what had to be bounded.
    """
    totals = tuple(relation for relation in problem.relations if relation.is_total)
    trellis = build_trellis(replace(problem, relations=totals), workshop)
    edges = [_cheapest(step.source, step.target, step.cost.astype(np.int64),
                       np.zeros(len(step.cost), dtype=np.int64) if step.price is None else step.price)
             for step in trellis.steps]
    counts = trellis.state_counts
    initial, price = trellis.initial.copy(), np.zeros(counts[0], dtype=np.int64)
    price += 0 if trellis.initial_price is None else trellis.initial_price
    if edges:
        last = edges[-1]
        edges[-1] = Edges(last.source, last.target, last.cost + trellis.final[last.target], last.price)
    else:
        initial += trellis.final
    return Steps(workshop, trellis.pools, trellis, tuple(map(np.arange, counts)), counts, initial, price, tuple(edges))


def _cheapest(source: Array, target: Array, cost: Array, price: Array) -> Edges:
    """Of several edges between the same states the one that costs least."""
    order = np.lexsort((cost + price, target, source))
    source, target = source[order], target[order]
    first = np.ones(len(source), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    kept = order[first]
    return Edges(source[first], target[first], cost[kept], price[kept])


def least_price(problem: Problem) -> int:
    """What any way through the syntax of a problem costs at least beside the rules, in thousandths."""
    if problem.syntax is None:
        return 0
    least = np.zeros(1, dtype=np.int64)
    for arcs in problem.syntax.layers:
        after = np.full(int(arcs.target.max(initial=0)) + 1, _NEVER)
        reached = arcs.source < len(least)
        np.minimum.at(after, arcs.target[reached], least[arcs.source[reached]] + arcs.price[reached])
        least = np.minimum(after, _NEVER)
    return int(least.min())
