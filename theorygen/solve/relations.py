"""Relations of a problem: what its rules demand of notes that stand apart, as engines and brute force take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from theorygen.rules.relation_demands import TWELVE, Cell, Clock, Copy, Count, Demand, Impossible, Twelve
from theorygen.rules.relations import demands_of
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array
from theorygen.score.timeline import Measure
from theorygen.solve.network import Model, Network
from theorygen.solve.problem import Problem
from theorygen.solve.steps import NO_NOTE, Steps, is_held
from theorygen.solve.totals import counts


@dataclass(frozen=True)
class Bound:
    """A relation of a rule, bound to the positions of a problem.

    Attributes:
        rule: the rule.
        demands: what it asks of notes: a cell is a position and a voice.
    """

    rule: ActiveRule
    demands: tuple[Demand, ...]

    def __str__(self) -> str:
        return self.rule.name

    @property
    def is_total(self) -> bool:
        """Whether it only counts, which can be done from left to right."""
        return all(isinstance(demand, Count) for demand in self.demands)


def relations_of(rules: RuleSet, onsets: Sequence[Fraction], end: Fraction, measures: Sequence[Measure],
                 voices: Sequence[str]) -> tuple[Bound, ...]:
    """What the rules of a style demand of notes that stand apart, for `Problem.relations`.

    Args:
        rules: all rules of the style.
        onsets: when each position begins, in quarter lengths from the start of the piece.
        end: when the last one stops.
        measures: the bars.
        voices: names of the voices from the top.
    """
    clock = Clock(tuple(onsets), end, tuple(measures), tuple(voices))
    found = [Bound(rule, demands_of(rule.rule.relation, clock)) for rule in rules.relations if rule.hard]
    return tuple(bound for bound in found if bound.demands)


def is_impossible(problem: Problem) -> bool:
    """Whether some relation cannot be kept, whatever is sung: it needs a bar, or a chord at a time, that is not."""
    demands = [demand for bound in problem.relations for demand in bound.demands]
    copies = [] if is_held(problem) else [demand for demand in demands if isinstance(demand, Copy)]
    return any(isinstance(demand, Impossible) for demand in demands) or any(
        None in pair for demand in copies for pair in demand.pairs)


def post(model: Model) -> None:
    """Add what the relations of a problem demand to its network."""
    for bound in model.problem.relations:
        for demand in bound.demands:
            if isinstance(demand, Copy):
                _post_copy(model, demand)
            elif isinstance(demand, Twelve):
                _post_twelve(model, demand)
            elif isinstance(demand, Count):
                if model.steps.trellis is None:  # a trellis has counted already
                    _post_count(model, demand)
            else:
                assert isinstance(demand, Impossible)
                _post_never(model.network)


def pruned(problem: Problem, steps: Steps) -> Steps:
    """Steps without what relations forbid within one position, or between two that follow each other.

    The engines are asked all relations; this only makes the least cost of a way a better bound.
    """
    states, edges = list(steps.states), list(steps.edges)
    for first, second, allowed in _close(problem, steps):
        notes = [steps.pitches(*cell) for cell in (first, second)]
        if first[0] == second[0]:
            states[first[0]] = states[first[0]][allowed(*(column[states[first[0]]] for column in notes))]
        else:
            one = edges[first[0]]
            edges[first[0]] = one.kept(np.flatnonzero(allowed(notes[0][one.source], notes[1][one.target])))
    for place, one in enumerate(edges):
        kept = np.isin(one.source, states[place]) & np.isin(one.target, states[place + 1])
        edges[place] = one.kept(np.flatnonzero(kept))
    return replace(steps, states=tuple(states), edges=tuple(edges))


def _close(problem: Problem, steps: Steps) -> Iterator[tuple[Cell, Cell, Callable[[Array, Array], Array]]]:
    """Two notes, the earlier first, of the same position or of neighbours, and which pitches they may have."""
    for demand in (demand for bound in problem.relations for demand in bound.demands):
        if isinstance(demand, Twelve):
            blocks = (demand.cells[start : start + TWELVE] for start in range(0, len(demand.cells), TWELVE))
            pairs = (pair for block in blocks for pair in combinations(block, 2))
            yield from ((first, second, demand.may_follow) for first, second in pairs if second[0] - first[0] <= 1)
        elif isinstance(demand, Copy) and demand.shift is not None:
            for pair in demand.pairs:
                if None not in pair and abs(pair[0][0] - pair[1][0]) <= 1:  # type: ignore[index]
                    yield _in_order(pair, demand)  # type: ignore[arg-type]


def _in_order(pair: tuple[Cell, Cell], demand: Copy) -> tuple[Cell, Cell, Callable[[Array, Array], Array]]:
    if pair[0] <= pair[1]:
        return *pair, demand.may_follow
    return pair[1], pair[0], lambda before, after: demand.may_follow(after, before)


def _post_never(network: Network) -> None:
    network.add([network.variable(np.zeros(1, dtype=np.int64))], np.zeros((0, 1)))


def _post_copy(model: Model, demand: Copy) -> None:
    """For each pair of notes a table of the pitches that may stand there, an unknown shift a variable of its own."""
    network = model.network
    pairs = []
    for first, second in demand.pairs:
        if first is not None and second is not None:
            pairs.append((model.pitch(*first), model.pitch(*second)))
        elif (cell := first or second) is not None:
            network.add([model.pitch(*cell)], np.array([[NO_NOTE]]))  # no position there, so no note may begin here
    tables = [_distances(network, demand, pair) for pair in pairs]
    if demand.shift is None:
        _post_any_shift(network, pairs, tables)
        return
    for pair, (rows, apart, held) in zip(pairs, tables, strict=True):
        network.add(pair, rows[held | (apart == demand.shift)])


def _post_any_shift(network: Network, pairs: list[tuple[int, int]], tables: list[tuple[Array, Array, Array]]) -> None:
    """The distance is a variable; where no note begins it may be any."""
    possible = np.unique(np.concatenate([np.zeros(1, dtype=np.int64), *(apart for _, apart, _ in tables)]))
    shift = network.variable(possible)
    for pair, (rows, apart, held) in zip(pairs, tables, strict=True):
        free = np.column_stack([np.repeat(rows[held], len(possible), axis=0), np.tile(possible, int(held.sum()))])
        network.add([*pair, shift], np.concatenate([np.column_stack([rows, apart])[~held], free]))


def _distances(network: Network, demand: Copy, pair: tuple[int, int]) -> tuple[Array, Array, Array]:
    """The pairs of notes of two variables that both begin or both go on, how far apart they are, and which go on."""
    first, second = (network.domains[one] for one in pair)
    rows = np.stack([np.repeat(first, len(second)), np.tile(second, len(first))], axis=1)
    held = rows == NO_NOTE
    rows, held = rows[held[:, 0] == held[:, 1]], held[held[:, 0] == held[:, 1], 0]
    return rows, demand.size(rows[:, 1]) - demand.size(rows[:, 0]), held


def _post_twelve(model: Model, demand: Twelve) -> None:
    """Every twelve notes a set of pitch classes that differ."""
    classes = []
    for cell in demand.cells:
        pitch = model.pitch(*cell)
        codes = model.network.domains[pitch]
        classes.append(model.network.function([pitch], codes[:, None], demand.pitch_class(codes)))
    for start in range(0, len(classes), TWELVE):
        model.network.different.append(tuple(classes[start : start + TWELVE]))


def _post_count(model: Model, demand: Count) -> None:
    """A variable for the number of windows at each position or step, and their sum."""
    window, network, steps = WINDOWS[demand.counted.rule.over], model.network, model.steps
    numbers = []
    if window.slots == 1:
        for place, variable in enumerate(model.states):
            rows = network.domains[variable]
            numbers.append(network.function([variable], rows[:, None], counts(model.problem, demand, [place], [
                steps.pools[place].pitches[rows]], [steps.pools[place].choice[rows]])))
    else:
        for place, edges in enumerate(steps.edges):
            ends = [(steps.pools[place], edges.source), (steps.pools[place + 1], edges.target)]
            found = counts(model.problem, demand, [place, place + 1], [pool.pitches[rows] for pool, rows in ends],
                           [pool.choice[rows] for pool, rows in ends])
            numbers.append(network.function(model.states[place : place + 2],
                                            np.stack([edges.source, edges.target], axis=1), found))
    most = sum(int(network.domains[number][-1]) for number in numbers if len(network.domains[number]))
    network.total(numbers, [total for total in range(most + 1) if demand.allows(total)])
