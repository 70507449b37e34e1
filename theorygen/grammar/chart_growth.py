"""Grows the packed forest of a chart: cells over symbol, context and duration, each made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import Any, NamedTuple

from theorygen.grammar.chart_layout import Entry, Layout
from theorygen.grammar.chart_layout import Sequence as ItemSequence
from theorygen.grammar.chart_weights import Weights
from theorygen.grammar.clock import Clock
from theorygen.grammar.derivation import Step
from theorygen.grammar.grammar import Grammar, Production, Rule
from theorygen.grammar.grammar_facts import context_names, deepest_told_apart, grid, phase_dependent
from theorygen.grammar.packed_forest import Cell, Option, Place, Road, Stop, end_stop, endless, in_order, weigh
from theorygen.grammar.symbols import set_attributes, whole_ticks

_MOST_CELLS = 400_000
_HIGHEST_CLIMB = 100

Values = Mapping[str, Any]
Context = tuple[Any, ...]
Bound = tuple[tuple[str, int], ...]
"""Durations of the let names passed so far."""


class Rewriting(NamedTuple):
    """A production that a context allows.

    Attributes:
        rule: its rule.
        production: itself.
        weight: value of its weight.
        share: that weight among those of all productions allowed.
        values: what its items inherit or may refer to.
    """

    rule: Rule
    production: Production
    weight: float
    share: float
    values: dict[str, Any]


class Growth:
    """The cells of a chart; what was grown is kept.

    Args:
        grammar: the grammar.
        parameters: values of the style's parameters.
        unit: ticks of a terminal without a duration.
        clock: the meter.
    """

    def __init__(self, grammar: Grammar, parameters: Values, unit: int, clock: Clock) -> None:
        self.grammar = grammar
        self.grid = grid(grammar, unit)
        self.layout = Layout(grammar, parameters, unit)
        self.end = end_stop()
        self._weights = Weights(grammar, parameters, clock, unit)
        self._deepest = deepest_told_apart(grammar)
        self._names = context_names(grammar)
        self._in_phase = phase_dependent(grammar)
        self.bar = whole_ticks(clock.bar)
        self._cells: dict[tuple[Any, ...], Cell] = {}
        self._waiting: list[Cell] = []

    def weighed(self, symbol: str, arguments: tuple[str, ...], context: Context, ticks: int, start: int) -> Cell:
        """A cell with everything below it, weighed."""
        cell = self.cell(symbol, arguments, context, ticks, start, 0)
        if self._waiting:
            self._grow()
        return cell

    def context(self, symbol: str, values: Values) -> Context:
        """What the derivations of a symbol depend on among the values it inherits."""
        return tuple([values.get(name) for name in self._names[symbol]])

    def phase(self, symbol: str, start: int) -> int:
        """Where in the bar a symbol starts, in ticks; 0 where nothing depends on it."""
        return start % self.bar if symbol in self._in_phase else 0

    def cell(
        self, symbol: str, arguments: tuple[str, ...], context: Context, ticks: int, start: int, climb: int
    ) -> Cell:
        """The cell of a symbol; a new one waits to be grown."""
        phase = self.phase(symbol, start)
        key = (symbol, arguments, context, ticks, phase)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = Cell(symbol, arguments, context, ticks, phase, climb)
            self._waiting.append(cell)
        return cell

    def _grow(self) -> None:
        """Expand all cells that wait, then weigh them, short ones first."""
        known = len(self._cells) - len(self._waiting)
        fresh: list[Cell] = []
        try:
            while self._waiting:
                fresh.append(self._waiting.pop())
                self._check_growth(fresh[-1])
                self._expand(fresh[-1])
            for cell in in_order(fresh):
                weigh(cell)
        except BaseException:
            self._waiting.clear()
            self._cells = dict(list(self._cells.items())[:known])
            raise

    def _check_growth(self, cell: Cell) -> None:
        if cell.climb > _HIGHEST_CLIMB or len(self._cells) > _MOST_CELLS:
            raise endless([cell.symbol], self.grammar.rules[cell.symbol][0])

    def _expand(self, cell: Cell) -> None:
        for rewriting in self.rewritings(cell):
            self._rewrite(cell, rewriting)

    def rewritings(self, cell: Cell) -> Iterator[Rewriting]:
        """The productions that the context of a cell allows; fills in the values its head binds."""
        values = dict(zip(self._names[cell.symbol], cell.context, strict=True))
        rule = self.rule(cell.symbol, cell.arguments, values)
        if rule is None:
            return
        bound = rule.head.bind(cell.arguments)
        cell.parameters = set_attributes({}, bound.items()) if bound else {}
        values |= cell.parameters
        weighed = self._weights.positive(rule, cell, values)
        whole = sum(weight for _, weight in weighed)
        depth = f"#{cell.symbol}"
        values[depth] = min(int(values.get(depth) or 0) + 1, self._deepest)
        for production, weight in weighed:
            yield Rewriting(rule, production, weight, weight / whole, values)

    def rule(self, symbol: str, arguments: tuple[str, ...], context: Values) -> Rule | None:
        """The head that is for these arguments in this context."""
        mode = str(context.get("mode") or "")
        return next((rule for rule in self.grammar.rules[symbol] if rule.head.matches(arguments, mode)), None)

    def names(self, symbol: str) -> tuple[str, ...]:
        """The inherited names that the derivations of a symbol depend on."""
        return self._names[symbol]

    def _rewrite(self, cell: Cell, by: Rewriting) -> None:
        for sequence in self.layout.sequences(by.rule, by.production):
            if sequence.may_last(cell.ticks):
                first = _Paver(self, cell, by.rule, sequence, by.values).stop(0, cell.ticks, ())
                if first is not None:
                    step = Step(by.production.text, by.production.name, by.weight, by.share, by.production.source)
                    cell.options.append(Option(by.production, step, by.share * sequence.share, first))

    def placed(self, rule: Rule, entry: Entry, values: Values) -> tuple[Place, Context]:
        """An item of a sequence with its arguments filled in, and the context of a nonterminal."""
        place = entry.place or self.layout.place(rule, entry.item, entry.is_terminal, values)
        if entry.is_terminal:
            return place, ()
        inner = set_attributes(values, place.settings) if place.settings else values
        return place, self.context(place.symbol, inner)


class _Paver:
    """Lays the stops and roads of one sequence in one cell."""

    def __init__(self, growth: Growth, cell: Cell, rule: Rule, sequence: ItemSequence, values: Values) -> None:
        self.growth = growth
        self.cell = cell
        self.rule = rule
        self.sequence = sequence
        self.values = values
        self.step = gcd(growth.grid, cell.ticks)
        self.stops: dict[tuple[int, int, Bound], Stop | None] = {}
        self.places: dict[int, tuple[Place, Context]] = {}

    def stop(self, index: int, left: int, bound: Bound) -> Stop | None:
        """The stop before item ``index`` with ``left`` ticks to fill, or None when they cannot be filled."""
        if index == len(self.sequence.entries):
            return self.growth.end if left == 0 else None
        key = (index, left, bound)
        if key not in self.stops:
            roads = [road for ticks in self.ticks(index, left, bound) if (road := self.road(index, left, ticks, bound))]
            self.stops[key] = Stop(roads) if roads else None
        return self.stops[key]

    def ticks(self, index: int, left: int, bound: Bound) -> Sequence[int]:
        """Durations item ``index`` may have."""
        entry, rest = self.sequence.entries[index], self.sequence.fixed[index + 1]
        if entry.bound:
            return (dict(bound)[entry.item.name],)
        if entry.ticks is not None:
            return (entry.ticks,)
        if entry.item.length is not None:
            share = self.cell.ticks * entry.item.length.value
            return (int(share),) if share.denominator == 1 else ()
        if rest is not None:
            return (left - rest,)
        least = self.sequence.least[index] - self.sequence.least[index + 1]
        first = -(-least // self.step) * self.step
        return range(first, left - self.sequence.least[index + 1] + 1, self.step)

    def road(self, index: int, left: int, ticks: int, bound: Bound) -> Road | None:
        """The road on which item ``index`` lasts ``ticks``, or None when the rest cannot be filled."""
        if not 0 < ticks <= left - self.sequence.least[index + 1]:
            return None
        entry = self.sequence.entries[index]
        name = entry.item.name
        onward = self.stop(index + 1, left - ticks, (*bound, (name, ticks)) if name and not entry.bound else bound)
        if onward is None:
            return None
        place, context = self.placed(index)
        if entry.is_terminal or entry.repeats:
            return Road(place, ticks, None, entry.repeats, onward)
        climb = self.cell.climb + 1 if ticks == self.cell.ticks else 0
        start = self.cell.phase + self.cell.ticks - left
        child = self.growth.cell(place.symbol, place.arguments, context, ticks, start, climb)
        return Road(place, ticks, child, False, onward)

    def placed(self, index: int) -> tuple[Place, Context]:
        """Item ``index`` with its arguments filled in, and the context of a nonterminal."""
        if index not in self.places:
            self.places[index] = self.growth.placed(self.rule, self.sequence.entries[index], self.values)
        return self.places[index]
