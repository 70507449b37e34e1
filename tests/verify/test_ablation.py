"""Leaving rules out: the numbers are those that brute force counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tests.solve.brute_force import all_solutions
from tests.verify.ruled import ruled
from theorygen.rules.rule_set import RuleSet
from theorygen.verify.ablation import ablate
from theorygen.verify.rules_places import places_of


def test_numbers_are_those_of_brute_force(tmp_path: Path) -> None:
    subject = ruled(tmp_path)
    for place in places_of(subject).pairs[:3]:
        problem = place.problem(subject.style, RuleSet(subject.style.rules.rules))
        hard = replace(problem, rules=RuleSet(problem.rules.hard))
        found = ablate(problem)
        assert found.solutions == len(all_solutions(hard))
        assert {one.rule: one.solutions for one in found.rules} == {
            rule.name: len(all_solutions(replace(hard, rules=hard.rules.without([rule.name]))))
            for rule in hard.rules.rules}
        assert [one.solutions for one in found.rules] == sorted((one.solutions for one in found.rules), reverse=True)


def test_a_ratio_is_exact_and_missing_where_nothing_is_left(tmp_path: Path) -> None:
    rules = "silence: {over: note, when: is_top, forbid: pitch > C1}"
    subject = ruled(tmp_path, rules)
    place = next(place for place in places_of(subject).pairs if str(place) == "in C major: IV V")
    found = ablate(place.problem(subject.style, subject.style.rules))
    assert found.solutions == 0
    assert {one.ratio for one in found.rules} == {None}
    free = ruled(tmp_path)
    one = ablate(place.problem(free.style, free.style.rules), ["voice-crossing"])
    assert [rule.ratio for rule in one.rules] == [Fraction(one.rules[0].solutions, one.solutions)]
