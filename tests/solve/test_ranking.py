"""The order of the solutions against sorted enumeration, by whatever they are told apart."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.brute_force import Found, all_solutions
from tests.solve.problems import ensemble, problems, rule_pool
from tests.solve.random_trellises import problem_of, random_trellis, ways
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Slot
from theorygen.solve import answers
from theorygen.solve.counting import count
from theorygen.solve.part import Part
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.ranking import DISTINCT, Ranking, labels
from theorygen.solve.semirings import paths_along
from theorygen.theory import Key, Pitch, RomanNumeral

SEEDS = range(10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("distinct", [*DISTINCT, "coarse"])
def test_the_order_is_that_of_enumeration(seed: int, distinct: str) -> None:
    trellis = random_trellis(seed, syntax=seed % 3 > 0)
    random = np.random.default_rng(seed)
    told = ([random.integers(0, 2, states) for states in trellis.state_counts] if distinct == "coarse" else
            labels(problem_of(trellis), trellis, distinct))
    members: dict[tuple[int, ...], list[tuple[int, tuple[int, ...]]]] = {}
    for way in ways(trellis):
        name = tuple(int(label[state]) for label, state in zip(told, way.states, strict=True))
        members.setdefault(name, []).append((way.cost + way.price, way.states))
    expected = sorted((min(found)[0], name, min(found)[1]) for name, found in members.items())
    paths = paths_along(trellis, np.array(list(Ranking(trellis, told))))
    assert (paths.cost + paths.price).tolist() == [cost for cost, _, _ in expected]
    assert list(map(tuple, paths.states.tolist())) == [states for _, _, states in expected]


def test_only_what_is_asked_for_is_made() -> None:
    """Of more solutions than could ever be listed the first are told; every one may be asked for twice."""
    trellis = random_trellis(1, length=120)
    told = labels(problem_of(trellis), trellis)
    ranking = Ranking(trellis, told)
    first = [edges.tolist() for edges in islice(ranking, 50)]
    assert first == [edges.tolist() for edges in islice(ranking, 50)]
    assert len({tuple(edges) for edges in first}) == 50
    paths = paths_along(trellis, np.array(first))
    assert (np.diff(paths.cost + paths.price) >= 0).all()


def name_of(problem: Problem, found: Found, distinct: str) -> tuple:
    """What tells a solution of brute force apart."""
    chords = tuple((choice.slot.chord.text, str(choice.slot.chord.key)) for choice in (
        position.choices[number] for position, number in zip(problem.positions, found.choices, strict=True)))
    return {"solutions": (found.choices, found.pitches), "choices": found.choices, "chords": chords,
            "voicings": found.pitches, "soprano": tuple(row[0] for row in found.pitches)}[distinct]


@settings(max_examples=25, deadline=None)
@given(problems(most=3))
def test_solutions_come_in_the_order_of_brute_force(problem: Problem) -> None:
    found = all_solutions(problem)
    if not found:
        return
    solutions = answers.Solutions(problem)
    for distinct in DISTINCT:
        least: dict[tuple, int] = {}
        for one in found:
            name = name_of(problem, one, distinct)
            least[name] = min(one.cost, least.get(name, one.cost))
        ranked = solutions.ranked(200, distinct)
        assert [one.cost for one in ranked] == sorted(least.values())[:200]
        seen = {name_of(problem, Found(tuple(position.choices.index(choice) for position, choice in
                                             zip(problem.positions, one.choices, strict=True)),
                                       tuple(map(tuple, one.pitches.tolist())), one.cost), distinct) for one in ranked}
        assert len(seen) == len(ranked) and seen <= set(least)
        assert solutions.count(distinct) == len(least)
        assert ranked[0].cost == solutions.best().cost
    assert (solutions.ranked(1)[0].pitches == solutions.best().pitches).all()


def test_what_differs_in_nothing_that_is_heard_is_told_once() -> None:
    """The same chord as two choices, as when a grammar has it for two reasons, with other weights and other givens."""
    slot = Slot(RomanNumeral.parse("I", Key.parse("C")))
    high = frozenset(Pitch.parse(text).code for text in ("C5", "E5"))
    choices = Choice(slot), Choice(slot, 3.0, given={0: high}), Choice(Slot(RomanNumeral.parse("V", Key.parse("C"))))
    several = answers.Solutions(Problem((Position(choices),) * 2, RuleSet(()), ensemble(2)))
    single = answers.Solutions(Problem((Position(choices[::2]),) * 2, RuleSet(()), ensemble(2)))
    assert several.count() == several.count("solutions") == single.count() == len(several.ranked(10_000))
    assert count(several.parts[0].trellis) > several.count() and not several.counts_ways


@pytest.mark.parametrize("distinct", DISTINCT)
@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_those_alike_are_all_that_are_not_told_apart(seed: int, distinct: str) -> None:
    trellis = random_trellis(seed, syntax=seed > 0)
    solutions = answers.Solutions(problem_of(trellis), parts=[Part(problem_of(trellis), trellis)])
    told = labels(problem_of(trellis), trellis, distinct)
    members = Counter(tuple(int(label[state]) for label, state in zip(told, way.states, strict=True))
                      for way in ways(trellis))
    for one in solutions.in_order(distinct):
        group = solutions.alike(one, distinct)
        name = tuple(int(label[state]) for label, state in zip(told, one.states.tolist(), strict=True))
        assert group.count() == members[name] and group.count(distinct) == 1
        best = group.best()
        assert (best.cost + best.price, best.starts) == (one.cost + one.price, one.starts)
        assert (best.pitches == one.pitches).all()


def test_all_in_order_are_as_many_as_are_asked_for() -> None:
    solutions = answers.Solutions(problem_in_c(["I", "V"]))
    some = [one.pitches.tolist() for one in islice(solutions.in_order(), 25)]
    assert some == [one.pitches.tolist() for one in solutions.ranked(25)]
    assert len(list(solutions.in_order("soprano"))) == solutions.count("soprano")


def problem_in_c(texts: list[str]) -> Problem:
    """One chord each, no rules but one that costs."""
    slots = [Slot(RomanNumeral.parse(text, Key.parse("C"))) for text in texts]
    rules = RuleSet(tuple(rule for rule in rule_pool() if rule.name == "graded"))
    return Problem(tuple(Position((Choice(slot),)) for slot in slots), rules, ensemble(2))


def test_an_unknown_word_is_refused() -> None:
    trellis = random_trellis(0)
    with pytest.raises(ValueError, match=r"expected one of solutions, .*, soprano, found 'bass'"):
        labels(problem_of(trellis), trellis, "bass")
