"""The solver against brute force: the same solutions, the same best, the same count, the stated distribution."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice, pairwise, product
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.brute_force import all_solutions
from tests.solve.chi_square import chi_square_is_plausible
from tests.solve.problems import ensemble, problems, rule_pool
from theorygen.rules.rule_set import RuleSet, profile, resolve_rules
from theorygen.rules.world import Slot
from theorygen.solve import answers, counting
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.counting import TooManySets, count
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Problem, Syntax
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
    assert chi_square_is_plausible(counts, by_pitches)


def test_the_chi_square_test_can_fail() -> None:
    assert not chi_square_is_plausible(Counter(a=600, b=400), Counter(a=500, b=500))
    assert not chi_square_is_plausible(Counter(a=999, b=1), {"a": 1000.0, "b": 0.0})


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


def held_problem(is_ambiguous: bool = False) -> Problem:
    """Three positions: a chord begins or goes on, but not twice; every way has its own price and weight.

    Args:
        is_ambiguous: whether there are several ways to much of the music.
    """
    key = Key.parse("C")
    names = ("voice-crossing", "graded", "turn-soft", "peak", "third-required")
    rules = [rule for rule in rule_pool() if rule.name in names]
    choices = tuple(Choice(Slot(RomanNumeral.parse(text, key)), weight)
                    for text, weight in (("I", 1.0), ("V", 2.0)))
    positions = tuple(Position(choices) for _ in range(3))
    layers = [[(0, 0, 0, 100, 1.0), (0, 1, 0, 0, 0.5)]]
    layers += [[(0, HOLD, 1, 250 * place, 3.0), (0, 0, 0, 500, 1.0), (0, 1, 0, 0, 2.0), (1, 1, 0, 750, 0.5)]
               for place in (1, 2)]  # at the first of them nothing comes from state 1
    if is_ambiguous:
        layers[0].append((0, 0, 2, 50, 0.25))
        layers[1] += [(2, HOLD, 1, 0, 1.0), (2, 1, 0, 600, 1.5), (0, 1, 2, 300, 1.0)]
        layers[2].append((2, 1, 0, 0, 1.0))
    return Problem(positions, RuleSet(tuple(rules)), ensemble(2), syntax=Syntax(tuple(map(arcs_of, layers))))


def arcs_of(rows: list[tuple]) -> Arcs:
    """Rows of (source, choice, target, price, weight) as columns."""
    return Arcs(*(np.array(column) for column in zip(*rows, strict=True)))


def all_held_solutions(problem: Problem) -> dict[tuple, tuple[int, int, float]]:
    """By brute force, under what tells solutions apart: cost, least price, and weight of all ways."""
    found: dict[tuple, tuple[int, int, float]] = {}
    assert problem.syntax is not None
    for ways in product(*(range(len(layer.choice)) for layer in problem.syntax.layers)):
        rows = list(zip(problem.syntax.layers, ways, strict=True))
        if any(before.target[one] != after.source[other] for (before, one), (after, other) in pairwise(rows)):
            continue
        begun = [(place, int(layer.choice[way])) for place, (layer, way) in enumerate(rows)
                 if layer.choice[way] != HOLD]
        positions = tuple(replace(problem.positions[place], choices=(problem.positions[place].choices[choice],))
                          for place, choice in begun)
        weights = [layer.weight[way] for layer, way in rows] + [one.choices[0].weight for one in positions]
        weight = float(np.prod(weights))
        price = sum(int(layer.price[way]) for layer, way in rows)
        for one in all_solutions(replace(problem, positions=positions, syntax=None)):
            name = tuple(place for place, _ in begun), tuple(choice for _, choice in begun), one.pitches
            _, least, others = found.get(name, (0, price, 0.0))
            found[name] = one.cost, min(price, least), weight + others
    return found


def name_of(problem: Problem, solution: answers.Solution) -> tuple:
    """What tells a solution apart."""
    choices = tuple(problem.positions[start].choices.index(choice)
                    for start, choice in zip(solution.starts, solution.choices, strict=True))
    return solution.starts, choices, tuple(map(tuple, solution.pitches.tolist()))


@pytest.mark.parametrize("is_ambiguous", [False, True])
def test_held_chords_and_prices_in_every_question(is_ambiguous: bool) -> None:
    problem = held_problem(is_ambiguous)
    found = all_held_solutions(problem)
    solutions = answers.Solutions(problem)
    assert solutions.count() == solutions.count("solutions") == len(found) < 10_000
    assert is_ambiguous == (count(solutions.parts[0].trellis) > len(found)) and not solutions.counts_ways
    ranked = solutions.ranked(len(found) + 1)
    told = {name_of(problem, one): (one.cost, one.price) for one in ranked}
    assert told == {name: value[:2] for name, value in found.items()}
    assert [one.cost + one.price for one in ranked] == sorted(cost + price for cost, price, _ in found.values())
    assert name_of(problem, ranked[0]) == name_of(problem, solutions.best())
    assert {len(one.starts) for one in ranked} == {2, 3}
    chords = {name[:2] for name in found}
    assert solutions.count("chords") == len(chords) == len(solutions.ranked(100, "chords"))


@pytest.mark.parametrize("is_ambiguous", [False, True])
def test_random_held_chords_have_the_stated_laws(is_ambiguous: bool) -> None:
    problem = held_problem(is_ambiguous)
    found = all_held_solutions(problem)
    draws = 15_000
    amounts = {name: weight * exp(-cost / 2000) for name, (cost, _, weight) in found.items()}
    total = sum(amounts.values())
    stream = answers.samples(problem, Chance(21), 2.0)
    counts = Counter(name_of(problem, next(stream)) for _ in range(draws))
    assert chi_square_is_plausible(counts, {name: draws * value / total for name, value in amounts.items()})
    draws = 2000 if is_ambiguous else draws
    fair = list(islice(answers.uniforms(problem, Chance(22)), draws))
    assert all((one.cost, one.price) == found[name_of(problem, one)][:2] for one in fair)
    by_chords = Counter({name[:2]: 0.0 for name in found})
    for name in found:
        by_chords[name[:2]] += draws / len(found)
    assert chi_square_is_plausible(Counter(name_of(problem, one)[:2] for one in fair), by_chords)
    assert chi_square_is_plausible(Counter(name_of(problem, one) for one in fair),
                                   dict.fromkeys(found, draws / len(found)))
    held = sum(value for (starts, _, _), value in amounts.items() if 2 not in starts)
    assert answers.marginals(problem, 2.0).held[2] == pytest.approx(held / total)
    begun = sum(1 in starts and choices[1] == 1 for starts, choices, _ in found)
    assert answers.marginals(problem).chords[1][1] == Fraction(begun, len(found))


def test_what_is_too_entangled_is_counted_by_its_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise TooManySets(1)

    problem = held_problem(is_ambiguous=True)
    monkeypatch.setattr(counting, "determined", refuse)
    solutions = answers.Solutions(problem)
    assert solutions.counts_ways and solutions.count() == count(solutions.parts[0].trellis)


def test_solutions_may_be_asked_to_lie_apart() -> None:
    problem = held_problem()
    solutions = answers.Solutions(problem)
    apart = solutions.spread(4, 5)
    sounding = [np.repeat(one.pitches, np.diff([*one.starts, 3]), axis=0) for one in apart]
    assert len(apart) == 4 and apart[0].cost + apart[0].price == solutions.best().cost + solutions.best().price
    assert all((one != other).sum() >= 5 for one, other in combinations(sounding, 2))
    assert len(solutions.spread(4, 5, most=3)) < 4


def test_without_a_solution_there_is_nothing_to_draw_or_rank() -> None:
    problem = small_problem()
    positions = (replace(problem.positions[0], given={0: frozenset()}), *problem.positions[1:])
    nothing = replace(problem, positions=positions)
    assert answers.count(nothing) == answers.count(nothing, distinct="chords") == 0
    for ask in (answers.best, answers.marginals, lambda one: answers.ranked(one, 3),
                lambda one: answers.sample(one, Chance(1)), lambda one: answers.uniform(one, Chance(1))):
        with pytest.raises(DeadEnd):
            ask(nothing)


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
