"""RomanText as something to be voiced: every numeral at its measure and beat until the next one.

Phrases end at ``||`` and where repeats end; without any the piece is one phrase. Repeats are written once. Measures are
counted from 1, or from 0 where the text begins with a pickup: in measure 0, or later than on beat 1 of its first
measure. Without a time signature the meter of the style holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression, in_phrases
from theorygen.grammar.symbols import to_ticks
from theorygen.score.roman_text import Reading, RomanText
from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.theory import Meter

LONGEST_GAP = 64
"""Measures that one numeral may last."""


def progression_of(text: RomanText, usual: Meter) -> Progression:
    """The numerals of an analysis in time.

    Args:
        text: the analysis.
        usual: the meter where it names none.

    Raises:
        InputError: there is no numeral, or some stand where their measure has no beat, or out of order.
    """
    found = Diagnostics()
    if not text.readings:
        found.add(Diagnostic("bad-analysis", "there is no numeral in this analysis", None, "such as 'm1 C: I b3 V6'"))
    for before, after in pairwise(text.readings):
        if not 0 <= after.measure - before.measure <= LONGEST_GAP:
            message = f"measure {after.measure} does not go on from measure {before.measure}"
            found.add(Diagnostic("bad-analysis", message, after.mark,
                                 f"measures in order, at most {LONGEST_GAP} of them without a numeral"))
    found.raise_errors()
    bars = _Bars(text, usual)
    placed = list(bars.placed(found))
    found.raise_errors()
    return bars.progression(placed)


@dataclass(frozen=True)
class _Bars:
    """The measures of an analysis, one after the other from the first that has a numeral to the last."""

    text: RomanText
    usual: Meter

    @property
    def first(self) -> int:
        """Number of the first measure with a numeral."""
        return self.text.readings[0].measure

    @property
    def last(self) -> int:
        """Number of the last measure with a numeral."""
        return max(reading.measure for reading in self.text.readings)

    @cached_property
    def starts(self) -> dict[int, Fraction]:
        """When beat 1 of each measure falls, were the first measure a full one."""
        starts, onset = {}, Fraction(0)
        for number in range(self.first, self.last + 2):
            starts[number] = onset
            onset += self.meter(number).bar_length
        return starts

    @property
    def missing(self) -> Fraction:
        """What the first measure lacks: the music begins with its first numeral."""
        return self.offset(self.text.readings[0])

    def meter(self, measure: int) -> Meter:
        """The meter of a measure."""
        changes = [number for number, _ in self.text.meters]
        index = bisect_right(changes, measure) - 1
        return self.text.meters[index][1] if index >= 0 else self.usual

    def offset(self, reading: Reading) -> Fraction:
        """Where in its measure a numeral stands, quarter lengths."""
        return (reading.beat - 1) * self.meter(reading.measure).beat_length

    def placed(self, found: Diagnostics) -> Iterator[tuple[Fraction, Reading]]:
        """Every numeral with its time."""
        latest = Fraction(-1)
        for reading in self.text.readings:
            onset = self.starts.get(reading.measure, Fraction(-1)) + self.offset(reading) - self.missing
            wrong = self._wrong(reading, onset, latest)
            if wrong:
                found.add(wrong)
            else:
                latest = onset
                yield onset, reading

    def _wrong(self, reading: Reading, onset: Fraction, latest: Fraction) -> Diagnostic | None:
        meter, place = self.meter(reading.measure), f"measure {reading.measure}, beat {float(reading.beat):g}"
        if not 1 <= reading.beat < meter.beats + 1:
            return Diagnostic("bad-analysis", f"{meter} has no {place.partition(', ')[2]}", reading.mark,
                              f"beats from 1 to below {meter.beats + 1}")
        if to_ticks(onset) is None:
            return Diagnostic("bad-analysis", f"{place} cannot be written exactly", reading.mark,
                              "halves, thirds, fifths or sevenths of a beat")
        if onset <= latest:
            return Diagnostic("bad-analysis", f"{place} does not come after the numeral before it", reading.mark,
                              "measures and beats in order of time")
        return None

    def progression(self, placed: list[tuple[Fraction, Reading]]) -> Progression:
        """Everything in time."""
        ends = [onset for onset, _ in placed[1:]] + [self.starts[self.last + 1] - self.missing]
        chords = [PlannedChord(((reading.numeral, 1.0),), onset, end - onset, reading.phrase, None, {},
                               reading.pivot_of, "", ())
                  for (onset, reading), end in zip(placed, ends, strict=True)]
        pickup = self.meter(self.first).bar_length - self.missing if self.missing else Fraction(0)
        return Progression(
            in_phrases(chords), tuple(self._meters()), chords[0].alternatives[0][0].key, pickup,
            self.text.headers.get("title", ""), self.text.headers.get("composer", ""))

    def _meters(self) -> Iterator[tuple[Fraction, Meter]]:
        """The meters with the times from which they hold."""
        current = None
        for number, start in self.starts.items():
            meter = self.meter(number)
            if meter != current and number <= self.last:
                yield max(start - self.missing, Fraction(0)), meter
            current = meter
