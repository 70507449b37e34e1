"""The questions one trellis answers: the best solution, and random ones with their exact probabilities.

Each is a pass from the last layer to the first over the same edges with another sum and product; how many solutions
there are is `counting`, the best in order `ranking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import accumulate, repeat
from operator import mul

import numpy as np

from theorygen.rules.rule import THOUSAND
from theorygen.rules.world import Array
from theorygen.solve.layers import all_steps, edges_of, edges_out_of
from theorygen.solve.paths import Step, Trellis
from theorygen.source.chance import Chance

_DIGIT_BITS = 8
_DIGITS = 5
_EXPONENT_DIGITS = 30
_SHARES = 2.0**52
_BATCH = 1024
_KEPT = 1 << 23
"""Edges of which a sampler keeps the values, 8 bytes each."""

_NOTHING = np.zeros(0)
_EVERY = slice(None)
_ROWS = 64


@dataclass(frozen=True, eq=False)
class Paths:
    """Several solutions.

    Attributes:
        states: int32 [solutions, layers], the states they take.
        cost: int64 [solutions], what the rules charge, in thousandths.
        price: int64 [solutions], what the syntax charges, in thousandths.
    """

    states: Array
    cost: Array
    price: Array

    def __len__(self) -> int:
        return len(self.states)


def paths_along(trellis: Trellis, edges: Array) -> Paths:
    """The solutions along some edges.

    Args:
        trellis: all solutions.
        edges: int [solutions, layers], the edge that leads into each layer; of the first layer, the state.
    """
    states = np.empty(edges.shape, dtype=np.int32)
    cost, price = np.zeros((2, len(edges)), dtype=np.int64)
    for layer, step in enumerate(all_steps(trellis)):
        edge = edges[:, layer]
        states[:, layer] = step.target[edge]
        cost += step.cost[edge]
        if step.price is not None:
            price += step.price[edge]
    return Paths(states, cost + trellis.final[states[:, -1]], price)


def charge(step: Step, edges: slice | Array = slice(None)) -> Array:
    """Cost and price of some edges, or of all, thousandths."""
    cost: Array = step.cost[edges]
    return cost if step.price is None else cost + step.price[edges]


def costs_to_go(trellis: Trellis, priced: bool = False) -> list[Array]:
    """For each layer int64 [states]: the least cost from a state to the end.

    Args:
        trellis: the solutions.
        priced: whether the price of the syntax counts too.
    """
    values = [trellis.final]
    for step in reversed(trellis.steps):
        cost = charge(step) if priced else step.cost
        values.append(np.minimum.reduceat(cost + values[-1][step.target], step.starts))
    return values[::-1]


def best(trellis: Trellis) -> Paths:
    """The one solution of least cost and price; among equals the first in the order of the states."""
    state, edges = 0, []
    for step, after in zip(all_steps(trellis), costs_to_go(trellis, priced=True), strict=True):
        low, high = edges_out_of(step, state)
        cost = charge(step, slice(low, high)) + after[step.target[low:high]]
        edges.append(low + int(np.lexsort((step.target[low:high], cost))[0]))
        state = int(step.target[edges[-1]])
    return paths_along(trellis, np.array([edges]))


def best_of_each(trellis: Trellis, labels: Sequence[Array], wanted: Array) -> Paths:
    """For each of some rows of labels the solution of least cost and price, among equals the first in the order of
    the states.

    Args:
        trellis: all solutions.
        labels: for each layer int [states].
        wanted: int [solutions, layers], the labels; each row must be that of some solution.
    """
    parts = [_best_edges(trellis, labels, wanted[low : low + _ROWS]) for low in range(0, len(wanted), _ROWS)]
    return paths_along(trellis, np.concatenate(parts))


def _best_edges(trellis: Trellis, labels: Sequence[Array], wanted: Array) -> Array:
    """The edges of `best_of_each`, int [solutions, layers]: the cheapest ways of each row to each state, then back."""
    row, state, spent = np.arange(len(wanted)), *np.zeros((2, len(wanted)), dtype=np.int64)
    ways = []
    for step, label, asked in zip(all_steps(trellis), labels, wanted.T, strict=True):
        before, edge = edges_of(step, state)
        fits = np.flatnonzero(label[step.target[edge]] == asked[row[before]])
        before, edge = before[fits], edge[fits]
        cost = spent[before] + charge(step, edge)
        kept = _cheapest(row[before] * len(label) + step.target[edge], cost)
        kept = kept[np.lexsort((step.target[edge[kept]], before[kept]))]  # in the order of the states on the way
        before, edge, spent = before[kept], edge[kept], cost[kept]
        row, state = row[before], step.target[edge]
        ways.append((before, edge))
    at = _cheapest(row, spent + trellis.final[state])
    edges = np.empty(wanted.shape, dtype=np.int64)
    for layer, (before, edge) in reversed(list(enumerate(ways))):
        edges[:, layer], at = edge[at], before[at]
    return edges


def _cheapest(kind: Array, cost: Array) -> Array:
    """For each kind, ascending, the first place where the cost is least."""
    order = np.lexsort((cost, kind))
    cheapest: Array = order[np.flatnonzero(np.diff(kind[order], prepend=-1))]
    return cheapest


class Sampler:
    """Draws solutions with probability proportional to weight times exp(-cost / temperature).

    Costs are shifted by the least cost to go, which leaves every ratio as it is, so that nothing underflows. Every
    machine draws the same: powers of e come from decimal arithmetic, and the shares of the edges out of a state are
    whole multiples of 2**-52, so that their sums do not depend on their order nor on what is drawn beside.

    Attributes:
        trellis: the solutions.
        totals: for each layer the sums of `values` out of each source.
    """

    def __init__(self, trellis: Trellis, temperature: float, weights: Sequence[Array] | None = None) -> None:
        """Prepare one backward pass.

        Args:
            trellis: the solutions.
            temperature: in units of cost; 0 draws among the best, infinity ignores cost.
            weights: for each layer float [states], or None for all equal; the weights of the steps count as well.
        """
        self.trellis = trellis
        self.steps = all_steps(trellis)
        self.totals: list[Array] = [_NOTHING] * len(self.steps)
        self._temperature = temperature
        least = costs_to_go(trellis)
        self._least = [np.min(trellis.initial + least[0], keepdims=True), *least]
        self._future = [_NOTHING] * len(self.steps)
        few = sum(len(step.target) for step in self.steps) <= _KEPT
        self._kept: dict[int, Array] | None = {} if few else None
        future: Array = power(trellis.final - least[-1], temperature)
        for layer in range(len(self.steps) - 1, -1, -1):
            self._future[layer] = future if weights is None else future * weights[layer]
            values = self.values(layer)
            if self._kept is not None:
                self._kept[layer] = values
            self.totals[layer] = np.bincount(self.steps[layer].source, values)
            future = np.ldexp(self.totals[layer], -int(np.frexp(self.totals[layer].max())[1]))

    def values(self, layer: int, edges: Array | slice = _EVERY) -> Array:
        """What is in proportion to the probability of edges into a layer, each after its source, float64.

        Into the first layer one edge leads to each state. Of long pieces the values are found anew when asked for.
        """
        if self._kept and layer in self._kept:
            return self._kept[layer][edges]
        step = self.steps[layer]
        source, target = step.source[edges], step.target[edges]
        shifted = step.cost[edges] + self._least[layer + 1][target] - self._least[layer][source]
        values: Array = power(shifted, self._temperature) * self._future[layer][target]
        return values if step.weight is None else values * step.weight[edges]

    def conditional(self, layer: int) -> Array:
        """The probability of each edge into a layer if its source is taken, float64; 0 where it never is."""
        totals = self.totals[layer]
        never = totals == 0
        shares: Array = self.values(layer) / np.where(never, 1.0, totals)[self.steps[layer].source]
        return shares

    def draws(self, chance: Chance, number: int = 1) -> Paths:
        """Independent solutions: drawn together or one by one, they are the same."""
        layers = len(self.steps)
        numbers = chance.uniforms(number * layers).reshape(number, layers)
        edges = np.empty(numbers.shape, dtype=np.int64)
        for low in range(0, number, _BATCH):
            part = slice(low, low + _BATCH)
            states = np.zeros(len(numbers[part]), dtype=np.int32)
            for layer, step in enumerate(self.steps):
                edges[part, layer] = self._drawn(layer, states, numbers[part, layer])
                states = step.target[edges[part, layer]]
        return paths_along(self.trellis, edges)

    def _drawn(self, layer: int, states: Array, numbers: Array) -> Array:
        """An edge out of each state, for a random number each. At most 1024 states, or sums would pass 63 bits."""
        sources, place = np.unique(states, return_inverse=True)
        row, edge = edges_of(self.steps[layer], sources)
        share = (self.values(layer, edge) / self.totals[layer][sources][row] * _SHARES).astype(np.int64)
        sums = np.concatenate([[0], np.cumsum(share)])
        bounds = np.searchsorted(row, np.arange(len(sources) + 1))
        low, width = sums[bounds[:-1]], np.diff(sums[bounds])
        wanted = np.minimum((numbers * width[place]).astype(np.int64), width[place] - 1)
        chosen: Array = edge[np.searchsorted(sums, low[place] + wanted, side="right") - 1]
        return chosen


def power(cost: Array, temperature: float) -> Array:
    """exp(-cost / temperature) for costs in thousandths, from tables of exact decimal powers."""
    if temperature == 0:
        return (cost == 0).astype(np.float64)
    if np.isinf(temperature):
        return np.ones(len(cost))
    result = np.ones(len(cost))
    for digit, table in enumerate(_powers(temperature)):
        part = cost >> (_DIGIT_BITS * digit)
        if digit and not part.any():
            break
        result = result * table[part & ((1 << _DIGIT_BITS) - 1)]
    return result


@lru_cache(maxsize=64)
def _powers(temperature: float) -> tuple[Array, ...]:
    """Tables of exp(-n * 256**digit / (1000 temperature)) for n below 256."""
    tables = []
    with localcontext() as context:
        context.prec = _EXPONENT_DIGITS
        unit = -Decimal(1) / (Decimal(THOUSAND) * Decimal(repr(temperature)))
        for digit in range(_DIGITS):
            base = float((unit * (1 << (_DIGIT_BITS * digit))).exp())
            tables.append(np.array(list(accumulate(repeat(base, (1 << _DIGIT_BITS) - 1), mul, initial=1.0))))
    return tuple(tables)
