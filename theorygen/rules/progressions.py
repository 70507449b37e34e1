"""Windows over chords that follow each other, however many slots each lasts."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from theorygen.rules.kinds import INTEGER, NUMBER
from theorygen.rules.motions import ChordPair
from theorygen.rules.music import Music
from theorygen.rules.notes import Note, steps_of
from theorygen.rules.places import Chord, Place
from theorygen.rules.record import Record, field, needs, part
from theorygen.rules.verticals import BASS, TOP
from theorygen.rules.world import NO_PITCH, Array


class Moment(Record):
    """What stands at one slot of a longer window."""

    def __init__(self, music: Music, slots: Array) -> None:
        self._music = music
        self._slots = slots

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds at that slot."""
        column: Array = self._music.codes[self._slots, voice] != NO_PITCH
        return column

    def _note(self, voice: int) -> Note:
        pitches = np.maximum(self._music.codes[self._slots, voice], 0)
        return Note(self._music.world, pitches, np.full(len(self._slots), voice % self._music.codes.shape[1]),
                    self._slots)

    @part[Chord]
    def chord(self) -> Chord:
        """The chord."""
        return Chord(self._music.world, self._slots)

    @part[Place]
    def place(self) -> Place:
        """Where it stands."""
        return Place(self._music.world, self._slots)

    @part[Note]
    @needs(TOP)
    def top(self) -> Note:
        """The highest voice."""
        return self._note(TOP)

    @part[Note]
    @needs(BASS)
    def bass(self) -> Note:
        """The lowest voice."""
        return self._note(BASS)


class ChordStretch(Moment):
    """One chord for as long as it lasts; notes and place are those of its beginning."""

    def __init__(self, music: Music, start: Array, stop: Array) -> None:
        super().__init__(music, start)
        self._start = start
        self._stop = stop

    @part[Place]
    def end(self) -> Place:
        """Where its last slot stands."""
        return Place(self._music.world, self._stop - 1)

    @field[NUMBER]
    def beats(self) -> Array:
        """How many beats it lasts."""
        return self._music.beats_between(self._start, self._stop)

    @field[INTEGER]
    def strongest(self) -> Array:
        """Metric strength of the strongest beat it sounds on into after its beginning; 0 when there is none."""
        return self._music.strongest_inside(self._start, self._stop)


class ThreeChords(Record):
    """Three chords that follow each other."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    def _chord(self, index: int) -> ChordStretch:
        return ChordStretch(self._music, self._bounds[:, index], self._bounds[:, index + 1])

    def _pair(self, before: int, after: int) -> ChordPair:
        return ChordPair(self._music.world, self._bounds[:, before], self._bounds[:, after])

    @part[ChordStretch]
    def first(self) -> ChordStretch:
        """The first chord."""
        return self._chord(0)

    @part[ChordStretch]
    def second(self) -> ChordStretch:
        """The chord in the middle."""
        return self._chord(1)

    @part[ChordStretch]
    def third(self) -> ChordStretch:
        """The last chord."""
        return self._chord(2)

    @part[ChordPair]
    def going(self) -> ChordPair:
        """The first two chords, compared."""
        return self._pair(0, 1)

    @part[ChordPair]
    def coming(self) -> ChordPair:
        """The last two chords, compared."""
        return self._pair(1, 2)

    @part[ChordPair]
    def around(self) -> ChordPair:
        """The first and the last chord, compared."""
        return self._pair(0, 2)

    @cached_property
    def _upper(self) -> tuple[Array, Array, Array]:
        """Pitches of all voices but the lowest at the beginning of the three chords, and where they all sound."""
        codes = [self._music.codes[self._bounds[:, index], :-1] for index in range(3)]
        sounding = np.logical_and.reduce([code != NO_PITCH for code in codes])
        return np.where(sounding, codes[1] - codes[0], 0), np.where(sounding, codes[2] - codes[1], 0), sounding

    @field[INTEGER]
    def neighbours(self) -> Array:
        """Voices above the lowest that leave their note by step and come back to it."""
        away, back, _ = self._upper
        return ((np.abs(steps_of(away)) == 1) & (away + back == 0)).sum(axis=1)

    @field[INTEGER]
    def strays(self) -> Array:
        """Voices above the lowest that leave their note and do not come back to it."""
        away, back, _ = self._upper
        return ((away != 0) & (away + back != 0)).sum(axis=1)


def chord_runs(music: Music) -> Array:
    """Slots where a chord begins: another one than before, or a new phrase."""
    if not len(music):
        return np.zeros(0, dtype=np.int64)
    changes = (music.chords[1:] != music.chords[:-1]) | (music.phrases[1:] != music.phrases[:-1])
    return np.flatnonzero(np.concatenate([[True], changes]))


def in_a_row(music: Music, starts: Array, count: int) -> Array:
    """Bounds of all windows of ``count`` successive stretches in one phrase, with chords declared throughout."""
    edges = np.append(starts, len(music))
    number = max(len(starts) - count + 1, 0)
    bounds = np.stack([edges[shift : shift + number] for shift in range(count + 1)], axis=1)
    whole = np.logical_and.reduce([music.present[bounds[:, shift]] for shift in range(count)])
    return bounds[whole & (music.phrases[bounds[:, 0]] == music.phrases[bounds[:, count - 1]])]


def three_chords(music: Music) -> Array:
    """Bounds of all successions of three different chords."""
    return in_a_row(music, chord_runs(music), 3)
