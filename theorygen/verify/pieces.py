"""The phrases of all pieces of a style under one setting: which there are, where they begin, what follows what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from theorygen.compose.joint import GIVEN
from theorygen.compose.stretches import NO_CADENCE
from theorygen.grammar.automaton import Automaton, Move, State
from theorygen.grammar.chart import Chart
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import parameters_read
from theorygen.grammar.labels import CADENCE, LENGTH
from theorygen.grammar.lengths import MOST_CHORDS, Lengths
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, from_ticks, home_key, whole_ticks
from theorygen.theory import Meter
from theorygen.verify.junctions import Junctions, Leaves, Meeting, Node, Settings, Written
from theorygen.verify.roots import harmony_chart
from theorygen.verify.standings import Edges


class Harmony:
    """The harmony under one setting in one meter, with the nodes of all phrases asked for."""

    def __init__(self, chart: Chart, meter: Meter) -> None:
        self.junctions = Junctions(chart, ["key"])
        self.bar = whole_ticks(meter.bar_length)
        self._nodes: dict[Any, Node | None] = {}
        self._places: dict[Any, tuple[tuple[int, int, Node], ...]] = {}
        self._lasts: dict[Asked, dict[int, Leaves]] = {}
        self._firsts: dict[Asked, dict[int, Leaves]] = {}

    def nodes(self, asked: Asked) -> tuple[tuple[int, int, Node], ...]:
        """All places where a phrase may stand: its start in the bar and its end in the bar, in ticks, and its node."""
        key = (asked.leaf, asked.starts, asked.durations)
        if key not in self._places:
            self._places[key] = tuple(self._found(asked))
        return self._places[key]

    def _found(self, asked: Asked) -> Iterator[tuple[int, int, Node]]:
        for start in asked.starts:
            for ticks in asked.durations:
                node = self.node(asked.leaf, start, ticks)
                if node is not None:
                    yield start, (start + ticks) % self.bar, node

    def node(self, leaf: FormLeaf, start: int, ticks: int) -> Node | None:
        """A phrase, or None where the harmony has none of that length."""
        key = (leaf, start, ticks)
        if key not in self._nodes:
            goal = Goal(leaf.symbol, from_ticks(ticks), leaf.arguments, dict(leaf.attributes), from_ticks(start))
            self._nodes[key] = self.junctions.root(goal)
        return self._nodes[key]

    def lasts(self, asked: Asked) -> dict[int, Leaves]:
        """What a phrase may end with, by where in the bar it ends."""
        if asked not in self._lasts:
            self._lasts[asked] = self._by_time(
                (end, self.junctions.ends(node).last) for _, end, node in self.nodes(asked))
        return self._lasts[asked]

    def firsts(self, asked: Asked) -> dict[int, Leaves]:
        """What a phrase may begin with, by where in the bar it begins."""
        if asked not in self._firsts:
            self._firsts[asked] = self._by_time(
                (start, self.junctions.ends(node).first) for start, _, node in self.nodes(asked))
        return self._firsts[asked]

    def _by_time(self, parts: Iterable[tuple[int, Leaves]]) -> dict[int, Leaves]:
        found: dict[int, dict[Written, None]] = {}
        for time, leaves in parts:
            found.setdefault(time, {}).update(dict.fromkeys(leaves))
        return {time: self.junctions.one(leaves) for time, leaves in found.items()}


class FormLeaf(NamedTuple):
    """A leaf of the form, whenever it comes."""

    symbol: str
    arguments: tuple[str, ...]
    attributes: Settings
    labels: Settings


@dataclass(frozen=True)
class Asked:
    """A phrase of the form, wherever in the bar it may begin and however long it may be, in ticks."""

    leaf: FormLeaf
    starts: tuple[int, ...]
    durations: tuple[int, ...]
    opens: bool
    closes: bool

    @property
    def edges(self) -> Edges:
        """What its chords must know of it."""
        return Edges(str(dict(self.leaf.attributes).get(CADENCE) or NO_CADENCE), self.opens, self.closes)


class Shelf:
    """Charts, automata and nodes that several settings share."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._harmonies: dict[Any, Harmony] = {}
        self._forms: dict[Any, Automaton] = {}

    def harmony(self, values: Mapping[str, Any], meter: Meter) -> Harmony:
        """The harmony under some parameters in a meter."""
        assert self.style.harmony is not None
        key = (_read(self.style.harmony, values), Lengths(self.style, values).unit(meter), meter)
        if key not in self._harmonies:
            self._harmonies[key] = Harmony(harmony_chart(self.style, values, meter), meter)
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


class Pieces:
    """All pieces of one style under one setting in one meter.

    Args:
        shelf: of the style.
        values: value of every parameter.
        meter: the meter.
        is_given: whether notes are given: then phrases begin on any unit of the bar and have many lengths.
        most: units of the longest phrase of given notes.
    """

    def __init__(self, shelf: Shelf, values: Mapping[str, Any], meter: Meter, is_given: bool,
                 most: int) -> None:
        self.most = most
        self.style, self.values, self.meter, self.is_given = shelf.style, values, meter, is_given
        self.lengths = Lengths(self.style, values)
        self.harmony = shelf.harmony(values, meter)
        self.form = shelf.form(values)
        form = self.form.chart.grammar
        self.names = frozenset((*form.attributes, *form.declared))
        self._leaves: dict[int, tuple[Leaf, FormLeaf, tuple[int, ...]]] = {}

    def goals(self) -> Iterator[tuple[str, Goal]]:
        """What the form begins with, in each mode of the home key."""
        keys = [key for keys in self.style.keys.values() for key in keys]
        for mode in dict.fromkeys("minor" if key.is_minor else "major" for key in keys):
            attributes = {"key": home_key(mode), "mode": mode, **(GIVEN if self.is_given else {})}
            yield mode, Goal(self.style.goal, self.lengths.form(), attributes=attributes)

    def phrases(self, goal: Goal) -> Iterator[tuple[Asked, tuple[Asked, ...]]]:
        """All phrases of pieces, each with those that may follow it."""
        first = self.form.start(goal)
        for state, starts in self._places(first) if first else ():
            for move in self.form.moves(state):
                here = self._asked(move, starts, state == first)
                after = self._after(here)
                yield here, tuple(self._asked(following, after, False) for following in self.form.moves(move.after))

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

    def _after(self, asked: Asked) -> tuple[int, ...]:
        """Places in the bar where a phrase may end."""
        return tuple(sorted({end for _, end, _ in self.harmony.nodes(asked)}))

    def _asked(self, move: Move, starts: tuple[int, ...], opens: bool) -> Asked:
        leaf = move.leaf
        if id(leaf) not in self._leaves:
            attributes = frozenset((name, value) for name, value in leaf.attributes.items() if name in self.names)
            labels = frozenset(leaf.constraints.items())
            meant = FormLeaf(leaf.symbol, leaf.derivation.arguments, attributes, labels)
            self._leaves[id(leaf)] = leaf, meant, tuple(map(whole_ticks, self._durations(leaf)))
        _, meant, durations = self._leaves[id(leaf)]
        return Asked(meant, starts, durations, opens, move.after.done)

    def _durations(self, leaf: Leaf) -> Iterable[Fraction]:
        said = leaf.constraints.get(LENGTH)
        if said:
            text = said if isinstance(said, str) else ", ".join(sorted(said))
            return (self.lengths.labelled(text, self.meter, None),)
        if not self.is_given:
            return (self.lengths.phrase(self.meter),)
        unit = self.lengths.unit(self.meter)
        return [unit * count for count in range(1, min(self.most, MOST_CHORDS) + 1)]

    def meetings(self, here: Asked, there: Asked, repeated: frozenset[FormLeaf]) -> Iterator[Meeting]:
        """What stands side by side where one phrase ends and the next begins.

        Args:
            here: the phrase that ends.
            there: the phrase that begins.
            repeated: see `repeated`.
        """
        is_again = here.leaf == there.leaf and here.leaf in repeated
        yield from self._repeated(here, there) if is_again else self._meetings(here, there)

    def _meetings(self, here: Asked, there: Asked) -> Iterator[Meeting]:
        firsts = self.harmony.firsts(there)
        for end, leaves in self.harmony.lasts(here).items():
            if end in firsts:
                yield Meeting(leaves, firsts[end])

    def _repeated(self, here: Asked, there: Asked) -> Iterator[Meeting]:
        for _, end, node in self.harmony.nodes(here):
            for start, _, repetition in self.harmony.nodes(there):
                if start == end and repetition.cell.ticks == node.cell.ticks:
                    yield from self.harmony.junctions.again(node, repetition)

    def repeated(self, goal: Goal) -> frozenset[FormLeaf]:
        """Leaves of the form that stand beside themselves only where the second repeats the chords of the first."""
        junctions = Junctions(self.form.chart, self.names)
        root = junctions.root(goal)
        apart: set[FormLeaf] = set()
        repeated: set[FormLeaf] = set()
        for meeting in junctions.meetings(root) if root else ():
            both = {_meant(leaf) for leaf in meeting.before} & {_meant(leaf) for leaf in meeting.after}
            (repeated if meeting.is_again else apart).update(both)
        return frozenset(repeated - apart)


def _meant(leaf: Written) -> FormLeaf:
    return FormLeaf(leaf.symbol, leaf.arguments, leaf.attributes, leaf.labels)
