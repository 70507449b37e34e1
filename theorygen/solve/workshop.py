"""The workshop: domains and pair tables of one rule set and ensemble, made once and shared by all problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import Domain, DomainMaker
from theorygen.solve.pairs import PairMaker, PairTable
from theorygen.solve.passing import PassingNotes
from theorygen.solve.problem import Choice, Position, Problem, canonical
from theorygen.solve.successions import successions
from theorygen.solve.sung import NOTHING, Sung

Asked = tuple[tuple[int, tuple[int, ...]], ...]
"""Pitch codes that voices may take, in a form that can be a key."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """A domain that is asked for; a workshop has one such object for each.

    Attributes:
        slot: chord and place, without the fields no rule reads.
        given: voices and the pitch codes they may take.
        sung: what given voices sing while the chord lasts.
    """

    slot: Slot
    given: Asked
    sung: Sung = NOTHING


@dataclass(frozen=True, eq=False)
class Pool:
    """All candidates of a position: the domains of its choices, one after the other.

    Attributes:
        choice: int [candidates], index of the choice.
        pitches: int32 [candidates, voices] of pitch codes.
        cost: int64 [candidates], thousandths.
        degrees: int16 [candidates, voices], scale degrees in the local key.
        bounds: where each choice's candidates begin, and the end.
        wanted: the domain of each choice.
    """

    choice: Array
    pitches: Array
    cost: Array
    degrees: Array
    bounds: tuple[int, ...]
    wanted: tuple[Wanted, ...]

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
    _domains: dict[Wanted, Domain] = field(default_factory=dict, repr=False)
    _pairs: dict[tuple[Wanted, Wanted], PairTable] = field(default_factory=dict, repr=False)
    _pools: dict[tuple[Wanted, ...], Pool] = field(default_factory=dict, repr=False)
    _joins: dict[object, PairTable] = field(default_factory=dict, repr=False)
    _wanted: dict[Slot, dict[tuple[Asked, Sung], Wanted]] = field(default_factory=dict, repr=False)
    memory_tables: dict[object, object] = field(default_factory=dict, repr=False)

    @cached_property
    def _domain_maker(self) -> DomainMaker:
        return DomainMaker(self.rules, self.ensemble)

    @cached_property
    def _pair_maker(self) -> PairMaker:
        return PairMaker(self.rules, self.ensemble)

    @cached_property
    def _passing(self) -> PassingNotes:
        return PassingNotes(self.rules, self.ensemble)

    def wanted(self, choices: Iterable[Choice]) -> tuple[Wanted, ...]:
        """The domains of some choices."""
        return tuple(self._one(choice) for choice in choices)

    def _one(self, choice: Choice) -> Wanted:
        slot, given = choice.slot, choice.given
        known = self._wanted.get(slot)
        if known is None:  # slots that differ in what no rule reads have the same domains
            slot = canonical(slot, self.rules.solved.names)
            known = self._wanted[choice.slot] = self._wanted.setdefault(slot, {})
        asked = tuple((voice, tuple(sorted(codes))) for voice, codes in sorted(given.items())) if given else ()
        found = known.get((asked, choice.sung))
        if found is None:
            slot = canonical(slot, self.rules.solved.names)
            found = known[asked, choice.sung] = Wanted(slot, asked, choice.sung)
        return found

    def domain(self, wanted: Wanted) -> Domain:
        """A domain that has been prepared."""
        return self._domains[wanted]

    @property
    def work(self) -> int:
        """How many pairs of voicings were looked at for the tables made so far."""
        return sum(len(self._domains[before]) * len(self._domains[after]) for before, after in self._pairs)

    def prepare(self, problems: Iterable[Problem]) -> list[tuple[Wanted, Wanted]]:
        """Make all domains and pair tables that some problems need and are not there yet.

        Returns:
            All pairs of domains that may follow each other in them.
        """
        wanted: dict[Wanted, None] = {}
        following: dict[tuple[Wanted, Wanted], None] = {}
        for problem in problems:
            kinds = [self.wanted(position.choices) for position in problem.positions]
            wanted |= dict.fromkeys(one for some in kinds for one in some)
            for before, after, allowed in successions(problem).pairs():
                following |= dict.fromkeys((kinds[before][row], kinds[after][column])
                                           for row, column in np.argwhere(allowed).tolist())
        missing = [one for one in wanted if one not in self._domains]
        if missing:
            made = self._domain_maker.make([one.slot for one in missing],
                                           [{voice: frozenset(codes) for voice, codes in one.given} for one in missing])
            made = self._passing.fitting(made, [one.sung for one in missing])
            self._domains.update(zip(missing, made, strict=True))
        pairs = [pair for pair in following if pair not in self._pairs]
        if pairs:
            domains = [(self._domains[before], self._domains[after]) for before, after in pairs]
            sung = [(before.sung, after.sung) for before, after in pairs]
            tables = self._pair_maker.make(self._passing.reduced(domains, sung), sung)
            tables = self._passing.leading_on(domains, sung, tables)
            self._pairs.update(zip(pairs, tables, strict=True))
        return list(following)

    def pool(self, position: Position) -> Pool:
        """The candidates of a position, before what is given or asked at the position is looked at."""
        wanted = self.wanted(position.choices)
        pool = self._pools.get(wanted)
        if pool is None:
            pool = self._pools[wanted] = _pool(wanted, [self._domains[one] for one in wanted])
        return pool

    def join(self, before: Pool, after: Pool, allowed: Array | None = None) -> PairTable:
        """The legal successions between two pools.

        Args:
            before: candidates of one position.
            after: candidates of a later one.
            allowed: bool [choices before, choices after], which choices may follow which; None for all.
        """
        if len(before.wanted) == len(after.wanted) == 1:
            return self._pairs[before.wanted[0], after.wanted[0]]
        key = (before.wanted, after.wanted, b"" if allowed is None else allowed.tobytes())
        if key not in self._joins:
            every = np.ones((len(before.wanted), len(after.wanted)), dtype=bool)
            self._joins[key] = self._join(before, after, every if allowed is None else allowed)
        return self._joins[key]

    def _join(self, before: Pool, after: Pool, allowed: Array) -> PairTable:
        blocks = [(before.bounds[row], after.bounds[column], self._pairs[before.wanted[row], after.wanted[column]])
                  for row, column in np.argwhere(allowed).tolist()]
        source = np.concatenate([table.source + low for low, _, table in blocks])
        target = np.concatenate([table.target + high for _, high, table in blocks])
        cost = np.concatenate([table.cost for _, _, table in blocks])
        order = np.lexsort((target, source))
        return PairTable(source[order], target[order], cost[order])


def _pool(wanted: tuple[Wanted, ...], domains: Sequence[Domain]) -> Pool:
    sizes = [len(domain) for domain in domains]
    return Pool(np.repeat(np.arange(len(sizes)), sizes), np.concatenate([domain.pitches for domain in domains]),
                np.concatenate([domain.cost for domain in domains]),
                np.concatenate([domain.degrees for domain in domains]), tuple(np.cumsum([0, *sizes]).tolist()), wanted)
