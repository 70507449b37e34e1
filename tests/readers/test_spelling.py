"""Names for MIDI numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from music21 import corpus

from theorygen.readers import score_of_stream
from theorygen.readers.spelling import signature_of, spell
from theorygen.theory import Interval, Pitch


def pitches(text):
    return [Pitch.parse(word) for word in text.split()]


@settings(deadline=None)
@given(st.lists(st.integers(0, 127), max_size=80), st.none() | st.integers(-7, 7))
def test_names_sound_as_the_numbers_do(numbers, signature):
    assert [pitch.midi for pitch in spell(numbers, signature)] == numbers


@pytest.mark.parametrize("text", [
    "C4 D4 E4 F4 G4 A4 B4 C5", "A3 B3 C4 D4 E4 F4 G#4 A4 E4 A3", "G4 F#4 G4 D4 B3 C#4 D4", "Eb4 Bb4 Ab4 G4 F4 D4 Eb4",
    "F4 A4 C5 E4 G4 C5 Bb3 D4 G4 C4 E4 F4", "E4 G#4 B4 D#4 E4 C#4 F#4 B3 D#4 E4", "C4 Eb4 G4 B3 C4 Ab4 F4 G4 B3 C4",
])
def test_plain_passages(text):
    assert spell([pitch.midi for pitch in pitches(text)]) == pitches(text)


@pytest.mark.parametrize(("signature", "text"), [(6, "F#4 A#4 C#5 E#5 F#5 D#5 B4"), (-6, "Gb4 Bb4 Db5 F5 Gb5 Eb5 Cb5")])
def test_the_signature_decides_between_sharps_and_flats(signature, text):
    assert spell([pitch.midi for pitch in pitches(text)], signature) == pitches(text)


@pytest.mark.parametrize("name", ["bwv269", "bwv281", "bwv347", "bwv253", "bwv17.7"])
@pytest.mark.parametrize("by", ["P1", "M2", "m3", "P4"])
def test_chorales_in_any_key_get_their_names_back(name, by):
    score = score_of_stream(corpus.parse(f"bach/{name}", forceSource=True), name).transpose(Interval.parse(by))
    notes = sorted((note.onset, note.pitch) for voice in score.voices for note in voice.notes())
    found = spell([pitch.midi for _, pitch in notes], score.keys[0][1].signature)
    wrong = [(pitch, other) for (_, pitch), other in zip(notes, found, strict=True) if pitch != other]
    assert len(wrong) <= len(notes) / 100


@pytest.mark.parametrize(("text", "sharps"), [
    ("C4 E4 G4", 0), ("D4 F#4 A4 C#5 E4", 2), ("Eb4 G4 Bb4 Ab4", -3), ("F4 Bb4", -1), ("F#4 A#4 C#5 E#5 B4 G#4 D#5", 6),
])
def test_the_signature_with_fewest_accidentals(text, sharps):
    assert signature_of(pitches(text)) == sharps


def test_the_same_notes_get_the_same_names():
    numbers = [60, 63, 66, 69, 61, 64, 67, 70]
    assert spell(numbers) == spell(numbers)
    assert spell([]) == []
