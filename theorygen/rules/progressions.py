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
from theorygen.rules.world import NO_PITCH, Array, World


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
        voices = np.full(len(self._slots), voice % self._music.codes.shape[1])
        return Note(self._music.world, pitches, voices, self._slots)

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


class ChordIfThere(Chord):
    """The chord declared for a slot; not present where there is no such chord in the window."""

    def __init__(self, world: World, slots: Array, there: Array) -> None:
        super().__init__(world, slots)
        self._rows = np.where(there, self._rows, len(world.chord_table.chords))


class Section(Record):
    """Slots that follow each other, from a first to a last."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._start, self._stop = bounds[:, 0], bounds[:, 1]

    def span(self, row: int) -> tuple[int, int]:
        """The first slot of one section, and the slot after its last."""
        return int(self._start[row]), int(self._stop[row])

    @part[Moment]
    def start(self) -> Moment:
        """Its first slot."""
        return Moment(self._music, self._start)

    @part[Moment]
    def end(self) -> Moment:
        """Its last slot."""
        return Moment(self._music, self._stop - 1)


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


class Harmony(ChordStretch):
    """One harmony for as long as it lasts, read by its first chord that is no cadential six-four."""

    def __init__(self, music: Music, start: Array, stop: Array) -> None:
        super().__init__(music, start, stop)
        self._slots = np.minimum(music.next_where(~music.cadential)[start], stop - 1)

    @part[Chord]
    def closing(self) -> Chord:
        """Its last chord: V7 of V V7."""
        return Chord(self._music.world, self._stop - 1)


class ThreeChords(Record):
    """Three chords that follow each other."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    def _chord(self, index: int) -> ChordStretch:
        return ChordStretch(self._music, self._bounds[:, index], self._bounds[:, index + 1])

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
    def around(self) -> ChordPair:
        """The first and the last chord, compared."""
        return ChordPair(self._music.world, self._bounds[:, 0], self._bounds[:, 2])

    @cached_property
    def _moves(self) -> tuple[Array, Array]:
        """How far each voice but the lowest moves to the second chord and on to the third; 0 where one rests."""
        codes = [self._music.codes[self._bounds[:, index], :-1] for index in range(3)]
        sounding = np.logical_and.reduce([code != NO_PITCH for code in codes])
        return np.where(sounding, codes[1] - codes[0], 0), np.where(sounding, codes[2] - codes[1], 0)

    @field[INTEGER]
    def neighbours(self) -> Array:
        """Voices above the lowest that leave their note by step and come back to it."""
        away, back = self._moves
        return ((np.abs(steps_of(away)) == 1) & (away + back == 0)).sum(axis=1)

    @field[INTEGER]
    def strays(self) -> Array:
        """Voices above the lowest that leave their note and do not come back to it."""
        away, back = self._moves
        return ((away != 0) & (away + back != 0)).sum(axis=1)


class ThreeHarmonies(Record):
    """Three harmonies that follow each other."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    def _harmony(self, index: int) -> Harmony:
        return Harmony(self._music, self._bounds[:, index], self._bounds[:, index + 1])

    @part[Harmony]
    def first(self) -> Harmony:
        """The first harmony."""
        return self._harmony(0)

    @part[Harmony]
    def second(self) -> Harmony:
        """The harmony in the middle."""
        return self._harmony(1)

    @part[Harmony]
    def third(self) -> Harmony:
        """The last harmony."""
        return self._harmony(2)


def in_a_row(music: Music, starts: Array, count: int) -> Array:
    """Bounds of all windows of ``count`` successive stretches in one phrase, with chords declared throughout."""
    edges = np.append(starts, len(music))
    number = max(len(starts) - count + 1, 0)
    bounds = np.stack([edges[shift : shift + number] for shift in range(count + 1)], axis=1)
    whole = np.logical_and.reduce([music.present[bounds[:, shift]] for shift in range(count)])
    return bounds[whole & (music.phrases[bounds[:, 0]] == music.phrases[bounds[:, count - 1]])]


def single_chords(music: Music) -> Array:
    """Bounds of all chords."""
    return in_a_row(music, music.chord_starts, 1)


def three_chords(music: Music) -> Array:
    """Bounds of all successions of three different chords."""
    return in_a_row(music, music.chord_starts, 3)


def three_harmonies(music: Music) -> Array:
    """Bounds of all successions of three harmonies."""
    return in_a_row(music, music.harmony_starts, 3)


class SingleChord(ChordStretch):
    """One chord."""

    def __init__(self, music: Music, bounds: Array) -> None:
        super().__init__(music, bounds[:, 0], bounds[:, 1])
