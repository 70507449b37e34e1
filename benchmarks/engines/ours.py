"""theorygen: layers of states, one pass for each question."""

from __future__ import annotations

from math import inf

import numpy as np

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row
from theorygen.solve import counting, semirings
from theorygen.solve.answers import trellis_of
from theorygen.solve.trellis import Trellis
from theorygen.source.chance import Chance


def _model(case: Case, question: str) -> Trellis:
    return trellis_of(case.problem, case.workshop)


def _rows(trellis: Trellis, paths: semirings.Paths) -> list[Row]:
    """Solutions as candidates."""
    columns = [layer[states] for layer, states in zip(trellis.candidates, paths.states.T, strict=True)]
    rows: list[Row] = np.stack(columns, axis=1).tolist()
    return rows


def _optimum(trellis: Trellis, limit: float) -> Answer:
    found = semirings.best(trellis)
    cost = int(found.cost[0])
    return Answer(_rows(trellis, found), cost, True, cost)


def _several(trellis: Trellis, limit: float) -> Answer:
    return Answer(_rows(trellis, semirings.Sampler(trellis, inf).draws(Chance(1), SEVERAL)), complete=True)


def _count(trellis: Trellis, limit: float) -> Answer:
    return Answer(value=counting.count(trellis), complete=True)


ENGINE = Engine("theorygen", "fair draws", 1, _model, _optimum, _optimum, _several, _count)
