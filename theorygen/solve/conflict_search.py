"""The search for few reasons why a short problem has no solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from theorygen.solve import elements as asked_for
from theorygen.solve.answers import best
from theorygen.solve.elements import Element, at_places, kept
from theorygen.solve.judging import Broken, broken
from theorygen.solve.minimal import Trials
from theorygen.solve.problem import Problem
from theorygen.solve.singing import with_one_voicing
from theorygen.solve.trellis import DeadEnd, build_trellis
from theorygen.solve.workshop import Workshop

WIDE = 3
"""Where a position has so many choices, what a rule or note given excludes is much: only one order is tried."""


def fails(problem: Problem, workshop: Workshop | None = None) -> bool:
    """Whether a problem has no solution."""
    try:
        build_trellis(problem, workshop or Workshop(problem.rules, problem.ensemble))
    except DeadEnd:
        return True
    return False


@dataclass
class Search:
    """Looks for few reasons why a short problem has no solution.

    Attributes:
        problem: the problem; some voicing of every chord obeys what is given, if no rule is asked.
    """

    problem: Problem
    _trials: Trials[Element] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._trials = Trials(self._impossible)

    def _impossible(self, asked: frozenset[Element]) -> bool:
        only = kept(self.problem, asked)
        if not only.rules.rules and not fails(with_one_voicing(only)):
            return False  # without rules one voicing is as good as all, but for chords that are held
        return fails(only)

    @cached_property
    def rules(self) -> list[Element]:
        """All hard rules."""
        return asked_for.rules_asked(self.problem)

    @cached_property
    def demands(self) -> list[Element]:
        """All notes given and degrees asked, and the harmony."""
        return [*asked_for.notes_asked(self.problem), *asked_for.wholes_asked(self.problem)]

    def conflict(self) -> list[Element]:
        """A minimal conflict: the smallest of some, found by asking for rules and demands in different orders."""
        found = [self.under_demands()]
        for order in ([*self.rules, *self.demands], [*self.demands, *self.rules[::-1]]):
            if self._is_wide or self.is_smallest(found[-1]):
                break
            names = self._trials.minimal(order)
            found.append(self._trials.minimal([place for one in names for place in at_places(self.problem, one)]))
        return min(found, key=len)

    @property
    def _is_wide(self) -> bool:
        return any(len(position.choices) >= WIDE for position in self.problem.positions)

    def rule_conflict(self) -> list[Element]:
        """A minimal conflict of rules alone, under all demands; of demands, where they cannot all be by themselves."""
        if self._trials.fails(self.demands):
            return self._trials.minimal(self.demands)
        names = self._trials.minimal(self.rules, self.demands)
        return self._trials.minimal([place for one in names for place in at_places(self.problem, one)], self.demands)

    def under_demands(self) -> list[Element]:
        """A minimal conflict of a `rule_conflict` and the demands it needs.

        A demand without which there is a solution under all rules is needed: that is soon known, as under all rules
        few voicings are left. Only the others are tried under the few rules of the conflict.
        """
        rules = self.rule_conflict()
        if not all(one.kind == "rule" for one in rules):
            return rules
        needed = list(self.demands)
        for demand in self.demands:
            rest = [one for one in needed if one != demand]
            if self._trials.fails(self.without(demand)) and self._trials.fails([*rest, *rules]):
                needed = rest
        return [*needed, *rules]

    def is_smallest(self, conflict: Sequence[Element]) -> bool:
        """Whether it is proven that there is no smaller conflict.

        What no conflict can do without is in all of them. A smaller one would be made of this and of fewer others, and
        this alone is possible unless it is the conflict.
        """
        needed = [one for one in conflict if not self._trials.fails(self.without(one))]
        return len(conflict) - len(needed) <= 1

    def without(self, element: Element) -> list[Element]:
        """Everything the problem asks but one thing."""
        if element.kind != "rule":
            return [one for one in (*self.demands, *self.rules) if one != element]
        elsewhere = at_places(self.problem, replace(element, position=None))
        rest = [one for one in (*self.demands, *self.rules) if one.rule != element.rule]
        return [*rest, *(one for one in elsewhere if one != element)]

    def example(self, element: Element, conflict: Sequence[Element]) -> Broken | None:
        """A window that breaks a rule of a conflict where all else is kept; or, if that cannot be, all else of it."""
        if element.kind != "rule":
            return None
        rest = [one for one in conflict if one != element]
        tried = (self.without(element), [*self.demands, *rest], rest)
        asked = next(asked for asked in tried if not self._trials.fails(asked))
        only = kept(self.problem, asked)
        rules = [replace(rule, marks=None, except_marks=frozenset()) for rule in self.problem.rules.solved.hard
                 if rule.name == element.rule]
        found = broken(only, best(only), rules)
        return next((one for one in found if element.position in (None, one.position)), None)
