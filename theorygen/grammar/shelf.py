"""What is pending in a derivation, made from a grammar and kept, so that equal things are one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import gcd
from typing import Any

from theorygen.grammar.chart_growth import Context, Growth, Rewriting
from theorygen.grammar.chart_layout import Sequence as ItemSequence
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.grammar_facts import duration_dependent
from theorygen.grammar.packed_forest import Cell, Place
from theorygen.grammar.pending import Around, Bound, Item, LeafKind, Pending, Rest, Rewritten, bounds
from theorygen.grammar.production import Labels
from theorygen.grammar.sampling import every, inherited
from theorygen.grammar.symbols import whole_ticks

MOST_TOLD = 200
"""Derivations of a shared item, when it is remembered which of them is repeated."""


class Shelf:
    """Keeps items, rests, surroundings and pending ones, so that equal ones are one object.

    Args:
        growth: the grammar as a chart grows it.
    """

    def __init__(self, growth: Growth) -> None:
        self.growth = growth
        self._timed = duration_dependent(growth.grammar)
        self._read = tuple(sorted(growth.grammar.attributes.keys() | growth.grammar.declared))
        self._ways: dict[Any, tuple[Rewritten, ...]] = {}
        self._told: dict[Any, tuple[Rewritten, ...] | None] = {}
        self._items: dict[Any, Item] = {}
        self._rests: dict[tuple[Item, Rest | None], Rest] = {}
        self._around: dict[Any, Around] = {}
        self._inside: dict[Any, Around] = {}
        self._pending: dict[Any, Pending] = {}
        self._kinds: dict[Any, LeafKind] = {}
        self._leaf_kinds: dict[tuple[Item, Around], LeafKind] = {}

    def root(self, symbol: str, arguments: tuple[str, ...], values: Mapping[str, str], start: int, end: int) -> Pending:
        """Nothing but one symbol from start to end, in ticks."""
        place, ticks = Place(symbol, arguments, (), (), {}), end - start
        item = self._kept_item(place, self.growth.context(symbol, values), ticks, ticks, "", False, False, 0)
        return self.pending(self._chained(item, None), self.around(values, {}), end, (), 0, None, ())

    def rewritten(self, item: Item, ticks: int | None, start: int) -> tuple[Rewritten, ...]:
        """The ways to rewrite an item; a duration matters only where a sequence divides or reads it."""
        symbol, arguments, context = item.place.symbol, item.place.arguments, item.context or ()
        phase = self.growth.phase(symbol, start)
        told = (ticks or 0) if symbol in self._timed else 0
        key = (symbol, arguments, context, told, phase)
        if key not in self._ways:
            self._ways[key] = tuple(self._rewrite(Cell(symbol, arguments, context, told, phase)))
        return self._ways[key]

    def _rewrite(self, cell: Cell) -> Iterator[Rewritten]:
        for by in self.growth.rewritings(cell):
            for sequence in self.growth.layout.sequences(by.rule, by.production):
                rest = self._rest(sequence, by, cell.ticks)
                if rest is not None:
                    yield Rewritten(by.share * sequence.share, rest, cell.parameters)

    def told(self, item: Item, ticks: int, start: int) -> tuple[Rewritten, ...] | None:
        """The rows of leaves an item may become, one for each derivation, or None where they are too many."""
        symbol, arguments, context = item.place.symbol, item.place.arguments, item.context or ()
        phase = self.growth.phase(symbol, start)
        key = (symbol, arguments, context, ticks, phase)
        if key not in self._told:
            cell = self.growth.weighed(*key)
            self._told[key] = tuple(self._rows(cell)) if cell.count <= MOST_TOLD else None
        return self._told[key]

    def _rows(self, cell: Cell) -> Iterator[Rewritten]:
        for derivation in every(cell, {}, 0, Place("", (), (), (), {}), {}):
            yield Rewritten(derivation.likelihood * cell.total, self._row(derivation.leaves()), cell.parameters)

    def _row(self, leaves: list[Leaf]) -> Rest:
        """Leaves as items of their own; what they inherit within the row is written on them."""
        rest: Rest | None = None
        for leaf in reversed(leaves):
            settings = tuple((name, leaf.attributes[name]) for name in self._read if name in leaf.attributes)
            node, ticks = leaf.derivation, whole_ticks(leaf.duration)
            place = Place(node.symbol, node.arguments, settings, node.alternatives, leaf.constraints)
            item = self._kept_item(place, None, ticks, ticks, "", False, False, 0, leaf.path[1:-1])
            rest = self._chained(item, rest)
        assert rest is not None
        return rest

    def _rest(self, sequence: ItemSequence, by: Rewriting, ticks: int) -> Rest | None:
        """The items of a sequence, or None where they cannot be this long; 0 ticks is any length."""
        if ticks and not sequence.may_last(ticks):
            return None
        items = [self._item(sequence, index, by, ticks) for index in range(len(sequence.entries))]
        rest: Rest | None = None
        for item in reversed(items):
            if item is None:
                return None
            rest = self._chained(item, rest)
        return rest

    def _chained(self, item: Item, onward: Rest | None) -> Rest:
        key = (item, onward)
        if key not in self._rests:
            fixed = onward.fixed if onward else 0
            whole = None if fixed is None or item.ticks is None else fixed + item.ticks
            self._rests[key] = Rest(item, onward, item.least + (onward.least if onward else 0), whole)
        return self._rests[key]

    def _item(self, sequence: ItemSequence, index: int, by: Rewriting, ticks: int) -> Item | None:
        entry = sequence.entries[index]
        own, length = entry.ticks, entry.item.length
        if own is None and length is not None:
            share = ticks * length.value
            if share.denominator != 1 or share == 0:
                return None
            own = int(share)
        name = entry.item.name if not entry.is_terminal and _is_shared(entry.item.name, sequence) else ""
        chosen = own is None and not entry.bound and (name or entry.item.symbol in self._timed)
        step = gcd(self.growth.grid, ticks) if chosen else 0
        least = own or sequence.least[index] - sequence.least[index + 1]
        place, context = self._placed(sequence, index, by)
        figures = own, least, name, bool(name) and entry.bound, entry.repeats, step
        return self._kept_item(place, None if entry.is_terminal else context, *figures)

    def _placed(self, sequence: ItemSequence, index: int, by: Rewriting) -> tuple[Place, Context]:
        """An item with its context; one that repeats another is rewritten in the other's."""
        entry = sequence.entries[index]
        place, context = self.growth.placed(by.rule, entry, by.values)
        if entry.repeats and not entry.is_terminal:
            uses = [one for one in sequence.entries if one.item.name == entry.item.name and not one.item.varied]
            original, context = self.growth.placed(by.rule, uses[0], by.values)
            place = replace(place, arguments=original.arguments)
        return place, context

    def _kept_item(self, place: Place, context: Context | None, *figures: Any) -> Item:
        means = (place.symbol, place.arguments, place.settings, place.alternatives, _frozen(place.labels))
        key = (means, place.name, place.varied, context, figures)
        if key not in self._items:
            self._items[key] = Item(place, context, *figures)
        return self._items[key]

    # surroundings

    def around(self, attributes: Mapping[str, str], labels: Labels) -> Around:
        """Surroundings by what they are."""
        key = self._meant(attributes, labels)
        if key not in self._around:
            self._around[key] = Around(attributes, labels)
        return self._around[key]

    def _meant(self, attributes: Mapping[str, str], labels: Labels) -> tuple[Any, ...]:
        return tuple([attributes.get(name) for name in self._read]), _frozen(labels)

    def leaf_kind(self, item: Item, around: Around) -> LeafKind:
        """What a terminal is, given what it inherits."""
        found = self._leaf_kinds.get((item, around))
        if found is None:
            place, ticks = item.place, item.ticks or 0
            attributes, labels = inherited(place, around.attributes, around.labels)
            key = (place.symbol, place.arguments, place.alternatives, ticks, self._meant(attributes, labels))
            found = self._kinds.setdefault(key, LeafKind(place, attributes, labels, ticks))
            self._leaf_kinds[item, around] = found
        return found

    def inside(self, around: Around, place: Place, parameters: Mapping[str, str]) -> Around:
        """What the children of an item inherit, given what it inherits and the values its head binds."""
        key = (around, place, tuple(parameters.items()))
        if key not in self._inside:
            attributes, labels = inherited(place, around.attributes, around.labels)
            self._inside[key] = self.around({**attributes, **parameters}, labels)
        return self._inside[key]

    def pending(self, rest: Rest, around: Around, end: int | None, bound: Bound, shift: int,
                beyond: Pending | None, path: tuple[str, ...]) -> Pending:  # fmt: skip
        """What is pending, by what it is; the path is that of the first."""
        bound = tuple([one for one in bound if one.name in rest.bound]) if bound else bound
        key = (rest, around, end, bound, shift, beyond)
        found = self._pending.get(key)
        if found is None:
            limit, least, fixed = end or 0, *bounds(rest, bound)
            if end is None:
                assert beyond is not None
                limit, least = beyond.limit, least + beyond.least
                fixed = None if fixed is None or beyond.fixed is None else fixed + beyond.fixed
            found = self._pending[key] = Pending(*key, path, limit, least, fixed)
        return found


def _is_shared(name: str, sequence: ItemSequence) -> bool:
    """Whether a let name is used more than once."""
    return any(entry.bound and entry.item.name == name for entry in sequence.entries)


def _frozen(labels: Labels) -> frozenset[tuple[str, str | frozenset[str]]]:
    return frozenset(labels.items())
