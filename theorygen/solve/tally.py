"""Faults counted along a trellis: the solutions with a stated number of broken windows of some rules.

The rules that are counted cost so much that the number of broken windows stands in the high digits of every cost. From
there it is read and taken away, and the states of the trellis learn how many there have been.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from theorygen.rules.rule import ActiveRule
from theorygen.rules.world import Array
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.paths import DeadEnd, Layer, Step, Trellis, pruned

_LEAST_LOW = 32
_ROOM = FORBIDDEN.bit_length() - 1
UNIT = 1 << _LEAST_LOW
"""What a broken window of a rule that is counted costs is a multiple of this, in thousandths."""


@dataclass(frozen=True)
class Tally:
    """Which faults are counted, and how many there must be.

    Attributes:
        rules: for each kind of fault the rules that count it, with the weights of its digit.
        wanted: for each kind how many there must be.
        exact: whether there may be no more.
        bits: size of a digit.
        low: bits below the digits: all weighted rules of one step together cost less, in thousandths.
    """

    rules: tuple[tuple[ActiveRule, ...], ...]
    wanted: tuple[int, ...]
    exact: bool
    bits: int
    low: int

    def of(self, trellis: Trellis) -> Trellis:
        """The paths of a trellis with as many faults as wanted; costs are those without the faults.

        Raises:
            DeadEnd: there is none.
        """
        return _Counting(self, trellis).trellis()

    def digits(self, cost: Array) -> Array:
        """Faults of each kind in some costs, int64 [costs, kinds]."""
        shifts = self.low + self.bits * np.arange(len(self.wanted))
        found: Array = cost.astype(np.int64)[:, None] >> shifts & ((1 << self.bits) - 1)
        return found

    def rest(self, cost: Array) -> Array:
        """What costs are without the faults, int64 [costs]."""
        found: Array = cost.astype(np.int64) & ((1 << self.low) - 1)
        return found


def digit_bits(windows: int) -> int:
    """Bits that hold how many windows of one rule may be broken in one step."""
    return windows.bit_length()


def most_kinds(bits: int) -> int:
    """How many kinds of faults can be counted at once."""
    return (_ROOM - _LEAST_LOW) // bits


def low_bits(kinds: int, bits: int) -> int:
    """Bits that some kinds of faults leave for costs: as many as there are."""
    return _ROOM - kinds * bits


def digit_weight(kind: int, bits: int, low: int) -> int:
    """What a rule costs that counts faults of a kind, in thousandths."""
    return 1 << low + bits * kind


class _Counting:
    """The product of a trellis with the numbers of faults so far, as one number in mixed digits."""

    def __init__(self, tally: Tally, trellis: Trellis) -> None:
        self.tally = tally
        self.old = trellis
        self.sizes = np.array(tally.wanted) + 1
        self.places = np.concatenate([[1], np.cumprod(self.sizes)])
        self.codes = int(self.places[-1])

    def trellis(self) -> Trellis:
        """All layers and steps, then only what lies on the way to a solution."""
        counted = self.added(np.zeros(len(self.old.initial), dtype=np.int64), self.old.initial)
        state, code, _ = self.numbered(np.arange(len(counted)), counted)
        opening = replace(self.old.opening.kept(state), cost=self.tally.rest(self.old.initial[state]))
        layers, steps = [self.layer(0, state)], []
        for number, step in enumerate(self.old.steps):
            taken, state, code = self.step(step, state, code)
            if not len(state):
                raise DeadEnd(number + 1)
            steps.append(taken)
            layers.append(self.layer(number + 1, state))
        complete = self.added(code, self.old.final[state]) == self.codes - 1
        final = np.where(complete, self.tally.rest(self.old.final[state]), FORBIDDEN)
        return pruned(self.old.pools, layers, opening, steps, final)

    def layer(self, number: int, state: Array) -> Layer:
        """A layer of the new trellis."""
        return Layer(self.old.candidates[number][state], self.old.origins[number][state])

    def added(self, code: Array, cost: Array) -> Array:
        """Numbers of faults after some more, -1 where they are too many."""
        counts = code[:, None] // self.places[:-1] % self.sizes + self.tally.digits(cost)
        most = np.array(self.tally.wanted)
        total = np.minimum(counts, most) @ self.places[:-1]
        return np.where((counts > most).any(axis=1), -1, total) if self.tally.exact else total

    def numbered(self, state: Array, code: Array) -> tuple[Array, Array, Array]:
        """The distinct states with their numbers of faults, in order; and for each row which it is, -1 for none."""
        key = np.where(code < 0, -1, state.astype(np.int64) * self.codes + code)
        distinct, index = np.unique(key, return_inverse=True)
        none = int(len(distinct) > 0 and distinct[0] < 0)
        return distinct[none:] // self.codes, distinct[none:] % self.codes, index.reshape(-1) - none

    def step(self, step: Step, state: Array, code: Array) -> tuple[Step, Array, Array]:
        """The step out of these states with their numbers, and those it reaches."""
        stops = np.append(step.starts[1:], len(step.target))
        low, count = step.starts[state], stops[state] - step.starts[state]
        source = np.repeat(np.arange(len(state)), count)
        edge = np.arange(len(source)) + np.repeat(low - (np.cumsum(count) - count), count)
        after = self.added(code[source], step.cost[edge])
        reached, numbers, target = self.numbered(step.target[edge], after)
        rows = np.flatnonzero(target >= 0)
        rows = rows[np.lexsort((target[rows], source[rows]))]
        edge = edge[rows]
        taken = Step(source[rows].astype(np.int32), target[rows].astype(np.int32), self.tally.rest(step.cost[edge]),
                     np.zeros(0, dtype=np.int32), None if step.price is None else step.price[edge],
                     None if step.weight is None else step.weight[edge])
        return taken, reached, numbers
