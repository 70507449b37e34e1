"""The form an engine fills in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.tables import Row, Tables
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop

QUESTIONS = {
    "first": "any solution",
    "optimum": "the cheapest, proven",
    "several": "1,000 solutions",
    "count": "how many there are",
}
SEVERAL = 1000


@dataclass(frozen=True)
class Case:
    """What is asked about. Other engines look at the tables only, ours has the same ones in its workshop.

    Attributes:
        tables: domains and pair tables.
        problem: the problem they are of.
        workshop: where the tables are made already.
    """

    tables: Tables
    problem: Problem
    workshop: Workshop


@dataclass(frozen=True)
class Answer:
    """What an engine says.

    Attributes:
        rows: the solutions it gives.
        value: cost of the cheapest it found in thousandths, or how many there are; None for neither.
        complete: whether it has answered: found one, proven the optimum, given as many as asked for, counted all.
        bound: no solution costs less than so many thousandths, where it says so.
    """

    rows: Sequence[Row] = ()
    value: int | None = None
    complete: bool = False
    bound: float | None = None


@dataclass(frozen=True)
class Engine:
    """One engine. Its questions get the model that it made for them, and seconds they may take.

    Attributes:
        name: as it is printed.
        settings: what it is told, in a few words.
        cores: how many cores it may use; None for all.
        model: makes what the engine reads, from a case and the question.
        first: any solution.
        optimum: the cheapest.
        several: `SEVERAL` solutions, as varied as it can.
        count: the number of solutions.
    """

    name: str
    settings: str
    cores: int | None
    model: Callable[[Case, str], Any]
    first: Callable[[Any, float], Answer]
    optimum: Callable[[Any, float], Answer]
    several: Callable[[Any, float], Answer]
    count: Callable[[Any, float], Answer]
