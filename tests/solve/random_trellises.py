"""Small random trellises with everything a syntax brings: prices, weights, held chords, several ways to one music."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, inf

import numpy as np

from tests.solve.problems import ensemble
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Slot
from theorygen.solve.layers import all_steps
from theorygen.solve.paths import DeadEnd, Layer, Opening, Step, Trellis, pruned
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.workshop import Pool
from theorygen.theory import Key, Pitch, RomanNumeral

CHORDS = ("I", "V", "IV")


@dataclass(frozen=True)
class Way:
    """One path: its edges and states, what it costs, its price and weight."""

    edges: tuple[int, ...]
    states: tuple[int, ...]
    cost: int
    price: int
    weight: float


def ways(trellis: Trellis) -> list[Way]:
    """All paths, one by one."""
    steps = all_steps(trellis)

    def go_on(layer: int, state: int) -> Iterator[tuple[list[int], list[int], int, int, float]]:
        if layer == len(steps):
            yield [], [], int(trellis.final[state]), 0, 1.0
            return
        step = steps[layer]
        for edge in np.flatnonzero(step.source == state).tolist():
            price = 0 if step.price is None else int(step.price[edge])
            weight = 1.0 if step.weight is None else float(step.weight[edge])
            for edges, states, cost, prices, weights in go_on(layer + 1, int(step.target[edge])):
                yield ([edge, *edges], [int(step.target[edge]), *states], int(step.cost[edge]) + cost, price + prices,
                       weight * weights)

    return [Way(tuple(edges), tuple(states), cost, price, weight) for edges, states, cost, price, weight in go_on(0, 0)]


def law(found: list[Way], temperature: float) -> list[float]:
    """The probability of each path under weight times exp(-cost / temperature)."""
    least = min(way.cost for way in found)

    def power(cost: int) -> float:
        if temperature == 0:
            return float(cost == least)
        return 1.0 if temperature == inf else exp((least - cost) / 1000 / temperature)

    amounts = [way.weight * power(way.cost) for way in found]
    return [amount / sum(amounts) for amount in amounts]


def random_trellis(seed: int, length: int = 4, syntax: bool = True) -> Trellis:
    """A trellis with a few hundred paths; costs are few, so that many are equal."""
    random = np.random.default_rng(seed)
    while True:
        pools = [_pool(random) for _ in range(length)]
        layers = [_states(random, 0, [])]
        steps = []
        for place in range(1, length):
            layers.append(_states(random, place, layers[-1] if syntax else []))
            steps.append(_step(random, layers[-2], layers[-1], syntax))
        columns = [Layer(*(np.array(column) for column in zip(*((one[1], one[0]) for one in layer), strict=True)))
                   for layer in layers]
        size = len(layers[0])
        opening = Opening(_costs(random, size), *(_syntax(random, size) if syntax else ()))
        try:
            return pruned(pools, columns, opening, steps, _costs(random, len(layers[-1])))
        except DeadEnd:
            continue


def problem_of(trellis: Trellis) -> Problem:
    """A problem with as many positions and choices; its rules are none."""
    choices = tuple(Choice(Slot(RomanNumeral.parse(text, Key.parse("C")))) for text in CHORDS)
    return Problem((Position(choices),) * len(trellis.pools), RuleSet(()), ensemble(2))


def _pool(random: np.random.Generator) -> Pool:
    choice = np.array([0, 0, 1, 2, 2])
    upper, lower = ([Pitch.parse(text).code for text in texts] for texts in (("G4", "C5"), ("C3", "E3", "G3")))
    pitches = np.stack([random.choice(upper, 5), random.choice(lower, 5)], axis=1).astype(np.int32)
    return Pool(choice, pitches, np.zeros(5, dtype=np.int64), pitches.astype(np.int16), (0, 2, 3, 5), ())


def _states(random: np.random.Generator, place: int, before: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """States as (origin, candidate), ascending; several may be the same music."""
    begun = [(place, int(candidate)) for candidate in random.integers(0, 5, random.integers(3, 6))]
    held = [state for state in before if random.random() < 0.5]
    return sorted(begun + held)


def _step(random: np.random.Generator, before: list[tuple[int, int]], after: list[tuple[int, int]],
          syntax: bool) -> Step:
    """Random edges; a held state only comes from its own music, and with a syntax some edges are there twice."""
    place = after[-1][0]
    pairs = [(source, target) for source, state in enumerate(before) for target, reached in enumerate(after)
             if (reached == state if reached[0] < place else random.random() < 0.6)
             for _ in range(1 + (syntax and random.random() < 0.2))]
    random.shuffle(pairs)
    source, target = (np.array(column, dtype=np.int32) for column in zip(*sorted(pairs, key=lambda one: one[0]),
                                                                         strict=True))
    none = np.zeros(0, dtype=np.int32)
    return Step(source, target, _costs(random, len(source)), none,
                *(_syntax(random, len(source)) if syntax else ()))


def _costs(random: np.random.Generator, size: int) -> np.ndarray:
    return random.integers(0, 4, size) * 500


def _syntax(random: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Prices and weights."""
    return random.integers(0, 3, size) * 500, random.choice([0.25, 1.0, 2.0], size)
