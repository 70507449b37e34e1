"""Ensembles that ship and ensembles from data."""

from itertools import pairwise

import pytest

from theorygen.score import Ensemble, ScoreError, arrange, parse_text_score
from theorygen.score.ensemble import built_in_ensembles
from theorygen.theory import Interval, Pitch, TheoryError

ALTO = {"name": "alto", "range": ["G3", "D5"]}


@pytest.mark.parametrize("ensemble", built_in_ensembles().values(), ids=built_in_ensembles())
def test_shipped_ensembles_round_trip_and_lie_in_order(ensemble):
    assert Ensemble.from_data(ensemble.to_data()) == ensemble
    assert [voice.staff for voice in ensemble.voices] == sorted(voice.staff for voice in ensemble.voices)
    for voice in ensemble.voices:
        assert voice.contains(voice.tessitura[0]) and voice.contains(voice.tessitura[1])
    for upper, lower in pairwise(ensemble.voices):
        assert upper.lowest >= lower.lowest and upper.highest >= lower.highest


def test_satb_has_the_textbook_ranges():
    ranges = {voice.name: (str(voice.lowest), str(voice.highest)) for voice in Ensemble.named("satb").voices}
    assert ranges == {"soprano": ("C4", "G5"), "alto": ("G3", "D5"), "tenor": ("C3", "G4"), "bass": ("E2", "D4")}


def test_staves_become_parts_and_a_keyboard_is_one_part():
    satb = parse_text_score("S: C5 | A: E4 | T: G3 | B: C3")
    assert [[voice.name for voice in part.voices] for part in satb.parts] == [["soprano", "alto"], ["tenor", "bass"]]
    keyboard = Ensemble.named("keyboard")
    (piano,) = arrange(keyboard, dict.fromkeys(keyboard.names, ()))
    assert (piano.clefs, piano.staves) == (("treble", "bass"), (1, 1, 1, 2))


def test_tessitura_is_the_middle_of_the_range_unless_given():
    (alto,) = Ensemble.from_data([ALTO]).voices
    assert alto.lowest < alto.tessitura[0] < alto.tessitura[1] < alto.highest


def test_transposing_moves_every_limit():
    up = Ensemble.named("satb").transpose(Interval.parse("M2"))
    assert up.voice("bass").lowest == Pitch.parse("F#2")


@pytest.mark.parametrize(("data", "message", "nearest"), [
    ("satbb", "is not an ensemble", "satb"),
    ([], "needs voices", None),
    (7, "needs voices", None),
    ([{**ALTO, "rnage": []}], "no field 'rnage'", "range"),
    ([{**ALTO, "range": ["G3", "H5"]}], "'H5' is not a pitch", None),
    ([{**ALTO, "range": "G3-D5"}], "not two notes", None),
    ([{**ALTO, "range": ["D5", "G3"]}], "ends below its start", "G3 D5"),
    ([{**ALTO, "clef": "trebel"}], "is not a clef", "treble"),
    ([{**ALTO, "staff": 0}], "is not a staff", None),
    ([{"range": ["G3", "D5"]}], "is not a name", None),
    ([{**ALTO, "name": "the alto"}], "is not a name", None),
])
def test_unreadable_ensembles_say_what_is_wrong(data, message, nearest):
    with pytest.raises(TheoryError, match=message) as caught:
        Ensemble.from_data(data)
    assert caught.value.nearest == nearest


def test_two_voices_cannot_share_a_name():
    with pytest.raises(ScoreError, match="2 voices named 'alto'"):
        Ensemble.from_data([ALTO, ALTO])
