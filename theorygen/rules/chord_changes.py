"""The window of all voices from one slot to the next, with what they do together."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

import numpy as np

from theorygen.rules.closes import PairClose
from theorygen.rules.kinds import BOOLEAN, INTEGER
from theorygen.rules.motions import ChordPair, MelodicStep
from theorygen.rules.notes import Note, semitones_of, steps_of
from theorygen.rules.places import Chord
from theorygen.rules.record import Record, field, needs, part
from theorygen.rules.verticals import BASS, TOP, Sonority
from theorygen.rules.world import MEMBERS, NO_PITCH, Array, World
from theorygen.theory.interval import OCTAVE, STEP_SPAN


class ChordChange(Record):
    """All voices from one slot to the next."""

    def __init__(self, world: World, pitches: tuple[Array, Array], voices: Array, slots: tuple[Array, Array]) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    @part[Sonority]
    def before(self) -> Sonority:
        """The first sonority."""
        return Sonority(self._world, self._pitches[0], self._voices, self._slots[0])

    @part[Sonority]
    def after(self) -> Sonority:
        """The second sonority."""
        return Sonority(self._world, self._pitches[1], self._voices, self._slots[1])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The two chords, compared."""
        return ChordPair(self._world, *self._slots)

    @part[MelodicStep]
    @needs(TOP)
    def top(self) -> MelodicStep:
        """The highest voice."""
        return self._line(TOP)

    @part[MelodicStep]
    @needs(BASS)
    def bass(self) -> MelodicStep:
        """The lowest voice."""
        return self._line(BASS)

    @part[PairClose]
    def cadence(self) -> PairClose:
        """The two chords and the note on top, read as the close of a phrase."""
        return PairClose(self._world, self._slots, self.top.after, self._pitches[1][:, TOP] != NO_PITCH)

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds on both sides."""
        return (self._pitches[0][:, voice] != NO_PITCH) & (self._pitches[1][:, voice] != NO_PITCH)

    def _line(self, column: int) -> MelodicStep:
        pitches = (self._pitches[0][:, column], self._pitches[1][:, column])
        return MelodicStep(self._world, pitches, self._voices[:, column], self._slots)

    @cached_property
    def _intervals(self) -> Array:
        sounding = (self._pitches[0] != NO_PITCH) & (self._pitches[1] != NO_PITCH)
        return np.where(sounding, self._pitches[1] - self._pitches[0], 0)

    @field[INTEGER]
    def moving_up(self) -> Array:
        """Voices that rise."""
        return (self._intervals > 0).sum(axis=1)

    @field[INTEGER]
    def moving_down(self) -> Array:
        """Voices that fall."""
        return (self._intervals < 0).sum(axis=1)

    @field[INTEGER]
    def voices(self) -> Array:
        """Voices that sound on both sides."""
        return ((self._pitches[0] != NO_PITCH) & (self._pitches[1] != NO_PITCH)).sum(axis=1)

    @field[INTEGER]
    def upper_semitones(self) -> Array:
        """Semitones moved by all voices but the lowest, added up."""
        return np.abs(semitones_of(self._intervals[:, :-1])).sum(axis=1)

    @field[INTEGER]
    def upper_leaps(self) -> Array:
        """Voices above the lowest that move by more than a third."""
        return (np.abs(steps_of(self._intervals[:, :-1])) > 2).sum(axis=1)

    @field[INTEGER]
    def upper_with_bass(self) -> Array:
        """Voices above the lowest that move in the direction of the lowest."""
        bass = np.sign(self._intervals[:, -1:])
        return ((np.sign(self._intervals[:, :-1]) == bass) & (bass != 0)).sum(axis=1)

    @field[INTEGER]
    def lost_common_tones(self) -> Array:
        """Notes (by name) that the next chord also has, that some upper voice leaves and that no voice at all holds."""
        before, after = self._pitches
        notes = Note(self._world, np.maximum(before[:, :-1], 0), self._voices[:, :-1], self._slots[0][:, None])
        lost = notes.member_in(Chord(self._world, self._slots[1][:, None])) & (self._intervals[:, :-1] != 0)
        names, held = before % OCTAVE.code, (before == after) & (before != NO_PITCH)
        for voice in range(lost.shape[1]):
            settled = held.copy()
            settled[:, :voice] |= lost[:, :voice]
            lost[:, voice] &= ~(settled & (names == names[:, voice : voice + 1])).any(axis=1)
        return lost.sum(axis=1)

    @field[BOOLEAN]
    def leading_tone_rises(self) -> Array:
        """Some voice takes the functioning leading tone of the first chord up a step."""
        notes = Note(self._world, np.maximum(self._pitches[0], 0), self._voices, self._slots[0][:, None])
        return (notes.leading_tone & (steps_of(self._intervals) == 1)).any(axis=1)

    @field[INTEGER]
    def falling_thirds(self) -> Array:
        """Voices that take the third of the first chord down a step."""
        notes = Note(self._world, np.maximum(self._pitches[0], 0), self._voices, self._slots[0][:, None])
        return ((notes.member == MEMBERS.index("third")) & (steps_of(self._intervals) == -1)).sum(axis=1)

    @field[BOOLEAN]
    def cross_relation(self) -> Array:
        """A letter returns with another accidental in another voice, and no voice moves by that semitone."""
        return self._cross_relations(range(self._intervals.shape[1]))

    @field[BOOLEAN]
    def outer_cross_relation(self) -> Array:
        """A cross relation that involves the highest or the lowest voice."""
        return self._cross_relations((0, self._intervals.shape[1] - 1))

    @field[BOOLEAN]
    def top_bass_cross_relation(self) -> Array:
        """A cross relation between the highest voice and the lowest."""
        last = self._intervals.shape[1] - 1
        return self._clash(0, last) | self._clash(last, 0)

    def _cross_relations(self, members: range | tuple[int, ...]) -> Array:
        count = self._intervals.shape[1]
        found = np.zeros(len(self._intervals), dtype=bool)
        for first, second in combinations(range(count), 2):
            if first in members or second in members:
                found |= self._clash(first, second) | self._clash(second, first)
        return found

    def _clash(self, before: int, after: int) -> Array:
        """Letter of voice ``before`` comes back altered in voice ``after`` and no voice takes the semitone."""
        first, second = self._pitches[0][:, before], self._pitches[1][:, after]
        same_letter = (first % STEP_SPAN) % 7 == (second % STEP_SPAN) % 7
        altered = same_letter & ((second - first) % (12 * STEP_SPAN + 7) != 0)
        if not altered.any():
            return altered
        own_letter = (self._pitches[0] % STEP_SPAN) % 7 == ((first % STEP_SPAN) % 7)[:, None]
        taken = (own_letter & (self._intervals != 0) & (steps_of(self._intervals) % 7 == 0)
                 & (semitones_of(self._intervals) % 12 != 0)).any(axis=1)
        sounding = (first != NO_PITCH) & (second != NO_PITCH)
        return altered & ~taken & sounding
