"""From written bars to the bars of a score: the pickup, and where the meters alone do not say how bars lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from theorygen.readers.written import WrittenBar
from theorygen.score import Bar, ScoreError
from theorygen.score.timeline import measures_of, value_at
from theorygen.theory import Meter

Meters = tuple[tuple[Fraction, Meter], ...]


def check_length(meters: Meters, end: Fraction, most: int) -> None:
    """Refuse a piece of more bars than ``most``.

    Raises:
        ScoreError: it has.
    """
    shortest = min(meter.bar_length for _, meter in meters)
    if end > most * shortest:
        raise ScoreError(f"it lasts {end} quarters, more than {most} bars of {shortest}; expected a single piece")


def timeline(written: Sequence[WrittenBar], meters: Meters, end: Fraction) -> dict[str, Any]:
    """The fields ``meters``, ``pickup`` and ``bars`` of a score.

    A bar that a repeat sign splits ("4" and "4a") is one bar, where the pieces add up. A short first bar is a pickup.
    ``bars`` stays empty where meters and pickup give the same bars with the same numbers.

    Args:
        written: in time order, from 0.
        meters: time signatures, the first at 0.
        end: when the last note or rest stops.
    """
    bars = _counted_from_one(_placed(_joined(written, meters), meters))
    pickup = _pickup(bars, meters)
    given = [(bar.onset, bar.number, bar.start_offset) for bar in bars if bar.onset < end]
    plain = [(one.onset, one.number, one.start_offset) for one in measures_of(meters, pickup, end)]
    return {"meters": meters, "pickup": pickup, "bars": () if given == plain else tuple(bars)}


def _counted_from_one(bars: list[Bar]) -> list[Bar]:
    """A complete first bar is bar 1, also where a file, or its reader, calls it 0."""
    if bars and bars[0].number == 0 and not bars[0].start_offset:
        return [replace(bar, number=bar.number + 1) for bar in bars]
    return bars


def bars_of_meters(meters: Mapping[Fraction, Meter], pickup: Fraction, end: Fraction) -> list[WrittenBar]:
    """The bars of a file that says its meters but no bars; 4/4 where it says none at the start."""
    row = sorted({Fraction(0): Meter(4, 4), **meters}.items())
    return [WrittenBar(one.onset, one.length, one.number) for one in measures_of(row, pickup, end)]


def usual_meter(written: Sequence[WrittenBar]) -> Meter:
    """The meter of most bars, for a file that says none: 3/4 for bars of three quarters; 4/4 where that fails."""
    lengths = Counter(bar.length for bar in written)
    length = max(lengths, key=lambda one: (lengths[one], one), default=Fraction(4))
    numerator, denominator = length.numerator, 4 * length.denominator
    return Meter(numerator, denominator) if numerator < 100 and denominator in (4, 8, 16, 32) else Meter(4, 4)


def _joined(written: Sequence[WrittenBar], meters: Meters) -> list[WrittenBar]:
    """With the pieces of one bar put together: same number, no new meter between, no longer than a bar."""
    bars: list[WrittenBar] = []
    changes = {onset for onset, _ in meters}
    for bar in written:
        if not bar.length:
            continue
        before = bars[-1] if bars else None
        if before and _goes_on(before, bar) and bar.onset not in changes \
                and before.length + bar.length <= value_at(meters, before.onset).bar_length:
            bars[-1] = replace(before, length=before.length + bar.length)
        else:
            bars.append(bar)
    return bars


def _goes_on(before: WrittenBar, bar: WrittenBar) -> bool:
    return bar.continues or bar.number == before.number


def _placed(written: Sequence[WrittenBar], meters: Meters) -> list[Bar]:
    """Each bar with the place in a full bar where it begins.

    Short bars end where a full one would if they are the first or follow a bar that was cut short; others begin at 0.
    """
    bars: list[Bar] = []
    upbeat_next = len(written) > 1
    for bar in written:
        missing = value_at(meters, bar.onset).bar_length - bar.length
        start = missing if upbeat_next and missing > 0 else Fraction(0)
        bars.append(Bar(bar.onset, bar.number, start))
        upbeat_next = missing > 0 and not start
    return bars


def _pickup(bars: Sequence[Bar], meters: Meters) -> Fraction:
    """Length of the incomplete first bar, 0 for none."""
    return meters[0][1].bar_length - bars[0].start_offset if bars and bars[0].start_offset else Fraction(0)
