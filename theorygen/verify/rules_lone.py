"""Lone faults: music in which one rule is broken and every hard rule beside it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from theorygen.grammar.style import Style
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.solve.answers import best
from theorygen.solve.problem import Problem
from theorygen.solve.requiring import Demand, require
from theorygen.solve.solution import Solution
from theorygen.solve.tally import UNIT
from theorygen.solve.trellis import DeadEnd, prepare_tables
from theorygen.solve.workshop import Workshop
from theorygen.verify.rules_music import text_of
from theorygen.verify.rules_places import Place

_FIRST_PORTION, _MOST_AT_ONCE = 8, 1024
"""Places looked at together: few at first, as most rules are soon found broken alone."""


_MOST_CELLS = 3_000_000
"""Successions of two voicings looked at together; a place that has more by itself is passed over."""


@dataclass(frozen=True, eq=False)
class LoneFault:
    """Music that breaks one rule alone.

    Attributes:
        place: its chords.
        problem: the chords under all hard rules but the one that is broken.
        solution: the notes.
    """

    place: Place
    problem: Problem
    solution: Solution

    def text(self, style: Style) -> str:
        """The music as a text score."""
        return text_of(style, self.problem, self.solution)


class LoneFaults:
    """Looks for music that breaks a rule and keeps some hard rules.

    Args:
        style: whose voices sing.
        broken: what is to be broken; several entries are one rule with different strengths at different places.
        kept: the hard rules that are kept.
    """

    def __init__(self, style: Style, broken: Sequence[ActiveRule], kept: Sequence[ActiveRule]) -> None:
        assert style.ensemble is not None
        self.style = style
        self.demand = Demand(broken[0].name)
        self.rules = RuleSet((*kept, *(replace(rule, hard=False, weight=1) for rule in broken)))
        self.budget = Budget()
        self.passed_over = 0

    def first(self, places: Sequence[Place]) -> LoneFault | None:
        """The first of these places that has some, with the notes; None where none has."""
        return next(self.all(places), None)

    def all(self, places: Sequence[Place]) -> Iterator[LoneFault]:
        """Every place that has some, in order; `passed_over` tells how many had too many voicings to be looked at."""
        start, size = 0, _FIRST_PORTION
        while start < len(places):
            some = places[start : start + size]
            start, size = start + size, min(size * 4, _MOST_AT_ONCE)
            problems = [self.problem(place) for place in some]
            looked = 0
            for workshop, chosen in portions(problems, self.budget):
                looked += len(chosen)
                for index in chosen:
                    found = self._solution(problems[index], workshop)
                    if found is not None:
                        yield LoneFault(some[index], problems[index], found)
            self.passed_over += len(some) - looked

    def problem(self, place: Place) -> Problem:
        """The chords of a place, to be voiced with such a fault."""
        return require(place.problem(self.style, self.rules), [self.demand], only=False)

    @staticmethod
    def _solution(problem: Problem, workshop: Workshop) -> Solution | None:
        """Notes with the fault, if there are some."""
        if len(problem.positions) == len(_PAIR) and not _may_have_fault(problem, workshop):
            return None
        try:
            return best(problem, workshop)
        except DeadEnd:
            return None


_PAIR = (0, 1)
_REMEMBERED = 16
"""So many times as much work is a step where what came before is remembered."""


@dataclass
class Budget:
    """What may still be looked at.

    Attributes:
        cells: successions of two voicings.
    """

    cells: int = 100_000_000


def portions(problems: Sequence[Problem], budget: Budget) -> Iterator[tuple[Workshop, list[int]]]:
    """Some problems of the same rules in portions whose tables are made together and do not fill the memory.

    Yields:
        A workshop with the tables of some problems, and which these are. Those with too many voicings never come, and
        none when the budget is spent.
    """
    if not problems or budget.cells <= 0:
        return
    workshop = Workshop(problems[0].rules, problems[0].ensemble)
    sizes = _successions(problems, workshop)
    chosen: list[int] = []
    for index, size in enumerate(sizes):
        if size > _MOST_CELLS:
            continue
        if chosen and sum(sizes[one] for one in chosen) + size > _MOST_CELLS:
            yield _with_tables(problems, chosen, workshop, budget, sizes)
            workshop, chosen = Workshop(problems[0].rules, problems[0].ensemble), []
        if budget.cells <= 0:
            return
        chosen.append(index)
    if chosen:
        yield _with_tables(problems, chosen, workshop, budget, sizes)


def _with_tables(problems: Sequence[Problem], chosen: list[int], workshop: Workshop, budget: Budget,
                 sizes: Sequence[int]) -> tuple[Workshop, list[int]]:
    """A workshop with the tables of some problems; the budget pays for them."""
    prepare_tables([problems[index] for index in chosen], workshop)
    budget.cells -= sum(sizes[index] for index in chosen)
    return workshop, chosen


def _successions(problems: Sequence[Problem], workshop: Workshop) -> list[int]:
    """For each problem how many successions of two voicings there are to look at, more where steps are remembered."""
    singles = [problem.part(index, index + 1) for problem in problems for index in range(len(problem.positions))]
    prepare_tables(singles, workshop)
    lengths = [[len(workshop.pool(position)) for position in problem.positions] for problem in problems]
    return [sum(before * after for before, after in pairwise(some)) * (1 if len(some) == len(_PAIR) else _REMEMBERED)
            for some in lengths]


def _may_have_fault(problem: Problem, workshop: Workshop) -> bool:
    """Whether some succession of two voicings has a fault, or follows one, before what is asked of voices is read.

    Rules over lines are not in the tables.
    """
    if any(rule.rule.memory for some in problem.tally.rules for rule in some):  # type: ignore[union-attr]
        return True
    before, after = (workshop.pool(position) for position in problem.positions)
    table = workshop.join(before, after)
    return bool((table.cost >= UNIT).any() or (before.cost[np.unique(table.source)] >= UNIT).any())
