"""The layered solver: everything that reads from left to right, exactly, without any search."""

from __future__ import annotations

from theorygen.solve import answers
from theorygen.solve.answers import DeadEnd
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
        """The best solution, always proven; it takes no longer for a harder problem, so no limit is looked at."""
        try:
            solution = answers.best(problem, workshop)
        except DeadEnd:
            return Outcome(None, None, 0, True)
        cost = solution.cost + solution.price
        return Outcome(solution, cost, cost, True)

    first = best

    def count(self, problem: Problem, workshop: Workshop, limit: float = NO_LIMIT) -> int | None:
        """The exact number of solutions."""
        return answers.count(problem, workshop)


ENGINE = Layered()
