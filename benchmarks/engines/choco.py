"""pychoco: one variable a chord; tables, and for the optimum one automaton whose path has the cost."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from pychoco import Model
from pychoco.objects.automaton.cost_automaton import make_single_resource
from pychoco.objects.automaton.finite_automaton import FiniteAutomaton
from pychoco.solver import Solver
from pychoco.variables.intvar import IntVar

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row, Tables


@dataclass
class _Model:
    """The engine's model, the variable of each chord, and for the optimum that of the cost."""

    model: Model
    chords: list[IntVar]
    cost: IntVar | None = None

    @property
    def solver(self) -> Solver:
        """What searches it."""
        return self.model.get_solver()

    def row(self) -> Row:
        """The solution the search stands at."""
        return [chord.get_value() for chord in self.chords]


def _model(case: Case, question: str) -> _Model:
    model = Model()
    chords = [model.intvar(domain.tolist()) if len(domain) > 1 else model.intvar(int(domain[0]), int(domain[0]))
              for domain in case.tables.domains]
    if question == "optimum":
        return _Model(model, chords, _priced(model, chords, case.tables))
    for index, edges in enumerate(case.tables.edges):
        model.table(chords[index : index + 2], edges[:, :2].tolist()).post()
    if question == "several":
        model.get_solver().set_random_search(*chords, seed=1)
        model.get_solver().set_restart_on_solutions()
    return _Model(model, chords)


def _priced(model: Model, chords: list[IntVar], tables: Tables) -> IntVar:
    """Tie the chords to their cost: states are voicings, a step is dear beyond all bounds where no edge is."""
    size, most = max(int(domain.max()) for domain in tables.domains) + 1, tables.most
    automaton = FiniteAutomaton()
    for _ in range(size + 1):
        automaton.add_state()
    automaton.set_initial_state(size)
    for voicing in range(size):
        automaton.set_final(voicing)
        for before in range(size + 1):
            automaton.add_transition(before, voicing, voicing)
    costs = [[[most + 1] * (size + 1) for _ in range(size)] for _ in chords]
    for voicing in tables.domains[0].tolist():
        costs[0][voicing][size] = int(tables.start[voicing])
    for layer, edges in zip(costs[1:], tables.edges, strict=True):
        for before, after, cost in edges.tolist():
            layer[after][before] = cost
    total = model.intvar(0, most)
    model.cost_regular(chords, total, make_single_resource(automaton, costs, 0, most)).post()
    model.get_solver().set_input_order_lb_search(total, *chords)
    return total


def _optimum(model: _Model, limit: float) -> Answer:
    solver = model.solver
    found = solver.find_optimal_solution(model.cost, False, time_limit=f"{limit:.2f}s")
    ended = solver.get_search_state() == "TERMINATED"
    if found is None:
        return Answer(complete=ended)
    row = [found.get_int_val(chord) for chord in model.chords]
    return Answer([row], found.get_int_val(model.cost), ended)


def _some(model: _Model, limit: float, number: int) -> Answer:
    rows: list[Row] = []
    solver = model.solver
    solver.limit_time(f"{limit:.2f}s")
    while len(rows) < number and solver.solve():
        rows.append(model.row())
    return Answer(rows, complete=len(rows) == number)


def _count(model: _Model, limit: float) -> Answer:
    number, solver, start = 0, model.solver, perf_counter()
    while solver.solve():
        number += 1
        if number % 1024 == 0 and perf_counter() - start > limit:
            return Answer(value=number)
    return Answer(value=number, complete=True)


ENGINE = Engine("pychoco", "tables; cost-regular for the optimum; random branching for 1,000", 1, _model,
                lambda model, limit: _some(model, limit, 1), _optimum,
                lambda model, limit: _some(model, limit, SEVERAL), _count)
