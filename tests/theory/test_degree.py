"""Scale degrees and the numerals that name them."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.theory.strategies import degrees
from theorygen.theory import ScaleDegree, TheoryError
from theorygen.theory.degree import RomanDegree, read_roman_degree

NONSENSE = {"": 0, "0": 0, "8": 0, "#": 1, "bb": 2, "5#": 0}


@given(degrees)
def test_text_round_trips(degree: ScaleDegree) -> None:
    assert ScaleDegree.parse(str(degree)) == degree


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        ScaleDegree.parse(text)
    assert caught.value.position == NONSENSE[text]


@pytest.mark.parametrize(
    ("text", "number", "alter", "upper", "end"),
    [("bVI6", 6, -1, True, 3), ("vii", 7, 0, False, 3), ("IV", 4, 0, True, 2), ("##ivo", 4, 2, False, 4)],
)
def test_roman_degrees(text: str, number: int, alter: int, upper: bool, end: int) -> None:
    assert read_roman_degree(text) == (RomanDegree(number, alter, upper), end)
