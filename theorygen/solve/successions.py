"""Which position may follow which, and with which choices: what a syntax and its holds leave possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.problem import HOLD, Arcs, Problem


@dataclass(frozen=True, eq=False)
class Successions:
    """For each position where a chord may begin, those where the next one may.

    Attributes:
        following: for each position, later positions to bool [choices here, choices there].
    """

    following: tuple[dict[int, Array], ...]

    def pairs(self) -> Iterator[tuple[int, int, Array]]:
        """Every two positions of which one may follow the other, with the choices that may."""
        for before, later in enumerate(self.following):
            for after, allowed in later.items():
                yield before, after, allowed


def successions(problem: Problem) -> Successions:
    """What may follow what in a problem; with a syntax only what it has some way for."""
    counts = [len(position.choices) for position in problem.positions]
    if problem.syntax is None:
        following = [{place + 1: np.ones((counts[place], counts[place + 1]), dtype=bool)}
                     for place in range(len(counts) - 1)]
        return Successions((*following, {}))
    return _by_syntax(problem.syntax.layers, counts)


def _by_syntax(layers: tuple[Arcs, ...], counts: list[int]) -> Successions:
    following: list[dict[int, Array]] = [{} for _ in counts]
    sounding: dict[int, Array] = {}
    for place, arcs in enumerate(layers):
        # The next layer may have ways from states that nothing reaches here.
        onward = layers[place + 1].source if place + 1 < len(layers) else arcs.target
        states = int(max(arcs.target.max(initial=0), onward.max(initial=0))) + 1
        begins, holds = arcs.choice != HOLD, arcs.choice == HOLD
        here = np.zeros((counts[place], states), dtype=bool)
        if place == 0:
            here[arcs.choice[begins], arcs.target[begins]] = True
        for origin, reached in sounding.items():
            passed = reached[:, arcs.source[begins]]
            allowed = np.zeros((counts[origin], counts[place]), dtype=bool)
            row, arc = np.nonzero(passed)
            allowed[row, arcs.choice[begins][arc]] = True
            if allowed.any():
                following[origin][place] = allowed
            alive = passed.any(axis=0)
            here[arcs.choice[begins][alive], arcs.target[begins][alive]] = True
        sounding = _held(sounding, arcs, holds, states)
        if here.any():
            sounding[place] = here
    return Successions(tuple(following))


def _held(sounding: dict[int, Array], arcs: Arcs, holds: Array, states: int) -> dict[int, Array]:
    """What goes on sounding: for each position where it began bool [choices, states]."""
    kept = {}
    for origin, reached in sounding.items():
        onward = np.zeros((len(reached), states), dtype=bool)
        row, arc = np.nonzero(reached[:, arcs.source[holds]])
        onward[row, arcs.target[holds][arc]] = True
        if onward.any():
            kept[origin] = onward
    return kept
