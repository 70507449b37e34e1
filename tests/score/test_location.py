"""Places as musicians say them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.score import Location
from theorygen.theory import TheoryError

VOICE_NAMES = st.lists(st.sampled_from(["soprano", "violin-1", "bass", "tenor"]), max_size=3, unique=True)


@pytest.mark.parametrize(("location", "text"), [
    (Location(4, Fraction(3), ("soprano", "bass")), "measure 4, beat 3, soprano and bass"),
    (Location(0, Fraction(5, 2), ("alto",)), "measure 0, beat 2 1/2, alto"),
    (Location(12, Fraction(1), ("soprano", "alto", "bass")), "measure 12, beat 1, soprano, alto and bass"),
    (Location(1, Fraction(4, 3)), "measure 1, beat 1 1/3"),
])
def test_locations_read_well(location, text):
    assert str(location) == text


@given(st.integers(0, 999), st.fractions(1, 12, max_denominator=12), VOICE_NAMES)
def test_locations_round_trip(measure, beat, voices):
    location = Location(measure, beat, tuple(voices))
    assert Location.parse(str(location)) == location


@pytest.mark.parametrize("text", ["", "measure 4", "bar 4, beat 1", "measure x, beat 1"])
def test_other_texts_are_no_places(text):
    with pytest.raises(TheoryError, match="is not a place"):
        Location.parse(text)
