"""The leaves of a form as its chart has them: what each inherits, and where in the bar its phrase may begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from theorygen.compose.joint import GIVEN
from theorygen.grammar.grammar import Production
from theorygen.grammar.labels import LENGTH
from theorygen.grammar.lengths import MOST_CHORDS, Lengths
from theorygen.grammar.packed_forest import Cell, Option, Place, Road
from theorygen.grammar.sampling import inherited
from theorygen.grammar.symbols import Goal
from theorygen.source.marks import Mark
from theorygen.theory import Meter
from theorygen.verify.forest import in_order, originals

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
class FormLeaf:
    """A leaf of the form.

    Attributes:
        place: its symbol and arguments.
        attributes: what it inherits, its own settings with it.
        said: the length that a label asks of it, or "".
        starts: offsets in the bar where it may begin in composed pieces, quarter lengths.
        mark: where it is written.
    """

    place: Place
    attributes: Mapping[str, str]
    said: str
    starts: frozenset[Fraction]
    mark: Mark

    @property
    def is_given(self) -> bool:
        """Whether it stands where notes are given."""
        return GIVEN.items() <= self.attributes.items()


@dataclass(frozen=True)
class _Step:
    """A road of an option: what it derives, the length asked of phrases below it, where it begins and ends."""

    road: Road
    cells: tuple[Cell | None, ...]
    said: str
    begins: frozenset[Fraction]
    ends: frozenset[Fraction]


class LeafReader:
    """Reads the leaves of a form from its chart.

    Args:
        lengths: of the style, under the setting of the chart.
        meter: the meter.
    """

    def __init__(self, lengths: Lengths, meter: Meter) -> None:
        self.lengths = lengths
        self.meter = meter
        self.bar = meter.bar_length
        self.phrase = lengths.phrase(meter)
        self._spans: dict[tuple[Cell, str], frozenset[Fraction]] = {}

    def leaves(self, root: Cell, goal: Goal) -> Iterator[FormLeaf]:
        """Every leaf below a cell, with every offset in the bar where it can begin in a composed piece."""
        first = _Call(root, tuple(sorted(goal.environment.items())), "")
        starts = {first: frozenset({-self.lengths.pickup(self.meter) % self.bar})}
        waiting = [first]
        is_given = GIVEN.items() <= goal.environment.items()
        while waiting:
            call = waiting.pop()
            for option in call.cell.options:
                for what, where in self.items(call, option, starts[call], is_given):
                    if isinstance(what, FormLeaf):
                        yield what
                    elif not where <= starts.get(what, frozenset()):
                        starts[what] = starts.get(what, frozenset()) | where
                        waiting.append(what)

    def items(self, call: _Call, option: Option, starts: frozenset[Fraction],
              is_given: bool) -> Iterator[tuple[_Call | FormLeaf, frozenset[Fraction]]]:
        """The items of an option, and where in the bar each may begin; repeated ones only where notes are given."""
        around = {**dict(call.attributes), **call.cell.parameters}
        for step in self.steps(option, starts, call.said):
            inner, _ = inherited(step.road.place, around, {})
            for cell in step.cells if is_given or not step.road.repeats else ():
                if cell is not None:
                    yield _Call(cell, tuple(sorted(inner.items())), step.said), step.begins
                else:
                    mark = _mark(option.production, step.road.place)
                    yield FormLeaf(step.road.place, inner, step.said, step.begins, mark), step.begins

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

    def durations(self, leaf: FormLeaf) -> tuple[Fraction, ...]:
        """How long a leaf may last, quarter lengths.

        Under given notes any number of plain chords, up to where phrases are divided; else what the style says.
        """
        if leaf.said or not leaf.is_given:
            return (self.duration(leaf.said),)
        unit = self.lengths.unit(self.meter)
        return tuple(unit * count for count in range(1, int(min(2 * self.phrase // unit, MOST_CHORDS)) + 1))

    def starts(self, leaf: FormLeaf) -> tuple[Fraction, ...]:
        """Where in the bar a leaf may begin; under given notes with any plain chord."""
        if not leaf.is_given:
            return tuple(sorted(leaf.starts))
        unit = self.lengths.unit(self.meter)
        first = -self.lengths.pickup(self.meter) % unit
        return tuple(first + unit * index for index in range(ceil((self.bar - first) / unit)))


def _mark(production: Production, place: Place) -> Mark:
    """Where a production writes an item."""
    said = dict(place.settings)
    fits = [item for item in production.body.items if item.symbol == place.symbol]
    exact = [item for item in fits if all(said.get(name) == value for name, value in item.settings)]
    return next((production.mark_of(item) for item in (*exact, *fits)), production.mark)


def _plain(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else ", ".join(sorted(value))
