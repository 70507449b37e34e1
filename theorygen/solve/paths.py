"""All solutions of a problem as paths through layers of states, and the removal of all that lies on no path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.workshop import Pool


class DeadEnd(Exception):
    """No sequence of candidates reaches a position.

    Attributes:
        position: index of the first position that cannot be reached.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"nothing reaches position {position}")
        self.position = position


class TooLarge(Exception):
    """There may be solutions, but not among those that a bound on the size left.

    Attributes:
        position: index of the first position that none of them reaches.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"nothing that was kept reaches position {position}")
        self.position = position


@dataclass(frozen=True, eq=False)
class Step:
    """The edges between two layers, sorted by source.

    Attributes:
        source: int32 [edges], states of the earlier layer.
        target: int32 [edges], states of the later layer.
        cost: int32 [edges], thousandths; int64 where 32 bits do not hold them.
        starts: int [states before], first edge of each source.
        price: int64 [edges], thousandths that the syntax asks beside the rules; None without a syntax.
        weight: float64 [edges], weight of the syntax's way; None without a syntax.
    """

    source: Array
    target: Array
    cost: Array
    starts: Array
    price: Array | None = None
    weight: Array | None = None


@dataclass(frozen=True, eq=False)
class Opening:
    """What it means to begin in each state of the first layer.

    Attributes:
        cost: int64 [states], thousandths.
        price: int64 [states], thousandths that the syntax asks; None without a syntax.
        weight: float64 [states], weight of the syntax's way; None without a syntax.
    """

    cost: Array
    price: Array | None = None
    weight: Array | None = None

    def kept(self, states: Array) -> Opening:
        """The opening with some of the states only."""
        price, weight = (None if column is None else column[states] for column in (self.price, self.weight))
        return Opening(self.cost[states], price, weight)


@dataclass(frozen=True, eq=False)
class Trellis:
    """All solutions of a problem.

    Attributes:
        pools: candidates of each position.
        candidates: for each layer int [states], the candidate of each state, in the pool of its origin.
        origins: for each layer int [states], the position where the chord of each state began.
        opening: the states of the first layer.
        steps: edges between successive layers.
        final: int64 [states of the last layer], cost of ending there.
        cut: what a solution that was left out costs at least, prices included; None where none was.
    """

    pools: tuple[Pool, ...]
    candidates: tuple[Array, ...]
    origins: tuple[Array, ...]
    opening: Opening
    steps: tuple[Step, ...]
    final: Array
    cut: int | None = None

    @property
    def initial(self) -> Array:
        """int64 [states of the first layer], cost of starting there."""
        return self.opening.cost

    @property
    def initial_price(self) -> Array | None:
        """int64 [states of the first layer], what the syntax asks for starting there; None without a syntax."""
        return self.opening.price

    @property
    def state_counts(self) -> tuple[int, ...]:
        """States in each layer."""
        return tuple(len(layer) for layer in self.candidates)


@dataclass(frozen=True, eq=False)
class Layer:
    """The states of one layer: candidates and where their chords began."""

    candidates: Array
    origins: Array

    def __len__(self) -> int:
        return len(self.candidates)

    def kept(self, states: Array) -> Layer:
        """Some of the states."""
        return Layer(self.candidates[states], self.origins[states])


def pruned(pools: Sequence[Pool], layers: Sequence[Layer], opening: Opening, steps: list[Step],
           final: Array) -> Trellis:
    """Drop everything from which the end cannot be reached; ``steps`` is used up, so that no edge is held twice.

    Steps that are the same before stay the same.

    Raises:
        DeadEnd: nothing is left.
    """
    alive = final < FORBIDDEN
    if not alive.any():
        raise DeadEnd(len(pools) - 1)
    kept_layers, final = [layers[-1].kept(alive)], final[alive]
    kept: list[Step] = []
    times = Counter(map(id, steps))
    made: dict[tuple[int, bytes], tuple[Step, Step, Array, Array]] = {}
    for layer in reversed(layers[:-1]):
        step = steps.pop()
        key = (id(step), alive.tobytes())
        if key in made:
            _, step, alive, candidates = made[key]
        else:
            whole, (step, alive) = step, _pruned_step(step, alive, len(layer))
            candidates = layer.candidates[alive]
            if times[key[0]] > 1:
                made[key] = whole, step, alive, candidates
            del whole
        kept_layers.append(Layer(candidates, layer.origins[alive]))
        kept.append(step)
    opening = opening.kept(alive)
    if not len(opening.cost) or opening.cost.min() >= FORBIDDEN:
        raise DeadEnd(0)
    found = kept_layers[::-1]
    return Trellis(tuple(pools), tuple(layer.candidates for layer in found), tuple(layer.origins for layer in found),
                   opening, tuple(kept[::-1]), final)


def reaching(step: Step, kept: Array) -> Step:
    """The step restricted to some of its targets, which are numbered anew; not its ``starts``."""
    if kept.all():
        return step
    alive = kept[step.target]
    price, weight = (None if column is None else column[alive] for column in (step.price, step.weight))
    return Step(step.source[alive], _renumbered(kept)[step.target[alive]], step.cost[alive], step.starts, price, weight)


def _pruned_step(step: Step, alive_after: Array, size: int) -> tuple[Step, Array]:
    """The step restricted to living targets, and which sources live."""
    step = reaching(step, alive_after)
    source = step.source
    alive = np.zeros(size, dtype=bool)
    alive[source] = True
    if not alive.all():
        source = _renumbered(alive)[source]
    starts = np.flatnonzero(np.diff(source, prepend=-1)).astype(np.int32)
    return Step(source, step.target, step.cost, starts, step.price, step.weight), alive


def _renumbered(kept: Array) -> Array:
    """The new number of each state when only some are kept."""
    return np.cumsum(kept, dtype=np.int32) - 1
