"""Folds that read the pitches of one voice and nothing else."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, PITCH
from theorygen.rules.line_records import JudgedLine, Line
from theorygen.rules.notes import steps_of
from theorygen.rules.record import field
from theorygen.rules.world import Array
from theorygen.theory import Interval

_MANY = 3
_SPAN_UNIT = 1 << 15
_NOTES = 5
_TRITONES = tuple(Interval.parse(name).code for name in ("A4", "d5"))


class ClimaxLine(Line):
    """The line seen by its highest note."""

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first note is the highest so far."""
        return columns[0].astype(np.int64) * 4 + 1

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A higher note starts the count again."""
        before, pitch = columns
        highest, hits = state // 4, state % 4
        again = (pitch == highest) & (before != pitch)
        repeated = np.minimum(hits + again, _MANY)
        return np.where(pitch > highest, pitch.astype(np.int64) * 4 + 1, highest * 4 + repeated)

    @field[PITCH]
    def highest(self) -> Array:
        """The highest pitch so far."""
        return self._state // 4

    @field[INTEGER]
    def hits(self) -> Array:
        """How often the highest pitch was reached anew: 1, 2, or 3 for more; repeating it at once counts once."""
        return self._state % 4


class SpanLine(Line):
    """The line seen by its lowest and highest notes."""

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first note is both."""
        return columns[0].astype(np.int64) * (_SPAN_UNIT + 1)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """Each note may be a new extreme."""
        pitch = columns[1]
        high, low = np.maximum(state // _SPAN_UNIT, pitch), np.minimum(state % _SPAN_UNIT, pitch)
        return high.astype(np.int64) * _SPAN_UNIT + low

    @field[INTERVAL]
    def span(self) -> Array:
        """From the lowest to the highest pitch so far."""
        return self._state // _SPAN_UNIT - self._state % _SPAN_UNIT


class RepetitionLine(Line):
    """The line seen by its repeated notes."""

    @staticmethod
    def start(*columns: Array) -> Array:
        """No repetition yet."""
        return np.zeros(len(columns[0]), dtype=np.int64)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """Another pitch ends the count."""
        before, pitch = columns
        return np.where(before == pitch, np.minimum(state + 1, _MANY), 0)

    @field[INTEGER]
    def repeats(self) -> Array:
        """How often the present pitch has been sung again without leaving it: 0, 1, 2, or 3 for more."""
        return self._state % 4


class LeapLine(Line):
    """The line seen by its last move, if that was a leap; repeating a note is no move."""

    @staticmethod
    def start(*columns: Array) -> Array:
        """No leap yet."""
        return np.zeros(len(columns[0]), dtype=np.int64)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A leap is remembered until the next move."""
        before, pitch = columns
        move = pitch.astype(np.int64) - before
        return np.where(move == 0, state, np.where(np.abs(steps_of(move)) > 1, move, 0))

    @field[BOOLEAN]
    def leapt(self) -> Array:
        """The voice came to its present pitch by a leap, of a third or more."""
        return self._state != 0

    @field[INTERVAL]
    def leap(self) -> Array:
        """That leap, negative downwards; a unison where there was none."""
        return self._state

    @field[BOOLEAN]
    def tritone(self) -> Array:
        """It was an augmented fourth or a diminished fifth."""
        return np.isin(np.abs(self._state), _TRITONES)


class TurnLine(JudgedLine):
    """The line seen by its last turning point: the note at which it last changed direction, or its first note.

    The state holds that pitch, the direction since, whether all moves since were steps, and the span between the last
    two turning points for the one note that follows them.
    """

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first note is the first turning point."""
        state = np.zeros((len(columns[0]), 6), dtype=np.int64)
        state[:, 0], state[:, 2] = columns[0], 1
        return state

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A move against the direction so far makes the note before a turning point."""
        before, pitch = (one.astype(np.int64) for one in columns)
        turn, direction, filled = state[:, 0], state[:, 1], state[:, 2]
        move = pitch - before
        step = np.abs(steps_of(move)) <= 1
        turned = np.sign(move) * direction < 0
        nothing = np.zeros_like(turn)
        return np.stack([
            np.where(turned, before, turn), np.where(move == 0, direction, np.sign(move)),
            np.where(turned, step, filled & step), np.where(turned, before - turn, nothing),
            np.where(turned, filled, nothing), np.where(turned, step, nothing)], axis=1)

    @field[PITCH]
    def turn(self) -> Array:
        """The last turning point."""
        return self._state[:, 0]

    @field[INTEGER]
    def direction(self) -> Array:
        """The direction since: 1 up, -1 down, 0 before the line has moved."""
        return self._state[:, 1]

    @field[BOOLEAN]
    def filled(self) -> Array:
        """All moves since the last turning point were steps."""
        return self._state[:, 2] > 0

    @field[BOOLEAN]
    def turned(self) -> Array:
        """The line has just turned: the note before the present one is a turning point."""
        return self._state[:, 3] != 0

    @field[INTERVAL]
    def outlined(self) -> Array:
        """Where it has just turned, from the turning point before that to this one; else a unison."""
        return self._state[:, 3]

    @field[BOOLEAN]
    def outlined_by_step(self) -> Array:
        """Where it has just turned, the way between the last two turning points went by steps alone."""
        return self._state[:, 4] > 0

    @field[BOOLEAN]
    def turned_by_step(self) -> Array:
        """Where it has just turned, it leaves the turning point by step."""
        return self._state[:, 5] > 0


class FigureRunLine(JudgedLine):
    """The line seen by its last notes and how they repeat.

    The state holds the last five pitches, oldest first, NO_PITCH before the line began, and for how many notes each has
    been the same as the one four notes before.
    """

    @staticmethod
    def start(*columns: Array) -> Array:
        """One note."""
        state = np.full((len(columns[0]), _NOTES + 1), -1, dtype=np.int64)
        state[:, _NOTES - 1], state[:, _NOTES] = columns[0], 0
        return state

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """The notes move up by one."""
        pitch = columns[1].astype(np.int64)
        run = np.where(pitch == state[:, 1], state[:, _NOTES] + 1, 0)
        return np.concatenate([state[:, 1:_NOTES], pitch[:, None], run[:, None]], axis=1)

    def _move(self, back: int) -> Array:
        """The move that many moves ago; 0 where the line was not there yet."""
        before, after = self._state[:, _NOTES - 2 - back], self._state[:, _NOTES - 1 - back]
        return np.where(before < 0, 0, after - before)

    @field[INTEGER]
    def notes(self) -> Array:
        """Notes of the line so far, at most five."""
        return (self._state[:, :_NOTES] >= 0).sum(axis=1)

    @field[INTERVAL]
    def move(self) -> Array:
        """The move to the present note; a unison, as in the fields below, where there was none."""
        return self._move(0)

    @field[INTERVAL]
    def second_last(self) -> Array:
        """The move before that."""
        return self._move(1)

    @field[INTERVAL]
    def third_last(self) -> Array:
        """The move before that."""
        return self._move(2)

    @field[INTERVAL]
    def fourth_last(self) -> Array:
        """The move before that."""
        return self._move(3)

    @field[INTEGER]
    def statements(self) -> Array:
        """How often the last four notes have now been sung in a row, where the present one completes a statement."""
        run = self._state[:, _NOTES]
        return np.where((run > 0) & (run % 4 == 0), run // 4 + 1, 1)
