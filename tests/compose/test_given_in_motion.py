"""A given voice that moves while a chord lasts: the solver keeps what the finished score will be judged by."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.compose.test_harmonize import given_tune, harmonies, voicings
from theorygen.compose.harmonize import Harmonizer
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.problem import Problem
from theorygen.source.chance import Chance

STYLE = """
theorygen: 1
title: Tiny
ensemble:
  - {name: soprano, range: [C4, C6]}
  - {name: alto, range: [E4, A4]}
  - {name: bass, range: [C3, B3]}
meter: 4/4
tempo: 60
keys: {major: [C]}
phrase-length: bar
goal: {symbol: Piece, length: 1}
form: {Piece: Phrase}
harmony:
  Phrase: {"T D I": 2, "T I:2": 1, "I:2 V:2": 1, "I:3 V": 1, "IV:2 V:2": 1}
  T: {"I": 2, "I:2": 1, "{I|I6} {IV|ii6:2}": 3, "vi:2": 1, "I6:3": 1}
  D: {"{V|V6:3}": 3, "V:2": 1, "V7": 2}
rules:
  bass-is-inversion: hard
"""
RULES = {
    "first to first": "strong-beat-parallels: hard",
    "chord tones": "voice-overlap: hard",
    "every attack": "nct-creates-parallels: hard",
    "what sounds together": "voice-crossing: hard",
    "several grids": "parallel-unison-octave: hard\n  parallel-fifths: hard",
    "own": "own: {over: voice-pair-motion, on: chords, when: similar and broken_chord, forbid: after.simple == M3}",
}
SCALE = ["C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5", "D5", "E5", "F5", "G5"]
MOST = 120
STEPS = (-3, -2, -1, -1, 0, 1, 1, 2, 3)


def tune(chance: Chance) -> str:
    """Four quarters of a melody, of quarters and eighths, mostly by step."""
    place, words = 3 + chance.below(6), []
    for _ in range(4):
        for length in ("1",) if chance.below(3) == 0 else ("1/2", "1/2"):
            words.append(f"{SCALE[place]}:{length}")
            place = min(max(place + STEPS[chance.below(len(STEPS))], 0), len(SCALE) - 1)
    return " ".join(words)


@pytest.mark.parametrize("name", RULES)
def test_solutions_are_those_whose_scores_keep_the_rules(tmp_path: Path, name: str) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(f"{STYLE}  {RULES[name]}\n", encoding="utf-8")
    harmonizer, broken = Harmonizer(load_style(str(path))), 0
    for number in range(40):
        given = given_tune("C", "4/4", "0", tune(Chance(number)))
        chords = [choices for _, _, choices in harmonies(harmonizer, given)]
        if chords:
            task = harmonizer.task(given)
            music = list(islice((one for choices in chords for one in voicings(task, choices)), MOST + 1))
        if chords and len(music) <= MOST:
            hard = RuleSet(task.judged.hard)
            kept = {named(solution) for solution, score in music if not check(score, hard)}
            assert found(task.problem) == kept, number
            broken += len({named(solution) for solution, _ in music}) > len(kept)
    assert broken


def named(solution: Solution) -> tuple[object, ...]:
    """Chords, where they begin, and notes."""
    return (solution.starts, tuple(str(choice.slot.chord) for choice in solution.choices),
            tuple(map(tuple, solution.pitches.tolist())))


def found(problem: Problem) -> set[tuple[object, ...]]:
    """What the solver finds."""
    try:
        solutions = Solutions(problem)
    except DeadEnd:
        return set()
    return {named(one) for one in solutions.ranked(solutions.count() + 1)}
