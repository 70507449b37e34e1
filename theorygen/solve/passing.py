"""Notes that given voices sing beside their own while a chord lasts: the other voices must go with these too.

A voicing has one note for each voice. Where a given voice moves on while the chord stays, as by passing notes or
through a broken chord, what it sings later is known beforehand (`Sung`). So the rules of each grid are judged between
the notes that this grid will show: on the skeleton from the last chord tone of one chord to the first of the next, on
the attacks from the last note to the first, on the grid of chords from first to first; and inside the chord for all
that is sung there. On the attacks only hard rules are, lest a cost is charged twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.chord_grid import ChordGrid, broken_voices
from theorygen.solve.codes import distinct_rows
from theorygen.solve.domains import Domain, charges
from theorygen.solve.pairs import PairTable
from theorygen.solve.sung import Moment, Sung

ATTACKS, SKELETON = "attacks", "skeleton"
"""Grids on which every note that is struck counts, and only those of the chords."""

FIRST, LAST = 0, -1

_SOUNDING = ("voice-pair", "adjacent-voices", "sonority")
_MOVING = ("voice-pair-motion", "adjacent-voices-motion", "chord-change")
_STEP = "melodic-step"


@dataclass(frozen=True)
class _Asked:
    """Windows of some voices in all voicings of a domain or all successions of two.

    Attributes:
        row: number of the domain, or of the pair of domains.
        voices: the voices.
        slots: the places, one for each slot of the windows.
        notes: for each slot pitch codes, int [windows, voices].
    """

    row: int
    voices: tuple[int, ...]
    slots: tuple[Slot, ...]
    notes: tuple[Array, ...]


class PassingNotes:
    """Judges what is sung beside the notes of voicings.

    Args:
        rules: the rules.
        ensemble: the voices.
    """

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        hard = RuleSet(rules.hard)
        self.rules = {ATTACKS: hard.on((ATTACKS,)), SKELETON: rules.on((SKELETON,))}
        self.ensemble = ensemble
        self._chords = ChordGrid(rules, ensemble)
        self._reduced: dict[tuple[int, int], Domain] = {}
        self._slots: dict[tuple[int, int], Slot] = {}

    def fitting(self, domains: Sequence[Domain], sung: Sequence[Sung]) -> list[Domain]:
        """The domains, less the voicings that do not go with all that is sung over them, and with what this costs.

        Args:
            domains: the voicings of some slots.
            sung: for each of them what given voices sing.
        """
        kept = [np.ones(len(domain), dtype=bool) for domain in domains]
        cost = [domain.cost for domain in domains]
        for grid, windows in ((ATTACKS, _SOUNDING), (ATTACKS, _MOVING), (SKELETON, (_STEP, *_MOVING))):
            for name in windows:
                asked = [one for row, (domain, some) in enumerate(zip(domains, sung, strict=True))
                         for one in self._inside(grid, WINDOWS[name], row, domain, some)]
                for one, (allowed, charged) in zip(asked, self._judged(grid, WINDOWS[name], asked), strict=True):
                    kept[one.row] &= allowed
                    cost[one.row] = cost[one.row] + charged
        return [domain if mask.all() and charged is domain.cost else
                replace(domain, pitches=domain.pitches[mask], cost=charged[mask], degrees=domain.degrees[mask])
                for domain, mask, charged in zip(domains, kept, cost, strict=True)]

    def _inside(self, grid: str, window: Window, row: int, domain: Domain, sung: Sung) -> Iterator[_Asked]:
        """All windows inside one chord in which a given voice has another note than in the voicing."""
        moments, slot = ((sung.attacks, sung.on_attacks) if grid == ATTACKS else (sung.skeleton, sung.on_skeleton))
        for start in range(len(moments) - window.slots + 1):
            some = range(start, start + window.slots)
            moving = {voice for moment in some for voice, _ in moments[moment].notes}
            if window.voices == 1:
                moving = {voice for voice in moving if len({dict(moments[one].notes)[voice] for one in some}) > 1}
            for voices in self._instances(grid, window, moving):
                yield _Asked(row, voices, tuple(slot(domain.slot, moment) for moment in some),
                             tuple(_with(domain.pitches, moments[moment], voices) for moment in some))

    def reduced(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]]
                ) -> list[tuple[Domain, Domain]]:
        """Pairs of domains as the skeleton shows them: what is sung last before each change of chord, and first after.

        Args:
            pairs: the voicings before and after.
            sung: what given voices sing before and after.
        """
        return [(self._shown(before, first, LAST), self._shown(after, second, FIRST))
                for (before, after), (first, second) in zip(pairs, sung, strict=True)]

    def _shown(self, domain: Domain, sung: Sung, side: int) -> Domain:
        if not sung.skeleton:
            return domain
        key = (id(domain), side)
        if key not in self._reduced:  # the domains are kept by the workshop, so no other one takes their numbers
            moment = side % len(sung.skeleton)
            pitches = _with(domain.pitches, sung.skeleton[moment], tuple(range(domain.pitches.shape[1])))
            is_same = not moment and bool((pitches == domain.pitches).all())
            self._reduced[key] = domain if is_same else replace(
                domain, slot=sung.on_skeleton(domain.slot, moment), pitches=pitches)
        return self._reduced[key]

    def leading_on(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]],
                   tables: Sequence[PairTable]) -> list[PairTable]:
        """The tables of pairs of domains, less the successions that go wrong behind what is sung in between.

        Args:
            pairs: the voicings before and after.
            sung: what given voices sing before and after.
            tables: the successions of each pair that are left.
        """
        kept = [np.ones(len(table.source), dtype=bool) for table in tables]
        for name in _MOVING:
            asked = [one for row, both in enumerate(zip(pairs, sung, tables, strict=True)) if len(kept[row])
                     for one in self._between(WINDOWS[name], row, *both)]
            for one, (allowed, _) in zip(asked, self._judged(ATTACKS, WINDOWS[name], asked), strict=True):
                kept[one.row] &= allowed
        self._over_chords(pairs, sung, tables, kept)
        return [table if mask.all() else PairTable(table.source[mask], table.target[mask], table.cost[mask])
                for table, mask in zip(tables, kept, strict=True)]

    def _over_chords(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]],
                     tables: Sequence[PairTable], kept: Sequence[Array]) -> None:
        """Leave out what is wrong between the first notes of successive chords, other notes coming in between."""
        rows = [row for row, ((before, after), some) in enumerate(zip(pairs, sung, strict=True))
                if (some[FIRST].attacks or some[LAST].attacks) and before.slot.arrives and after.slot.arrives]
        found = self._chords.tables([pairs[row] for row in rows], [sung[row] for row in rows])
        for row, table in zip(rows, found, strict=True):
            forbidden = self._chords.forbidden(table, broken_voices(sung[row][FIRST]))
            kept[row][forbidden[tables[row].source, tables[row].target]] = False

    def _between(self, window: Window, row: int, pair: tuple[Domain, Domain], sung: tuple[Sung, Sung],
                 table: PairTable) -> Iterator[_Asked]:
        """The windows from the last attack before a change of chord to the first after, if some is not in a voicing."""
        ends = [some.attacks[side] if some.attacks else None for some, side in zip(sung, (LAST, FIRST), strict=True)]
        moving = [voice for moment in ends if moment for voice, _ in moment.notes]
        for voices in self._instances(ATTACKS, window, moving):
            notes = (_with(domain.pitches[rows], moment, voices) for domain, rows, moment in
                     zip(pair, (table.source, table.target), ends, strict=True))
            slots = (self._slot(domain, some, side) for domain, some, side in
                     zip(pair, sung, (LAST, FIRST), strict=True))
            yield _Asked(row, voices, tuple(slots), tuple(notes))

    def _slot(self, domain: Domain, sung: Sung, side: int) -> Slot:
        """The place of the first or last attack of a chord."""
        if not sung.attacks:
            return domain.slot
        key = (id(domain), side)
        if key not in self._slots:
            self._slots[key] = sung.on_attacks(domain.slot, side)
        return self._slots[key]

    def _instances(self, grid: str, window: Window, moving: Collection[int]) -> list[tuple[int, ...]]:
        """The windows of one kind that moving voices take part in; none where no rule is over them."""
        if not moving or not self.rules[grid].over(window.name):
            return []
        return [voices for voices in window.instances(len(self.ensemble.voices)) if not set(voices).isdisjoint(moving)]

    def _judged(self, grid: str, window: Window, asked: Sequence[_Asked]) -> list[tuple[Array, Array]]:
        """For each of some windows whether no rule forbids it, bool [windows], and what it costs, thousandths."""
        if not asked:
            return []
        slots = list(dict.fromkeys(slot for one in asked for slot in one.slots))
        world = World(self.ensemble.voices, slots, self.rules[grid].codes)
        number = {slot: index for index, slot in enumerate(slots)}
        lengths = [len(one.notes[0]) for one in asked]
        notes = [np.concatenate(side) for side in zip(*(one.notes for one in asked), strict=True)]
        voices = np.repeat(np.array([one.voices for one in asked]), lengths, axis=0)
        places = [np.repeat([number[slot] for slot in side], lengths)
                  for side in zip(*(one.slots for one in asked), strict=True)]
        first, index = distinct_rows(np.column_stack([*notes, voices, *places]))
        rows = window.rows(world, [side[first] for side in notes], voices[first], [side[first] for side in places])
        forbidden, cost = charges(self.rules[grid].over(window.name), rows)
        stops = np.cumsum(lengths)[:-1]
        return list(zip(np.split(~forbidden[index], stops), np.split(cost[index], stops), strict=True))


def _with(pitches: Array, moment: Moment | None, voices: tuple[int, ...]) -> Array:
    """The notes of some voices in each voicing, with what given voices sing at a moment."""
    notes: Array = pitches[:, list(voices)].copy()
    for voice, code in moment.notes if moment else ():
        if voice in voices:
            notes[:, voices.index(voice)] = code
    return notes
