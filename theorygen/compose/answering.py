"""Answers: solutions whose scores keep every hard rule of the style under `check`.

The solver keeps the rules that can be kept from chord to chord. The others (cadences of phrases, figures, whole pieces)
are judged on the finished score. So solutions come from the solver in the order or by the law asked for, and the first
ones that also keep what is judged are the answers. That is exact: the best answer is the first of all solutions in
order of cost that keeps everything, and a random one has its probability among those that keep everything. It is
proven but where choices were open and those of some solutions were passed over: `Answer.is_proven`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, islice
from typing import Any

from theorygen.compose.alike import alike
from theorygen.compose.tasks import Question, Task
from theorygen.compose.verdicts import reads_chords_only
from theorygen.rules.check import Violation, check
from theorygen.rules.rule import THOUSAND
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.solve.answers import DeadEnd, Solution, Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

MOST_TRIES = 200
"""Solutions in a row that are looked at in vain before giving up."""

PATIENCE = 20
"""Solutions with the same choices that break the same rules at the same places before others are tried instead."""

DEFAULT_SEED = 1


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        task: what was to be voiced.
        solution: the voicing.
        score: the music.
        is_proven: whether nothing cheaper keeps the rules, for the best and the k best. Not proven is what came after
            choices that were passed over, as `PATIENCE` voicings of them broke the same rules at the same places.
    """

    task: Task
    solution: Solution
    score: Score
    is_proven: bool = True

    @property
    def cost(self) -> Fraction:
        """What the weighted rules that are solved charge, and the harmony."""
        return Fraction(_total(self.solution), THOUSAND)

    @cached_property
    def violations(self) -> list[Violation]:
        """Everything the checker says of the score."""
        return check(self.score, self.task.style.rules)

    @cached_property
    def costs(self) -> dict[str, Fraction]:
        """What each weighted rule that was solved charges, the dearest first."""
        sums: dict[str, int] = {}
        for violation in check(self.score, self.task.problem.rules):
            if not violation.hard:
                sums[violation.rule] = sums.get(violation.rule, 0) + violation.cost
        dearest_first = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
        return {rule: Fraction(cost, THOUSAND) for rule, cost in dearest_first}


class BrokenRules(Exception):
    """There are solutions, but all that were looked at break rules that are judged on the finished score.

    Attributes:
        nearest: the first of them, with what it breaks.
        broken: the hard rules it breaks, in time order.
        tries: how many were looked at.
        is_everything: whether there are no others.
    """

    def __init__(self, nearest: Answer, broken: list[Violation], tries: int, is_everything: bool) -> None:
        self.nearest = nearest
        self.broken = broken
        self.tries = tries
        self.is_everything = is_everything
        super().__init__("; ".join(map(str, broken)))


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
    """
    try:
        solutions = Solutions(task.problem, workshop)
    except DeadEnd as end:
        raise explain_dead_end(task.problem, end.position, workshop).located(task.where) from None
    screen = _Screen(task, {"style": task.style.name, **_law(task, question)})
    found: list[Answer] = []
    try:
        found.extend(islice(_found(solutions, screen, question, workshop), question.count))
    except BrokenRules:
        if not found:
            raise
    if not found:
        screen.give_up(not screen.passed_over)
    return found


def _found(solutions: Solutions, screen: _Screen, question: Question, workshop: Workshop | None) -> Iterator[Answer]:
    """The answers one after the other."""
    if question.kind in ("sample", "uniform"):
        draws = map(screen.answer, _draws(solutions, question, screen.task))
        yield from (answer for answer in draws if not screen.broken(answer))
        return
    best = screen.answer(solutions.best())
    if question.count == 1 and not screen.broken(best):
        yield best
    elif question.distinct == "solutions":
        yield from _InOrder(solutions, screen, workshop).answers()
    else:
        yield from _different(solutions, screen, question, workshop)


def _law(task: Task, question: Question) -> dict[str, Any]:
    """Words about the question that the score keeps."""
    if question.kind in ("best", "ranked"):
        return {}
    law: dict[str, Any] = {"seed": _seed(question)}
    return law | ({"temperature": _temperature(task, question)} if question.kind == "sample" else {"law": "uniform"})


def _seed(question: Question) -> int:
    return DEFAULT_SEED if question.seed is None else question.seed


def _temperature(task: Task, question: Question) -> float:
    return task.style.temperature if question.temperature is None else question.temperature


def _draws(solutions: Solutions, question: Question, task: Task) -> Iterator[Solution]:
    """Random solutions without end."""
    chance = Chance(_seed(question)).child("voices")
    if question.kind == "uniform":
        return solutions.uniforms(chance)
    return solutions.samples(chance, _temperature(task, question))


@dataclass
class _Screen:
    """Looks at the scores of solutions, and gives up after many that break rules.

    Attributes:
        task: what is to be voiced.
        metadata: what every score keeps.
        passed_over: groups of solutions with the same choices that may have further members.
    """

    task: Task
    metadata: dict[str, Any]
    passed_over: int = 0
    _suspects: set[str] = field(default_factory=set)
    _of_chords: dict[str, bool] = field(default_factory=dict)
    _tries: int = 0
    _nearest: tuple[Answer, list[Violation]] | None = None

    def answer(self, solution: Solution) -> Answer:
        """A solution with its score."""
        return Answer(self.task, solution, self.task.score(solution, self.metadata), not self.passed_over)

    def broken(self, answer: Answer) -> list[Violation]:
        """The hard rules a score breaks, or some of them: those that were broken before are tried first.

        Raises:
            BrokenRules: too many scores in a row did.
        """
        hard = self.task.style.rules.hard
        found = check(answer.score, RuleSet(tuple(rule for rule in hard if rule.name in self._suspects)))
        if not found:
            found = check(answer.score, RuleSet(hard))
            self._suspects |= {one.rule for one in found}
        if found and self._nearest is None:
            self._nearest = answer, found
        self._tries = self._tries + 1 if found else 0
        if self._tries >= MOST_TRIES:
            self.give_up(False)
        return found

    def is_of_chords(self, answer: Answer, broken: list[Violation]) -> bool:
        """Whether one of the broken rules looks at chords and their cadences alone."""
        for name in dict.fromkeys(one.rule for one in broken):
            if name not in self._of_chords:
                rules = [rule for rule in self.task.style.rules.hard if rule.name == name]
                self._of_chords[name] = all(reads_chords_only(rule, answer.score) for rule in rules)
        return any(self._of_chords[one.rule] for one in broken)

    def give_up(self, is_everything: bool) -> None:
        """Say that no solution keeps the rules that are judged.

        Raises:
            BrokenRules: always, if any score was looked at.
        """
        if self._nearest:
            raise BrokenRules(*self._nearest, self._tries, is_everything)


class _InOrder:
    """Sound answers in order of cost.

    Solutions come group by group: those with the same choices, chords with their cadences, are one group, the best
    member first. A group is left for the next one when a rule that looks at chords alone is broken, as all its members
    break it, and when its members keep breaking the same rules at the same places.
    """

    def __init__(self, solutions: Solutions, screen: _Screen, workshop: Workshop | None) -> None:
        self.solutions = solutions
        self.screen = screen
        self.workshop = workshop

    def answers(self) -> Iterator[Answer]:
        """All of them, the best first."""
        groups, order = self.solutions.in_order("choices"), count()
        waiting: list[tuple[int, int, Solution, _Group]] = []
        newest = next(groups, None)
        while newest is not None or waiting:
            if newest is not None and (not waiting or _total(newest) <= waiting[0][0]):
                group = _Group(self._members(newest))
                newest = next(groups, None)
            else:
                _, _, solution, group = heappop(waiting)
                answer = self.screen.answer(solution)
                broken = self.screen.broken(answer)
                if not broken:
                    yield answer
                elif self.screen.is_of_chords(answer, broken):
                    continue
                elif group.keeps_breaking(broken):
                    self.screen.passed_over += 1
                    continue
            member = next(group.members, None)
            if member is not None:
                heappush(waiting, (_total(member), next(order), member, group))

    def _members(self, solution: Solution) -> Iterator[Solution]:
        """All solutions with the choices of one, in order."""
        problem = self.solutions.problem
        if problem.syntax is None and all(len(position.choices) == 1 for position in problem.positions):
            return self.solutions.in_order()
        return Solutions(alike(problem, solution, "choices"), self.workshop).in_order()


@dataclass
class _Group:
    """Solutions with the same choices, in order."""

    members: Iterator[Solution]
    _last: frozenset[Any] = frozenset()
    _repeated: int = 0

    def keeps_breaking(self, broken: list[Violation]) -> bool:
        """Whether `PATIENCE` members that break rules have broken the same ones at the same places in a row."""
        found = frozenset((one.rule, one.onsets[-1]) for one in broken)
        self._repeated = self._repeated + 1 if found == self._last else 1
        self._last = found
        return self._repeated >= PATIENCE


def _different(solutions: Solutions, screen: _Screen, question: Question,
               workshop: Workshop | None) -> Iterator[Answer]:
    """Sound answers that differ in something, in order; each is the best sound one of those it stands for."""
    order = count()
    waiting: list[tuple[int, int, Answer]] = []
    for solution in solutions.in_order(question.distinct):
        while waiting and waiting[0][0] <= _total(solution):
            yield heappop(waiting)[2]
        answer: Answer | None = screen.answer(solution)
        if answer is not None and screen.broken(answer):
            members = Solutions(alike(solutions.problem, solution, question.distinct), workshop)
            answer = next(_InOrder(members, screen, workshop).answers(), None)
        if answer is not None:
            heappush(waiting, (_total(answer.solution), next(order), answer))
    while waiting:
        yield heappop(waiting)[2]


def _total(solution: Solution) -> int:
    """What a solution costs, rules and harmony."""
    return solution.cost + solution.price
