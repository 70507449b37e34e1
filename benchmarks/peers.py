"""music21 beside us: the same bass line, each under its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from math import nan
from statistics import median
from typing import Any

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import KINDS, busy_seconds, cores, medians
from benchmarks.workload import FOLD_SETS, chords, problem, rule_sets, score_of
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.solve import answers
from theorygen.solve.problem import Problem
from theorygen.theory import Pitch

BASS = 3
BASSES = {"8": ("C3", "B2", "C3", "F2", "F2", "G2", "G2", "C3"),
          "16": ("C3", "D3", "E3", "F3", "A3", "F3", "F#3", "G3", "C3", "E3", "F3", "D3", "E3", "F3", "G3", "C3")}
"""Basses of a phrase of eight chords and of the sixteen. Over and over music21 realises the first, not the second."""

_TIMES_FASTER = 100


def measure_figured_bass(report: Report, lengths: Sequence[tuple[int, Sequence[str], str]], runs: int) -> None:
    """music21 and we realise the same bass line: music21 at random, we in the best way.

    Our rules are those of the full profile, with and without those with memory; theirs are their own and fewer.

    Args:
        lengths: how many chords, the pattern that is repeated, and which of `BASSES` it has.
    """
    from benchmarks import figured_bass

    rows = []
    with cores(1):
        for length, pattern, name in lengths:
            texts, bass = chords(length, pattern), tuple(islice(cycle(BASSES[name]), length))
            turns = [_theirs(figured_bass, texts, bass) for _ in range(min(runs, 5))]
            prepare, drawn, number = (median(column) for column in zip(*turns, strict=True))
            for memories in ("all", "none"):
                rules = rule_sets()[memories]
                ours = medians(lambda _, bass=bass, texts=texts, rules=rules: _ours(texts, bass, rules), runs)
                ratio = (prepare + drawn) / ours["busy"]
                rows.append((length, FOLD_SETS[memories], *(milliseconds(ours[kind]) for kind in KINDS),
                             f"{answers.count(over_bass(texts, bass, rules)):.3g}", milliseconds(prepare),
                             milliseconds(drawn) if number else "none found", f"{number:.3g}",
                             f"{ratio:.0f}" if number else "none found"))
                if length == 100 and number:
                    report.goals.append(Goal(f"100 chords cold against figuredBass, {FOLD_SETS[memories]}", ratio,
                                             _TIMES_FASTER, "times", at_least=True))
    report.table("A given bass, from nothing to a score: our best realisation, and one of music21 figuredBass",
                 ("chords", "our rules", *(f"ours, {kind}" for kind in KINDS), "our solutions", "theirs, realize()",
                  "theirs, draw", "their solutions", "theirs / ours, busy"), rows)


def _ours(texts: Sequence[str], bass: Sequence[str], rules: RuleSet) -> Score:
    """The best realisation, from empty tables."""
    question = over_bass(texts, bass, rules)
    return score_of(question, answers.best(question))


def over_bass(texts: Sequence[str], bass: Sequence[str], rules: RuleSet) -> Problem:
    """Chords whose bass notes are given."""
    return problem(texts, rules, [{BASS: Pitch.parse(note).code} for note in bass])


def _theirs(engine: Any, texts: Sequence[str], bass: Sequence[str]) -> tuple[float, float, int]:
    """Processor seconds to realise and to draw, and the number of solutions."""
    realizing, realization = busy_seconds(lambda: engine.realize(texts, bass))
    number = realization.getNumSolutions()
    return realizing, busy_seconds(lambda: engine.draw(realization))[0] if number else nan, number
