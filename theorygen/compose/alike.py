"""Solutions that are alike: a problem narrowed to those with the chords, the voicings or the soprano of one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.answers import Solution
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Problem, Syntax

_TOP = 0
_NOTHING: Mapping[int, frozenset[int]] = {_TOP: frozenset()}


def with_its_chords(problem: Problem, solution: Solution) -> Problem:
    """The problem with the chords of a solution, beginning where they begin there, and no others."""
    begun = dict(zip(solution.starts, solution.choices, strict=True))
    positions = tuple(_only(position, begun.get(index)) for index, position in enumerate(problem.positions))
    return _without_holds(replace(problem, positions=positions), begun)


def with_its_notes(problem: Problem, solution: Solution, voices: Collection[int]) -> Problem:
    """The problem with the pitches that some voices have in a solution, at every position.

    Args:
        problem: the problem.
        solution: one of its solutions.
        voices: numbers of the voices.
    """
    sounding = list(_sounding(solution, len(problem.positions)))
    positions = tuple(_with_notes(position, {voice: int(pitches[voice]) for voice in voices})
                      for position, pitches in zip(problem.positions, sounding, strict=True))
    moved = {index for index in range(1, len(sounding))
             if any(sounding[index - 1][voice] != sounding[index][voice] for voice in voices)}
    return _without_holds(replace(problem, positions=positions), moved)


def alike(problem: Problem, solution: Solution, distinct: str) -> Problem:
    """The problem narrowed to the solutions that ``distinct``, a word of `ranking.DISTINCT`, does not tell from one."""
    if distinct == "chords":
        return with_its_chords(problem, solution)
    return with_its_notes(problem, solution, [_TOP] if distinct == "soprano" else range(len(problem.ensemble)))


def _only(position: Position, kept: Choice | None) -> Position:
    """The position without other chords than one; the others stay as numbers that nothing can be sung to."""
    return replace(position, choices=tuple(
        choice if kept is not None and _name(choice) == _name(kept) else replace(choice, degrees=_NOTHING)
        for choice in position.choices))


def _name(choice: Choice) -> Any:
    chord = choice.slot.chord
    return chord and (chord.text, chord.key)


def _with_notes(position: Position, pitches: Mapping[int, int]) -> Position:
    given = {voice: frozenset([code]) & position.given.get(voice, frozenset([code]))
             for voice, code in pitches.items()}
    return replace(position, given={**position.given, **given})


def _sounding(solution: Solution, positions: int) -> Iterator[Array]:
    """The pitches at every position, held ones too."""
    rows = np.searchsorted(np.array(solution.starts), np.arange(positions), side="right") - 1
    yield from solution.pitches[rows]


def _without_holds(problem: Problem, positions: Collection[int]) -> Problem:
    """The problem with a new chord at these positions."""
    if problem.syntax is None:
        return problem
    layers = (_beginning(layer) if index in positions else layer for index, layer in enumerate(problem.syntax.layers))
    return replace(problem, syntax=Syntax(tuple(layers)))


def _beginning(layer: Arcs) -> Arcs:
    kept = layer.choice != HOLD
    return Arcs(layer.source[kept], layer.choice[kept], layer.target[kept], layer.price[kept], layer.weight[kept])
