"""The events of a score as arrays over whole-numbered time, from which its grids are cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from theorygen.score.event import Voice
from theorygen.theory.interval import MAJOR_SCALE_SEMITONES, STEP_SPAN

if TYPE_CHECKING:
    from theorygen.score.score import Score

Array = npt.NDArray[Any]

SILENT, ATTACK, HELD = 0, 1, 2
"""States of a voice in a slot."""

SILENT_CODE = -1
"""Pitch code where a voice is silent."""

FINEST = 1 << 40
"""Ticks in a quarter at most; a million quarters of them fit 64 bits."""

LEAST_ACCENT = -1000

_NATURAL = np.array([12 * (step // 7) + MAJOR_SCALE_SEMITONES[step % 7] + 12 for step in range(STEP_SPAN)],
                    dtype=np.int16)


def letters_of(codes: Array) -> tuple[Array, Array]:
    """Letters, 0 for C to 6 for B, and semitones by which accidentals raise them, of pitch codes."""
    step = codes % STEP_SPAN
    return step % 7, codes // STEP_SPAN - _NATURAL[step]


@dataclass(frozen=True, eq=False)
class Line:
    """The events of one voice; k events, times in ticks.

    Attributes:
        starts: int64 [k]: when each begins.
        stop: when the last one ends.
        codes: int32 [k]: code of its top note, -1 for rests and drum hits.
        attacks: int64 [k]: when its notes were attacked: before its start when it only goes on with a tie.
        ends: int64 [k]: when its notes end, those tied to it included.
        multiple: bool [k]: whether it has several notes.
        news: ticks at which something begins or falls silent.
    """

    starts: Array
    stop: int
    codes: Array
    attacks: Array
    ends: Array
    multiple: Array
    news: frozenset[int]


class Sounding:
    """A score in ticks.

    Attributes:
        score: the score.
        ticks: ticks in a quarter, so many that every onset, end and beat is a whole number of them; at most FINEST, to
            which tuplets that no such number divides are rounded.
    """

    def __init__(self, score: Score) -> None:
        self.score = score
        times = _times(score)
        self.ticks = min(lcm(*(time.denominator for time in times)), FINEST)
        self._rounded = {} if self.ticks < FINEST else {self.tick(time): time for time in times}

    def tick(self, time: Fraction) -> int:
        """A time, in quarter lengths, in ticks."""
        return round(time * self.ticks) if self.ticks % time.denominator else (
            time.numerator * (self.ticks // time.denominator))

    def moment(self, tick: int) -> Fraction:
        """The time of a tick, in quarter lengths."""
        return self._rounded.get(tick) or Fraction(tick, self.ticks)

    @cached_property
    def end(self) -> int:
        """When the score ends."""
        return self.tick(self.score.end)

    @cached_property
    def lines(self) -> list[Line]:
        """The pitched voices from top to bottom."""
        return [self._line(voice) for voice in self.score.pitched_voices]

    def _line(self, voice: Voice) -> Line:
        events = voice.events
        starts = [self.tick(event.onset) for event in events]
        ends = [self.tick(event.end) for event in events]
        attacks = starts.copy()
        news = {self.tick(voice.end)} if events else set()
        for index, event in enumerate(events):
            if voice.is_continuation(index):
                attacks[index] = attacks[index - 1]
            elif not (event.is_rest and index and events[index - 1].is_rest):
                news.add(starts[index])
        for index in range(len(events) - 1, 0, -1):
            if attacks[index] < starts[index]:
                ends[index - 1] = ends[index]
        codes = [event.pitches[-1].code if event.pitches else SILENT_CODE for event in events]
        return Line(np.array(starts), self.tick(voice.end), np.array(codes, dtype=np.int32), np.array(attacks),
                    np.array(ends), np.array([len(event.pitches) > 1 for event in events]), frozenset(news))

    @cached_property
    def chord_onsets(self) -> list[int]:
        """When each chord begins."""
        return [self.tick(chord.onset) for chord in self.score.chords]

    @cached_property
    def news(self) -> list[int]:
        """Ticks at which a voice attacks or stops or a chord begins, and the start."""
        found = set().union(*(line.news for line in self.lines), self.chord_onsets, (0,) if self.end else ())
        return sorted(time for time in found if time < self.end)

    @cached_property
    def beats(self) -> list[int]:
        """Every beat of every measure."""
        found: list[int] = []
        for measure in self.score.measures():
            beat = measure.meter.beat_length
            first = -(-measure.start_offset // beat) * beat
            count = int(-((first - measure.start_offset - measure.length) // beat))
            start = self.tick(measure.onset - measure.start_offset + first)
            found += range(start, start + count * self.tick(beat), self.tick(beat))
        return [time for time in found if time < self.end]

    def metric(self, times: Array) -> tuple[Array, Array, Array, Array]:
        """Metric strength, 3 to 0; accent, finer off the beat; length of a beat; and the measure, counted from 0."""
        measures = self.score.measures()
        starts = [self.tick(measure.onset) for measure in measures]
        numbers = np.maximum(np.searchsorted(starts, times, side="right") - 1, 0).tolist()
        rows, known = [], {}
        for time, number in zip(times.tolist(), numbers, strict=True):
            meter, offset = measures[number].meter, measures[number].offset(self.moment(time))
            if (meter, offset) not in known:
                weight, parts = meter.weight(offset), (offset / meter.beat_length).denominator
                accent = weight if parts == 1 else max(2 - parts, LEAST_ACCENT)
                known[meter, offset] = (weight, accent, self.tick(meter.beat_length))
            rows.append(known[meter, offset])
        weights, accents, beats = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return weights.astype(np.int8), accents.astype(np.int16), beats, np.array(numbers, dtype=np.int32)


def _times(score: Score) -> set[Fraction]:
    """Times whose denominators say how fine ticks must be."""
    found = {score.pickup, score.end}
    for voice in score.pitched_voices:
        found.update(event.onset for event in voice.events)
        found.add(voice.end)
    for chord in score.chords:
        found.update((chord.onset, chord.end))
    for measure in score.measures():
        found.update((measure.onset, measure.start_offset, measure.meter.beat_length))
    return found
