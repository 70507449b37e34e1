"""Pair tables: which voicings may follow which, and at what cost; made once for each distinct pair of slots.

A rule over one voice, or over two, cannot see the others. So it is judged once for each pitch (or pair of pitches)
on either side, and the verdicts are spread over the full voicings by indexing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import Domain, charges

SMALL_WINDOWS = ("melodic-step", "adjacent-voices-motion", "voice-pair-motion")


@dataclass(frozen=True, eq=False)
class PairTable:
    """The legal successions between two domains, sorted by the first voicing, then by the second.

    Attributes:
        source: int32 [edges], index into the first domain.
        target: int32 [edges], index into the second domain.
        cost: int64 [edges], thousandths: the change and the second voicing.
    """

    source: Array
    target: Array
    cost: Array


@dataclass(frozen=True)
class _Projection:
    """The distinct pitches some voices take in a domain.

    Attributes:
        pitches: [distinct, voices] of pitch codes, ascending.
        index: [candidates], which of them each candidate has.
        parts: for each of several voices [distinct], which of the voice's own distinct pitches it is.
    """

    pitches: Array
    index: Array
    parts: tuple[Array, ...] = ()


class PairMaker:
    """Makes the tables of several pairs of domains at once."""

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = rules
        self.ensemble = ensemble
        self.small = [WINDOWS[name] for name in SMALL_WINDOWS if rules.over(name)]
        self.full = rules.over("chord-change")
        self._project = _Projector()

    def make(self, pairs: Sequence[tuple[Domain, Domain]]) -> list[PairTable]:
        """The table of each pair of domains."""
        slots = list(dict.fromkeys(domain.slot for pair in pairs for domain in pair))
        world = World(self.ensemble.voices, slots, self.rules.codes)
        number = {slot: index for index, slot in enumerate(slots)}
        factors: list[list[_Factor]] = [[] for _ in pairs]
        for window in self.small:
            self._judge(window, world, pairs, number, factors)
        tables = [_combine(len(first), second, found) for (first, second), found in zip(pairs, factors, strict=True)]
        return self._judge_changes(world, pairs, number, tables) if self.full else tables

    def _judge(self, window: Window, world: World, pairs: Sequence[tuple[Domain, Domain]], number: dict[Slot, int],
               factors: list[list[_Factor]]) -> None:
        """Add to ``factors`` the verdicts of one kind of window on every pair."""
        keys = [(row, voices) for row in range(len(pairs)) for voices in window.instances(len(self.ensemble.voices))]
        if not keys:
            return
        sides = [(self._project(pairs[row][0], voices), self._project(pairs[row][1], voices)) for row, voices in keys]
        masks = [_possible(factors[row], voices, before, after)
                 for (row, voices), (before, after) in zip(keys, sides, strict=True)]
        cells = [np.nonzero(mask) for mask in masks]
        lengths = [len(rows) for rows, _ in cells]
        before = np.concatenate([side.pitches[cell[0]] for (side, _), cell in zip(sides, cells, strict=True)])
        after = np.concatenate([side.pitches[cell[1]] for (_, side), cell in zip(sides, cells, strict=True)])
        voices = np.repeat(np.array([voices for _, voices in keys]), lengths, axis=0)
        places = [np.repeat([number[pairs[row][side].slot] for row, _ in keys], lengths) for side in (0, 1)]
        rows = window.rows(world, [before, after], voices, places)
        forbidden, cost = charges(self.rules.over(window.name), rows)
        stop = 0
        for key, side, mask, cell, length in zip(keys, sides, masks, cells, lengths, strict=True):
            start, stop = stop, stop + length
            allowed, costs = mask.copy(), np.zeros(mask.shape, dtype=np.int64)
            allowed[cell] = ~forbidden[start:stop]
            costs[cell] = cost[start:stop]
            factors[key[0]].append(_Factor(key[1], side[0], side[1], allowed, costs))

    def _judge_changes(self, world: World, pairs: Sequence[tuple[Domain, Domain]], number: dict[Slot, int],
                       tables: list[PairTable]) -> list[PairTable]:
        """The tables, less the edges that rules over whole chord changes forbid, with their costs added."""
        lengths = [len(table.source) for table in tables]
        before = np.concatenate([pair[0].pitches[table.source] for pair, table in zip(pairs, tables, strict=True)])
        after = np.concatenate([pair[1].pitches[table.target] for pair, table in zip(pairs, tables, strict=True)])
        voices = np.broadcast_to(np.arange(before.shape[1]), before.shape)
        places = [np.repeat([number[pair[side].slot] for pair in pairs], lengths) for side in (0, 1)]
        rows = WINDOWS["chord-change"].rows(world, [before, after], voices, places)
        forbidden, cost = charges(self.full, rows)
        bounds = np.cumsum([0, *lengths])
        return [_kept(table, ~forbidden[low:high], cost[low:high])
                for table, low, high in zip(tables, bounds[:-1], bounds[1:], strict=True)]


@dataclass(frozen=True)
class _Factor:
    """Verdicts on some voices: allowed and cost by [pitches before, pitches after]."""

    voices: tuple[int, ...]
    before: _Projection
    after: _Projection
    allowed: Array
    cost: Array


class _Projector:
    """Projections of domains on voices, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Domain, tuple[int, ...]], _Projection] = {}

    def __call__(self, domain: Domain, voices: tuple[int, ...]) -> _Projection:
        found = self._made.get((domain, voices))
        if found is None:
            own = [self(domain, (voice,)) for voice in voices] if len(voices) > 1 else []
            found = self._made[domain, voices] = _project(domain.pitches[:, list(voices)], own)
        return found


def _project(columns: Array, own: Sequence[_Projection]) -> _Projection:
    code = columns[:, 0].astype(np.int64)
    for column in columns.T[1:]:
        code = code << 15 | column
    _, first, index = np.unique(code, return_index=True, return_inverse=True)
    return _Projection(columns[first], index, tuple(one.index[first] for one in own))


def _possible(factors: Sequence[_Factor], voices: tuple[int, ...], before: _Projection, after: _Projection) -> Array:
    """Which combinations the rules over single voices leave possible, [pitches before, pitches after]."""
    mask = np.ones((len(before.pitches), len(after.pitches)), dtype=bool)
    if len(voices) == 1:
        return mask
    for factor in factors:
        if len(factor.voices) == 1 and factor.voices[0] in voices:
            column = voices.index(factor.voices[0])
            mask &= factor.allowed[before.parts[column][:, None], after.parts[column]]
    return mask


def _combine(before: int, after: Domain, factors: Sequence[_Factor]) -> PairTable:
    """One table from the verdicts on one and two voices."""
    allowed = np.ones((before, len(after)), dtype=bool)
    for factor in factors:
        if not factor.allowed.all():
            allowed &= factor.allowed[factor.before.index[:, None], factor.after.index]
    source, target = np.nonzero(allowed)
    cost = after.cost[target].copy()
    for factor in factors:
        if factor.cost.any():
            cost += factor.cost[factor.before.index[source], factor.after.index[target]]
    return PairTable(source.astype(np.int32), target.astype(np.int32), cost)


def _kept(table: PairTable, kept: Array, cost: Array) -> PairTable:
    return PairTable(table.source[kept], table.target[kept], (table.cost + cost)[kept])
