"""Teachers' sentences."""

from __future__ import annotations

import pytest

from tests.review.scores import reviewed

ROWS = [
    ("two voices in motion", "in C: I ii | S: C5 A4 | A: G4 F4 | T: G3 A3 | B: C3 D3", "parallel-fifths",
     "Parallel fifths between tenor and bass, measure 1, beat 1 to beat 2 (C3-G3 to D3-A3)"),
    ("over a barline", "S: C5*3 C5 A4 | A: G4*3 G4 F4 | T: G3*3 G3 A3 | B: C3*3 C3 D3", "parallel-fifths",
     "Parallel fifths between tenor and bass, measure 1, beat 4 to measure 2, beat 1 (C3-G3 to D3-A3)"),
    ("one voice", "S: F4 G#4 | B: D3 C3", "melodic-no-augmented",
     "No augmented melodic interval, nor an altered octave: soprano, measure 1, beat 1 to beat 2 (F4 to G#4)"),
    ("a voice the title names", "S: C5 C5 | A: E4 F3 | B: C3 C3", "range-alto",
     "Alto out of range, measure 1, beat 2 (F3)"),
    ("two notes of a chord", "in C: V | S: D5 | A: B4 | T: B3 | B: G3", "no-double-leading-tone",
     "Doubled leading tone: alto and tenor, measure 1, beat 1 (B3-B4)"),
    ("a whole chord", "in C: I | S: C5 | A: G4 | T: G3 | B: C3", "third-required",
     "Missing third, measure 1, beat 1 (soprano C5, alto G4, tenor G3, bass C3)"),
    ("all voices", "in C: I6 ii6 | S: C5 D5 | A: G4 A4 | T: C4 F4 | B: E3 F3", "all-voices-similar",
     "All voices move the same way, measure 1, beat 1 to beat 2"),
    ("half a beat", "S: C5 C5*1/2 A4*1/2 | A: G4 G4*1/2 F4*1/2 | T: G3 G3*1/2 A3*1/2 | B: C3 C3*1/2 D3*1/2",
     "parallel-fifths", "Parallel fifths between tenor and bass, measure 1, beat 2 to beat 2 1/2 (C3-G3 to D3-A3)"),
]


@pytest.mark.parametrize(("name", "text", "rule", "sentence"), ROWS, ids=[row[0] for row in ROWS])
def test_sentences(name: str, text: str, rule: str, sentence: str) -> None:
    found = [fault.headline for fault in reviewed(text).faults if fault.rule.name == rule]
    assert sentence in found
