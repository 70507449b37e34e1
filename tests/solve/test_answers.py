"""The solver against brute force: the same solutions, the same best, the same count, the stated distribution."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.brute_force import all_solutions
from tests.solve.problems import ensemble, problems, rule_pool
from theorygen.rules.rule_set import RuleSet, profile, resolve_rules
from theorygen.rules.world import Slot
from theorygen.solve import answers
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.trellis import DeadEnd, build_trellis, prepare_tables
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.source.document import parse_document
from theorygen.theory import Key, Pitch, RomanNumeral


@settings(max_examples=80, deadline=None)
@given(problems())
def test_count_and_best_agree_with_brute_force(problem: Problem) -> None:
    found = all_solutions(problem)
    assert answers.count(problem) == len(found)
    if found:
        assert answers.best(problem).cost == min(one.cost for one in found)
    else:
        with pytest.raises(DeadEnd):
            answers.best(problem)


@settings(max_examples=40, deadline=None)
@given(problems(most=3))
def test_every_path_is_a_solution_with_its_cost(problem: Problem) -> None:
    found = {(one.pitches, one.choices): one.cost for one in all_solutions(problem)}
    if not found:
        return
    drawn = answers.samples(problem, Chance(1), 5.0)
    for _ in range(20):
        solution = next(drawn)
        choices = tuple(position.choices.index(choice)
                        for position, choice in zip(problem.positions, solution.choices, strict=True))
        assert found[tuple(map(tuple, solution.pitches.tolist())), choices] == solution.cost


def small_problem() -> Problem:
    """A problem with open chords, a memory and a few hundred solutions."""
    key = Key.parse("C")
    texts = [["I"], ["ii6", "IV"], ["V"]]
    names = ("voice-crossing", "graded", "turn-soft", "peak", "third-required")
    rules = [rule for rule in rule_pool() if rule.name in names]
    positions = tuple(Position(tuple(Choice(Slot(RomanNumeral.parse(text, key), first=index == 0), 1.0 + 2 * number)
                                     for number, text in enumerate(row))) for index, row in enumerate(texts))
    return Problem(positions, RuleSet(tuple(rules)), ensemble(2))


@pytest.mark.parametrize("temperature", [0.0, 2.0, 7.5, inf])
def test_sampling_has_the_stated_distribution(temperature: float) -> None:
    problem = small_problem()
    found = all_solutions(problem)
    assert 50 < len(found) < 3000
    least = min(one.cost for one in found)

    def law(cost: int) -> float:
        if temperature == 0:
            return float(cost == least)
        return 1.0 if temperature == inf else exp(-(cost - least) / 1000 / temperature)

    weight = {one: law(one.cost) * float(np.prod([1.0 + 2 * choice for choice in one.choices])) for one in found}
    total = sum(weight.values())
    draws = 20_000
    stream = answers.samples(problem, Chance(11), temperature)
    counts = Counter(tuple(map(tuple, next(stream).pitches.tolist())) for _ in range(draws))
    by_pitches: Counter[tuple] = Counter()
    for one, value in weight.items():
        by_pitches[one.pitches] += draws * value / total
    assert set(counts) <= {pitches for pitches, expected in by_pitches.items() if expected > 0}
    assert chi_square_is_plausible(counts, by_pitches)


def chi_square_is_plausible(counts: Counter, expected: Counter) -> bool:
    """Whether observed counts fit, with rare outcomes pooled; five standard deviations of the chi-square law."""
    common = [one for one, value in expected.items() if value >= 8]
    rare = [one for one, value in expected.items() if value < 8]
    pairs = [(counts[one], expected[one]) for one in common]
    if rare and sum(expected[one] for one in rare) >= 8:
        pairs.append((sum(counts[one] for one in rare), sum(expected[one] for one in rare)))
    freedom = max(len(pairs) - 1, 1)
    statistic = sum((seen - wanted) ** 2 / wanted for seen, wanted in pairs)
    return statistic < freedom + 5 * (2 * freedom) ** 0.5


def test_the_chi_square_test_can_fail() -> None:
    assert not chi_square_is_plausible(Counter(a=600, b=400), Counter(a=500, b=500))


def test_a_workshop_shared_by_problems_changes_no_answer() -> None:
    problem = small_problem()
    workshop = Workshop(problem.rules, problem.ensemble)
    alone = answers.sample(problem, Chance(3), 4.0)
    answers.sample(problem.part(1, 3), Chance(9), 1.0, workshop)
    shared = answers.sample(problem, Chance(3), 4.0, workshop)
    assert (alone.pitches == shared.pitches).all() and alone.cost == shared.cost


def test_memories_are_minimal_automata() -> None:
    problem = small_problem()
    trellis = build_trellis(problem, Workshop(problem.rules, problem.ensemble))
    without = Problem(problem.positions, problem.rules.without(["turn-soft", "peak"]), problem.ensemble)
    plain = build_trellis(without, Workshop(without.rules, without.ensemble))
    assert max(plain.state_counts) < max(trellis.state_counts) < 30 * max(plain.state_counts)


def test_many_broken_memories_at_once_stay_forbidden() -> None:
    key = Key.parse("C")
    rules = [rule for rule in rule_pool() if rule.name in ("repeat",)]
    document = parse_document("\n".join(
        f"still-{number}: {{over: melodic-turn, forbid: not first.moves and not second.moves}}" for number in range(6)),
        "still.yaml")
    rules += resolve_rules(document.data, document, ()).rules
    given = {0: frozenset({Pitch.parse("C5").code}), 1: frozenset({Pitch.parse("C3").code})}
    positions = tuple(Position((Choice(Slot(RomanNumeral.parse("I", key), first=index == 0)),), given=given)
                      for index in range(4))
    assert answers.count(Problem(positions, RuleSet(tuple(rules)), ensemble(2))) == 0
    assert answers.count(Problem(positions, RuleSet(()), ensemble(2))) == 1


def test_tables_made_together_change_no_answer() -> None:
    problem = small_problem()
    workshop = Workshop(problem.rules, problem.ensemble)
    prepare_tables([problem, problem.part(1, 3)], workshop)
    together, alone = answers.sample(problem, Chance(5), 3.0, workshop), answers.sample(problem, Chance(5), 3.0)
    assert (together.pitches == alone.pitches).all()


@settings(max_examples=25, deadline=None)
@given(problems(most=4))
def test_weighted_memories_change_no_count(problem: Problem) -> None:
    """Many memories at once: their states are packed into one number, which must never overflow."""
    names = ["m2", "M2", "m3", "M3", "P4", "d5", "P5", "m6", "M6"]
    text = "".join(f"span-{name}: {{over: voice-line, fold: span, forbid: span > {name}, strength: 1}}\n"
                   for name in names)
    text += "".join(f"peak-{hits}: {{over: voice-line, fold: climax, forbid: hits == {hits}, strength: 2}}\n"
                    for hits in (1, 2))
    text += "turn-any: {over: melodic-turn, cost: abs(first.semitones - second.semitones), strength: 0.01}\n"
    document = parse_document(text, "weighted.yaml")
    weighted = resolve_rules(document.data, document, ()).rules
    without = replace(problem, rules=RuleSet(problem.rules.hard))
    assert answers.count(replace(without, rules=RuleSet((*problem.rules.hard, *weighted)))) == answers.count(without)


def test_one_voice_is_enough() -> None:
    rules = profile("strict-textbook").on(("skeleton",))
    positions = tuple(Position((Choice(Slot(RomanNumeral.parse(text, Key.parse("C")), first=index == 0)),))
                      for index, text in enumerate(["I", "V", "I"]))
    kept = RuleSet(tuple(rule for rule in rules.rules if rule.rule.over in ("melodic-step", "voice-pair-motion")))
    assert answers.count(Problem(positions, kept, ensemble(2).only(["soprano"]))) > 0


def test_problems_without_chords_are_refused() -> None:
    with pytest.raises(ValueError, match="position 1 has no chord"):
        Problem((Position((Choice(Slot(None)),)),), RuleSet(()), ensemble(2))
    with pytest.raises(ValueError, match="at least one"):
        Problem((), RuleSet(()), ensemble(2))


def test_a_conflict_names_what_conflicts_and_not_what_the_cut_makes_fail() -> None:
    key = Key.parse("C")
    document = parse_document("wide: {over: voice-line, fold: span, when: is_top, require: span >= M3}\n"
                              "no-repeat: {over: melodic-step, when: is_bass, forbid: interval == P1}\n", "two.yaml")
    rules = resolve_rules(document.data, document, ())
    low = frozenset({Pitch.parse("G3").code})
    positions = tuple(Position((Choice(Slot(RomanNumeral.parse(text, key), first=index == 0)),),
                               given={1: low} if index in (2, 3) else {})
                      for index, text in enumerate(["I", "IV", "V", "V", "I"]))
    problem = Problem(positions, rules, ensemble(2))
    with pytest.raises(DeadEnd) as end:
        answers.best(problem)
    conflict = explain_dead_end(problem, end.value.position)
    assert conflict.rules == ("no-repeat",)
    assert [(one.position, one.voice) for one in conflict.asked] == [(2, 1), (3, 1)]
    with pytest.raises(ValueError, match="has a solution"):
        explain_dead_end(problem.part(0, 3), 0)
