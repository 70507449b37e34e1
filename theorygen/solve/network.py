"""Networks: a problem as variables and tables, the form that constraint engines take; they need to know no music.

The tables are those of the workshop: candidates, pairs of candidates, and what rules with memory keep of a voice.
Where the layered solver carries memories along in its states, each is a variable of its own here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.answers import Solution
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.lines import Lines, LineTable, lines_of
from theorygen.solve.problem import Problem
from theorygen.solve.steps import Steps
from theorygen.solve.turns import turns_of

Values = Sequence[int]


@dataclass(frozen=True, eq=False)
class Table:
    """Values that some variables may take together.

    Attributes:
        variables: their numbers.
        rows: int [rows, variables], the allowed values, no row twice.
        cost: int64 [rows], thousandths: what the rules charge.
        price: int64 [rows], thousandths: what a syntax charges.
        charge: int64 [rows], thousandths: what is to be made least. Over all tables charges add up to costs and prices,
            but they may be moved from one table to another, so that little is charged where much was already.
    """

    variables: tuple[int, ...]
    rows: Array
    cost: Array
    price: Array
    charge: Array


@dataclass(frozen=True)
class Sum:
    """Variables whose values add up to one of some numbers.

    Attributes:
        variables: their numbers; one may stand there several times.
        allowed: the sums there may be, ascending.
    """

    variables: tuple[int, ...]
    allowed: tuple[int, ...]


@dataclass(eq=False)
class Network:
    """Variables with finite domains, and what must hold between them.

    Attributes:
        domains: for each variable the values it may take, ascending.
        tables: what values go together, and at what cost; the costs of all tables add up.
        different: sets of variables whose values all differ.
        sums: totals.
        decisions: variables that determine all others, in time order.
    """

    domains: list[Array] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    different: list[tuple[int, ...]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    decisions: tuple[int, ...] = ()

    def variable(self, domain: Array) -> int:
        """A new variable, by its number."""
        self.domains.append(np.unique(domain))
        return len(self.domains) - 1

    def add(self, variables: Sequence[int], rows: Array, cost: Array | None = None, price: Array | None = None,
            moved: Array | None = None) -> None:
        """A new table; its charges are its costs and prices and what is ``moved`` here from others."""
        nothing = np.zeros(len(rows), dtype=np.int64)
        cost, price, moved = (nothing if one is None else one for one in (cost, price, moved))
        self.tables.append(Table(tuple(variables), np.ascontiguousarray(rows, dtype=np.int64), cost, price,
                                 cost + price + moved))

    def function(self, variables: Sequence[int], rows: Array, values: Array) -> int:
        """A new variable whose value some others determine.

        Args:
            variables: the others.
            rows: int [rows, variables], the values they may take, no row twice.
            values: int [rows], the new value for each.
        """
        found = self.variable(values)
        self.add([*variables, found], np.concatenate([rows, values[:, None]], axis=1))
        return found

    def total(self, variables: Sequence[int], allowed: Sequence[int]) -> None:
        """The values of these variables add up to one of some numbers, given in ascending order."""
        self.sums.append(Sum(tuple(variables), tuple(allowed)))

    def of(self, variable: int, values: Array) -> int:
        """A new variable: what ``values``, an array [values of the old one], holds at the place of the old one."""
        domain = self.domains[variable]
        return self.function([variable], domain[:, None], values[domain])


@dataclass(eq=False)
class Model:
    """A problem as a network.

    Attributes:
        problem: the problem.
        network: its solutions are those of the problem.
        states: for each position the variable of its state.
        steps: what the network was made of.
    """

    problem: Problem
    network: Network
    states: tuple[int, ...]
    steps: Steps
    _pitches: dict[tuple[int, int], int] = field(default_factory=dict)

    def pitch(self, position: int, voice: int) -> int:
        """The variable of the note of a voice that begins at a position: its pitch code, or NO_NOTE."""
        key = position, voice
        if key not in self._pitches:
            self._pitches[key] = self.network.of(self.states[position], self.steps.pitches(position, voice))
        return self._pitches[key]

    def solution(self, values: Values) -> Solution:
        """What values of all variables stand for."""
        cost, price = self._charged(values)
        choices, pitches, starts = [], [], []
        for place, variable in enumerate(self.states):
            pool, row, trellis = self.steps.pools[place], values[variable], self.steps.trellis
            if trellis is not None:
                if trellis.origins[place][row] != place:
                    continue
                row = int(trellis.candidates[place][row])
            choices.append(self.problem.positions[place].choices[int(pool.choice[row])])
            pitches.append(pool.pitches[row])
            starts.append(place)
        return Solution(tuple(choices), np.stack(pitches), cost, tuple(starts), price)

    def _charged(self, values: Values) -> tuple[int, int]:
        """Cost and price of values of all variables."""
        cost, price = 0, 0
        for table in self.network.tables:
            if table.cost.any() or table.price.any():
                taken = (table.rows == [values[one] for one in table.variables]).all(axis=1).argmax()
                cost, price = cost + int(table.cost[taken]), price + int(table.price[taken])
        return cost, price


def model_of(problem: Problem, steps: Steps) -> Model:
    """The network of a problem, without its relations.

    Args:
        problem: the problem.
        steps: its states and edges, all or only some.
    """
    network = Network()
    states = tuple(network.variable(kept) for kept in steps.states)
    network.decisions = states
    model = Model(problem, network, states, steps)
    to_go, first = steps.least_to_go, steps.states[0]
    network.add(states[:1], first[:, None], steps.initial[first], steps.initial_price[first], to_go[0][first])
    for place, edges in enumerate(steps.edges):
        network.add(states[place : place + 2], np.stack([edges.source, edges.target], axis=1), edges.cost, edges.price,
                    to_go[place + 1][edges.target] - to_go[place][edges.source])
    if steps.trellis is None:
        _add_turns(model)
        _add_lines(model)
        _add_syntax(model)
    return model


def _add_turns(model: Model) -> None:
    """Rules over three slots: a table of the class of one step and of the next, for each voice."""
    steps, network = model.steps, model.network
    turns = turns_of(steps.workshop)
    for voice, rules in enumerate(turns.voices):
        columns = [network.of(variable, pool.column_keys[voice][2])
                   for variable, pool in zip(model.states, steps.pools, strict=True)]
        before = None
        for place, edges in enumerate(steps.edges):
            if model.problem.positions[place + 1].starts_phrase:
                before = None
                continue
            keys = [steps.pools[place + side].column_keys[voice][2][ends]
                    for side, ends in enumerate((edges.source, edges.target))]
            moves = np.unique(np.stack(keys, axis=1), axis=0)
            classes = turns.between(steps.pools[place], steps.pools[place + 1], steps.following[place])[voice]
            first, second = (network.function(columns[place : place + 2], moves, one[moves[:, 0], moves[:, 1]])
                             for one in (classes.first, classes.second))
            if before is not None:
                _add_costs(network, (before, second), rules.cost)
            before = first


def _add_costs(network: Network, variables: tuple[int, int], cost: Array) -> None:
    """A table of two variables whose costs stand in a matrix."""
    cells = np.stack(np.meshgrid(*(network.domains[one] for one in variables), indexing="ij"), axis=-1).reshape(-1, 2)
    charged = cost[cells[:, 0], cells[:, 1]]
    if charged.any():
        legal = charged < FORBIDDEN
        network.add(variables, cells[legal], charged[legal])


def _add_lines(model: Model) -> None:
    """Folds along a voice: a variable for the state after each note of a phrase."""
    for start, stop in _phrases(model.problem):
        for line in lines_of(model.steps.workshop):
            _add_line(model, line, start, stop)


def _add_line(model: Model, line: Lines, start: int, stop: int) -> None:
    network, places = model.network, range(start, stop)
    pitches = [model.pitch(place, line.voice) for place in places]
    table = line.table(np.unique(np.concatenate([network.domains[pitch] for pitch in pitches])))
    if table is None:
        return
    notes = [np.searchsorted(table.pitches, network.domains[pitch]) for pitch in pitches]
    state = network.function(pitches[:1], table.pitches[notes[0]][:, None], table.start[notes[0]])
    ends = not _is_cut(model.problem, start, stop)
    _charge_state(network, state, table, last=ends and stop - start == 1)
    for index in range(1, stop - start):
        moves = [network.domains[state], notes[index - 1], notes[index]]
        old, before, here = (grid.reshape(-1) for grid in np.meshgrid(*moves, indexing="ij"))
        rows = np.stack([old, table.pitches[before], table.pitches[here]], axis=1)
        state = network.function([state, *pitches[index - 1 : index + 1]], rows, table.add[old, before, here])
        _charge_state(network, state, table, last=ends and index == stop - start - 1)


def _charge_state(network: Network, state: int, table: LineTable, last: bool) -> None:
    """What the state of a line costs after one note."""
    states = network.domains[state]
    cost = table.cost[states]
    if (last or not table.at_end) and cost.any():
        legal = cost < FORBIDDEN
        network.add([state], states[legal][:, None], cost[legal])


def _phrases(problem: Problem) -> Iterator[tuple[int, int]]:
    """First position of each phrase, and the position after its last."""
    starts = [place for place, position in enumerate(problem.positions) if place == 0 or position.starts_phrase]
    yield from zip(starts, [*starts[1:], len(problem.positions)], strict=True)


def _is_cut(problem: Problem, start: int, stop: int) -> bool:
    """Whether a part of the phrase is missing."""
    return (problem.cut_before and start == 0) or (problem.cut_after and stop == len(problem.positions))


def _add_syntax(model: Model) -> None:
    """Which choices may follow which: a variable for the state of the syntax after each position."""
    if model.problem.syntax is None:
        return
    network, state = model.network, model.network.variable(np.zeros(1, dtype=np.int64))
    for variable, pool, arcs in zip(model.states, model.steps.pools, model.problem.syntax.layers, strict=True):
        rows = np.stack([arcs.source, arcs.choice, arcs.target], axis=1)
        after = network.variable(arcs.target)
        network.add([state, network.of(variable, pool.choice), after], rows, price=arcs.price)
        state = after
