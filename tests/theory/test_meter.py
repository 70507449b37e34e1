"""Meters: lengths, beats and weights."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from tests.theory.strategies import meters
from theorygen.theory import Meter, TheoryError

WEIGHTS = {
    "4/4": [3, 1, 2, 1], "3/4": [3, 1, 1], "2/4": [3, 1], "2/2": [3, 1], "6/8": [3, 1], "9/8": [3, 1, 1],
    "12/8": [3, 1, 2, 1], "5/4": [3, 1, 1, 2, 1], "7/8": [3, 1, 2, 1, 2, 1, 1],
}
NONSENSE = {"": (0, None), "4": (0, None), "4/5": (2, "4/4"), "0/4": (0, None), "3/12": (2, "3/8"), "C": (0, None)}


@given(meters)
def test_text_round_trips(meter: Meter) -> None:
    assert Meter.parse(str(meter)) == meter


@given(meters)
def test_groups_and_beats_fill_the_bar(meter: Meter) -> None:
    assert sum(meter.groups) == meter.bar_length == meter.beats * meter.beat_length


@given(meters)
def test_one_downbeat_in_a_bar(meter: Meter) -> None:
    weights = [meter.weight(index * meter.beat_length) for index in range(meter.beats)]
    assert weights[0] == 3 and 3 not in weights[1:] and 0 not in weights
    assert meter.weight(meter.beat_length / 2) == 0


@pytest.mark.parametrize("text", WEIGHTS)
def test_weights(text: str) -> None:
    meter = Meter.parse(text)
    assert [meter.weight(index * meter.beat_length) for index in range(meter.beats)] == WEIGHTS[text]


def test_beats_are_counted_from_one() -> None:
    assert Meter.parse("4/4").beat(Fraction(3, 2)) == Fraction(5, 2)
    assert Meter.parse("6/8").beat(Fraction(3, 2)) == 2


def test_beam_groups() -> None:
    assert Meter.parse("6/8").groups == (Fraction(3, 2), Fraction(3, 2))
    assert Meter.parse("5/8").groups == (Fraction(3, 2), Fraction(1))
    assert Meter.parse("3/8").groups == (Fraction(3, 2),)


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        Meter.parse(text)
    assert (caught.value.position, caught.value.nearest) == NONSENSE[text]
    assert caught.value.expected
