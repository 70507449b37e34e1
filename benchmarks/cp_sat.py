"""The same optimum from a constraint engine: OR-Tools CP-SAT over table constraints."""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from benchmarks.tables import Tables

WORKERS = 8


@dataclass(frozen=True)
class Answer:
    """What CP-SAT says.

    Attributes:
        cost: of the best solution found, thousandths; None when there is none.
        proven: whether nothing is better, or there is provably no solution.
        bound: no solution costs less, thousandths.
    """

    cost: int | None
    proven: bool
    bound: float


def model_of(tables: Tables) -> cp_model.CpModel:
    """One variable a position, one table a step; a column of each table is what the step costs."""
    model = cp_model.CpModel()
    states = [model.new_int_var_from_domain(cp_model.Domain.from_values(domain.tolist()), f"chord {index}")
              for index, domain in enumerate(tables.domains)]
    costs = [_cost(model, tables.start.tolist(), "start")]
    model.add_allowed_assignments([states[0], costs[0]], list(enumerate(tables.start.tolist())))
    for index, edges in enumerate(tables.edges):
        costs.append(_cost(model, edges[:, 2].tolist(), f"step {index}"))
        model.add_allowed_assignments([states[index], states[index + 1], costs[-1]], edges.tolist())
    model.minimize(sum(costs))
    return model


def _cost(model: cp_model.CpModel, values: list[int], name: str) -> cp_model.IntVar:
    return model.new_int_var_from_domain(cp_model.Domain.from_values(values or [0]), name)


def solve(tables: Tables, limit: float = 60.0) -> Answer:
    """The optimum, or the best found within ``limit`` seconds."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = WORKERS
    status = solver.solve(model_of(tables))
    if status == cp_model.INFEASIBLE:
        return Answer(None, True, 0)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    cost = round(solver.objective_value) if found else None
    return Answer(cost, status == cp_model.OPTIMAL, solver.best_objective_bound)
