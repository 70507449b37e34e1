"""Engines as forms: found by their files, chosen with a reason, refused with one."""

from __future__ import annotations

import pytest

from tests.solve.test_answers import small_problem
from theorygen.solve import answers
from theorygen.solve.engines import BEST, QUESTIONS, choose, engines
from theorygen.solve.engines.form import SAMPLE, Engine
from theorygen.solve.workshop import Workshop
from theorygen.source.diagnostic import InputError

SEARCHING = [engine for engine in engines() if engine.name != "layered" and engine.is_installed]


def test_engines_are_found_by_their_files_in_a_fixed_order() -> None:
    names = [engine.name for engine in engines()]
    assert names[0] == "layered" and len(set(names)) == len(names) >= 2
    assert all(isinstance(engine, Engine) and engine.about for engine in engines())
    assert all(engine.extra for engine in engines() if engine.package)


def test_the_layered_solver_takes_what_reads_from_left_to_right() -> None:
    problem = small_problem()
    for question in QUESTIONS:
        engine, reason = choose(problem, question)
        assert engine.name == "layered" and reason == engine.about


@pytest.mark.parametrize("engine", SEARCHING, ids=lambda engine: engine.name)
def test_a_wanted_engine_is_taken_or_refused_with_those_that_can(engine: Engine) -> None:
    problem = small_problem()
    assert choose(problem, BEST, engine.name)[0] is engine
    with pytest.raises(InputError, match=f"engine '{engine.name}' cannot answer") as error:
        choose(problem, SAMPLE, engine.name)
    assert "layered" in str(error.value)


def test_an_unknown_engine_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'layered'"):
        choose(small_problem(), BEST, "layerd")


@pytest.mark.parametrize("engine", SEARCHING, ids=lambda engine: engine.name)
def test_without_time_nothing_is_proven_and_no_number_is_made_up(engine: Engine) -> None:
    problem = small_problem()
    shop = Workshop(problem.rules, problem.ensemble)
    outcome = engine.best(problem, shop, 0.0)
    assert not outcome.proven and outcome.bound <= answers.best(problem).cost
    assert engine.count(problem, shop, 0.0) is None


@pytest.mark.parametrize("engine", SEARCHING, ids=lambda engine: engine.name)
def test_the_first_solution_is_one(engine: Engine) -> None:
    problem = small_problem()
    outcome = engine.first(problem, Workshop(problem.rules, problem.ensemble))
    assert outcome.solution is not None and outcome.cost == outcome.solution.cost >= answers.best(problem).cost
