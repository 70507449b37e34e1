"""The packed forest of a chart: all derivations of a symbol over a duration, what they have in common kept once.

A :class:`Cell` is one symbol over one duration in one context. Its options are the sequences that can replace
it; each is a chain of :class:`Stop`, one before every item, whose roads say how long the next item lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import log2

from theorygen.grammar.derivation import Step
from theorygen.grammar.grammar import Production, Rule
from theorygen.grammar.production import Chords, Labels
from theorygen.source.diagnostic import Diagnostic, InputError


@dataclass(eq=False, slots=True)
class Cell:
    """All derivations of one symbol over one duration in one context.

    Attributes:
        symbol: name.
        arguments: values of the head's arguments.
        context: the inherited values its derivations depend on.
        ticks: duration.
        phase: start within the bar in ticks; 0 where nothing depends on it.
        climb: how many cells of the same duration led here.
        parameters: names and values its head binds.
        options: ways to rewrite it; those of weight 0 are dropped.
        total: summed weight of its derivations.
        count: how many derivations.
        sums: running sums of the options' weights.
        entropy: bits of choice among its derivations.
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
    entropy: float = 0.0

    def total_of(self, production: Production) -> float:
        """Summed weight of the derivations that begin with a production, all its optional parts and durations."""
        return sum(one.weight * one.first.total for one in self.options if one.production is production)


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
    alternatives: Chords
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

    @property
    def total(self) -> float:
        """Summed weight of all ways that begin with it."""
        return (self.cell.total if self.cell else 1.0) * self.onward.total

    @property
    def count(self) -> int:
        """How many ways begin with it."""
        return (self.cell.count if self.cell else 1) * self.onward.count


@dataclass(eq=False, slots=True)
class Stop:
    """A place between two items: the durations the next item may have.

    Attributes:
        roads: those durations; none at the end of the sequence.
        total: summed weight of all ways to the end.
        count: how many ways.
        sums: running sums of the roads' weights.
        entropy: bits of choice among the ways.
        weighed: whether the figures above are filled in.
    """

    roads: list[Road] = field(default_factory=list)
    total: float = 0.0
    count: int = 0
    sums: list[float] = field(default_factory=list)
    entropy: float = 0.0
    weighed: bool = False


def end_stop() -> Stop:
    """The end of every sequence: one way to go on, doing nothing."""
    return Stop([], 1.0, 1, [], 0.0, True)


def weigh(cell: Cell) -> None:
    """Fill totals and counts of a cell whose children have theirs; drops what cannot be derived."""
    for option in cell.options:
        if not option.first.weighed:
            _weigh_stop(option.first)
    cell.options = [option for option in cell.options if option.first.count]
    weights = [option.weight * option.first.total for option in cell.options]
    cell.sums = list(accumulate(weights))
    cell.total = cell.sums[-1] if cell.sums else 0.0
    cell.count = sum(option.first.count for option in cell.options)
    cell.entropy = _mixture(weights, [option.first.entropy for option in cell.options])


def _weigh_stop(stop: Stop) -> None:
    for road in stop.roads:
        if not road.onward.weighed:
            _weigh_stop(road.onward)
    stop.roads = [road for road in stop.roads if road.onward.count and (road.cell is None or road.cell.count)]
    weights = [road.total for road in stop.roads]
    stop.sums = list(accumulate(weights))
    stop.total = stop.sums[-1] if stop.sums else 0.0
    stop.count = sum(road.count for road in stop.roads)
    below = [road.onward.entropy + (road.cell.entropy if road.cell else 0.0) for road in stop.roads]
    stop.entropy = _mixture(weights, below)
    stop.weighed = True


def _mixture(weights: list[float], below: list[float]) -> float:
    """Bits of a choice by weight, and of what follows it."""
    whole = sum(weights)
    if len(weights) < 2:
        return below[0] if below else 0.0
    shares = [(weight / whole, bits) for weight, bits in zip(weights, below, strict=True) if weight > 0]
    return sum(share * (bits - log2(share)) for share, bits in shares)


def in_order(cells: list[Cell]) -> Iterator[Cell]:
    """Cells such that those a cell is made of come before it.

    Raises:
        InputError: a cell is made of itself.
    """
    done: dict[int, bool] = {}
    for cell in sorted(cells, key=lambda one: one.ticks):
        trail = [(cell, iter(_same_length(cell)))] if id(cell) not in done else []
        while trail:
            done.setdefault(id(trail[-1][0]), False)
            child = next((one for one in trail[-1][1] if not done.get(id(one), False)), None)
            if child is None:
                finished = trail.pop()[0]
                done[id(finished)] = True
                yield finished
            elif id(child) in done:
                raise endless([one.symbol for one, _ in trail], None)
            else:
                trail.append((child, iter(_same_length(child))))


def _same_length(cell: Cell) -> list[Cell]:
    children = {
        id(road.cell): road.cell
        for option in cell.options
        for road in option.first.roads
        if road.cell is not None and road.cell.ticks == cell.ticks and not road.cell.count
    }
    return list(children.values())


def endless(symbols: list[str], rule: Rule | None) -> InputError:
    """The error for a symbol that is rewritten forever without becoming shorter."""
    chain = " -> ".join([*symbols, symbols[0]])
    return InputError(
        Diagnostic(
            "endless-recursion",
            f"endless recursion: {chain} without becoming shorter",
            rule.mark if rule else None,
            remedy="add another symbol or a guard",
        )
    )
