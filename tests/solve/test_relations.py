"""Relations solved: what engines find keeps them, seen note by note, and `check` agrees."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from theorygen.rules.check import check
from theorygen.rules.relation_demands import Copy, Impossible, Twelve
from theorygen.rules.rule_set import RuleSet, resolve_rules
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.event import Event
from theorygen.score.part import arrange
from theorygen.score.score import Score
from theorygen.score.timeline import measures_of
from theorygen.solve import answers
from theorygen.solve.answers import Solution, Solutions
from theorygen.solve.engines import BEST, COUNT, choose
from theorygen.solve.engines.form import SAMPLE
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.relations import Bound, relations_of
from theorygen.solve.trellis import build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.source.document import parse_document
from theorygen.theory import Interval, Key, Meter, Pitch, RomanNumeral

KEY = Key.parse("C")
METER = Meter.parse("4/4")
CHOICES = ("I6", "IV", "V", "vi")
CANON = "one: {relation: canon, leader: soprano, follower: alto, interval: -P5, distance: 2}"
MOTIF = "one: {relation: same-motif, at: [soprano m1, soprano m1 b4], length: 3, transposed: -2 steps}"
LEAPS = "one: {over: piece, total: {over: melodic-step, when: leaps and voice == soprano}, require: total == 2}"


def style(text: str) -> RuleSet:
    """The rules of a style."""
    document = parse_document(f"use: [strict-textbook]\n{text}", "style.yaml")
    return resolve_rules(document.data, document, ())


def bound(rules: RuleSet, count: int, ensemble: Ensemble) -> tuple[Bound, ...]:
    """Its relations for a chord every quarter."""
    end = Fraction(count)
    return relations_of(rules, [Fraction(place) for place in range(count)], end,
                        measures_of(((Fraction(0), METER),), Fraction(0), end), ensemble.names)


def problem(text: str, count: int = 6) -> Problem:
    """Chords to choose from between two tonics, under some rules of the textbook and a relation."""
    rules, ensemble, last = style(text), Ensemble.named("satb"), count - 1
    positions = tuple(Position(tuple(
        Choice(Slot(RomanNumeral.parse(chord, KEY), METER.weight(Fraction(place)), place == 0, place == last,
                    place == 0, place == last)) for chord in (CHOICES if 0 < place < last else ("I",))))
        for place in range(count))
    solved = RuleSet(tuple(rule for rule in rules.on(("skeleton",)).solved.rules
                           if rule.rule.over not in ("melodic-turn", "voice-line")))
    return Problem(positions, solved, ensemble, relations=bound(rules, count, ensemble))


def score_of(asked: Problem, solution: Solution) -> Score:
    """One quarter a chord."""
    events = {name: tuple(Event(Fraction(place), Fraction(1), (Pitch.from_code(int(code)),))
                          for place, code in enumerate(solution.pitches[:, voice]))
              for voice, name in enumerate(asked.ensemble.names)}
    return Score(arrange(asked.ensemble, events), ((Fraction(0), METER),), ((Fraction(0), KEY),),
                 ensemble=asked.ensemble)


def solved(asked: Problem) -> Solution:
    """The best solution by the engine that is chosen."""
    engine, _ = choose(asked)
    outcome = engine.best(asked, Workshop(asked.rules, asked.ensemble))
    assert outcome.proven and outcome.solution is not None
    return outcome.solution


def test_a_canon_answers_note_by_note() -> None:
    asked = problem(CANON, 8)
    pitches = solved(asked).pitches
    assert ((pitches[2:, 1] - pitches[:-2, 0]) == -Interval.parse("P5").code).all()


@pytest.mark.parametrize("text", [CANON, MOTIF, LEAPS])
def test_what_is_solved_is_clean_under_check_and_what_is_not_asked_for_is_not(text: str) -> None:
    asked = problem(text)
    alone = RuleSet(style(text).relations)
    assert not check(score_of(asked, solved(asked)), alone)
    free = replace(asked, relations=())
    assert check(score_of(free, solved(free)), alone)
    assert solved(asked).cost >= solved(free).cost


def test_the_engine_is_chosen_with_its_reason_and_the_layered_solver_refuses() -> None:
    asked = problem(CANON)
    engine, reason = choose(asked, BEST)
    assert engine.name != "layered" and "(one)" in reason
    with pytest.raises(InputError, match="engine 'layered' cannot answer: notes that stand apart"):
        choose(asked, BEST, "layered")
    with pytest.raises(InputError, match="no engine can answer this"):
        choose(asked, SAMPLE)
    with pytest.raises(ValueError, match="'one' is not read from left to right"):
        build_trellis(asked, Workshop(asked.rules, asked.ensemble))


def test_totals_are_kept_in_every_question_by_the_layered_solver() -> None:
    asked = problem(LEAPS, 5)
    assert choose(asked, SAMPLE)[0].name == choose(asked, COUNT)[0].name == "layered"
    solutions = Solutions(asked)
    drawn = solutions.samples(Chance(3), 4.0)
    third = 2
    for one in [*solutions.ranked(5), *(next(drawn) for _ in range(20))]:
        steps = [abs(Interval.from_code(int(code)).steps) for code in one.pitches[1:, 0] - one.pitches[:-1, 0]]
        assert sum(step >= third for step in steps) == third
    every = [answers.count(replace(asked, relations=bound(style(LEAPS.replace("== 2", f"== {total}")), 5,
                                                          asked.ensemble))) for total in range(5)]
    assert sum(every) == answers.count(replace(asked, relations=())) and every[2] == solutions.count() > 0


def test_invertible_counterpoint_needs_no_other_engine() -> None:
    text = "one: {relation: invertible, voices: [soprano, alto], interval: P8, keep: [parallel-fifths]}"
    asked, free = problem(text), problem("parallel-fifths: hard")
    assert not asked.relations and choose(asked)[0].name == "layered"
    assert answers.count(asked) < answers.count(free)


def row_problem(count: int = 12) -> Problem:
    """One voice without chords that may sing a chromatic octave, under one rule over its steps."""
    text = "one: {relation: row, voices: all}\nsmall: {over: melodic-step, cost: abs(semitones)}"
    document = parse_document(text, "row.yaml")
    rules = resolve_rules(document.data, document, ())
    names = ["C4", "C#4", "D4", "Eb4", "E4", "F4", "F#4", "G4", "G#4", "A4", "Bb4", "B4"][:count]
    codes = frozenset(Pitch.parse(name).code for name in names)
    low, high = Pitch.parse("C4"), Pitch.parse("C5")
    ensemble = Ensemble("one", (VoiceSpec("melody", low, high, (low, high)),))
    positions = tuple(Position((Choice(Slot(None, first=place == 0), given={0: codes}),)) for place in range(count))
    return Problem(positions, rules.on(("skeleton",)).solved, ensemble, relations=bound(rules, count, ensemble))


def test_a_row_without_chords_takes_each_of_twelve_pitch_classes_once() -> None:
    asked = row_problem()
    found = solved(asked)
    classes = {Pitch.from_code(int(code)).midi % 12 for code in found.pitches[:, 0]}
    assert len(classes) == 12 and found.cost == 11_000  # one semitone a step is the least there can be


def test_rows_are_counted_exactly() -> None:
    asked = row_problem(5)
    engine, _ = choose(asked, COUNT)
    assert engine.count(asked, Workshop(asked.rules, asked.ensemble)) == 120


def test_a_problem_without_chords_and_without_given_notes_is_refused() -> None:
    voice = VoiceSpec("melody", Pitch.parse("C4"), Pitch.parse("C5"), (Pitch.parse("C4"), Pitch.parse("C5")))
    with pytest.raises(ValueError, match="no chord"):
        Problem((Position((Choice(Slot(None)),)),), RuleSet(()), Ensemble("one", (voice,)))


def demands(text: str, onsets: list[int], end: int) -> list:
    """What a relation demands of two voices that sing at these quarters."""
    found = relations_of(style(text), [Fraction(onset) for onset in onsets], Fraction(end),
                         measures_of(((Fraction(0), METER),), Fraction(0), Fraction(end)), ("soprano", "alto"))
    return [demand for one in found for demand in one.demands]


def test_distances_in_time_and_in_slots_pair_the_right_notes() -> None:
    canon, = demands(CANON, [0, 1, 2, 4, 5, 6], 8)
    assert isinstance(canon, Copy)
    assert canon.pairs == (((0, 0), (2, 1)), ((1, 0), None), ((2, 0), (3, 1)), (None, (4, 1)),
                           ((3, 0), (5, 1)), ((4, 0), None))
    canon, = demands(CANON.replace("distance: 2", "distance: 2 slots"), [0, 1, 2, 4, 5, 6], 8)
    assert canon.pairs == tuple(((slot, 0), (slot + 2, 1)) for slot in range(4))


def test_what_no_bar_holds_cannot_be_kept_and_what_no_voice_sings_is_not_asked() -> None:
    impossible, = demands(MOTIF.replace("soprano m1 b4", "soprano m9"), [0, 1, 2, 3], 4)
    assert isinstance(impossible, Impossible)
    assert not demands(MOTIF.replace("soprano m1 b4", "tenor m1 b4"), [0, 1, 2, 3], 4)
    row, = demands("one: {relation: row, voices: all}", [0, 1], 2)
    assert row == Twelve(((0, 0), (0, 1), (1, 0), (1, 1)))


def test_a_canon_that_time_forbids_has_no_solution_in_any_engine() -> None:
    asked = problem(CANON.replace("distance: 2", "distance: 1.5"))
    engine, _ = choose(asked)
    outcome = engine.best(asked, Workshop(asked.rules, asked.ensemble))
    assert outcome.solution is None and outcome.proven
