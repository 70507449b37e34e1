"""Windows of one or two voices in motion: a melodic step, two moving voices, and over three slots a melodic turn."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, VOICE
from theorygen.rules.notes import Note, semitones_of, steps_of
from theorygen.rules.record import Record, field, part
from theorygen.rules.verticals import VoicePair
from theorygen.rules.world import Array, World
from theorygen.theory.interval import STEP_SPAN


class ChordPair(Record):
    """The chords before and after, compared."""

    def __init__(self, world: World, before: Array, after: Array) -> None:
        self._table = world.chord_table
        self._world = world
        self._slots = (before, after)
        self._before = world.chord_of_slot[before]
        self._after = world.chord_of_slot[after]

    @field[BOOLEAN]
    def same(self) -> Array:
        """Both slots have the same root in the same key, so the move stays inside one harmony (V to V7 too)."""
        table = self._table
        same_root = table.root[self._before] == table.root[self._after]
        same_function = table.function[self._before] == table.function[self._after]
        return same_root & self.same_key & same_function & table.present[self._before]

    @field[BOOLEAN]
    def identical(self) -> Array:
        """Both slots have the very same chord in the same inversion."""
        return self._before == self._after

    @field[BOOLEAN]
    def same_key(self) -> Array:
        """Both chords are read in one key."""
        table = self._table
        same_tonic = table.tonic[self._before] == table.tonic[self._after]
        return same_tonic & (table.minor[self._before] == table.minor[self._after])

    @field[INTEGER]
    def root_steps(self) -> Array:
        """Letters from the first root up to the second, 0 to 6: 3 is up a fourth or down a fifth."""
        return (self._table.root_letter[self._after] - self._table.root_letter[self._before]) % 7

    @field[BOOLEAN]
    def reaches_target(self) -> Array:
        """The second chord's root is the tonic of the key the first chord functions in (V/V to V, V to I)."""
        return self._table.root[self._after] == self._table.applied_tonic[self._before]

    @field[BOOLEAN]
    def inflected(self) -> Array:
        """Some letter belongs to both chords with different accidentals; also true where a chord is not declared."""
        size = len(self._table.present)
        pairs, back = np.unique(self._before.astype(np.int64) * size + self._after, return_inverse=True)
        first, second = pairs // size, pairs % size
        before, after = (self._table.members[rows] > 0 for rows in (first, second))
        letters = (before.sum(axis=2) * after.sum(axis=2)).sum(axis=1)
        undeclared = ~self._table.present[first] | ~self._table.present[second]
        return (undeclared | (letters > (before & after).sum(axis=(1, 2))))[back.reshape(self._before.shape)]

    @field[BOOLEAN]
    def successive(self) -> Array:
        """Both slots lie in one chord or in chords that follow each other; never where none is declared."""
        surface = self._world.surface
        declared = self._table.present[self._before] & self._table.present[self._after]
        if surface is None:
            return declared
        first, second = (surface.slots.chords[slots] for slots in self._slots)
        return declared & (second - first <= 1)

    @field[BOOLEAN]
    def crosses_phrase(self) -> Array:
        """The second slot begins a new phrase."""
        return self._world.slot_column("first")[self._slots[1]].astype(bool)


class MelodicStep(Record):
    """One voice from one slot to the next."""

    def __init__(self, world: World, pitches: tuple[Array, Array], voices: Array, slots: tuple[Array, Array]) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    @part[Note]
    def before(self) -> Note:
        """The note it leaves."""
        return Note(self._world, self._pitches[0], self._voices, self._slots[0])

    @part[Note]
    def after(self) -> Note:
        """The note it reaches."""
        return Note(self._world, self._pitches[1], self._voices, self._slots[1])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The two chords, compared."""
        return ChordPair(self._world, *self._slots)

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self.before.open_word(name)

    @field[VOICE]
    def voice(self) -> Array:
        """Name of the voice."""
        return self.before.voice

    @field[BOOLEAN]
    def is_top(self) -> Array:
        """The voice is the highest of the ensemble."""
        return self.before.is_top

    @field[BOOLEAN]
    def is_bass(self) -> Array:
        """The voice is the lowest of the ensemble."""
        return self.before.is_bass

    @field[BOOLEAN]
    def is_outer(self) -> Array:
        """The voice is the highest or the lowest."""
        return self.before.is_outer

    @field[INTERVAL]
    def interval(self) -> Array:
        """From the first note to the second; negative downwards."""
        return self._pitches[1] - self._pitches[0]

    @field[INTERVAL]
    def leaving(self) -> Array:
        """From the first note to the next one the voice takes, embellishments counted; in block chords the interval."""
        surface = self._world.surface
        if surface is None or surface.goal is None:
            return self.interval
        return surface.goal[self._slots[0], self._voices] - self._pitches[0]

    @field[INTERVAL]
    def size(self) -> Array:
        """The interval read upwards."""
        return np.abs(self.interval)

    @field[INTEGER]
    def steps(self) -> Array:
        """Diatonic steps moved; negative downwards, 0 for a repeated letter."""
        return steps_of(self.interval)

    @field[INTEGER]
    def semitones(self) -> Array:
        """Semitones moved; negative downwards."""
        return semitones_of(self.interval)

    @field[INTEGER]
    def direction(self) -> Array:
        """1 up, -1 down, 0 repeated."""
        return np.sign(self.interval)

    @field[BOOLEAN]
    def moves(self) -> Array:
        """The pitch changes."""
        return self.interval != 0

    @field[BOOLEAN]
    def by_step(self) -> Array:
        """Moves to a neighbouring letter (a second of any quality)."""
        return np.abs(self.steps) == 1

    @field[BOOLEAN]
    def leaps(self) -> Array:
        """Moves by a third or more."""
        return np.abs(self.steps) > 1

    @field[BOOLEAN]
    def held_in_next_chord(self) -> Array:
        """The first note's name also belongs to the next chord (some voice can keep it)."""
        return self.before.member_in(self.after.chord)

    @field[BOOLEAN]
    def semitone_above_in_next_chord(self) -> Array:
        """The note a minor second above the first note belongs to the next chord: a leading tone could resolve."""
        return self.before.member_in(self.after.chord, STEP_SPAN + 1)

    @field[BOOLEAN]
    def semitone_below_in_next_chord(self) -> Array:
        """The note a minor second below the first note belongs to the next chord: a lowered note could resolve."""
        return self.before.member_in(self.after.chord, -(STEP_SPAN + 1))

    @field[BOOLEAN]
    def lowered_in_next_chord(self) -> Array:
        """The first note, lowered by a chromatic semitone, belongs to the next chord (7 to b7 into V7/IV)."""
        return self.before.member_in(self.after.chord, -STEP_SPAN)


class VoicePairMotion(Record):
    """Two voices from one slot to the next."""

    def __init__(self, world: World, pitches: tuple[Array, Array], voices: Array, slots: tuple[Array, Array]) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    def _line(self, column: int) -> MelodicStep:
        pitches = (self._pitches[0][:, column], self._pitches[1][:, column])
        return MelodicStep(self._world, pitches, self._voices[:, column], self._slots)

    @part[MelodicStep]
    def upper(self) -> MelodicStep:
        """The voice written above."""
        return self._line(0)

    @part[MelodicStep]
    def lower(self) -> MelodicStep:
        """The voice written below."""
        return self._line(1)

    @part[VoicePair]
    def before(self) -> VoicePair:
        """The two voices at the first slot."""
        return VoicePair(self._world, self._pitches[0], self._voices, self._slots[0])

    @part[VoicePair]
    def after(self) -> VoicePair:
        """The two voices at the second slot."""
        return VoicePair(self._world, self._pitches[1], self._voices, self._slots[1])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The two chords, compared."""
        return ChordPair(self._world, *self._slots)

    @field[BOOLEAN]
    def both_move(self) -> Array:
        """Both voices change pitch."""
        return self.upper.moves & self.lower.moves

    @field[BOOLEAN]
    def similar(self) -> Array:
        """Both voices move in one direction (parallel motion is the special case of equal steps)."""
        return (self.upper.direction == self.lower.direction) & self.upper.moves

    @field[BOOLEAN]
    def contrary(self) -> Array:
        """The voices move in opposite directions."""
        return self.upper.direction * self.lower.direction == -1

    @field[BOOLEAN]
    def oblique(self) -> Array:
        """One voice moves and the other stays."""
        return self.upper.moves ^ self.lower.moves

    @field[BOOLEAN]
    def parallel(self) -> Array:
        """Both voices move by the same number of letters in one direction."""
        return self.similar & (self.upper.steps == self.lower.steps)

    @field[BOOLEAN]
    def cross_relation(self) -> Array:
        """A letter of the one voice comes back in the other with another accidental."""
        upper, lower = self.upper, self.lower
        return _altered(upper.before, lower.after) | _altered(lower.before, upper.after)

    @field[BOOLEAN]
    def figured(self) -> Array:
        """Some of the four notes lies outside the chord declared for it: an embellishment takes part."""
        notes = (self.before.upper, self.before.lower, self.after.upper, self.after.lower)
        return np.logical_or.reduce([(note.member == 0) & note.chord.present for note in notes])

    @field[BOOLEAN]
    def decorated(self) -> Array:
        """Both voices move, but not at once from the first notes to the second: other notes come between."""
        surface = self._world.surface
        if surface is None:
            return np.zeros(len(self._voices), dtype=bool)
        begins = surface.slots.begins[self._slots[1][:, None], self._voices]
        ends = surface.slots.ends[self._slots[0][:, None], self._voices]
        return self.both_move & ((begins[:, 0] != begins[:, 1]) | (ends != begins).any(axis=1))

    @field[BOOLEAN]
    def broken_chord(self) -> Array:
        """On the grid of chords: one of the two takes other notes of the first chord before the second comes."""
        surface = self._world.surface
        if surface is None:
            return np.zeros(len(self._voices), dtype=bool)
        broken: Array = surface.slots.arpeggios[self._slots[0][:, None], self._voices]
        return np.logical_or(broken[:, 0], broken[:, 1])

    @field[BOOLEAN]
    def adjacent(self) -> Array:
        """No voice is written between the two."""
        return self.before.adjacent

    @field[BOOLEAN]
    def outer(self) -> Array:
        """The highest and the lowest voice of the ensemble."""
        return self.before.outer


def _altered(before: Note, after: Note) -> Array:
    """Whether two notes have one letter and not the same accidental, in any octave."""
    return (before.pitch % STEP_SPAN % 7 == after.pitch % STEP_SPAN % 7) & (before.accidental != after.accidental)


class MelodicTurn(Record):
    """One voice over three slots: two moves that follow each other."""

    def __init__(self, world: World, pitches: tuple[Array, ...], voices: Array, slots: tuple[Array, ...]) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    def _move(self, start: int) -> MelodicStep:
        pitches = (self._pitches[start], self._pitches[start + 1])
        return MelodicStep(self._world, pitches, self._voices, (self._slots[start], self._slots[start + 1]))

    @part[MelodicStep]
    def first(self) -> MelodicStep:
        """The first move."""
        return self._move(0)

    @part[MelodicStep]
    def second(self) -> MelodicStep:
        """The second move."""
        return self._move(1)

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self.first.open_word(name)

    @field[VOICE]
    def voice(self) -> Array:
        """Name of the voice."""
        return self.first.voice

    @field[BOOLEAN]
    def is_top(self) -> Array:
        """The voice is the highest of the ensemble."""
        return self.first.is_top

    @field[BOOLEAN]
    def is_bass(self) -> Array:
        """The voice is the lowest of the ensemble."""
        return self.first.is_bass

    @field[BOOLEAN]
    def is_outer(self) -> Array:
        """The voice is the highest or the lowest."""
        return self.first.is_outer
