"""Answers: solutions whose scores keep every hard rule of the style under `check`.

The solver keeps the rules that can be kept from chord to chord. The others (cadences of phrases, figures, whole pieces)
are judged on the finished score. So solutions come from the solver in the order or by the law asked for, and the first
ones that also keep what is judged are the answers. That is exact: the best answer is the first of all solutions in
order of cost that keeps everything, and a random one has its probability among those that keep everything. It is
proven but where choices were open and those of some solutions were passed over: `Answer.is_proven`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count, islice
from typing import Any

from theorygen.compose.alike import OF_NOTES, name_of
from theorygen.compose.screening import Answer, BrokenRules, Screen
from theorygen.compose.tasks import Question, Task
from theorygen.rules.check import Violation
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.engines import choose
from theorygen.solve.engines.form import RANKED, Engine
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

__all__ = ["Answer", "BrokenRules", "answers"]

PATIENCE = 20
"""Solutions with the same choices that break the same rules at the same places before others are tried instead."""

DEFAULT_SEED = 1

MOST_SECONDS = 60
"""So long an engine that searches may search."""


class NothingFound(Exception):
    """An engine that searches found nothing: in time, or at all."""


def answers(task: Task, question: Question, workshop: Workshop | None = None) -> list[Answer]:
    """The answers to a question, in order.

    Fewer than asked for come back when there are no more, or none after `MOST_TRIES` solutions in a row.

    Args:
        task: what is to be voiced.
        question: which answers are asked for.
        workshop: tables to share with earlier tasks of the same rules and ensemble.

    Raises:
        NoSolution: nothing keeps the rules that are solved.
        BrokenRules: no solution looked at keeps those that are judged, too.
        NothingFound: an engine that searches found nothing, in `MOST_SECONDS` or at all.
        InputError: the engine asked for cannot answer, or none can.
    """
    engine, _ = engine_for(task, question)
    screen = Screen(task, {"style": task.style.name, **_law(task, question)})
    if engine.refuses(task.problem, RANKED):
        return [_best_by(engine, screen, workshop)]
    try:
        solutions = Solutions(task.problem, workshop)
    except DeadEnd as end:
        raise explain_dead_end(task.problem, end.position, workshop).located(task.where) from None
    found: list[Answer] = []
    try:
        found.extend(islice(_found(solutions, screen, question, workshop), question.count))
    except BrokenRules:
        if not found:
            raise
    if not found:
        screen.give_up(not screen.passed_over)
    return found


def _found(solutions: Solutions, screen: Screen, question: Question, workshop: Workshop | None) -> Iterator[Answer]:
    """The answers one after the other."""
    if question.kind in ("sample", "uniform"):
        draws = map(screen.answer, _draws(solutions, question, screen.task))
        yield from (answer for answer in draws if not screen.broken(answer))
        return
    best = screen.answer(solutions.best())
    if question.count == 1 and not screen.broken(best):
        yield best
    else:
        yield from _InOrder(solutions, screen, question.distinct, workshop).answers()


def engine_for(task: Task, question: Question) -> tuple[Engine, str]:
    """The engine that answers a question, and why it is this one.

    Raises:
        InputError: the engine asked for cannot answer, or none can.
    """
    return choose(task.problem, question.kind, question.engine)


def _best_by(engine: Engine, screen: Screen, workshop: Workshop | None) -> Answer:
    """The best answer of an engine that knows the best solution and no order."""
    problem = screen.task.problem
    found = engine.best(problem, workshop or Workshop(problem.rules, problem.ensemble), MOST_SECONDS)
    if found.solution is None:
        raise _nothing_found(screen.task, engine, found.proven)
    answer = replace(screen.answer(found.solution), is_proven=found.proven)
    if screen.broken(answer):
        screen.give_up(False)
    return answer


def _nothing_found(task: Task, engine: Engine, is_proven: bool) -> Exception:
    """Why an engine has no solution."""
    if not is_proven:
        return NothingFound(f"engine '{engine.name}' found no solution in {MOST_SECONDS} seconds")
    alone = replace(task.problem, relations=())
    try:
        Solutions(alone)
    except DeadEnd as end:
        return explain_dead_end(alone, end.position).located(task.where)
    names = ", ".join(dict.fromkeys(map(str, task.problem.relations)))
    return NothingFound(f"no voicing keeps all hard rules and what notes that stand apart owe each other: {names}")


def _law(task: Task, question: Question) -> dict[str, Any]:
    """Words about the question that the score keeps."""
    if question.kind in ("best", "ranked"):
        return {}
    law: dict[str, Any] = {"seed": _seed(question)}
    return law | ({"temperature": temperature_of(task, question)} if question.kind == "sample" else {"law": "uniform"})


def _seed(question: Question) -> int:
    return DEFAULT_SEED if question.seed is None else question.seed


def temperature_of(task: Task, question: Question) -> float:
    """The temperature of a random answer: the one asked for, or the style's."""
    return task.style.temperature if question.temperature is None else question.temperature


def _draws(solutions: Solutions, question: Question, task: Task) -> Iterator[Solution]:
    """Random solutions without end."""
    chance = Chance(_seed(question)).child("voices")
    if question.kind == "uniform":
        return solutions.uniforms(chance)
    return solutions.samples(chance, temperature_of(task, question))


class _InOrder:
    """Sound answers in order of cost, no two alike in what they must differ in.

    Solutions come group by group: those with the same choices, chords with their cadences, are one group, the best
    member first. A group is left for the next one when a rule that looks at chords alone is broken, as all its members
    break it, and when its members keep breaking the same rules at the same places.
    """

    def __init__(self, solutions: Solutions, screen: Screen, distinct: str, workshop: Workshop | None) -> None:
        self.solutions = solutions
        self.screen = screen
        self.distinct = distinct
        self.workshop = workshop
        self._order = count()
        self._waiting: list[tuple[int, int, Solution, _Group]] = []
        self._told: set[Hashable] = set()

    def answers(self) -> Iterator[Answer]:
        """All of them, the best first."""
        for solution, group in self._members():
            name = name_of(solution, self.distinct, len(self.solutions.problem.positions))
            answer = self.screen.answer(solution)
            broken = [] if name in self._told else self.screen.broken(answer)
            if not broken:
                if name not in self._told:
                    yield answer
                self._told.add(name)
                self._after_sound(group)
            elif not self.screen.is_of_chords(answer, broken):
                self._after_broken(solution, group, broken)

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
        groups = self.solutions.in_order("choices")
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

    def _push(self, group: _Group) -> None:
        """Let the next member of a group wait for its turn."""
        member = next(group.members, None)
        if member is not None:
            heappush(self._waiting, (_total(member), next(self._order), member, group))


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
