"""A bounded trellis: what it finds is a solution, what it says of the rest is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.compose.harmonize import Given, Harmonizer
from theorygen.grammar.style import load_style
from theorygen.score.event import Event
from theorygen.solve import beam
from theorygen.solve.answers import Solution, Solutions
from theorygen.solve.paths import TooLarge
from theorygen.solve.problem import Problem
from theorygen.solve.requiring import Demand, require
from theorygen.theory import Key, Meter, Pitch

TUNE = ["C5", "B4", "C5", "D5", "E5", "D5", "C5", "C5"]


def tune() -> Problem:
    notes = [Event(Fraction(index), Fraction(1), (Pitch.parse(name),)) for index, name in enumerate(TUNE)]
    given = Given({"soprano": tuple(notes)}, Meter.parse("4/4"), (Key.parse("C"),))
    return Harmonizer(load_style("textbook-chorale"), {"level": 3}).task(given).problem


def total(solution: Solution) -> int:
    return solution.cost + solution.price


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(beam, "MOST_EDGES", 0)
    monkeypatch.setattr(beam, "LEAST_EDGES", request.param)


def test_what_fits_is_whole() -> None:
    assert Solutions(tune()).cut is None


@pytest.mark.parametrize("bounded", [200, 400, 800, 1600], indirect=True)
def test_nothing_that_was_left_out_is_cheaper_than_said(bounded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Solutions(tune())
    monkeypatch.setattr(beam, "LEAST_EDGES", 10**9)
    whole = Solutions(tune())
    least = total(whole.best())
    assert part.cut is not None and part.count() < whole.count()
    assert min(part.cut, total(part.best())) <= least <= total(part.best())
    assert sum(map(len, part.parts[0].trellis.candidates)) < sum(map(len, whole.parts[0].trellis.candidates))


@pytest.mark.parametrize("bounded", [1], indirect=True)
def test_a_bound_that_leaves_nothing_is_no_conflict(bounded: None) -> None:
    with pytest.raises(TooLarge):
        Solutions(tune())


@pytest.mark.parametrize("bounded", [1600], indirect=True)
def test_what_counts_faults_knows_that_something_was_left_out(bounded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = require(tune(), [Demand("parallel-fifths")], only=False)
    part = Solutions(asked)
    monkeypatch.setattr(beam, "LEAST_EDGES", 10**9)
    whole = Solutions(asked)
    assert part.cut == 0 and whole.cut is None and part.count() < whole.count()


@pytest.mark.parametrize("bounded", [200], indirect=True)
def test_faults_that_are_not_among_what_was_kept_are_no_conflict(bounded: None) -> None:
    with pytest.raises(TooLarge):
        Solutions(require(tune(), [Demand("parallel-fifths", count=9)]))
