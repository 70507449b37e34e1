"""Everything a score may mean, and how well it fits: the keys that could hold, and any chord for any stretch.

A stretch is judged by its notes (each foreign one is unlikely to some degree), by the
members that never sound, and by its bass.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theorygen.analysis.model import HarmonyModel
from theorygen.analysis.readings import Readings
from theorygen.analysis.surface import REST, Surface
from theorygen.rules.world import Array
from theorygen.theory import Key

_LENGTHS = 3
"""Stretches of one slot, of two, and of three or more are told apart."""
_TONICS = ("Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR_TONICS = ("eb", "bb", "f", "c", "g", "d", "a", "e", "b", "f#", "c#", "g#", "d#", "a#")
_FITTING = 0.6
"""Share of the sounding time whose notes a key must hold to be considered; a few keys always are."""
_FEWEST_KEYS = 4

@dataclass(frozen=True, eq=False)
class Lattice(Readings):
    """The states of a score and their fit; n slots, k keys, c numerals a mode, h distinct chords, p note names.

    Attributes:
        surface: the notes.
        model: the probabilities.
    """

    surface: Surface
    model: HarmonyModel

    @cached_property
    def phrase_starts(self) -> Array:
        """bool [n]: a phrase begins in a slot."""
        return self.surface.phrase_starts

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Keys that hold most of the notes."""
        shares = {key: self._share(key) for key in map(Key.parse, (*_TONICS, *_MINOR_TONICS))}
        best = sorted(shares, key=lambda key: -shares[key])
        return tuple(key for number, key in enumerate(best) if shares[key] >= _FITTING or number < _FEWEST_KEYS)

    @cached_property
    def _heard(self) -> Counter[int]:
        """Quarters for which each note name sounds."""
        heard: Counter[int] = Counter()
        for slot, row in enumerate(self.surface.fifths.tolist()):
            heard.update({fifths: 0 for fifths in row if fifths != REST})
            for fifths in row:
                if fifths != REST:
                    heard[fifths] += self.surface.durations[slot]
        return heard

    def _share(self, key: Key) -> float:
        own = {note.fifths for note in key.scale}
        if key.is_minor:        # the raised seventh and sixth
            own |= {key.leading_tone.fifths, key.leading_tone.fifths - 2}
        return sum(length for fifths, length in self._heard.items() if fifths in own) / sum(self._heard.values())

    # How well a chord fits a stretch.

    @cached_property
    def _names(self) -> dict[int, int]:
        return {fifths: number for number, fifths in enumerate(sorted(self._heard))}

    @cached_property
    def members(self) -> Array:
        """bool [h, p]: which notes belong to which chord."""
        table = np.zeros((len(self.chords), len(self._names)), dtype=bool)
        for chord, (members, _) in enumerate(self.chords):
            for fifths, _ in members:
                if fifths in self._names:
                    table[chord, self._names[fifths]] = True
        return table

    @cached_property
    def _basses(self) -> Array:
        """bool [h, p]: which note is the bass of which chord."""
        table = np.zeros(self.members.shape, dtype=bool)
        for chord, (_, bass) in enumerate(self.chords):
            if bass in self._names:
                table[chord, self._names[bass]] = True
        return table

    @cached_property
    def sounding(self) -> Array:
        """bool [n, p]: which note names sound in a slot."""
        table = np.zeros((len(self.surface), len(self._names)), dtype=bool)
        for slot, row in enumerate(self.surface.fifths.tolist()):
            table[slot, [self._names[fifths] for fifths in row if fifths != REST]] = True
        return table

    @cached_property
    def _odds(self) -> tuple[Array, Array, Array, Array]:
        """[n, p] odds that notes attacked, and notes held, are foreign; [n] what it costs when none is."""
        shape = self.sounding.shape
        odds = {"attacked": np.zeros(shape), "held": np.zeros(shape)}
        plain = {"attacked": np.zeros(shape[0]), "held": np.zeros(shape[0])}
        for slot, row in enumerate(self.surface.notes):
            for voice, features in enumerate(row):
                if features is not None:
                    share = self.model.foreign(features)
                    name = self._names[int(self.surface.fifths[slot, voice])]
                    odds[features[0]][slot, name] += np.log(share / (1 - share))
                    plain[features[0]][slot] += np.log(1 - share)
        return odds["attacked"], odds["held"], plain["attacked"], plain["held"]

    @cached_property
    def attacked(self) -> Array:
        """[n, h]: fit of the notes attacked in a slot."""
        odds, _, plain, _ = self._odds
        return (odds @ ~self.members.T + plain[:, None]) * self.model.weights.notes + self._bass(False)

    @cached_property
    def begun(self) -> Array:
        """[n, h]: what a chord adds that begins in this slot: notes held into it, and its first bass."""
        _, odds, _, plain = self._odds
        return (odds @ ~self.members.T + plain[:, None]) * self.model.weights.notes + self._bass(True) \
            - self._bass(False)

    def _bass(self, starts: bool) -> Array:
        """[n, h]: fit of the bass in a slot where the chord starts or goes on."""
        wrong = self.model.bass_is_other_member(starts)
        table = np.zeros((len(self.surface), len(self.chords)))
        for slot, voice in enumerate(self.surface.bass_voice.tolist()):
            features = self.surface.notes[slot][voice] if voice >= 0 else None
            if features is not None and (starts or features[0] == "attacked"):
                name = self._names[int(self.surface.fifths[slot, voice])]
                other = np.where(self.members[:, name], np.log(wrong), 0.0)
                table[slot] = np.where(self._basses[:, name], np.log(1 - wrong), other)
        return table * self.model.weights.bass

    @cached_property
    def _absences(self) -> tuple[Array, Array]:
        """[3, h, p] odds that a note is absent, [3, h] the rest, for stretches of 1, 2, and 3 slots or more."""
        odds = np.zeros((_LENGTHS, *self.members.shape))
        plain = np.zeros((_LENGTHS, len(self.chords)))
        for chord, (members, _) in enumerate(self.chords):
            for fifths, role in members:
                for length in range(_LENGTHS):
                    share = self.model.absent(len(members), role, length + 1)
                    plain[length, chord] += np.log(1 - share)
                    odd = np.log(share / (1 - share))
                    if fifths in self._names:
                        odds[length, chord, self._names[fifths]] = odd
                    else:
                        plain[length, chord] += odd
        return odds, plain

    def stretches(self, start: int, longest: int) -> Array:
        """[l, h]: fit of every chord for the stretches of 1 to ``longest`` slots from ``start``."""
        odds, plain = self._absences
        silent = ~np.logical_or.accumulate(self.sounding[start : start + longest], axis=0)
        absent = np.empty((len(silent), len(self.chords)))
        for length in range(len(silent)):
            kind = min(length, _LENGTHS - 1)
            absent[length] = odds[kind] @ silent[length] + plain[kind]
        notes = self._attacked_sums[start + 1 : start + 1 + len(silent)] - self._attacked_sums[start]
        fit: Array = notes + self.begun[start] + absent * self.model.weights.absent
        return fit + self._staying(start, len(silent))[:, None]

    @cached_property
    def _attacked_sums(self) -> Array:
        return np.vstack([np.zeros(len(self.chords)), np.cumsum(self.attacked, axis=0)])

    @cached_property
    def change(self) -> Array:
        """[n]: logarithm of the probability of a new chord in a slot."""
        return np.log(self._change_shares) * self.model.weights.change

    @cached_property
    def _change_shares(self) -> Array:
        return np.array([self.model.changes(features) for features in self.surface.moments])

    def _staying(self, start: int, length: int) -> Array:
        """[l]: logarithm of the probability that no new chord comes after ``start`` within the stretch."""
        stays = np.log(1 - self._change_shares[start + 1 : start + length]) * self.model.weights.change
        return np.concatenate([[0.0], np.cumsum(stays)])
