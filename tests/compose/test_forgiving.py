"""Given lines are forgiven what no harmonisation mends, and nothing else; and all of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from theorygen.cli.answers import answers_data, remark_lines
from theorygen.compose.answering import answers
from theorygen.compose.composition import solved
from theorygen.compose.forgiving import FORGIVEN, forgiven_categories, forgiving
from theorygen.compose.harmonize import Given, Harmonizer
from theorygen.compose.question import Question
from theorygen.compose.screening import Answer
from theorygen.compose.tasks import Task
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.score.event import Event
from theorygen.solve.answers import DeadEnd, Solutions, best
from theorygen.theory import Key, Meter, Pitch

STYLE = load_style("textbook-chorale")

MENDED = [
    ("C", "G4 B4 A4 G4 F4 E4 D4 C4"),                     # a seventh degree that falls: not over a dominant
    ("a", "A4 G#4 E4 A4 B4 C5 B4 A4"),                    # a raised one that leaps down: V goes on under it
    ("a", "A4 C5 G#4 A4 B4 G#4 E4 A4"),
    ("C", "E4 A4 G4 B4 A4 F4 D4 C4"),
    ("C", "G4 F4 A4 G4 E4 B4 A4 G4"),
]
NEVER_MENDED = [("C", "C5 B4 G4 E4 F4 D4 B4 C5", "melodic-no-large-leap-recovery")]


@cache
def task_of(key: str, text: str) -> Task:
    events = tuple(Event(Fraction(place), Fraction(1), (Pitch.parse(name),)) for place, name in enumerate(text.split()))
    return Harmonizer(STYLE, {"level": 3}).task(Given({"soprano": events}, Meter.parse("4/4"), (Key.parse(key),)))


@cache
def answer_of(key: str, text: str) -> Answer:
    return answers(task_of(key, text), Question())[0]


def strictly(task: Task) -> int:
    """The least cost and price where nothing is forgiven, in thousandths."""
    found = best(replace(task.problem, rules=solved(STYLE.rules)))
    return found.cost + found.price


@pytest.mark.parametrize(("key", "text"), MENDED)
def test_what_other_chords_avoid_is_avoided(key: str, text: str) -> None:
    assert answer_of(key, text).cost * 1000 == strictly(task_of(key, text))
    assert answer_of(key, text).faults == []


@pytest.mark.parametrize(("key", "text", "rule"), NEVER_MENDED)
def test_what_no_chords_avoid_is_told(key: str, text: str, rule: str) -> None:
    with pytest.raises(DeadEnd):
        strictly(task_of(key, text))
    answer = answer_of(key, text)
    assert [one.rule for one in answer.forgiven] == [rule] and answer.cost < FORGIVEN / 1000
    remarks = list(remark_lines([answer]))
    assert len(remarks) == 1 and f"[{rule}]" in remarks[0] and "the line given" in remarks[0]
    (data,) = answers_data(answer.task, Question(), [answer])["answers"]
    assert [one["rule"] for one in data["forgiven"]] == [rule]


@pytest.mark.parametrize(("key", "text"), [*MENDED, *(one[:2] for one in NEVER_MENDED)])
def test_nothing_else_is_broken(key: str, text: str) -> None:
    answer = answer_of(key, text)
    told = {(one.rule, one.onsets) for _, one in answer.faults}
    assert told == {(one.rule, one.onsets) for one in check(answer.score, STYLE.rules) if one.hard}


def test_random_harmonies_have_no_more_faults_than_the_best() -> None:
    task = task_of(*NEVER_MENDED[0][:2])
    fewest = Solutions(task.problem).best().cost // FORGIVEN
    found = answers(task, Question("sample", 3, count=8))
    assert fewest == 1 and {one.solution.cost // FORGIVEN for one in found} == {fewest}
    assert {len(one.forgiven) for one in found} == {fewest}


def of_voice(rules: RuleSet, hard: bool) -> Iterator[str]:
    return (rule.name for rule in rules.rules if rule.hard == hard)


def test_only_rules_about_one_line_forgive() -> None:
    categories = {rule.details["category"] for rule in load_library().values() if "category" in rule.details}
    assert forgiven_categories() < categories
    before, after = STYLE.rules, forgiving(STYLE.rules, ["soprano"])
    forgiven = {rule.name for rule in after.rules if rule.weight == FORGIVEN}
    assert {"leading-tone-outer-resolves", "seventh-resolves-down", "melodic-no-augmented"} <= forgiven
    assert not forgiven & {"parallel-fifths", "range-soprano", "leading-tone-kept-by-mediant"}
    assert set(of_voice(after, True)) == set(of_voice(before, True))  # for the other voices they are hard
    assert forgiving(before, []).rules == before.rules
