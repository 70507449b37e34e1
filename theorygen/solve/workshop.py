"""The workshop: domains and pair tables of one rule set and ensemble, made once and shared by all problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import Domain, DomainMaker
from theorygen.solve.pairs import PairMaker, PairTable
from theorygen.solve.problem import Choice, Position, canonical


@dataclass(frozen=True, eq=False)
class Pool:
    """All candidates of a position: the domains of its choices, one after the other.

    Attributes:
        choice: int [candidates], index of the choice.
        pitches: int32 [candidates, voices] of pitch codes.
        cost: int64 [candidates], thousandths.
        degrees: int16 [candidates, voices], scale degrees in the local key.
        bounds: where each choice's candidates begin, and the end.
        slots: canonical slot of each choice.
    """

    choice: Array
    pitches: Array
    cost: Array
    degrees: Array
    bounds: tuple[int, ...]
    slots: tuple[Slot, ...]

    def __len__(self) -> int:
        return len(self.pitches)

    @cached_property
    def column_keys(self) -> list[tuple[Array, Array, Array]]:
        """For each voice: the distinct (choice, pitch) it takes as two arrays, and which each candidate has."""
        keys = []
        for voice in range(self.pitches.shape[1]):
            code = self.choice.astype(np.int64) << 15 | self.pitches[:, voice]
            distinct, index = np.unique(code, return_inverse=True)
            keys.append((distinct >> 15, distinct & 0x7FFF, index))
        return keys


@dataclass
class Workshop:
    """Everything that depends only on rules, ensemble and chords, kept for the next question.

    Attributes:
        rules: the rules.
        ensemble: the voices.
    """

    rules: RuleSet
    ensemble: Ensemble
    _domains: dict[Slot, Domain] = field(default_factory=dict, repr=False)
    _pairs: dict[tuple[Slot, Slot], PairTable] = field(default_factory=dict, repr=False)
    _pools: dict[tuple[Slot, ...], Pool] = field(default_factory=dict, repr=False)
    _joins: dict[tuple[tuple[Slot, ...], tuple[Slot, ...]], PairTable] = field(default_factory=dict, repr=False)
    _canonical: dict[Slot, Slot] = field(default_factory=dict, repr=False)
    memory_tables: dict[object, object] = field(default_factory=dict, repr=False)

    @cached_property
    def _domain_maker(self) -> DomainMaker:
        return DomainMaker(self.rules, self.ensemble)

    @cached_property
    def _pair_maker(self) -> PairMaker:
        return PairMaker(self.rules, self.ensemble)

    def slots(self, choices: Iterable[Choice]) -> tuple[Slot, ...]:
        """The slots of some choices as tables know them: without the fields no rule reads."""
        return tuple(self._known(choice.slot) for choice in choices)

    def _known(self, slot: Slot) -> Slot:
        known = self._canonical.get(slot)
        if known is None:
            known = self._canonical[slot] = canonical(slot, self.rules.solved.names)
        return known

    def prepare(self, pieces: Iterable[Sequence[Position]]) -> None:
        """Make all domains and pair tables that the successive positions of some pieces need and are not there yet."""
        kinds = [[self.slots(position.choices) for position in positions] for positions in pieces]
        missing = list(dict.fromkeys(slot for piece in kinds for slots in piece for slot in slots
                                     if slot not in self._domains))
        if missing:
            self._domains.update(zip(missing, self._domain_maker.make(missing), strict=True))
        wanted = dict.fromkeys((before, after) for piece in kinds for first, second in pairwise(piece)
                               for before in first for after in second)
        pairs = [pair for pair in wanted if pair not in self._pairs]
        if pairs:
            tables = self._pair_maker.make([(self._domains[before], self._domains[after]) for before, after in pairs])
            self._pairs.update(zip(pairs, tables, strict=True))

    def pool(self, position: Position) -> Pool:
        """The candidates of a position, before anything given is looked at."""
        slots = self.slots(position.choices)
        pool = self._pools.get(slots)
        if pool is None:
            pool = self._pools[slots] = _pool(slots, [self._domains[slot] for slot in slots])
        return pool

    def join(self, before: Pool, after: Pool) -> PairTable:
        """The legal successions between two pools."""
        key = (before.slots, after.slots)
        if len(before.slots) == len(after.slots) == 1:
            return self._pairs[before.slots[0], after.slots[0]]
        if key not in self._joins:
            self._joins[key] = self._join(before, after)
        return self._joins[key]

    def _join(self, before: Pool, after: Pool) -> PairTable:
        blocks = [(before.bounds[row], after.bounds[column], self._pairs[first, second])
                  for row, first in enumerate(before.slots) for column, second in enumerate(after.slots)]
        source = np.concatenate([table.source + low for low, _, table in blocks])
        target = np.concatenate([table.target + high for _, high, table in blocks])
        cost = np.concatenate([table.cost for _, _, table in blocks])
        order = np.lexsort((target, source))
        return PairTable(source[order], target[order], cost[order])


def _pool(slots: tuple[Slot, ...], domains: list[Domain]) -> Pool:
    sizes = [len(domain) for domain in domains]
    return Pool(np.repeat(np.arange(len(sizes)), sizes), np.concatenate([domain.pitches for domain in domains]),
                np.concatenate([domain.cost for domain in domains]),
                np.concatenate([domain.degrees for domain in domains]), tuple(np.cumsum([0, *sizes]).tolist()), slots)
