"""Times put on a grid."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.readers.quantise import TOLERANCE, grid_of, released, snapped

F = Fraction


@pytest.mark.parametrize(("times", "grid"), [
    ([0, 1, 5], 1), ([0, F(1, 2)], 2), ([F(1, 3), F(2, 3)], 3), ([F(1, 4), F(1, 3)], 12), ([F(1, 8)], 8),
    ([F(1, 16)], 48), ([F(1, 6), F(1, 8)], 24), ([F(1, 480), 1], 1), ([F(1, 5), F(1, 4)], 20), ([], 1),
    ([F(17, 100), F(71, 100), F(29, 100), F(43, 100)], None),
])
def test_the_plainest_grid(times, grid):
    assert grid_of([Fraction(time) for time in times]) == grid


@settings(deadline=None)
@given(st.lists(st.fractions(0, 50, max_denominator=480), max_size=20))
def test_times_lie_on_the_grid_found(times):
    grid = grid_of(times)
    if grid is not None:
        assert all(abs(time - snapped(time, grid)) <= TOLERANCE for time in times)


@pytest.mark.parametrize(("onset", "end", "expected"), [
    (0, F(19, 20), 1), (0, F(21, 20), 1), (0, F(1, 2), F(1, 2)), (0, F(1, 10), F(1, 12)), (0, F(1, 100), F(1, 12)),
    (2, F(39, 10), 4), (2, F(17, 5), F(41, 12)), (2, 6, 6),
])
def test_when_a_played_note_stops(onset, end, expected):
    assert released(F(onset), F(end), [F(0), F(1), F(2)], 12) == expected
