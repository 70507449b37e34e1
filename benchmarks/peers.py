"""music21 beside us: the same bass line, each under its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from math import nan
from statistics import median
from typing import Any

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import cores, medians, seconds
from benchmarks.workload import PHRASE, answer, chords, problem, rule_sets
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import answers
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop
from theorygen.theory import Pitch

BASS = 3
BASSES = {"8": ("C3", "B2", "C3", "F2", "F2", "G2", "G2", "C3"),
          "16": ("C3", "D3", "E3", "F3", "A3", "F3", "F#3", "G3", "C3", "E3", "F3", "D3", "E3", "F3", "G3", "C3")}
"""Basses of a phrase of eight chords and of the sixteen. Over and over music21 realises the first, not the second."""

_TIMES_FASTER = 100


def measure_figured_bass(report: Report, lengths: Sequence[tuple[int, Sequence[str], str]], runs: int) -> None:
    """music21 and we realise the same bass line.

    Our rules are those of the full profile, theirs are their own and fewer.

    Args:
        lengths: how many chords, the pattern that is repeated, and which of `BASSES` it has.
    """
    from benchmarks import figured_bass

    rules, rows = rule_sets()["all"], []
    with cores(1):
        for length, pattern, name in lengths:
            texts, bass = chords(length, pattern), tuple(islice(cycle(BASSES[name]), length))
            ours = medians(lambda seed, bass=bass, texts=texts: answer(over_bass(texts, bass, rules), seed), runs)
            question = over_bass(texts, bass, rules)
            shop = Workshop(rules, question.ensemble)
            warm = medians(lambda seed, asked=question, shop=shop: answer(asked, seed, shop), runs)
            turns = [_theirs(figured_bass, texts, bass) for _ in range(min(runs, 5))]
            prepare, drawn, theirs = (median(column) for column in zip(*turns, strict=True))
            ratio = (prepare + drawn) / ours["median"] if theirs else nan
            rows.append((length, milliseconds(ours["median"]), milliseconds(ours["busy"]), milliseconds(warm["median"]),
                         f"{answers.count(question):.3g}", milliseconds(prepare),
                         milliseconds(drawn) if theirs else "none found", f"{theirs:.3g}",
                         f"{ratio:.0f}" if theirs else "none found"))
            if length == 100 and theirs:
                report.goals.append(Goal("100 chords cold against figuredBass, to a realisation", ratio, _TIMES_FASTER,
                                         "times", at_least=True))
    report.table("A given bass: to one random realisation, theorygen against music21 figuredBass",
                 ("chords", "ours, cold", "busy", "ours, warm", "our solutions", "theirs, realize()", "theirs, draw",
                  "their solutions", "theirs / ours cold"), rows)


def over_bass(texts: Sequence[str], bass: Sequence[str], rules: RuleSet) -> Problem:
    """Chords whose bass notes are given."""
    question = problem(texts, rules, phrase=PHRASE)
    given = [{BASS: frozenset([Pitch.parse(note).code])} for note in bass]
    positions = (replace(position, choices=tuple(replace(choice, given=note) for choice in position.choices))
                 for position, note in zip(question.positions, given, strict=True))
    return replace(question, positions=tuple(positions))


def _theirs(engine: Any, texts: Sequence[str], bass: Sequence[str]) -> tuple[float, float, int]:
    """Seconds to realise, seconds to draw, and the number of solutions."""
    realizing, realization = seconds(lambda: engine.realize(texts, bass))
    number = realization.getNumSolutions()
    return realizing, seconds(lambda: engine.draw(realization))[0] if number else nan, number
