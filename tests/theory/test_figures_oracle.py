"""Figures over every bass note of ten keys: music21 asks for the same notes.

Two differences are pinned: music21 raises a note again that the signature has raised already (a sign that only reminds
makes a double sharp), and it does not complete figures that stand beside an accidental. So it gets complete figures,
and no sign that changes nothing.
"""

from __future__ import annotations

import pytest
from music21.figuredBass import realizerScale

from theorygen.theory import Figure, FiguredBass, Key, PitchClass
from theorygen.theory.figures import signature_alteration

KEYS = ("C", "G", "D", "A", "F", "Bb", "Eb", "a", "e", "g")
TEXTS = ("", "6", "64", "7", "65", "43", "42", "2", "#", "n", "b", "#6", "b6", "6 #", "7 #", "#4 2", "6 b5", "b7",
         "7 b5", "#6 5", "#6 43", "64-53", "7-6", "9", "52")


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("text", TEXTS)
def test_music21_asks_for_the_same_notes(name: str, text: str) -> None:
    key = Key.parse(name)
    scale = realizerScale.FiguredBassScale(_music21(key.tonic), "minor" if key.is_minor else "major")
    for letter in range(7):
        bass = PitchClass(letter, signature_alteration(letter, key))
        for column, figures in enumerate(FiguredBass.parse(text).columns):
            if any(_only_reminds(figure, bass, key) for figure in figures):
                continue
            shown = ",".join(f"{figure.sign}{figure.number}" for figure in figures)
            theirs = {found.replace("-", "b") for found in scale.getPitchNames(f"{_music21(bass)}3", shown)}
            assert {str(bass), *map(str, FiguredBass.parse(text).pitch_classes(bass, key, column))} == theirs


def test_a_sign_that_only_reminds_is_where_music21_differs() -> None:
    scale = realizerScale.FiguredBassScale("G", "major")
    assert FiguredBass.parse("#").pitch_classes(PitchClass.parse("D"), Key.parse("G"))[1] == PitchClass.parse("F#")
    assert "F##" in scale.getPitchNames("D3", "#")


def _music21(note: PitchClass) -> str:
    return str(note).replace("b", "-")


def _only_reminds(figure: Figure, bass: PitchClass, key: Key) -> bool:
    return bool(figure.sign) and figure.above(bass, key) == Figure(figure.number).above(bass, key)
