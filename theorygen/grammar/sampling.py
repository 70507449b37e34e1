"""The packed forest of a chart, and the ways to walk it: draw, rebuild from decisions, enumerate.

A :class:`Cell` is one symbol over one duration in one context. Its options are the sequences that can replace
it; each is a chain of :class:`Stop`, one before every item, whose roads say how long the next item lasts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate
from math import log2

from theorygen.grammar.derivation import Derivation, Step
from theorygen.grammar.grammar import Production
from theorygen.grammar.production import Labels
from theorygen.grammar.symbols import from_ticks, set_attributes
from theorygen.source.chance import Chance

Pick = Callable[[Sequence[float]], int]
"""Chooses an index, given the running sums of the weights."""


@dataclass(eq=False, slots=True)
class Cell:
    """All derivations of one symbol over one duration in one context.

    Attributes:
        symbol: name.
        arguments: values of the head's arguments.
        context: the inherited values its derivations depend on.
        ticks: duration.
        phase: start within the bar in ticks; 0 where nothing depends on it.
        parameters: names and values its head binds.
        options: ways to rewrite it; those of weight 0 are dropped.
        total: summed weight of its derivations.
        count: how many derivations.
        sums: running sums of the options' weights.
    """

    symbol: str
    arguments: tuple[str, ...]
    context: tuple[str | int | None, ...]
    ticks: int
    phase: int
    climb: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    total: float = 0.0
    count: int = 0
    sums: list[float] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Option:
    """One sequence that can replace a cell's symbol.

    Attributes:
        production: where it comes from.
        step: the same for derivations.
        weight: share among the options the context allows.
        first: the stop before the first item.
    """

    production: Production
    step: Step
    weight: float
    first: Stop


@dataclass(eq=False, slots=True)
class Place:
    """An item of a sequence with its arguments filled in.

    Attributes:
        symbol: name or chord.
        arguments: positional arguments.
        settings: attributes set for the subtree.
        alternatives: chords of a terminal; empty for a nonterminal.
        labels: constraints.
        name: let name or "".
        varied: whether it is a variation.
    """

    symbol: str
    arguments: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    alternatives: tuple[tuple[str, Fraction], ...]
    labels: Labels
    name: str = ""
    varied: bool = False


@dataclass(eq=False, slots=True)
class Road:
    """One duration for the next item.

    Attributes:
        place: the item.
        ticks: its duration.
        cell: its derivations; None for a terminal and for a repetition.
        repeats: whether it repeats the earlier item of its let name.
        onward: the stop behind it.
    """

    place: Place
    ticks: int
    cell: Cell | None
    repeats: bool
    onward: Stop


@dataclass(eq=False, slots=True)
class Stop:
    """A place between two items: the durations the next item may have.

    Attributes:
        roads: those durations; none at the end of the sequence.
        total: summed weight of all ways to the end.
        count: how many ways.
        sums: running sums of the roads' weights.
    """

    roads: list[Road] = field(default_factory=list)
    total: float = 0.0
    count: int = 0
    sums: list[float] = field(default_factory=list)
    weighed: bool = False


def end_stop() -> Stop:
    """The end of every sequence: one way to go on, doing nothing."""
    return Stop([], 1.0, 1, [], True)


def weigh(cell: Cell) -> None:
    """Fill totals and counts of a cell whose children have theirs; drops what cannot be derived."""
    for option in cell.options:
        _weigh_stop(option.first)
    cell.options = [option for option in cell.options if option.first.count]
    cell.sums = list(accumulate(option.weight * option.first.total for option in cell.options))
    cell.total = cell.sums[-1] if cell.sums else 0.0
    cell.count = sum(option.first.count for option in cell.options)


def _weigh_stop(stop: Stop) -> None:
    if stop.weighed:
        return
    for road in stop.roads:
        _weigh_stop(road.onward)
    stop.roads = [road for road in stop.roads if road.onward.count and (road.cell is None or road.cell.count)]
    stop.sums = list(accumulate(_road_weight(road) for road in stop.roads))
    stop.total = stop.sums[-1] if stop.sums else 0.0
    stop.count = sum((road.cell.count if road.cell else 1) * road.onward.count for road in stop.roads)
    stop.weighed = True


def _road_weight(road: Road) -> float:
    return (road.cell.total if road.cell else 1.0) * road.onward.total


def entropy(cell: Cell, known: dict[int, float]) -> float:
    """Bits of choice in a cell's derivations; ``known`` keeps what was computed."""
    if id(cell) not in known:
        weights = [option.weight * option.first.total for option in cell.options]
        below = [_stop_entropy(option.first, known) for option in cell.options]
        known[id(cell)] = _mixture(weights, below)
    return known[id(cell)]


def _stop_entropy(stop: Stop, known: dict[int, float]) -> float:
    if id(stop) not in known:
        below = [
            _stop_entropy(road.onward, known) + (entropy(road.cell, known) if road.cell else 0.0) for road in stop.roads
        ]
        known[id(stop)] = _mixture([_road_weight(road) for road in stop.roads], below)
    return known[id(stop)]


def _mixture(weights: list[float], below: list[float]) -> float:
    """Bits of a choice by weight, and of what follows it."""
    whole = sum(weights)
    shares = [(weight / whole, bits) for weight, bits in zip(weights, below, strict=True) if weight > 0]
    return sum(share * (bits - log2(share)) for share, bits in shares)


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
        """A derivation of ``cell`` that starts at ``start`` ticks."""
        attributes = {**attributes, **cell.parameters} if cell.parameters else attributes
        choice: list[int] = []
        option = cell.options[self._option(cell, choice)]
        roads = self._roads(option.first, choice)
        children = self._children(roads, attributes, start, labels)
        weight = option.weight
        for road in roads:
            weight *= road.cell.total if road.cell else 1.0
        return Derivation(
            cell.symbol,
            attributes,
            option.step,
            children,
            from_ticks(start),
            from_ticks(cell.ticks),
            cell.arguments,
            weight / cell.total if cell.total else 0.0,
            (),
            labels,
            place.name,
            place.varied,
            False,
            tuple(choice),
        )

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
        sums = list(accumulate(_road_count(road) for road in stop.roads)) if self.by_count else stop.sums
        choice.append(self.pick(sums))
        return choice[-1]

    def _children(
        self, roads: list[Road], attributes: Mapping[str, str], offset: int, labels: Labels
    ) -> tuple[Derivation, ...]:
        children: list[Derivation] = []
        originals: dict[str, tuple[Road, Derivation]] = {}
        for road in roads:
            name = road.place.name
            original = originals.get(name) if road.repeats else None
            if original is None:
                child = self._child(road, road.cell, attributes, offset, labels)
            else:
                again = Walker(recorded_pick(original[1].decisions()))
                child = again._child(road, original[0].cell, attributes, offset, labels)
                child = replace(child, repeated=True)
            if name and not road.place.varied:
                originals.setdefault(name, (road, child))
            children.append(child)
            offset += road.ticks
        return tuple(children)

    def _child(
        self, road: Road, cell: Cell | None, attributes: Mapping[str, str], offset: int, labels: Labels
    ) -> Derivation:
        place = road.place
        inner = set_attributes(attributes, place.settings) if place.settings else attributes
        lower = {**labels, **place.labels} if place.labels else labels
        if cell is not None:
            return self.walk(cell, inner, offset, place, lower)
        return Derivation(
            place.symbol,
            inner,
            None,
            (),
            from_ticks(offset),
            from_ticks(road.ticks),
            place.arguments,
            1.0,
            place.alternatives,
            lower,
            place.name,
            place.varied,
        )


def _road_count(road: Road) -> int:
    return (road.cell.count if road.cell else 1) * road.onward.count


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
