"""Sums of ordered rows against sorted enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import numpy as np
import pytest

from theorygen.solve.solution import Solution
from theorygen.solve.sums import Ranked, Row, in_order

NOBODY: tuple[Solution, ...] = ()


def rows(seed: int, lengths: list[int]) -> list[list[Ranked]]:
    """Rows in ascending order; totals are few, so that many sums are equal."""
    random = np.random.default_rng(seed)
    return [sorted(Ranked(int(total), (label,), NOBODY) for label, total in enumerate(random.integers(0, 4, length)))
            for length in lengths]


def flat(labels: tuple) -> tuple[int, ...]:
    """The labels without their nesting."""
    return tuple(label for one in labels for label in (flat(one) if isinstance(one, tuple) else (one,)))


@pytest.mark.parametrize("lengths", [[3, 4], [1, 1], [2, 0, 3], [3, 2, 4], [2, 3, 1, 2, 3]])
def test_sums_come_in_the_order_of_enumeration(lengths: list[int]) -> None:
    several = rows(len(lengths), lengths)
    expected = sorted((sum(one.total for one in some), tuple(one.labels[0] for one in some))
                      for some in product(*several))
    found = in_order([Row(iter(one)) for one in several])
    assert [(one.total, flat(one.labels)) for one in found] == expected


def test_the_same_row_may_be_there_twice() -> None:
    row = rows(1, [5])[0]
    shared = Row(iter(row))
    assert list(in_order([shared, shared])) == list(in_order([Row(iter(row)), Row(iter(row))]))


def test_no_more_is_asked_for_than_needed() -> None:
    asked = []

    def endless() -> Iterator[Ranked]:
        for number in range(1000):
            asked.append(number)
            yield Ranked(number, (number,), NOBODY)

    assert [one.total for one in islice(in_order([Row(endless()) for _ in range(8)]), 9)] == [0] + [1] * 8
    assert len(asked) < 8 * 5
