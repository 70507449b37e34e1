"""Required violations: exactly the solutions that enumeration finds with those faults and no other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest

from tests.solve.test_conflict import Everything, tight_problem, written
from theorygen.rules.rule import THOUSAND
from theorygen.rules.rule_set import RuleSet, profile, resolve_rules
from theorygen.score.location import Location
from theorygen.solve import answers
from theorygen.solve.basics import is_basic
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.elements import notes_asked
from theorygen.solve.judging import Broken, broken
from theorygen.solve.problem import Problem
from theorygen.solve.relaxation import least_bad
from theorygen.solve.requiring import Demand, read_demands, require
from theorygen.solve.trellis import DeadEnd
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.source.document import parse_document

DEMANDED = ("parallel-fifths", "melodic-no-large-leap", "melodic-no-augmented", "voice-crossing", "voice-overlap",
            "parallel-unison-octave", "all-voices-similar")
FEW_SEQUENCES = 2500


def all_judged(problem: Problem) -> list[tuple[answers.Solution, list[Broken]]]:
    """Every sequence with all notes as asked, and the hard rules it breaks."""
    every = Everything(problem)
    found = []
    for choices, pitches in every.sequences:
        if not any(every._breaks(one, choices, pitches) for one in notes_asked(problem)):
            taken = tuple(position.choices[choice] for position, choice in zip(problem.positions, choices, strict=True))
            solution = answers.Solution(taken, pitches, 0)
            found.append((solution, broken(problem, solution, problem.rules.solved.hard)))
    return found


def notes(solution: answers.Solution) -> tuple[tuple[int, ...], ...]:
    """The pitch codes of a solution."""
    return tuple(map(tuple, solution.pitches.tolist()))


def loose_problem(seed: int) -> Problem:
    """A small problem under the rules that are demanded to be broken."""
    problem = tight_problem(seed)
    rules = [rule for rule in profile("strict-textbook").on(("skeleton",)).solved.hard if rule.name in DEMANDED]
    positions = tuple(replace(one, given=dict(sorted(one.given.items())[:1])) for one in problem.positions)
    return replace(problem, positions=positions, rules=RuleSet(tuple(rules)))


@pytest.mark.parametrize("only", [True, False])
@pytest.mark.parametrize("part", range(4))
def test_solutions_with_required_faults_are_those_enumerated(part: int, only: bool) -> None:
    found = 0
    for seed in range(8 * part, 8 * part + 8):
        problem = loose_problem(seed)
        judged = all_judged(problem)
        if len(judged) > FEW_SEQUENCES:
            continue
        places = None if seed % 3 == 0 else tuple(range(1, len(problem.positions)))[: 1 + seed % 2]
        for name in dict.fromkeys(rule.name for rule in problem.rules.rules):
            for count in (1, 2):
                found += assert_enumerated(problem, judged, Demand(name, places, count), only)
    assert found >= 5


def assert_enumerated(problem: Problem, judged: list[tuple[answers.Solution, list[Broken]]], demand: Demand,
                      only: bool) -> bool:
    """The solutions with a fault are those that have it and no other; whether there are some."""
    def wanted(faults: list[Broken]) -> bool:
        there = [one for one in faults if one.rule.name == demand.rule
                 and (demand.places is None or one.position in demand.places)]
        return len(faults) == len(there) and (len(there) == demand.count if only else len(there) >= demand.count)
    expected = {notes(solution) for solution, faults in judged if wanted(faults)}
    required = require(problem, [demand], only)
    assert answers.count(required) == len(expected)
    if expected:
        ranked = answers.Solutions(required).ranked(len(expected) + 1)
        assert {notes(one) for one in ranked} == expected and len(ranked) == len(expected)
        assert all(one.cost == 0 for one in ranked)
    return bool(expected)


def test_two_kinds_of_faults_at_once() -> None:
    problem = written("C", "I IV V I")
    required = require(problem, [Demand("parallel-fifths", (1,)), Demand("leading-tone-outer-resolves", (3,))])
    found = answers.best(required)
    faults = broken(problem, found, problem.rules.hard)
    assert sorted((one.rule.name, one.position) for one in faults) == [
        ("leading-tone-outer-resolves", 3), ("parallel-fifths", 1)]


def test_costs_are_those_of_the_weighted_rules() -> None:
    problem = written("C", "I IV V I")
    required = require(problem, [Demand("parallel-fifths", (1,))])
    found = answers.best(required)
    weighted = broken(problem, found, problem.rules.solved.weighted)
    assert found.cost == sum(one.amount for one in weighted) > 0
    drawn = answers.sample(required, Chance(4), 3.0)
    assert drawn.cost == sum(one.amount for one in broken(problem, drawn, problem.rules.solved.weighted))


def test_best_ranked_and_samples_all_have_the_fault() -> None:
    problem = written("C", "I IV V I")
    required = require(problem, [Demand("parallel-fifths", (2,))])
    solutions = answers.Solutions(required)
    some = [solutions.best(), *solutions.ranked(20), *islice(solutions.samples(Chance(1), 5.0), 20),
            *islice(solutions.uniforms(Chance(2)), 20)]
    for one in some:
        faults = broken(problem, one, problem.rules.hard)
        assert [(fault.rule.name, fault.position) for fault in faults] == [("parallel-fifths", 2)]


def test_the_fault_of_a_line_is_counted_by_lines() -> None:
    document = parse_document("peak: {over: voice-line, fold: climax, when: is_top, require: hits == 1}\n", "one.yaml")
    problem = replace(written("C", "I V I"), rules=resolve_rules(document.data, document, ()))
    whole, without = answers.count(replace(problem, rules=RuleSet(()))), answers.count(problem)
    assert answers.count(require(problem, [Demand("peak")])) == whole - without > 0


def test_a_weighted_rule_may_be_required_too_and_costs_what_it_costs() -> None:
    problem = written("C", "I IV V I")
    name = problem.rules.solved.weighted[0].name
    required = require(problem, [Demand(name)])
    try:
        found = answers.best(required)
    except DeadEnd:
        return
    told = [one for one in broken(problem, found, problem.rules.solved.weighted) if one.rule.name == name]
    assert len(told) == 1


def test_what_cannot_be_broken_is_explained() -> None:
    still = dict(enumerate(("C5", "G4", "E4", "C3")))
    problem = written("C", "I I V I", {0: still, 1: still})
    required = require(problem, [Demand("parallel-fifths", (1,))])
    with pytest.raises(DeadEnd) as end:
        answers.best(required)
    conflict = explain_dead_end(required, end.value.position)
    assert "the fault required: parallel-fifths" in str(conflict) and (conflict.start, conflict.stop) == (0, 2)
    assert conflict.asked and all(is_basic(rule.rule) for rule in problem.rules.hard if rule.name in conflict.rules)
    assert "cannot be voiced with" in conflict.summary and "the fault required, parallel-fifths" in conflict.summary
    with pytest.raises(InputError, match="not to be avoided"):
        least_bad(required)


def test_without_a_solution_at_all_the_fault_is_not_to_blame() -> None:
    problem = written("C", "I IV V I", {2: {0: "B4"}, 3: {0: "E5"}})
    required = require(problem, [Demand("parallel-fifths", (1,))])
    with pytest.raises(DeadEnd) as end:
        answers.best(required)
    assert explain_dead_end(required, end.value.position).rules == ("leading-tone-outer-resolves",)


PLACES = [Location(measure, Fraction(beat)) for measure, beat in [(1, 1), (1, 3), (2, 1), (2, 3)]]


@pytest.mark.parametrize(("text", "places"), [
    ("parallel-fifths", None), ("parallel-fifths@m1", (0, 1)), ("parallel-fifths@m2b3", (3,)),
    ("parallel-fifths@m1-2", (0, 1, 2, 3)), (" parallel-fifths@m2b1 ", (2,)),
])
def test_demands_are_read(text: str, places: tuple[int, ...] | None) -> None:
    problem = written("C", "I IV V I")
    assert read_demands([text], problem, PLACES) == (Demand("parallel-fifths", places, 1),)
    assert read_demands([text, text], problem, PLACES) == (Demand("parallel-fifths", places, 2),)


@pytest.mark.parametrize(("text", "message"), [
    ("paralel-fifths", "did you mean 'parallel-fifths'?"),
    ("parallel-fifths@m9", "there is no chord at 'm9'"),
    ("parallel-fifths@m2b2", "there is no chord at 'm2b2'"),
    ("parallel-fifths@2", "names no fault"),
    ("parallel-fifths@", "names no fault"),
    ("parallel-fifths@m1b1", "'parallel-fifths' judges nothing there"),
    ("", "names no fault"),
])
def test_bad_demands_are_told_with_what_could_stand_there(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_demands([text], written("C", "I IV V I"), PLACES)
    assert message in str(error.value)


def test_all_bad_demands_are_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        read_demands(["no-such-rule", "parallel-fifths@m7"], written("C", "I IV V I"), PLACES)
    assert len(error.value.diagnostics) == 2
    with pytest.raises(InputError, match="at most 5"):
        require(written("C", "I IV V I"), [Demand("parallel-fifths", (place,)) for place in (1, 2, 3)] * 2)
    with pytest.raises(InputError, match="0 times"):
        require(written("C", "I IV V I"), [Demand("parallel-fifths", None, 0)])


def test_faults_are_counted_beside_the_heaviest_weights() -> None:
    problem = written("C", "I IV V I")
    heaviest = tuple(rule if rule.hard else replace(rule, weight=10**6 * THOUSAND) for rule in problem.rules.rules)
    heavy = replace(problem, rules=RuleSet(heaviest))
    demands = [Demand("parallel-fifths", (1,))]
    for only in (True, False):
        assert answers.count(require(heavy, demands, only)) == answers.count(require(problem, demands, only))
