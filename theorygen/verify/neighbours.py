"""Chords side by side: every pair that form and harmony of a style can make, with all that rules see of it but its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from theorygen.compose.joint import GIVEN
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import from_ticks
from theorygen.solve.problem import Position
from theorygen.source.marks import Mark
from theorygen.theory import Key
from theorygen.verify.finding import Subject
from theorygen.verify.junctions import Leaves, Meeting, Written
from theorygen.verify.pieces import Asked, Pieces, Shelf
from theorygen.verify.settings import Settings as AllSettings
from theorygen.verify.settings import settings
from theorygen.verify.standings import Edges, Standing, Standings

__all__ = ["Found", "Neighbours", "Standing", "neighbours"]

_Row = dict[int, Written]
"""Numbers of standings, each with a leaf that stands so."""


@dataclass(frozen=True)
class Neighbours:
    """Two chords that the grammar can put side by side, or one.

    Attributes:
        mode: of the home key, ``major`` or ``minor``.
        before: the first chord.
        after: the second chord; None where a chord is looked at by itself.
        written: the leaves it was first found as, before and after.
        values: parameters under which it was first found.
        is_given: whether it was found only where notes are given, so that chords are chosen together with the voices.
    """

    mode: str
    before: Standing
    after: Standing | None
    written: tuple[Written, ...] = field(compare=False)
    values: Mapping[str, Any] = field(compare=False)
    is_given: bool = field(compare=False)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Where its chords are written: items of productions."""
        return tuple(leaf.mark for leaf in self.written)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """One or two chords."""
        return (self.before,) if self.after is None else (self.before, self.after)

    def positions(self, home: Key) -> tuple[Position, ...]:
        """Both chords in a home key, as positions of a problem."""
        return tuple(one.position(home) for one in self.standings)


@dataclass(frozen=True)
class Found:
    """All neighbours of a style.

    Attributes:
        pairs: every two chords that can stand side by side.
        chords: every chord by itself.
        told: how far was looked, "" when everywhere.
    """

    pairs: tuple[Neighbours, ...]
    chords: tuple[Neighbours, ...]
    told: str


def neighbours(subject: Subject, names: frozenset[str] | None = None, given: bool = True) -> Found:
    """Every two chords that a style can put side by side, within phrases and from one to the next; and every chord.

    They come from all settings of the style's parameters (`settings`), in all its modes and meters, both as pieces are
    composed and, where the style knows them, with notes given: then phrases begin on any unit of the bar and last any
    number of units up to ``bounds.chords``. A phrase that the form repeats is taken to begin where in the bar the first
    did, as it does wherever phrases are whole bars.

    Args:
        subject: the style.
        names: fields that rules read, by which places are told apart; None for those of all rules of the style.
        given: whether to look at phrases of given notes too.

    Raises:
        InputError: a value given is not allowed, or a length is not possible.
    """
    style = subject.style
    if style.form is None or style.harmony is None or style.ensemble is None:
        return Found((), (), "the style is only a base for others")
    every = settings(subject)
    collector = _Collector(style, style.rules.names if names is None else names)
    shelf = Shelf(style)
    knows_given = given and GIVEN.keys() <= style.form.declared
    for is_given in (False, True) if knows_given else (False,):
        for values in every.values:
            collector.enter(values, is_given)
            for meter in style.meters:
                _collect(Pieces(shelf, values, meter, is_given, subject.bounds.chords), collector)
    return Found(collector.pairs, collector.chords, _told(every, subject, knows_given))


def _told(every: AllSettings, subject: Subject, knows_given: bool) -> str:
    told = [] if every.is_complete else [every.told]
    if knows_given:
        told.append(f"phrases of given notes up to {subject.bounds.chords} units long")
    return ", ".join(told)


def _collect(pieces: Pieces, collector: _Collector) -> None:
    """All neighbours of some pieces."""
    for mode, goal in pieces.goals():
        repeated = pieces.repeated(goal)
        for here, following in pieces.phrases(goal):
            _inside(pieces, here, mode, collector)
            for there in following:
                if collector.is_new((id(pieces.harmony), here, there, mode, here.leaf in repeated)):
                    left, right = _phrase(pieces, here, mode), _phrase(pieces, there, mode)
                    for meeting in pieces.meetings(here, there, repeated):
                        collector.meet(meeting, left, right)


def _inside(pieces: Pieces, asked: Asked, mode: str, collector: _Collector) -> None:
    """All neighbours within one phrase."""
    if not collector.is_new((id(pieces.harmony), asked, mode)):
        return
    phrase, junctions = _phrase(pieces, asked, mode), pieces.harmony.junctions
    for _, _, node in pieces.harmony.nodes(asked):
        collector.add(junctions.ends(node).first, phrase)
        collector.add(junctions.ends(node).last, phrase)
        for meeting in junctions.meetings(node, mode):
            collector.add(meeting.before, phrase)
            collector.meet(meeting, phrase, phrase)


def _phrase(pieces: Pieces, asked: Asked, mode: str) -> _Phrase:
    return _Phrase(mode, pieces.style.meters.index(pieces.meter), asked.edges)


class _Phrase(NamedTuple):
    """A phrase as far as its leaves must know it."""

    mode: str
    meter: int
    edges: Edges


class _Collector:
    """Gathers neighbours, each once. Standings have numbers, and sets of leaves that mean the same are one object."""

    def __init__(self, style: Style, names: frozenset[str]) -> None:
        assert style.ensemble is not None
        self.meters = style.meters
        self.values: Mapping[str, Any] = {}
        self.is_given = False
        self._pairs: dict[tuple[str, int, int], Neighbours] = {}
        self._chords: dict[tuple[str, int], Neighbours] = {}
        self._standings: dict[Standing, int] = {}
        self._numbers: dict[Any, int] = {}
        self._rows: dict[Any, tuple[Leaves, _Row]] = {}
        self._same: dict[tuple[int, ...], _Row] = {}
        self._by_number: list[Standing] = []
        self._done: set[Any] = set()
        self._maker = Standings(style.ensemble, names)

    @property
    def pairs(self) -> tuple[Neighbours, ...]:
        """All pairs so far."""
        return tuple(self._pairs.values())

    @property
    def chords(self) -> tuple[Neighbours, ...]:
        """All chords so far."""
        return tuple(self._chords.values())

    def enter(self, values: Mapping[str, Any], is_given: bool) -> None:
        """What is added from here on is found under these parameters."""
        self.values, self.is_given = values, is_given

    def meet(self, meeting: Meeting, left: _Phrase, right: _Phrase) -> None:
        """Leaves of a phrase beside leaves of the same phrase or of the next."""
        if not self.is_new((id(meeting.before), id(meeting.after), left, right)):
            return
        before, after = self.row(meeting.before, left), self.row(meeting.after, right)
        if not self.is_new((left.mode, id(before), id(after))):
            return
        for here, one in before.items():
            for there, other in after.items():
                key = (left.mode, here, there)
                if key not in self._pairs:
                    self._pairs[key] = Neighbours(left.mode, self._by_number[here], self._by_number[there],
                                                  (one, other), self.values, self.is_given)

    def add(self, leaves: Leaves, phrase: _Phrase) -> None:
        """Chords by themselves."""
        if not self.is_new((id(leaves), phrase)):
            return
        row = self.row(leaves, phrase)
        if self.is_new((phrase.mode, id(row))):
            for number, leaf in row.items():
                if (phrase.mode, number) not in self._chords:
                    self._chords[phrase.mode, number] = Neighbours(phrase.mode, self._by_number[number], None, (leaf,),
                                                                   self.values, self.is_given)

    def is_new(self, key: Any) -> bool:
        """Whether something was not looked at before; it is now."""
        if key in self._done:
            return False
        self._done.add(key)
        return True

    def row(self, leaves: Leaves, phrase: _Phrase) -> _Row:
        """Leaves of a phrase as numbers of standings, each with one of the leaves that stand so."""
        key = (id(leaves), phrase)
        if key not in self._rows:
            found: _Row = {}
            for leaf in leaves:
                found.setdefault(self.number(leaf, phrase), leaf)
            self._rows[key] = leaves, self._same.setdefault(tuple(sorted(found)), found)
        return self._rows[key][1]

    def number(self, leaf: Written, phrase: _Phrase) -> int:
        """Number of a leaf's standing."""
        key = (leaf.chords, leaf.start, leaf.attributes, leaf.labels, leaf.first, leaf.last, phrase.meter,
               phrase.edges if leaf.first or leaf.last else None)
        if key not in self._numbers:
            strength = self.meters[phrase.meter].weight(from_ticks(leaf.start))
            standing = self._maker.of(leaf.chords, dict(leaf.attributes)["key"], dict(leaf.labels), strength,
                                      leaf.first, leaf.last, phrase.edges)
            self._numbers[key] = self._standings.setdefault(standing, len(self._standings))
            if len(self._by_number) < len(self._standings):
                self._by_number.append(standing)
        return self._numbers[key]
