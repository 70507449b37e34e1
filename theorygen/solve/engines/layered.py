"""The layered solver: everything that reads from left to right, exactly, without any search."""

from __future__ import annotations

from theorygen.solve.answers import DeadEnd, Solutions
from theorygen.solve.engines.form import NO_LIMIT, Engine, Outcome
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop


class Layered(Engine):
    """Dynamic programming over a layered graph of voicings."""

    name = "layered"
    about = "every rule here reads from left to right, so all solutions are covered at once"
    rank = 0

    def refuses(self, problem: Problem, question: str) -> str:
        """It counts from left to right, but knows no other relations between notes that stand apart."""
        apart = [relation for relation in problem.relations if not relation.is_total]
        if apart:
            names = ", ".join(dict.fromkeys(str(relation) for relation in apart))
            return f"notes that stand apart depend on each other ({names}), which cannot be read from left to right"
        return ""

    def best(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> Outcome:
        """The best solution; it takes no longer for a harder problem, so no limit is looked at.

        Proven, but where a problem was too large and states were left out: then nothing left out costs less than the
        bound.

        Raises:
            TooLarge: nothing is left of what had to be bounded.
        """
        try:
            solutions = Solutions(problem, workshop)
        except DeadEnd:
            return Outcome(None, None, 0, True)
        solution = solutions.best()
        cost = solution.cost + solution.price
        bound = cost if solutions.cut is None else min(cost, solutions.cut)
        return Outcome(solution, cost, bound, bound == cost)

    first = best

    def count(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> int | None:
        """The exact number of solutions; None where the problem was too large and some were left out."""
        try:
            solutions = Solutions(problem, workshop)
        except DeadEnd:
            return 0
        return solutions.count() if solutions.cut is None else None


ENGINE = Layered()
