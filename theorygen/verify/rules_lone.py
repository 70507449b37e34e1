"""Lone faults: music in which one rule is broken and every hard rule beside it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
        self._workshop: Workshop | None = None

    def first(self, places: Sequence[Place]) -> LoneFault | None:
        """The first of these places that has some, with the notes; None where none has."""
        return next(self.all(places), None)

    def all(self, places: Sequence[Place]) -> Iterator[LoneFault]:
        """Every place that has some, in order."""
        start, size = 0, _FIRST_PORTION
        while start < len(places):
            problems = [self.problem(place) for place in places[start : start + size]]
            workshop = self._tables(problems)
            for place, problem in zip(places[start : start + size], problems, strict=True):
                found = self._solution(problem, workshop)
                if found is not None:
                    yield LoneFault(place, problem, found)
            start, size = start + size, min(size * 4, _MOST_AT_ONCE)

    def problem(self, place: Place) -> Problem:
        """The chords of a place, to be voiced with such a fault."""
        return require(place.problem(self.style, self.rules), [self.demand], only=False)

    def _tables(self, problems: Sequence[Problem]) -> Workshop:
        """Tables for some problems, made together; the workshop is the same for all, as their rules are."""
        self._workshop = self._workshop or Workshop(problems[0].rules, problems[0].ensemble)
        prepare_tables(problems, self._workshop)
        return self._workshop

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


def _may_have_fault(problem: Problem, workshop: Workshop) -> bool:
    """Whether some succession of two voicings has a fault, or follows one, before what is asked of voices is read.

    Rules over lines are not in the tables.
    """
    if any(rule.rule.memory for some in problem.tally.rules for rule in some):  # type: ignore[union-attr]
        return True
    before, after = (workshop.pool(position) for position in problem.positions)
    table = workshop.join(before, after)
    return bool((table.cost >= UNIT).any() or (before.cost[np.unique(table.source)] >= UNIT).any())
