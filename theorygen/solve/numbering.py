"""Trellises whose states carry a number, too: of windows that have counted so far, or of faults of several kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.paths import DeadEnd, Layer, Step, Trellis, pruned


@dataclass(frozen=True)
class Numbering:
    """What the numbers of states are.

    Attributes:
        size: all numbers are below it.
        first: int64 [states of the first layer], the numbers there, -1 where there is too much already.
        onward: tells numbers after some edges, -1 where there is too much; of the index of a step, the numbers before
            and the edges, int64 [edges] each.
        complete: whether a path may end so, bool [states]; of states of the last layer and their numbers.
        rest: what costs of the trellis are without what was counted.
    """

    size: int
    first: Array
    onward: Callable[[int, Array, Array], Array]
    complete: Callable[[Array, Array], Array]
    rest: Callable[[Array], Array]


def numbered(trellis: Trellis, numbering: Numbering) -> Trellis:
    """The paths of a trellis that may end with their numbers.

    Raises:
        DeadEnd: there is none.
    """
    state, number, _ = _distinct(np.arange(len(numbering.first)), numbering.first, numbering.size)
    opening = replace(trellis.opening.kept(state), cost=numbering.rest(trellis.initial[state]))
    layers, steps = [_layer(trellis, 0, state)], []
    for index in range(len(trellis.steps)):
        step, state, number = _onward(trellis, numbering, index, state, number)
        if not len(state):
            raise DeadEnd(index + 1)
        layers.append(_layer(trellis, index + 1, state))
        steps.append(step)
    final = np.where(numbering.complete(state, number), numbering.rest(trellis.final[state]), FORBIDDEN)
    return pruned(trellis.pools, layers, opening, steps, final)


def _layer(trellis: Trellis, index: int, state: Array) -> Layer:
    return Layer(trellis.candidates[index][state], trellis.origins[index][state])


def _distinct(state: Array, number: Array, size: int) -> tuple[Array, Array, Array]:
    """The distinct states with their numbers, in order; and for each row which it is, -1 for none."""
    key = np.where(number < 0, -1, state.astype(np.int64) * size + number)
    distinct, index = np.unique(key, return_inverse=True)
    none = int(len(distinct) > 0 and distinct[0] < 0)
    return distinct[none:] // size, distinct[none:] % size, index.reshape(-1) - none


def _onward(trellis: Trellis, numbering: Numbering, index: int, state: Array,
            number: Array) -> tuple[Step, Array, Array]:
    """The step out of these states with their numbers, and those it reaches."""
    step = trellis.steps[index]
    stops = np.append(step.starts[1:], len(step.target))
    low, count = step.starts[state], stops[state] - step.starts[state]
    source = np.repeat(np.arange(len(state)), count)
    edge = np.arange(len(source)) + np.repeat(low - (np.cumsum(count) - count), count)
    after = numbering.onward(index, number[source], edge)
    reached, numbers, target = _distinct(step.target[edge], after, numbering.size)
    rows = np.flatnonzero(target >= 0)
    rows = rows[np.lexsort((target[rows], source[rows]))]
    edge = edge[rows]
    price, weight = (None if column is None else column[edge] for column in (step.price, step.weight))
    return Step(source[rows].astype(np.int32), target[rows].astype(np.int32), numbering.rest(step.cost[edge]),
                np.zeros(0, dtype=np.int32), price, weight), reached, numbers
