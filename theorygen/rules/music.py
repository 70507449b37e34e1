"""One grid of a score as windows over many slots read it: who sings what, when, and what the meter says of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from theorygen.rules.world import NO_PITCH, Array, World
from theorygen.score.score import Score
from theorygen.score.slots import SlotArrays

TICKS = 5040
"""Ticks of a beat: all usual divisions of a beat are whole numbers, so equal lengths are equal."""


@dataclass(frozen=True, eq=False)
class Music:
    """A grid of n slots and v voices. Times are ticks from the start.

    Attributes:
        world: chords, places, voices.
        codes: int32 [n, v] of pitch codes, NO_PITCH for silence.
        attacks: bool [n, v]: where a note begins.
        onsets: int64 [n + 1]: where each slot begins, and the end of the music.
        bar_beats: int64 [n]: beats of the bar each slot stands in.
        beats: int64 [b]: every beat of the meter.
        strengths: int8 [b]: metric strength of each.
    """

    world: World
    codes: Array
    attacks: Array
    onsets: Array
    bar_beats: Array
    beats: Array
    strengths: Array

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def chords(self) -> Array:
        """Row of the chord table for each slot."""
        return self.world.chord_of_slot

    @cached_property
    def present(self) -> Array:
        """Whether a chord is declared, for each slot."""
        return self.world.chord_table.present[self.chords]

    @cached_property
    def phrases(self) -> Array:
        """Number of its phrase, from 0, for each slot."""
        first = self.world.slot_column("first").astype(np.int64)
        return np.cumsum(first) - first[:1].sum()

    def next_where(self, wanted: Array) -> Array:
        """For each slot the first one from it on where ``wanted`` holds, or n."""
        places = np.where(wanted, np.arange(len(wanted)), len(wanted))
        return np.minimum.accumulate(places[::-1])[::-1]

    def last_where(self, wanted: Array) -> Array:
        """For each slot the last one up to it where ``wanted`` holds, or -1."""
        return np.maximum.accumulate(np.where(wanted, np.arange(len(wanted)), -1))

    def strongest_inside(self, start: Array, stop: Array) -> Array:
        """The greatest metric strength of a beat after slot ``start`` begins and before slot ``stop`` does."""
        after = np.searchsorted(self.beats, self.onsets[start], side="right")
        before = np.searchsorted(self.beats, self.onsets[stop], side="left")
        found = np.zeros(len(start), dtype=np.int64)
        for strength in np.unique(self.strengths):
            passed = np.concatenate([[0], np.cumsum(self.strengths == strength)])
            found = np.where(passed[np.maximum(after, before)] > passed[after], strength, found)
        return found


def music_of(score: Score, slots: SlotArrays, world: World) -> Music:
    """The music of one grid of a score."""
    clock = _Clock(score)
    beats = score.slots("beats")
    return Music(
        world, slots.codes, slots.attack & (slots.codes != NO_PITCH),
        np.array([clock.ticks(onset) for onset in [*slots.onsets, score.end]], dtype=np.int64),
        np.array([score.meter_at(onset).beats for onset in slots.onsets], dtype=np.int64),
        np.array([clock.ticks(onset) for onset in beats.onsets], dtype=np.int64), beats.weights)


class _Clock:
    """Turns quarter lengths into ticks, whatever the meters."""

    def __init__(self, score: Score) -> None:
        self.score = score
        self.starts: dict[Fraction, Fraction] = {}
        beats = Fraction(0)
        for measure in score.measures():
            self.starts[measure.onset] = beats
            beats += measure.length / measure.meter.beat_length

    def ticks(self, onset: Fraction) -> int:
        """A time in ticks; 0 in an empty score."""
        if not self.starts:
            return 0
        measure = self.score.measure_at(onset)
        beats = self.starts[measure.onset] + (onset - measure.onset) / measure.meter.beat_length
        return round(beats * TICKS)
