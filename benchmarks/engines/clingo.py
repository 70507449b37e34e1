"""clingo: a voicing chosen for the first chord, then an edge of the table at a time."""

from __future__ import annotations

from collections.abc import Callable

import clingo

from benchmarks.engines.form import SEVERAL, Answer, Case, Engine
from benchmarks.tables import Row, Tables

PROGRAM = """
{at(0, V) : start(V, _)} = 1.
{at(T + 1, W) : edge(T, V, W, _)} = 1 :- at(T, V), step(T).
#show at/2.
"""
CHEAPEST = "#minimize{C, T : at(T, V), at(T + 1, W), edge(T, V, W, C); C, start : at(0, V), start(V, C)}."
SETTINGS = {
    "first": [],
    "optimum": ["--opt-strategy=usc,oll,stratify,disjoint,succinct"],
    "several": ["--enum-mode=record", "--restart-on-model", "--rand-freq=0.3", "--sign-def=rnd"],
    "count": [],
}
"""Measured: plain core-guided search (usc) proves nothing at sixteen chords, as costs are of many sizes; stratified it
does, before branch and bound. To list solutions it often chooses at random, and starts again after each."""


def _facts(tables: Tables) -> str:
    starts = [f"start({one},{tables.start[one]})." for one in tables.domains[0].tolist()]
    steps = [f"step({step})." for step in range(len(tables.edges))]
    edges = [f"edge({step},{before},{after},{cost})." for step, table in enumerate(tables.edges)
             for before, after, cost in table.tolist()]
    return "".join(starts + steps + edges)


def _model(case: Case, question: str) -> clingo.Control:
    control = clingo.Control(SETTINGS[question])
    control.add("base", [], _facts(case.tables) + PROGRAM + (CHEAPEST if question == "optimum" else ""))
    control.ground([("base", [])])
    return control


def _row(model: clingo.Model) -> Row:
    pairs = [[argument.number for argument in atom.arguments] for atom in model.symbols(shown=True)]
    return [voicing for _, voicing in sorted(pairs)]


def _solve(control: clingo.Control, limit: float, keep: Callable[[clingo.Model], None] | None) -> bool:
    """Whether the search ended by itself."""
    with control.solve(on_model=keep, async_=True) as search:
        if not search.wait(limit):
            search.cancel()
        return bool(search.get().exhausted)


def _optimum(control: clingo.Control, limit: float) -> Answer:
    found: list[tuple[Row, int]] = []
    control.configuration.solve.models = 0
    ended = _solve(control, limit, lambda model: found.append((_row(model), model.cost[0])))
    bounds = control.statistics["summary"]["lower"]
    bound = bounds[0] if len(bounds) else None
    if not found:
        return Answer(complete=ended, bound=bound)
    return Answer([found[-1][0]], found[-1][1], ended, bound)


def _some(control: clingo.Control, limit: float, number: int) -> Answer:
    rows: list[Row] = []
    control.configuration.solve.models = number
    _solve(control, limit, lambda model: rows.append(_row(model)))
    return Answer(rows, complete=len(rows) == number)


def _count(control: clingo.Control, limit: float) -> Answer:
    control.configuration.solve.models = 0
    ended = _solve(control, limit, None)
    return Answer(value=int(control.statistics["summary"]["models"]["enumerated"]), complete=ended)


ENGINE = Engine("clingo", "core-guided, stratified", 1, _model, lambda control, limit: _some(control, limit, 1),
                _optimum, lambda control, limit: _some(control, limit, SEVERAL), _count)
