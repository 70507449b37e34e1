"""The best path, and the law and the sameness of random ones."""

from __future__ import annotations

from collections import Counter
from math import inf

import numpy as np
import pytest

from tests.solve.chi_square import chi_square_is_plausible
from tests.solve.random_trellises import law, random_trellis, ways
from theorygen.solve import semirings
from theorygen.solve.semirings import Sampler, best, best_of_each, costs_to_go
from theorygen.source.chance import Chance

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_has_the_least_cost_and_price_and_comes_first_among_equals(seed: int) -> None:
    trellis = random_trellis(seed, syntax=seed % 3 > 0)
    found = ways(trellis)
    least = min(way.cost + way.price for way in found)
    first = min(way.states for way in found if way.cost + way.price == least)
    paths = best(trellis)
    assert tuple(paths.states[0].tolist()) == first
    assert paths.cost[0] + paths.price[0] == least
    assert (paths.cost[0], paths.price[0]) in {(way.cost, way.price) for way in found if way.states == first}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_each_row_of_labels_comes_first_among_equals(seed: int) -> None:
    trellis = random_trellis(seed, syntax=seed % 3 > 0)
    random = np.random.default_rng(seed)
    labels = [random.integers(0, 2, states) for states in trellis.state_counts]
    members: dict[tuple[int, ...], list[tuple[int, tuple[int, ...]]]] = {}
    for way in ways(trellis):
        name = tuple(int(label[state]) for label, state in zip(labels, way.states, strict=True))
        members.setdefault(name, []).append((way.cost + way.price, way.states))
    rows = list(members) * 40
    paths = best_of_each(trellis, labels, np.array(rows))
    found = zip((paths.cost + paths.price).tolist(), map(tuple, paths.states.tolist()), strict=True)
    assert list(found) == [min(members[row]) for row in rows]


@pytest.mark.parametrize("priced", [False, True])
def test_costs_to_go_are_least_sums(priced: bool) -> None:
    trellis = random_trellis(5)
    least = min(way.cost + way.price * priced for way in ways(trellis))
    opening = trellis.opening.cost + (trellis.opening.price if priced else 0)
    assert (opening + costs_to_go(trellis, priced)[0]).min() == least


@pytest.mark.parametrize("temperature", [0.0, 0.5, 3.0, inf])
@pytest.mark.parametrize("seed", [1, 4])
def test_samples_have_the_stated_law(seed: int, temperature: float) -> None:
    trellis = random_trellis(seed)
    found = ways(trellis)
    number = 20_000
    expected: Counter[tuple[int, ...]] = Counter()
    for way, probability in zip(found, law(found, temperature), strict=True):
        expected[way.states] += number * probability
    paths = Sampler(trellis, temperature).draws(Chance(seed, "draws"), number)
    assert chi_square_is_plausible(Counter(map(tuple, paths.states.tolist())), expected)
    costs = {(way.states, way.cost, way.price) for way in found}
    assert costs >= set(zip(map(tuple, paths.states.tolist()), paths.cost.tolist(), paths.price.tolist(), strict=True))


def test_weights_of_states_count() -> None:
    trellis = random_trellis(2, length=2)
    weights = [np.linspace(1, 4, count) for count in trellis.state_counts]
    found = ways(trellis)
    amounts = [probability * np.prod([weight[state] for weight, state in zip(weights, way.states, strict=True)])
               for way, probability in zip(found, law(found, 2.0), strict=True)]
    expected: Counter[tuple[int, ...]] = Counter()
    for way, amount in zip(found, amounts, strict=True):
        expected[way.states] += 5000 * amount / sum(amounts)
    paths = Sampler(trellis, 2.0, weights).draws(Chance(8), 5000)
    assert chi_square_is_plausible(Counter(map(tuple, paths.states.tolist())), expected)


def test_together_or_one_by_one_the_draws_are_the_same() -> None:
    sampler = Sampler(random_trellis(6, length=6), 1.5)
    together = sampler.draws(Chance(4), 3000)
    chance = Chance(4)
    for number in range(0, 3000, 600):
        some = sampler.draws(chance, 600)
        assert (some.states == together.states[number : number + 600]).all()
        assert (some.cost == together.cost[number : number + 600]).all()
    chance = Chance(4)
    assert all((sampler.draws(chance).states == one).all() for one in together.states[:50])


def test_values_found_anew_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    trellis = random_trellis(6, length=6)
    weights = [np.linspace(1, 4, count) for count in trellis.state_counts]
    kept = Sampler(trellis, 1.5, weights)
    monkeypatch.setattr(semirings, "_KEPT", 0)
    anew = Sampler(trellis, 1.5, weights)
    assert (kept.draws(Chance(4), 2000).states == anew.draws(Chance(4), 2000).states).all()
    assert all((kept.conditional(layer) == anew.conditional(layer)).all() for layer in range(len(kept.steps)))


def test_what_is_far_from_the_best_never_underflows_to_nothing() -> None:
    """A thousand layers, each costing more than floats can tell from nothing: shares stay what they are."""
    trellis = random_trellis(9, length=300)
    shares = Sampler(trellis, 0.01)
    assert all(np.isfinite(shares.values(layer)).all() for layer in range(len(shares.steps)))
    assert len(shares.draws(Chance(1), 10)) == 10
    for layer, step in enumerate(shares.steps):
        sums = np.bincount(step.source, shares.conditional(layer))
        assert (np.isclose(sums, 1) | (shares.totals[layer] == 0)).all()
