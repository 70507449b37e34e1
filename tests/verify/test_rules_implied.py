"""Which hard rules follow from others: planted copies are found, and brute force over all voicings agrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.solve.brute_force import all_solutions
from tests.verify.ruled import line_of, ruled, text_of
from theorygen.grammar.style import Style
from theorygen.rules.check import check
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array
from theorygen.score.text_notation import parse_text_score
from theorygen.solve.judging import broken
from theorygen.solve.solution import Solution
from theorygen.verify.finding import Subject
from theorygen.verify.rules_implied import Derivation, derivations, study
from theorygen.verify.rules_places import Place, hard_and, places_of, stretches_of

COPY = """\
no-fifths:
  over: voice-pair-motion
  when: similar and before.simple == P5 and not chords.crosses_phrase
  forbid: after.simple == P5"""
WEAKER = """\
bass-on-the-root-or-third:
  over: note
  when: is_bass
  require: member in (root, third)"""


def test_a_copy_of_a_rule_and_the_rule_follow_from_each_other(tmp_path: Path) -> None:
    subject = ruled(tmp_path, COPY)
    found = {one.about: one for one in study(subject).findings}
    assert found["no-fifths"].data["by"] == ["parallel-fifths"]
    assert found["parallel-fifths"].data["by"] == ["no-fifths"]
    assert found["no-fifths"].severity == "warning"
    assert found["no-fifths"].mark is not None
    assert found["no-fifths"].mark.line == line_of("no-fifths", text_of(COPY))
    assert found["no-fifths"].data["proven"]


def test_a_weaker_rule_follows_from_the_stronger_and_not_the_other_way(tmp_path: Path) -> None:
    found = {one.rule: one for one in derive(ruled(tmp_path, WEAKER))}
    assert found["bass-on-the-root-or-third"].by == ("bass-is-inversion",)
    assert not found["bass-is-inversion"].implied


def test_nothing_follows_in_the_style_without_them(tmp_path: Path) -> None:
    found = derive(ruled(tmp_path))
    assert not [one.rule for one in found if one.implied and one.breakable]
    assert len(found) == 5


def test_brute_force_over_all_voicings_agrees(tmp_path: Path) -> None:
    subject = ruled(tmp_path, f"{COPY}\n{WEAKER}")
    for one in derive(subject):
        assert one.implied == (not alone(subject, one.rule)), one.rule


def test_a_counterexample_breaks_this_rule_and_no_other(tmp_path: Path) -> None:
    subject = ruled(tmp_path, WEAKER)
    style = subject.style
    for one in derive(subject):
        if one.fault:
            score = parse_text_score(one.fault.text(style))
            assert len(score.chords) == 2
            assert {found.rule for found in check(score, RuleSet(hard_and(style).rules), style.ensemble)} == {one.rule}


def test_the_plainest_key_comes_first(tmp_path: Path) -> None:
    subject = ruled(tmp_path, WEAKER)
    assert {str(one.fault.place.key) for one in derive(subject) if one.fault} == {"C major"}


def derive(subject: Subject) -> list[Derivation]:
    return derivations(subject.style, places_of(subject), stretches_of(subject))


def alone(subject: Subject, name: str) -> list[Place]:
    """The pairs of chords with a solution, among all combinations of notes, that breaks one rule alone."""
    style = subject.style
    hard = hard_and(style)
    return [place for place in places_of(subject).pairs if any(
        breaks(place, style, rows, [rule for rule in hard.rules if rule.name == name])
        for rows in (np.array(one.pitches) for one in all_solutions(place.problem(style, hard.without([name])))))]


def breaks(place: Place, style: Style, rows: Array, rules: list[ActiveRule]) -> bool:
    problem = place.problem(style, hard_and(style))
    return bool(broken(problem, Solution(tuple(one.choices[0] for one in place.positions), rows, 0), rules))
