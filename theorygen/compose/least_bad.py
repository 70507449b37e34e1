"""The least bad music where nothing keeps every hard rule: written all the same, and marked as what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from theorygen.compose.answering import NothingFound
from theorygen.compose.screening import Answer, BrokenRules, naming
from theorygen.compose.tasks import Task
from theorygen.rules.check import Violation
from theorygen.solve.conflict import NoSolution
from theorygen.solve.conflict_texts import Texts
from theorygen.solve.judging import Broken
from theorygen.solve.relaxation import least_bad

MARK = "breaks rules"
"""Stands in the title."""


@dataclass(frozen=True)
class LeastBadAnswer:
    """Music that breaks hard rules.

    Attributes:
        answer: the music; its title and its metadata say so.
        broken: the hard rules the checker finds broken, in time order.
        given_up: what else is not as it was asked, as sentences.
        is_proven: whether no music breaks fewer of the rules that are solved.
    """

    answer: Answer
    broken: tuple[Violation, ...]
    given_up: tuple[str, ...]
    is_proven: bool


def least_bad_answer(task: Task, failure: NoSolution | BrokenRules | NothingFound) -> LeastBadAnswer:
    """The music that breaks as few hard rules as possible.

    Where only rules that are judged on the finished score are broken it is the first one that was looked at. What notes
    that stand apart owe each other is not kept, only told with what is broken.

    Args:
        task: what was to be voiced.
        failure: why it could not be.

    Raises:
        NoSolution: what is given contradicts itself, whatever the rules.
    """
    if isinstance(failure, BrokenRules):
        return _marked(failure.nearest, (), False)
    try:
        found = least_bad(replace(task.problem, relations=()))
    except NoSolution as conflict:
        raise conflict.located(task.where) from None
    texts = Texts(task.problem, task.where)
    is_proven = found.proven and not task.problem.relations
    answer = Answer(task, found.solution, task.score(found.solution, {"style": task.style.name}), is_proven)
    given_up = tuple(texts.demand(element) for element in found.relaxed)
    return _marked(answer, (*given_up, *_passed_over(task, answer, found.faults)), is_proven)


def _passed_over(task: Task, answer: Answer, faults: Sequence[Broken]) -> Iterator[str]:
    """What the solver had to break and the checker hears otherwise: a given note foreign to its chord, say, that stands
    as an embellishment."""
    confirmed = {one.rule for one in answer.violations if one.hard}
    for one in faults:
        if one.rule.name not in confirmed:
            yield f"{task.where(one.position, one.position + 1)}: {one.message} [{one.rule.name}]"


def _marked(answer: Answer, given_up: tuple[str, ...], is_proven: bool) -> LeastBadAnswer:
    """The answer with what it breaks in its title and its metadata."""
    broken = tuple(one for one in answer.violations if one.hard)
    titled = replace(answer, score=replace(answer.score, title=f"{answer.score.title} ({MARK})"))
    return LeastBadAnswer(naming(titled, broken), broken, given_up, is_proven)
