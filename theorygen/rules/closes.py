"""Kinds of cadence: what two chords and the note on top make, read as the close of a phrase.

The kinds are data, in ``library/cadence-kinds.yaml``, in order of precedence: the first that fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from theorygen.rules.expression import BOOLEAN, Expression, Scope, parse_expression
from theorygen.rules.kinds import INTEGER, Kind, words
from theorygen.rules.motions import ChordPair
from theorygen.rules.notes import Note
from theorygen.rules.places import Chord
from theorygen.rules.record import Record, column, field, kinds_of, needs, part
from theorygen.rules.verticals import TOP
from theorygen.rules.world import CADENCES, Array, World
from theorygen.source.document import Document, load_document

KINDS_FILE = "cadence-kinds.yaml"


@dataclass(frozen=True)
class CadenceKind:
    """One kind of cadence, as written.

    Attributes:
        name: one of CADENCES.
        title: its name in a sentence.
        about: what it is.
        when: condition over a `Close`.
        closure: how firmly it closes, 4 for the perfect authentic cadence to 1.
        source: where the theory comes from.
        good: examples that end with one.
        bad: examples that look alike and do not.
    """

    name: str
    title: str
    about: str
    when: str
    closure: int
    source: str
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    @cached_property
    def condition(self) -> Expression:
        """The condition, compiled."""
        return parse_expression(self.when, close_scope(), BOOLEAN)


@cache
def kinds_document() -> Document:
    """The file that defines the kinds."""
    return load_document(str(files("theorygen.rules") / "library" / KINDS_FILE))


@cache
def cadence_kinds() -> tuple[CadenceKind, ...]:
    """All kinds, in order of precedence."""
    data: Mapping[str, Mapping[str, Any]] = kinds_document().data
    return tuple(CadenceKind(name, **{**one, "good": _listed(one["good"]), "bad": _listed(one["bad"])})
                 for name, one in data.items())


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class CloseChords(Record):
    """The last two chords of a close and its note on top, by which a cadence is told."""

    _world: World

    @part[Chord]
    def approach(self) -> Chord:
        """The chord before the goal; not present where the phrase has none."""
        raise NotImplementedError

    @part[Chord]
    def goal(self) -> Chord:
        """The chord it closes on."""
        raise NotImplementedError

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The two chords, compared."""
        raise NotImplementedError

    @part[Note]
    @needs(TOP)
    def top(self) -> Note:
        """The highest voice at the goal."""
        raise NotImplementedError


@cache
def close_scope() -> Scope:
    """What the condition of a kind may read."""
    return Scope(kinds_of(CloseChords))


class Close(CloseChords):
    """The last two chords of a close, with what they make."""

    @field[words(*CADENCES)]
    @needs(TOP)
    def kind(self) -> Array:
        """What the chords and the highest voice make, whatever is declared; none where they make no cadence."""
        found, fields = np.zeros(len(self.goal.present), dtype=np.int8), _Fields(self)
        for kind in cadence_kinds():
            fits = np.broadcast_to(kind.condition.run(fields), len(found)) & (found == 0)
            found[fits] = CADENCES.index(kind.name)
        return found

    @field[INTEGER]
    @needs(TOP)
    def closure(self) -> Array:
        """How firmly it closes: 4 perfect authentic, 3 imperfect, 2 half, 1 deceptive or plagal, 0 no cadence."""
        ranks = np.zeros(len(CADENCES), dtype=np.int8)
        for kind in cadence_kinds():
            ranks[CADENCES.index(kind.name)] = kind.closure
        return ranks[self.kind]


class _Fields:
    """The environment in which the kinds are told."""

    def __init__(self, close: CloseChords) -> None:
        self.close = close
        self._cache: dict[str, Any] = {}

    def field(self, path: str) -> Any:
        if path not in self._cache:
            self._cache[path] = column(self.close, path, close_scope().fields[path])
        return self._cache[path]

    def word(self, kind: Kind, text: str) -> int:
        return self.close._world.word(kind, text)


class PairClose(Close):
    """Two chords in a row, read as a close."""

    def __init__(self, world: World, slots: tuple[Array, Array], top: Note, sounding: Array) -> None:
        self._world = world
        self._pair = slots
        self._top = top
        self._sounding = sounding

    def sounding(self, voice: int) -> Array:
        """Where the highest voice sounds at the goal."""
        return self._sounding

    @part[Chord]
    def approach(self) -> Chord:
        """The first chord."""
        return Chord(self._world, self._pair[0])

    @part[Chord]
    def goal(self) -> Chord:
        """The second chord."""
        return Chord(self._world, self._pair[1])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The two chords, compared."""
        return ChordPair(self._world, *self._pair)

    @part[Note]
    @needs(TOP)
    def top(self) -> Note:
        """The highest voice at the second chord."""
        return self._top
