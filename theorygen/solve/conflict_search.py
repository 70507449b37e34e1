"""The search for few reasons why a short problem has no solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from theorygen.solve import elements as asked_for
from theorygen.solve.answers import best
from theorygen.solve.basics import is_basic
from theorygen.solve.elements import Element, at_places, kept
from theorygen.solve.judging import Broken, broken
from theorygen.solve.minimal import Trials
from theorygen.solve.problem import Problem
from theorygen.solve.singing import with_one_voicing
from theorygen.solve.trellis import DeadEnd, build_trellis
from theorygen.solve.workshop import Workshop

WIDE = 3
"""Where a position has so many choices, what a rule or note given excludes is much: only one order is tried."""

MOST_WORK = 20_000_000
"""After so many pairs of voicings looked at neither other conflicts nor a proof that one is smallest are looked for."""


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
        work: pairs of successive voicings looked at so far.
    """

    problem: Problem
    work: int = 0
    _trials: Trials[Element] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._trials = Trials(self._impossible)

    def _impossible(self, asked: frozenset[Element]) -> bool:
        only = kept(self.problem, asked)
        if not only.rules.rules and not fails(with_one_voicing(only)):
            return False  # without rules one voicing is as good as all, but for chords that are held
        workshop = Workshop(only.rules, only.ensemble)
        failed = fails(only, workshop)
        self.work += workshop.work
        return failed

    @cached_property
    def rules(self) -> list[Element]:
        """All hard rules but those that are taken for granted."""
        return [one for one in asked_for.rules_asked(self.problem) if one.rule not in self._basic]

    @cached_property
    def basics(self) -> list[Element]:
        """The hard rules that are taken for granted."""
        return [one for one in asked_for.rules_asked(self.problem) if one.rule in self._basic]

    @cached_property
    def _basic(self) -> set[str]:
        return {one.name for one in self.problem.rules.solved.hard if is_basic(one.rule)}

    @cached_property
    def demands(self) -> list[Element]:
        """All notes given and degrees asked, and the harmony."""
        return [*asked_for.notes_asked(self.problem), *asked_for.wholes_asked(self.problem)]

    def conflict(self) -> list[Element]:
        """A minimal conflict: demands, then rules, then what is taken for granted.

        That is asked along while the others are looked for, and so it is blamed last; it leaves few voicings, too. Of
        conflicts found by asking in different orders it is the one that names the fewest other things.
        """
        found = [self.under_demands()]
        for order in ([*self.rules, *self.demands], [*self.demands, *self.rules[::-1]]):
            if self._is_wide or self.work > MOST_WORK or self.is_smallest(found[-1]):
                break
            found.append(self._with_basics(self._placed(order, self.basics), []))
        return min(found, key=lambda one: (sum(each.rule not in self._basic for each in one), len(one)))

    @property
    def _is_wide(self) -> bool:
        return any(len(position.choices) >= WIDE for position in self.problem.positions)

    def rule_conflict(self) -> list[Element]:
        """A minimal conflict of rules alone, under all demands; of demands, where they cannot all be by themselves."""
        if self._trials.fails(self.demands):
            return self._trials.minimal(self.demands)
        return self._with_basics(self._placed(self.rules, [*self.demands, *self.basics]), self.demands)

    def _with_basics(self, conflict: list[Element], always: list[Element]) -> list[Element]:
        """A conflict that was found under all that is taken for granted, with what it needs of that."""
        asked = [*always, *conflict]
        names = self._needed(self.basics, asked)
        return [*conflict, *self._needed([place for one in names for place in at_places(self.problem, one)], asked)]

    def _needed(self, elements: list[Element], always: list[Element]) -> list[Element]:
        """A minimal conflict among some elements; what none can do without is soon known, see `under_demands`."""
        if self._trials.fails(always):
            return []
        sure = [one for one in elements if not self._trials.fails(self.without(one))]
        others = self._trials.minimal([one for one in elements if one not in sure], [*always, *sure])
        return [one for one in elements if one in sure or one in others]

    def _placed(self, elements: list[Element], always: list[Element]) -> list[Element]:
        """A minimal conflict among some elements, its rules taken apart into places."""
        names = self._trials.minimal(elements, always)
        return self._trials.minimal([place for one in names for place in at_places(self.problem, one)], always)

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
        this alone is possible unless it is the conflict. After `MOST_WORK` it is not looked into.
        """
        others = 0
        for one in conflict:
            if self.work > MOST_WORK:
                return False
            others += self._trials.fails(self.without(one))
        return others <= 1

    def without(self, element: Element) -> list[Element]:
        """Everything the problem asks but one thing."""
        if element.kind != "rule":
            return [one for one in (*self.demands, *self.rules, *self.basics) if one != element]
        elsewhere = [] if element.position is None else at_places(self.problem, replace(element, position=None))
        rest = [one for one in (*self.demands, *self.rules, *self.basics) if one.rule != element.rule]
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
