"""Counting, numbering and fair draws against enumeration, and where numbers are larger than floats."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.solve.chi_square import chi_square_is_plausible
from tests.solve.random_trellises import random_trellis, ways
from theorygen.solve.counting import Numbering, TooManySets, count, count_different
from theorygen.solve.layers import all_steps
from theorygen.solve.paths import Opening, Step, Trellis
from theorygen.source.chance import Chance

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_path_is_counted_and_has_one_number(seed: int) -> None:
    trellis = random_trellis(seed)
    found = ways(trellis)
    numbering = Numbering(trellis)
    assert count(trellis) == numbering.total == len(found)
    paths = numbering.paths(range(numbering.total))
    told = zip(map(tuple, paths.states.tolist()), paths.cost.tolist(), paths.price.tolist(), strict=True)
    assert Counter(told) == Counter((way.states, way.cost, way.price) for way in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_different_sequences_are_counted_once(seed: int) -> None:
    trellis = random_trellis(seed, syntax=seed % 3 > 0)
    random = np.random.default_rng(seed)
    labels = [random.integers(0, 3, states) for states in trellis.state_counts]
    found = {tuple(int(label[state]) for label, state in zip(labels, way.states, strict=True)) for way in ways(trellis)}
    assert count_different(trellis, labels) == len(found) < count(trellis)


def test_too_many_sets_are_refused() -> None:
    trellis = random_trellis(1)
    labels = [np.arange(states) for states in trellis.state_counts]
    with pytest.raises(TooManySets) as error:
        count_different(trellis, labels, most=10)
    assert 0 < error.value.layer < len(labels)


def test_draws_are_fair_whatever_they_cost() -> None:
    trellis = random_trellis(2, length=3)
    found = ways(trellis)
    paths = Numbering(trellis).draws(Chance(3), 20_000)
    expected = Counter(way.states for way in found)
    assert chi_square_is_plausible(Counter(map(tuple, paths.states.tolist())),
                                   {states: 20_000 * times / len(found) for states, times in expected.items()})


def free(length: int, size: int) -> Trellis:
    """Every state may follow every other."""
    states = np.arange(size)
    step = Step(np.repeat(states, size), np.tile(states, size), np.zeros(size * size, dtype=np.int64), states * size)
    zero = np.zeros(size, dtype=np.int64)
    return Trellis((), (states,) * length, (zero,) * length, Opening(zero), (step,) * (length - 1), zero)


def test_numbers_larger_than_floats_stay_exact() -> None:
    numbering = Numbering(free(1000, 3))
    assert numbering.total == 3**1000 > 10**400
    number = Chance(5).below(numbering.total)
    digits = [number // 3 ** (999 - place) % 3 for place in range(1000)]
    assert numbering.paths([0, number, numbering.total - 1]).states.tolist() == [[0] * 1000, digits, [2] * 1000]
    drawn = Counter(numbering.draws(Chance(6), 20).states.reshape(-1).tolist())
    assert chi_square_is_plausible(drawn, dict.fromkeys(range(3), 20_000 / 3))


def test_states_of_one_kind_change_no_count() -> None:
    """Two states in place of one: twice the paths at every layer, and not one more sequence of labels."""
    assert count(free(40, 6)) == 2**40 * count(free(40, 3))
    halves = [np.arange(6) // 2] * 40
    assert count_different(free(40, 6), halves) == count(free(40, 3))
    assert len(all_steps(free(40, 6))) == 40
