"""OR-Tools CP-SAT: for the optimum a literal for each edge, else a variable for each chord.

With tables of edges and costs it proves the same optimum later: the linear relaxation of a flow says more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ortools.sat.python import cp_model

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row, Tables

WORKERS = 8


@dataclass
class _Model:
    """The engine's model, and for each position what says which candidate it takes.

    That is one variable where solutions are listed, and lists of literals for each candidate for the optimum.
    """

    model: cp_model.CpModel
    chords: list[cp_model.IntVar]
    taken: list[dict[int, list[cp_model.IntVar]]]

    def row(self, solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> Row:
        """The solution that was found."""
        if self.chords:
            return [solver.value(chord) for chord in self.chords]
        return [next(one for one, literals in taken.items() if any(map(solver.boolean_value, literals)))
                for taken in self.taken]


def _model(case: Case, question: str) -> _Model:
    return _flow(case.tables) if question == "optimum" else _chords(case.tables)


def _chords(tables: Tables) -> _Model:
    """One variable a chord, one table a step."""
    model = cp_model.CpModel()
    chords = [model.new_int_var_from_domain(cp_model.Domain.from_values(domain.tolist()), "")
              for domain in tables.domains]
    for index, edges in enumerate(tables.edges):
        model.add_allowed_assignments(chords[index : index + 2], edges[:, :2].tolist())
    return _Model(model, chords, [])


def _flow(tables: Tables) -> _Model:
    """One literal an edge: what flows into a voicing flows out of it."""
    model = cp_model.CpModel()
    starts = {one: model.new_bool_var("") for one in tables.domains[0].tolist()}
    taken = [{one: [literal] for one, literal in starts.items()}]
    literals, costs = list(starts.values()), [int(tables.start[one]) for one in starts]
    model.add_exactly_one(literals)
    for edges in tables.edges:
        leaving, reached = defaultdict(list), defaultdict(list)
        for before, after, cost in edges.tolist():
            literal = model.new_bool_var("")
            leaving[before].append(literal)
            reached[after].append(literal)
            literals.append(literal)
            costs.append(cost)
        for one in sorted(taken[-1].keys() | leaving.keys()):
            model.add(sum(taken[-1].get(one, ())) == sum(leaving.get(one, ())))
        model.add_exactly_one(literal for some in reached.values() for literal in some)
        taken.append(dict(reached))
    model.minimize(cp_model.LinearExpr.weighted_sum(literals, costs))
    return _Model(model, [], taken)


def _solver(limit: float, workers: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = workers
    return solver


def _best(model: _Model, limit: float) -> Answer:
    solver = _solver(limit, WORKERS)
    status = solver.solve(model.model)
    if status == cp_model.INFEASIBLE:
        return Answer(complete=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(bound=solver.best_objective_bound)
    cost = round(solver.objective_value) if model.taken else None
    return Answer([model.row(solver)], cost, status == cp_model.OPTIMAL, solver.best_objective_bound)


class _Listed(cp_model.CpSolverSolutionCallback):
    """Keeps solutions as they come, up to a number; counts them all."""

    def __init__(self, model: _Model, most: int) -> None:
        super().__init__()
        self.model, self.most = model, most
        self.rows: list[Row] = []
        self.number = 0

    def on_solution_callback(self) -> None:
        """Called by the solver at each solution."""
        self.number += 1
        if len(self.rows) < self.most:
            self.rows.append(self.model.row(self))
            if len(self.rows) == self.most:
                self.stop_search()


def _several(model: _Model, limit: float) -> Answer:
    solver, listed = _solver(limit, 1), _Listed(model, SEVERAL)
    solver.parameters.enumerate_all_solutions = True
    solver.solve(model.model, listed)
    return Answer(listed.rows, complete=len(listed.rows) == SEVERAL)


def _count(model: _Model, limit: float) -> Answer:
    solver, listed = _solver(limit, 1), _Listed(model, 0)
    solver.parameters.enumerate_all_solutions = True
    status = solver.solve(model.model, listed)
    return Answer(value=listed.number, complete=status in (cp_model.OPTIMAL, cp_model.INFEASIBLE))


ENGINE = Engine("OR-Tools CP-SAT", f"optimum as a flow of literals; {WORKERS} workers, 1 to list solutions", None,
                _model, _best, _best, _several, _count)
