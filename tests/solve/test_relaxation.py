"""The least bad solution: as few faults as enumeration finds where it says so, and what is given stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.solve.test_conflict import MOST_SEQUENCES, Everything, given_problems, syntax_of, tight_problem, written
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import answers
from theorygen.solve.basics import is_of_chord
from theorygen.solve.conflict import NoSolution
from theorygen.solve.elements import Element, notes_asked
from theorygen.solve.judging import broken
from theorygen.solve.minimal import fewest_of_each
from theorygen.solve.problem import Problem
from theorygen.solve.relaxation import OTHER_CHORD, least_bad
from theorygen.theory import Pitch


def fewest_faults(problem: Problem) -> int | None:
    """The fewest windows that break hard rules, over all sequences with all that is asked; None when there is none."""
    every = Everything(problem)
    if len(every.sequences) > MOST_SEQUENCES:
        pytest.skip("too many sequences to count")
    rows = [row for row, (choices, pitches) in enumerate(every.sequences)
            if not any(every._breaks(one, choices, pitches) for one in notes_asked(problem))]
    counts = []
    for row in rows:
        choices, pitches = every.sequences[row]
        taken = tuple(position.choices[choice] for position, choice in zip(problem.positions, choices, strict=True))
        counts.append(len(broken(problem, answers.Solution(taken, pitches, 0), problem.rules.solved.hard)))
    return min(counts, default=None)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(given_problems())
def test_no_solution_has_fewer_faults_than_the_one_proven_least_bad(problem: Problem) -> None:
    assert_least(problem)


@pytest.mark.parametrize("seed", range(60))
def test_several_faults_are_as_few_as_can_be(seed: int) -> None:
    assert_least(tight_problem(seed))


def assert_least(problem: Problem) -> None:
    """The faults are the fewest that enumeration finds, where they are said to be; else no fewer."""
    try:
        found = least_bad(problem)
    except NoSolution:
        assert fewest_faults(problem) is None
        return
    small = Everything(problem).sequences
    if found.relaxed or len(small) > MOST_SEQUENCES // 20:
        return
    fewest = fewest_faults(problem)
    assert fewest is not None
    assert len(found.faults) == fewest if found.proven else len(found.faults) >= fewest


@settings(max_examples=60, deadline=None, derandomize=True)
@given(given_problems())
def test_what_the_least_bad_solution_breaks_is_all_it_breaks(problem: Problem) -> None:
    try:
        found = least_bad(problem)
    except NoSolution:
        return
    solution = found.solution
    assert all(any(one is choice for one in position.choices)
               for position, choice in zip(problem.positions, solution.choices, strict=True))
    for position, choice, pitches in zip(problem.positions, solution.choices, solution.pitches.tolist(), strict=True):
        for voice, codes in [*position.given.items(), *choice.given.items()]:
            assert pitches[voice] in codes
    assert 0 <= solution.cost < 10**9
    if not found.faults and not found.relaxed:
        assert solution.cost == answers.best(problem).cost


def test_a_problem_with_a_solution_has_no_faults() -> None:
    problem = written("C", "I IV V I")
    found = least_bad(problem)
    assert (found.faults, found.relaxed, found.proven) == ((), (), True)
    assert found.solution.cost == answers.best(problem).cost and str(found) == "0 faults, the fewest there can be"


def test_the_german_sixth_goes_to_the_dominant_with_one_fault() -> None:
    found = least_bad(written("a", "i iv6 Ger65 V i"))
    assert [one.rule.name for one in found.faults] in (["parallel-fifths"], ["parallel-fifths-german-sixth"])
    assert found.proven and str(found) == "1 fault, the fewest there can be"


@pytest.mark.parametrize(("key", "chords"), [("Bb", "I V42/IV IV6 V65/V V"), ("c", "i viio7 i viio65/V V7 i")])
def test_voices_move_badly_rather_than_that_a_chord_becomes_another(key: str, chords: str) -> None:
    found = least_bad(written(key, chords))
    assert found.proven and not any(is_of_chord(one.rule.rule) for one in found.faults)
    assert found.solution.cost < OTHER_CHORD


def test_a_chord_becomes_another_where_nothing_else_helps() -> None:
    found = least_bad(written("C", "I V6 I", {1: {3: "D3"}}))
    assert [one.rule.name for one in found.faults] == ["bass-is-inversion"] and found.solution.cost < OTHER_CHORD


def test_a_leading_tone_given_to_leap_away_does_so() -> None:
    found = least_bad(written("C", "I V I", {1: {0: "B4"}, 2: {0: "E5"}}))
    assert [Pitch.from_code(code) for code in found.solution.pitches[1:, 0]] == [Pitch.parse("B4"), Pitch.parse("E5")]
    assert [one.rule.name for one in found.faults] == ["leading-tone-outer-resolves"] and found.proven


@pytest.mark.parametrize(("note", "voice", "kind"), [("A5", 0, "range"), ("F3", 3, "chord")])
def test_a_note_that_cannot_be_sung_stands_and_is_told(note: str, voice: int, kind: str) -> None:
    problem = written("C", "I IV6 I" if kind == "range" else "I V6 I", {1: {voice: note}})
    found = least_bad(problem)
    assert found.solution.pitches[1, voice] == Pitch.parse(note).code
    assert any(one.position == 1 and one.voices == (voice,) for one in found.faults)
    without_rules = least_bad(replace(problem, rules=RuleSet(())))
    assert without_rules.relaxed == (Element(kind, 1, voice=voice),) and without_rules.faults == ()


def test_notes_that_contradict_each_other_cannot_both_stand() -> None:
    problem = written("C", "I V I", {1: {0: "B4"}})
    position = problem.positions[1]
    other = replace(position.choices[0], given={0: frozenset({Pitch.parse("G4").code})})
    torn = replace(problem, positions=(problem.positions[0], replace(position, choices=(other,)), problem.positions[2]))
    with pytest.raises(NoSolution, match="chord 2: the soprano is given G4 and B4 at once"):
        least_bad(torn)


def test_degrees_go_before_notes_given() -> None:
    problem = written("C", "I V I", {1: {0: "B4"}})
    asked = replace(problem.positions[1], degrees={0: frozenset({2})})
    found = least_bad(replace(problem, positions=(problem.positions[0], asked, problem.positions[2])))
    assert found.relaxed == (Element("degree", 1, voice=0),) and found.solution.pitches[1, 0] == Pitch.parse("B4").code


def test_the_harmony_is_left_last() -> None:
    problem = written("C", "I V I", {1: {0: "F4"}})
    choices = (*problem.positions[1].choices, *written("C", "I IV I").positions[1].choices)
    middle = replace(problem.positions[1], choices=choices)
    syntax = syntax_of([(0, 0, 0)], [(0, 0, 0)], [(0, 0, 0)])
    found = least_bad(replace(problem, positions=(problem.positions[0], middle, problem.positions[2]), syntax=syntax))
    assert found.relaxed == (Element("harmony"),) and found.solution.choices[1] is choices[1]


def test_many_faults_in_one_piece_are_all_proven_needed() -> None:
    given = {place: {0: note} for place, note in enumerate(["G4", "B4", "E4", "A4", "B4", "C5", "B4", "E5"])}
    found = least_bad(written("C", "I V I IV V I V I", given))
    assert [one.position for one in found.faults if one.rule.name == "leading-tone-outer-resolves"] == [2, 7]
    assert found.proven


def test_the_fewest_items_with_a_part_in_every_conflict() -> None:
    conflicts = ["abc", "cde", "efa", "bd"]
    chosen = fewest_of_each(conflicts, 1000)
    assert chosen is not None and len(chosen) == 2 and all(set(chosen) & set(one) for one in conflicts)
    assert fewest_of_each([], 10) == [] and fewest_of_each(conflicts, 1) is None
    assert len(fewest_of_each([[number] for number in range(7)], 1000) or []) == 7
