"""Choco: compact tables and propagation."""

from __future__ import annotations

from itertools import zip_longest
from math import gcd
from typing import Any

import numpy as np

from theorygen.solve.engines.constraint import ConstraintEngine, Found
from theorygen.solve.network import Network, Table

MOST = 20_000_000
"""Choco's numbers end a little above; what costs more units than this is left out, and then nothing is proven."""

_YEAR = 31_536_000


class Choco(ConstraintEngine):
    """Choco, compiled ahead of time for Python as pychoco."""

    name = "choco"
    about = "Choco searches, with a proof at the end"
    package = "pychoco"
    rank = 1

    def minimise(self, network: Network, seconds: float, any_will_do: bool) -> Found:
        """The least charge; what costs least is tried first."""
        made = _Made(network, costs=True)
        solver = made.solver(seconds)
        values, charge = None, None
        while seconds > 0 and solver.solve():
            values = [variable.get_value() for variable in made.variables]
            charge = sum(one.get_value() for one in made.charges) * made.unit + made.base
            if any_will_do:
                return Found(values, charge, True)
        ended = seconds > 0 and "TERMINATED" in str(solver.get_search_state())
        return Found(values, charge, ended and (values is not None or not made.is_cut))

    def number(self, network: Network, seconds: float) -> int | None:
        """All solutions, one by one."""
        made = _Made(network, costs=False)
        solver, total = made.solver(seconds), 0
        while seconds > 0 and solver.solve():
            total += 1
        return total if seconds > 0 and "TERMINATED" in str(solver.get_search_state()) else None


class _Made:
    """A network as a model of Choco's.

    Attributes:
        unit: thousandths in a unit of cost.
        base: thousandths that every solution costs.
        is_cut: whether something was left out because it costs too much.
    """

    def __init__(self, network: Network, costs: bool) -> None:
        from pychoco import Model

        self.model = Model()
        self.variables = [self.model.intvar(domain.tolist()) for domain in network.domains]
        charges = [table.charge for table in network.tables] if costs else []
        self.unit = gcd(*(int(one) for charge in charges if len(charge)
                          for one in np.unique(charge - charge.min()))) or 1
        self.base, self.is_cut = 0, False
        self.charges: list[Any] = []
        order: list[Any] = []
        for table, decision in zip_longest(network.tables, network.decisions):
            made = self._add(table, costs)
            order += [made, None if decision is None else self.variables[decision]]
        self.order = [one for one in order if one is not None]
        for some in network.different:
            self.model.all_different([self.variables[one] for one in some]).post()
        for total in network.sums:
            allowed = self.model.intvar(list(total.allowed) or [-1])
            self.model.sum([self.variables[one] for one in total.variables], "=", allowed).post()
        if self.charges:
            self._minimise()

    def _add(self, table: Table, costs: bool) -> Any:
        """Add a table; its charge as a variable, or None."""
        charged = None
        columns, rows, charge = [self.variables[one] for one in table.variables], table.rows, table.charge
        if costs and len(charge):
            self.base += int(charge.min())
            units = (charge - charge.min()) // self.unit
            kept = units <= MOST
            self.is_cut |= not kept.all()
            rows, units = rows[kept], units[kept]
            if units.any():
                charged = self.model.intvar(np.unique(units).tolist())
                self.charges.append(charged)
                columns, rows = [*columns, charged], np.column_stack([rows, units])
        if len(columns) == 1:
            self.model.member(columns[0], rows[:, 0].tolist() or [-1]).post()
        elif len(rows):
            self.model.table(columns, rows.tolist()).post()
        else:
            self.model.member(columns[0], [-1]).post()
        return charged

    def _minimise(self) -> None:
        most = sum(charge.get_ub() for charge in self.charges)
        self.is_cut |= most > MOST
        total = self.model.intvar(0, min(most, MOST))
        self.model.sum(self.charges, "=", total).post()
        self.model.set_objective(total, False)

    def solver(self, seconds: float) -> Any:
        """A solver that goes through time, each time to what charges least first, and stops in time."""
        solver = self.model.get_solver()
        solver.set_input_order_lb_search(*self.order)
        if seconds < _YEAR:
            solver.limit_time(f"{max(seconds, 0.001):.3f}s")
        return solver


ENGINE = Choco()
