"""How probable each pitch and each chord is at each position: exact shares of all solutions, or under a temperature.

Forward and backward over the edges of the trellis; what flows through a state is what is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, pairwise
from math import prod
from typing import Any

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.counting import ways_of_states
from theorygen.solve.layers import all_steps, begins, choices_of, pitches_of
from theorygen.solve.paths import Trellis
from theorygen.solve.problem import Problem
from theorygen.solve.semirings import Sampler
from theorygen.theory import Pitch

Share = Fraction | float
_DIGITS = 12


@dataclass(frozen=True)
class Marginals:
    """What share of the solutions has something at a position: exact fractions or, under a temperature, floats.

    Attributes:
        problem: what was to be solved.
        total: the number of solutions if each counts the same; None if they count by weight and cost.
        pitches: for each position and voice, the share of each pitch code that occurs, ascending.
        chords: for each position, the share of each choice that begins there.
        held: for each position, the share in which the chord before goes on.
        moves: for each position and voice, the share of each pair of pitch codes, the one before and the one here; at
            the first position nothing. Empty if not asked for.
    """

    problem: Problem = field(repr=False)
    total: int | None
    pitches: tuple[tuple[Mapping[int, Share], ...], ...]
    chords: tuple[Mapping[int, Share], ...]
    held: tuple[Share, ...]
    moves: tuple[tuple[Mapping[tuple[int, int], Share], ...], ...] = ()

    def share(self, position: int, voice: int, pitch: Pitch) -> Share:
        """In what share of the solutions a voice has a pitch at a position."""
        return self.pitches[position][voice].get(pitch.code, Fraction(0) if self.total else 0.0)

    def to_data(self) -> dict[str, Any]:
        """Plain data, shares as numbers, the most probable first; positions from 1."""
        return {"law": "uniform" if self.total else "sample",
                "solutions": None if self.total is None else str(self.total),
                "positions": [self._position_data(place) for place in range(len(self.pitches))]}

    def _position_data(self, place: int) -> dict[str, Any]:
        choices = self.problem.positions[place].choices
        names = self.problem.ensemble.names
        named = [(choices[number].slot.chord, share) for number, share in _descending(self.chords[place])]
        chords = [{"chord": chord.text, "key": str(chord.key), "share": share} for chord, share in named if chord]
        data: dict[str, Any] = {
            "position": place + 1, "chords": chords, "held": _number(self.held[place]),
            "voices": {name: [{"pitch": str(Pitch.from_code(code)), "share": share} for code, share in _descending(one)]
                       for name, one in zip(names, self.pitches[place], strict=True)}}
        if self.moves and place:
            data["moves"] = {name: [{"from": str(Pitch.from_code(before)), "to": str(Pitch.from_code(after)),
                                     "share": share} for (before, after), share in _descending(one)]
                             for name, one in zip(names, self.moves[place], strict=True)}
        return data


def _number(share: Share) -> float:
    return round(float(share), _DIGITS)


def _descending(shares: Mapping[Any, Share]) -> list[tuple[Any, float]]:
    """The most probable first, equals in ascending order of what they are."""
    return [(key, _number(shares[key])) for key in sorted(shares, key=lambda key: (-shares[key], key))]


def fair_marginals(problem: Problem, trellis: Trellis, moves: bool = False) -> Marginals:
    """Exact shares of all solutions.

    Args:
        problem: what was solved.
        trellis: its solutions.
        moves: whether to tell pairs of successive pitches.
    """
    after = ways_of_states(trellis)
    before = np.ones(1, dtype=object)
    flows = []
    for step, ways in zip(all_steps(trellis), after, strict=True):
        edges = before[step.source]
        before = _summed(edges, step.target, len(ways))
        flows.append((edges * ways[step.target] if moves else edges, before * ways))
    return _collected(problem, trellis, flows, sum(flows[0][1].tolist()), moves)


def marginals_at(problem: Problem, sampler: Sampler, moves: bool = False) -> Marginals:
    """Probabilities under the law that a sampler draws by: see `fair_marginals`."""
    return _collected(problem, sampler.trellis, list(_probabilities(sampler)), None, moves)


def joined_marginals(problem: Problem, parts: Sequence[Marginals]) -> Marginals:
    """The marginals of a problem from those of its independent parts, in time order; of one part they are the same."""
    if len(parts) == 1:
        return parts[0]
    totals = [part.total for part in parts if part.total is not None]
    moves = list(parts[0].moves)
    for before, after in pairwise(parts if moves else ()):
        moves += [tuple(map(_free_pairs, before.pitches[-1], after.pitches[0])), *after.moves[1:]]
    pitches, chords, held = (tuple(chain.from_iterable(columns)) for columns in zip(
        *((part.pitches, part.chords, part.held) for part in parts), strict=True))
    return Marginals(problem, prod(totals) if totals else None, pitches, chords, held, tuple(moves))


def _free_pairs(before: Mapping[int, Share], after: Mapping[int, Share]) -> dict[tuple[int, int], Share]:
    """The share of each pair of pitch codes where the second does not depend on the first."""
    return {(one, other): before[one] * after[other] for one in before for other in after}


def _probabilities(sampler: Sampler) -> Iterator[tuple[Array, Array]]:
    """For each layer the probabilities of the edges into it, and of its states."""
    states = np.ones(1)
    for layer, step in enumerate(sampler.steps):
        edges = states[step.source] * sampler.conditional(layer)
        states = _summed(edges, step.target, len(sampler.trellis.candidates[layer]))
        yield edges, states


def _summed(amounts: Array, kind: Array, kinds: int) -> Array:
    """The sum of the amounts of each kind, in a fixed order."""
    if amounts.dtype != object:
        return np.bincount(kind, amounts, kinds)
    total = np.zeros(kinds, dtype=object)
    np.add.at(total, kind, amounts)
    return total


def _collected(problem: Problem, trellis: Trellis, flows: list[tuple[Array, Array]], total: int | None,
               moves: bool) -> Marginals:
    pitches, chords, held, pairs = [], [], [], []
    sounding = np.zeros((1, len(problem.ensemble.voices)), dtype=np.int32)
    for layer, (step, (edges, states)) in enumerate(zip(all_steps(trellis), flows, strict=True)):
        before, sounding, begun = sounding, pitches_of(trellis, layer), begins(trellis, layer)
        pitches.append(tuple(_shares(column, states, total) for column in sounding.T))
        chords.append(_shares(choices_of(trellis, layer)[begun], states[begun], total))
        held.append(_shares(begun, states, total).get(False, Fraction(0) if total else 0.0))
        if moves:
            pairs.append(tuple(_pairs(one[step.source], other[step.target], edges, total) if layer else {}
                               for one, other in zip(before.T, sounding.T, strict=True)))
    return Marginals(problem, total, tuple(pitches), tuple(chords), tuple(held), tuple(pairs))


def _shares(keys: Array, amounts: Array, total: int | None) -> dict[int, Share]:
    """The share of each key, ascending; without those that never occur."""
    distinct, kind = np.unique(keys, return_inverse=True)
    sums = _summed(amounts, kind, len(distinct)).tolist()
    found = zip(distinct.tolist(), sums, strict=True)
    return {key: Fraction(one, total) if total else one for key, one in found if one}


def _pairs(before: Array, after: Array, amounts: Array, total: int | None) -> dict[tuple[int, int], Share]:
    """The share of each pair of pitch codes, which are below 2**15."""
    shares = _shares(before.astype(np.int64) << 15 | after, amounts, total)
    return {(code >> 15, code & 0x7FFF): share for code, share in shares.items()}
