"""Phrases that nothing joins are solved apart: every answer is that of the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.chi_square import chi_square_is_plausible
from tests.solve.problems import ensemble, problems, rule_pool
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, resolve_rules
from theorygen.rules.world import Slot
from theorygen.solve.answers import Solution, Solutions, trellis_of
from theorygen.solve.part import Part
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.ranking import DISTINCT
from theorygen.solve.trellis import DeadEnd
from theorygen.source.chance import Chance
from theorygen.source.document import parse_document
from theorygen.theory import Key, RomanNumeral

CROSSES = ("chords.crosses_phrase", "second.chords.crosses_phrase")


def within(rule: ActiveRule) -> ActiveRule:
    """A rule that judges nothing over the edge of a phrase."""
    crosses = next((field for field in CROSSES if field in rule.rule.scope.fields), None)
    if crosses is None:
        return rule
    when = f"({rule.rule.when}) and not {crosses}" if rule.rule.when else f"not {crosses}"
    return replace(rule, rule=replace(rule.rule, when=when))


@st.composite
def phrases(draw: st.DrawFn) -> Problem:
    """A problem of several phrases, some of them the same, under rules that join none."""
    first, second = (draw(problems(most=2)) for _ in range(2))
    several = [first.positions, first.positions, second.positions]
    order = draw(st.permutations(several))
    positions = tuple(position for some in order for position in (begun(some[0]), *some[1:]))
    rules = RuleSet(tuple(within(rule) for rule in first.rules.rules))
    return Problem(positions, rules, first.ensemble, draw(st.booleans()), draw(st.booleans()))


def begun(position: Position) -> Position:
    """The position as one where a phrase begins."""
    return replace(position, choices=tuple(
        replace(choice, slot=replace(choice.slot, first=True)) for choice in position.choices))


def whole(problem: Problem) -> Solutions:
    """The solutions as one part."""
    return Solutions(problem, parts=[Part(problem, trellis_of(problem))])


def told(solution: Solution) -> tuple:
    """All that a solution says."""
    assert solution.states is not None
    return (solution.choices, solution.pitches.tolist(), solution.cost, solution.starts, solution.price,
            solution.states.tolist())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(phrases())
def test_parts_answer_what_the_whole_answers(problem: Problem) -> None:
    try:
        one = whole(problem)
    except DeadEnd as end:
        with pytest.raises(DeadEnd) as found:
            Solutions(problem)
        assert found.value.position in (end.position, end.position - 1)
        return
    split = Solutions(problem)
    assert len(split.parts) == sum(place == 0 or one.starts_phrase for place, one in enumerate(problem.positions))
    assert told(split.best()) == told(one.best())
    for distinct in DISTINCT:
        assert list(map(told, split.ranked(20, distinct))) == list(map(told, one.ranked(20, distinct)))
        assert split.count(distinct) == one.count(distinct)
    assert split.count() == one.count()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(phrases())
def test_parts_share_out_as_the_whole_does(problem: Problem) -> None:
    try:
        one, split = whole(problem), Solutions(problem)
    except DeadEnd:
        return
    assert split.marginals(moves=True) == one.marginals(moves=True)
    warm, expected = split.marginals(3.0, moves=True), one.marginals(3.0, moves=True)
    for name in ("pitches", "moves"):
        for some, others in zip(getattr(warm, name), getattr(expected, name), strict=True):
            for share, other in zip(some, others, strict=True):
                assert share == pytest.approx(other)
    for place in range(len(problem.positions)):
        assert split.voicings_at(place).tolist() == one.voicings_at(place).tolist()
        assert warm.chords[place] == pytest.approx(expected.chords[place])
    second = one.ranked(2)[-1]
    alike, others = split.alike(second, "chords"), one.alike(second, "chords")
    assert list(map(told, alike.ranked(5))) == list(map(told, others.ranked(5)))


def two_phrases(text: str, second: tuple[str, ...] = ("I", "V")) -> Problem:
    """Twice I and V in two voices, under rules of one's own beside one that limits leaps within phrases."""
    document = parse_document(text, "own.yaml")
    limits = [within(rule) for rule in rule_pool() if rule.name in ("graded", "voice-crossing")]
    rules = RuleSet((*limits, *resolve_rules(document.data, document, ()).rules))
    key = Key.parse("C")
    positions = tuple(Position((Choice(Slot(RomanNumeral.parse(chord, key), first=place == 0)),))
                      for texts in (("I", "V"), second) for place, chord in enumerate(texts))
    return Problem(positions, rules, ensemble(2))


JOINED = {"forbidden": "far: {over: melodic-step, when: is_top, forbid: size > P4}",
          "dear": "far: {over: melodic-step, when: is_top, forbid: size > M3, strength: 2}"}
APART = {"nothing": "{}",
         "for the chords": "change: {over: chord-change, when: chords.crosses_phrase, forbid: true, strength: 3}",
        "for each side": "last: {over: melodic-step, when: chords.crosses_phrase, forbid: before.member == third, "
                         "strength: 2}\nfirst: {over: melodic-step, when: chords.crosses_phrase and is_top, "
                         "forbid: after.member == fifth, strength: 3}"}


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED)
def test_what_depends_on_both_sides_joins_them(text: str) -> None:
    assert len(Solutions(two_phrases(text)).parts) == 1


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_what_depends_on_one_side_does_not(text: str) -> None:
    problem = two_phrases(text)
    split, one = Solutions(problem), whole(problem)
    assert len(split.parts) == 2
    assert list(map(told, split.in_order())) == list(map(told, one.in_order()))


def test_equal_phrases_are_one_part() -> None:
    assert len(set(Solutions(two_phrases("{}")).parts)) == 1
    assert len(set(Solutions(two_phrases("{}", ("V", "I"))).parts)) == 2


@pytest.mark.parametrize("place", range(4))
def test_a_dead_end_is_told_by_its_place_in_the_whole(place: int) -> None:
    problem = two_phrases("{}")
    positions = [replace(one, given={0: frozenset()}) if number == place else one
                 for number, one in enumerate(problem.positions)]
    with pytest.raises(DeadEnd) as found:
        Solutions(replace(problem, positions=tuple(positions)))
    assert found.value.position == place


def test_draws_from_parts_are_independent() -> None:
    split = Solutions(two_phrases("{}"))
    found = list(split.in_order())
    assert len(found) == split.count() == split.parts[0].count(None) ** 2
    draws = 20_000
    least, names = found[0].cost, [str(told(one)) for one in found]
    fair = Counter(str(told(one)) for one in islice(split.uniforms(Chance(3)), draws))
    assert chi_square_is_plausible(fair, dict.fromkeys(names, draws / len(found)))
    law = [exp((least - one.cost) / 2000) for one in found]
    warm = Counter(str(told(one)) for one in islice(split.samples(Chance(4), 2.0), draws))
    assert chi_square_is_plausible(warm, {name: draws * one / sum(law) for name, one in zip(names, law, strict=True)})


def test_solutions_of_parts_may_be_asked_to_lie_apart() -> None:
    problem = two_phrases("{}")
    assert list(map(told, Solutions(problem).spread(5, 4))) == list(map(told, whole(problem).spread(5, 4)))
