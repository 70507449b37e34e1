"""What folds see of a line: the records that the fields of every fold are added to, and how their states are made."""

from __future__ import annotations

from typing import Any

import numpy as np

from theorygen.rules.kinds import BOOLEAN, VOICE
from theorygen.rules.notes import Note
from theorygen.rules.record import Record, field, part
from theorygen.rules.verticals import VoicePair
from theorygen.rules.world import Array, World

Columns = tuple[Array, ...]


class Line(Record):
    """One voice through a phrase, or from rest to rest, as far as every fold knows it.

    A subclass adds the fields of one fold and says how its states are made: `start` and `add` work on arrays of states
    and of what `opening` and `moving` read of the first note and of each move.
    """

    def __init__(self, world: World, voice: int | Array, state: Array) -> None:
        self._world = world
        self._voice = voice
        self._state = state

    @staticmethod
    def opening(note: Any) -> Columns:
        """What the fold reads of the first note of a line: its pitch."""
        return (note.pitch,)

    @staticmethod
    def moving(move: Any) -> Columns:
        """What the fold reads of a move: the pitches before and after."""
        return move.before.pitch, move.after.pitch

    @staticmethod
    def start(*columns: Array) -> Array:
        """States after the first note."""
        raise NotImplementedError

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """States after one more move."""
        raise NotImplementedError

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self._world.voices[int(np.ravel(self._voice)[0])].name

    def _constant(self, value: object) -> Array:
        return np.full(len(self._state), value)

    @field[VOICE]
    def voice(self) -> Array:
        """Name of the voice."""
        return self._constant(self._world.voice_words[self._voice])

    @field[BOOLEAN]
    def is_top(self) -> Array:
        """The voice is the highest of the ensemble."""
        return self._constant(self._voice == 0)

    @field[BOOLEAN]
    def is_bass(self) -> Array:
        """The voice is the lowest of the ensemble."""
        return self._constant(self._voice == len(self._world.voices) - 1)

    @field[BOOLEAN]
    def is_outer(self) -> Array:
        """The voice is the highest or the lowest."""
        return self.is_top | self.is_bass


class JudgedLine(Line):
    """One voice through a phrase, or from rest to rest, with its present note."""

    def __init__(self, world: World, voice: Array, state: Array, pitches: Array, slots: Array, ends: Array) -> None:
        super().__init__(world, voice, state)
        self._pitches = pitches
        self._slots = slots
        self._ends = ends

    def _constant(self, value: object) -> Array:
        return np.asarray(value)

    @part[Note]
    def note(self) -> Note:
        """The present note, the last of the line so far."""
        return Note(self._world, self._pitches, self._voice, self._slots)  # type: ignore[arg-type]

    @field[BOOLEAN]
    def ends(self) -> Array:
        """The line ends with the present note."""
        return self._ends


class PairLine(Record):
    """Two voices through a phrase, or as long as neither rests, with the present sonority."""

    opening = staticmethod(Line.opening)
    moving = staticmethod(Line.moving)
    start = staticmethod(Line.start)
    add = staticmethod(Line.add)

    def __init__(self, world: World, voice: Array, state: Array, pitches: Array, slots: Array, ends: Array) -> None:
        self._world = world
        self._voice = voice
        self._state = state
        self._pitches = pitches
        self._slots = slots
        self._ends = ends

    @part[VoicePair]
    def pair(self) -> VoicePair:
        """The two voices at present."""
        return VoicePair(self._world, self._pitches, self._voice, self._slots)

    @field[BOOLEAN]
    def ends(self) -> Array:
        """The line ends here."""
        return self._ends
