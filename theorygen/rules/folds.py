"""Named folds: the few memories along a voice that no bounded window holds.

A fold reads one voice note by note through a phrase, keeps a small whole number as its state, and offers fields
about the line so far. It starts afresh at each phrase and after each rest: a rest breaks lines as it breaks windows,
so a note before it and the same note after it are no repetition, and what is judged at the end is judged at the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, PITCH, VOICE, Kind
from theorygen.rules.record import Record, column, field, kinds_of
from theorygen.rules.world import Array, World

_MANY = 3


class Line(Record):
    """One voice through a phrase, or from rest to rest, as far as every fold knows it."""

    def __init__(self, world: World, voice: int, state: Array) -> None:
        self._world = world
        self._voice = voice
        self._state = state

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self._world.voices[self._voice].name

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


class ClimaxLine(Line):
    """The line seen by its highest note."""

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

    @field[INTERVAL]
    def span(self) -> Array:
        """From the lowest to the highest pitch so far."""
        return self._state // _SPAN_UNIT - self._state % _SPAN_UNIT


class RepetitionLine(Line):
    """The line seen by its repeated notes."""

    @field[INTEGER]
    def repeats(self) -> Array:
        """How often the present pitch has been sung again without leaving it: 0, 1, 2, or 3 for more."""
        return self._state % 4


_SPAN_UNIT = 1 << 15


@dataclass(frozen=True)
class Fold:
    """A memory along a voice.

    Attributes:
        name: as written after ``fold:``.
        line: the record whose fields its rules may read.
        at_end: whether rules are judged once, at the end of the line, or after every note.
        doc: one sentence for the manual.
    """

    name: str
    line: type[Line]
    at_end: bool
    doc: str

    @cached_property
    def fields(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return kinds_of(self.line)

    def start(self, pitch: Array) -> Array:
        """States after the first note of a line."""
        return _STARTS[self.name](pitch)

    def rows(self, world: World, voice: int, states: Array) -> LineRows:
        """States of one voice, for the rules over them."""
        return LineRows(self, world, voice, states)

    def add(self, state: Array, before: Array, pitch: Array) -> Array:
        """States after one more note; the arrays broadcast.

        Args:
            state: states so far.
            before: pitch codes of the last note.
            pitch: pitch codes of the new note.
        """
        return _STEPS[self.name](state, before, pitch)


class LineRows:
    """Many states of one voice; also the environment in which the rules over them are evaluated."""

    def __init__(self, fold: Fold, world: World, voice: int, states: Array) -> None:
        self.fold = fold
        self.world = world
        self.voice = voice
        self.states = states

    def __len__(self) -> int:
        return len(self.states)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return self.fold.fields

    @cached_property
    def record(self) -> Line:
        """The fields of all states, as arrays."""
        return self.fold.line(self.world, self.voice, self.states)

    def take(self, rows: Array) -> LineRows:
        """Some of the states."""
        return LineRows(self.fold, self.world, self.voice, self.states[rows])

    def field(self, path: str) -> Any:
        """The array of one field."""
        return column(self.record, path, self.fold.fields[path])

    def word(self, kind: Kind, text: str) -> int:
        """The code of a word in arrays."""
        return self.world.word(kind, text)

    def sounding(self, paths: Iterable[str]) -> None:
        """Every state is of a sounding line."""


def _climax_start(pitch: Array) -> Array:
    return pitch.astype(np.int64) * 4 + 1


def _climax_add(state: Array, before: Array, pitch: Array) -> Array:
    highest, hits = state // 4, state % 4
    again = (pitch == highest) & (before != pitch)
    repeated = np.minimum(hits + again, _MANY)
    return np.where(pitch > highest, pitch.astype(np.int64) * 4 + 1, highest * 4 + repeated)


def _span_start(pitch: Array) -> Array:
    return pitch.astype(np.int64) * (_SPAN_UNIT + 1)


def _span_add(state: Array, before: Array, pitch: Array) -> Array:
    high, low = np.maximum(state // _SPAN_UNIT, pitch), np.minimum(state % _SPAN_UNIT, pitch)
    return high.astype(np.int64) * _SPAN_UNIT + low


def _repetition_start(pitch: Array) -> Array:
    return np.zeros(len(pitch), dtype=np.int64)


def _repetition_add(state: Array, before: Array, pitch: Array) -> Array:
    return np.where(before == pitch, np.minimum(state + 1, _MANY), 0)


_STARTS = {"climax": _climax_start, "span": _span_start, "repetition": _repetition_start}
_STEPS = {"climax": _climax_add, "span": _span_add, "repetition": _repetition_add}

FOLDS: dict[str, Fold] = {fold.name: fold for fold in (
    Fold("climax", ClimaxLine, True, "The highest pitch of the phrase and how often it is reached."),
    Fold("span", SpanLine, True, "The distance from the lowest to the highest pitch of the phrase."),
    Fold("repetition", RepetitionLine, False, "How often the present pitch has just been repeated."),
)}
