"""Relations against rules: those told cannot all be kept, and without any one of them the others can."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.solve.test_relations import problem
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import conflict_relations
from theorygen.solve.basics import is_basic
from theorygen.solve.conflict_relations import Together, conflict_with_relations
from theorygen.solve.engines import FIRST, choose
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop

IN_OCTAVES = ("octaves: {over: piece, total: {over: voice-pair-motion, when: similar and before.simple == P1 "
              "and after.simple == P1}, require: total > 0}")
IN_FIFTHS = IN_OCTAVES.replace("octaves", "fifths").replace("P1", "P5")
LEAPS = "leaps: {over: piece, total: {over: melodic-step, when: leaps and voice == tenor}, require: total >= 0}"
CANON = "canon: {relation: canon, leader: soprano, follower: bass, interval: -P15, distance: 1}"


def small(text: str) -> Problem:
    """Four chords, one of them open, under the rules of the textbook and relations."""
    asked = problem(text, 4)
    return replace(asked, positions=(*asked.positions[:2], replace(
        asked.positions[2], choices=asked.positions[2].choices[2:3]), asked.positions[3]))


def keeps(asked: Problem, relations: set[str], rules: set[str]) -> bool:
    """Whether something keeps these relations and rules, and what is taken for granted."""
    kept = RuleSet(tuple(one for one in asked.rules.solved.hard if one.name in rules or is_basic(one.rule)))
    only = replace(asked, rules=kept, relations=tuple(one for one in asked.relations if one.rule.name in relations))
    return choose(only, FIRST)[0].first(only, Workshop(only.rules, only.ensemble)).solution is not None


@pytest.mark.parametrize("text", [IN_OCTAVES, f"{LEAPS}\n{IN_FIFTHS}", f"{IN_OCTAVES}\n{CANON}"])
def test_what_is_told_cannot_be_and_without_any_part_of_it_can(text: str) -> None:
    asked = small(text)
    told = conflict_with_relations(asked)
    relations, rules = ({rule.name for rule in some} for some in (told.relations, told.rules))
    assert told.smallest and relations and not keeps(asked, relations, rules)
    for name in told.names:
        assert keeps(asked, relations - {name}, rules - {name})


def test_fifths_asked_for_are_blamed_on_the_rule_against_them() -> None:
    told = conflict_with_relations(small(f"{LEAPS}\n{IN_FIFTHS}"))
    assert [rule.name for rule in told.relations] == ["fifths"]
    assert [rule.name for rule in told.rules] == ["parallel-fifths"]
    assert str(told).endswith("\n  parallel-fifths (Parallel fifths)\n  without any one of them there is a voicing")


def test_where_trials_run_out_more_is_told_and_that_it_may_not_be_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    few = conflict_with_relations(small(IN_OCTAVES))
    monkeypatch.setattr(conflict_relations, "MOST_TRIALS", 6)
    many = conflict_with_relations(small(IN_OCTAVES))
    assert not many.smallest and set(many.names) > set(few.names) and "may be needed" in str(many)


def test_a_large_problem_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict_relations, "MOST_WORK", 0)
    told: Together = conflict_with_relations(small(f"{LEAPS}\n{IN_OCTAVES}"))
    assert not told.smallest and {rule.name for rule in told.relations} == {"leaps", "octaves"}
