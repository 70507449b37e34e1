"""The questions one trellis answers: the best solution, how many there are, a random one with its exact probability.

Each is a pass from the last layer to the first over the same edges with another sum and product.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import accumulate, repeat
from operator import mul

import numpy as np

from theorygen.rules.rule import THOUSAND
from theorygen.rules.world import Array
from theorygen.solve.trellis import Trellis
from theorygen.source.chance import Chance

_DIGIT_BITS = 8
_DIGITS = 5
_EXPONENT_DIGITS = 30


@dataclass(frozen=True)
class Path:
    """One solution: the state it takes in each layer, and its cost in thousandths."""

    states: tuple[int, ...]
    cost: int


def costs_to_go(trellis: Trellis) -> list[Array]:
    """For each layer int64 [states]: the least cost from a state to the end."""
    values = [trellis.final]
    for step in reversed(trellis.steps):
        values.append(np.minimum.reduceat(step.cost + values[-1][step.target], step.starts))
    return values[::-1]


def best(trellis: Trellis) -> Path:
    """The solution of least cost; among equals the first in the order of the candidates."""
    values = costs_to_go(trellis)
    total = trellis.initial + values[0]
    states = [int(np.argmin(total))]
    for step, after in zip(trellis.steps, values[1:], strict=True):
        low, high = _edges(step.starts, states[-1], len(step.target))
        states.append(int(step.target[low + int(np.argmin(step.cost[low:high] + after[step.target[low:high]]))]))
    return Path(tuple(states), int(total.min()))


def count(trellis: Trellis) -> int:
    """How many solutions there are, exactly."""
    ways = np.ones(len(trellis.final), dtype=object)
    for step in reversed(trellis.steps):
        ways = np.add.reduceat(ways[step.target], step.starts)
    return int(sum(ways.tolist()))


class Sampler:
    """Draws solutions with probability proportional to weight times exp(-cost / temperature).

    Costs are shifted by the least cost to go, which leaves every ratio as it is, so that nothing underflows; the
    powers of e come from decimal arithmetic, so that every machine draws the same.
    """

    def __init__(self, trellis: Trellis, temperature: float, weights: list[Array] | None = None) -> None:
        """Prepare one backward pass.

        Args:
            trellis: the solutions.
            temperature: in units of cost; 0 draws among the best, infinity ignores cost.
            weights: for each layer float [states], or None for all equal.
        """
        self.trellis = trellis
        self._weights = weights
        least = costs_to_go(trellis)
        self._edge_values: list[Array] = []
        future: Array = power(trellis.final - least[-1], temperature) * self._layer_weight(-1)
        for index in range(len(trellis.steps) - 1, -1, -1):
            step = trellis.steps[index]
            shifted = step.cost + least[index + 1][step.target] - least[index][step.source]
            values = power(shifted, temperature) * future[step.target]
            self._edge_values.append(values)
            future = np.bincount(step.source, values) * self._layer_weight(index)
            future = np.ldexp(future, -int(np.frexp(future.max())[1]))
        self._edge_values.reverse()
        total = trellis.initial + least[0]
        self._start = power(total - total.min(), temperature) * future

    def _layer_weight(self, layer: int) -> Array | float:
        return self._weights[layer] if self._weights else 1.0

    def draw(self, chance: Chance) -> Path:
        """One solution."""
        states = [_pick(self._start, chance)]
        cost = int(self.trellis.initial[states[0]])
        for step, values in zip(self.trellis.steps, self._edge_values, strict=True):
            low, high = _edges(step.starts, states[-1], len(step.target))
            edge = low + _pick(values[low:high], chance)
            cost += int(step.cost[edge])
            states.append(int(step.target[edge]))
        return Path(tuple(states), cost + int(self.trellis.final[states[-1]]))


def _edges(starts: Array, state: int, total: int) -> tuple[int, int]:
    return int(starts[state]), int(starts[state + 1]) if state + 1 < len(starts) else total


def _pick(weights: Array, chance: Chance) -> int:
    sums = np.cumsum(weights)
    return min(int(np.searchsorted(sums, chance.uniform() * sums[-1], side="right")), len(weights) - 1)


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
