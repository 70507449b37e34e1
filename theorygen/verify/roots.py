"""What the leaves of a form can ask of the harmony: found from the whole form grammar, not from samples of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorygen.compose.joint import GIVEN
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.grammar import Production, Rule
from theorygen.grammar.grammar_facts import context_names
from theorygen.grammar.labels import CADENCE, LENGTH
from theorygen.grammar.lengths import MOST_CHORDS, Lengths
from theorygen.grammar.packed_forest import Cell, Option, Place, Road, Stop
from theorygen.grammar.sampling import inherited
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, home_key
from theorygen.source.marks import Mark
from theorygen.theory import Meter
from theorygen.verify.distinct import Reading, lengths_key
from theorygen.verify.reach import Reach

LONGEST_OPEN_FORM = 24
"""Phrases of the longest form that is looked at where a style does not say how long its form is."""


@dataclass(frozen=True)
class Root:
    """One thing the form can ask of the harmony.

    Attributes:
        symbol: head of the harmony.
        arguments: its positional arguments.
        attributes: what it inherits and something reads, by name: key and mode, and others such as cadence.
        mode: mode of the home key, ``major`` or ``minor``.
        meter: time signature.
        starts: offsets in the bar where it may begin, quarter lengths.
        durations: quarter lengths it may last; several where notes are given, which make phrases of any length.
        marks: the productions of the form that ask for it.
    """

    symbol: str
    arguments: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    mode: str
    meter: Meter
    starts: tuple[Fraction, ...]
    durations: tuple[Fraction, ...]
    marks: tuple[Mark, ...] = field(default=(), compare=False)

    @property
    def is_given(self) -> bool:
        """Whether it is asked for where notes are given."""
        return GIVEN.items() <= dict(self.attributes).items()

    def goals(self) -> Iterator[Goal]:
        """Every goal: each duration at each start."""
        for start in self.starts:
            for duration in self.durations:
                yield Goal(self.symbol, duration, self.arguments, dict(self.attributes), start)

    def __str__(self) -> str:
        words = [*self.arguments, *(f"{name}={value}" for name, value in self.attributes if name != "mode")]
        return f"{self.symbol}({', '.join(words)})"


def harmony_chart(style: Style, values: Mapping[str, Any], meter: Meter) -> Chart:
    """Everything the harmony of a style derives in a meter; empty until it is asked."""
    assert style.harmony is not None
    clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
    return Chart(style.harmony, values, unit=Lengths(style, values).unit(meter), clock=clock)


def form_goals(style: Style, values: Mapping[str, Any]) -> Iterator[tuple[str, Goal]]:
    """What is asked of the form: the mode of the home key, and the goal; where notes are given, too.

    Forms of a base for other styles that does not say how long they are have any length.

    Raises:
        InputError: the length is not possible with these values.
    """
    assert style.form is not None
    modes = dict.fromkeys("minor" if key.is_minor else "major" for keys in style.keys.values() for key in keys)
    is_open = style.is_abstract and style.length is None
    lengths = range(1, LONGEST_OPEN_FORM + 1) if is_open else (Lengths(style, values).form(),)
    for more in ({}, GIVEN) if GIVEN.keys() <= style.form.declared else ({},):
        for mode in modes:
            for length in lengths:
                yield mode, Goal(style.goal, length, attributes={"key": home_key(mode), "mode": mode, **more})


def form_key(style: Style, values: Mapping[str, Any], form: Reading) -> tuple[Hashable, ...]:
    """The same for settings under which the form asks the same."""
    return form.key(values), lengths_key(style, values)


@dataclass(frozen=True)
class Followed:
    """What a form leads to under one setting.

    Attributes:
        roots: what it asks of the harmony.
        productions: those of the form that are part of some whole derivation.
        missing: goals that it derives nothing of.
        reached: heads that something leads to.
        allowed: productions of these whose guard and weight let them be used somewhere.
    """

    roots: tuple[Root, ...] = ()
    productions: frozenset[Production] = frozenset()
    missing: tuple[Goal, ...] = ()
    reached: frozenset[Rule] = frozenset()
    allowed: frozenset[Production] = frozenset()


def roots(style: Style, values: Mapping[str, Any]) -> tuple[Root, ...]:
    """What the form can ask of the harmony in any of the style's modes and meters, where notes are given too.

    Args:
        style: the style; without a form it asks nothing.
        values: the value of every parameter.

    Raises:
        InputError: a length is not possible with these values.
    """
    return followed(style, values).roots


def followed(style: Style, values: Mapping[str, Any]) -> Followed:
    """The same with what was found on the way.

    Raises:
        InputError: a length is not possible with these values.
    """
    if style.form is None or style.harmony is None or not style.goal:
        return Followed()
    found: dict[tuple[Any, ...], _Asked] = {}
    chart = Chart(style.form, values, unit=1)
    goals = list(form_goals(style, values))
    for meter in style.meters:
        reader = _Reader(style, Lengths(style, values), meter)
        for mode, goal in goals:
            for leaf in reader.leaves(chart.cell(goal), goal):
                reader.note(found, leaf, mode)
    cells = [chart.cell(goal) for _, goal in goals]
    missing = tuple(goal for (_, goal), cell in zip(goals, cells, strict=True) if not cell.count)
    reach = Reach(chart, max(Fraction(goal.duration) for _, goal in goals))
    reach.productions(goal for _, goal in goals)
    return Followed(tuple(asked.root() for asked in found.values()), frozenset(used_below(cells)), missing,
                    frozenset(reach.rules), frozenset(reach.allowed))


def used_below(cells: Iterable[Cell], seen: set[int] | None = None) -> set[Production]:
    """The productions that are part of whole derivations of cells; ``seen`` are cells that need no second look."""
    seen = set() if seen is None else seen
    waiting = list(cells)
    found: set[Production] = set()
    while waiting:
        cell = waiting.pop()
        if id(cell) not in seen:
            seen.add(id(cell))
            for option in cell.options:
                found.add(option.production)
                waiting += [road.cell for stop in in_order(option.first) for road in stop.roads if road.cell]
    return found


Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Call:
    """A cell of the form with what it inherits.

    Attributes:
        cell: the cell.
        attributes: what it inherits.
        said: the length that a label around it asks of phrases, or "".
    """

    cell: Cell
    attributes: Attributes
    said: str


@dataclass(frozen=True)
class _Leaf:
    """A leaf of the form, where its phrase may begin in the bar, and the production that wrote it."""

    place: Place
    attributes: Mapping[str, str]
    said: str
    starts: frozenset[Fraction]
    mark: Mark


@dataclass(frozen=True)
class _Step:
    """A road of an option: what it derives, the length asked of phrases below it, where it begins and ends."""

    road: Road
    cells: tuple[Cell | None, ...]
    said: str
    begins: frozenset[Fraction]
    ends: frozenset[Fraction]


class _Reader:
    """Reads the leaves of a form from its chart, under one setting and in one meter."""

    def __init__(self, style: Style, lengths: Lengths, meter: Meter) -> None:
        assert style.harmony is not None
        self.lengths = lengths
        self.meter = meter
        self.bar = meter.bar_length
        self.phrase = lengths.phrase(meter)
        signatures = style.harmony.signatures
        self.read = {symbol: frozenset((*names, *signatures[symbol], "key", "mode", CADENCE, *GIVEN))
                     for symbol, names in context_names(style.harmony).items()}
        self._spans: dict[tuple[Cell, str], frozenset[Fraction]] = {}

    def leaves(self, root: Cell, goal: Goal) -> Iterator[_Leaf]:
        """Every leaf below a cell, with every offset in the bar where it can begin in a composed piece."""
        first = _Call(root, tuple(sorted(goal.environment.items())), "")
        starts = {first: frozenset({-self.lengths.pickup(self.meter) % self.bar})}
        waiting = [first]
        is_given = GIVEN.items() <= goal.environment.items()
        while waiting:
            call = waiting.pop()
            for option in call.cell.options:
                for what, where in self.items(call, option, starts[call], is_given):
                    if isinstance(what, _Leaf):
                        yield what
                    elif not where <= starts.get(what, frozenset()):
                        starts[what] = starts.get(what, frozenset()) | where
                        waiting.append(what)

    def items(self, call: _Call, option: Option, starts: frozenset[Fraction],
              is_given: bool) -> Iterator[tuple[_Call | _Leaf, frozenset[Fraction]]]:
        """The items of an option, and where in the bar each may begin; repeated ones only where notes are given."""
        around = {**dict(call.attributes), **call.cell.parameters}
        for step in self.steps(option, starts, call.said):
            inner, _ = inherited(step.road.place, around, {})
            for cell in step.cells if is_given or not step.road.repeats else ():
                if cell is not None:
                    yield _Call(cell, tuple(sorted(inner.items())), step.said), step.begins
                else:
                    mark = _mark(option.production, step.road.place)
                    yield _Leaf(step.road.place, inner, step.said, step.begins, mark), step.begins

    def steps(self, option: Option, starts: frozenset[Fraction], said: str) -> Iterator[_Step]:
        """The roads of an option, each once, with where in the bar they begin and end."""
        firsts = originals(option.first)
        begins = {id(option.first): starts}
        for stop in in_order(option.first):
            for road in stop.roads:
                own = _plain(road.place.labels.get(LENGTH, said))
                cells = firsts[road.place.name, road.ticks] if road.repeats else (road.cell,)
                spans = frozenset().union(*(self.span(cell, own) for cell in cells))
                here = begins[id(stop)]
                ends = frozenset((start + span) % self.bar for start in here for span in spans)
                begins[id(road.onward)] = begins.get(id(road.onward), frozenset()) | ends
                yield _Step(road, cells, own, here, ends)

    def span(self, cell: Cell | None, said: str) -> frozenset[Fraction]:
        """How long what a cell derives may last in a composed piece, within the bar, quarter lengths."""
        if cell is None:
            return frozenset({self.duration(said) % self.bar})
        if (cell, said) not in self._spans:
            self._spans[cell, said] = frozenset(
                end for option in cell.options for step in self.steps(option, frozenset({Fraction(0)}), said)
                if not step.road.onward.roads for end in step.ends)
        return self._spans[cell, said]

    def duration(self, said: str) -> Fraction:
        """Quarter lengths of a phrase in a composed piece."""
        return self.lengths.labelled(said, self.meter, None) if said else self.phrase

    def note(self, found: dict[tuple[Any, ...], _Asked], leaf: _Leaf, mode: str) -> None:
        """Note where a leaf may begin and how long it may be."""
        read = self.read.get(leaf.place.symbol, frozenset())
        attributes = tuple(sorted((name, value) for name, value in leaf.attributes.items() if name and name in read))
        is_given = GIVEN.items() <= leaf.attributes.items()
        durations = self.open_durations() if is_given and not leaf.said else (self.duration(leaf.said),)
        key = (leaf.place.symbol, leaf.place.arguments, attributes, mode, self.meter, durations)
        asked = found.setdefault(key, _Asked(*key))
        asked.starts |= dict.fromkeys(self.open_starts() if is_given else sorted(leaf.starts))
        asked.marks |= {leaf.mark: None}

    def open_durations(self) -> tuple[Fraction, ...]:
        """Lengths of a phrase under given notes: any, in plain chords, up to where phrases are divided."""
        unit = self.lengths.unit(self.meter)
        return tuple(unit * count for count in range(1, int(min(2 * self.phrase // unit, MOST_CHORDS)) + 1))

    def open_starts(self) -> tuple[Fraction, ...]:
        """Where phrases may begin under given notes: with any plain chord of the bar."""
        unit = self.lengths.unit(self.meter)
        shift = -self.lengths.pickup(self.meter) % unit
        return tuple(shift + unit * index for index in range(int((self.bar - shift - 1) // unit) + 2)
                     if shift + unit * index < self.bar)


def in_order(first: Stop) -> list[Stop]:
    """The stops of an option, each behind all that lead to it."""
    done: dict[int, Stop] = {}

    def visit(stop: Stop) -> None:
        for road in stop.roads:
            if id(road.onward) not in done:
                visit(road.onward)
        done[id(stop)] = stop

    visit(first)
    return list(reversed(done.values()))


def originals(first: Stop) -> dict[tuple[str, int], tuple[Cell | None, ...]]:
    """For each shared name and duration the cells of what is repeated."""
    found: dict[tuple[str, int], dict[Cell | None, None]] = {}
    for stop in in_order(first):
        for road in stop.roads:
            if road.place.name and not road.repeats and not road.place.varied:
                found.setdefault((road.place.name, road.ticks), {})[road.cell] = None
    return {name: tuple(cells) for name, cells in found.items()}


def _mark(production: Production, place: Place) -> Mark:
    """Where a production writes an item."""
    said = dict(place.settings)
    fits = [item for item in production.body.items if item.symbol == place.symbol]
    exact = [item for item in fits if all(said.get(name) == value for name, value in item.settings)]
    return next((production.mark_of(item) for item in (*exact, *fits)), production.mark)


def _plain(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else ", ".join(sorted(value))


@dataclass
class _Asked:
    """A root while starts are collected."""

    symbol: str
    arguments: tuple[str, ...]
    attributes: Attributes
    mode: str
    meter: Meter
    durations: tuple[Fraction, ...]
    starts: dict[Fraction, None] = field(default_factory=dict)
    marks: dict[Mark, None] = field(default_factory=dict)

    def root(self) -> Root:
        """The root."""
        return Root(self.symbol, self.arguments, self.attributes, self.mode, self.meter,
                    tuple(sorted(self.starts)), self.durations, tuple(self.marks))
