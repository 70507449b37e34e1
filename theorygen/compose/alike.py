"""Solutions that are alike: a problem narrowed to those with the choices, the chords or the notes of one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.answers import Solution
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Problem, Syntax

_TOP = 0
_NOTHING: Mapping[int, frozenset[int]] = {_TOP: frozenset()}


def with_its_choices(problem: Problem, solution: Solution, name: Callable[[Choice], Any]) -> Problem:
    """The problem with the choices of a solution, beginning where they begin there, and no others.

    Args:
        problem: the problem.
        solution: one of its solutions.
        name: what tells choices apart.
    """
    begun = {start: name(choice) for start, choice in zip(solution.starts, solution.choices, strict=True)}
    positions = tuple(
        replace(position, choices=tuple(choice if index in begun and name(choice) == begun[index] else _barred(choice)
                                        for choice in position.choices))
        for index, position in enumerate(problem.positions))
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


OF_NOTES = ("voicings", "soprano")
"""What solutions may differ in that notes decide."""


def alike(problem: Problem, solution: Solution, distinct: str) -> Problem:
    """The problem narrowed to the solutions that ``distinct``, a word of `ranking.DISTINCT`, does not tell from one."""
    if distinct in _NAMES:
        return with_its_choices(problem, solution, _NAMES[distinct])
    return with_its_notes(problem, solution, [_TOP] if distinct == "soprano" else range(len(problem.ensemble)))


def name_of(solution: Solution, distinct: str, positions: int) -> Hashable:
    """Something that is equal for solutions that ``distinct`` does not tell apart; solutions are told apart by all.

    Args:
        solution: the solution.
        distinct: a word of `ranking.DISTINCT`.
        positions: how many the problem has.
    """
    if distinct in OF_NOTES:
        sounding = np.array(list(_sounding(solution, positions)))
        return (sounding[:, _TOP] if distinct == "soprano" else sounding).tobytes()
    name = _NAMES.get(distinct, _NAMES["choices"])
    chords = tuple(zip(solution.starts, map(name, solution.choices), strict=True))
    return chords if distinct in _NAMES else (chords, solution.pitches.tobytes())


def _barred(choice: Choice) -> Choice:
    """A choice to which nothing can be sung; it stays, so that the others keep their numbers."""
    return replace(choice, degrees=_NOTHING)


def _chord(choice: Choice) -> Any:
    """The chord as it is printed."""
    chord = choice.slot.chord
    return chord and (chord.text, chord.key)


_NAMES: Mapping[str, Callable[[Choice], Any]] = {"choices": id, "chords": _chord}


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
