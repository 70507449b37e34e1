"""A finished score: reading it, analysing it, judging it; beside music21's own checks of voice leading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import cores, medians

CHORALE = "bach/bwv269"
"""62 beats in four voices, from music21's corpus."""

_QUESTIONS = ("parallelFifth", "parallelOctave", "parallelUnison", "hiddenFifth", "hiddenOctave", "voiceCrossing",
              "voiceOverlap")


def measure_checking(report: Report, runs: int) -> None:
    """One chorale through every stage."""
    from music21 import corpus

    from theorygen.analysis.analyze import analyze
    from theorygen.readers import score_of_stream
    from theorygen.rules.check import check, checkers
    from theorygen.rules.rule import ActiveRule
    from theorygen.rules.rule_set import RuleSet, load_library, profile

    stream = corpus.parse(CHORALE)
    score = analyze(score_of_stream(stream, CHORALE))
    everything = RuleSet(tuple(ActiveRule(rule, not rule.cost, 1000) for rule in load_library().values()))
    chords = stream.chordify()
    stages: list[tuple[str, Callable[[], Any]]] = [
        ("music21 parses the file", lambda: corpus.parse(CHORALE, forceSource=True)),
        ("its stream becomes a score", lambda: score_of_stream(stream, CHORALE)),
        ("analysis: keys, numerals, phrases, cadences", lambda: analyze(_fresh(score))),
        (f"judging alone, all {len(everything.rules)} rules of the library",
         lambda: _judged(checkers(_fresh(score), everything), everything.rules)),
        ("check with its sentences, all rules", lambda: check(_fresh(score), everything)),
        ("check, bach-chorale", lambda: check(_fresh(score), profile("bach-chorale"))),
        (f"music21, {len(_QUESTIONS)} questions on every pair of voices", lambda: _music21_faults(chords)),
    ]
    with cores(1):
        times = {name: medians(lambda _, work=work: work(), runs)["median"] for name, work in stages}
    report.table(f"{CHORALE}: a chorale of 62 beats, one core", ("stage", "median"),
                 [(name, milliseconds(time)) for name, time in times.items()])
    names = list(times)
    report.goals.append(Goal("all rules on a chorale of 62 beats", times[names[3]] * 1000, 30, "ms"))
    whole = sum(times[name] for name in (*names[:3], names[4]))
    report.goals.append(Goal("a chorale read, analysed and checked", whole, 1, "s"))


def _judged(grids: Iterable[tuple[str, Any]], rules: Sequence[Any]) -> int:
    """Cuts every window out of the score and charges every rule, without a word about it; how many are broken."""
    return sum(len(rule.charge(table)[0]) for grid, checker in grids for rule in rules if grid in rule.rule.grids
               for table, _, _ in checker.tables(rule.rule))


def _fresh(score: Any) -> Any:
    """The same score without anything computed from it."""
    return replace(score)


def _music21_faults(chords: Any) -> int:
    """How often music21 answers yes, over all neighbouring slices and all pairs of voices."""
    from music21 import chord, voiceLeading

    slices: Sequence[Any] = [list(one.notes) for one in chords.flatten().getElementsByClass(chord.Chord)]
    found = 0
    for before, after in pairwise(slices):
        for low, high in combinations(range(min(len(before), len(after))), 2):
            quartet = voiceLeading.VoiceLeadingQuartet(before[high], after[high], before[low], after[low])
            found += sum(bool(getattr(quartet, question)()) for question in _QUESTIONS)
    return found
