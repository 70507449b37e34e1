"""The benchmarks measure right things: other engines over the exported tables agree with ours. No time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from theorygen.compose.question import Question
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import answers
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.theory import Pitch

pytest.importorskip("benchmarks", reason="the benchmarks are run from a checkout")

from benchmarks.engines import engine, engine_names
from benchmarks.engines.__main__ import asked
from benchmarks.engines.form import SEVERAL, Answer, Case
from benchmarks.matrix import cell_text
from benchmarks.melody import STYLE, given_tune, harmonized
from benchmarks.peers import BASS, BASSES, over_bass
from benchmarks.report import Goal, Report
from benchmarks.tables import cost_of, tables_of, unfairness, variety
from benchmarks.workload import EIGHT, FOLD_SETS, SIXTEEN, ask, problem, rule_sets, wandering

SEEDS = range(4)
LIMIT = 60.0


def random_problem(seed: int) -> Problem:
    """Three chords in a row out of the sixteen, under most of the rules without memory, chosen at random."""
    chance = Chance(seed, "benchmarks")
    rules = rule_sets()["none"].rules
    kept = RuleSet(tuple(rule for rule in rules if chance.below(5)))
    start, length = chance.below(len(SIXTEEN) - 3), 3
    bass = answers.best(problem(SIXTEEN, rule_sets()["none"])).pitches[:, 3].tolist()
    return problem(SIXTEEN, kept, [{3: code} for code in bass]).part(start, start + length)


def case(question: Problem) -> Case:
    workshop = Workshop(question.rules, question.ensemble)
    return Case(tables_of(question, workshop), question, workshop)


def ask_engine(name: str, question: str, about: Case) -> Answer:
    try:
        one = engine(name)
    except ModuleNotFoundError as error:
        pytest.skip(str(error))
    return asked(one, question, about, LIMIT)[1]


def all_rows(about: Case) -> list[list[int]]:
    """Every solution, by trying one edge after the other."""
    rows = [[one] for one in about.tables.domains[0].tolist()]
    for edges in about.tables.edges:
        rows = [[*row, after] for row in rows for before, after, _ in edges.tolist() if before == row[-1]]
    return rows


@pytest.mark.parametrize("name", engine_names())
@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_finds_our_optimum(name: str, seed: int) -> None:
    about = case(random_problem(seed))
    answer = ask_engine(name, "optimum", about)
    assert answer.complete
    assert answer.value == answers.best(about.problem).cost == cost_of(about.tables, answer.rows[0])


@pytest.mark.parametrize("name", engine_names())
@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_counts_what_we_count(name: str, seed: int) -> None:
    about = case(random_problem(seed))
    answer = ask_engine(name, "count", about)
    assert answer.complete and answer.value == answers.count(about.problem) > 0


@pytest.mark.parametrize("name", engine_names())
@pytest.mark.parametrize("question", ("first", "several"))
def test_every_engine_gives_as_many_solutions_as_asked_for(name: str, question: str) -> None:
    about = case(problem(SIXTEEN[:4], rule_sets()["none"]))
    answer = ask_engine(name, question, about)
    assert answer.complete and len(answer.rows) == (1 if question == "first" else SEVERAL)
    for row in answer.rows:
        cost_of(about.tables, row)  # raises when it is no solution


@pytest.mark.parametrize("name", [name for name in engine_names() if name != "ours"])
def test_every_engine_proves_that_there_is_no_solution(name: str) -> None:
    about = case(problem(SIXTEEN[:2], rule_sets()["none"]))
    nothing = replace(about.tables, edges=(about.tables.edges[0][:0],))
    for question in ("optimum", "count"):
        answer = ask_engine(name, question, replace(about, tables=nothing))
        assert answer.complete and not answer.rows and not answer.value


def test_a_row_that_is_no_solution_is_found_out() -> None:
    about = case(random_problem(0))
    row = answers.best(about.problem)
    with pytest.raises(ValueError, match="cannot be voiced"):
        cost_of(about.tables, [-1] * len(row.choices))


def test_fair_shares_are_those_of_all_solutions() -> None:
    """Counted over every solution of three chords; our draws come near them, the first ones in a row do not."""
    about = case(problem(SIXTEEN, rule_sets()["none"]).part(1, 4))
    rows = all_rows(about)
    assert len(rows) == answers.count(about.problem)
    assert unfairness(about.tables, rows) < 1e-9
    drawn = ask_engine("ours", "several", about).rows
    first = rows[: len(rows) // 4]
    assert variety(drawn) == 3 and unfairness(about.tables, drawn) < 0.15 < unfairness(about.tables, first)


def test_a_cell_never_makes_a_time_of_what_was_not_proven() -> None:
    cell = {"chords": 32, "question": "optimum", "limit": 60, "complete": False, "value": 1500, "bound": 1000.0,
            "model": 1.0, "answer": 59.0}
    assert cell_text(cell) == "not proven (1.5, at least 1)"
    assert cell_text(cell | {"complete": True}) == "60.0 s"


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


@pytest.mark.parametrize("more", ((), ("wandering",)))
def test_a_long_piece_reports_itself(more: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks.long_piece", "16", "none", *more], check=True,
                          capture_output=True, text=True, cwd=Path(__file__).resolve().parent.parent)
    found = json.loads(done.stdout)
    assert found["cost"] == ask(wandering(16) if more else SIXTEEN, rule_sets()["none"], 1)[1]
    assert 0 < found["baseline"] <= found["peak"]


def test_a_wandering_piece_has_phrases_of_many_kinds_and_can_be_voiced() -> None:
    texts = wandering(80)
    phrases = [texts[start : start + 8] for start in range(0, 80, 8)]
    assert len(set(phrases)) > 5 and all(phrase[0] == "I" and phrase[-1] in ("V", "I") for phrase in phrases)
    assert wandering(80) == texts and texts[:20] == wandering(20)
    assert answers.count(problem(texts, rule_sets()["none"])) > 0


@pytest.mark.parametrize(("pattern", "name"), ((EIGHT, "8"), (SIXTEEN, "16")))
def test_both_realise_a_bass_and_keep_it(pattern: tuple[str, ...], name: str) -> None:
    from benchmarks import figured_bass

    question = over_bass(pattern, BASSES[name], rule_sets()["all"])
    ours = answers.best(question).pitches[:, BASS].tolist()
    realization = figured_bass.realize(pattern, BASSES[name])
    assert realization.getNumSolutions() > 0  # not after a draw, which leaves the graph in disorder
    drawn = figured_bass.draw(realization).parts[-1].flatten().notes
    assert [str(Pitch.from_code(code)) for code in ours] == list(BASSES[name])
    assert [note.pitch.nameWithOctave for note in drawn] == list(BASSES[name])


def test_the_tune_is_harmonised_note_by_note() -> None:
    style = load_style(STYLE)
    [answer] = harmonized(style, Question())
    notes = [(event.onset, event.pitch) for event in answer.score.voice("soprano").events if event.pitches]
    given = [(event.onset, event.pitch) for event in given_tune().lines["soprano"]]
    assert notes == given and len(given) == 32
    assert not [one for one in check(answer.score, style.rules) if one.hard]


def test_goals_are_bounds_from_above_or_below(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = Report(goals=[Goal("time", 2, 3, "ms"), Goal("speed", 2, 3, "pieces/s", at_least=True)])
    report.goal_table()
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[-2:]] == ["yes", "no"]
    report.write(tmp_path / "x.json", {"cores": 1})
    assert [goal["met"] for goal in json.loads((tmp_path / "x.json").read_text())["goals"]] == [True, False]
