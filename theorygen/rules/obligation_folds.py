"""Folds that remember what a voice owes: a leading tone, a seventh, a suspension or another embellishment left open."""

from __future__ import annotations

from typing import Any

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, PITCH, words
from theorygen.rules.line_records import Columns, JudgedLine
from theorygen.rules.motions import MelodicStep
from theorygen.rules.notes import Note, steps_of
from theorygen.rules.record import field
from theorygen.rules.world import EMBELLISHMENTS, MEMBERS, NO_PITCH, Array, World
from theorygen.theory import Interval
from theorygen.theory.interval import OCTAVE

OUTCOMES = ("none", "owed", "resolved", "passed-on", "freed", "left")
"""Where an obligation stands: there is none, it goes on, or it has just ended in one of four ways."""

_NONE, _OWED, _RESOLVED, _PASSED_ON, _FREED, _LEFT = range(len(OUTCOMES))
_NOBODY = -1
_SEVENTH = MEMBERS.index("seventh")
_SUSPENDED = tuple(map(EMBELLISHMENTS.index, ("suspension", "suspension-decorated", "retardation")))
_RETARDATION = EMBELLISHMENTS.index("retardation")
_UP = Interval.parse("m2").code
APPROACHES = ("none", "start", "same", "step-up", "step-down", "leap-up", "leap-down")
_STEP_UP, _LEAP_UP = APPROACHES.index("step-up"), APPROACHES.index("leap-up")


class LineMove(MelodicStep):
    """A move of a line, with what the other voices have at its end."""

    def __init__(self, world: World, pitches: tuple[Array, Array], voices: Array, slots: tuple[Array, Array],
                 others: Array) -> None:
        super().__init__(world, pitches, voices, slots)
        self.others = others


class ObligationLine(JudgedLine):
    """The line seen by the tendency tone it owes a resolution.

    The state holds that pitch, or -1; the outcome; whether the voice has left the pitch inside its harmony without
    another voice taking it over; and how far the present note lies from it.
    """

    @staticmethod
    def owing(note: Note) -> Array:
        """Whether a note makes the voice owe something."""
        raise NotImplementedError

    @staticmethod
    def resolves(distance: Array) -> Array:
        """Whether a note so far from the pitch owed resolves it."""
        raise NotImplementedError

    @classmethod
    def opening(cls, note: Note) -> Columns:
        """The pitch, and whether it owes something."""
        return note.pitch, cls.owing(note)

    @classmethod
    def moving(cls, move: LineMove) -> Columns:
        """The pitch reached, whether it owes something and the note before still does by its own chord, whether the
        harmony goes on, and the other voices."""
        goes_on = move.chords.same & ~move.chords.crosses_phrase
        return move.after.pitch, cls.owing(move.after), cls.owing(move.before), goes_on, move.others

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first note may owe something already."""
        pitch, owes = columns
        return _states(pitch, owes)

    @classmethod
    def add(cls, state: Array, *columns: Array) -> Array:
        """An obligation goes on in its harmony, is passed on there, and ends with it; a held pitch holds it on.

        One that was held into another harmony, as a suspension, may resolve there.
        """
        pitch, owes, still, same, others = columns
        owed = state[:, 0]
        distance = np.where(owed == _NOBODY, 0, pitch - owed)
        elsewhere = ((others != NO_PITCH) & (others % OCTAVE.code == (owed % OCTAVE.code)[:, None])).any(axis=1)
        outcome = np.full(len(state), _LEFT)
        outcome[elsewhere & ~same] = _FREED
        outcome[same] = _OWED
        outcome[same & elsewhere & (distance != 0)] = _PASSED_ON
        suspended = (state[:, 3] == 0) & ~still
        outcome[cls.resolves(distance) & (~same | suspended)] = _RESOLVED
        outcome[distance == 0] = _OWED
        ended = outcome != _OWED
        outcome[owed == _NOBODY] = _NONE
        fresh = _states(pitch, owes)
        kept = np.stack([owed, outcome, state[:, 2] | (distance != 0), distance], axis=1)
        closed = np.stack([fresh[:, 0], outcome, state[:, 2], distance], axis=1)
        found = np.where((ended | (owed == _NOBODY))[:, None], closed, kept)
        found[(owed == _NOBODY) | (~ended & owes)] = fresh[(owed == _NOBODY) | (~ended & owes)]
        return found

    @field[BOOLEAN]
    def owed(self) -> Array:
        """The voice owes a resolution after the present note."""
        return self._state[:, 0] != _NOBODY

    @field[words(*OUTCOMES)]
    def outcome(self) -> Array:
        """What the present note does: nothing is owed, it is owed on, resolved, passed on to another voice inside the
        harmony, freed as another voice takes the pitch into the next one, or left."""
        return self._state[:, 1]

    @field[BOOLEAN]
    def roundabout(self) -> Array:
        """Between the pitch owed and the present note the voice sang other notes of the harmony."""
        return self._state[:, 2] > 0

    @field[INTERVAL]
    def distance(self) -> Array:
        """From the pitch owed before the present note to that note."""
        return self._state[:, 3]


def _states(pitch: Array, owes: Array) -> Array:
    """States in which only the present note may owe something."""
    nothing = np.zeros(len(pitch), dtype=np.int64)
    return np.stack([np.where(owes, pitch, _NOBODY), np.where(owes, _OWED, _NONE), nothing, nothing], axis=1)


class LeadingToneLine(ObligationLine):
    """The line seen by the leading tone it owes: of the key, or of the key a chord is applied to."""

    @staticmethod
    def owing(note: Note) -> Array:
        """It functions as leading tone in a dominant."""
        return note.leading_tone

    @staticmethod
    def resolves(distance: Array) -> Array:
        """Up a minor second."""
        return distance == _UP


class SeventhLine(ObligationLine):
    """The line seen by the chordal seventh it owes."""

    @staticmethod
    def owing(note: Note) -> Array:
        """It is the seventh of its chord."""
        return note.member == _SEVENTH

    @staticmethod
    def resolves(distance: Array) -> Array:
        """Down a step."""
        return steps_of(distance) == -1


class SuspensionLine(JudgedLine):
    """The line seen by its open suspension; retardations count as suspensions that rise.

    The state holds its pitch, or -1; its kind; for how many notes it has been open; and whether it was just resolved.
    """

    @staticmethod
    def opening(note: Note) -> Columns:
        """The pitch and its kind of embellishment."""
        return note.pitch, note.embellishment

    @staticmethod
    def moving(move: Any) -> Columns:
        """The pitch reached and its kind of embellishment."""
        return move.after.pitch, move.after.embellishment

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first note of a line is approached from silence and no suspension."""
        nothing = np.zeros(len(columns[0]), dtype=np.int64)
        return np.stack([nothing + _NOBODY, nothing, nothing, nothing], axis=1)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """It closes with the step it owes, and grows older with every other note."""
        pitch, kind = (one.astype(np.int64) for one in columns)
        open_pitch, open_kind = state[:, 0], state[:, 1]
        steps = np.where(open_kind == _RETARDATION, 1, -1)
        resolved = (open_pitch != _NOBODY) & (steps_of(pitch - open_pitch) == steps)
        goes_on = (open_pitch != _NOBODY) & ~resolved
        opens = np.isin(kind, _SUSPENDED)
        nothing = np.zeros_like(pitch)
        found = np.stack([np.where(goes_on, open_pitch, _NOBODY), np.where(goes_on, open_kind, 0),
                          np.where(goes_on, state[:, 2] + 1, 0), resolved.astype(np.int64)], axis=1)
        return np.where(opens[:, None], np.stack([pitch, kind, nothing, found[:, 3]], axis=1), found)

    @field[BOOLEAN]
    def open(self) -> Array:
        """A suspension sounds or waits for its resolution."""
        return self._state[:, 0] != _NOBODY

    @field[PITCH]
    def suspended(self) -> Array:
        """Its pitch; that of the present note where none is open."""
        return np.where(self.open, self._state[:, 0], self._pitches)

    @field[words(*EMBELLISHMENTS)]
    def kind(self) -> Array:
        """Whether it is a suspension, one with a decorated resolution, or a retardation; none where none is open."""
        return self._state[:, 1]

    @field[INTEGER]
    def age(self) -> Array:
        """Notes since the suspension, itself not counted."""
        return self._state[:, 2]

    @field[BOOLEAN]
    def resolved(self) -> Array:
        """The present note resolves the suspension before it."""
        return self._state[:, 3] > 0


class EmbellishmentLine(JudgedLine):
    """The line seen by its open embellishment, with how it was reached."""

    @staticmethod
    def opening(note: Note) -> Columns:
        """The kind of embellishment."""
        return (note.embellishment,)

    @staticmethod
    def moving(move: Any) -> Columns:
        """The kind of the note reached, and the move to it."""
        return move.after.embellishment, move.interval

    @staticmethod
    def start(*columns: Array) -> Array:
        """A first note may be foreign too."""
        return np.where(columns[0] > 0, APPROACHES.index("start"), 0)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """Only the present note is remembered."""
        kind, interval = columns
        moved = np.where(np.abs(steps_of(interval)) > 1, _LEAP_UP, _STEP_UP) + (interval < 0)
        return np.where(kind > 0, np.where(interval == 0, APPROACHES.index("same"), moved), 0)

    @field[words(*APPROACHES)]
    def approach(self) -> Array:
        """How the present note was reached if it is foreign to its chord; none if it is not."""
        return self._state
