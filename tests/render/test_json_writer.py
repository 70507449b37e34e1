"""JSON of a score, and back."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from tests.score.fixtures import SCORES, scores
from theorygen.render import score_from_json, score_to_json
from theorygen.render.json_writer import score_from_data, score_to_data
from theorygen.score import Bar, ChordEvent, Event, Part, Score, Voice
from theorygen.theory import Key, Pitch, RomanNumeral, TheoryError


@pytest.mark.parametrize("name", SCORES)
def test_fixtures_round_trip(name):
    assert score_from_json(score_to_json(SCORES[name])) == SCORES[name]


@given(scores())
def test_scores_round_trip(score):
    assert score_from_json(score_to_json(score)) == score


def test_provenance_pivots_regions_and_metadata_survive():
    event = Event(0, Fraction(1, 3), (Pitch.parse("C4"),), provenance={"path": ["Phrase", "T"]})
    pivot = RomanNumeral.parse("vi", Key.parse("C"))
    chord = ChordEvent(0, 1, RomanNumeral.parse("ii", Key.parse("G")), pivot, region="sequence")
    score = Score((Part("p", (Voice("alto", (event,)),)),), chords=(chord,), metadata={"seed": 7})
    again = score_from_json(score_to_json(score))
    assert again == score
    assert again.voices[0].events[0].provenance == {"path": ["Phrase", "T"]}


def test_times_are_fractions_and_pitches_are_spelled():
    events = score_to_data(SCORES["meter change with triplets"])["parts"][0]["voices"][0]["events"]
    assert events[1] == {"onset": "1", "duration": "1/3", "pitches": ["D5"]}


def test_bars_survive_and_stand_there_only_if_a_score_has_them():
    score = replace(SCORES["repeat"], bars=(Bar(Fraction(0), 3), Bar(Fraction(2), 4, Fraction(2))))
    assert score_from_json(score_to_json(score)) == score
    assert "bars" not in score_to_data(SCORES["repeat"])


def changed(**fields):
    return {**score_to_data(SCORES["fermata"]), **fields}


@pytest.mark.parametrize(("data", "message"), [
    ([], "not a score"),
    (changed(version=2), "not a score"),
    (changed(parts=None), "wrong kind"),
    (changed(parts=[{}]), "no field 'voices'"),
    (changed(tempo="fast"), "not a time"),
    (changed(tempo="1/0"), "wrong kind"),
    (changed(keys=[["0", "H"]]), "not a key"),
    (changed(bars=[["0"]]), "wrong kind"),
])
def test_other_data_is_refused(data, message):
    with pytest.raises(TheoryError, match=message):
        score_from_data(data)


def test_broken_json_is_refused_at_its_place():
    with pytest.raises(TheoryError, match="not JSON") as caught:
        score_from_json(json.dumps({"a": 1})[:-1])
    assert caught.value.position == 7
