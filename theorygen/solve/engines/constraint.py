"""Engines that search, over a constraint library: what they share.

They are given cheap ways first, then dearer ones. The rules without memory alone are a lower bound of what a solution
costs; so if the best solution among all ways up to some cost costs no more than that, it is the best of all.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from theorygen.solve.engines.form import BEST, COUNT, FIRST, NO_LIMIT, Engine, Outcome
from theorygen.solve.network import Model, Network, model_of
from theorygen.solve.problem import HOLD, Problem
from theorygen.solve.relations import post
from theorygen.solve.steps import Steps, least_price, steps_of
from theorygen.solve.workshop import Workshop

WIDTH = 8_000
"""Thousandths above the lower bound that are tried first."""

WIDER = 3
"""How much wider each next try is, where there is no solution yet to say how wide it must be."""


@dataclass(frozen=True)
class Found:
    """What a library says of a network.

    Attributes:
        values: of all variables in the best solution found, or None.
        charge: what it costs, in thousandths; None without a solution.
        complete: whether the search came to its end: nothing is better, or there is nothing.
    """

    values: Sequence[int] | None
    charge: int | None
    complete: bool


class ConstraintEngine(Engine):
    """An engine that hands a network to a library."""

    extra = "global"

    def refuses(self, problem: Problem, question: str) -> str:
        """It finds and counts, and knows nothing of held chords."""
        if question not in (BEST, FIRST, COUNT):
            return "it finds the best solution, finds any, or counts; random and ranked ones need the layered solver"
        if problem.syntax and any((arcs.choice == HOLD).any() for arcs in problem.syntax.layers):
            return "chords may be held here, which only the layered solver knows"
        if problem.tally is not None:
            return "faults are asked for and counted, which only the layered solver does"
        return ""

    @abstractmethod
    def minimise(self, network: Network, seconds: float, any_will_do: bool) -> Found:
        """The solution of a network for which the charges of all tables add up to the least.

        Args:
            network: the network.
            seconds: when to stop, with the best found so far.
            any_will_do: whether to stop at the first solution.
        """

    @abstractmethod
    def number(self, network: Network, seconds: float) -> int | None:
        """How many solutions a network has, or None when there was no time to find them all."""

    def best(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> Outcome:
        """The best solution, found among ever more ways."""
        return _Narrowed(self, problem, workshop, limit).solve(any_will_do=False)

    def first(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> Outcome:
        """Any solution, most likely a good one."""
        return _Narrowed(self, problem, workshop, limit).solve(any_will_do=True)

    def count(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> int | None:
        """The exact number of solutions, found one by one."""
        steps = steps_of(problem, workshop).within(None)
        return self.number(_posted(problem, steps).network, limit) if steps.least is not None else 0


def _posted(problem: Problem, steps: Steps) -> Model:
    """The network of a problem with its relations."""
    model = model_of(problem, steps)
    post(model)
    return model


class _Narrowed:
    """One question, asked of more and more ways."""

    def __init__(self, engine: ConstraintEngine, problem: Problem, workshop: Workshop, limit: float) -> None:
        self.engine = engine
        self.problem = problem
        self.end = time.monotonic() + limit
        self.steps = steps_of(problem, workshop).within(None)
        self.price = least_price(problem)
        self.best = Outcome(None, None, 0, True)

    def solve(self, any_will_do: bool) -> Outcome:
        """The answer."""
        if self.steps.least is None:
            return self.best
        width = WIDTH
        bound = self.steps.least + self.price
        while True:
            part = self.steps.within(self.steps.least + width)
            model = _posted(self.problem, part)
            found = self.engine.minimise(model.network, self.end - time.monotonic(), any_will_do)
            self._take(model, found)
            cost = self.best.cost
            if not found.complete:
                return Outcome(self.best.solution, cost, bound, False)
            whole = part.size == self.steps.size
            bound = self.steps.least + width + self.price + 1
            if whole or (cost is not None and (any_will_do or cost < bound)):
                proven = not any_will_do or cost is None or cost <= bound
                return Outcome(self.best.solution, cost, bound if cost is None else min(bound, cost), proven)
            width = WIDER * width if cost is None else cost - self.price - self.steps.least

    def _take(self, model: Model, found: Found) -> None:
        """Keep what was found, if it is better."""
        if found.values is not None and (self.best.cost is None or found.charge < self.best.cost):  # type: ignore[operator]
            solution = model.solution(found.values)
            self.best = Outcome(solution, found.charge, 0, False)
