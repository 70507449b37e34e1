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

SMALL_WINDOWS = (("melodic-step",), ("voice-pair-motion", "adjacent-voices-motion"))
"""Kinds of window over few voices; those judged together see the same voices, a later one only some of them."""


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


@dataclass(frozen=True)
class _Factor:
    """Verdicts on some voices: allowed and cost by [pitches before, pitches after]; None where all are alike."""

    voices: tuple[int, ...]
    before: _Projection
    after: _Projection
    allowed: Array | None
    cost: Array | None


class PairMaker:
    """Makes the tables of several pairs of domains at once."""

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = rules
        self.ensemble = ensemble
        used = [[WINDOWS[name] for name in names if rules.over(name)] for names in SMALL_WINDOWS]
        self.small = [windows for windows in used if windows]
        self.full = rules.over("chord-change")
        self._project = _Projector()

    def make(self, pairs: Sequence[tuple[Domain, Domain]]) -> list[PairTable]:
        """The table of each pair of domains."""
        slots = list(dict.fromkeys(domain.slot for pair in pairs for domain in pair))
        world = World(self.ensemble.voices, slots, self.rules.codes)
        number = {slot: index for index, slot in enumerate(slots)}
        factors: list[list[_Factor]] = [[] for _ in pairs]
        for windows in self.small:
            self._judge(windows, world, pairs, number, factors)
        tables = [_combine(len(first), second, found) for (first, second), found in zip(pairs, factors, strict=True)]
        return self._judge_changes(world, pairs, number, tables) if self.full else tables

    def _judge(self, windows: Sequence[Window], world: World, pairs: Sequence[tuple[Domain, Domain]],
               number: dict[Slot, int], factors: list[list[_Factor]]) -> None:
        """Add to ``factors`` the verdicts of some kinds of window, judged together, on every pair."""
        seen = [window.instances(len(self.ensemble.voices)) for window in windows]
        keys = [(row, voices) for voices in _narrow_first(seen) for row in range(len(pairs))]
        if not keys:
            return
        sides = [(self._project(pairs[row][0], voices), self._project(pairs[row][1], voices)) for row, voices in keys]
        masks = [_possible(factors[row], voices, before, after)
                 for (row, voices), (before, after) in zip(keys, sides, strict=True)]
        cells = [np.nonzero(mask) for mask in masks]
        stops = np.cumsum([len(rows) for rows, _ in cells])
        lengths = np.diff(stops, prepend=0)
        before = np.concatenate([side.pitches[cell[0]] for (side, _), cell in zip(sides, cells, strict=True)])
        after = np.concatenate([side.pitches[cell[1]] for (_, side), cell in zip(sides, cells, strict=True)])
        voices = np.repeat(np.array([voices for _, voices in keys]), lengths, axis=0)
        places = [np.repeat([number[pairs[row][side].slot] for row, _ in keys], lengths) for side in (0, 1)]
        forbidden, cost = np.zeros(stops[-1], dtype=bool), np.zeros(stops[-1], dtype=np.int64)
        for window, instances in zip(windows, seen, strict=True):
            part = slice(stops[len(instances) * len(pairs) - 1])
            rows = window.rows(world, [before[part], after[part]], voices[part], [place[part] for place in places])
            broken, charged = charges(self.rules.over(window.name), rows)
            forbidden[part] |= broken
            cost[part] += charged
        parts = [slice(stop - length, stop) for stop, length in zip(stops.tolist(), lengths.tolist(), strict=True)]
        for (row, one), side, mask, part in zip(keys, sides, masks, parts, strict=True):
            factors[row].append(_Factor(one, *side, *_verdicts(mask, forbidden[part], cost[part])))

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


def _narrow_first(seen: Sequence[list[tuple[int, ...]]]) -> list[tuple[int, ...]]:
    """The sets of voices that a kind of window looks at, those that all kinds look at first."""
    return list(dict.fromkeys(voices for instances in reversed(seen) for voices in instances))


def _verdicts(mask: Array, forbidden: Array, cost: Array) -> tuple[Array | None, Array | None]:
    """What a factor says, from verdicts on the cells of a mask."""
    allowed, costs = mask, None
    if forbidden.any():
        allowed = mask.copy()
        allowed[mask] = ~forbidden
    if cost.any():
        costs = np.zeros(mask.shape, dtype=np.int64)
        costs[mask] = cost
    return None if allowed.all() else allowed, costs


class _Projector:
    """Projections of domains on voices, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Domain, tuple[int, ...]], _Projection] = {}

    def __call__(self, domain: Domain, voices: tuple[int, ...]) -> _Projection:
        found = self._made.get((domain, voices))
        if found is None:
            made = _of_one(domain, *voices) if len(voices) == 1 else _of_two(*(self(domain, (one,)) for one in voices))
            found = self._made[domain, voices] = made
        return found


def _of_one(domain: Domain, voice: int) -> _Projection:
    distinct, index = domain.column(voice)
    return _Projection(distinct[:, None], index)


def _of_two(upper: _Projection, lower: _Projection) -> _Projection:
    distinct, index = np.unique(upper.index * len(lower.pitches) + lower.index, return_inverse=True)
    parts = np.divmod(distinct, len(lower.pitches))
    pitches = np.concatenate([upper.pitches[parts[0]], lower.pitches[parts[1]]], axis=1)
    return _Projection(pitches, index, parts)


def _possible(factors: Sequence[_Factor], voices: tuple[int, ...], before: _Projection, after: _Projection) -> Array:
    """Which combinations the rules over single voices leave possible, [pitches before, pitches after]."""
    mask = np.ones((len(before.pitches), len(after.pitches)), dtype=bool)
    if len(voices) == 1:
        return mask
    for factor in factors:
        if factor.allowed is not None and len(factor.voices) == 1 and factor.voices[0] in voices:
            column = voices.index(factor.voices[0])
            mask &= factor.allowed[before.parts[column][:, None], after.parts[column]]
    return mask


def _combine(before: int, after: Domain, factors: Sequence[_Factor]) -> PairTable:
    """One table from the verdicts on one and two voices."""
    allowed = np.ones((before, len(after)), dtype=bool)
    paired = {voice for factor in factors if len(factor.voices) > 1 for voice in factor.voices}
    for factor in factors:
        known = len(factor.voices) == 1 and factor.voices[0] in paired  # two voices are judged where each may move
        if factor.allowed is not None and not known:
            allowed &= factor.allowed[factor.before.index[:, None], factor.after.index]
    source, target = np.nonzero(allowed)
    cost = after.cost[target].copy()
    for factor in factors:
        if factor.cost is not None:
            cost += factor.cost[factor.before.index[source], factor.after.index[target]]
    return PairTable(source.astype(np.int32), target.astype(np.int32), cost)


def _kept(table: PairTable, kept: Array, cost: Array) -> PairTable:
    return PairTable(table.source[kept], table.target[kept], (table.cost + cost)[kept])
