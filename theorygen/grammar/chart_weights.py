"""The weights of productions in a cell: guards and expressions evaluated, those of parameters alone only once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf, isfinite
from typing import Any

from theorygen.grammar.clock import Clock
from theorygen.grammar.grammar import BUILT_IN_KINDS, Grammar, Production, Rule
from theorygen.grammar.packed_forest import Cell
from theorygen.grammar.symbols import BAR, BEAT, DEPTH, DURATION, UNIT, from_ticks
from theorygen.rules.expression import Expression
from theorygen.source.diagnostic import Diagnostic, InputError

Values = Mapping[str, Any]
Lookup = Callable[[str], Any]
_Term = tuple[Production, Expression | None, float | Expression]


class Weights:
    """Weighs productions.

    Args:
        grammar: the grammar.
        parameters: values of the style's parameters.
        clock: the meter.
        unit: ticks of a terminal without a duration.
    """

    def __init__(self, grammar: Grammar, parameters: Values, clock: Clock, unit: int) -> None:
        self.grammar = grammar
        self.parameters = {**parameters, BAR: Fraction(clock.bar), UNIT: from_ticks(unit)}
        self.clock = clock
        self._fixed = grammar.parameters.keys() - grammar.attributes.keys() - BUILT_IN_KINDS.keys() | {BAR, UNIT}
        self._moments: dict[tuple[str, int], Fraction | int] = {}
        self._terms: dict[Rule, list[_Term]] = {}

    def positive(self, rule: Rule, cell: Cell, values: Values) -> list[tuple[Production, float]]:
        """The productions that the values around a cell allow, with their weights."""
        if rule not in self._terms:
            self._terms[rule] = self._prepared(rule)
        lookup = self._lookup(cell, values)
        weighed = []
        for production, guard, weight in self._terms[rule]:
            if guard is None or _evaluated(production, guard, lookup):
                value = _value(production, weight, lookup) if isinstance(weight, Expression) else weight
                if value > 0:
                    weighed.append((production, value))
        return weighed

    def _prepared(self, rule: Rule) -> list[_Term]:
        """What is left to evaluate when the parameters are known; without what they rule out."""
        fixed = self._fixed.difference(rule.head.parameters)
        terms: list[_Term] = []
        for production in rule.productions:
            guard, weight = production.when, production.weight
            if guard is not None and guard.names <= fixed:
                weight = weight if _evaluated(production, guard, self._parameter) else 0.0
                guard = None
            if guard is None and isinstance(weight, Expression) and weight.names <= fixed:
                weight = _value(production, weight, self._parameter)
            if isinstance(weight, Expression) or weight > 0:
                terms.append((production, guard, weight))
        return terms

    def _parameter(self, name: str) -> Any:
        value = self.parameters.get(name)
        return "" if value is None else value

    def _lookup(self, cell: Cell, values: Values) -> Lookup:
        kinds = self.grammar.attributes

        def lookup(name: str) -> Any:
            if name in BUILT_IN_KINDS:
                return self._built_in(name, cell, values)
            value = values.get(name)
            if value is None:
                value = self._parameter(name)
            return _number(name, value) if name in kinds and kinds[name].is_number else value

        return lookup

    def _built_in(self, name: str, cell: Cell, values: Values) -> Any:
        """The value of a name that every grammar has."""
        if name in (BAR, UNIT):
            return self.parameters[name]
        if name == DURATION:
            return from_ticks(cell.ticks)
        if name == DEPTH:
            return int(values.get(f"#{cell.symbol}") or 0)
        if (name, cell.phase) not in self._moments:
            self._moments[name, cell.phase] = self._moment(name, from_ticks(cell.phase))
        return self._moments[name, cell.phase]

    def _moment(self, name: str, offset: Fraction) -> Fraction | int:
        """Beat or strength of an offset within the bar."""
        return 1 + offset / self.clock.beat if name == BEAT else self.clock.strength_at(offset)


def _value(production: Production, weight: Expression, lookup: Lookup) -> float:
    value = _float(_evaluated(production, weight, lookup))
    if not isfinite(value) or value < 0:
        message = f"the weight '{weight.text}' becomes {value:g}"
        raise InputError(Diagnostic("weight", message, production.mark, "a number from 0 up"))
    return value


def _evaluated(production: Production, expression: Expression, lookup: Lookup) -> Any:
    try:
        return expression.evaluate(lookup)
    except ZeroDivisionError:
        raise InputError(Diagnostic(
            "division-by-zero", f"'{expression.text}' divides by 0 here", production.mark, "a divisor that is never 0",
            remedy="write the divisor as max(..., 1), or leave the case out with 'when'")) from None


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


def _number(name: str, value: Any) -> Fraction:
    try:
        return Fraction(value or 0)
    except (ValueError, TypeError, ZeroDivisionError):
        message = f"the attribute '{name}' is '{value}'"
        raise InputError(Diagnostic("attribute", message, expected="a number")) from None
