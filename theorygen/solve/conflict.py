"""Why there is no solution: the shortest stretch without one, and rules and demands none of which can stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from theorygen.solve import elements as asked_for
from theorygen.solve.conflict_search import Search, fails
from theorygen.solve.conflict_texts import Texts
from theorygen.solve.elements import Element, stretch_of
from theorygen.solve.judging import Broken
from theorygen.solve.problem import Problem
from theorygen.solve.singing import unsingable
from theorygen.solve.workshop import Workshop

Where = Callable[[int, int], str]
"""Says where the positions from one up to another are: "measure 2, beat 3 to measure 3, beat 1"."""


@dataclass(frozen=True)
class Reason:
    """One of the things that cannot all be.

    Attributes:
        element: a rule at a place, notes given, degrees asked, a range, the notes of a chord, or the harmony.
        example: a window that breaks the rule where everything else is kept; None for what is no rule.
    """

    element: Element
    example: Broken | None = None

    def shifted(self, by: int) -> Reason:
        """The same in a longer problem in which this many positions come first."""
        example = self.example and replace(self.example, position=self.example.position + by)
        return Reason(self.element.shifted(by), example)


class NoSolution(Exception):
    """No voicing obeys all hard rules.

    Attributes:
        problem: the problem.
        start: index of the first position of the shortest stretch found without a solution.
        stop: index after its last position.
        reasons: what cannot all be there; without any one of them the stretch has a solution.
        smallest: whether it is proven that there are no fewer reasons.
        more: reasons that rule out other positions, for each of them; told only where some voice has nothing to sing.
        where: the stretch as measures and beats, when whoever asked knows them.
    """

    def __init__(self, problem: Problem, start: int, stop: int, reasons: Sequence[Reason], smallest: bool = False,
                 more: Sequence[Sequence[Reason]] = ()) -> None:
        super().__init__()
        self.problem = problem
        self.start = start
        self.stop = stop
        self.reasons = tuple(reasons)
        self.smallest = smallest
        self.more = tuple(map(tuple, more))
        self.where = ""
        self._where: Where | None = None

    def located(self, where: Where) -> NoSolution:
        """The same, saying where in the score everything is.

        Args:
            where: says where the positions from one up to another are.
        """
        self._where = where
        self.where = where(self.start, self.stop)
        return self

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules among the reasons."""
        return tuple(dict.fromkeys(one.element.rule for one in self.reasons if one.element.kind == "rule"))

    @property
    def asked(self) -> tuple[Element, ...]:
        """Notes given and degrees asked among the reasons."""
        return tuple(one.element for one in self.reasons if one.element.kind in ("given", "degree"))

    def __str__(self) -> str:
        return self._texts.whole(self)

    @property
    def summary(self) -> str:
        """The first sentence of the text: the musical reason."""
        return str(self).partition("\n")[0]

    def to_data(self) -> dict[str, Any]:
        """As plain data: the stretch, and each reason with its place, rule, voices, notes, and line of YAML."""
        return {"chords": [self.start + 1, self.stop], "where": self.where, "summary": self.summary,
                "smallest": self.smallest, "reasons": [self._texts.data(one) for one in self.reasons],
                "more": [[self._texts.data(one) for one in some] for some in self.more]}

    @property
    def _texts(self) -> Texts:
        return Texts(self.problem, self._where)


def explain_dead_end(problem: Problem, position: int, workshop: Workshop | None = None) -> NoSolution:
    """The conflict behind a position that nothing reaches.

    Args:
        problem: a problem without solution.
        position: index of the first position that cannot be reached, or of the last one.
        workshop: tables of the problem's rules and ensemble, if there are some already.

    Raises:
        ValueError: the problem has a solution.
    """
    unsung = [[Reason(element) for element in one] for one in unsingable(problem)]
    if unsung:
        place = unsung[0][0].element.position or 0
        return NoSolution(problem, place, place + 1, unsung[0], len(unsung[0]) == 1, unsung[1:])
    workshop = workshop or Workshop(problem.rules, problem.ensemble)
    if problem.tally is not None and fails(replace(problem, tally=None), workshop):
        problem = replace(problem, tally=None)
    if problem.tally is None:
        start, stop = shortest_stretch(problem, position, workshop)
    else:
        start, stop = _stretch_of_faults(problem, workshop)
    search = Search(stretch_of(problem, start, stop))
    conflict = search.conflict()
    reasons = [Reason(one, search.example(one, conflict)).shifted(start) for one in conflict]
    return NoSolution(problem, start, stop, reasons, search.is_smallest(conflict))


def _stretch_of_faults(problem: Problem, workshop: Workshop) -> tuple[int, int]:
    """A short stretch around the faults required that has no solution with them."""
    assert problem.tally is not None
    counting = [rule for some in problem.tally.rules for rule in some]
    ends = [place for rule in counting for place in asked_for.spots(problem, rule)]
    count = len(problem.positions)
    widest = max((rule.rule.window.slots if rule.rule.window else count for rule in counting), default=1)
    first, last = min(ends, default=0) - widest + 1, max(ends, default=0) + 1
    around = ((max(first - reach, 0), min(last + reach, count)) for reach in range(count))
    return next(some for some in around if fails(stretch_of(problem, *some), workshop))


def shortest_stretch(problem: Problem, position: int, workshop: Workshop) -> tuple[int, int]:
    """The shortest stretch without solution that ends where the first one does.

    What a rule remembers of a phrase can only do harm: a stretch that begins within a phrase asks less of its lines.

    Raises:
        ValueError: the problem has a solution.
    """
    count = len(problem.positions)
    earliest = position if position and problem.positions[position].starts_phrase else position + 1
    stop = next((stop for stop in range(earliest, count + 1) if fails(stretch_of(problem, 0, stop), workshop)), None)
    if stop is None:
        raise ValueError("the problem has a solution")
    starts = (start for start in range(stop - 1, -1, -1) if not start or not asked_for.may_be_held(problem, start))
    return next(start for start in starts if fails(stretch_of(problem, start, stop), workshop)), stop
