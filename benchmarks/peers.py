"""music21 beside us: the same bass line, each under its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from math import nan
from statistics import median
from typing import Any

from benchmarks.report import Report, milliseconds
from benchmarks.timing import cores, medians, seconds
from benchmarks.workload import PHRASE, answer, chords, problem, rule_sets
from theorygen.solve import answers
from theorygen.solve.workshop import Workshop
from theorygen.theory import Pitch

BASS = 3


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
