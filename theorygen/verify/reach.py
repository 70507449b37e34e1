"""Productions that may be of use, whatever the length: a quick bound from above on what a chart can find.

Symbols are followed from the goals down with the attributes they inherit; what depends on the place in the bar, on the
length and on the depth is let pass where any value would let it pass. What is left out here is of no use for certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Production, Rule
from theorygen.grammar.grammar_facts import deepest_told_apart
from theorygen.grammar.symbols import BAR, BEAT, DEPTH, DURATION, STRENGTH, UNIT, Goal, from_ticks, whole_ticks
from theorygen.rules.expression import Expression

_DEEPEST = 8
_MOST_TRIED = 20_000


class Call(NamedTuple):
    """A symbol with its arguments and the inherited values that matter below it."""

    symbol: str
    arguments: tuple[str, ...]
    context: tuple[Any, ...]


@dataclass
class _Expanded:
    """What a call may be rewritten as: productions with the calls of each variant."""

    ways: list[tuple[Production, tuple[Call, ...]]] = field(default_factory=list)


class Reach:
    """What goals of one chart lead to.

    Args:
        chart: grammar, parameters, unit and meter; it is not grown.
        longest: quarter lengths of the longest goal.

    Attributes:
        rules: heads that are reached.
        allowed: productions of these whose guard and weight let them be used somewhere.
    """

    def __init__(self, chart: Chart, longest: Any) -> None:
        self.chart = chart
        self.growth = chart.growth
        self.longest = whole_ticks(longest)
        self.rules: set[Rule] = set()
        self.allowed: set[Production] = set()
        self._expanded: dict[Call, _Expanded] = {}
        self._known: set[Call] = set()
        self._moments = self._places()

    def productions(self, goals: Iterable[Goal]) -> set[Production]:
        """The productions that may be part of a whole derivation of some of the goals."""
        roots = list(dict.fromkeys(map(self._call, goals)))
        ending = self._ending(self._reached(roots))
        self._known |= ending
        found: set[Production] = set()
        for call in self._reached(roots, ending):
            found |= {production for production, below in self._expanded[call].ways if ending.issuperset(below)}
        return found

    def has(self, goal: Goal) -> bool:
        """Whether a goal that was among those asked for may have a derivation."""
        return self._call(goal) in self._known

    def _call(self, goal: Goal) -> Call:
        return Call(goal.symbol, self.chart.arguments(goal), self.growth.context(goal.symbol, goal.environment))

    def _reached(self, roots: list[Call], ending: set[Call] | None = None) -> dict[Call, None]:
        """All calls below, of those ways only that come to an end."""
        found = dict.fromkeys(root for root in roots if ending is None or root in ending)
        waiting = list(found)
        while waiting:
            for _, below in self._expansion(waiting.pop()).ways:
                if ending is None or ending.issuperset(below):
                    fresh = [call for call in dict.fromkeys(below) if call not in found]
                    found.update(dict.fromkeys(fresh))
                    waiting += fresh
        return found

    def _ending(self, calls: Iterable[Call]) -> set[Call]:
        """The calls that can be rewritten until only leaves are left."""
        callers: dict[Call, list[Call]] = {}
        for call in calls:
            for _, below in self._expanded[call].ways:
                for child in below:
                    callers.setdefault(child, []).append(call)
        done: set[Call] = set()
        waiting = list(calls)
        while waiting:
            call = waiting.pop()
            if call not in done and any(done.issuperset(below) for _, below in self._expanded[call].ways):
                done.add(call)
                waiting += callers.get(call, ())
        return done

    # one call

    def _expansion(self, call: Call) -> _Expanded:
        if call not in self._expanded:
            self._expanded[call] = _Expanded(list(self._ways(call)))
        return self._expanded[call]

    def _ways(self, call: Call) -> Iterator[tuple[Production, tuple[Call, ...]]]:
        names = self.growth.names(call.symbol)
        values = dict(zip(names, call.context, strict=True))
        rule = self.growth.rule(call.symbol, call.arguments, values)
        if rule is None:
            return
        self.rules.add(rule)
        values |= rule.head.bind(call.arguments)
        for production in rule.productions:
            if self.may_be_used(rule, production, values):
                self.allowed.add(production)
                for sequence in self.growth.layout.sequences(rule, production):
                    if sequence.least[0] <= self.longest:
                        placed = [self.growth.placed(rule, entry, values) for entry in sequence.entries
                                  if not entry.is_terminal]
                        yield production, tuple(Call(place.symbol, place.arguments, context)
                                                for place, context in placed)

    def may_be_used(self, rule: Rule, production: Production, values: Mapping[str, Any]) -> bool:
        """Whether some place, length and depth lets a production be used with these values around it."""
        weight = production.weight
        expressions = [one for one in (production.when, weight) if isinstance(one, Expression)]
        if not isinstance(weight, Expression) and weight <= 0:
            return False
        read = sorted(frozenset().union(*(one.names for one in expressions)) & _OPEN)
        for tried, moment in enumerate(self._tuples(read)):
            known = dict(zip(read, moment, strict=True))
            if tried > _MOST_TRIED or self._passes(production, known, values):
                return True
        return False

    def _passes(self, production: Production, known: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        def lookup(name: str) -> Any:
            return known[name] if name in known else self._value(name, values)

        guard, weight = production.when, production.weight
        try:
            if guard is not None and not guard.evaluate(lookup):
                return False
            return float(weight.evaluate(lookup)) > 0 if isinstance(weight, Expression) else True
        except (ZeroDivisionError, ValueError, TypeError, OverflowError):
            return True

    def _value(self, name: str, values: Mapping[str, Any]) -> Any:
        if name == BAR:
            return from_ticks(self.growth.bar)
        if name == UNIT:
            return from_ticks(self.chart.unit)
        value = values.get(name)
        if value is None:
            value = self.chart.parameters.get(name, "")
        kinds = self.chart.grammar.attributes
        return float(value or 0) if name in kinds and kinds[name].is_number else value

    # what is open

    def _tuples(self, read: list[str]) -> Iterator[tuple[Any, ...]]:
        """Combinations of values that place, length and depth may have; beat and strength belong together."""
        moments = list(dict.fromkeys(tuple(one[name] for name in read if name in one) for one in self._moments))
        placed = [name for name in read if name in (BEAT, STRENGTH)]
        others = [name for name in read if name not in placed]
        for moment in moments:
            for rest in product(*(self._open(name) for name in others)):
                both = {**dict(zip(placed, moment, strict=True)), **dict(zip(others, rest, strict=True))}
                yield tuple(both[name] for name in read)

    def _open(self, name: str) -> Iterable[Any]:
        if name == DEPTH:
            return range(min(deepest_told_apart(self.chart.grammar), _DEEPEST) + 1)
        return [from_ticks(ticks) for ticks in range(self.growth.grid, self.longest + 1, self.growth.grid)]

    def _places(self) -> list[dict[str, Any]]:
        clock, grid = self.chart.clock, self.growth.grid
        offsets = [from_ticks(ticks) for ticks in range(0, self.growth.bar, grid)]
        return [{BEAT: 1 + offset / clock.beat, STRENGTH: clock.strength_at(offset)} for offset in offsets]


_OPEN = frozenset({DURATION, DEPTH, BEAT, STRENGTH})

