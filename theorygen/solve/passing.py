"""Notes that given voices sing beside their own while a chord lasts: the other voices must go with these too.

A voicing has one note for each voice. Where a given voice moves on while the chord stays, as by passing notes, what it
sings later is known beforehand, so hard rules over two voices are judged for these notes as well: with what sounds
under them, and from the last of them to the first of the next chord.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import Domain, charges
from theorygen.solve.pairs import PairTable

Sung = tuple[tuple[int, tuple[int, ...]], ...]
"""Numbers of given voices, each with the pitch codes it sings while a chord lasts, in time order."""

ATTACKS = "attacks"
"""The grid on which every note that is struck counts."""

FIRST, LAST = 0, -1


class PassingNotes:
    """Judges what is sung beside the notes of voicings.

    Args:
        rules: the rules; those over two voices on the grid of attacks, where they are hard, are judged.
        ensemble: the voices.
    """

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = RuleSet(tuple(rule for rule in rules.rules if rule.hard and ATTACKS in rule.rule.grids))
        self.ensemble = ensemble

    def fitting(self, domains: Sequence[Domain], sung: Sequence[Sung]) -> list[Domain]:
        """The domains, less the voicings that do not go with all that is sung over them.

        Args:
            domains: the voicings of some slots.
            sung: for each of them what given voices sing.
        """
        kept = [np.ones(len(domain), dtype=bool) for domain in domains]
        for name in ("voice-pair", "adjacent-voices"):
            asked = [(row, voices, _sung_over(domains[row], voices, voice, code))
                     for row, voice, codes in _entries(sung) for code in dict.fromkeys(codes)
                     for voices in self._instances(WINDOWS[name], voice)]
            slots = [[domains[row].slot for row, _, _ in asked]]
            for (row, _, _), verdict in zip(asked, self._allowed(WINDOWS[name], slots, [
                    [notes for _, _, notes in asked]], [voices for _, voices, _ in asked]), strict=True):
                kept[row] &= verdict
        return [domain if mask.all() else replace(domain, pitches=domain.pitches[mask], cost=domain.cost[mask],
                                                  degrees=domain.degrees[mask])
                for domain, mask in zip(domains, kept, strict=True)]

    def leading_on(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]],
                   tables: Sequence[PairTable]) -> list[PairTable]:
        """The tables of pairs of domains, less the successions that go wrong behind what is sung in between."""
        kept = [np.ones(len(table.source), dtype=bool) for table in tables]
        for name in ("voice-pair-motion", "adjacent-voices-motion"):
            asked = [(row, voices) for row, both in enumerate(sung) for voice in _moving(both) if len(kept[row])
                     for voices in self._instances(WINDOWS[name], voice)]
            asked = list(dict.fromkeys(asked))
            sides = [[_sides(pairs[row][side], tables[row], side, sung[row][side], voices) for row, voices in asked]
                     for side in (0, 1)]
            codes = [np.unique(np.concatenate(both, axis=1), axis=0, return_inverse=True)
                     for both in zip(*sides, strict=True)]
            notes = [[rows[:, :2] for rows, _ in codes], [rows[:, 2:] for rows, _ in codes]]
            slots = [[pairs[row][side].slot for row, _ in asked] for side in (0, 1)]
            verdicts = self._allowed(WINDOWS[name], slots, notes, [voices for _, voices in asked])
            for (row, _), (_, index), verdict in zip(asked, codes, verdicts, strict=True):
                kept[row] &= verdict[index.reshape(-1)]
        return [table if mask.all() else PairTable(table.source[mask], table.target[mask], table.cost[mask])
                for table, mask in zip(tables, kept, strict=True)]

    def _instances(self, window: Window, voice: int) -> list[tuple[int, ...]]:
        """The windows of one kind that a voice takes part in; none where no rule is over them."""
        if not self.rules.over(window.name):
            return []
        return [voices for voices in window.instances(len(self.ensemble.voices)) if voice in voices]

    def _allowed(self, window: Window, slots: Sequence[Sequence[Slot]], notes: Sequence[Sequence[Array]],
                 voices: Sequence[tuple[int, ...]]) -> list[Array]:
        """For each part of a batch and each of its windows, whether no rule forbids it."""
        if not voices:
            return []
        world_slots = list(dict.fromkeys(slot for side in slots for slot in side))
        world = World(self.ensemble.voices, world_slots, self.rules.codes)
        number = {slot: index for index, slot in enumerate(world_slots)}
        lengths = [len(part) for part in notes[0]]
        rows = window.rows(world, [np.concatenate(side) for side in notes],
                           np.repeat(np.array(voices), lengths, axis=0),
                           [np.repeat([number[slot] for slot in side], lengths) for side in slots])
        forbidden, _ = charges(self.rules.over(window.name), rows)
        return np.split(~forbidden, np.cumsum(lengths)[:-1])


def _entries(sung: Sequence[Sung]) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(row, voice, codes) for row, some in enumerate(sung) for voice, codes in some]


def _moving(both: tuple[Sung, Sung]) -> list[int]:
    """The voices that sing something else before a change of chord or after it than their own notes."""
    return sorted({voice for some in both for voice, _ in some})


def _sung_over(domain: Domain, voices: tuple[int, ...], voice: int, code: int) -> Array:
    """The notes of some voices in each voicing, one of them singing another note."""
    notes: Array = domain.pitches[:, list(voices)].copy()
    notes[:, voices.index(voice)] = code
    return notes


def _sides(domain: Domain, table: PairTable, side: int, sung: Sung, voices: tuple[int, ...]) -> Array:
    """The notes of two voices on one side of each succession: the last that is sung before it, the first after."""
    notes: Array = domain.pitches[table.target if side else table.source][:, list(voices)].copy()
    for voice, codes in sung:
        if voice in voices:
            notes[:, voices.index(voice)] = codes[FIRST if side else LAST]
    return notes
