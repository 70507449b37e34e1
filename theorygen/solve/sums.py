"""The best of what goes together freely: the least sums of several rows, in order and no more than asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from theorygen.solve.solution import Solution


class Ranked(NamedTuple):
    """One of a row in ascending order.

    Attributes:
        total: cost and price, thousandths.
        labels: what decides among equals; nested pairs where several go together.
        solutions: one for each part.
    """

    total: int
    labels: tuple[Any, ...]
    solutions: tuple[Solution, ...]


class Row:
    """What an iterator tells, kept so that it can be asked for again."""

    def __init__(self, rest: Iterator[Ranked]) -> None:
        self._told: list[Ranked] = []
        self._rest = rest

    def at(self, rank: int) -> Ranked | None:
        """The one of this rank, 0 the first; None if there are not so many. Those before must have been asked for."""
        if rank == len(self._told):
            self._told.extend(one for one in [next(self._rest, None)] if one)
        return self._told[rank] if rank < len(self._told) else None


def in_order(rows: Sequence[Row]) -> Iterator[Ranked]:
    """One of each row, in ascending order of the sums; equals in the order of the labels, first row first.

    Args:
        rows: at least two, each in ascending order of total and labels.
    """
    middle = len(rows) // 2
    first, second = (some[0] if len(some) == 1 else Row(in_order(some)) for some in (rows[:middle], rows[middle:]))
    waiting: list[tuple[int, tuple[Any, ...], int, int, Ranked]] = []

    def wait(row: int, column: int) -> None:
        one, other = first.at(row), second.at(column)
        if one and other:
            both = Ranked(one.total + other.total, (one.labels, other.labels), one.solutions + other.solutions)
            heappush(waiting, (both.total, both.labels, row, column, both))

    wait(0, 0)
    while waiting:
        _, _, row, column, both = heappop(waiting)
        yield both
        wait(row, column + 1)
        if column == 0:
            wait(row + 1, 0)
