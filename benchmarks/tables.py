"""A problem without memory as plain tables, for engines that know nothing of music."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.problem import Problem
from theorygen.solve.trellis import allowed_candidates
from theorygen.solve.workshop import Workshop


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
