"""theorygen: layers of states, one pass for each question."""

from __future__ import annotations

from itertools import islice
from math import inf

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row
from theorygen.solve.answers import Solution, Solutions
from theorygen.source.chance import Chance


class _Model:
    def __init__(self, case: Case) -> None:
        self.solutions = Solutions(case.problem, case.workshop)
        self.pools = [case.workshop.pool(position) for position in case.problem.positions]

    def rows(self, *found: Solution) -> list[Row]:
        """Solutions as candidates."""
        places = [{tuple(pitches): index for index, pitches in enumerate(pool.pitches.tolist())}
                  for pool in dict(zip(map(id, self.pools), self.pools, strict=True)).values()]
        known = dict(zip(dict.fromkeys(map(id, self.pools)), places, strict=True))
        return [[known[id(pool)][tuple(pitches)] for pool, pitches in zip(self.pools, one.pitches.tolist(), strict=True)]
                for one in found]


def _optimum(model: _Model, limit: float) -> Answer:
    best = model.solutions.best()
    return Answer(model.rows(best), best.cost, True, best.cost)


def _several(model: _Model, limit: float) -> Answer:
    drawn = islice(model.solutions.samples(Chance(1), inf), SEVERAL)
    return Answer(model.rows(*drawn), complete=True)


def _count(model: _Model, limit: float) -> Answer:
    return Answer(value=model.solutions.count(), complete=True)


ENGINE = Engine("theorygen", "fair draws", 1, lambda case, question: _Model(case), _optimum, _optimum, _several, _count)
