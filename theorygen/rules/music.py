"""One grid of a score as windows over many slots read it: who sings what, when, and what the meter says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theorygen.rules.world import FUNCTIONS, KINDS, Array, World
from theorygen.score.score import Score
from theorygen.score.slots import SlotArrays

_CADENTIAL = KINDS.index("cadential-six-four")
_DOMINANT = FUNCTIONS.index("D")


@dataclass(frozen=True, eq=False)
class Music:
    """A grid of n slots and v voices.

    Attributes:
        world: chords, places, voices.
        slots: what every voice does at every slot; times are whole ticks.
        bar_beats: int64 [n]: beats of the bar each slot stands in.
        beats: when every beat of the meter falls.
        strengths: int8: metric strength of each beat.
    """

    world: World
    slots: SlotArrays
    bar_beats: Array
    beats: Array
    strengths: Array

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def codes(self) -> Array:
        """Pitch codes [n, v], NO_PITCH for silence."""
        return self.slots.codes

    def beats_between(self, start: Array, stop: Array) -> Array:
        """How many beats lie between the beginnings of two slots, n for the end; beats are those at the first."""
        times = self.slots.times
        return (times[stop] - times[start]) / self.slots.beats[start]

    def strongest_inside(self, start: Array, stop: Array) -> Array:
        """The greatest metric strength of a beat after slot ``start`` begins and before slot ``stop`` does."""
        after = np.searchsorted(self.beats, self.slots.times[start], side="right")
        before = np.searchsorted(self.beats, self.slots.times[stop], side="left")
        found = np.zeros(len(start), dtype=np.int64)
        for strength in np.unique(self.strengths):
            passed = np.concatenate([[0], np.cumsum(self.strengths == strength)])
            found = np.where(passed[np.maximum(after, before)] > passed[after], strength, found)
        return found

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

    @cached_property
    def phrase_starts(self) -> Array:
        """Slots where phrases begin."""
        return beginnings(self.phrases)

    @cached_property
    def chord_starts(self) -> Array:
        """Slots where a chord begins: another one than before, or a new phrase."""
        return beginnings(self.chords, self.phrases)

    @cached_property
    def cadential(self) -> Array:
        """Whether the chord of each slot is a cadential six-four that goes on to its dominant in the same phrase."""
        starts, table = self.chord_starts, self.world.chord_table
        rows, phrases = self.chords[starts], self.phrases[starts]
        here, after = rows[:-1], rows[1:]
        resolves = ((table.kind[here] == _CADENTIAL) & (table.kind[after] != _CADENTIAL) & (table.degree[after] == 5)
                    & (table.function[after] == _DOMINANT) & (table.applied_tonic[here] == table.applied_tonic[after])
                    & (phrases[:-1] == phrases[1:]))
        return np.repeat(np.append(resolves, [False] * len(starts[:1])), np.diff(np.append(starts, len(self))))

    @cached_property
    def harmony_starts(self) -> Array:
        """Slots where a harmony begins: another root, function or key, or a new phrase.

        V, V7 and V65 are one harmony, and a cadential six-four is one with the dominant it resolves to.
        """
        table, rows = self.world.chord_table, self.chords[self.next_where(~self.cadential)]
        columns = (table.root, table.function, table.tonic, table.minor, table.present)
        return beginnings(*(column[rows] for column in columns), self.phrases)

    def next_where(self, wanted: Array) -> Array:
        """For each slot the first one from it on where ``wanted`` holds, or n."""
        places = np.where(wanted, np.arange(len(wanted)), len(wanted))
        return np.minimum.accumulate(places[::-1])[::-1]

    def last_where(self, wanted: Array) -> Array:
        """For each slot the last one up to it where ``wanted`` holds, or -1."""
        return np.maximum.accumulate(np.where(wanted, np.arange(len(wanted)), -1))


def beginnings(*columns: Array) -> Array:
    """Places where a new value begins in any of some arrays of one length."""
    new = np.ones(len(columns[0]), dtype=bool)
    if len(new):
        new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(new)


def up_to_next(starts: Array, end: int) -> Array:
    """Bounds of the stretches that begin at these slots, each up to the next and the last up to ``end``."""
    return np.stack([starts, np.append(starts, end)[1:]], axis=1)


def music_of(score: Score, slots: SlotArrays, world: World) -> Music:
    """The music of one grid of a score."""
    beats = score.slots("beats")
    bar_beats = [score.meter_at(onset).beats for onset in slots.onsets]
    return Music(world, slots, np.array(bar_beats, dtype=np.int64), beats.times[:-1], beats.weights)
