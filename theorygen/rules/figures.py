"""The window ``figure``: a note of one voice with what comes before and after it, by which embellishments are told.

A figure looks at sounding segments. A new segment begins with each attack of the voice, and under a held note where a
change of chord makes it foreign or frees it: a suspension tied over the bar is then a note approached by holding. A
rest ends a line of segments; the start of a phrase does not, since a passing note may lead into it
(``approach.chords.crosses_phrase`` tells). Where a line begins or ends neighbours are missing: `has_before` and the
like say so, `entry` and `exit` are then ``none``, and the missing note reads as the nearest one there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTERVAL, NUMBER, VOICE, words
from theorygen.rules.motions import MelodicStep
from theorygen.rules.notes import Note, steps_of
from theorygen.rules.record import Record, field, part
from theorygen.rules.world import Array, Surface, World
from theorygen.score.slots import SlotArrays

EARLIER, BEFORE, HERE, AFTER, LATER = range(5)
"""The five notes of a figure."""

MOVES = ("none", "held", "repeated", "step", "leap")
NONE, HELD, REPEATED, STEP, LEAP = range(5)


class Figure(Record):
    """A note of one voice, two notes before it and two after it."""

    def __init__(self, world: World, pitches: Sequence[Array], voices: Array, slots: Sequence[Array]) -> None:
        self._world = world
        self._pitches = pitches
        self._voices = voices
        self._slots = slots

    @property
    def _surface(self) -> Surface:
        assert self._world.surface is not None
        return self._world.surface

    @property
    def _arrays(self) -> SlotArrays:
        return self._surface.slots

    def _note(self, place: int) -> Note:
        return Note(self._world, self._pitches[place], self._voices, self._slots[place])

    def _move(self, start: int) -> MelodicStep:
        pitches = (self._pitches[start], self._pitches[start + 1])
        return MelodicStep(self._world, pitches, self._voices, (self._slots[start], self._slots[start + 1]))

    @part[Note]
    def earlier(self) -> Note:
        """The note before the one before."""
        return self._note(EARLIER)

    @part[Note]
    def before(self) -> Note:
        """The note before."""
        return self._note(BEFORE)

    @part[Note]
    def note(self) -> Note:
        """The note itself."""
        return self._note(HERE)

    @part[Note]
    def after(self) -> Note:
        """The note after."""
        return self._note(AFTER)

    @part[Note]
    def later(self) -> Note:
        """The note after the one after."""
        return self._note(LATER)

    @part[MelodicStep]
    def approach(self) -> MelodicStep:
        """From the note before to the note."""
        return self._move(BEFORE)

    @part[MelodicStep]
    def departure(self) -> MelodicStep:
        """From the note to the note after."""
        return self._move(HERE)

    @part[MelodicStep]
    def continuation(self) -> MelodicStep:
        """From the note after to the one that follows it."""
        return self._move(AFTER)

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self.note.open_word(name)

    @field[VOICE]
    def voice(self) -> Array:
        """Name of the voice."""
        return self.note.voice

    @field[BOOLEAN]
    def is_top(self) -> Array:
        """The voice is the highest of the ensemble."""
        return self.note.is_top

    @field[BOOLEAN]
    def is_bass(self) -> Array:
        """The voice is the lowest of the ensemble."""
        return self.note.is_bass

    @field[BOOLEAN]
    def is_outer(self) -> Array:
        """The voice is the highest or the lowest."""
        return self.note.is_outer

    @field[BOOLEAN]
    def has_earlier(self) -> Array:
        """There are two notes before the note, without a rest."""
        return self._slots[EARLIER] < self._slots[BEFORE]

    @field[BOOLEAN]
    def has_before(self) -> Array:
        """There is a note before the note, without a rest."""
        return self._slots[BEFORE] < self._slots[HERE]

    @field[BOOLEAN]
    def has_after(self) -> Array:
        """There is a note after the note, without a rest."""
        return self._slots[AFTER] > self._slots[HERE]

    @field[BOOLEAN]
    def has_later(self) -> Array:
        """There are two notes after the note, without a rest."""
        return self._slots[LATER] > self._slots[AFTER]

    @field[words(*MOVES)]
    def entry(self) -> Array:
        """How the note is reached: held, repeated, by step (a chromatic semitone too) or leap; none from silence."""
        return np.where(self.has_before, self._kind_of_move(BEFORE), NONE).astype(np.int8)

    @field[words(*MOVES)]
    def exit(self) -> Array:
        """How the note is left: held, repeated, by step (a chromatic semitone too) or leap; none into silence."""
        return np.where(self.has_after, self._kind_of_move(HERE), NONE).astype(np.int8)

    def _kind_of_move(self, start: int) -> Array:
        """The word for the move from one of the five notes to the next, as if both were there."""
        interval = self._pitches[start + 1] - self._pitches[start]
        moved = np.where(np.abs(steps_of(interval)) > 1, LEAP, STEP)
        same = np.where(self._arrays.passed[self._slots[start + 1], self._voices], HELD, REPEATED)
        return np.where(interval == 0, same, moved)

    @field[INTERVAL]
    def span(self) -> Array:
        """From the note before to the note after; negative downwards."""
        return self._pitches[AFTER] - self._pitches[BEFORE]

    @field[BOOLEAN]
    def accented(self) -> Array:
        """The note stands on a stronger place than the note after, parts of beats compared too."""
        accents = self._arrays.accents
        return self.has_after & (accents[self._slots[HERE]] > accents[self._slots[AFTER]])

    def _length(self, place: int) -> Array:
        """Quarter lengths from one of the five notes to the next, or to its end where it is the last."""
        here, following = self._slots[place], self._slots[min(place + 1, LATER)]
        arrays = self._arrays
        stop = np.where(following > here, arrays.times[following], arrays.ends[here, self._voices])
        return (stop - arrays.times[here]).astype(np.float64) / arrays.ticks

    @field[NUMBER]
    def length(self) -> Array:
        """How long the note lasts, in quarters."""
        return self._length(HERE)

    @field[NUMBER]
    def length_before(self) -> Array:
        """How long the note before lasts, in quarters; 0 where there is none."""
        return np.where(self.has_before, self._length(BEFORE), 0.0)

    @field[NUMBER]
    def length_after(self) -> Array:
        """How long the note after lasts, in quarters; 0 where there is none."""
        return np.where(self.has_after, self._length(AFTER), 0.0)

    @field[BOOLEAN]
    def shorter_than_beat(self) -> Array:
        """The note lasts less than a beat."""
        return self.length < self._arrays.beats[self._slots[HERE]] / self._arrays.ticks


@dataclass(frozen=True, eq=False)
class Columns:
    """Figures as columns: pitch codes, voice numbers and slot numbers, for `Window.rows`."""

    pitches: list[Array]
    voices: Array
    slots: list[Array]


class Segments:
    """The segments of all voices of a grid, voice by voice.

    Attributes:
        slots: slot in which each begins.
        voices: its voice.
        number: [n, v], for each slot and voice the number of the segment that sounds there.
    """

    def __init__(self, arrays: SlotArrays, starts: Array) -> None:
        """``starts``: bool [n, v], where segments begin; every note must begin one."""
        self._codes = arrays.codes
        self.voices, self.slots = np.nonzero(starts.T)
        rests = np.cumsum(arrays.silent, axis=0)[self.slots, self.voices]
        follows = (np.diff(self.voices, prepend=-1) == 0) & (np.diff(rests, prepend=-1) == 0)
        self._line = np.cumsum(~follows)
        self.number = np.cumsum(starts.T.reshape(-1)).reshape(starts.T.shape).T - 1

    def beside(self, numbers: Array, distance: int, otherwise: Array) -> Array:
        """Slot of the segment so many further on in the same line, or the slot given where there is none."""
        if not len(self.slots):
            return otherwise
        other = np.clip(numbers + distance, 0, len(self.slots) - 1)
        there = (numbers + distance == other) & (self._line[other] == self._line[numbers])
        return np.where(there, self.slots[other], otherwise)

    def figures(self, numbers: Array, *places: Array | int) -> Columns:
        """Figures around these segments.

        Args:
            numbers: the segment of each figure.
            places: its five notes: how many segments further on, or slots within the segment.
        """
        slots: list[Array] = [np.zeros(0)] * len(places)
        for place in (HERE, BEFORE, EARLIER, AFTER, LATER):
            nearer = slots[place + (place < HERE) - (place > HERE)] if place != HERE else self.slots[numbers]
            found = places[place]
            slots[place] = self.beside(numbers, found, nearer) if isinstance(found, int) else found
        voices = self.voices[numbers]
        return Columns([self._codes[slot, voices][:, None] for slot in slots], voices[:, None], slots)
