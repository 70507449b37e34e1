"""Pitches and note names."""

from __future__ import annotations

import pytest
from hypothesis import given
from music21 import pitch as music21_pitch

from tests.theory.strategies import intervals, pitch_classes, pitches, small_intervals
from theorygen.theory import Interval, Pitch, PitchClass, TheoryError


@given(pitches)
def test_pitch_text_and_code_round_trip(pitch: Pitch) -> None:
    assert Pitch.parse(str(pitch)) == pitch
    assert Pitch.from_code(pitch.code) == pitch


@given(pitch_classes)
def test_pitch_class_text_and_fifths_round_trip(note: PitchClass) -> None:
    assert PitchClass.parse(str(note)) == note
    assert PitchClass.from_fifths(note.fifths) == note


@given(pitches, intervals())
def test_transposing_and_measuring_are_inverse(pitch: Pitch, interval: Interval) -> None:
    assert pitch.transpose(interval) - pitch == interval


@given(pitches)
def test_midi_agrees_with_music21(pitch: Pitch) -> None:
    assert pitch.midi == music21_pitch.Pitch(str(pitch).replace("b", "-")).ps


@given(pitch_classes, small_intervals)
def test_interval_between_names(note: PitchClass, interval: Interval) -> None:
    assert note.interval_to(note.transpose(interval)).semitones % 12 == interval.semitones % 12


@pytest.mark.parametrize("text", ["", "H", "C#b", "c4#", "4"])
def test_nonsense_is_an_error(text: str) -> None:
    with pytest.raises(TheoryError):
        PitchClass.parse(text)
    with pytest.raises(TheoryError):
        Pitch.parse(text)
