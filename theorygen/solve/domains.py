"""Domains: every voicing of a chord that breaks no hard rule by itself, with what it costs.

Voices are joined from the lowest up, so that spacing and crossing prune early; rules over the whole sonority see
only what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Rows, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.theory import Interval, PitchClass

_OCTAVE = Interval.parse("P8").code

FORBIDDEN = np.iinfo(np.int64).max // 1024
"""Cost that stands for "not allowed" inside tables; hundreds of them add up without overflow."""

Given = Mapping[int, frozenset[int]]


@dataclass(frozen=True, eq=False)
class Domain:
    """The candidate voicings of one slot, in ascending order of their pitches from the top voice down.

    Attributes:
        slot: chord and place.
        pitches: int32 [candidates, voices] of pitch codes.
        cost: int64 [candidates], thousandths.
        degrees: int16 [candidates, voices] of scale degrees in the local key.
    """

    slot: Slot
    pitches: Array
    cost: Array
    degrees: Array

    def __len__(self) -> int:
        return len(self.pitches)

    def column(self, voice: int) -> tuple[Array, Array]:
        """The distinct pitches a voice takes, ascending, and which of them each candidate has."""
        if voice not in self._columns:
            self._columns[voice] = np.unique(self.pitches[:, voice], return_inverse=True)
        return self._columns[voice]

    @cached_property
    def _columns(self) -> dict[int, tuple[Array, Array]]:
        return {}


def charges(rules: Sequence[ActiveRule], rows: Rows) -> tuple[Array, Array]:
    """What rules say of windows: whether some hard rule forbids each, and its cost in thousandths."""
    forbidden = np.zeros(len(rows), dtype=bool)
    cost = np.zeros(len(rows), dtype=np.int64)
    for rule in rules:
        broken, amount = rule.charge(rows)
        if rule.hard:
            forbidden[broken] = True
        elif len(broken):
            cost[broken] += amount  # a rule charges a window once
    return forbidden, cost


def members_in_range(members: Sequence[PitchClass], voice: VoiceSpec) -> Array:
    """Pitch codes of all chord members within a voice's range, ascending."""
    octaves = np.arange(voice.lowest.octave - 1, voice.highest.octave + 2) * _OCTAVE
    codes = np.sort(np.add.outer([member.at_octave(0).code for member in members], octaves), axis=None)
    return _in_range(codes, voice)


def _in_range(codes: Array, voice: VoiceSpec) -> Array:
    return codes[(codes >= voice.lowest.code) & (codes <= voice.highest.code)].astype(np.int32)


def singable(slot: Slot, given: Given, number: int, voice: VoiceSpec) -> Array:
    """Pitch codes a voice may take, ascending: chord members in its range; where there is no chord, those given."""
    if slot.chord is None:
        return _in_range(np.array(sorted(given[number]), dtype=np.int32), voice)
    codes = members_in_range(slot.chord.pitch_classes, voice)
    if slot.also:
        codes = np.union1d(codes, [code for singer, code in slot.also if singer == number]).astype(np.int32)
    return codes[np.isin(codes, sorted(given[number]))] if number in given else codes


class DomainMaker:
    """Makes the domains of several slots at once."""

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = rules
        self.ensemble = ensemble
        self.by_window = {name: rules.over(name) for name in ("note", "voice-pair", "adjacent-voices", "sonority")}

    def make(self, slots: Sequence[Slot], given: Sequence[Given] | None = None) -> list[Domain]:
        """The domain of each slot.

        Args:
            slots: chords and places.
            given: for each slot, voice numbers to the pitch codes they may take there.
        """
        world = World(self.ensemble.voices, slots, self.rules.codes)
        pools = self._pools(world, given or [{}] * len(slots))
        pairs = self._pairs(world, pools)
        together: list[dict[tuple[int, int], _Pair]] = [{} for _ in pools]
        for (row, voices), one in pairs.items():
            together[row][voices] = one
        joined = [_join(pool, some) for pool, some in zip(pools, together, strict=True)]
        return self._judged(world, joined)

    def _pools(self, world: World, given: Sequence[Given]) -> list[list[tuple[Array, Array]]]:
        """For each slot and voice the pitches no rule over single notes forbids, and their costs."""
        voices = self.ensemble.voices
        pitches = [[singable(slot, asked, number, voice) for number, voice in enumerate(voices)]
                   for slot, asked in zip(world.slots, given, strict=True)]
        sizes = [[len(pool) for pool in pools] for pools in pitches]
        flat = np.concatenate([pool for pools in pitches for pool in pools])
        voice_column = np.concatenate([np.repeat(np.arange(len(voices)), size) for size in sizes])
        slot_column = np.repeat(np.arange(len(sizes)), [sum(size) for size in sizes])
        rows = WINDOWS["note"].rows(world, [flat[:, None]], voice_column[:, None], [slot_column])
        forbidden, cost = charges(self.by_window["note"], rows)
        bounds = np.cumsum([0, *(size for sizes_of_slot in sizes for size in sizes_of_slot)])
        parts = [(flat[low:high][~forbidden[low:high]], cost[low:high][~forbidden[low:high]])
                 for low, high in pairwise(bounds)]
        return [parts[index * len(voices) : (index + 1) * len(voices)] for index in range(len(sizes))]

    def _pairs(self, world: World, pools: list[list[tuple[Array, Array]]]) -> dict[tuple[int, tuple[int, int]], _Pair]:
        """For each slot and pair of voices which pitches go together, and at what cost."""
        found: dict[tuple[int, tuple[int, int]], _Pair] = {}
        for name in ("voice-pair", "adjacent-voices"):
            if self.by_window[name]:
                self._judge_pairs(WINDOWS[name], world, pools, found)
        return found

    def _judge_pairs(self, window: Window, world: World, pools: list[list[tuple[Array, Array]]],
                     found: dict[tuple[int, tuple[int, int]], _Pair]) -> None:
        keys = [(row, voices) for row in range(len(pools)) for voices in window.instances(len(self.ensemble.voices))]
        if not keys:
            return
        grids = [_product(pools[row][voices[0]][0], pools[row][voices[1]][0]) for row, voices in keys]
        lengths = [len(grid) for grid in grids]
        pitches = np.concatenate(grids)
        voices = np.repeat(np.array([pair for _, pair in keys]), lengths, axis=0)
        slots = np.repeat(np.array([row for row, _ in keys]), lengths)
        forbidden, cost = charges(self.by_window[window.name], window.rows(world, [pitches], voices, [slots]))
        stop = 0
        for (row, pair), length in zip(keys, lengths, strict=True):
            start, stop = stop, stop + length
            shape = (len(pools[row][pair[0]][0]), len(pools[row][pair[1]][0]))
            one = _Pair(~forbidden[start:stop].reshape(shape), cost[start:stop].reshape(shape))
            key = (row, (pair[0], pair[1]))
            found[key] = found[key] & one if key in found else one

    def _judged(self, world: World, joined: list[tuple[Array, Array]]) -> list[Domain]:
        """The joined candidates, less those that rules over the whole sonority forbid."""
        lengths = [len(cost) for _, cost in joined]
        pitches = np.concatenate([one for one, _ in joined])
        slots = np.repeat(np.arange(len(joined)), lengths)
        voices = np.broadcast_to(np.arange(pitches.shape[1]), pitches.shape)
        rows = WINDOWS["sonority"].rows(world, [pitches], voices, [slots])
        forbidden, cost = charges(self.by_window["sonority"], rows)
        cost += np.concatenate([one for _, one in joined])
        degrees = degrees_of(world, pitches, slots)
        bounds = np.cumsum([0, *lengths])
        return [self._domain(world.slots[row], slice(bounds[row], bounds[row + 1]), ~forbidden, pitches, cost, degrees)
                for row in range(len(joined))]

    @staticmethod
    def _domain(slot: Slot, part: slice, kept: Array, pitches: Array, cost: Array, degrees: Array) -> Domain:
        keep = kept[part]
        return Domain(slot, pitches[part][keep], cost[part][keep], degrees[part][keep])


def degrees_of(world: World, pitches: Array, slots: Array) -> Array:
    """Scale degrees in the local key of pitch codes [rows, voices] in these slots [rows]."""
    voices = np.broadcast_to(np.arange(pitches.shape[1]), pitches.shape)
    rows = WINDOWS["note"].rows(world, [pitches.reshape(-1, 1)], voices.reshape(-1, 1),
                                [np.repeat(slots, pitches.shape[1])])
    degrees: Array = rows.field("degree").reshape(pitches.shape).astype(np.int16)
    return degrees


@dataclass(frozen=True)
class _Pair:
    """Which pitches of two voices go together [upper, lower], and at what cost."""

    allowed: Array
    cost: Array

    def __and__(self, other: _Pair) -> _Pair:
        return _Pair(self.allowed & other.allowed, self.cost + other.cost)


def _product(first: Array, second: Array) -> Array:
    """All pairs of two pitch lists, as rows."""
    return np.stack([np.repeat(first, len(second)), np.tile(second, len(first))], axis=1)


def _join(pools: list[tuple[Array, Array]], pairs: dict[tuple[int, int], _Pair]) -> tuple[Array, Array]:
    """All combinations of one pitch a voice in which every two voices go together, and their costs."""
    count = len(pools)
    chosen = np.zeros((1, 0), dtype=np.int64)
    for voice in reversed(range(count)):
        size = len(pools[voice][0])
        added = np.tile(np.arange(size), len(chosen))[:, None]
        chosen = np.concatenate([added, np.repeat(chosen, size, axis=0)], axis=1)
        allowed = np.ones(len(chosen), dtype=bool)
        for other in range(voice + 1, count):
            if (voice, other) in pairs:
                allowed &= pairs[voice, other].allowed[chosen[:, 0], chosen[:, other - voice]]
        chosen = chosen[allowed]
    cost = np.zeros(len(chosen), dtype=np.int64)
    for voice, (_, costs) in enumerate(pools):
        cost += costs[chosen[:, voice]]
    for upper, lower in combinations(range(count), 2):
        if (upper, lower) in pairs:
            cost += pairs[upper, lower].cost[chosen[:, upper], chosen[:, lower]]
    order = np.lexsort(chosen.T[::-1])
    pitches = np.stack([pool[chosen[order, voice]] for voice, (pool, _) in enumerate(pools)], axis=1)
    return pitches, cost[order]
