"""Figured bass: completion, accidentals, and agreement with Roman numerals."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.theory.strategies import natural_tonics
from tests.theory.vocabulary import MAJOR, MINOR
from theorygen.theory import FiguredBass, Key, PitchClass, RomanNumeral, TheoryError, figures_for

COMPLETE = {
    "": "5 3", "5": "5 3", "6": "6 3", "64": "6 4", "7": "7 5 3", "65": "6 5 3", "6/5": "6 5 3", "6 5": "6 5 3",
    "56": "6 5 3", "43": "6 4 3", "42": "6 4 2", "2": "6 4 2", "9": "9 5 3", "4": "5 4", "#": "5 3#", "b6": "6b 3",
    "6#": "6# 3", "#6": "6# 3", "6 #": "6 3#", "7 #": "7 5 3#", "6+": "6+ 3", "n": "5 3n", "6b5": "6 5b 3",
    "4-3": "5 4|5 3", "7-6": "7 3|6 3", "9-8": "9 5 3|8 5 3", "64-53": "6 4|5 3", "4-#": "5 4|5 3#", "52": "5 2",
    "94-83": "9 5 4|8 5 3",
}
NONSENSE = {"x": 0, "6x": 1, "66": 1, "87": 0, "4-": 1, "-": 0, "1": 0}
NOTES = {
    ("C", "C", "7"): "B G E", ("a", "E", "#"): "B G#", ("c", "G", "n"): "D B", ("c", "G", "#"): "D B",
    ("a", "D", "#4 2"): "B G# E", ("C", "Ab", "#6"): "F# C", ("G", "A", "#"): "E C#",
    ("D", "E", "n"): "B G",
}
plain_numerals = st.sampled_from(
    [(text, mode) for mode, texts in (("major", MAJOR), ("minor", MINOR)) for text in texts
     if not {"11", "13"} & {text[-2:]} and "[" not in text]
)


@pytest.mark.parametrize("text", COMPLETE)
def test_completion(text: str) -> None:
    columns = FiguredBass.parse(text).columns
    assert "|".join(" ".join(f"{f.number}{f.sign}" for f in column) for column in columns) == COMPLETE[text]


@pytest.mark.parametrize("case", NOTES)
def test_notes(case: tuple[str, str, str]) -> None:
    key, bass, text = case
    notes = FiguredBass.parse(text).pitch_classes(PitchClass.parse(bass), Key.parse(key))
    assert " ".join(map(str, notes)) == NOTES[case]


@given(plain_numerals, natural_tonics)
def test_figures_of_a_numeral_give_back_its_notes(case: tuple[str, str], tonic: PitchClass) -> None:
    numeral = RomanNumeral.parse(case[0], Key(tonic, case[1]))
    assume(max(abs(note.alter) for note in numeral.pitch_classes) <= 2)
    text = figures_for(numeral.bass, numeral.pitch_classes, numeral.figures, numeral.key)
    notes = FiguredBass.parse(text).pitch_classes(numeral.bass, numeral.key)
    assert {numeral.bass, *notes} == set(numeral.pitch_classes)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        FiguredBass.parse(text)
    assert caught.value.position == NONSENSE[text] and caught.value.expected
