"""Scores: measures, places, maps over time, repeats, transposition."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from tests.score.fixtures import SCORES, scores
from theorygen.score import ChordEvent, Part, Repeat, Score, ScoreError, Voice, parse_text_score
from theorygen.theory import Interval, Key, Meter, RomanNumeral, TheoryError

FOUR, THREE = Meter(4, 4), Meter(3, 4)


def measure_table(score):
    return [(one.number, one.onset, one.length) for one in score.measures()]


def test_a_pickup_is_measure_zero():
    score = SCORES["pickup"]
    assert measure_table(score) == [(0, 0, 1), (1, 1, 4)]
    assert str(score.location(Fraction(0))) == "measure 0, beat 4"
    assert str(score.location(Fraction(3, 2), ["bass"])) == "measure 1, beat 1 1/2, bass"


def test_a_pickup_longer_than_the_score_keeps_its_beats():
    score = parse_text_score("S: C5 D5 | beat: 2")
    assert [str(score.location(event.onset)) for event in score.voices[0].events] == [
        "measure 0, beat 2", "measure 0, beat 3"]


def test_measures_follow_meter_changes_and_the_last_may_be_short():
    score = SCORES["meter change with triplets"]
    assert measure_table(score) == [(1, 0, 3), (2, 3, 4)]
    assert [score.meter_at(Fraction(onset)) for onset in (0, 2, 3, 6)] == [THREE, THREE, FOUR, FOUR]
    assert measure_table(parse_text_score("S: C5*5")) == [(1, 0, 4), (2, 4, 1)]


def test_beats_of_compound_meters_are_dotted():
    assert str(SCORES["compound meter"].location(Fraction(3, 2))) == "measure 1, beat 2"


@given(scores())
def test_measures_tile_the_score_and_places_lead_back(score):
    measures = score.measures()
    assert sum(measure.length for measure in measures) == score.end
    assert all(before.end == after.onset for before, after in pairwise(measures))
    for voice in score.voices:
        for event in voice.events:
            assert score.onset_of(score.location(event.onset)) == event.onset


def test_chords_know_the_edges_of_their_phrases():
    score = SCORES["fermata"]
    assert [(one.first_in_phrase, one.last_in_phrase) for one in score.chords] == [
        (True, False), (False, True), (True, False), (False, True)]
    assert score.chord_at(Fraction(5, 2)) == score.chords[2]
    assert score.chord_at(Fraction(99)) is None


def test_repeats_unfold_into_passages():
    assert SCORES["repeat"].passages() == ((0, 4), (0, 4), (4, 8), (4, 8), (4, 8), (8, 12))


@pytest.mark.parametrize("name", SCORES)
def test_transposing_there_and_back_changes_nothing(name):
    second = Interval.parse("M2")
    up = SCORES[name].transpose(second)
    assert up.transpose(-second) == SCORES[name]
    assert up.keys[0][1] == SCORES[name].keys[0][1].transpose(second)


@pytest.mark.parametrize("name", SCORES)
def test_scores_hash(name):
    assert hash(SCORES[name]) == hash(SCORES[name].transpose(Interval(0, 0)))


def test_contradictions_are_errors():
    with pytest.raises(ScoreError, match="2 voices are named 'alto'"):
        Score((Part("a", (Voice("alto"),)), Part("b", (Voice("alto"),))))
    with pytest.raises(ScoreError, match="meters change at 4"):
        Score((), meters=((Fraction(4), FOUR),))
    with pytest.raises(ScoreError, match="pickup of 4"):
        Score((), pickup=Fraction(4))
    with pytest.raises(ScoreError, match="staves"):
        Part("a", (Voice("alto"),), staves=(2,))
    with pytest.raises(TheoryError, match="no voice is named 'sopran'") as caught:
        SCORES["fermata"].voice("sopran")
    assert caught.value.nearest == "soprano"


def test_chords_do_not_overlap():
    tonic = RomanNumeral.parse("I", Key.parse("C"))
    with pytest.raises(ScoreError, match="starts before"):
        Score((), chords=(ChordEvent(0, 2, tonic), ChordEvent(1, 1, tonic)))


def test_an_empty_score_has_no_measures():
    assert Score(()).measures() == ()
    assert Score((), repeats=(Repeat(Fraction(0), Fraction(0)),)).passages() == ()
