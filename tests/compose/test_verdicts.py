"""Verdicts that depend on chords alone: whatever else changes, they stay."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import pytest

from theorygen.compose.answering import answers
from theorygen.compose.question import Question
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.tasks import Task
from theorygen.compose.verdicts import chords_at_fault
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.solve.answers import Solutions, best
from theorygen.source.chance import Chance
from theorygen.theory import Meter

STYLE = load_style("textbook-chorale")


def task(text: str) -> Task:
    assert STYLE.ensemble is not None
    return parse_roman_line(text, STYLE.ensemble, Meter(4, 4), Fraction(1)).task(STYLE)


def rule(name: str) -> ActiveRule:
    return next(rule for rule in STYLE.rules.rules if rule.name == name)


def breaks(name: str, score: Score) -> bool:
    return bool(check(score, RuleSet((rule(name),))))


@pytest.mark.parametrize(("text", "name", "fault"), [
    ("C: I IV V // I V vi", "phrase-has-cadence", None),
    ("C: I V vi ii", "phrase-has-cadence", (0, 4)),
    ("C: I V I // I vi IV V vi ii // I V I", "phrase-has-cadence", (3, 9)),
    ("C: I V I // I ii6 V // I IV ii6 V6 I", "final-cadence-authentic", (6, 11)),
    ("C: I V I // G: I V I", "return-home", (0, 6)),
])
def test_the_chords_at_fault_are_found(text: str, name: str, fault: tuple[int, int] | None) -> None:
    asked = task(text)
    score = asked.score(best(asked.problem))
    assert breaks(name, score) == bool(fault)
    found = chords_at_fault(rule(name), score)
    assert found is None if fault is None else found and (min(found)[0], max(stop for _, stop in found)) == fault


def test_where_notes_matter_nothing_is_said() -> None:
    asked = task("C: I IV V I")
    score = asked.score(best(asked.problem))
    assert chords_at_fault(rule("smooth-total"), score) is None


TEXTS = ["C: I {IV|ii} {V|ii6} {I|vi} // I IV V {I|vi}", "a: i {iv6|VI} {V|v} // {i|VI} V {i|iv}",
         "C: I {V|ii} I vi G: ii V I // C: I {V|IV} I"]


@pytest.mark.parametrize("text", TEXTS)
def test_verdicts_stay_when_all_else_changes(text: str) -> None:
    solutions, asked = Solutions(task(text).problem), task(text)
    asked = Task(asked.style, solutions.problem, asked.moments, asked.meters, asked.keys)
    tried = 0
    for solution in islice(solutions.uniforms(Chance(8)), 6):
        score = asked.score(solution)
        for name in dict.fromkeys(one.rule for one in check(score, RuleSet(STYLE.rules.hard))):
            stretches = chords_at_fault(rule(name), score)
            if stretches is None:
                continue
            fixed = {index for index, moment in enumerate(asked.moments)
                     if any(start < moment.end and moment.onset < stop for start, stop in stretches)}
            for other in islice(solutions.uniforms(Chance(tried)), 40):
                if all(other.choices[index] is solution.choices[index] for index in fixed):
                    tried += 1
                    assert breaks(name, asked.score(other)), (name, stretches)
    assert tried > 5


def test_a_long_piece_gets_its_last_cadence_and_proof() -> None:
    phrase = "I IV ii6 V I"
    found = answers(task("C: " + " // ".join([phrase] * 14)), Question())[0]
    assert found.is_proven and found.score.chords[-1].cadence == "PAC"
