"""A problem without memory as plain tables, for engines that know nothing of music."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.problem import Problem
from theorygen.solve.trellis import allowed_candidates
from theorygen.solve.workshop import Workshop

Row = Sequence[int]
"""A solution: the candidate taken in each position."""


@dataclass(frozen=True)
class Tables:
    """Domains and tables of a problem.

    Attributes:
        domains: for each position the candidates it may take.
        start: int [candidates of the first position], cost of each in thousandths.
        edges: for each step int [edges, 3]: candidate before, candidate after, cost.
    """

    domains: tuple[Array, ...]
    start: Array
    edges: tuple[Array, ...]

    @property
    def most(self) -> int:
        """A cost, in thousandths, that no solution exceeds."""
        return int(self.start.max()) + sum(int(edges[:, 2].max(initial=0)) for edges in self.edges)


def tables_of(problem: Problem, workshop: Workshop) -> Tables:
    """The domains and pair tables of a problem, less what is given; nothing is pruned any further."""
    workshop.prepare([problem])
    pools = [workshop.pool(position) for position in problem.positions]
    allowed = [allowed_candidates(position, pool) for position, pool in zip(problem.positions, pools, strict=True)]
    edges = []
    for index in range(1, len(pools)):
        table = workshop.join(pools[index - 1], pools[index])
        kept = allowed[index - 1][table.source] & allowed[index][table.target]
        edges.append(np.stack([table.source[kept], table.target[kept], table.cost[kept]], axis=1))
    return Tables(tuple(map(np.flatnonzero, allowed)), pools[0].cost, tuple(edges))


def cost_of(tables: Tables, row: Row) -> int:
    """What a solution costs, in thousandths.

    Raises:
        ValueError: it is none.
    """
    if row[0] not in tables.domains[0]:
        raise ValueError("the first chord cannot be voiced like this")
    cost = int(tables.start[row[0]])
    for number, (edges, before, after) in enumerate(zip(tables.edges, row[:-1], row[1:], strict=True), 2):
        found = edges[(edges[:, 0] == before) & (edges[:, 1] == after), 2]
        if not len(found):
            raise ValueError(f"chord {number} cannot be voiced like this after the one before it")
        cost += int(found[0])
    return cost


def fair_shares(tables: Tables) -> list[Array]:
    """For each position the share of all solutions in which it takes each candidate; candidates count from 0."""
    sizes = [int(domain.max()) + 1 for domain in tables.domains]
    before = [np.isin(np.arange(sizes[0]), tables.domains[0]).astype(float)]
    for edges, size in zip(tables.edges, sizes[1:], strict=True):
        ways = np.bincount(edges[:, 1], before[-1][edges[:, 0]], size)
        before.append(ways / ways.sum())
    after = [np.ones(sizes[-1])]
    for edges, size in zip(reversed(tables.edges), sizes[-2::-1], strict=True):
        ways = np.bincount(edges[:, 0], after[-1][edges[:, 1]], size)
        after.append(ways / ways.sum())
    flows = [first * second for first, second in zip(before, reversed(after), strict=True)]
    return [flow / flow.sum() for flow in flows]


def variety(rows: Sequence[Row]) -> int:
    """In how many positions these solutions differ."""
    return sum(len(set(column)) > 1 for column in zip(*rows, strict=True))


def unfairness(tables: Tables, rows: Sequence[Row]) -> float:
    """How far the shares of candidates among some solutions are from those among all, mean of the positions.

    Total variation distance: 0 where they agree, 1 where they have nothing in common.
    """
    away = [np.abs(np.bincount(column, minlength=len(share)) / len(rows) - share).sum() / 2
            for column, share in zip(np.array(rows).T, fair_shares(tables), strict=True)]
    return float(np.mean(away))
