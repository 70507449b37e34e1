"""Engines that search, over a constraint library: what they share.

They are given cheap ways first, then dearer ones. The rules without memory alone are a lower bound of what a solution
costs; so if the best solution among all ways up to some cost costs no more than that, it is the best of all.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.relation_demands import Copy, Demand, Twelve
from theorygen.solve.answers import Solution
from theorygen.solve.engines.form import BEST, COUNT, FIRST, NO_LIMIT, Engine, Outcome
from theorygen.solve.network import Model, Network, model_of
from theorygen.solve.problem import Arcs, Problem
from theorygen.solve.relations import is_impossible, post, pruned
from theorygen.solve.steps import Steps, is_held, least_price, steps_of, unrolled
from theorygen.solve.trellis import DeadEnd
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
    """An engine that hands a network to a library.

    Attributes:
        width: thousandths above the lower bound that are tried first.
    """

    extra = "global"
    width = WIDTH

    def refuses(self, problem: Problem, question: str) -> str:
        """It finds and counts."""
        if question not in (BEST, FIRST, COUNT):
            return "it finds the best solution, finds any, or counts; random and ranked ones need the layered solver"
        if problem.tally is not None:
            return "faults are asked for and counted, which only the layered solver does"
        demands = [demand for relation in problem.relations for demand in relation.demands]
        if is_held(problem) and any(isinstance(demand, Twelve) for demand in demands):
            return "chords may be held here, so it is open which notes make up each row"
        if question == COUNT and problem.syntax:
            return _uncountable(problem, demands)
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
        steps = _steps(problem, workshop)
        if steps is None or is_impossible(problem):
            return 0
        if steps.is_cut:
            return None
        return 0 if steps.least is None else self.number(_posted(problem, steps).network, limit)


def _uncountable(problem: Problem, demands: Sequence[Demand]) -> str:
    """Why the solutions of a problem with a syntax cannot be counted one by one; "" when they can."""
    if not all(map(_is_deterministic, problem.syntax.layers)):  # type: ignore[union-attr]
        return "the syntax has several ways to the same music, which only the layered solver counts once"
    if is_held(problem) and any(isinstance(demand, Copy) and demand.shift is None for demand in demands):
        return "chords may be held here, so that a motif may have no note to tell how far it is transposed"
    return ""


def _steps(problem: Problem, workshop: Workshop) -> Steps | None:
    """All states and edges on ways from beginning to end, or None when there is no solution even without relations.

    Raises:
        TooLarge: chords may be held, and nothing is left of what had to be bounded.
    """
    try:
        steps = unrolled(problem, workshop) if is_held(problem) else steps_of(problem, workshop)
    except DeadEnd:
        return None
    steps = pruned(problem, steps)
    return steps if steps.least is None else steps.within(None)


def _is_deterministic(arcs: Arcs) -> bool:
    """Whether state and choice always tell the next state."""
    ways = np.stack([arcs.source, arcs.choice], axis=1)
    return len(np.unique(ways, axis=0)) == len(ways)


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
        self.steps = _steps(problem, workshop)
        self.solution: Solution | None = None
        self.cost: int | None = None

    def solve(self, any_will_do: bool) -> Outcome:
        """The answer."""
        if self.steps is None or is_impossible(self.problem):
            return Outcome(None, None, 0, True)
        if self.steps.least is None:
            return Outcome(None, None, 0, not self.steps.is_cut)
        price = 0 if self.steps.trellis else least_price(self.problem)
        least, width = self.steps.least, self.engine.width
        bound = least + price
        while True:
            part = self.steps.within(least + width)
            if not self._look(part, any_will_do):
                return Outcome(self.solution, self.cost, bound, False)
            if part.size == self.steps.size:
                return self._proven(bound, any_will_do)
            bound = least + price + width + 1
            if self.cost is not None and (any_will_do or self.cost < bound):
                return self._proven(bound, any_will_do)
            width = WIDER * width if self.cost is None else self.cost - price - least

    def _look(self, part: Steps, any_will_do: bool) -> bool:
        """Search some of the ways and keep what is better; whether the search came to its end."""
        model = _posted(self.problem, part)
        found = self.engine.minimise(model.network, self.end - time.monotonic(), any_will_do)
        if found.values is not None and found.charge is not None and (self.cost is None or found.charge < self.cost):
            self.solution, self.cost = model.solution(found.values), found.charge
        return found.complete

    def _proven(self, bound: int, any_will_do: bool) -> Outcome:
        """The answer, when nothing more need be searched for; any solution may happen to be the best."""
        assert self.steps is not None
        if self.cost is None:
            return Outcome(None, None, min(bound, self.steps.cut), not self.steps.is_cut)
        bound = min(bound if any_will_do else self.cost, self.cost, self.steps.cut)
        return Outcome(self.solution, self.cost, bound, bound == self.cost)
