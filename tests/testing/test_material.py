"""Strategies for single values: what they draw, and what they shrink to."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from theorygen.source.diagnostic import InputError
from theorygen.testing import intervals, keys, pitches, roman_numerals
from theorygen.testing.plainness import plain_keys
from theorygen.theory import Interval, Key, Pitch, RomanNumeral, TheoryError

ALIKE = settings(derandomize=True, database=None, deadline=None, max_examples=60)


@pytest.mark.parametrize(("strategy", "plainest"), [
    (pitches(), "C4"), (pitches("D4", "G5"), "D4"), (intervals(), "P1"), (keys(), "C major"),
    (keys(("minor", "major")), "A minor"), (keys(("dorian",)), "D dorian"), (roman_numerals(), "I"),
    (roman_numerals("f#"), "i"), (roman_numerals(keys(("minor",))), "i"),
], ids=str)
def test_what_is_plainest_comes_first(strategy: st.SearchStrategy[object], plainest: str) -> None:
    assert str(find(strategy, lambda _: True, settings=ALIKE)) == plainest


@ALIKE
@given(pitches("F3", "F5", accidentals=1))
def test_pitches_keep_their_bounds(pitch: Pitch) -> None:
    assert Pitch.parse("F3").midi <= pitch.midi <= Pitch.parse("F5").midi
    assert abs(pitch.alter) <= 1


@ALIKE
@given(intervals(simple=True), intervals(downward=False))
def test_intervals_keep_their_bounds(simple: Interval, upward: Interval) -> None:
    assert simple == simple.simple
    assert upward.steps >= 0
    assert Interval.parse(str(upward)) == upward


@ALIKE
@given(roman_numerals())
def test_numerals_can_be_read_again(numeral: RomanNumeral) -> None:
    assert RomanNumeral.parse(numeral.text, numeral.key) == numeral


@ALIKE
@given(keys(most_accidentals=3))
def test_keys_keep_their_bounds(key: Key) -> None:
    assert abs(key.signature) <= 3


def test_every_usual_key_is_there() -> None:
    found = [key.short for key in plain_keys()]
    assert len(found) == len(set(found)) == 30
    assert found[:6] == ["C", "a", "G", "e", "F", "d"]


@pytest.mark.parametrize(("make", "message"), [
    (lambda: keys(("doric",)), "did you mean 'dorian'"),
    (lambda: keys(("minor",), -1), "no key"),
    (lambda: keys(()), "no key"),
    (lambda: pitches("C5", "C4"), "no pitch from C5 up to C4"),
    (lambda: pitches("H4"), "not a pitch"),
    (lambda: roman_numerals("H"), "not a key"),
])
def test_what_cannot_be_is_told(make: object, message: str) -> None:
    with pytest.raises((InputError, TheoryError)) as error:
        make()  # type: ignore[operator]
    assert message in str(error.value)
