"""Answers: solutions whose scores keep every hard rule of the style under `check`.

The solver keeps the rules that can be kept from chord to chord. The others (cadences of phrases, figures, whole pieces)
are judged on the finished score. So solutions come from the solver in the order or by the law asked for, and the first
ones that also keep what is judged are the answers. That is exact: the best answer is the first of all solutions in
order of cost that keeps everything, and a random one has its probability among those that keep everything. It is
proven but where choices were open and those of some solutions were passed over: `Answer.is_proven`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from theorygen.compose.in_order import InOrder, without
from theorygen.compose.question import Question
from theorygen.compose.screening import Answer, BrokenRules, Screen
from theorygen.compose.tasks import Task
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.conflict_relations import Together, conflict_with_relations
from theorygen.solve.engines import choose
from theorygen.solve.engines.form import MARGINALS, RANKED, Engine
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

__all__ = ["Answer", "BrokenRules", "answers", "why_none"]

DEFAULT_SEED = 1

MOST_SECONDS = 60
"""So long an engine that searches may search."""


class NothingFound(Exception):
    """Relations rule all solutions out, or an engine that searches found none in time.

    Attributes:
        together: which relations and rules cannot all be kept; None where no more is known.
    """

    def __init__(self, message: str, together: Together | None = None) -> None:
        super().__init__(message)
        self.together = together


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
        NothingFound: relations rule all solutions out, or an engine that searches found none in `MOST_SECONDS`.
        InputError: the engine asked for cannot answer, or none can.
    """
    engine, _ = engine_for(task, question)
    screen = Screen(task, {"style": task.style.name, **_law(task, question)})
    if engine.refuses(task.problem, RANKED):
        return [_best_by(engine, screen, workshop)]
    try:
        solutions = Solutions(task.problem, workshop)
    except DeadEnd as end:
        raise why_none(task, end, workshop) from None
    screen.cut = solutions.cut
    while True:
        try:
            return _some(solutions, screen, question, workshop)
        except BrokenRules as failure:
            if not screen.excuse(failure, solutions.uniforms(Chance(DEFAULT_SEED).child("excuses"))):
                raise


def _some(solutions: Solutions, screen: Screen, question: Question, workshop: Workshop | None) -> list[Answer]:
    """As many answers as are asked for, or fewer.

    Raises:
        BrokenRules: there are none.
    """
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
        yield from InOrder(solutions, screen, question.distinct, workshop).answers()


def engine_for(task: Task, question: Question, marginals: bool = False) -> tuple[Engine, str]:
    """The engine that answers a question, or tells shares of all solutions, and why it is this one.

    Raises:
        InputError: the engine asked for cannot answer, or none can.
    """
    return choose(task.problem, MARGINALS if marginals else question.kind, question.engine)


def _best_by(engine: Engine, screen: Screen, workshop: Workshop | None) -> Answer:
    """The best answer of an engine that knows the best solution and no order.

    Where chords alone are at fault, a single choice that is leaves the problem, and the engine is asked again.
    """
    problem, is_proven = screen.task.problem, True
    while True:
        found = engine.best(problem, workshop or Workshop(problem.rules, problem.ensemble), MOST_SECONDS)
        if found.solution is None:
            screen.give_up(is_proven and found.proven)
            raise _nothing_found(screen.task, engine, found.proven)
        is_proven = is_proven and found.proven
        answer = replace(screen.answer(found.solution), is_proven=is_proven)
        broken = screen.broken(answer)
        if not broken:
            return answer
        fault = screen.at_fault(answer, broken)
        if fault is None or len(fault) != 1:
            screen.give_up(fault is not None and not fault)
        else:
            try:
                problem = without(problem, *next(iter(fault)))
            except DeadEnd:
                screen.give_up(True)


def _nothing_found(task: Task, engine: Engine, is_proven: bool) -> Exception:
    """Why an engine has no solution."""
    if not is_proven:
        return NothingFound(f"engine '{engine.name}' found no solution in {MOST_SECONDS} seconds")
    return _why_none_together(task)


def why_none(task: Task, end: DeadEnd, workshop: Workshop | None = None) -> Exception:
    """Why a task has no solution: `NoSolution`, or `NothingFound` where only its relations rule all of them out.

    Args:
        task: what was to be voiced.
        end: where the solver found no way on.
        workshop: tables of the task's rules and ensemble, if there are some already.
    """
    if task.problem.relations:
        return _why_none_together(task)
    return explain_dead_end(task.problem, end.position, workshop).located(task.where)


def _why_none_together(task: Task) -> Exception:
    """Why nothing keeps rules and relations: a conflict looks at stretches, and relations at the whole."""
    alone = replace(task.problem, relations=())
    try:
        Solutions(alone)
    except DeadEnd as end:
        return explain_dead_end(alone, end.position).located(task.where)
    together = conflict_with_relations(task.problem)
    return NothingFound(str(together), together)


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
