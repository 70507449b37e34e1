"""Others on the same chords, in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from math import nan
from statistics import median
from typing import Any

from benchmarks.report import Report, milliseconds
from benchmarks.tables import tables_of
from benchmarks.timing import cores, medians, seconds
from benchmarks.workload import PHRASE, SEVEN, answer, chords, problem, rule_sets
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import answers
from theorygen.solve.workshop import Workshop
from theorygen.theory import Pitch

BASS = 3
COUNTED = 4
"""Chords whose solutions python-constraint lists one by one."""


def measure_figured_bass(report: Report, lengths: Sequence[tuple[int, Sequence[str]]], runs: int) -> None:
    """music21 and we realise the same bass line: that of our best voicing of a pattern, repeated up to a length.

    Our rules are those of the full profile, theirs are their own and fewer.
    """
    from benchmarks import figured_bass

    rules, rows = rule_sets()["all"], []
    with cores(1):
        for length, pattern in lengths:
            texts, phrase = chords(length, pattern), min(len(pattern), PHRASE)
            known = answers.best(problem(pattern, rules, phrase=phrase)).pitches[:, BASS].tolist()
            codes = list(islice(cycle(known), length))
            bass = [str(Pitch.from_code(code)) for code in codes]
            question = problem(texts, rules, [{BASS: code} for code in codes], phrase)
            ours = medians(lambda seed, asked=question: answer(asked, seed), runs)["median"]
            shop = Workshop(rules, question.ensemble)
            warm = medians(lambda seed, asked=question, shop=shop: answer(asked, seed, shop), runs)
            number = answers.count(question)
            turns = [_theirs(figured_bass, texts, bass) for _ in range(min(runs, 5) if length < 50 else 1)]
            prepare, drawn, theirs = (median(column) for column in zip(*turns, strict=True))
            rows.append((length, milliseconds(ours), milliseconds(warm["median"]), f"{number:.3g}",
                         milliseconds(prepare), milliseconds(drawn) if theirs else "none found", f"{theirs:.3g}",
                         _ratio(prepare + (drawn if theirs else 0), ours)))
    report.table("A given bass: prepare and one random realisation, theorygen against music21 figuredBass",
                 ("chords", "ours, cold", "ours, warm", "our solutions", "theirs, prepare", "theirs, draw",
                  "their solutions", "theirs / ours cold"), rows)


def _theirs(engine: Any, texts: Sequence[str], bass: Sequence[str]) -> tuple[float, float, int]:
    """Seconds to prepare, seconds to draw, and the number of solutions."""
    realizing, realization = seconds(lambda: engine.realize(texts, bass))
    counting, number = seconds(realization.getNumSolutions)
    if not number:
        return realizing + counting, nan, 0
    return realizing + counting, seconds(lambda: engine.draw(realization))[0], number


def _ratio(theirs: float, ours: float) -> str:
    return f"{theirs / ours:,.0f}" if theirs >= 10 * ours else f"{theirs / ours:.1f}"


def measure_cp_sat(report: Report, lengths: Sequence[int], limit: float, runs: int) -> None:
    """The proven optimum over the same tables, rules with memory left out; the making of tables is not counted."""
    from benchmarks import cp_sat

    rules, rows = rule_sets()["none"], []
    for length in lengths:
        question, workshop, making = _tabled(length, rules)
        with cores(1):
            ours = medians(lambda _, shop=workshop, asked=question: answers.best(asked, shop), runs)["median"]
        cost = answers.best(question, workshop).cost
        tables = tables_of(question, workshop)
        theirs, found = seconds(lambda tables=tables: cp_sat.solve(tables, limit))
        assert not found.proven or found.cost == cost, f"{length} chords: we say {cost}, CP-SAT {found.cost}"
        rows.append((length, milliseconds(making), sum(map(len, tables.edges)), milliseconds(ours), f"{cost / 1000:g}",
                     milliseconds(theirs), "none" if found.cost is None else f"{found.cost / 1000:g}",
                     "yes, the same" if found.proven else f"no, at least {found.bound / 1000:g}",
                     _ratio(theirs, ours) if found.proven else "not proven"))
    report.table("Proven optimum over the same tables, theorygen on one core against OR-Tools CP-SAT with 8 workers",
                 ("chords", "tables (both)", "edges", "ours", "our optimum", "theirs", "their best", "proven",
                  "theirs / ours"), rows)


def measure_backtracking(report: Report, lengths: Sequence[int], runs: int) -> None:
    """Any first solution, and the number of solutions of four chords, over the same tables."""
    from benchmarks import backtracking

    rules, rows = rule_sets()["none"], []
    with cores(1):
        for length in lengths:
            question, workshop, _ = _tabled(length, rules)
            tables = tables_of(question, workshop)
            ours = medians(lambda _, shop=workshop, asked=question: answers.best(asked, shop), runs)["median"]
            theirs, found = seconds(lambda tables=tables: backtracking.first_solution(tables))
            assert found is not None
            rows.append((f"{length} chords: ours the best solution, theirs any", milliseconds(ours),
                         milliseconds(theirs), _ratio(theirs, ours)))
        question, workshop, _ = _tabled(16, rules)
        part = question.part(0, COUNTED)
        ours = medians(lambda _: answers.count(part, workshop), runs)["median"]
        theirs, number = seconds(lambda: backtracking.count(tables_of(part, workshop)))
        assert number == answers.count(part, workshop)
        rows.append((f"{COUNTED} chords: number of solutions, {number} by both", milliseconds(ours),
                     milliseconds(theirs), _ratio(theirs, ours)))
    report.table("The same tables, theorygen against python-constraint",
                 ("question", "ours", "theirs", "theirs / ours"), rows)


def _tabled(length: int, rules: RuleSet) -> tuple[Any, Workshop, float]:
    """A problem, a workshop with all its tables, and how long they took to make."""
    question = problem(SEVEN if length == len(SEVEN) else chords(length), rules)
    workshop = Workshop(rules, question.ensemble)
    return question, workshop, seconds(lambda: workshop.prepare([question]))[0]
