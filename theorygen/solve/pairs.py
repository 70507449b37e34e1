"""Pair tables: which voicings may follow which, and at what cost; made once for each distinct pair of slots.

A rule over one voice, or over two, cannot see the others. So it is judged once for each pitch (or pair of pitches)
on either side, and the verdicts are spread over the full voicings by indexing. Many pairs are made together, as
columns: most are small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Rows, Window
from theorygen.rules.world import Array, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.batches import Batch, Cells
from theorygen.solve.domains import Domain, charges
from theorygen.solve.known_surface import surface_of
from theorygen.solve.sung import NOTHING, Sung

SMALL_WINDOWS = (("melodic-step",), ("voice-pair-motion", "adjacent-voices-motion"))
"""Kinds of window over few voices; those judged together see the same voices, a later one only some of them."""

CHORDS = "chords"
"""The grid on which a chord is one slot, however often it is struck."""

_MOST_TOGETHER = 1 << 19
"""Combinations of voicings looked at together; more would take memory and save no time."""


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


class PairMaker:
    """Makes the tables of several pairs of domains at once."""

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = rules
        self.ensemble = ensemble
        used = [[WINDOWS[name] for name in names if rules.over(name)] for names in SMALL_WINDOWS]
        self.small = [windows for windows in used if windows]
        self.full = rules.over("chord-change")

    def make(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]] = ()) -> list[PairTable]:
        """The table of each pair of domains.

        Args:
            pairs: the voicings before and after, as the skeleton shows them.
            sung: what given voices sing over them; nothing by default.
        """
        known = {domain: some for pair, both in zip(pairs, sung, strict=False)
                 for domain, some in zip(pair, both, strict=True)}
        return [table for some in _portions(pairs) for table in self._made(some, known)]

    def _made(self, pairs: Sequence[tuple[Domain, Domain]], known: Mapping[Domain, Sung]) -> list[PairTable]:
        batch = Batch(pairs)
        over = [known.get(domain, NOTHING) for domain in batch.domains]
        surface = surface_of(over, len(self.ensemble.voices)) if any(some.attacks for some in over) else None
        world = World(self.ensemble.voices, [domain.slot for domain in batch.domains], self.rules.codes, surface)
        factors: list[_Factor] = []
        for windows in self.small:
            factors += self._factors(windows, world, batch, factors)
        edges, cost = _combined(batch, factors)
        if self.full:
            edges, cost = self._changes(world, batch, edges, cost)
        return _tables(batch, edges, cost)

    def _factors(self, windows: Sequence[Window], world: World, batch: Batch,
                 known: Sequence[_Factor]) -> list[_Factor]:
        """The verdicts of some kinds of window, judged together."""
        seen = [window.instances(len(self.ensemble.voices)) for window in windows]
        instances = list(dict.fromkeys(voices for some in reversed(seen) for voices in some))  # seen by all: first
        if not instances:
            return []
        views = [batch.view(voices) for voices in instances]
        cells = [batch.cells(view) for view in views]
        masks = [_possible(one, known) for one in cells]
        looked = [one.take(np.flatnonzero(mask)) for one, mask in zip(cells, masks, strict=True)]
        stops = [0, *accumulate(map(len, looked))]
        rows = [np.concatenate(column) for column in zip(*(one.pitches for one in looked), strict=True)]
        voices = np.repeat(np.array(instances), np.diff(stops), axis=0)
        pair = np.concatenate([one.pair for one in looked])
        places = [batch.before[pair], batch.after[pair]]
        forbidden, cost = np.zeros(len(pair), dtype=bool), np.zeros(len(pair), dtype=np.int64)
        for window, some in zip(windows, seen, strict=True):
            part = slice(stops[len(some)])
            broken, charged = _charges(self.rules.over(window.name), window.rows(
                world, [column[part] for column in rows], voices[part], [place[part] for place in places]))
            forbidden[part] |= broken
            cost[part] += charged
        return [_factor(one, mask, forbidden[start:stop], cost[start:stop])
                for one, mask, (start, stop) in zip(cells, masks, pairwise(stops), strict=True)]

    def _changes(self, world: World, batch: Batch, edges: Cells, cost: Array) -> tuple[Cells, Array]:
        """The edges that rules over whole chord changes leave, and their costs."""
        pitches = edges.pitches
        voices = np.broadcast_to(np.arange(pitches[0].shape[1]), pitches[0].shape)
        rows = WINDOWS["chord-change"].rows(world, pitches, voices, [batch.before[edges.pair], batch.after[edges.pair]])
        forbidden, charged = _charges(self.full, rows)
        kept = np.flatnonzero(~forbidden)
        return edges.take(kept), (cost + charged)[kept]


def _charges(rules: Sequence[ActiveRule], rows: Rows) -> tuple[Array, Array]:
    """What rules say of windows, as `charges`; some are no windows of the finished score.

    Where a chord is only struck anew, the grid of chords has no slot, and a voice that keeps its note has no step.
    """
    anew = ~rows.world.slot_column("arrives")[rows.slots[-1]].astype(bool)
    if not anew.any():
        return charges(rules, rows)
    forbidden, cost = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=np.int64)
    stays = (rows.pitches[0] == rows.pitches[1]).all(axis=1) if rows.window.voices == 1 else np.zeros_like(anew)
    for on_chords, passed in ((True, anew), (False, anew & stays)):
        some = tuple(rule for rule in rules if (rule.rule.grids == (CHORDS,)) == on_chords)
        chosen = np.flatnonzero(~passed)
        if some and len(chosen):
            broken, charged = charges(some, rows.take(chosen))
            forbidden[chosen] |= broken
            cost[chosen] += charged
    return forbidden, cost


@dataclass(frozen=True)
class _Factor:
    """Verdicts on some voices, for all combinations of what they may take before and after; None where all are alike.

    Attributes:
        cells: the combinations.
        allowed: bool, whether each is legal.
        cost: int64, thousandths.
    """

    cells: Cells
    allowed: Array | None
    cost: Array | None


def _factor(cells: Cells, mask: Array, forbidden: Array, cost: Array) -> _Factor:
    """A factor from verdicts on the combinations of a mask; all others are known to be illegal."""
    allowed, costs = mask, None
    if forbidden.any():
        allowed = mask.copy()
        allowed[mask] = ~forbidden
    if cost.any():
        costs = np.zeros(len(mask), dtype=np.int64)
        costs[mask] = cost
    return _Factor(cells, None if allowed.all() else allowed, costs)


def _possible(cells: Cells, known: Sequence[_Factor]) -> Array:
    """Which combinations the rules over single voices leave possible."""
    mask = np.ones(len(cells), dtype=bool)
    voices = cells.view.voices
    for factor in known:
        if factor.allowed is not None and len(voices) > 1 and factor.cells.view.voices[0] in voices:
            part = cells.view.parts[voices.index(factor.cells.view.voices[0])]
            mask &= factor.allowed[factor.cells.at(cells.pair, part[cells.first], part[cells.second])]
    return mask


def _combined(batch: Batch, factors: Sequence[_Factor]) -> tuple[Cells, Array]:
    """The successions of voicings that verdicts on one and two voices leave, and their costs."""
    edges = batch.cells(batch.voicings)
    paired = {voice for factor in factors if len(factor.cells.view.voices) > 1 for voice in factor.cells.view.voices}
    for factor in factors:
        known = len(factor.cells.view.voices) == 1 and factor.cells.view.voices[0] in paired  # said by the pair, too
        if factor.allowed is not None and not known:
            edges = edges.take(np.flatnonzero(factor.allowed[_place(edges, factor)]))
    cost = batch.cost[edges.second]
    for factor in factors:
        if factor.cost is not None:
            cost += factor.cost[_place(edges, factor)]
    return edges, cost


def _place(edges: Cells, factor: _Factor) -> Array:
    """What some voices do on each succession of voicings: its place among the combinations of a factor."""
    taken = factor.cells.view.taken
    return factor.cells.at(edges.pair, taken[edges.first], taken[edges.second])


def _tables(batch: Batch, edges: Cells, cost: Array) -> list[PairTable]:
    """The edges of each pair as a table."""
    source = (edges.first - batch.voicings.begin[batch.before[edges.pair]]).astype(np.int32)
    target = (edges.second - batch.voicings.begin[batch.after[edges.pair]]).astype(np.int32)
    bounds = np.searchsorted(edges.pair, np.arange(len(batch.before) + 1)).tolist()
    return [PairTable(source[low:high].copy(), target[low:high].copy(), cost[low:high].copy())
            for low, high in pairwise(bounds)]


def _portions(pairs: Sequence[tuple[Domain, Domain]]) -> Iterator[Sequence[tuple[Domain, Domain]]]:
    """The pairs in portions that are worked on together."""
    start, cells = 0, 0
    for index, (before, after) in enumerate(pairs):
        cells += len(before) * len(after)
        if cells > _MOST_TOGETHER and index > start:
            yield pairs[start:index]
            start, cells = index, len(before) * len(after)
    if start < len(pairs):
        yield pairs[start:]
