"""What every pass over a trellis asks of its layers: edges out of some states, which rows are equal, what sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.paths import Layer, Step, Trellis, pruned

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def edges_of(step: Step, states: Array) -> tuple[Array, Array]:
    """All edges out of some states, in their order.

    Returns:
        For each edge the place of its source among ``states``, and its number.
    """
    return ranges(step.starts[states], np.diff(step.starts, append=len(step.target))[states])


def edges_out_of(step: Step, state: int) -> tuple[int, int]:
    """The first edge out of one state, and the one after its last."""
    stop = step.starts[state + 1] if state + 1 < len(step.starts) else len(step.target)
    return int(step.starts[state]), int(stop)


def all_steps(trellis: Trellis) -> tuple[Step, ...]:
    """One step into each layer; the one into the first leads from a single state before it, an edge to each state."""
    begin = trellis.opening
    source, target = np.zeros(len(begin.cost), dtype=np.int32), np.arange(len(begin.cost), dtype=np.int32)
    return Step(source, target, begin.cost, source[:1], begin.price, begin.weight), *trellis.steps


def ranges(first: Array, count: Array) -> tuple[Array, Array]:
    """The numbers from each first on, as many as counted, one row after the other: the row of each, and the number."""
    row = np.repeat(np.arange(len(first)), count)
    before = np.cumsum(count) - count
    return row, np.arange(len(row)) + (first - before)[row]


def distinct_rows(values: Array, starts: Array) -> tuple[Array, Array]:
    """Which rows of unequal length are the same.

    Args:
        values: non-negative int, all rows one after the other.
        starts: first of each row; no row is empty.

    Returns:
        One row number of each kind, and for each row the number of its kind.
    """
    length = np.diff(starts, append=len(values))
    place = np.arange(len(values)) - np.repeat(starts, length)
    mark = np.add.reduceat(_mixed(_mixed(values.astype(np.uint64)) + place.astype(np.uint64)), starts)
    _, first, kind = np.unique(mark, return_index=True, return_inverse=True)
    model = first[kind]
    if (length[model] == length).all() and (values[np.repeat(starts[model], length) + place] == values).all():
        return first, kind
    return _distinct_by_name(values, starts)  # different rows with equal marks: once in 2**60 or so


def _mixed(numbers: Array) -> Array:
    """Scattered 64-bit marks of some numbers, the same on every machine."""
    marks = (numbers + np.uint64(1)) * _GOLDEN
    for factor in _MIX:
        marks = (marks ^ (marks >> np.uint64(30))) * factor
    return marks ^ (marks >> np.uint64(31))


def _distinct_by_name(values: Array, starts: Array) -> tuple[Array, Array]:
    """`distinct_rows`, one row after the other."""
    numbers: dict[bytes, int] = {}
    first: list[int] = []
    kind: list[int] = []
    for row, one in enumerate(np.split(values, starts[1:])):
        number = numbers.setdefault(one.tobytes(), len(numbers))
        if number == len(first):
            first.append(row)
        kind.append(number)
    return np.array(first), np.array(kind)


def narrowed(trellis: Trellis, kept: Sequence[Array]) -> Trellis:
    """The trellis of those paths that stay among some states.

    Args:
        trellis: all paths.
        kept: for each layer bool [states].

    Raises:
        DeadEnd: there is no such path.
    """
    here = np.flatnonzero(kept[0])
    opening = trellis.opening.kept(here)
    layers, steps = [here], []
    for step, mask in zip(trellis.steps, kept[1:], strict=True):
        row, edge = edges_of(step, layers[-1])
        row, edge = row[mask[step.target[edge]]], edge[mask[step.target[edge]]]
        here, target = np.unique(step.target[edge], return_inverse=True)
        steps.append(Step(row, target, step.cost[edge], row[:0], *(
            None if column is None else column[edge] for column in (step.price, step.weight))))
        layers.append(here)
    states = [Layer(candidates[one], origins[one]) for candidates, origins, one in
              zip(trellis.candidates, trellis.origins, layers, strict=True)]
    return pruned(trellis.pools, states, opening, steps, trellis.final[here])


def begins(trellis: Trellis, layer: int) -> Array:
    """Whether a chord begins in each state of a layer, bool [states]; elsewhere the chord before is held."""
    begun: Array = trellis.origins[layer] == layer
    return begun


def pitches_of(trellis: Trellis, layer: int) -> Array:
    """What sounds in each state of a layer, int32 [states, voices] of pitch codes."""
    return _from_pools(trellis, layer, [pool.pitches for pool in trellis.pools])


def choices_of(trellis: Trellis, layer: int) -> Array:
    """The chord that sounds in each state of a layer, int [states]: a choice of the position where it began."""
    return _from_pools(trellis, layer, [pool.choice for pool in trellis.pools])


def _from_pools(trellis: Trellis, layer: int, columns: list[Array]) -> Array:
    candidates, origins = trellis.candidates[layer], trellis.origins[layer]
    found = np.empty((len(candidates), *columns[layer].shape[1:]), dtype=columns[layer].dtype)
    for origin in np.unique(origins).tolist():
        here = origins == origin
        found[here] = columns[origin][candidates[here]]
    return found
