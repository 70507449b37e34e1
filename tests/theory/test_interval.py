"""Intervals: arithmetic, names, order, and music21 as oracle."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from music21 import interval as music21_interval

from tests.theory.strategies import intervals
from theorygen.theory import Interval, TheoryError

NONSENSE = {"": (0, None), "x": (0, None), "P3": (0, "M3"), "M5": (0, "P5"), "-m4": (1, "-P4"), "M0": (0, None)}


@given(intervals())
def test_text_and_code_round_trip(interval: Interval) -> None:
    assert Interval.parse(str(interval)) == interval
    assert Interval.from_code(interval.code) == interval


@given(intervals(), intervals())
def test_sums_are_sums_of_codes(first: Interval, second: Interval) -> None:
    assert (first + second).code == first.code + second.code
    assert first + second - second == first


@given(intervals(), intervals())
def test_order_is_semitones_then_steps(first: Interval, second: Interval) -> None:
    assert (first < second) == ((first.semitones, first.steps) < (second.semitones, second.steps))


def test_spelling_is_kept() -> None:
    names = ["A4", "d5", "P5", "d6"]
    assert sorted(map(Interval.parse, reversed(names))) == [Interval.parse(name) for name in names]


@given(intervals())
def test_agrees_with_music21(interval: Interval) -> None:
    """Doubly altered intervals apart: music21 turns dd2 round and keeps no octave inside dd9."""
    assume("dd" not in str(interval) and "AA" not in str(interval))
    other = music21_interval.Interval(str(interval.ascending))
    assert other.semitones == interval.ascending.semitones
    assert other.generic.undirected == interval.ascending.steps + 1
    assert other.semiSimpleName == str(interval.simple) or interval.simple.steps in (0, 7)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        Interval.parse(text)
    assert (caught.value.position, caught.value.nearest) == NONSENSE[text]
