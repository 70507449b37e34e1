"""The form of an engine: what everything that solves problems must say of itself, and answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.util import find_spec

from theorygen.solve.answers import Solution
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop

BEST, FIRST, COUNT = "best", "first", "count"
SAMPLE, UNIFORM, RANKED, MARGINALS = "sample", "uniform", "ranked", "marginals"
QUESTIONS = (BEST, FIRST, COUNT, RANKED, SAMPLE, UNIFORM, MARGINALS)
"""What a problem may be asked."""

NO_LIMIT = float("inf")


@dataclass(frozen=True)
class Outcome:
    """What an engine found.

    Attributes:
        solution: the best solution found, or None.
        cost: what it costs, rules and syntax together, in thousandths; None without a solution.
        bound: no solution costs less, in thousandths.
        proven: whether nothing is better; without a solution, that there is none.
    """

    solution: Solution | None
    cost: int | None
    bound: int
    proven: bool


class Engine(ABC):
    """A way to solve problems, as a form to fill in: one file of this package, with an instance named ``ENGINE``.

    Libraries are imported where they are used, so that an engine whose package is missing can still say so.

    Attributes:
        name: as a user writes it.
        about: one sentence.
        package: what it needs beside theorygen, as it is imported; "" for nothing.
        extra: the extra of theorygen that installs it.
        rank: engines are tried in this order, then in that of their names.
    """

    name: str
    about: str
    package: str = ""
    extra: str = ""
    rank: int = 9

    @property
    def is_installed(self) -> bool:
        """Whether what it needs is there."""
        return not self.package or find_spec(self.package) is not None

    @property
    def missing(self) -> str:
        """What is missing, as a sentence; "" when nothing is."""
        if self.is_installed:
            return ""
        return f"it needs the package '{self.package}': pip install 'theorygen[{self.extra}]'"

    @abstractmethod
    def refuses(self, problem: Problem, question: str) -> str:
        """Why it cannot answer a question about a problem, as a sentence; "" when it can."""

    @abstractmethod
    def best(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> Outcome:
        """The solution of least cost and price, or the best found within ``limit`` seconds."""

    @abstractmethod
    def first(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> Outcome:
        """Any solution; proven only where there is none, or it happens to be the best."""

    @abstractmethod
    def count(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> int | None:
        """The exact number of solutions, or None when ``limit`` seconds are not enough."""
