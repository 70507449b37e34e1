"""OR-Tools CP-SAT: tables become clauses, and several searches run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from theorygen.solve.engines.constraint import ConstraintEngine, Found
from theorygen.solve.network import Network

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

WORKERS = 8
"""Searches side by side, on however many cores: fewer are slower, as each has another way of looking."""


class CpSat(ConstraintEngine):
    """OR-Tools CP-SAT."""

    name = "cp-sat"
    about = "OR-Tools CP-SAT searches, with a proof at the end"
    package = "ortools"
    extra = "cp-sat"
    rank = 2
    in_turn = True
    """Whether the searches take turns, so that every run finds the same solution; without it they are faster."""

    def minimise(self, network: Network, seconds: float, any_will_do: bool) -> Found:
        """The least charge."""
        from ortools.sat.python import cp_model

        model, variables, charges = _model(network)
        model.minimize(sum(charges))
        solver = _solver(seconds)
        solver.parameters.num_workers = WORKERS
        solver.parameters.interleave_search = self.in_turn
        solver.parameters.stop_after_first_solution = any_will_do
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(None, None, status == cp_model.INFEASIBLE)
        values = [solver.value(variable) for variable in variables]
        return Found(values, round(solver.objective_value), any_will_do or status == cp_model.OPTIMAL)

    def number(self, network: Network, seconds: float) -> int | None:
        """One search that stops at nothing before it has seen all."""
        from ortools.sat.python import cp_model

        model, _, _ = _model(network, costs=False)
        solver, counter = _solver(seconds), _counter(cp_model)
        solver.parameters.enumerate_all_solutions = True
        status = solver.solve(model, counter)
        return counter.total if status in (cp_model.OPTIMAL, cp_model.INFEASIBLE) else None


def _model(network: Network, costs: bool = True) -> tuple[Any, list[Any], list[Any]]:
    """The network as a model, its variables, and what the tables charge."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    variables = [_variable(model, domain) for domain in network.domains]
    charges: list[Any] = []
    for table in network.tables:
        columns, rows, charge = [variables[one] for one in table.variables], table.rows, table.charge
        if costs and (charge != charge[:1]).any():
            charges.append(_variable(model, charge))
            columns, rows = [*columns, charges[-1]], np.column_stack([rows, charge])
        elif costs and len(charge):
            charges.append(int(charge[0]))
        model.add_allowed_assignments(columns, rows.tolist())
    for some in network.different:
        model.add_all_different([variables[one] for one in some])
    for total in network.sums:
        domain = cp_model.Domain.from_values(list(total.allowed))
        model.add_linear_expression_in_domain(sum(variables[one] for one in total.variables), domain)
    return model, variables, charges


def _variable(model: cp_model.CpModel, values: Any) -> cp_model.IntVar:
    from ortools.sat.python import cp_model

    return model.new_int_var_from_domain(cp_model.Domain.from_values(np.unique(values).tolist()), "")


def _solver(seconds: float) -> cp_model.CpSolver:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(min(seconds, 1e9), 0.0)
    solver.parameters.random_seed = 1
    return solver


def _counter(cp_model: Any) -> Any:
    class Counter(cp_model.CpSolverSolutionCallback):
        """Counts."""

        total = 0

        def on_solution_callback(self) -> None:
            """One more."""
            self.total += 1

    return Counter()


ENGINE = CpSat()
