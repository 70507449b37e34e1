"""The study of phrases: those that composed pieces can have and no voices can sing, with the shortest of each kind.

All phrases grow together, chord by chord. What a phrase so far leaves open is a state of the grammar and the set of
voicings that live (`living`); phrases that agree in both have the same future and go on as one. So the first that dies
is the shortest, exactly, as far as the bounds allow to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from theorygen.compose.composition import solved_rules
from theorygen.grammar.automaton import Automaton, Move, State
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.symbols import Goal, from_ticks
from theorygen.solve.conflict import NoSolution
from theorygen.solve.problem import Position, Problem
from theorygen.source.marks import Mark
from theorygen.theory import Key, Meter
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.living import Growing, Living
from theorygen.verify.neighbours import Found, Neighbours, neighbours
from theorygen.verify.pieces import Pieces, Shelf
from theorygen.verify.settings import settings
from theorygen.verify.standings import Edges, Standing, Standings
from theorygen.verify.telling import conflict_of, hint_of, line_of, told_why

NAME = "phrases"
TITLE = "phrases that can be derived and not voiced"

MOST_TOLD = 12
"""Phrases without a voicing whose conflict is looked for; of more only their number is told."""


@dataclass(frozen=True)
class _Root:
    """A phrase that the form asks for."""

    automaton: Automaton
    goal: Goal
    meter: Meter
    edges: Edges
    mode: str
    values: Any


@dataclass(frozen=True, eq=False)
class Row:
    """The first chords of a phrase.

    Attributes:
        root: the phrase.
        state: what is left of it.
        living: the voicings that live.
        standing: the last chord.
        leaf: the leaf that it is.
        before: the chords before it, None for the first.
    """

    root: _Root
    state: State
    living: Living | None
    standing: Standing
    leaf: Leaf
    before: Row | None

    @property
    def rows(self) -> list[Row]:
        """The same, and all rows it is made of, from the first chord on."""
        found: list[Row] = []
        one: Row | None = self
        while one is not None:
            found.append(one)
            one = one.before
        return found[::-1]


class PhraseSearch:
    """Grows all phrases of a style together.

    Args:
        subject: the style.
        found: neighbours of composed pieces, by the fields that hard rules read, if they are known.

    Attributes:
        dead: phrases that no voices can sing, the shortest first, each up to the chord that cannot follow any more.
        told: where it was stopped, "" when everything was looked at.
        chords: chords of the longest phrases that were looked at completely.
        rows: states of grammar and voices together.
    """

    def __init__(self, subject: Subject, found: Found | None = None) -> None:
        style = subject.style
        assert style.ensemble is not None
        self.subject = subject
        self.ensemble = style.ensemble
        rules = solved_rules(style)
        self.names = frozenset().union(*(rule.names for rule in rules.solved.hard))
        self.found = found or neighbours(subject, self.names, given=False)
        self.homes = {mode: plainest(subject, mode) for mode in ("major", "minor")}
        self._maker = Standings(style.ensemble, self.names)
        pairs = (one.positions(self._home(one.mode)) for one in (*self.found.pairs, *self.found.chords)
                 if all(standing.choices(self._home(one.mode)) for standing in one.standings))
        self.growing = Growing(rules, style.ensemble, pairs)
        self._positions: dict[tuple[Standing, str], Position] = {}
        self.dead: list[Row] = []
        self.chords = 0
        self.rows = 0
        self.told = ""
        self._search()

    def _home(self, mode: str) -> Key:
        home = self.homes[mode]
        assert home is not None
        return home

    # growing

    def _search(self) -> None:
        rows = [row for root in self.roots for row in self._first(root)]
        while rows:
            self.chords += 1
            if self.chords >= self.subject.bounds.chords:
                self.told = f"the first {self.chords} chords of phrases"
                return
            fresh: dict[Any, Row] = {}
            for row in rows:
                for after in self._onward(row):
                    fresh.setdefault((id(after.root.automaton), after.state, after.root.edges, after.root.mode,
                                      id(after.living)), after)
                if self.growing.sets > self.subject.bounds.states:
                    self.told = (f"the first {self.chords} chords of phrases, "
                                 f"{self.subject.bounds.states} sets of voicings")
                    return
            rows = list(fresh.values())

    @cached_property
    def roots(self) -> tuple[_Root, ...]:
        """Every phrase that the form of a composed piece asks for."""
        return tuple(self._roots())

    def _roots(self) -> Iterator[_Root]:
        shelf, automata, seen = Shelf(self.subject.style), dict[int, Automaton](), set[Any]()
        for values in settings(self.subject).values:
            for meter in self.subject.style.meters:
                pieces = Pieces(shelf, values, meter, False, self.subject.bounds.chords)
                chart = pieces.harmony.junctions.chart
                automaton = automata.setdefault(id(chart), Automaton(chart))
                for mode, goal in pieces.goals():
                    for asked, _ in pieces.phrases(goal):
                        edges = self._told_apart(asked.edges)
                        for start, _, node in pieces.harmony.nodes(asked):
                            key = (id(chart), node.cell, start, asked.leaf, edges, mode)
                            if key not in seen:
                                seen.add(key)
                                phrase = Goal(asked.leaf.symbol, from_ticks(node.cell.ticks), asked.leaf.arguments,
                                              dict(asked.leaf.attributes), from_ticks(start))
                                yield _Root(automaton, phrase, meter, edges, mode, values)

    def _told_apart(self, edges: Edges) -> Edges:
        """The edges of a phrase without what no rule reads."""
        return Edges(edges.cadence, edges.opens and any(name.endswith("place.opening") for name in self.names),
                     edges.closes and any(name.endswith("place.final") for name in self.names))

    def _first(self, root: _Root) -> Iterator[Row]:
        state = root.automaton.start(root.goal)
        for move in root.automaton.moves(state) if state else ():
            standing = self._standing(root, move, True)
            position = self._position(standing, root.mode)
            living = None if position is None else self.growing.start(position)
            yield from self._lasting(Row(root, move.after, living, standing, move.leaf, None))

    def _onward(self, row: Row) -> Iterator[Row]:
        """A phrase with one chord more, in all ways that can be sung; notes those that cannot."""
        for move in row.root.automaton.moves(row.state):
            standing = self._standing(row.root, move, False)
            position = self._position(standing, row.root.mode)
            living = None
            if position is not None and row.living is not None:
                living = self.growing.after(row.living, position)
            yield from self._lasting(Row(row.root, move.after, living, standing, move.leaf, row))

    def _lasting(self, row: Row) -> Iterator[Row]:
        self.rows += 1
        if row.living is None or (row.state.done and not self.growing.ends(row.living)):
            self.dead.append(row)
        elif not row.state.done:
            yield row

    def _standing(self, root: _Root, move: Move, first: bool) -> Standing:
        leaf = move.leaf
        texts = tuple(dict.fromkeys(text for text, _ in leaf.alternatives)) or (leaf.symbol,)
        strength = root.meter.weight(leaf.start % root.meter.bar_length)
        return self._maker.of(texts, leaf.attributes["key"], leaf.constraints, strength, first, move.after.done,
                              root.edges)

    def _position(self, standing: Standing, mode: str) -> Position | None:
        key = (standing, mode)
        if key not in self._positions:
            choices = standing.choices(self._home(mode))
            if not choices:
                return None
            self._positions[key] = Position(choices)
        return self._positions[key]

    # what died

    def is_of_a_pair(self, row: Row) -> bool:
        """Whether its last chord, or its last two alone, have no voicing: then pairs of chords tell it."""
        positions = [self._position(one.standing, one.root.mode) for one in row.rows[-2:]]
        if None in positions or not all(self.growing.start(one) for one in positions if one):
            return True
        return len(positions) == 2 and not self.growing.are_connected(*(one for one in positions if one))

    def whole(self, row: Row) -> list[Row]:
        """A phrase that begins so, as short as can be."""
        found: dict[State, Row] = {row.state: row}
        waiting = [row]
        for one in waiting:
            if one.state.done:
                return one.rows
            for move in one.root.automaton.moves(one.state):
                if move.after not in found:
                    standing = self._standing(one.root, move, False)
                    found[move.after] = Row(one.root, move.after, None, standing, move.leaf, one)
                    waiting.append(found[move.after])
        raise AssertionError("every move of an automaton leads to the end")

    def problem(self, rows: Sequence[Row]) -> Problem | None:
        """A phrase as a problem; None where its key has not all its chords."""
        positions = [self._position(row.standing, row.root.mode) for row in rows]
        known = tuple(one for one in positions if one is not None)
        return Problem(known, self.growing.hard, self.ensemble) if len(known) == len(positions) else None


def plainest(subject: Subject, mode: str) -> Key | None:
    """The key of a mode with the fewest accidentals that a style has."""
    keys = [key for keys in subject.style.keys.values() for key in keys if key.is_minor == (mode == "minor")]
    return min(keys, key=lambda key: abs(key.signature), default=None)


def study(subject: Subject, found: Found | None = None) -> Study:
    """Phrases that can be derived and not voiced, in the plainest key of each mode.

    Phrases that hold a chord without voicing, or two chords that cannot be connected, are left to the study of pairs.

    Args:
        subject: the style.
        found: neighbours of its composed pieces, told apart by the fields that hard rules read, if they are known.
    """
    style = subject.style
    if style.ensemble is None or style.harmony is None or style.form is None:
        return Study(NAME, TITLE, bound="the style is only a base for others")
    search = PhraseSearch(subject, found)
    longer = [row for row in search.dead if not search.is_of_a_pair(row)]
    keys = [str(home) for home in search.homes.values() if home is not None]
    facts = {"keys": ", ".join(keys), "chords looked at": search.chords, "sets of voicings": search.growing.sets,
             "states of grammar and voices": search.rows, "phrases that die": len(search.dead),
             "of these not by two chords alone": len(longer)}
    bound = ", ".join(one for one in (search.told, f"phrases in {' and '.join(keys)}") if one)
    return Study(NAME, TITLE, facts, tuple(_findings(search, longer)), bound)


def _findings(search: PhraseSearch, dead: Sequence[Row]) -> Iterator[Finding]:
    """One finding for each set of rules that leaves phrases without voices, with the shortest phrase."""
    marks = {(one.mode, one.before, one.after): one for one in search.found.pairs}
    looked: set[Any] = set()
    cases: dict[Any, list[tuple[list[Row], NoSolution]]] = {}
    for row in dead:
        ending = (row.root.mode, *(one.standing.chords for one in row.rows[-3:]))
        if ending in looked or len(looked) >= MOST_TOLD:
            continue
        looked.add(ending)
        rows = search.whole(row)
        why = conflict_of(search.problem(rows), search.growing.workshop)
        if why is not None:
            cases.setdefault((row.root.mode, frozenset(why.rules)), []).append((rows, why))
    for some in cases.values():
        yield _finding(search, min(some, key=lambda one: len(one[0])), some, marks)


def _finding(search: PhraseSearch, shortest: tuple[list[Row], NoSolution],
             alike: Sequence[tuple[list[Row], NoSolution]], known: dict[Any, Neighbours]) -> Finding:
    rows, why = shortest
    home, root = search.homes[rows[0].root.mode], rows[0].root
    assert home is not None
    chords = _chords(rows, why)
    marks = list(dict.fromkeys(_marks(rows[why.start : why.stop], known)))
    others = list(dict.fromkeys(_chords(*one) for one in alike))
    also = f"; so of {len(others) - 1} other rows of chords" if len(others) > 1 else ""
    return Finding(
        "unvoiceable-phrase", "warning",
        f"{chords} ({root.mode}) cannot be voiced in a {root.goal.symbol}, though every two of its chords can: "
        f"{told_why(why)}{also}",
        chords, marks[-1] if marks else None, tuple(marks[:-1]),
        f"all voicings of all phrases of up to {len(rows)} chords in {home}",
        f'theorygen realize --roman "{_line(search, rows, home)}"', hint_of(why, search.ensemble),
        {"key": str(home), "chords": len(rows), "parameters": dict(root.values), "alike": others,
         "conflict": why.to_data()})


def _chords(rows: Sequence[Row], why: NoSolution) -> str:
    return " ".join(str(one.standing) for one in rows[why.start : why.stop])


def _line(search: PhraseSearch, rows: Sequence[Row], home: Key) -> str:
    """A phrase as one line of Roman numerals."""
    root = rows[0].root
    unit = Lengths(search.subject.style, root.values).unit(root.meter)
    lengths = [f":{row.leaf.duration}" if row.leaf.duration != unit else "" for row in rows]
    return line_of([row.standing for row in rows], home, lengths)


def _marks(rows: Sequence[Row], known: dict[Any, Neighbours]) -> Iterator[Mark]:
    """Where the chords of a stretch are written."""
    for one, other in pairwise(rows):
        found = known.get((one.root.mode, one.standing, other.standing))
        yield from found.marks if found else ()
