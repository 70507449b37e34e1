"""Sequences are found by their pattern, and common progressions are none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.compose.sequences import in_sequences
from theorygen.score import parse_text_score

SEQUENCES = {
    "in C: I IV viio iii vi ii V I": (0, 6), "in C: I V6 vi iii6 IV V I": (0, 5), "in C: I IV6 iii6 ii6 I6 V I": (1, 5),
    "in C: I V6 IV6 iii6 ii6 V I": (1, 5), "in a: i iv VII III VI iio6 V i": (0, 5),
    "in C: I vi6 ii viio6 iii I6 IV V I": (0, 7),
}
OTHERS = ("in C: I IV V I", "in C: I vi ii V I", "in C: I V6 I IV V I", "in C: I viio6 I6 ii6 V I", "in C: I IV I V I",
          "in C: I V I V I", "in C: I IV6 iii6 ii6 // I6 V I", "in C: I I I I I I")


@pytest.mark.parametrize("text", SEQUENCES)
def test_sequences(text: str) -> None:
    assert in_sequences(parse_text_score(text).chords) == frozenset(range(*SEQUENCES[text]))


@pytest.mark.parametrize("text", OTHERS)
def test_other_progressions(text: str) -> None:
    assert not in_sequences(parse_text_score(text).chords)


def test_a_sequence_does_not_depend_on_length_and_key() -> None:
    score = parse_text_score("in Eb: I*2 V6*1/2 vi iii6*1/2 IV V I")
    assert in_sequences(score.chords) == frozenset(range(5)) and score.end > Fraction(5)
