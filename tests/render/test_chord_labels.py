"""Labels of chords: keys where they change, both readings of pivots."""

from dataclasses import replace

import pytest

from theorygen.render import score_to_musicxml, score_to_text
from theorygen.render.chord_labels import chord_labels
from theorygen.score import Score, parse_text_score
from theorygen.theory import Key, RomanNumeral

TEXT = "in C: I vi | S: C5 C5 | B: C3 A2"
PIVOTS = [
    ("C", "vi", "G", "ii", ["C: I", "vi = G: ii"]),
    ("C", "vi", "C", "vi", ["C: I", "vi = vi"]),
    ("F", "iii", "G", "ii", ["C: I", "F: iii = G: ii"]),
]


def with_pivot(old_key: str, old: str, new_key: str, new: str) -> Score:
    score = parse_text_score(TEXT)
    first, second = score.chords
    return replace(score, chords=(first, replace(
        second, numeral=RomanNumeral.parse(new, Key.parse(new_key)),
        pivot_of=RomanNumeral.parse(old, Key.parse(old_key)))))


@pytest.mark.parametrize(("old_key", "old", "new_key", "new", "labels"), PIVOTS)
def test_a_pivot_has_both_readings(old_key: str, old: str, new_key: str, new: str, labels: list[str]) -> None:
    score = with_pivot(old_key, old, new_key, new)
    assert [label for _, label in chord_labels(score)] == labels


def test_every_view_shows_them() -> None:
    score = with_pivot("C", "vi", "G", "ii")
    assert "vi = G: ii" in score_to_text(score)
    assert b"<text>vi = G: ii</text>" in score_to_musicxml(score)


def test_without_pivots_a_key_stands_where_it_changes() -> None:
    score = parse_text_score("in C: I V // I | S: C5 B4 C5 | B: C3 G2 C3")
    assert [label for _, label in chord_labels(score)] == ["C: I", "V", "I"]
