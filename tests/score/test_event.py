"""Events, voices and their ties."""

from fractions import Fraction

import pytest
from hypothesis import given

from tests.score.fixtures import voices
from theorygen.score import Event, Note, ScoreError, Voice
from theorygen.theory import Interval, Pitch

C4, E4, G4 = (Pitch.parse(text) for text in ("C4", "E4", "G4"))


def test_event_without_pitches_or_hit_is_a_rest():
    assert Event(0, 1).is_rest
    assert not Event(0, 1, (C4,)).is_rest
    assert not Event(0, 1, unpitched="kick").is_rest


def test_event_sorts_its_pitches_and_its_pitch_is_the_top():
    event = Event(0, 1, (G4, C4, E4))
    assert event.pitches == (C4, E4, G4)
    assert event.pitch == G4


def test_provenance_is_not_part_of_an_events_identity():
    assert Event(0, 1, (C4,), provenance={"path": "T"}) == Event(0, 1, (C4,))
    assert hash(Event(0, 1, (C4,), provenance={"path": "T"})) == hash(Event(0, 1, (C4,)))


@pytest.mark.parametrize("duration", [0, -1, Fraction(-1, 2)])
def test_event_must_last(duration):
    with pytest.raises(ScoreError, match="above zero"):
        Event(0, duration, (C4,))


@pytest.mark.parametrize(("onset", "problem"), [(2, "a gap"), (Fraction(1, 2), "an overlap")])
def test_voice_has_no_gaps_or_overlaps(onset, problem):
    with pytest.raises(ScoreError, match=problem):
        Voice("alto", (Event(0, 1, (C4,)), Event(onset, 1, (C4,))))


def test_notes_join_ties_of_the_pitches_both_events_share():
    events = (Event(0, 1, (C4, E4), tied_to_next=True), Event(1, 2, (C4, G4)))
    assert set(Voice("piano", events).notes()) == {
        Note(Fraction(0), Fraction(3), C4), Note(Fraction(0), Fraction(1), E4), Note(Fraction(1), Fraction(2), G4),
    }


@given(voices("alto"))
def test_notes_sound_as_long_as_events_do(voice):
    sounding = sum(event.duration * len(event.pitches) for event in voice.events)
    assert sum(note.duration for note in voice.notes()) == sounding


@given(voices("alto"))
def test_transposing_there_and_back_changes_nothing(voice):
    third = Interval.parse("m3")
    assert voice.transpose(third).transpose(-third) == voice
