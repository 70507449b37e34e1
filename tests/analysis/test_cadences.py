"""Cadential six-fours and cadences, named once the chords are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from theorygen.analysis.cadences import with_cadences
from theorygen.compose.composition import Composer
from theorygen.grammar.style import load_style
from theorygen.score import Score, parse_text_score


def unlabelled(score: Score) -> Score:
    return replace(score, chords=tuple(replace(chord, cadence=None) for chord in score.chords))


@pytest.mark.parametrize(("text", "numerals", "cadences"), [
    ("in C: I64 V I | S: E5 D5 C5 | A: C5 B4 G4 | T: G4 G4 E4 | B: G3 G3 C3", ["Cad64", "V", "I"], ["PAC"]),
    ("in a: i64 V7 i | S: C5 B4 A4 | A: A4 G#4 A4 | T: E4 D4 C4 | B: E3 E3 A2", ["Cad64", "V7", "i"], ["PAC"]),
    ("in C: I V64 I6 | S: C5 B4 C5 | A: G4 G4 G4 | T: E4 D4 C4 | B: C3 D3 E3", ["I", "V64", "I6"], ["IAC"]),
    ("in C: IV I64 IV6 | S: A4 G4 F4 | A: F4 E4 C4 | T: C4 C4 C4 | B: F3 G3 A3", ["IV", "I64", "IV6"], []),
    ("in C: I ii6 V // I V6 I | S: E5 D5 B4 C5 D5 C5 | A: G4 A4 G4 G4 G4 G4 | T: C4 D4 D4 E4 D4 E4 | "
     "B: C3 F3 G3 C3 B2 C3", ["I", "ii6", "V", "I", "V6", "I"], ["HC", "IAC"]),
])
def test_names_follow_from_chords_and_soprano(text: str, numerals: list[str], cadences: list[str]) -> None:
    found = with_cadences(parse_text_score(text)).chords
    assert [chord.numeral_text for chord in found] == numerals
    assert [chord.cadence for chord in found if chord.cadence] == cadences


def test_a_six_four_on_a_weaker_beat_is_not_cadential() -> None:
    text = "in C: I I64 V I | S: G4 E5 D5 C5 | A: E4 C5 B4 G4 | T: C4 G4 G4 E4 | B: C3 G3 G3 C3"
    assert [chord.numeral_text for chord in with_cadences(parse_text_score(text)).chords] == ["I", "I64", "V", "I"]


def test_declared_cadences_stay() -> None:
    text = "in C: V I(IAC) | S: B4 C5 | A: G4 G4 | T: D4 E4 | B: G3 C3"
    assert with_cadences(parse_text_score(text)).chords[-1].cadence == "IAC"


@pytest.mark.parametrize("seed", range(8))
def test_composed_cadences_are_found_again(seed: int) -> None:
    score = Composer(load_style("textbook-chorale"), {"level": "4"}).compose(seed).score
    found = [chord.cadence for chord in with_cadences(unlabelled(score)).chords if chord.cadence]
    assert ["HC" if kind == "phrygian" else kind for kind in found] \
        == [chord.cadence for chord in score.chords if chord.cadence]
