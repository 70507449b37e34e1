"""python-constraint: backtracking over the tables. It knows no costs: the cheapest is found by listing all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from constraint import Problem

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row, Tables


@dataclass
class _Model:
    """The engine's problem, and the costs of its tables by (before, after)."""

    problem: Problem
    start: list[int]
    costs: list[dict[tuple[int, int], int]]

    def rows(self, limit: float) -> Iterator[Row | None]:
        """Solutions one by one; None when time is up."""
        end = perf_counter() + limit
        for found in self.problem.getSolutionIter():
            yield [found[index] for index in range(len(self.costs) + 1)]
            if perf_counter() > end:
                yield None

    def cost(self, row: Row) -> int:
        """What a solution costs, in thousandths."""
        steps = zip(self.costs, row, row[1:], strict=False)
        return self.start[row[0]] + sum(costs[before, after] for costs, before, after in steps)


def _model(case: Case, question: str) -> _Model:
    tables: Tables = case.tables
    problem = Problem()
    for index, domain in enumerate(tables.domains):
        problem.addVariable(index, domain.tolist())
    costs = [{(before, after): cost for before, after, cost in edges.tolist()} for edges in tables.edges]
    for index, legal in enumerate(costs):
        problem.addConstraint(lambda before, after, legal=legal: (before, after) in legal, (index, index + 1))
    return _Model(problem, tables.start.tolist(), costs)


def _some(model: _Model, limit: float, number: int) -> Answer:
    rows = [row for row in islice(model.rows(limit), number) if row is not None]
    return Answer(rows, complete=len(rows) == number)


def _optimum(model: _Model, limit: float) -> Answer:
    best: tuple[int, Row] | None = None
    for row in model.rows(limit):
        if row is None:
            return Answer([best[1]] if best else [], best[0] if best else None)
        cost = model.cost(row)
        if best is None or cost < best[0]:
            best = cost, row
    return Answer([best[1]] if best else [], best[0] if best else None, True)


def _count(model: _Model, limit: float) -> Answer:
    number = 0
    for row in model.rows(limit):
        if row is None:
            return Answer(value=number)
        number += 1
    return Answer(value=number, complete=True)


ENGINE = Engine("python-constraint", "its own backtracking", 1, _model,
                lambda model, limit: _some(model, limit, 1), _optimum,
                lambda model, limit: _some(model, limit, SEVERAL), _count)
