"""The likeliest reading of a whole score: where chords change, which they are, in which keys. Exact.

One pass from left to right (a semi-Markov model). At each slot the best way to begin every numeral of every key there
is found: after a chord of the same key; in a new key, through the reading the chord has in the old one (a pivot); or
in a new key without one. Then each of these beginnings is carried on for every possible length. Nothing is cut off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theorygen.analysis.readings import LONGEST, Readings
from theorygen.rules.world import Array
from theorygen.theory import RomanNumeral


@dataclass(frozen=True)
class Stretch:
    """Slots under one chord.

    Attributes:
        start: first slot.
        stop: slot after the last.
        numeral: the chord.
        pivot_of: the chord in the key that is left, where that reading led here.
        begins_phrase: whether a phrase begins with it.
    """

    start: int
    stop: int
    numeral: RomanNumeral
    pivot_of: RomanNumeral | None = None
    begins_phrase: bool = False


@dataclass(frozen=True)
class _Entries:
    """For every reading the best way to begin it in one slot: value, and the reading before as key and word.

    ``pivots`` is the word in the old key that was heard first, -1 without one.
    """

    values: Array
    keys: Array
    words: Array
    pivots: Array

    def ways(self) -> Array:
        """int16 [3, k, c]: keys, words and pivots, all that the way back needs: they are kept for every slot."""
        return np.stack([self.keys, self.words, self.pivots]).astype(np.int16)


def likeliest(lattice: Readings) -> tuple[Stretch, ...]:
    """The most probable row of chords."""
    return _Decoder(lattice).run()


class _Decoder:
    """Tables over slots of the best beginnings and endings of every reading."""

    def __init__(self, lattice: Readings) -> None:
        self.lattice = lattice
        self.model = lattice.model
        shape = (len(lattice.phrase_starts) + 1, len(lattice.keys), self.model.size)
        self.ended = np.full(shape, -np.inf)
        self.starts = np.full(shape, -1, dtype=np.int32)
        self.ways: list[Array] = []
        self.impossible = lattice.chord_of < 0
        self.new_phrase = lattice.phrase_starts
        self.length = len(self.new_phrase)

    def run(self) -> tuple[Stretch, ...]:
        """All slots, then back along the best way."""
        for slot in range(self.length):
            entries = self.enter(slot) if slot else self.begin()
            self.carry_on(slot, entries.values)
            self.ways.append(entries.ways())
        return tuple(reversed(self.trace()))

    def begin(self) -> _Entries:
        """The first chord."""
        values = self.model.first[self.lattice.modes] + self.lattice.opening[:, None]
        values[self.impossible] = -np.inf
        nothing = np.full(values.shape, -1)
        return _Entries(values, nothing, nothing, nothing)

    def endings(self, slot: int) -> Array:
        """[k, c]: the best readings that end before a slot; chords that end a phrase are judged as such."""
        ended = self.ended[slot]
        closes = slot == self.length or self.new_phrase[slot]
        if not closes:
            return ended
        last = self.lattice.closing[:, None] if slot == self.length else 0.0
        return ended + self.model.ending[self.lattice.modes] * self.model.weights.ending + last

    def enter(self, slot: int) -> _Entries:
        """The best way to begin every reading in a slot."""
        across = bool(self.new_phrase[slot])
        before = self.endings(slot)
        table = self.model.across if across else self.model.within
        steps = before[:, :, None] + table[self.lattice.modes] * self.model.weights.succession
        words = steps.argmax(axis=1)
        values = np.take_along_axis(steps, words[:, None, :], axis=1)[:, 0]
        modulates = self.model.modulates(across)
        same = _Entries(values + np.log(1 - modulates), np.broadcast_to(np.arange(len(values))[:, None], words.shape),
                        words, np.full(words.shape, -1))
        best = _better(_better(same, self.directly(before, np.log(modulates))), self.by_pivot(values, words, modulates))
        entered = np.where(self.impossible, -np.inf, best.values + self.lattice.change[slot])
        return _Entries(entered, best.keys, best.words, best.pivots)

    def directly(self, before: Array, modulates: float) -> _Entries:
        """A new key from whatever chord."""
        last = before.argmax(axis=1)
        ways = before.max(axis=1)[:, None] + self.lattice.modulations
        keys = ways.argmax(axis=0)
        entered = self.model.entered[self.lattice.modes] * self.model.weights.succession
        values = (ways.max(axis=0) + modulates)[:, None] + entered
        shape = values.shape
        return _Entries(values, np.broadcast_to(keys[:, None], shape), np.broadcast_to(last[keys][:, None], shape),
                        np.full(shape, -1))

    def by_pivot(self, values: Array, words: Array, modulates: float) -> _Entries:
        """A new key through the chord's reading in the old one."""
        same = self.lattice.same_chord
        old = np.arange(len(values))[:, None, None]
        reached = np.where(same >= 0, values[old, same], -np.inf) + self.lattice.modulations[:, :, None]
        keys = reached.argmax(axis=0)
        best = np.take_along_axis(reached, keys[None], axis=0)[0]
        pivots = np.take_along_axis(same, keys[None], axis=0)[0]
        return _Entries(best + np.log(modulates) + self.model.weights.pivot, keys, words[keys, pivots], pivots)

    def carry_on(self, slot: int, entered: Array) -> None:
        """Every beginning in a slot, for every length; no chord goes on beyond the end of its phrase."""
        further = np.flatnonzero(self.new_phrase[slot + 1 : slot + LONGEST])
        longest = int(further[0]) + 1 if len(further) else LONGEST
        fits = self.lattice.stretches(slot, longest)
        chords = self.lattice.chord_of
        for length, fit in enumerate(fits, 1):
            values = entered + fit[chords]
            better = values > self.ended[slot + length]
            self.ended[slot + length][better] = values[better]
            self.starts[slot + length][better] = slot

    def trace(self) -> list[Stretch]:
        """The best way, from the end."""
        stop = self.length
        key, word = np.unravel_index(int(self.endings(stop).argmax()), self.ended[stop].shape)
        found: list[Stretch] = []
        while stop:
            start = int(self.starts[stop, key, word])
            old, before, pivot = self.ways[start][:, key, word].tolist()
            numeral = self.lattice.readings[int(key)][int(word)]
            assert numeral is not None
            found.append(Stretch(start, stop, numeral, self.lattice.readings[old][pivot] if pivot >= 0 else None,
                                 bool(self.new_phrase[start])))
            stop, key, word = start, np.intp(old), np.intp(before)
        return found


def _better(first: _Entries, second: _Entries) -> _Entries:
    """Of two ways the better one for each reading; the first where they are equal."""
    wins = second.values > first.values
    return _Entries(*(np.where(wins, new, old) for new, old in (
        (second.values, first.values), (second.keys, first.keys), (second.words, first.words),
        (second.pivots, first.pivots))))
