"""Measures: how the bars of a score lie in time, with pickups, meter changes and a short last bar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from theorygen.theory.meter import Meter

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Measure:
    """One bar. Times are quarter lengths.

    Attributes:
        number: 0 for a pickup, then from 1.
        onset: start, counted from the start of the score.
        length: what it holds; shorter than its meter in a pickup and where the score or the meter ends early.
        meter: its time signature.
        start_offset: where in a full bar it begins: 0, but 3 for a pickup of one quarter in 4/4.
    """

    number: int
    onset: Fraction
    length: Fraction
    meter: Meter
    start_offset: Fraction = Fraction(0)

    @property
    def is_pickup(self) -> bool:
        """Whether it is the incomplete first bar."""
        return self.start_offset > 0

    @property
    def end(self) -> Fraction:
        """When it stops, in quarter lengths from the start of the score."""
        return self.onset + self.length

    def offset(self, onset: Fraction) -> Fraction:
        """Metrical offset in the bar, in quarter lengths, of a time in the score."""
        return onset - self.onset + self.start_offset


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as a file writes it, where the meters alone do not say where bars begin and what they are called.

    Attributes:
        onset: start, in quarter lengths from the start of the score.
        number: its number.
        start_offset: where in a full bar it begins, as in `Measure`.
    """

    onset: Fraction
    number: int
    start_offset: Fraction = Fraction(0)


def measures_of(
    meters: Sequence[tuple[Fraction, Meter]], pickup: Fraction, end: Fraction, bars: Sequence[Bar] = ()
) -> tuple[Measure, ...]:
    """The bars from 0 to ``end``: those given, or as the meters say; then a meter change ends the bar it falls into."""
    if bars:
        stops = [*(bar.onset for bar in bars[1:]), max(end, bars[-1].onset)]
        return tuple(
            Measure(bar.number, bar.onset, min(stop, end) - bar.onset, value_at(meters, bar.onset), bar.start_offset)
            for bar, stop in zip(bars, stops, strict=True) if bar.onset < end
        )
    measures = []
    onset, number = Fraction(0), 1
    if pickup:
        meter = value_at(meters, onset)
        measures.append(Measure(0, onset, min(pickup, end), meter, meter.bar_length - pickup))
        onset = pickup
    changes = [change for change, _ in meters]
    while onset < end:
        meter = value_at(meters, onset)
        following = changes[bisect_right(changes, onset):]
        stop = min([onset + meter.bar_length, end, *following[:1]])
        measures.append(Measure(number, onset, stop - onset, meter))
        onset, number = stop, number + 1
    return tuple(measures)


def value_at(changes: Sequence[tuple[Fraction, Value]], onset: Fraction) -> Value:
    """The value in force at ``onset``; the first one also before its time."""
    index = bisect_right([change for change, _ in changes], onset)
    return changes[max(index - 1, 0)][1]
