"""Which leaves of a grammar can stand side by side: read off the packed forest, where all derivations are shared.

Every two successive items of a sequence meet in a junction: whatever the one may end with stands before whatever the
other may begin with. Items of a sequence are derived independently of each other, but for those that a ``let`` repeats;
so junctions are exact, and their number does not grow with the number of derivations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Production
from theorygen.grammar.packed_forest import Cell, Option, Road, Stop
from theorygen.grammar.sampling import inherited
from theorygen.grammar.symbols import Goal, whole_ticks
from theorygen.source.marks import Mark

Settings = frozenset[tuple[str, Any]]
"""Names and values, in no order."""


class Written(NamedTuple):
    """A leaf where it stands in a phrase, with the production that wrote it.

    Attributes:
        symbol: as written, open alternatives in braces.
        arguments: of a leaf of the form.
        chords: the chords it may be; empty for a leaf of the form.
        production: the production it is an item of.
        start: where in its bar it begins, in ticks.
        attributes: those of the names looked at.
        labels: its labels.
        first: whether it begins its phrase.
        last: whether it ends its phrase.
    """

    symbol: str
    arguments: tuple[str, ...]
    chords: tuple[str, ...]
    production: Production
    start: int
    attributes: Settings
    labels: Settings
    first: bool
    last: bool

    @property
    def mark(self) -> Mark:
        """Where it is written."""
        items = self.production.body.items
        fitting = [item for item in items if item.symbol == self.symbol and dict(item.labels).items() <= self.labels]
        item = next(iter(fitting), None)
        return self.production.mark if item is None else self.production.mark_of(item)


class Node(NamedTuple):
    """A cell where it stands: everything its leaves inherit."""

    cell: Cell
    start: int
    attributes: Settings
    labels: Settings
    first: bool
    last: bool


Leaves = tuple[Written, ...]
"""Different leaves, in the order in which they were found; the same leaves are one object."""


class Ends(NamedTuple):
    """What a node may begin and end with.

    Attributes:
        first: leaves it may begin with.
        last: leaves it may end with.
    """

    first: Leaves
    last: Leaves


class Whole(NamedTuple):
    """How one derivation begins and ends, and whether it is one leaf alone."""

    first: Written
    last: Written
    is_alone: bool


class Meeting(NamedTuple):
    """Leaves, each of which may stand before each of the others.

    Attributes:
        before: the leaves before.
        after: the leaves after.
        is_again: whether the leaf after repeats the one before, so that whatever the one becomes the other is too.
    """

    before: Leaves
    after: Leaves
    is_again: bool = False


@dataclass(frozen=True)
class _Item:
    """One item of a sequence: its node or, for a terminal, its leaf; and the let name it repeats or is repeated by."""

    node: Node | None
    leaf: Written | None
    name: str


class Junctions:
    """The junctions of one chart; what was found is kept.

    Args:
        chart: grammar, parameters, unit and meter.
        names: attributes by which leaves are told apart.
    """

    def __init__(self, chart: Chart, names: Iterable[str]) -> None:
        self.chart = chart
        self.names = frozenset(names)
        self._ends: dict[Node, Ends] = {}
        self._below: dict[Node, tuple[tuple[Node, ...], tuple[Meeting, ...]]] = {}
        self._wholes: dict[Node, tuple[Whole, ...]] = {}
        self._sets: dict[frozenset[Written], Leaves] = {}
        self._seen: dict[Hashable, set[Node]] = {}

    def root(self, goal: Goal) -> Node | None:
        """The node of a goal, or None where nothing lasts so long.

        Raises:
            InputError: the goal names no symbol of the grammar, or the grammar derives without end.
        """
        growth, ticks, start = self.chart.growth, whole_ticks(goal.duration), whole_ticks(goal.start)
        context = growth.context(goal.symbol, goal.environment)
        cell = growth.weighed(goal.symbol, self.chart.arguments(goal), context, ticks, start)
        if not cell.count:
            return None
        return Node(cell, start % growth.bar, self._kept(goal.environment), frozenset(), True, True)

    def ends(self, node: Node) -> Ends:
        """What a node may begin and end with."""
        if node not in self._ends:
            self._explore(node)
        return self._ends[node]

    def wholes(self, node: Node) -> tuple[Whole, ...]:
        """What a node may begin and end with in one derivation."""
        if node not in self._wholes:
            self._wholes[node] = tuple(dict.fromkeys(
                one for option in node.cell.options for one in _Walk(self, node, option).wholes(option.first, 0, {})))
        return self._wholes[node]

    def meetings(self, root: Node, scope: Hashable = None) -> Iterator[Meeting]:
        """What stands side by side below a node; within a scope, what touches no end of a phrase is told once.

        So the meetings of all roots of a scope are what all of them yield together.
        """
        waiting, seen = [root], {root}
        inside = self._seen.setdefault(scope, set())
        while waiting:
            node = waiting.pop()
            self.ends(node)
            below, meetings = self._below[node]
            yield from meetings
            for child in below:
                known = seen if child.first or child.last else inside
                if child not in known:
                    known.add(child)
                    waiting.append(child)

    def again(self, node: Node, repetition: Node) -> Iterator[Meeting]:
        """What a node ends with beside what its repetition, later in time, begins with."""
        for whole in self.wholes(repetition):
            shifted = self.one(one for one in self.ends(node).last if _same(one, whole.last))
            yield Meeting(shifted, self.one([whole.first]), whole.is_alone)

    # one node

    def _explore(self, node: Node) -> None:
        walks = [_Walk(self, node, option) for option in node.cell.options]
        ends = [walk.ends(option.first, 0, {}) for walk, option in zip(walks, node.cell.options, strict=True)]
        self._ends[node] = self._joined(ends)
        self._below[node] = (tuple(dict.fromkeys(child for walk in walks for child in walk.below)),
                             tuple(dict.fromkeys(one for walk in walks for one in walk.meetings)))

    def _joined(self, ends: Sequence[Ends]) -> Ends:
        return Ends(self.one(leaf for one in ends for leaf in one.first),
                    self.one(leaf for one in ends for leaf in one.last))

    def _kept(self, attributes: Any) -> Settings:
        return frozenset((name, value) for name, value in attributes.items() if name in self.names)

    def one(self, leaves: Iterable[Written]) -> Leaves:
        """A set of leaves; equal ones are one object."""
        found = tuple(dict.fromkeys(leaves))
        return self._sets.setdefault(frozenset(found), found)


Named = dict[str, Cell | None]
"""Cells of the let names passed in a sequence; None for a leaf."""


class _Walk:
    """Follows all ways along one sequence of one node."""

    def __init__(self, junctions: Junctions, node: Node, option: Option) -> None:
        self.whole = junctions
        self.node = node
        self.production = option.production
        self.attributes = {**dict(node.attributes), **node.cell.parameters}
        self.below: list[Node] = []
        self.meetings: list[Meeting] = []
        self._known: dict[Any, Ends] = {}

    def ends(self, stop: Stop, offset: int, named: Named) -> Ends:
        """What the rest of the sequence may begin and end with; notes the meetings on the way.

        Args:
            stop: before the rest.
            offset: ticks from the start of the node.
            named: cells of the let names passed, None for those of leaves.
        """
        key = (id(stop), offset, tuple(named.items()))
        if key not in self._known:
            self._known[key] = self.whole._joined([self._road(road, offset, named) for road in stop.roads])
        return self._known[key]

    def wholes(self, stop: Stop, offset: int, named: Named) -> Iterator[Whole]:
        """What the rest of the sequence may begin and end with in one derivation."""
        for road in stop.roads:
            item = self._item(road, offset, named)
            if not road.onward.roads:
                yield from self._item_wholes(item)
                continue
            onward = self.ends(road.onward, offset + road.ticks, _passed(road, named))
            for first in self._item_ends(item).first:
                yield from (Whole(first, last, False) for last in onward.last)

    def _road(self, road: Road, offset: int, named: Named) -> Ends:
        item = self._item(road, offset, named)
        here = self._item_ends(item)
        if not road.onward.roads:
            return here
        after, beyond = offset + road.ticks, _passed(road, named)
        for following in road.onward.roads:
            self._meet(item, self._item(following, after, beyond))
        return Ends(here.first, self.ends(road.onward, after, beyond).last)

    def _meet(self, item: _Item, following: _Item) -> None:
        """Two items side by side."""
        before, after = self._item_ends(item).last, self._item_ends(following).first
        if not item.name or item.name != following.name or not _alike(item, following):
            self.meetings.append(Meeting(before, after))
            return
        for whole in self._item_wholes(following):  # one derivation twice: its end before its own beginning
            shifted = self.whole.one(one for one in before if _same(one, whole.last))
            self.meetings.append(Meeting(shifted, self.whole.one([whole.first]), whole.is_alone))

    def _item(self, road: Road, offset: int, named: Named) -> _Item:
        node, place = self.node, road.place
        start = (node.start + offset) % self.whole.chart.growth.bar
        inner, lower = inherited(place, self.attributes, dict(node.labels))
        attributes, labels = self.whole._kept(inner), frozenset(lower.items())
        first, last = node.first and not offset, node.last and not road.onward.roads
        cell = named.get(place.name) if road.repeats else road.cell
        name = "" if place.varied else place.name
        if cell is None:
            texts = tuple(dict.fromkeys(text for text, _ in place.alternatives)) or (place.symbol,)
            return _Item(None, Written(place.symbol, place.arguments, texts, self.production, start, attributes, labels,
                                       first, last), name)
        self.below.append(Node(cell, start, attributes, labels, first, last))
        return _Item(self.below[-1], None, name)

    def _item_ends(self, item: _Item) -> Ends:
        if item.node is not None:
            return self.whole.ends(item.node)
        assert item.leaf is not None
        alone = self.whole.one([item.leaf])
        return Ends(alone, alone)

    def _item_wholes(self, item: _Item) -> Iterable[Whole]:
        if item.node is not None:
            return self.whole.wholes(item.node)
        assert item.leaf is not None
        return (Whole(item.leaf, item.leaf, True),)


def _passed(road: Road, named: Named) -> Named:
    if road.place.name and not road.repeats and not road.place.varied:
        return {**named, road.place.name: road.cell}
    return named


def _alike(item: _Item, following: _Item) -> bool:
    """Whether an item and its repetition inherit the same."""
    one, other = item.node or item.leaf, following.node or following.leaf
    assert one is not None and other is not None
    return one.attributes == other.attributes and one.labels == other.labels


def _same(one: Written, other: Written) -> bool:
    """Whether two leaves are one, at different times."""
    return (one.symbol, one.production, one.attributes, one.labels) == (
        other.symbol, other.production, other.attributes, other.labels)
