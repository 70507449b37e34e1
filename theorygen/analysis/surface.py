"""A finished score as the analyser sees it: who sounds when, and what speaks for a note being foreign to its chord.

Nothing here knows a chord. For every note it is said what embellishment it would be if it were foreign, by the
definitions of `theorygen.rules.embellishments`, how long it lasts and how it stands in the measure; for every moment,
what speaks for a change of harmony. `theorygen.analysis.model` turns both into probabilities, with numbers learned
from analysed music.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from theorygen.rules.embellishments import KindsIfForeign, kinds_if_foreign
from theorygen.rules.notes import steps_of
from theorygen.rules.world import EMBELLISHMENTS, NO_PITCH, Array
from theorygen.score.score import Score
from theorygen.score.slots import ATTACK, SlotArrays
from theorygen.theory.interval import MAJOR_SCALE_SEMITONES, STEP_SPAN

REST = 99
"""Stands for silence where places on the line of fifths are expected."""

_FIFTHS_OF_LETTER = (0, 2, 4, -1, 1, 3, 5)
_NATURAL_FIFTHS = np.array([_FIFTHS_OF_LETTER[step % 7] for step in range(STEP_SPAN)])
_NATURAL = np.array([12 * (step // 7) + MAJOR_SCALE_SEMITONES[step % 7] + 12 for step in range(STEP_SPAN)])
_MANY_VOICES = 3
_LONG = ((Fraction(1, 4), "sixteenth"), (Fraction(1, 2), "eighth"), (Fraction(1), "quarter"))

Features = tuple[str, ...]
"""Words that describe a note or a moment, the telling ones first; fewer words are a coarser description."""


def fifths_of(codes: Array) -> Array:
    """Places on the line of fifths (C 0, G 1, F -1) of pitch codes; REST for silence."""
    steps = codes % STEP_SPAN
    alterations = codes // STEP_SPAN - _NATURAL[steps]
    return np.where(codes == NO_PITCH, REST, _NATURAL_FIFTHS[steps] + 7 * alterations)


@dataclass(frozen=True, eq=False)
class Surface:
    """The notes of a score, n slots by v voices.

    Attributes:
        score: the music; what chords it declares is not looked at.
        slots: its attacks.
    """

    score: Score
    slots: SlotArrays

    @classmethod
    def of(cls, score: Score) -> Surface:
        """The surface of a score."""
        return cls(score, score.slots("attacks"))

    def __len__(self) -> int:
        return len(self.slots)

    @cached_property
    def fifths(self) -> Array:
        """[n, v]: what sounds, as a place on the line of fifths; REST where a voice is silent."""
        return fifths_of(self.slots.codes)

    @cached_property
    def durations(self) -> Array:
        """[n]: lengths of the slots in quarters."""
        return np.array([float(duration) for duration in self.slots.durations])

    @cached_property
    def bass_voice(self) -> Array:
        """[n]: the lowest part that sounds, also where another part goes below it; -1 where all are silent."""
        sounding = self.slots.codes != NO_PITCH
        return np.where(sounding.any(axis=1), sounding.shape[1] - 1 - sounding[:, ::-1].argmax(axis=1), -1)

    @cached_property
    def phrase_starts(self) -> Array:
        """bool [n]: a phrase ended just before, at a fermata, or where all voices have rested."""
        ends = {event.end for voice in self.score.pitched_voices for event in voice.events if event.fermata}
        starts = np.array([onset in ends for onset in self.slots.onsets], dtype=bool)
        silent = (self.slots.codes == NO_PITCH).all(axis=1)
        starts[1:] |= silent[:-1] & ~silent[1:]
        return starts

    @cached_property
    def notes(self) -> list[list[Features | None]]:
        """For each slot and voice the features of a note that is attacked or held there; None in silence."""
        table: list[list[Features | None]] = [[None] * len(self.slots.voices) for _ in range(len(self))]
        for voice in range(len(self.slots.voices)):
            for slot, features in self._voice_notes(voice):
                table[slot][voice] = features
        return table

    @cached_property
    def _kinds(self) -> KindsIfForeign:
        """What embellishment every note would be, whatever the chords are."""
        return kinds_if_foreign(self.slots)

    def _voice_notes(self, voice: int) -> Iterator[tuple[int, Features]]:
        codes, onsets = self.slots.codes[:, voice], self.slots.onsets
        attacks = np.flatnonzero(self.slots.states[:, voice] == ATTACK).tolist()
        bounds = [*attacks[1:], len(self)]
        for attack, bound in zip(attacks, bounds, strict=True):
            silent = np.flatnonzero(codes[attack:bound] == NO_PITCH)
            stop = attack + int(silent[0]) if len(silent) else bound
            after = bound if stop == bound and bound < len(self) else None
            end = onsets[stop] if stop < len(self) else self.score.end
            yield attack, ("attacked", EMBELLISHMENTS[self._kinds.struck[attack, voice]],
                           _length(end - onsets[attack]), self._place(attack), self._accent(attack, after),
                           self._part(voice))
            for held in range(attack + 1, stop):
                yield held, ("held", EMBELLISHMENTS[self._kinds.held[held, voice]], _length(end - onsets[held]),
                             self._place(held), self._part(voice))

    def _accent(self, attack: int, after: int | None) -> str:
        following = 3 if after is None else int(self.slots.weights[after])
        own = int(self.slots.weights[attack])
        return "stronger" if own > following else "weaker" if own < following else "even"

    def _place(self, slot: int) -> str:
        return str(int(self.slots.weights[slot]))

    def _part(self, voice: int) -> str:
        return "bass" if voice == len(self.slots.voices) - 1 else "upper"

    @cached_property
    def moments(self) -> list[Features]:
        """For each slot what speaks for a new chord: its place in the measure, new notes, the bass, its attacks."""
        attacks = (self.slots.states == ATTACK).sum(axis=1)
        return [(self._level(slot), self._news(slot), self._bass_move(slot), str(min(int(attacks[slot]), _MANY_VOICES)))
                for slot in range(len(self))]

    def _news(self, slot: int) -> str:
        """How many note names sound that did not sound just before."""
        before = set(self.fifths[max(slot - 1, 0)].tolist()) if slot else set()
        return str(min(len(set(self.fifths[slot].tolist()) - before - {REST}), _MANY_VOICES))

    def _level(self, slot: int) -> str:
        """Metric strength, with places between half beats told apart from half beats."""
        weight = int(self.slots.weights[slot])
        if weight:
            return str(weight)
        measure = self.score.measure_at(self.slots.onsets[slot])
        halves = 2 * measure.offset(self.slots.onsets[slot]) / measure.meter.beat_length
        return "0" if halves.denominator == 1 else "-1"

    def _bass_move(self, slot: int) -> str:
        voice = int(self.bass_voice[slot])
        if not slot or voice < 0 or self.slots.codes[slot - 1, voice] == NO_PITCH:
            return "none"
        if self.slots.states[slot, voice] != ATTACK:
            return "held"
        interval = self.slots.codes[slot, voice] - self.slots.codes[slot - 1, voice]
        return "same" if not interval else "step" if abs(int(steps_of(interval))) == 1 else "leap"


def _length(duration: Fraction) -> str:
    return next((name for limit, name in _LONG if duration <= limit), "longer")
