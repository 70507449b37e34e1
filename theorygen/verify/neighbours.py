"""Chords side by side: every pair that form and harmony of a style can make, with all that rules see of it but its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from theorygen.compose.joint import GIVEN
from theorygen.compose.stretches import NO_CADENCE, NO_REGION
from theorygen.grammar.automaton import Automaton, Move, State
from theorygen.grammar.chart import Chart
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import parameters_read
from theorygen.grammar.labels import CADENCE, LENGTH, OWN_LABELS, REGION, read_degrees, voice_numbers
from theorygen.grammar.lengths import MOST_CHORDS, Lengths
from theorygen.grammar.pivots import local_key
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, from_ticks, home_key, whole_ticks
from theorygen.rules.world import Slot
from theorygen.solve.problem import Choice, Position, canonical
from theorygen.source.marks import Mark
from theorygen.theory import Key, Meter, RomanNumeral, TheoryError
from theorygen.verify.finding import Subject
from theorygen.verify.junctions import Junctions, Leaves, Meeting, Node, Settings, Written
from theorygen.verify.roots import harmony_chart
from theorygen.verify.settings import Settings as AllSettings
from theorygen.verify.settings import settings

_Row = dict[int, Written]
"""Numbers of standings, each with a leaf that stands so."""

Degrees = tuple[tuple[int, frozenset[int]], ...]
"""Numbers of voices with the scale degrees asked of them."""


@dataclass(frozen=True)
class Standing:
    """A chord of the harmony where it stands, in no key yet.

    Attributes:
        chords: the numerals it may be, several where the solver chooses.
        key: the numeral of its key in the home key.
        degrees: scale degrees asked of voices.
        place: the place as rules see it, without its chord; what no rule reads is left blank.
    """

    chords: tuple[str, ...]
    key: str
    degrees: Degrees
    place: Slot

    def numerals(self, home: Key) -> tuple[RomanNumeral, ...]:
        """The chords in a home key; none where the key has no such chord."""
        return _numerals(self.chords, self.key, home)

    def choices(self, home: Key) -> tuple[Choice, ...]:
        """The chords in a home key, as choices of a problem."""
        asked = dict(self.degrees)
        return tuple(Choice(replace(self.place, chord=numeral), degrees=asked) for numeral in self.numerals(home))

    def position(self, home: Key) -> Position:
        """The chords in a home key, as a position of a problem.

        Raises:
            ValueError: the key has none of them; only a problem notices.
        """
        return Position(self.choices(home))

    def __str__(self) -> str:
        return self.chords[0] if len(self.chords) == 1 else "{" + "|".join(self.chords) + "}"


_KNOWN: dict[tuple[tuple[str, ...], str, Key], tuple[RomanNumeral, ...]] = {}


def _numerals(chords: tuple[str, ...], key: str, home: Key) -> tuple[RomanNumeral, ...]:
    place = (chords, key, home)
    if place not in _KNOWN:
        try:
            local = local_key(key, home)
        except TheoryError:
            return ()
        _KNOWN[place] = tuple(dict.fromkeys(one for text in chords for one in _numeral(text, local)))
    return _KNOWN[place]


def _numeral(text: str, key: Key) -> Iterator[RomanNumeral]:
    try:
        yield RomanNumeral.parse(text, key)
    except TheoryError:
        return


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


def neighbours(subject: Subject, names: frozenset[str] | None = None) -> Found:
    """Every two chords that a style can put side by side, within phrases and from one to the next; and every chord.

    They come from all settings of the style's parameters (`settings`), in all its modes and meters, both as pieces are
    composed and, where the style knows them, with notes given: then phrases begin on any unit of the bar and last any
    number of units up to ``bounds.chords``.

    Args:
        subject: the style.
        names: fields that rules read, by which places are told apart; None for those of all rules of the style.

    Raises:
        InputError: a value given is not allowed, or a length is not possible.
    """
    style = subject.style
    if style.form is None or style.harmony is None or style.ensemble is None:
        return Found((), (), "the style is only a base for others")
    every = settings(subject)
    collector = _Collector(style, style.rules.names if names is None else names)
    shelf = _Shelf(style)
    for is_given in (False, True) if GIVEN.keys() <= style.form.declared else (False,):
        for values in every.values:
            for meter in style.meters:
                collector.enter(values, is_given)
                _Pieces(shelf, values, meter, is_given, subject.bounds.chords, collector).collect()
    return Found(collector.pairs, collector.chords, _told(every, subject))


def _told(every: AllSettings, subject: Subject) -> str:
    told = [] if every.is_complete else [every.told]
    if subject.style.form and GIVEN.keys() <= subject.style.form.declared:
        told.append(f"phrases of given notes up to {subject.bounds.chords} units long")
    return ", ".join(told)


class _Collector:
    """Gathers neighbours, each once. Standings have numbers, and sets of leaves that mean the same are one object."""

    def __init__(self, style: Style, names: frozenset[str]) -> None:
        assert style.ensemble is not None
        self.names = names
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
        self._voices = voice_numbers(style.ensemble)

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
        edges = (leaf.first and phrase.opens, leaf.last and phrase.closes, phrase.cadence if leaf.last else NO_CADENCE)
        key = (leaf.chords, leaf.start, leaf.attributes, leaf.labels, leaf.first, leaf.last, phrase.meter, edges)
        if key not in self._numbers:
            standing = self._standing(leaf, phrase, *edges)
            self._numbers[key] = self._standings.setdefault(standing, len(self._standings))
            if len(self._by_number) < len(self._standings):
                self._by_number.append(standing)
        return self._numbers[key]

    def _standing(self, leaf: Written, phrase: _Phrase, opening: bool, final: bool, cadence: str) -> Standing:
        labels = dict(leaf.labels)
        strength = self.meters[phrase.meter].weight(from_ticks(leaf.start))
        region = str(labels.get(REGION) or NO_REGION)
        place = Slot(None, strength, leaf.first, leaf.last, opening, final, cadence, region)
        return Standing(leaf.chords, dict(leaf.attributes)["key"], self._degrees(labels), canonical(place, self.names))

    def _degrees(self, labels: Mapping[str, Any]) -> Degrees:
        asked: dict[int, frozenset[int]] = {}
        for label, value in labels.items():
            if label not in OWN_LABELS:
                voice = self._voices[label]
                asked[voice] = asked.get(voice, frozenset(range(1, 8))) & read_degrees(value)
        return tuple(sorted(asked.items()))


class _Phrase(NamedTuple):
    """A phrase as far as its leaves must know it."""

    mode: str
    meter: int
    cadence: str
    opens: bool
    closes: bool


class _Harmony:
    """The harmony under one setting in one meter, with the nodes of all phrases asked for."""

    def __init__(self, chart: Chart, meter: Meter) -> None:
        self.junctions = Junctions(chart, ["key"])
        self.bar = whole_ticks(meter.bar_length)
        self._nodes: dict[Any, Node | None] = {}
        self._places: dict[Any, tuple[tuple[int, int, Node], ...]] = {}
        self._lasts: dict[_Asked, dict[int, Leaves]] = {}
        self._firsts: dict[_Asked, dict[int, Leaves]] = {}

    def nodes(self, asked: _Asked) -> tuple[tuple[int, int, Node], ...]:
        """All places where a phrase may stand: its start in the bar and its end in the bar, in ticks, and its node."""
        key = (asked.leaf, asked.starts, asked.durations)
        if key not in self._places:
            self._places[key] = tuple(self._found(asked))
        return self._places[key]

    def _found(self, asked: _Asked) -> Iterator[tuple[int, int, Node]]:
        for start in asked.starts:
            for ticks in asked.durations:
                node = self.node(asked.leaf, start, ticks)
                if node is not None:
                    yield start, (start + ticks) % self.bar, node

    def node(self, leaf: _Leaf, start: int, ticks: int) -> Node | None:
        """A phrase, or None where the harmony has none of that length."""
        key = (leaf, start, ticks)
        if key not in self._nodes:
            goal = Goal(leaf.symbol, from_ticks(ticks), leaf.arguments, dict(leaf.attributes), from_ticks(start))
            self._nodes[key] = self.junctions.root(goal)
        return self._nodes[key]

    def lasts(self, asked: _Asked) -> dict[int, Leaves]:
        """What a phrase may end with, by where in the bar it ends."""
        if asked not in self._lasts:
            self._lasts[asked] = self._by_time(
                (end, self.junctions.ends(node).last) for _, end, node in self.nodes(asked))
        return self._lasts[asked]

    def firsts(self, asked: _Asked) -> dict[int, Leaves]:
        """What a phrase may begin with, by where in the bar it begins."""
        if asked not in self._firsts:
            self._firsts[asked] = self._by_time(
                (start, self.junctions.ends(node).first) for start, _, node in self.nodes(asked))
        return self._firsts[asked]

    def _by_time(self, parts: Iterable[tuple[int, Leaves]]) -> dict[int, Leaves]:
        found: dict[int, set[Written]] = {}
        for time, leaves in parts:
            found.setdefault(time, set()).update(leaves)
        return {time: self.junctions.one(leaves) for time, leaves in found.items()}


class _Leaf(NamedTuple):
    """A leaf of the form, whenever it comes."""

    symbol: str
    arguments: tuple[str, ...]
    attributes: Settings
    labels: Settings


@dataclass(frozen=True)
class _Asked:
    """A phrase of the form, wherever in the bar it may begin and however long it may be, in ticks."""

    leaf: _Leaf
    starts: tuple[int, ...]
    durations: tuple[int, ...]
    opens: bool
    closes: bool


class _Shelf:
    """Charts, automata and nodes that several settings share."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._harmonies: dict[Any, _Harmony] = {}
        self._forms: dict[Any, Automaton] = {}

    def harmony(self, values: Mapping[str, Any], meter: Meter) -> _Harmony:
        """The harmony under some parameters in a meter."""
        assert self.style.harmony is not None
        key = (_read(self.style.harmony, values), Lengths(self.style, values).unit(meter), meter)
        if key not in self._harmonies:
            self._harmonies[key] = _Harmony(harmony_chart(self.style, values, meter), meter)
        return self._harmonies[key]

    def form(self, values: Mapping[str, Any]) -> Automaton:
        """The form under some parameters."""
        assert self.style.form is not None
        key = _read(self.style.form, values)
        if key not in self._forms:
            self._forms[key] = Automaton(Chart(self.style.form, values, unit=1))
        return self._forms[key]


def _read(grammar: Grammar, values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, values[name]) for name in sorted(parameters_read(grammar)))


class _Pieces:
    """All pieces of one style under one setting in one meter."""

    def __init__(self, shelf: _Shelf, values: Mapping[str, Any], meter: Meter, is_given: bool,
                 most: int, collector: _Collector) -> None:
        self.most = most
        self.style, self.values, self.meter, self.is_given = shelf.style, values, meter, is_given
        self.collector = collector
        self.lengths = Lengths(self.style, values)
        self.harmony = shelf.harmony(values, meter)
        self.form = shelf.form(values)
        form = self.form.chart.grammar
        self.names = frozenset((*form.attributes, *form.declared))
        self._leaves: dict[int, tuple[Leaf, _Leaf, tuple[int, ...]]] = {}

    def collect(self) -> None:
        """All neighbours."""
        for keys in self.style.keys.values():
            for mode in dict.fromkeys("minor" if key.is_minor else "major" for key in keys):
                attributes = {"key": home_key(mode), "mode": mode, **(GIVEN if self.is_given else {})}
                self._in_mode(Goal(self.style.goal, self.lengths.form(), attributes=attributes), mode)

    def _in_mode(self, goal: Goal, mode: str) -> None:
        first = self.form.start(goal)
        if first is None:
            return
        again = self._again(goal)
        for state, starts in self._places(first):
            for move in self.form.moves(state):
                here = self._asked(move, starts, state == first)
                self._inside(here, mode)
                for following in self.form.moves(move.after):
                    self._between(here, self._asked(following, self._after(here), False), mode, again)

    def _places(self, first: State) -> Iterator[tuple[State, tuple[int, ...]]]:
        """All states of the form, each with places in the bar where its next phrase may begin."""
        if self.is_given:
            starts = self._starts()
            yield from ((state, starts) for layer in self.form.states(first) for state in layer)
            return
        waiting = [(first, self._upbeat())]
        seen = set(waiting)
        while waiting:
            state, starts = waiting.pop()
            yield state, starts
            for move in self.form.moves(state):
                after = (move.after, self._after(self._asked(move, starts, False)))
                if after[1] and after not in seen:
                    seen.add(after)
                    waiting.append(after)

    def _upbeat(self) -> tuple[int, ...]:
        """Where in the bar a composed piece begins."""
        return (-whole_ticks(self.lengths.pickup(self.meter)) % self.harmony.bar,)

    def _starts(self) -> tuple[int, ...]:
        """Places in the bar where a phrase of given notes may begin."""
        unit, bar = whole_ticks(self.lengths.unit(self.meter)), self.harmony.bar
        count = -(-bar // unit)
        return tuple(sorted({unit * index % bar for index in range(-count, count)}))

    def _after(self, asked: _Asked) -> tuple[int, ...]:
        """Places in the bar where a phrase may end."""
        return tuple(sorted({end for _, end, _ in self.harmony.nodes(asked)}))

    def _asked(self, move: Move, starts: tuple[int, ...], opens: bool) -> _Asked:
        leaf = move.leaf
        if id(leaf) not in self._leaves:
            attributes = frozenset((name, value) for name, value in leaf.attributes.items() if name in self.names)
            labels = frozenset(leaf.constraints.items())
            meant = _Leaf(leaf.symbol, leaf.derivation.arguments, attributes, labels)
            self._leaves[id(leaf)] = leaf, meant, tuple(map(whole_ticks, self._durations(leaf)))
        _, meant, durations = self._leaves[id(leaf)]
        return _Asked(meant, starts, durations, opens, move.after.done)

    def _durations(self, leaf: Leaf) -> Iterable[Fraction]:
        said = leaf.constraints.get(LENGTH)
        if said:
            text = said if isinstance(said, str) else ", ".join(sorted(said))
            return (self.lengths.labelled(text, self.meter, None),)
        if not self.is_given:
            return (self.lengths.phrase(self.meter),)
        unit = self.lengths.unit(self.meter)
        return [unit * count for count in range(1, min(self.most, MOST_CHORDS) + 1)]

    def _inside(self, asked: _Asked, mode: str) -> None:
        if not self.collector.is_new((id(self.harmony), asked, mode)):
            return
        phrase, junctions = self._phrase(asked, mode), self.harmony.junctions
        for _, _, node in self.harmony.nodes(asked):
            self.collector.add(junctions.ends(node).first, phrase)
            self.collector.add(junctions.ends(node).last, phrase)
            for meeting in junctions.meetings(node, mode):
                self.collector.add(meeting.before, phrase)
                self.collector.meet(meeting, phrase, phrase)

    def _between(self, here: _Asked, there: _Asked, mode: str, again: frozenset[_Leaf]) -> None:
        is_again = here.leaf == there.leaf and here.leaf in again
        if not self.collector.is_new((id(self.harmony), here, there, mode, is_again)):
            return
        left, right = self._phrase(here, mode), self._phrase(there, mode)
        for meeting in self._repeated(here, there) if is_again else self._meetings(here, there):
            self.collector.meet(meeting, left, right)

    def _meetings(self, here: _Asked, there: _Asked) -> Iterator[Meeting]:
        firsts = self.harmony.firsts(there)
        for end, leaves in self.harmony.lasts(here).items():
            if end in firsts:
                yield Meeting(leaves, firsts[end])

    def _repeated(self, here: _Asked, there: _Asked) -> Iterator[Meeting]:
        for _, end, node in self.harmony.nodes(here):
            for start, _, repetition in self.harmony.nodes(there):
                if start == end and repetition.cell.ticks == node.cell.ticks:
                    yield from self.harmony.junctions.again(node, repetition)

    def _phrase(self, asked: _Asked, mode: str) -> _Phrase:
        cadence = str(dict(asked.leaf.attributes).get(CADENCE) or NO_CADENCE)
        return _Phrase(mode, self.style.meters.index(self.meter), cadence, asked.opens, asked.closes)

    def _again(self, goal: Goal) -> frozenset[_Leaf]:
        """Leaves of the form that stand beside themselves only where the second repeats the chords of the first."""
        junctions = Junctions(self.form.chart, self.names)
        root = junctions.root(goal)
        apart: set[_Leaf] = set()
        repeated: set[_Leaf] = set()
        for meeting in junctions.meetings(root) if root else ():
            both = {_meant(leaf) for leaf in meeting.before} & {_meant(leaf) for leaf in meeting.after}
            (repeated if meeting.is_again else apart).update(both)
        return frozenset(repeated - apart)


def _meant(leaf: Written) -> _Leaf:
    return _Leaf(leaf.symbol, leaf.arguments, leaf.attributes, leaf.labels)
