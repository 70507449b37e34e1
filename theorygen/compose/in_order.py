"""Solutions in order of cost until enough of them keep what only a finished score shows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count, islice
from typing import Any

from theorygen.compose.alike import OF_NOTES, name_of
from theorygen.compose.screening import HELD, Answer, Choices, Screen
from theorygen.rules.check import Violation
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.paths import TooLarge
from theorygen.solve.problem import HOLD, Arcs, Problem, Syntax
from theorygen.solve.workshop import Workshop

PATIENCE = 20
"""Solutions with the same choices that break the same rules at the same places before others are tried instead."""

MOST_GROUPS = 10_000
"""Groups in a row that are left out before giving up."""


class InOrder:
    """Sound answers in order of cost, no two alike in what they must differ in.

    Solutions come group by group: those with the same choices, chords with their cadences, are one group, the best
    member first. Where a rule that looks at chords alone is broken, all groups with the choices at fault are left out,
    as all their members break it. A group is left, too, when its members keep breaking the same rules at the same
    places, which proves nothing.

    Args:
        solutions: all solutions.
        screen: looks at their scores.
        distinct: what the answers must differ in, a word of `ranking.DISTINCT`.
        workshop: tables to share.
    """

    def __init__(self, solutions: Solutions, screen: Screen, distinct: str, workshop: Workshop | None) -> None:
        self.solutions = solutions
        self.screen = screen
        self.distinct = distinct
        self.workshop = workshop
        self._order = count()
        self._waiting: list[tuple[int, int, Solution, _Group]] = []
        self._told: set[Hashable] = set()
        self._barred: list[Choices] = []
        self._goes_on = True

    def answers(self) -> Iterator[Answer]:
        """All of them, the best first."""
        while self._goes_on:
            self._goes_on = False
            self._waiting.clear()
            yield from self._sound()

    def _sound(self) -> Iterator[Answer]:
        """Those that are told until a choice is found that no answer has; then everything begins anew without it."""
        for solution, group in self._members():
            name = name_of(solution, self.distinct, len(self.solutions.problem.positions))
            if name in self._told:
                self._after_sound(group)
                continue
            answer = self.screen.answer(solution)
            broken = self.screen.broken(answer)
            if not broken:
                self._told.add(name)
                yield answer
                self._after_sound(group)
            elif (fault := self.screen.at_fault(answer, broken)) is None:
                self._after_broken(solution, group, broken)
            elif len(fault) > 1:
                self._barred.append(fault)
            else:
                self._narrow(fault)
                return

    def _narrow(self, fault: Choices) -> None:
        """Go on without a choice that no answer has; not at all where it was no choice."""
        if not fault:
            return
        try:
            self.solutions = Solutions(without(self.solutions.problem, *next(iter(fault))), self.workshop)
            self.screen.leave_out(self.solutions.cut)
            self._goes_on = True
        except (DeadEnd, TooLarge):
            return

    def _after_sound(self, group: _Group) -> None:
        """After a member that was told come the others of its group, unless chords must differ."""
        if self.distinct != "chords":
            self._push(group)

    def _after_broken(self, solution: Solution, group: _Group, broken: list[Violation]) -> None:
        """After a member that breaks rules come those alike in what matters, and the others of its group."""
        if group.keeps_breaking(broken):
            self.screen.passed_over += 1
            return
        if self.distinct in OF_NOTES:
            narrowed = group.solutions.alike(solution, self.distinct)
            self._push(_Group(narrowed, islice(narrowed.in_order(), 1, None)))
        self._push(group)

    def _members(self) -> Iterator[tuple[Solution, _Group]]:
        """The cheapest member that waits, and its group, which whoever takes it puts back."""
        groups = self._groups()
        newest = next(groups, None)
        while newest is not None or self._waiting:
            if newest is not None and (not self._waiting or _total(newest) <= self._waiting[0][0]):
                narrowed = self.solutions.alike(newest, "choices")
                distinct = self.distinct if self.distinct in OF_NOTES else "solutions"
                self._push(_Group(narrowed, narrowed.in_order(distinct)))
                newest = next(groups, None)
            else:
                _, _, solution, group = heappop(self._waiting)
                yield solution, group

    def _groups(self) -> Iterator[Solution]:
        """The best member of each group that may have answers, in order."""
        left_out = 0
        for solution in self.solutions.in_order("choices"):
            chosen = choices_of(solution, len(self.solutions.problem.positions))
            if any(fault <= chosen for fault in self._barred):
                left_out += 1
                if left_out >= MOST_GROUPS:
                    self.screen.passed_over += 1
                    return
            else:
                left_out = 0
                yield solution

    def _push(self, group: _Group) -> None:
        """Let the next member of a group wait for its turn."""
        member = next(group.members, None)
        if member is not None:
            heappush(self._waiting, (_total(member), next(self._order), member, group))


def choices_of(solution: Solution, positions: int) -> Choices:
    """What a solution chooses at each position."""
    chosen = dict(zip(solution.starts, map(id, solution.choices), strict=True))
    return frozenset((index, chosen.get(index, HELD)) for index in range(positions))


def without(problem: Problem, position: int, chosen: int) -> Problem:
    """The problem without one choice, or without a chord that goes on.

    Args:
        problem: the problem.
        position: index of the position.
        chosen: identity of the choice, or HELD.

    Raises:
        DeadEnd: there was no other.
    """
    choices = problem.positions[position].choices
    if problem.syntax is None:
        left = tuple(choice for choice in choices if id(choice) != chosen)
        if not left:
            raise DeadEnd(position)
        positions = list(problem.positions)
        positions[position] = replace(positions[position], choices=left)
        return replace(problem, positions=tuple(positions))
    number = HOLD if chosen == HELD else next(row for row, one in enumerate(choices) if id(one) == chosen)
    layers = list(problem.syntax.layers)
    layers[position] = _leaving_out(layers[position], number)
    return replace(problem, syntax=Syntax(tuple(layers)))


def _leaving_out(layer: Arcs, choice: int) -> Arcs:
    """The ways that do not take a choice."""
    kept = layer.choice != choice
    return Arcs(layer.source[kept], layer.choice[kept], layer.target[kept], layer.price[kept], layer.weight[kept])


@dataclass
class _Group:
    """Solutions with the same choices, in order.

    Attributes:
        solutions: all of them.
        members: those that have not been looked at.
    """

    solutions: Solutions
    members: Iterator[Solution]
    _last: frozenset[Any] = frozenset()
    _repeated: int = 0

    def keeps_breaking(self, broken: list[Violation]) -> bool:
        """Whether `PATIENCE` members that break rules have broken the same ones at the same places in a row."""
        found = frozenset((one.rule, one.onsets[-1]) for one in broken)
        self._repeated = self._repeated + 1 if found == self._last else 1
        self._last = found
        return self._repeated >= PATIENCE


def _total(solution: Solution) -> int:
    """What a solution costs, rules and harmony."""
    return solution.cost + solution.price
