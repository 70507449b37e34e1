"""Steps: the candidates of a problem and which may follow which, as far as no rule with memory is asked.

What a way through them costs is never more than a solution along it costs, so whatever lies only on dear ways can be
left out as long as something cheaper is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.pairs import PairTable
from theorygen.solve.problem import Problem
from theorygen.solve.successions import successions
from theorygen.solve.trellis import allowed_candidates, prepare_tables
from theorygen.solve.workshop import Pool, Workshop

_NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, eq=False)
class Steps:
    """Candidates and pair tables of successive positions.

    Attributes:
        workshop: where they are from.
        pools: all candidates of each position.
        candidates: for each position the candidates that may be taken, ascending.
        edges: for each step the pairs of candidates that may follow each other, with their costs.
        following: for each step bool [choices before, choices after], which choices may follow which.
    """

    workshop: Workshop
    pools: tuple[Pool, ...]
    candidates: tuple[Array, ...]
    edges: tuple[PairTable, ...]
    following: tuple[Array, ...]

    @property
    def size(self) -> int:
        """Edges in all."""
        return sum(len(edges.source) for edges in self.edges)

    @cached_property
    def least_from(self) -> tuple[Array, ...]:
        """For each position int64 [candidates of the pool]: the least cost from the beginning to each."""
        least = _spread(self.pools[0], self.candidates[0], self.pools[0].cost[self.candidates[0]])
        found = [least]
        for pool, edges in zip(self.pools[1:], self.edges, strict=True):
            after = np.full(len(pool), _NEVER)
            np.minimum.at(after, edges.target, found[-1][edges.source] + edges.cost)
            found.append(np.minimum(after, _NEVER))
        return tuple(found)

    @cached_property
    def least_to_go(self) -> tuple[Array, ...]:
        """For each position int64 [candidates of the pool]: the least cost from each to the end."""
        found = [_spread(self.pools[-1], self.candidates[-1], np.zeros(len(self.candidates[-1]), dtype=np.int64))]
        for pool, edges in zip(self.pools[-2::-1], self.edges[::-1], strict=True):
            before = np.full(len(pool), _NEVER)
            np.minimum.at(before, edges.source, found[-1][edges.target] + edges.cost)
            found.append(np.minimum(before, _NEVER))
        return tuple(found[::-1])

    @property
    def least(self) -> int | None:
        """What any way costs at least, in thousandths; None when there is none."""
        ways = self.least_from[0] + self.least_to_go[0]
        return int(ways.min()) if len(ways) and ways.min() < _NEVER else None

    def within(self, most: int | None) -> Steps:
        """Only what lies on ways that cost no more than this, in thousandths; None: on any way."""
        most = _NEVER - 1 if most is None else most
        totals = [one + other for one, other in zip(self.least_from, self.least_to_go, strict=True)]
        edges = []
        for place, one in enumerate(self.edges):
            way = self.least_from[place][one.source] + one.cost + self.least_to_go[place + 1][one.target]
            kept = way <= most
            edges.append(PairTable(one.source[kept], one.target[kept], one.cost[kept]))
        candidates = tuple(np.flatnonzero(total <= most) for total in totals)
        return Steps(self.workshop, self.pools, candidates, tuple(edges), self.following)


def steps_of(problem: Problem, workshop: Workshop) -> Steps:
    """All candidates and pair tables of a problem in which no chord is held."""
    prepare_tables([problem], workshop)
    pools = tuple(workshop.pool(position) for position in problem.positions)
    allowed = [allowed_candidates(position, pool) for position, pool in zip(problem.positions, pools, strict=True)]
    following, edges = [], []
    for place, later in enumerate(successions(problem).following[:-1]):
        none = np.zeros((len(pools[place].wanted), len(pools[place + 1].wanted)), dtype=bool)
        following.append(later.get(place + 1, none))
        edges.append(_kept(workshop.join(pools[place], pools[place + 1], following[-1]), *allowed[place : place + 2])
                     if following[-1].any() else PairTable(*np.zeros((3, 0), dtype=np.int64)))
    candidates = tuple(np.flatnonzero(one) for one in allowed)
    return Steps(workshop, pools, candidates, tuple(edges), tuple(following))


def _kept(table: PairTable, before: Array, after: Array) -> PairTable:
    kept = before[table.source] & after[table.target]
    return PairTable(table.source[kept], table.target[kept], table.cost[kept])


def _spread(pool: Pool, candidates: Array, cost: Array) -> Array:
    """The costs of some candidates; of all others nothing is known to be cheap enough."""
    found = np.full(len(pool), _NEVER)
    found[candidates] = cost
    return found


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
