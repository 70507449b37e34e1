"""Windows of one slot: a note, two voices, a whole sonority."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, PITCH
from theorygen.rules.notes import Note, simple, steps_of
from theorygen.rules.places import Chord, Place
from theorygen.rules.record import Record, field, needs, part
from theorygen.rules.world import MEMBERS, NO_PITCH, Array, World
from theorygen.theory.interval import OCTAVE

TOP, LOWEST_UPPER, BASS = 0, -2, -1
"""Columns of the voices that fields of a whole sonority speak of."""


class VoicePair(Record):
    """Two voices of one sonority; upper is the voice written above, also when they cross."""

    def __init__(self, world: World, pitches: Array, voices: Array, slots: Array) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    @part[Note]
    def upper(self) -> Note:
        """The upper voice."""
        return Note(self._world, self._pitches[:, 0], self._voices[:, 0], self._slots)

    @part[Note]
    def lower(self) -> Note:
        """The lower voice."""
        return Note(self._world, self._pitches[:, 1], self._voices[:, 1], self._slots)

    @part[Chord]
    def chord(self) -> Chord:
        """The chord both sound in."""
        return Chord(self._world, self._slots)

    @part[Place]
    def place(self) -> Place:
        """Where they stand."""
        return Place(self._world, self._slots)

    @field[INTERVAL]
    def interval(self) -> Array:
        """From the lower voice up to the upper; negative when they cross."""
        return self._pitches[:, 0] - self._pitches[:, 1]

    @field[INTERVAL]
    def simple(self) -> Array:
        """The interval without whole octaves: unisons and octaves are P1, twelfths P5."""
        return simple(self.interval)

    @field[INTEGER]
    def number(self) -> Array:
        """Number of the simple interval by letters: 3 for any third, 8 never (octaves are 1)."""
        return steps_of(self.simple) % 7 + 1

    @field[BOOLEAN]
    def adjacent(self) -> Array:
        """No voice is written between the two."""
        return self._voices[:, 1] - self._voices[:, 0] == 1

    @field[BOOLEAN]
    def outer(self) -> Array:
        """The highest and the lowest voice of the ensemble."""
        return self.upper.is_top & self.lower.is_bass


class Count(Record):
    """How many voices of a sonority have what; silent voices count nowhere."""

    def __init__(self, notes: Note, sounding: Array) -> None:
        self._notes = notes
        self._sounding = sounding

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds."""
        column: Array = self._sounding[:, voice]
        return column

    def _number(self, hits: Array) -> Array:
        return (hits & self._sounding).sum(axis=1)

    def _member(self, name: str) -> Array:
        return self._number(self._notes.member == MEMBERS.index(name))

    @field[INTEGER]
    def voices(self) -> Array:
        """Voices that sound."""
        return self._sounding.sum(axis=1)

    @field[INTEGER]
    def silent(self) -> Array:
        """Voices that rest."""
        return (~self._sounding).sum(axis=1)

    @field[INTEGER]
    def foreign(self) -> Array:
        """Notes outside the chord."""
        return self._member("none")

    @field[INTEGER]
    def root(self) -> Array:
        """Roots."""
        return self._member("root")

    @field[INTEGER]
    def third(self) -> Array:
        """Thirds of the chord."""
        return self._member("third")

    @field[INTEGER]
    def fifth(self) -> Array:
        """Fifths of the chord."""
        return self._member("fifth")

    @field[INTEGER]
    def seventh(self) -> Array:
        """Chordal sevenths."""
        return self._member("seventh")

    @field[INTEGER]
    def ninth(self) -> Array:
        """Chordal ninths."""
        return self._member("ninth")

    @field[INTEGER]
    def tonic(self) -> Array:
        """The tonic (degree 1) of an augmented sixth chord."""
        return self._member("tonic")

    @field[INTEGER]
    def leading_tone(self) -> Array:
        """Functioning leading tones."""
        return self._number(self._notes.leading_tone)

    @field[INTEGER]
    def bass_note(self) -> Array:
        """Voices on the note the inversion puts in the bass, in any octave."""
        return self._number(self._notes.is_chord_bass)

    @field[INTEGER]
    def raised(self) -> Array:
        """Members raised above the local key."""
        return self._number(self._notes.raised)

    @field[INTEGER]
    def lowered(self) -> Array:
        """Members lowered below the local key."""
        return self._number(self._notes.lowered)

    @field[INTEGER]
    def stable(self) -> Array:
        """Notes on degrees 1, 4 and 5 of the local key."""
        degree = self._notes.degree
        return self._number((degree == 1) | (degree == 4) | (degree == 5))

    @field[INTEGER]
    def doubled_unstable(self) -> Array:
        """Further copies, in any octave, of notes on degrees 2, 3, 6 and 7 of the local key."""
        degree = self._notes.degree
        unstable = (degree != 1) & (degree != 4) & (degree != 5) & self._sounding
        bits = np.bitwise_or.reduce(np.where(unstable, np.left_shift(1, degree.astype(np.int32)), 0), axis=1)
        return unstable.sum(axis=1) - _BIT_COUNTS[bits]

    @field[INTEGER]
    @needs(TOP)
    def top_note(self) -> Array:
        """Voices on the note of the highest voice, in any octave, itself counted."""
        names = self._notes.pitch % OCTAVE.code
        return self._number(names == names[:, :1])

    @field[INTEGER]
    def members(self) -> Array:
        """Different members of the chord that sound."""
        member = np.where(self._sounding, self._notes.member, 0)
        bits = np.bitwise_or.reduce(np.left_shift(1, member.astype(np.int32)), axis=1) & ~1
        return np.array(_BIT_COUNTS[bits])

    @field[INTEGER]
    def unisons(self) -> Array:
        """Pairs of neighbouring voices on one pitch."""
        pitches = self._notes.pitch
        return ((pitches[:, 1:] == pitches[:, :-1]) & self._sounding[:, 1:]).sum(axis=1)


_BIT_COUNTS = (np.arange(1 << len(MEMBERS))[:, None] >> np.arange(len(MEMBERS)) & 1).sum(axis=1).astype(np.int8)


class Sonority(Record):
    """All voices of one slot."""

    def __init__(self, world: World, pitches: Array, voices: Array, slots: Array) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds."""
        return self._column(voice) != NO_PITCH

    def _column(self, voice: int) -> Array:
        """The pitches of a voice; the lowest but one of a single voice is that voice."""
        column: Array = self._pitches[:, max(voice, -self._pitches.shape[1])]
        return column

    @cached_property
    def _notes(self) -> Note:
        return Note(self._world, np.maximum(self._pitches, 0), self._voices, self._slots[:, None])

    @cached_property
    def _sounding(self) -> Array:
        return self._pitches != NO_PITCH

    @part[Chord]
    def chord(self) -> Chord:
        """The chord."""
        return Chord(self._world, self._slots)

    @part[Place]
    def place(self) -> Place:
        """Where it stands."""
        return Place(self._world, self._slots)

    @part[Note]
    @needs(TOP)
    def top(self) -> Note:
        """The highest voice."""
        return Note(self._world, self._pitches[:, 0], self._voices[:, 0], self._slots)

    @part[Note]
    @needs(BASS)
    def bass(self) -> Note:
        """The lowest voice."""
        return Note(self._world, self._pitches[:, -1], self._voices[:, -1], self._slots)

    @part[Count]
    def count(self) -> Count:
        """How many voices have what."""
        return Count(self._notes, self._sounding)

    @field[PITCH]
    @needs(LOWEST_UPPER)
    def lowest_upper(self) -> Array:
        """Pitch of the lowest voice but one."""
        return self._column(LOWEST_UPPER)

    @field[INTERVAL]
    @needs(TOP, LOWEST_UPPER)
    def upper_span(self) -> Array:
        """From the lowest voice but one up to the highest voice."""
        return self._column(TOP) - self._column(LOWEST_UPPER)

    @field[INTERVAL]
    @needs(TOP, BASS)
    def span(self) -> Array:
        """From the lowest voice up to the highest."""
        return self._column(TOP) - self._column(BASS)
