"""How lengths are written and split."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.score.fixtures import DURATIONS, METERS
from theorygen.render.note_values import NoteValue, note_value, split_duration
from theorygen.theory import Meter


@pytest.mark.parametrize(("duration", "value"), [
    ("4", NoteValue("whole")), ("3", NoteValue("half", 1)), ("1/2", NoteValue("eighth")),
    ("3/8", NoteValue("16th", 1)), ("1/3", NoteValue("eighth", 0, 3, 2)), ("4/3", NoteValue("half", 0, 3, 2)),
    ("1/5", NoteValue("16th", 0, 5, 4)), ("5/2", None), ("7/2", None), ("1/11", None),
])
def test_one_note_for_a_length(duration, value):
    assert note_value(Fraction(duration)) == value


@pytest.mark.parametrize(("meter", "offset", "duration", "pieces"), [
    ("4/4", "0", "4", "4"), ("4/4", "1", "2", "2"), ("4/4", "1", "3", "3"), ("4/4", "0", "5/2", "2 1/2"),
    ("4/4", "1/2", "1", "1"), ("4/4", "3/2", "1", "1/2 1/2"), ("4/4", "1/2", "3/2", "1/2 1"),
    ("4/4", "3/2", "5/2", "1/2 2"), ("6/8", "1", "1", "1/2 1/2"), ("6/8", "0", "2", "3/2 1/2"),
    ("6/8", "0", "3", "3"), ("5/4", "0", "5", "3 2"), ("3/4", "1", "2", "2"), ("4/4", "0", "7/2", "2 3/2"),
])
def test_ties_show_the_beats(meter, offset, duration, pieces):
    split = split_duration(Fraction(offset), Fraction(duration), Meter.parse(meter))
    assert " ".join(map(str, split)) == pieces


def test_rests_hide_no_stronger_beat():
    split = split_duration(Fraction(1), Fraction(2), Meter.parse("4/4"), True)
    assert split == (1, 1)


@given(METERS, st.integers(0, 16), DURATIONS, st.booleans())
def test_pieces_add_up_and_each_is_one_note(meter, sixteenths, duration, rest):
    offset = Fraction(sixteenths, 4) % meter.bar_length
    duration = min(duration, meter.bar_length - offset)
    pieces = split_duration(offset, duration, meter, rest)
    assert sum(pieces) == duration
    if duration.denominator in (1, 2, 4):
        assert all(note_value(piece) for piece in pieces)
