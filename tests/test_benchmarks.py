"""The benchmarks measure right things: other engines over the exported tables agree with ours. No time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.solve import answers
from theorygen.solve.problem import Problem
from theorygen.solve.trellis import DeadEnd
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.theory import Pitch

pytest.importorskip("benchmarks", reason="the benchmarks are run from a checkout")

from benchmarks.report import Goal, Report
from benchmarks.tables import Tables, tables_of
from benchmarks.workload import FOLD_SETS, SIXTEEN, ask, problem, rule_sets

SEEDS = range(4)


def random_problem(seed: int) -> Problem:
    """Three chords in a row out of the sixteen, under most of the rules without memory, chosen at random."""
    chance = Chance(seed, "benchmarks")
    rules = rule_sets()["none"].rules
    kept = RuleSet(tuple(rule for rule in rules if chance.below(5)))
    start, length = chance.below(len(SIXTEEN) - 3), 3
    bass = answers.best(problem(SIXTEEN, rule_sets()["none"])).pitches[:, 3].tolist()
    return problem(SIXTEEN, kept, [{3: code} for code in bass]).part(start, start + length)


def tables(question: Problem) -> Tables:
    return tables_of(question, Workshop(question.rules, question.ensemble))


@pytest.mark.parametrize("seed", SEEDS)
def test_cp_sat_finds_our_optimum(seed: int) -> None:
    pytest.importorskip("ortools")
    from benchmarks.cp_sat import solve

    question = random_problem(seed)
    found = solve(tables(question))
    assert found.proven and found.cost == answers.best(question).cost


def test_cp_sat_proves_that_there_is_no_solution() -> None:
    pytest.importorskip("ortools")
    from benchmarks.cp_sat import solve

    hard = RuleSet(tuple(ActiveRule(rule, True) for rule in load_library().values() if rule.over == "melodic-step"))
    leap = [{0: Pitch.parse(text).code} for text in ("C4", "G5")]
    question = problem(SIXTEEN[:2], hard, leap)
    with pytest.raises(DeadEnd):
        answers.best(question)
    found = solve(tables(question))
    assert found.proven and found.cost is None


@pytest.mark.parametrize("seed", SEEDS)
def test_backtracking_counts_what_we_count(seed: int) -> None:
    pytest.importorskip("constraint")
    from benchmarks import backtracking

    question = problem(SIXTEEN, rule_sets()["none"]).part(seed, seed + 3)
    found = tables(question)
    assert backtracking.count(found) == answers.count(question) > 0
    assert backtracking.first_solution(found) is not None


@pytest.mark.parametrize("folds", FOLD_SETS)
def test_the_question_is_the_same_cold_and_warm(folds: str) -> None:
    rules = rule_sets()[folds]
    workshop = Workshop(rules, problem(SIXTEEN, rules).ensemble)
    cold = ask(SIXTEEN, rules, 3)
    ask(SIXTEEN, rules, 2, workshop)
    assert ask(SIXTEEN, rules, 3, workshop) == cold


def test_more_memory_never_makes_the_best_cheaper() -> None:
    sets = rule_sets()
    costs = [answers.best(problem(SIXTEEN, sets[name])).cost for name in ("none", "style", "all")]
    assert costs == sorted(costs)
    counts = [answers.count(problem(SIXTEEN, sets[name])) for name in ("none", "outer", "style", "all")]
    assert counts[0] == counts[1] == counts[2] >= counts[3] > 0, "the two rules kept are weighted; others are hard"


def test_a_long_piece_reports_itself() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks.long_piece", "16", "none"], check=True,
                          capture_output=True, text=True, cwd=Path(__file__).resolve().parent.parent)
    found = json.loads(done.stdout)
    assert found["cost"] == ask(SIXTEEN, rule_sets()["none"], 1)[1]
    assert 0 < found["baseline"] <= found["peak"]


def test_goals_are_bounds_from_above_or_below(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = Report(goals=[Goal("time", 2, 3, "ms"), Goal("speed", 2, 3, "pieces/s", at_least=True)])
    report.goal_table()
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[-2:]] == ["yes", "no"]
    report.write(tmp_path / "x.json", {"cores": 1})
    assert [goal["met"] for goal in json.loads((tmp_path / "x.json").read_text())["goals"]] == [True, False]
