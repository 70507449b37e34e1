"""Faults that music is to have: for exercises in which they are to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from theorygen.compose.tasks import Task
from theorygen.solve.requiring import read_demands, require


def with_faults(task: Task, texts: Sequence[str], only: bool) -> Task:
    """The task whose solutions have these faults and keep all other hard rules.

    Args:
        task: what is to be voiced.
        texts: the faults: ``parallel-fifths``, ``parallel-fifths@m2``, ``parallel-fifths@m3b2``; one that stands there
            several times must be there as often.
        only: whether the rules named may not be broken more often where they are named.

    Raises:
        InputError: everything wrong with the texts.
    """
    locations = [task.location(index) for index in range(len(task.moments))]
    demands = read_demands(texts, task.problem, locations)
    return replace(task, problem=require(task.problem, demands, only),
                   faults=frozenset(demand.rule for demand in demands))
