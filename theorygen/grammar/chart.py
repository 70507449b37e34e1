"""Exact weights of everything a grammar derives: a memoised chart over symbol, context and duration.

The weight of a derivation is the product over its nodes of the chosen production's share among the
productions the context allows; optional parts and groups split that share evenly. A total is the sum over all
derivations of one duration, so conditioning on the duration is exact and nothing is ever rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from theorygen.grammar.chart_growth import Growth
from theorygen.grammar.clock import Clock
from theorygen.grammar.derivation import Derivation
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import parameters_read
from theorygen.grammar.packed_forest import Cell, Place
from theorygen.grammar.sampling import Walker, every, random_pick, recorded_pick, uniform_pick
from theorygen.grammar.symbols import Goal, call_text, from_ticks, whole_ticks
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError, nearest

__all__ = ["Chart", "Clock", "NoDerivation"]

_SEARCHED = 200
_LEAST_TOTAL = 1e-280
_NOWHERE = Place("", (), (), (), {})


class NoDerivation(ValueError):
    """The grammar derives nothing of the goal's duration.

    Attributes:
        goal: what was asked.
        possible: durations near it that can be derived, quarter lengths.
    """

    def __init__(self, goal: Goal, possible: tuple[Fraction, ...]) -> None:
        near = ", ".join(map(str, possible)) or "nothing near it"
        super().__init__(f"'{call_text(goal.symbol, goal.arguments)}' cannot last {goal.duration}; possible: {near}")
        self.goal = goal
        self.possible = possible


class Chart:
    """Totals, counts and samples of a grammar under given parameters; what was computed is kept.

    Args:
        grammar: the grammar.
        parameters: values of the style's parameters.
        unit: quarter lengths of a terminal without a duration.
        clock: the meter, for ``beat`` and ``strength``.
    """

    def __init__(
        self,
        grammar: Grammar,
        parameters: Mapping[str, Any] | None = None,
        *,
        unit: Fraction | int = 1,
        clock: Clock | None = None,
    ) -> None:
        self.grammar = grammar
        self.parameters = dict(parameters or {})
        _check_parameters(grammar, self.parameters)
        self.unit = whole_ticks(unit)
        self.clock = clock or Clock()
        self.growth = Growth(grammar, self.parameters, self.unit, self.clock)

    # questions

    def total(self, goal: Goal) -> float:
        """Summed weight of all derivations: the probability that the symbol takes exactly this duration."""
        return self.cell(goal).total

    def count(self, goal: Goal) -> int:
        """How many derivations there are, exactly."""
        return self.cell(goal).count

    def sample(self, goal: Goal, chance: Chance) -> Derivation:
        """One derivation, with probability proportional to its weight.

        Raises:
            NoDerivation: nothing has this duration.
            ArithmeticError: the derivations are so improbable that their weights vanish.
        """
        return self._walk(goal, Walker(random_pick(chance)), by_weight=True)

    def sample_uniform(self, goal: Goal, chance: Chance) -> Derivation:
        """One derivation, each equally likely.

        Raises:
            NoDerivation: nothing has this duration.
        """
        return self._walk(goal, Walker(uniform_pick(chance), by_count=True))

    def replay(self, goal: Goal, decisions: Sequence[int]) -> Derivation:
        """The derivation with these decisions.

        Raises:
            ValueError: they belong to another goal or grammar.
        """
        derivation = self._walk(goal, Walker(recorded_pick(decisions)))
        if derivation.decisions() != tuple(decisions):
            raise ValueError("these decisions do not belong to this goal")
        return derivation

    def enumerate(self, goal: Goal) -> Iterator[Derivation]:
        """All derivations; ``derivation.likelihood * total(goal)`` is the weight of each."""
        yield from every(self.cell(goal), goal.environment, whole_ticks(goal.start), _NOWHERE, {})

    def lengths(self, goal: Goal, limit: Fraction | int) -> dict[Fraction, float]:
        """The totals of all durations up to ``limit`` the goal's symbol can have; the goal's own is ignored."""
        grid = self.growth.grid
        steps = range(grid, whole_ticks(limit) + 1, grid)
        totals = {from_ticks(ticks): self.total(replace(goal, duration=from_ticks(ticks))) for ticks in steps}
        return {duration: total for duration, total in totals.items() if total > 0}

    def durations(self, goal: Goal, limit: Fraction | int) -> tuple[Fraction, ...]:
        """Durations up to ``limit`` that the goal's symbol can have, quarter lengths."""
        return tuple(self.lengths(goal, limit))

    def expected_length(self, goal: Goal, limit: Fraction | int) -> float:
        """Mean duration of the goal's symbol among those up to ``limit``, quarter lengths; 0 if there are none."""
        totals = self.lengths(goal, limit)
        return sum(float(length) * total for length, total in totals.items()) / (sum(totals.values()) or 1.0)

    def entropy(self, goal: Goal) -> float:
        """Bits of choice among the derivations of the goal."""
        return self.cell(goal).entropy

    def cell(self, goal: Goal) -> Cell:
        """The packed derivations of a goal; only what is part of some whole derivation is left in it."""
        ticks, start = whole_ticks(goal.duration), whole_ticks(goal.start)
        arguments, context = self.arguments(goal), self.growth.context(goal.symbol, goal.environment)
        return self.growth.weighed(goal.symbol, arguments, context, ticks, start)

    def _walk(self, goal: Goal, walker: Walker, by_weight: bool = False) -> Derivation:
        cell = self.cell(goal)
        if by_weight and cell.count and cell.total < _LEAST_TOTAL:
            raise ArithmeticError(f"derivations that last {goal.duration} are too improbable to be told apart")
        if not cell.count:
            raise NoDerivation(goal, self._durations_near(goal))
        return walker.walk(cell, goal.environment, whole_ticks(goal.start), _NOWHERE, {})

    def _durations_near(self, goal: Goal) -> tuple[Fraction, ...]:
        """Up to four possible durations, those nearest to the goal's, looking at twice its length at most."""
        grid = from_ticks(self.growth.grid)
        limit = min(2 * Fraction(goal.duration) + 8 * grid, _SEARCHED * grid)
        nearest_first = sorted(self.durations(goal, limit), key=lambda one: abs(one - goal.duration))
        return tuple(sorted(nearest_first[:4]))

    def arguments(self, goal: Goal) -> tuple[str, ...]:
        """The goal's arguments, missing ones taken from its attributes by name.

        Raises:
            InputError: the grammar has no such symbol, or an argument is missing.
        """
        if goal.symbol not in self.grammar.rules:
            near = nearest(goal.symbol, self.grammar.rules)
            raise InputError(Diagnostic("unknown-symbol", f"unknown symbol '{goal.symbol}'", nearest=near))
        names = self.grammar.signatures[goal.symbol]
        missing = names[len(goal.arguments) :]
        given = (*goal.arguments, *(goal.attributes[name] for name in missing if name in goal.attributes))
        if len(given) != len(names):
            rule = self.grammar.rules[goal.symbol][0]
            message = f"'{goal.symbol}' needs {len(names)} arguments, not {len(given)}"
            raise InputError(Diagnostic("arguments", message, rule.mark, str(rule.head)))
        return tuple(map(str, given))


def _check_parameters(grammar: Grammar, parameters: Mapping[str, Any]) -> None:
    """Every parameter that productions read must have a value."""
    missing = sorted(parameters_read(grammar) - set(parameters))
    if missing:
        found = [Diagnostic("parameter", f"the parameter '{name}' has no value") for name in missing]
        raise InputError(found)
