"""Absolute chord symbols."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from music21 import harmony

from tests.theory.strategies import natural_tonics, small_intervals
from theorygen.theory import ChordSymbol, Interval, PitchClass, TheoryError, parse_chord_symbol
from theorygen.theory.lexicon import lexicon

SUFFIXES = [suffix for entry in lexicon()["chord-symbols"] for suffix in entry["suffixes"]]
NOTES = {
    "C": "C E G", "Dm7/G": "D F A C G", "F#m7b5": "F# A C E", "Bbmaj7": "Bb D F A", "Co7": "C Eb Gb Bbb",
    "G7sus4": "G C D F", "C5": "C G", "C6/9": "C E G A D", "Am/C": "A C E", "E7#9": "E G# B D F##", "Csus2": "C D G",
}
NONSENSE = {"": (0, None), "Hm": (0, None), "c": (0, None), "Cmaj8": (1, "Cmaj6"), "C/": (2, None), "Am7/x": (4, None)}


@given(natural_tonics, st.sampled_from(SUFFIXES))
def test_text_round_trips(root: PitchClass, suffix: str) -> None:
    symbol = ChordSymbol.parse(f"{root}{suffix}")
    again = ChordSymbol.parse(str(symbol))
    assert again == symbol and again.members == symbol.members


@given(natural_tonics, st.sampled_from(SUFFIXES), small_intervals, natural_tonics)
def test_transposing_moves_every_note(root: PitchClass, suffix: str, by: Interval, bass: PitchClass) -> None:
    symbol = ChordSymbol.parse(f"{root}{suffix}/{bass}")
    moved = tuple(note.transpose(by) for note in symbol.pitch_classes)
    if max(abs(note.alter) for note in (moved[0], bass.transpose(by))) <= 2:
        assert symbol.transpose(by).pitch_classes == moved


@pytest.mark.parametrize("text", NOTES)
def test_notes(text: str) -> None:
    assert " ".join(map(str, parse_chord_symbol(text).pitch_classes)) == NOTES[text]


@pytest.mark.parametrize("suffix", ["", "m", "dim", "7", "maj7", "m7", "m7b5", "6", "m6", "9", "m9", "M9"])
def test_agrees_with_music21(suffix: str) -> None:
    other = {pitch.name.replace("-", "b") for pitch in harmony.ChordSymbol(f"E-{suffix}").pitches}
    assert {str(note) for note in parse_chord_symbol(f"Eb{suffix}").pitch_classes} == other


def test_a_foreign_bass_is_a_member_of_its_own() -> None:
    symbol = parse_chord_symbol("Dm7/G")
    assert (symbol.root, symbol.bass) == (PitchClass.parse("D"), PitchClass.parse("G"))
    assert symbol.members[-1].role == "bass"


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        parse_chord_symbol(text)
    assert caught.value.position == NONSENSE[text][0] and caught.value.expected
