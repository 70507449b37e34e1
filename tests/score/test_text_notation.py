"""The text notation: what it reads, what it writes, and how it complains."""

from fractions import Fraction

import pytest
from hypothesis import given

from tests.score.fixtures import SCORES, scores
from theorygen.score import Ensemble, Event, format_text_score, parse_text_score
from theorygen.theory import Pitch, TheoryError


def test_the_example_of_the_handbook():
    score = parse_text_score("in C: V7 I | S: B4 C5 | A: F4 E4 | T: D4 C4 | B: G3 C3")
    assert [voice.name for voice in score.voices] == ["soprano", "alto", "tenor", "bass"]
    chords = [(chord.numeral_text, chord.key_text, chord.onset) for chord in score.chords]
    assert chords == [("V7", "C", 0), ("I", "C", 1)]
    assert [str(event.pitch) for event in score.voice("tenor").events] == ["D4", "C4"]


@pytest.mark.parametrize("note", ["E3", "E3*2", "E3*1/2", "[C3 E3]*2"])
def test_fermatas_are_read_as_they_are_shown(note):
    assert parse_text_score(f"B: {note}^ r").voices == parse_text_score(f"B: {note}; r").voices


def test_lengths_holds_rests_chords_ties_and_fermatas():
    (voice,) = parse_text_score("right: G4*3/2 - r*1/2 [E4 C4]~ C4;").voices
    pitch = Pitch.parse
    assert voice.events == (
        Event(0, Fraction(5, 2), (pitch("G4"),)), Event(Fraction(5, 2), Fraction(1, 2)),
        Event(3, 1, (pitch("C4"), pitch("E4")), tied_to_next=True), Event(4, 1, (pitch("C4"),), fermata=True),
    )


def test_chords_change_key_phrase_and_cadence():
    score = parse_text_score("in a: i*2 V(HC) // C: V65/V r I*2(PAC)")
    table = [(one.numeral_text, one.key_text, one.onset, one.phrase, one.cadence) for one in score.chords]
    assert table == [
        ("i", "a", 0, 0, None), ("V", "a", 2, 0, "HC"), ("V65/V", "C", 3, 1, None), ("I", "C", 5, 1, "PAC"),
    ]


def test_regions_are_named_passages_of_chords():
    text = "in C: I IV viio iii vi V I(phrygian) | S: C5*7 | region: sequence@1-5 pedal@6-7"
    score = parse_text_score(text)
    assert [one.region for one in score.chords] == ["", *["sequence"] * 4, "", "pedal"]
    assert score.chords[-1].cadence == "phrygian"
    assert parse_text_score(format_text_score(score)).chords == score.chords


def test_voices_of_the_text_are_the_ensemble():
    assert parse_text_score("S: G4 F4 | B: C4 D4").ensemble.names == ("soprano", "bass")
    assert parse_text_score("upper: G4 | lower: C4").ensemble.name == "duet"
    (kazoo,) = parse_text_score("kazoo: C2 E2").ensemble.voices
    assert kazoo.clef == "bass" and kazoo.contains(Pitch.parse("C2"))


def test_labels_find_voices_of_a_given_ensemble():
    quartet = Ensemble.named("string-quartet")
    assert parse_text_score("V1: C5 | c: C3", quartet).ensemble.names == ("violin-1", "cello")


@pytest.mark.parametrize("name", SCORES)
def test_fixtures_round_trip(name):
    score = SCORES[name]
    again = parse_text_score(format_text_score(score))
    events = {voice.name: tuple(event for event in voice.events if not event.is_rest) for voice in score.voices}
    assert {voice.name: tuple(one for one in voice.events if not one.is_rest) for voice in again.voices} == events
    assert (again.meters, again.keys, again.pickup, again.repeats) == (
        score.meters, score.keys, score.pickup, score.repeats)
    assert again.chords == score.chords


@given(scores())
def test_scores_round_trip(score):
    assert parse_text_score(format_text_score(score), score.ensemble) == score


@pytest.mark.parametrize(("text", "place", "message", "nearest"), [
    ("", "", "no notes", None),
    ("foo", "foo", "no label", None),
    ("S: G4 H4", "H4", "not a pitch", None),
    ("metre: 3/4 | S: C4", "metre", "not a label", "meter"),
    ("meter: 4/5 | S: C4", "5", "not a note value", "4/4"),
    ("meter: 3/4 4/4 | S: C4", "4/4", "out of order", None),
    ("in C: V7 VX", "X", "no place", "V"),
    ("in H: I", "H", "not a key", None),
    ("in C: I | in G: I", "in G", "two lines of chords", None),
    ("in C: I*x", "x", "not a length", None),
    ("S: C4 | S: D4", "S: D4", "stands here twice", None),
    ("S: C4*0", "0", "not a length", None),
    ("S: -", "-", "nothing to hold", None),
    ("S: [C4 E4", "[C4", "not a note", None),
    ("S:", "S", "no notes", None),
    ("drums: <kik>", "kik", "not a drum hit", "kick"),
    ("X Y: C4", "X", "not a label", None),
    ("beat: 9 | S: C4", "9", "no beat 9", None),
    ("repeat: x | S: C4", "x", "not a repeat", None),
    ("region: x@3 | S: C4", "x@3", "not a region", None),
    ("tempo: fast | S: C4", "fast", "not a length", None),
])
def test_mistakes_are_found_at_their_place(text, place, message, nearest):
    with pytest.raises(TheoryError, match=message) as caught:
        parse_text_score(text)
    position = text.rindex(place)
    assert (caught.value.text, caught.value.position, caught.value.nearest) == (text, position, nearest)


def test_a_given_ensemble_limits_the_labels():
    with pytest.raises(TheoryError, match="satb has no voice 'sopran'") as caught:
        parse_text_score("sopran: C5", Ensemble.named("satb"))
    assert caught.value.nearest == "soprano"
