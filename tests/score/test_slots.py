"""Scores as arrays."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from tests.score.fixtures import SCORES, scores
from theorygen.score import parse_text_score
from theorygen.score.slots import ATTACK, GRIDS, HELD, SILENT
from theorygen.theory import Interval, Pitch, TheoryError


def spelled(slots):
    return [[str(Pitch.from_code(code)) if code >= 0 else "-" for code in row] for row in slots.codes.tolist()]


def test_quarters_against_a_whole_note():
    slots = SCORES["quarters against whole notes"].slots()
    assert slots.voices == ("soprano", "bass")
    assert spelled(slots) == [["C5", "C3"], ["D5", "C3"], ["E5", "C3"], ["F5", "C3"]]
    assert slots.states.tolist() == [[ATTACK, ATTACK], [ATTACK, HELD], [ATTACK, HELD], [ATTACK, HELD]]
    assert slots.weights.tolist() == [3, 1, 2, 1]


def test_a_release_makes_a_slot():
    slots = parse_text_score("S: C5*1/2 r*1/2 r D5 | B: C3*3").slots()
    assert slots.onsets == [0, Fraction(1, 2), 2]
    assert slots.states[:, 0].tolist() == [ATTACK, SILENT, ATTACK]
    assert slots.durations == [Fraction(1, 2), Fraction(3, 2), 1]


def test_a_tied_note_makes_no_slot():
    slots = parse_text_score("S: C5~ C5 D5 | B: C3*3").slots()
    assert slots.onsets == [0, 2]


def test_a_coarser_grid_sees_new_notes_since_its_last_slot():
    slots = parse_text_score("S: C5*1/2 D5*5/2 | B: C3*3").slots("beats")
    assert spelled(slots) == [["C5", "C3"], ["D5", "C3"], ["D5", "C3"]]
    assert slots.states[:, 0].tolist() == [ATTACK, ATTACK, HELD]


def test_strong_beats_and_pickups():
    assert SCORES["pickup"].slots("beats").onsets == [0, 1, 2, 3, 4]
    assert SCORES["pickup"].slots("strong-beats").onsets == [1, 3]


def test_the_skeleton_has_a_slot_for_each_chord():
    slots = SCORES["fermata"].slots("skeleton")
    assert slots.chords.tolist() == [0, 1, 2, 3]
    assert slots.phrases.tolist() == [0, 0, 1, 1]


def test_chords_show_their_top_note_and_drums_are_left_out():
    slots = SCORES["piano chords"].slots()
    assert spelled(slots) == [["G4"], ["Ab4"], ["-"], ["G4"], ["A4"]]
    assert slots.multiple[:, 0].tolist() == [True, True, False, True, True]
    assert SCORES["drums"].slots().voices == ("soprano",)


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("name", SCORES)
def test_arrays_of_every_fixture_have_the_promised_shapes(name, grid):
    score = SCORES[name]
    slots = score.slots(grid)
    shape = (len(slots), len(score.pitched_voices))
    for array, kind in ((slots.codes, np.int32), (slots.states, np.uint8), (slots.multiple, np.bool_),
                        (slots.events, np.int32)):
        assert array.shape == shape and array.dtype == kind
    assert slots.weights.shape == slots.chords.shape == slots.phrases.shape == (len(slots),)
    assert (slots.silent == (slots.codes < 0)).all()


@given(scores())
def test_attack_slots_tile_the_score_and_show_what_sounds(score):
    slots = score.slots()
    assert sum(slots.durations) == score.end
    for column, voice in enumerate(score.pitched_voices):
        for row, onset in enumerate(slots.onsets):
            sounding = [event for event in voice.events if event.onset <= onset < event.end]
            expected = sounding[0].pitch.code if sounding and sounding[0].pitches else -1
            assert slots.codes[row, column] == expected


@given(scores())
def test_transposing_shifts_all_codes_alike(score):
    step = Interval.parse("M2")
    before, after = score.slots(), score.transpose(step).slots()
    assert (after.codes == np.where(before.codes < 0, -1, before.codes + step.code)).all()
    assert (after.states == before.states).all()


def test_lengths_that_no_tick_divides_keep_their_times():
    primes = (97, 89, 83, 79, 73, 71, 67, 61, 59, 53, 47, 43)
    score = parse_text_score("S: " + " ".join(f"C5*{prime // 2}/{prime}" for prime in primes) + " | in C: I*2 V*4")
    slots = score.slots()
    wanted = {event.onset for event in score.voices[0].events} | {0, 2, score.voices[0].end}
    assert slots.onsets == sorted(wanted)
    assert (np.diff(slots.times) > 0).all()


def test_unknown_grids_name_the_nearest():
    with pytest.raises(TheoryError) as caught:
        SCORES["fermata"].slots("attack")
    assert caught.value.nearest == "attacks"
