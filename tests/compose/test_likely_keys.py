"""Keys of given music: what its signature, its notes, and its first and last note make likely."""

import pytest

from theorygen.compose.likely_keys import likely_keys
from theorygen.score import parse_text_score
from theorygen.theory import Key


@pytest.mark.parametrize(("declared", "notes", "first", "among"), [
    ("C", "C5 D5 E5 D5 C5", "C", "a"),
    ("C", "E5 C5 D5 B4 A4", "a", "C"),                           # ends on the tonic of the relative minor
    ("C", "A4 B4 C5 G#4 E4", "a", "C"),                          # has its leading tone
    ("C", "E5 F5 G5 E5 D5", "C", "a"),                           # a half cadence is no final
    ("C", "D5 A5 B5 C6 D6 A5 F5 E5 D5", "d", "C"),               # begins and ends on D, and B in D minor is no stranger
    ("C", "G4 C5 F5 B4 G4", "C", "G"),                           # F is none of G major
    ("a", "A4 C5 E5 D5 C5", "a", "C"),                           # said to be minor
    ("Eb", "Bb4 G4 F4 Eb4", "Eb", "c"),
    ("D dorian", "D5 A5 F5 E5 C5 D5", "D dorian", "d"),          # for styles in modes; others take the minor key
    ("G mixolydian", "G4 B4 F4 G4", "G mixolydian", "G"),
])
def test_the_likeliest_key_comes_first(declared: str, notes: str, first: str, among: str) -> None:
    score = parse_text_score(f"in {declared}: | S: {notes}")
    keys = likely_keys(score, score.pitched_voices[0].events)
    assert keys[0] == Key.parse(first) and Key.parse(among) in keys[1:]
