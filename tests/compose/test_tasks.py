"""Tasks: what is solved becomes a score with its times, its chords, and what was locked left as it was."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from theorygen.compose.composition import Composer, task_of
from theorygen.compose.question import Question
from theorygen.compose.stretches import Moment
from theorygen.grammar.style import load_style
from theorygen.score.event import Event
from theorygen.solve import answers
from theorygen.solve.answers import Solution
from theorygen.theory import Meter, Pitch

STYLE = load_style("textbook-chorale")
PIECE = Composer(STYLE, {"phrases": 2}).compose(5, "C")
TASK = task_of(PIECE.plan, STYLE)
HALF = Fraction(1, 2)


def note(onset: Fraction | int, duration: Fraction | int, pitch: str) -> Event:
    return Event(Fraction(onset), Fraction(duration), (Pitch.parse(pitch),))


def test_a_composer_writes_what_its_task_writes() -> None:
    assert TASK.score(PIECE.solution).parts == PIECE.score.parts
    assert TASK.score(PIECE.solution).chords == PIECE.score.chords
    assert TASK.end == PIECE.score.end and TASK.measures == PIECE.score.measures()


def test_places_are_those_of_the_score() -> None:
    for index, moment in enumerate(TASK.moments):
        assert TASK.where(index, index + 1) == str(PIECE.score.location(moment.onset))
    assert TASK.where(0, 3) == f"{TASK.location(0)} to {TASK.location(2)}"


def test_what_is_locked_stands_and_the_voicing_fills_the_gaps() -> None:
    locked = (note(HALF, HALF, "C5"), note(1, Fraction(3, 2), "D5"), Event(Fraction(3), Fraction(1)))
    score = replace(TASK, locked={"soprano": locked}).score(PIECE.solution)
    events = score.voice("soprano").events
    for event in locked:
        kept = next(one for one in events if one.onset == event.onset)
        assert kept == event and kept.provenance and kept.provenance["given"]
    assert [event.onset for event in events[:6]] == [0, HALF, 1, Fraction(5, 2), 3, 4]
    assert events[0].pitch == PIECE.score.voice("soprano").events[0].pitch
    assert events[3].pitch == PIECE.score.voice("soprano").events[2].pitch
    assert score.voice("alto") == PIECE.score.voice("alto")


def test_fermatas_stand_at_cadences_in_every_voice_also_over_locked_notes() -> None:
    goal = next(chord for chord in PIECE.score.chords if chord.cadence)
    locked = {"soprano": (note(goal.onset, goal.duration / 2, "D5"), note(goal.onset + goal.duration / 2,
                                                                         goal.duration / 2, "C5"))}
    score = replace(TASK, locked=locked).score(PIECE.solution)
    for voice in score.voices:
        ends = {chord.end for chord in score.chords if chord.cadence}
        assert {event.end for event in voice.events if event.fermata} == ends


def test_a_chord_lasts_until_the_next_begins() -> None:
    first, last = PIECE.solution.choices[0], PIECE.solution.choices[-1]
    held = Solution((first, last), PIECE.solution.pitches[[0, -1]], 0)
    object.__setattr__(held, "starts", (0, 5))
    score = TASK.score(held)
    assert [(chord.onset, chord.end) for chord in score.chords] == [
        (0, TASK.moments[5].onset), (TASK.moments[5].onset, TASK.end)]
    assert all(voice.end == TASK.end and len(voice.events) == 2 for voice in score.voices)


def test_where_no_moment_is_all_voices_rest() -> None:
    gap = tuple(replace(moment, onset=moment.onset + (2 if index > 6 else 0)) for index, moment in
                enumerate(TASK.moments))
    score = replace(TASK, moments=gap).score(PIECE.solution)
    for voice in score.voices:
        assert [(event.onset, event.duration) for event in voice.events if event.is_rest] == [(gap[6].end, 2)]
    assert not any(chord.onset <= gap[6].end < chord.end for chord in score.chords)


def test_given_notes_are_told_from_found_ones() -> None:
    pitches = {3: frozenset({int(PIECE.solution.pitches[1, 3])})}
    positions = (TASK.problem.positions[0], replace(TASK.problem.positions[1], given=pitches),
                 *TASK.problem.positions[2:])
    task = replace(TASK, problem=replace(TASK.problem, positions=positions))
    score = task.score(answers.best(task.problem))
    marked = [(voice.name, index) for voice in score.voices for index, event in enumerate(voice.events)
              if (event.provenance or {}).get("given")]
    assert marked == [("bass", 1)]


def test_meters_may_change() -> None:
    meters = ((Fraction(0), Meter(4, 4)), (Fraction(4), Meter(3, 4)))
    task = replace(TASK, meters=meters)
    score = replace(PIECE.score, meters=meters)
    assert [task.location(index) for index in range(len(task.moments))] == [
        score.location(moment.onset) for moment in task.moments]
    assert task.location(len(task.moments) - 1) != TASK.location(len(task.moments) - 1)


@pytest.mark.parametrize("moment", [Moment(Fraction(3), HALF)])
def test_a_moment_ends_when_its_time_is_over(moment: Moment) -> None:
    assert moment.end == Fraction(7, 2)


def test_the_default_question_is_the_best_answer() -> None:
    assert Question() == Question("best", None, None, 1, "solutions")
