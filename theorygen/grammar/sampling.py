"""Ways to walk a packed forest: draw a derivation, rebuild it from its decisions, enumerate all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from theorygen.grammar.derivation import Derivation
from theorygen.grammar.packed_forest import Cell, Place, Road, Stop
from theorygen.grammar.production import Labels
from theorygen.grammar.symbols import from_ticks, set_attributes
from theorygen.source.chance import Chance

Pick = Callable[[Sequence[float]], int]
"""Chooses an index, given the running sums of the weights."""


def random_pick(chance: Chance) -> Pick:
    """Chooses in proportion to the weights."""

    def pick(sums: Sequence[float]) -> int:
        return min(bisect_right(sums, chance.uniform() * sums[-1]), len(sums) - 1)

    return pick


def uniform_pick(chance: Chance) -> Pick:
    """Chooses in proportion to exact integer counts."""

    def pick(sums: Sequence[float]) -> int:
        return bisect_right(sums, chance.below(int(sums[-1])))

    return pick


def recorded_pick(decisions: Sequence[int]) -> Pick:
    """Repeats recorded choices.

    Raises:
        ValueError: (when picking) the decisions belong to another grammar or goal.
    """
    following = iter(decisions)

    def pick(sums: Sequence[float]) -> int:
        choice = next(following, -1)
        if not 0 <= choice < len(sums):
            raise ValueError("these decisions do not belong to this goal")
        return choice

    return pick


@dataclass(slots=True)
class Walker:
    """Builds one derivation by asking ``pick`` at every choice.

    Attributes:
        pick: chooses.
        by_count: whether choices are weighed by the number of derivations instead of their weight.
    """

    pick: Pick
    by_count: bool = False

    def walk(self, cell: Cell, attributes: Mapping[str, str], start: int, place: Place, labels: Labels) -> Derivation:
        """A derivation of ``cell`` from ``start`` ticks on, chosen from the root down and built from the leaves up."""
        root = _Frame(cell, attributes, start, place, labels)
        frames: list[_Frame] = []
        waiting = [root]
        while waiting:
            frames.append(waiting.pop())
            self._choose(frames[-1])
            waiting += reversed(frames[-1].frames())
        for frame in reversed(frames):
            frame.build()
        return root.built()

    def _choose(self, frame: _Frame) -> None:
        if frame.cell.parameters:
            frame.attributes = {**frame.attributes, **frame.cell.parameters}
        frame.option = frame.cell.options[self._option(frame.cell, frame.choice)]
        offset = frame.start
        for road in self._roads(frame.option.first, frame.choice):
            frame.children.append(frame.below(road, offset))
            offset += road.ticks

    def _roads(self, stop: Stop, choice: list[int]) -> list[Road]:
        roads = []
        while stop.roads:
            roads.append(stop.roads[self._road(stop, choice)])
            stop = roads[-1].onward
        return roads

    def _option(self, cell: Cell, choice: list[int]) -> int:
        if len(cell.options) == 1:
            return 0
        sums = list(accumulate(one.first.count for one in cell.options)) if self.by_count else cell.sums
        choice.append(self.pick(sums))
        return choice[-1]

    def _road(self, stop: Stop, choice: list[int]) -> int:
        if len(stop.roads) == 1:
            return 0
        sums = list(accumulate(road.count for road in stop.roads)) if self.by_count else stop.sums
        choice.append(self.pick(sums))
        return choice[-1]


def inherited(place: Place, attributes: Mapping[str, str], labels: Labels) -> tuple[Mapping[str, str], Labels]:
    """The attributes and labels of an item, those around it given."""
    inner = set_attributes(attributes, place.settings) if place.settings else attributes
    lower = {**labels, **place.labels} if place.labels else labels
    return inner, lower


def terminal(place: Place, attributes: Mapping[str, str], labels: Labels, start: int, ticks: int) -> Derivation:
    """The node of a terminal with its own attributes and labels, in ticks."""
    return Derivation(
        place.symbol, attributes, None, (), from_ticks(start), from_ticks(ticks),
        place.arguments, 1.0, place.alternatives, labels, place.name, place.varied,
    )  # fmt: skip


@dataclass(eq=False, slots=True)
class _Frame:
    """A node on its way: chosen, but its children are not built yet. A frame without a cell is a terminal."""

    cell: Any
    attributes: Mapping[str, str]
    start: int
    place: Place
    labels: Labels
    ticks: int = 0
    repeats: bool = False
    option: Any = None
    children: list[_Frame] = field(default_factory=list)
    choice: list[int] = field(default_factory=list)
    node: Derivation | None = None

    def below(self, road: Road, offset: int) -> _Frame:
        """The frame of a child."""
        inner, lower = inherited(road.place, self.attributes, self.labels)
        return _Frame(road.cell, inner, offset, road.place, lower, road.ticks, road.repeats)

    def frames(self) -> list[_Frame]:
        """Children that are chosen themselves."""
        return [child for child in self.children if child.cell is not None]

    def built(self) -> Derivation:
        """The finished node; a terminal is built when it is asked for."""
        if self.node is None:
            self.node = terminal(self.place, self.attributes, self.labels, self.start, self.ticks)
        return self.node

    def build(self) -> None:
        """Make the node; the children that have cells must have theirs."""
        cell, place = self.cell, self.place
        weight = self.option.weight
        for child in self.children:
            weight *= child.cell.total if child.cell is not None else 1.0
        whole = cell.total_of(self.option.production)
        self.node = Derivation(
            cell.symbol, self.attributes, self.option.step, self._nodes(), from_ticks(self.start),
            from_ticks(cell.ticks), cell.arguments, weight / cell.total if cell.total else 0.0, (), self.labels,
            place.name, place.varied, False, tuple(self.choice), weight / whole if whole else 0.0,
        )  # fmt: skip

    def _nodes(self) -> tuple[Derivation, ...]:
        originals: dict[str, _Frame] = {}
        nodes = []
        for child in self.children:
            if child.repeats:
                nodes.append(child.repetition(originals[child.place.name]))
            else:
                nodes.append(child.built())
                if child.place.name and not child.place.varied:
                    originals[child.place.name] = child
        return tuple(nodes)

    def repetition(self, original: _Frame) -> Derivation:
        """The original's derivation in this place, with this place's labels."""
        if original.cell is None:
            return replace(self.built(), repeated=True)
        again = Walker(recorded_pick(original.built().decisions()))
        node = again.walk(original.cell, self.attributes, self.start, self.place, self.labels)
        return replace(node, repeated=True)


def every(cell: Cell, attributes: Mapping[str, str], start: int, place: Place, labels: Labels) -> Iterator[Derivation]:
    """All derivations of a cell, in the order of the grammar. For tests and small grammars."""
    for decisions in every_decision(cell):
        yield Walker(recorded_pick(decisions)).walk(cell, attributes, start, place, labels)


def every_decision(cell: Cell) -> Iterator[tuple[int, ...]]:
    """The decisions of all derivations of a cell."""
    for index, option in enumerate(cell.options):
        head = (index,) if len(cell.options) > 1 else ()
        for own, below in _ways(option.first):
            yield head + own + below


def _ways(stop: Stop) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """For all ways to the end: the choices of durations, and the decisions of the children."""
    if not stop.roads:
        yield (), ()
    for index, road in enumerate(stop.roads):
        head = (index,) if len(stop.roads) > 1 else ()
        children = list(every_decision(road.cell)) if road.cell else [()]
        for own, below in _ways(road.onward):
            for child in children:
                yield head + own, child + below
