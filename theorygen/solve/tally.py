"""Faults counted along a trellis: the solutions with a stated number of broken windows of some rules.

The rules that are counted cost so much that the number of broken windows stands in the high digits of every cost. From
there it is read and taken away, and the states of the trellis learn how many there have been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theorygen.rules.rule import ActiveRule
from theorygen.rules.world import Array
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.numbering import Numbering, numbered
from theorygen.solve.paths import Trellis

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
    """The numbers of faults so far as one number in mixed digits."""

    def __init__(self, tally: Tally, trellis: Trellis) -> None:
        self.tally = tally
        self.old = trellis
        self.sizes = np.array(tally.wanted) + 1
        self.places = np.concatenate([[1], np.cumprod(self.sizes)])
        self.codes = int(self.places[-1])

    def trellis(self) -> Trellis:
        """The trellis with numbers of faults."""
        none = np.zeros(len(self.old.initial), dtype=np.int64)
        return numbered(self.old, Numbering(self.codes, self.added(none, self.old.initial), self.onward,
                                            self.complete, self.tally.rest))

    def onward(self, step: int, code: Array, edge: Array) -> Array:
        """Numbers of faults after some edges."""
        return self.added(code, self.old.steps[step].cost[edge])

    def complete(self, state: Array, code: Array) -> Array:
        """Whether there are as many as wanted at the end."""
        found: Array = self.added(code, self.old.final[state]) == self.codes - 1
        return found

    def added(self, code: Array, cost: Array) -> Array:
        """Numbers of faults after some more, -1 where they are too many."""
        counts = code[:, None] // self.places[:-1] % self.sizes + self.tally.digits(cost)
        most = np.array(self.tally.wanted)
        total = np.minimum(counts, most) @ self.places[:-1]
        return np.where((counts > most).any(axis=1), -1, total) if self.tally.exact else total
