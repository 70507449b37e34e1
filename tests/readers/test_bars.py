"""From written bars to measures."""

from fractions import Fraction

import pytest

from theorygen.readers.bars import bars_of_meters, check_length, timeline, usual_meter
from theorygen.readers.written import WrittenBar
from theorygen.score import ScoreError
from theorygen.score.timeline import measures_of
from theorygen.theory import Meter

COMMON = ((Fraction(0), Meter(4, 4)),)


def bars(*lengths_and_numbers):
    """Written bars from (length, number) pairs; a number with "a" behind it goes on with the bar before."""
    row, onset = [], Fraction(0)
    for length, number in lengths_and_numbers:
        row.append(WrittenBar(onset, Fraction(length), int(str(number).rstrip("a")), str(number).endswith("a")))
        onset += Fraction(length)
    return row


def measures(row, meters=COMMON):
    """(number, length, start) of each measure."""
    fields = timeline(row, meters, row[-1].end)
    return [
        (one.number, one.length, one.start_offset)
        for one in measures_of(fields["meters"], fields["pickup"], row[-1].end, fields["bars"])
    ]


@pytest.mark.parametrize(("written", "expected"), [
    ([(4, 1), (4, 2)], [(1, 4, 0), (2, 4, 0)]),
    ([(1, 0), (4, 1), (3, 2)], [(0, 1, 3), (1, 4, 0), (2, 3, 0)]),
    ([(1, 1), (4, 2)], [(1, 1, 3), (2, 4, 0)]),
    ([(4, 1), (3, 2), (1, "2a"), (4, 3)], [(1, 4, 0), (2, 4, 0), (3, 4, 0)]),
    ([(4, 1), (2, 2), (2, 3), (4, 4)], [(1, 4, 0), (2, 2, 0), (3, 2, 2), (4, 4, 0)]),
    ([(4, 1), (1, 2), (4, 3)], [(1, 4, 0), (2, 1, 0), (3, 4, 0)]),
    ([(4, 5), (4, 6)], [(5, 4, 0), (6, 4, 0)]),
    ([(2, 1)], [(1, 2, 0)]),
    ([(4, 1), (0, 2), (4, 3)], [(1, 4, 0), (3, 4, 0)]),
])
def test_measures(written, expected):
    assert measures(bars(*written)) == expected


def test_bars_are_listed_only_where_meters_do_not_say_them():
    assert timeline(bars((1, 0), (4, 1), (3, 2)), COMMON, Fraction(8))["bars"] == ()
    assert timeline(bars((1, 1), (4, 2)), COMMON, Fraction(5))["bars"] != ()


def test_a_new_meter_parts_the_pieces_of_a_bar():
    meters = ((Fraction(0), Meter(4, 4)), (Fraction(7), Meter(3, 4)))
    assert measures(bars((4, 1), (3, 2), (1, "2a"), (3, 3)), meters) == [
        (1, 4, 0), (2, 3, 0), (2, 1, 2), (3, 3, 0)]


def test_bars_that_would_be_too_long_stay_apart():
    assert measures(bars((4, 1), (3, 2), (2, "2a")))[1:] == [(2, 3, 0), (2, 2, 2)]


@pytest.mark.parametrize(("lengths", "meter"), [
    ([3, 3, 2], "3/4"), ([4], "4/4"), (["3/2", "3/2"], "3/8"), (["7/12"], "4/4"), ([], "4/4"), ([1000], "4/4"),
])
def test_the_usual_meter(lengths, meter):
    assert str(usual_meter(bars(*[(length, 1) for length in lengths]))) == meter


def test_bars_of_meters_start_where_measures_do():
    meters = {Fraction(0): Meter(3, 4), Fraction(6): Meter(4, 4)}
    assert [(bar.onset, bar.number) for bar in bars_of_meters(meters, Fraction(0), Fraction(14))] == [
        (0, 1), (3, 2), (6, 3), (10, 4)]
    assert [(bar.onset, bar.number) for bar in bars_of_meters({}, Fraction(1), Fraction(9))] == [(0, 0), (1, 1), (5, 2)]


def test_endless_pieces_are_refused():
    check_length(COMMON, Fraction(400), 100)
    with pytest.raises(ScoreError, match="more than 100 bars"):
        check_length(COMMON, Fraction(401), 100)
