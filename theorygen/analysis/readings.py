"""The chords a piece may be read as: every numeral of every key that could hold, and which of them sound alike.

Chords that differ only in name (vi of C, ii of G) sound alike, so whatever is judged by its sound is judged once for
each distinct chord and looked up for each reading.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache, cached_property

import numpy as np

from theorygen.analysis.model import HarmonyModel
from theorygen.rules.world import Array
from theorygen.theory import Key, RomanNumeral, TheoryError

LONGEST = 14
"""A chord lasts at most this many slots before it is named anew."""

ChordIdentity = tuple[tuple[tuple[int, str], ...], int]


@cache
def reading(word: str, key: Key) -> RomanNumeral | None:
    """A numeral in a key; None where it would need too many accidentals."""
    try:
        return RomanNumeral.parse(word, key)
    except TheoryError:
        return None


def _identity(numeral: RomanNumeral) -> ChordIdentity:
    """What tells chords apart by ear and by spelling: members and bass."""
    return tuple((member.pitch_class.fifths, member.role) for member in numeral.members), numeral.bass.fifths


class Readings(ABC):
    """What a row of n slots may be read as, and how well it fits; k keys, c numerals a mode, h distinct chords.

    Attributes:
        model: the probabilities of harmony.
    """

    model: HarmonyModel

    @property
    @abstractmethod
    def keys(self) -> tuple[Key, ...]:
        """The keys that are considered."""

    @property
    @abstractmethod
    def phrase_starts(self) -> Array:
        """bool [n]: a phrase begins in a slot."""

    @property
    @abstractmethod
    def change(self) -> Array:
        """[n]: logarithm of the probability of a new chord in a slot."""

    @abstractmethod
    def stretches(self, start: int, longest: int) -> Array:
        """[l, h]: fit of every chord for the stretches of 1 to at most ``longest`` slots from ``start``."""

    @cached_property
    def opening(self) -> Array:
        """[k]: logarithm of how likely each key is to begin with, beside what its chords say."""
        return np.zeros(len(self.keys))

    @cached_property
    def closing(self) -> Array:
        """[k]: the same for the key of the last chord."""
        return np.zeros(len(self.keys))

    @cached_property
    def modes(self) -> Array:
        """[k]: 0 major, 1 minor."""
        return np.array([key.is_minor for key in self.keys], dtype=int)

    @cached_property
    def readings(self) -> list[list[RomanNumeral | None]]:
        """For each key its numerals, padded with None."""
        found = []
        for key in self.keys:
            own = [reading(word, key) for word in self.model.words[key.is_minor]]
            found.append(own + [None] * (self.model.size - len(own)))
        return found

    @cached_property
    def chords(self) -> dict[ChordIdentity, RomanNumeral]:
        """The distinct chords with one reading of each."""
        return {_identity(numeral): numeral for row in self.readings for numeral in row if numeral}

    @cached_property
    def chord_of(self) -> Array:
        """[k, c]: which distinct chord each reading is, -1 for none."""
        numbers = {identity: number for number, identity in enumerate(self.chords)}
        return np.array([[numbers[_identity(numeral)] if numeral else -1 for numeral in row] for row in self.readings])

    @cached_property
    def same_chord(self) -> Array:
        """[a, b, c]: the reading in key a of the chord that key b calls c, -1 for none."""
        where = np.full((len(self.keys), len(self.chords) + 1), -1)
        for key, row in enumerate(self.chord_of):
            for word in np.flatnonzero(row >= 0)[::-1]:
                where[key, row[word]] = word
        found = where[:, self.chord_of]
        found[:, self.chord_of < 0] = -1
        return found

    @cached_property
    def modulations(self) -> Array:
        """[a, b]: logarithm of the probability that key b follows key a; minus infinity on the diagonal."""
        table = np.array([[self.model.modulation(a, b) if a != b else -np.inf for b in self.keys] for a in self.keys])
        return table * self.model.weights.modulation
