"""The same tables searched by backtracking: python-constraint."""

from __future__ import annotations

from constraint import Problem

from benchmarks.tables import Tables


def _problem(tables: Tables) -> Problem:
    problem = Problem()
    for index, domain in enumerate(tables.domains):
        problem.addVariable(index, domain.tolist())
    for index, edges in enumerate(tables.edges):
        legal = set(map(tuple, edges[:, :2].tolist()))
        problem.addConstraint(lambda before, after, legal=legal: (before, after) in legal, (index, index + 1))
    return problem


def first_solution(tables: Tables) -> dict[int, int] | None:
    """Any solution, whatever it costs."""
    return _problem(tables).getSolution()


def count(tables: Tables) -> int:
    """How many solutions there are, by listing them."""
    return len(_problem(tables).getSolutions())
