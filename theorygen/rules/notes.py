"""The small record every window is made of: one note, with what its chord makes of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, NUMBER, PITCH, VOICE, words
from theorygen.rules.places import Chord, Place
from theorygen.rules.record import Record, field, part
from theorygen.rules.world import EMBELLISHMENTS, MEMBERS, Array, World
from theorygen.score.sounding import letters_of
from theorygen.theory.interval import MAJOR_SCALE_SEMITONES, OCTAVE, STEP_SPAN

_ALTER_OFFSET = 3
_SEMITONES = 12
_HALF_SPAN = STEP_SPAN // 2


def steps_of(intervals: Array) -> Array:
    """Diatonic steps of interval codes; downward is negative."""
    return (intervals + _HALF_SPAN) % STEP_SPAN - _HALF_SPAN


def semitones_of(intervals: Array) -> Array:
    """Semitones of interval codes; downward is negative."""
    return (intervals - steps_of(intervals)) // STEP_SPAN


class Note(Record):
    """One sounding note of one voice."""

    def __init__(self, world: World, pitch: Array, voice: Array, slots: Array) -> None:
        self._world = world
        self._pitch = pitch
        self._voice = voice
        self._slots = slots

    @property
    def _cells(self) -> tuple[Array, Array]:
        """Slot and voice of the note in each window."""
        return self._slots, self._voice

    @part[Chord]
    def chord(self) -> Chord:
        """The chord it sounds in."""
        return Chord(self._world, self._slots)

    @part[Place]
    def place(self) -> Place:
        """Where it stands."""
        return Place(self._world, self._slots)

    def open_word(self, name: str) -> str:
        """The name of the voice."""
        return self._world.voices[int(np.ravel(self._voice)[0])].name

    @field[PITCH]
    def pitch(self) -> Array:
        """The spelled pitch."""
        return self._pitch

    @field[VOICE]
    def voice(self) -> Array:
        """Name of the voice."""
        return self._world.voice_words[self._voice]

    @field[BOOLEAN]
    def is_top(self) -> Array:
        """The voice is the highest of the ensemble."""
        return self._voice == 0

    @field[BOOLEAN]
    def is_bass(self) -> Array:
        """The voice is the lowest of the ensemble."""
        return self._voice == len(self._world.voices) - 1

    @field[BOOLEAN]
    def is_outer(self) -> Array:
        """The voice is the highest or the lowest."""
        return self.is_top | self.is_bass

    @field[PITCH]
    def lowest(self) -> Array:
        """Lowest pitch of the voice's range."""
        return self._world.voice_codes("lowest")[self._voice]

    @field[PITCH]
    def highest(self) -> Array:
        """Highest pitch of the voice's range."""
        return self._world.voice_codes("highest")[self._voice]

    @field[PITCH]
    def comfortable_low(self) -> Array:
        """Lowest pitch of the voice's comfortable range."""
        return self._world.voice_codes("comfortable_low")[self._voice]

    @field[PITCH]
    def comfortable_high(self) -> Array:
        """Highest pitch of the voice's comfortable range."""
        return self._world.voice_codes("comfortable_high")[self._voice]

    @field[NUMBER]
    def semitones_from_centre(self) -> Array:
        """Semitones, halves too, from the middle of the voice's comfortable range."""
        middle = self.comfortable_low // STEP_SPAN + self.comfortable_high // STEP_SPAN
        return np.abs(2 * (self._pitch // STEP_SPAN) - middle) / 2

    @cached_property
    def _spelling(self) -> tuple[Array, Array]:
        return letters_of(self._pitch)

    @property
    def _letter(self) -> Array:
        return self._spelling[0]

    @field[INTEGER]
    def accidental(self) -> Array:
        """Semitones the note is raised (+, sharp) or lowered (-, flat) against its letter."""
        return self._spelling[1]

    def _look_up(self, table: Array) -> Array:
        alter = np.clip(self.accidental + _ALTER_OFFSET, 0, 2 * _ALTER_OFFSET)
        return table[self.chord._rows, self._letter, alter]

    @field[words(*MEMBERS)]
    def member(self) -> Array:
        """What the note is in its chord; none when it does not belong to it."""
        return self._look_up(self._world.chord_table.members)

    @field[BOOLEAN]
    def sounds_in_chord(self) -> Array:
        """The note sounds like some member of its chord, however it is spelled."""
        sounds = _sounding_semitones(self._world.chord_table.members > 0)
        return sounds[self.chord._rows, self._pitch // STEP_SPAN % _SEMITONES]

    @field[BOOLEAN]
    def leading_tone(self) -> Array:
        """The note is the leading tone of its key (of the applied key) in a chord of dominant function."""
        return self._look_up(self._world.chord_table.leading_tone)

    @field[BOOLEAN]
    def is_chord_bass(self) -> Array:
        """The note is the one the inversion puts in the bass."""
        return self._look_up(self._world.chord_table.bass)

    @field[BOOLEAN]
    def raised(self) -> Array:
        """A chord member raised above the local key."""
        return self._look_up(self._world.chord_table.chromatic) > 0

    @field[BOOLEAN]
    def lowered(self) -> Array:
        """A chord member lowered below the local key."""
        return self._look_up(self._world.chord_table.chromatic) < 0

    def _degree_from(self, tonics: Array) -> Array:
        letters = (tonics * 4) % 7
        return (self._letter - letters[self.chord._rows]) % 7 + 1

    @field[INTEGER]
    def degree(self) -> Array:
        """Scale degree in the local key, 1 to 7, by letter."""
        return self._degree_from(self._world.chord_table.tonic)

    @field[INTEGER]
    def alteration(self) -> Array:
        """Semitones above (+) or below (-) the scale of the local key; in minor the natural scale."""
        return self.accidental - self._world.chord_table.scale[self.chord._rows, self._letter]

    @field[INTEGER]
    def applied_degree(self) -> Array:
        """Scale degree in the key the chord functions in, 1 to 7."""
        return self._degree_from(self._world.chord_table.applied_tonic)

    @field[INTEGER]
    def applied_alteration(self) -> Array:
        """Semitones above or below the scale of the key the chord functions in."""
        return self.accidental - self._world.chord_table.applied_scale[self.chord._rows, self._letter]

    def _on_surface(self, name: str, otherwise: object) -> Array:
        """What the surface of a finished score says of the note, or what holds for all notes of block chords."""
        surface = self._world.surface
        if surface is None:
            return np.full(np.shape(self._pitch), otherwise)
        values: Array = getattr(surface, name)[self._slots, self._voice]
        return values

    @field[words(*EMBELLISHMENTS)]
    def embellishment(self) -> Array:
        """The kind of embellishment it is in its line: none for chord tones, unlicensed for what is of no kind."""
        return self._on_surface("embellishment", 0)

    @field[BOOLEAN]
    def enters(self) -> Array:
        """It is attacked here, or becomes foreign or free here as the chord changes under it; block chords always."""
        return self._on_surface("enters", True)

    @field[BOOLEAN]
    def structural(self) -> Array:
        """The skeleton shows this very note: a chord tone, or a foreign one of a voice without any in the chord."""
        return self._on_surface("structural", True)

    @field[PITCH]
    def goal(self) -> Array:
        """The next other note, or repetition, of its line; the note itself where the line ends."""
        surface = self._world.surface
        return self._pitch if surface is None or surface.goal is None else self._on_surface("goal", 0)

    @field[words(*EMBELLISHMENTS)]
    def delayed_by(self) -> Array:
        """On the skeleton, the embellishment that stands in its place as its slot begins: a suspension, say."""
        return self._on_surface("delay", 0)

    def member_in(self, chord: Chord, shift: int = 0) -> Array:
        """Whether this note, moved by an interval code, belongs to another chord."""
        letter, accidental = letters_of(self._pitch + shift)
        alter = np.clip(accidental + _ALTER_OFFSET, 0, 2 * _ALTER_OFFSET)
        return self._world.chord_table.members[chord._rows, letter, alter] > 0


def _sounding_semitones(members: Array) -> Array:
    """Which of the twelve semitones sound in each chord, by [chord, semitone], from [chord, letter, alter + 3]."""
    sounds = np.zeros((len(members), _SEMITONES), dtype=bool)
    for letter, semitones in enumerate(MAJOR_SCALE_SEMITONES):
        for alter in range(-_ALTER_OFFSET, _ALTER_OFFSET + 1):
            sounds[:, (semitones + alter) % _SEMITONES] |= members[:, letter, alter + _ALTER_OFFSET]
    return sounds


def simple(intervals: Array) -> Array:
    """Interval codes read upwards with whole octaves removed."""
    return np.abs(intervals) % OCTAVE.code
