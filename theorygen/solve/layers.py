"""What every pass over a trellis asks of its layers: edges out of some states, which rows are equal, what sounds."""

from __future__ import annotations

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.paths import Step, Trellis

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def edges_of(step: Step, states: Array) -> tuple[Array, Array]:
    """All edges out of some states, in their order.

    Returns:
        For each edge the place of its source among ``states``, and its number.
    """
    stops = np.append(step.starts[1:], len(step.target))
    return ranges(step.starts[states], stops[states])


def edges_out_of(step: Step, state: int) -> tuple[int, int]:
    """The first edge out of one state, and the one after its last."""
    stop = step.starts[state + 1] if state + 1 < len(step.starts) else len(step.target)
    return int(step.starts[state]), int(stop)


def all_steps(trellis: Trellis) -> tuple[Step, ...]:
    """One step into each layer; the one into the first leads from a single state before it, an edge to each state."""
    begin = trellis.opening
    source, target = np.zeros(len(begin.cost), dtype=np.int32), np.arange(len(begin.cost), dtype=np.int32)
    return Step(source, target, begin.cost, source[:1], begin.price, begin.weight), *trellis.steps


def ranges(low: Array, high: Array) -> tuple[Array, Array]:
    """The numbers from each low up to its high, one row after the other: which row each is in, and the number."""
    length = high - low
    ends = np.cumsum(length)
    row = np.repeat(np.arange(len(low)), length)
    return row, np.arange(ends[-1] if len(ends) else 0) + np.repeat(low - (ends - length), length)


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
