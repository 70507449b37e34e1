"""Questions about a problem, answered exactly: the best solution, the number of them, random ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve import semirings
from theorygen.solve.problem import Choice, Problem
from theorygen.solve.trellis import DeadEnd, Trellis, build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

__all__ = ["DeadEnd", "Solution", "best", "count", "sample", "samples", "trellis_of"]


@dataclass(frozen=True, eq=False)
class Solution:
    """One way to voice a problem.

    Attributes:
        choices: the chord taken in each position.
        pitches: int32 [positions, voices] of pitch codes, top voice first.
        cost: in thousandths.
    """

    choices: tuple[Choice, ...]
    pitches: Array
    cost: int


def trellis_of(problem: Problem, workshop: Workshop | None = None) -> Trellis:
    """The trellis of a problem.

    Args:
        problem: what to solve.
        workshop: tables to share with earlier problems of the same rules and ensemble.

    Raises:
        DeadEnd: there is no solution; `explain_dead_end` says why.
    """
    return build_trellis(problem, workshop or Workshop(problem.rules, problem.ensemble))


def best(problem: Problem, workshop: Workshop | None = None) -> Solution:
    """The solution of least cost; proven, as the whole space is covered.

    Raises:
        DeadEnd: there is none; `explain_dead_end` says why.
    """
    trellis = trellis_of(problem, workshop)
    return _solution(problem, trellis, semirings.best(trellis))


def count(problem: Problem, workshop: Workshop | None = None) -> int:
    """The exact number of solutions; 0 when there is none."""
    try:
        return semirings.count(build_trellis(problem, workshop or Workshop(problem.rules, problem.ensemble)))
    except DeadEnd:
        return 0


def sample(problem: Problem, chance: Chance, temperature: float = 1.0, workshop: Workshop | None = None) -> Solution:
    """One random solution, with probability proportional to weight times exp(-cost / temperature).

    Raises:
        DeadEnd: there is none; `explain_dead_end` says why.
    """
    return next(samples(problem, chance, temperature, workshop))


def samples(problem: Problem, chance: Chance, temperature: float = 1.0,
            workshop: Workshop | None = None) -> Iterator[Solution]:
    """Endless independent random solutions.

    Raises:
        DeadEnd: there is none; `explain_dead_end` says why.
    """
    trellis = trellis_of(problem, workshop)
    sampler = semirings.Sampler(trellis, temperature, _weights(problem, trellis))
    while True:
        yield _solution(problem, trellis, sampler.draw(chance))


def _weights(problem: Problem, trellis: Trellis) -> list[Array] | None:
    """Grammar weights of the chord alternatives, for every state; None when no position is open."""
    if all(len(position.choices) == 1 for position in problem.positions):
        return None
    return [np.array([choice.weight for choice in position.choices])[pool.choice[candidates]]
            for position, pool, candidates in zip(problem.positions, trellis.pools, trellis.candidates, strict=True)]


def _solution(problem: Problem, trellis: Trellis, path: semirings.Path) -> Solution:
    rows = [int(candidates[state]) for candidates, state in zip(trellis.candidates, path.states, strict=True)]
    choices = tuple(position.choices[int(pool.choice[row])]
                    for position, pool, row in zip(problem.positions, trellis.pools, rows, strict=True))
    pitches = np.stack([pool.pitches[row] for pool, row in zip(trellis.pools, rows, strict=True)])
    return Solution(choices, pitches, path.cost)
