"""Spelled pitch: a letter, an alteration and an octave. MIDI numbers are derived, never the identity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import MAJOR_SCALE_SEMITONES, STEP_SPAN, Interval, natural_semitones

LETTERS = "CDEFGAB"
ACCIDENTALS = {0: "", 1: "#", 2: "##", 3: "###", -1: "b", -2: "bb", -3: "bbb"}
_CLASS_PATTERN = re.compile(r"([A-Ga-g])(#{0,3}|x|b{0,3}|-{1,3})")
_PITCH_PATTERN = re.compile(r"([A-Ga-g])(#{0,3}|x|b{0,3}|-{1,3}(?=[0-9]))([0-9])$")
_MIDI_OF_C0 = 12


@total_ordering
@dataclass(frozen=True, slots=True)
class PitchClass:
    """A spelled note name without octave.

    Attributes:
        letter: 0 for C to 6 for B.
        alter: semitones added to the natural note: 1 sharp, -1 flat.
    """

    letter: int
    alter: int = 0

    @classmethod
    def parse(cls, text: str) -> PitchClass:
        """Read ``C``, ``F#``, ``Bb`` (``B-`` is read too).

        Raises:
            TheoryError: the text names no note.
        """
        match = _CLASS_PATTERN.fullmatch(text)
        if not match:
            expected = "a letter A to G with # or b, such as F# or Bb"
            raise TheoryError(f"'{text}' is not a note name", text, 0, expected)
        return cls(LETTERS.index(match[1].upper()), _alteration(match[2]))

    @property
    def semitone(self) -> int:
        """Semitones above C, 0 to 11."""
        return (MAJOR_SCALE_SEMITONES[self.letter] + self.alter) % 12

    @property
    def fifths(self) -> int:
        """Place on the line of fifths: F -1, C 0, G 1, F# 6, Bb -2."""
        return (self.letter * 2 + 1) % 7 - 1 + 7 * self.alter

    @classmethod
    def from_fifths(cls, fifths: int) -> PitchClass:
        """The note at this place on the line of fifths."""
        return cls((fifths * 4) % 7, (fifths + 1) // 7)

    def transpose(self, interval: Interval) -> PitchClass:
        """The note this interval above (below, when negative)."""
        return self.at_octave(4).transpose(interval).pitch_class

    def interval_to(self, other: PitchClass) -> Interval:
        """The simple upward interval from this note up to ``other``, within an octave by letter."""
        steps = (other.letter - self.letter) % 7
        wrapped = other.letter < self.letter
        semitones = MAJOR_SCALE_SEMITONES[other.letter] + 12 * wrapped - MAJOR_SCALE_SEMITONES[self.letter]
        return Interval(steps, semitones + other.alter - self.alter)

    def at_octave(self, octave: int) -> Pitch:
        """The pitch with this name in the octave (C4 is middle C)."""
        return Pitch(7 * octave + self.letter, self.alter)

    def __lt__(self, other: PitchClass) -> bool:
        return (self.letter, self.alter) < (other.letter, other.alter)

    def __str__(self) -> str:
        return LETTERS[self.letter] + ACCIDENTALS[self.alter]


@total_ordering
@dataclass(frozen=True, slots=True)
class Pitch:
    """A spelled pitch; the order is by sounding height, then by letter.

    Attributes:
        step: diatonic steps above C0, so C4 is 28 and D4 is 29.
        alter: semitones added to the natural note: 1 sharp, -1 flat.
    """

    step: int
    alter: int = 0

    @classmethod
    def parse(cls, text: str) -> Pitch:
        """Read ``C4`` (middle C), ``F#3``, ``Bb5``, ``Ex4``.

        Raises:
            TheoryError: the text names no pitch.
        """
        match = _PITCH_PATTERN.fullmatch(text)
        if not match:
            expected = "a note name and an octave, such as F#4 or Bb3"
            raise TheoryError(f"'{text}' is not a pitch", text, 0, expected)
        return cls(7 * int(match[3]) + LETTERS.index(match[1].upper()), _alteration(match[2]))

    @property
    def letter(self) -> int:
        """0 for C to 6 for B."""
        return self.step % 7

    @property
    def octave(self) -> int:
        """Octave number of the letter; C4 is middle C."""
        return self.step // 7

    @property
    def midi(self) -> int:
        """MIDI number; middle C is 60."""
        return natural_semitones(self.step) + self.alter + _MIDI_OF_C0

    @property
    def pitch_class(self) -> PitchClass:
        """The name without the octave."""
        return PitchClass(self.letter, self.alter)

    @property
    def code(self) -> int:
        """One integer, ``128 * midi + step``; differences of pitch codes are interval codes."""
        return STEP_SPAN * self.midi + self.step

    @classmethod
    def from_code(cls, code: int) -> Pitch:
        """The pitch with this `code`."""
        midi, step = divmod(code, STEP_SPAN)
        return cls(step, midi - _MIDI_OF_C0 - natural_semitones(step))

    def transpose(self, interval: Interval) -> Pitch:
        """The pitch this interval above (below, when negative)."""
        return Pitch.from_code(self.code + interval.code)

    def __sub__(self, other: Pitch) -> Interval:
        """The interval from ``other`` up to this pitch."""
        return Interval.from_code(self.code - other.code)

    def __lt__(self, other: Pitch) -> bool:
        return self.code < other.code

    def __str__(self) -> str:
        return f"{self.pitch_class}{self.octave}"


def _alteration(text: str) -> int:
    if text == "x":
        return 2
    return len(text) if text.startswith("#") else -len(text)
