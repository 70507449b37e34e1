"""Chance made of drawn digits: exact, short, and made anew without bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from fractions import Fraction
from itertools import accumulate, product
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.solve.chi_square import chi_square_is_plausible
from tests.testing.drawing import drawn, plainest
from theorygen.source.chance import Chance
from theorygen.testing.chance import BASE, DrawnChance, Retraced


class OutOfDigits(Exception):
    """The digits given do not settle a choice."""


def of_digits(digits: tuple[int, ...]) -> DrawnChance:
    """A chance that draws these digits."""
    left = iter(digits)

    def draw(_strategy: Any) -> int:
        try:
            return next(left)
        except StopIteration:
            raise OutOfDigits from None

    return DrawnChance(draw)


def settled_by(digits: int, sums: list[float]) -> Counter[int]:
    """How many rows of so many digits settle on each alternative, those that need fewer counted for all they begin."""
    found: Counter[int] = Counter()
    for row in product(range(BASE), repeat=digits):
        try:
            found[of_digits(row).among(sums)] += 1
        except OutOfDigits:
            continue
    return found


@pytest.mark.parametrize("weights", [(1, 1), (1, 2, 5), (3, 0, 1), (0, 7), (1, 63), (10**30, 10**30, 2 * 10**30)])
def test_a_choice_has_exactly_its_probability(weights: tuple[int, ...]) -> None:
    found, total = settled_by(2, list(accumulate(weights))), sum(weights)
    for index, weight in enumerate(weights):
        share = Fraction(found[index], BASE**2)
        assert share <= Fraction(weight, total) <= share + Fraction(2, BASE**2)


def test_weights_that_are_no_whole_numbers_are_as_exact() -> None:
    assert settled_by(1, [0.25, 0.75, 1.0]) == {0: 16, 1: 32, 2: 16}
    assert settled_by(1, [0.0, 2.0, 2.0]) == {1: BASE}


@pytest.mark.parametrize("weights", [[5.0], [1.0, 1.0], [0.0, 1.0, 3.0], [1e-12, 1.0]])
def test_zeros_choose_what_stands_first(weights: list[float]) -> None:
    first = next(index for index, weight in enumerate(weights) if weight)
    assert of_digits((0,) * 12).among(list(accumulate(weights))) == first


@pytest.mark.parametrize("bound", [1, 2, 7, 64, 65, 100, 4096, 5000])
def test_numbers_below_a_bound_are_even(bound: int) -> None:
    @st.composite
    def below(draw: Any) -> int:
        return DrawnChance(draw).below(bound)

    expected: dict[Hashable, float] = dict.fromkeys(range(bound), 20_000 / bound)
    assert chi_square_is_plausible(Counter(drawn(below(), 20_000)), expected)
    assert plainest(below()) == 0


def test_numbers_in_the_unit_interval_lie_in_it() -> None:
    assert of_digits((63,) * 9).uniform() < 1
    assert of_digits((0,) * 18).uniforms(2).tolist() == [0, 0]
    assert of_digits((32, *(0,) * 8)).uniform() == 0.5


TREE = {(): (1.0, 2.0, 3.0), (0,): (1.0, 1.0), (1,): (4.0, 1.0, 1.0), (2,): (1.0,)}
"""Weights of what may be chosen after each choice."""


def walk(chance: Chance) -> tuple[int, ...]:
    path: tuple[int, ...] = ()
    while path in TREE:
        path = (*path, chance.among(list(accumulate(TREE[path]))))
    return path


def probability(path: tuple[int, ...]) -> float:
    share = 1.0
    for depth, index in enumerate(path):
        weights = TREE[path[:depth]]
        share *= weights[index] / sum(weights)
    return share


def paths(start: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    if start not in TREE:
        yield start
    for index in range(len(TREE.get(start, ()))):
        yield from paths((*start, index))


@pytest.mark.parametrize("dead", [{(0,)}, {(1, 0), (1, 1)}, {(0,), (2,)}, {(0, 0), (0, 1), (1,)}])
def test_what_leads_nowhere_is_left_out_exactly(dead: set[tuple[int, ...]]) -> None:
    chance, found, trials = Chance(5), Counter[Hashable](), 12_000
    for _ in range(trials):
        retraced, tried = Retraced(chance), set()
        path = walk(retraced)
        while wrong := [one for one in dead if one == path[: len(one)]]:
            assert path not in tried
            tried.add(path)
            assert retraced.retrace(len(wrong[0]))
            path = walk(retraced)
        found[path] += 1
    alive = {path: probability(path) for path in paths() if not any(path[: len(one)] == one for one in dead)}
    expected: dict[Hashable, float] = {path: trials * share / sum(alive.values()) for path, share in alive.items()}
    assert chi_square_is_plausible(found, expected)


def test_where_nothing_is_left_it_says_so() -> None:
    retraced, seen = Retraced(Chance(1)), []
    while True:
        seen.append(walk(retraced))
        if not retraced.retrace(2):
            break
    assert sorted(seen) == sorted(paths())


def test_numbers_below_a_bound_can_be_made_anew() -> None:
    retraced, seen = Retraced(Chance(2)), []
    while True:
        seen.append(retraced.below(9))
        if not retraced.retrace(1):
            break
    assert sorted(seen) == list(range(9))
