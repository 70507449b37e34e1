"""Spelled intervals: a distance in diatonic steps and in semitones.

Both numbers are needed: a diminished fifth (4 steps, 6 semitones) and an augmented fourth (3 steps, 6
semitones) sound alike and behave differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from theorygen.theory.errors import TheoryError

STEP_SPAN = 128
"""One code counts semitones in units of 128 and diatonic steps in units of 1: see `Interval.code`."""

MAJOR_SCALE_SEMITONES = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the seven natural steps above C (or of a major scale above its tonic)."""

_PERFECT_CLASSES = (0, 3, 4)
_PATTERN = re.compile(r"(-?)(P|M|m|A+|d+)([1-9][0-9]*)$")


def natural_semitones(step: int) -> int:
    """Semitones from C of the natural note ``step`` diatonic steps above C (negative steps go down)."""
    octave, letter = divmod(step, 7)
    return 12 * octave + MAJOR_SCALE_SEMITONES[letter]


@total_ordering
@dataclass(frozen=True, slots=True)
class Interval:
    """A directed spelled interval.

    Intervals are ordered by semitones first and diatonic steps second, so ``A4 < d5 < P5 < d6``.

    Attributes:
        steps: diatonic steps; a third is 2, a unison 0, downward is negative.
        semitones: semitones; downward is negative.
    """

    steps: int
    semitones: int

    @property
    def code(self) -> int:
        """One integer, ``128 * semitones + steps``: codes add like intervals and sort like them."""
        return STEP_SPAN * self.semitones + self.steps

    @classmethod
    def from_code(cls, code: int) -> Interval:
        """The interval with this `code`."""
        steps = (code + STEP_SPAN // 2) % STEP_SPAN - STEP_SPAN // 2
        return cls(steps, (code - steps) // STEP_SPAN)

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read ``P5``, ``m3``, ``AA4``, ``-M2`` (down a major second).

        Raises:
            TheoryError: the text names no interval (``P3``, ``M5``, ``x``).
        """
        match = _PATTERN.fullmatch(text)
        if not match:
            expected = "a quality and a number: P5, m3, A4, -M2"
            raise TheoryError(f"'{text}' is not an interval", text, 0, expected)
        sign, quality, number = match[1], match[2], int(match[3])
        steps = number - 1
        perfect = steps % 7 in _PERFECT_CLASSES
        if (quality == "P" and not perfect) or (quality in "Mm" and perfect):
            right = "P" if perfect else "M"
            raise TheoryError(
                f"a {number} cannot be '{quality}'", text, len(sign),
                expected="P, A or d" if perfect else "M, m, A or d",
                nearest=f"{sign}{right}{number}",
            )
        semitones = natural_semitones(steps) + _quality_offset(quality, perfect)
        return cls(-steps, -semitones) if sign else cls(steps, semitones)

    @property
    def ascending(self) -> Interval:
        """The same interval read upwards."""
        return -self if self.code < 0 else self

    @property
    def simple(self) -> Interval:
        """The upward interval with whole octaves removed; octaves and unisons both become P1."""
        return Interval.from_code(self.ascending.code % OCTAVE.code)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.steps + other.steps, self.semitones + other.semitones)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __neg__(self) -> Interval:
        return Interval(-self.steps, -self.semitones)

    def __lt__(self, other: Interval) -> bool:
        return self.code < other.code

    def __str__(self) -> str:
        downward = self.steps < 0 or (self.steps == 0 and self.semitones < 0)
        steps, semitones = (-self.steps, -self.semitones) if downward else (self.steps, self.semitones)
        offset = semitones - natural_semitones(steps)
        perfect = steps % 7 in _PERFECT_CLASSES
        return f"{'-' if downward else ''}{_quality_name(offset, perfect)}{steps + 1}"


def _quality_offset(quality: str, perfect: bool) -> int:
    """Semitones away from the perfect or major size."""
    if quality[0] == "A":
        return len(quality)
    if quality[0] == "d":
        return -len(quality) if perfect else -len(quality) - 1
    return -1 if quality == "m" else 0


def _quality_name(offset: int, perfect: bool) -> str:
    if offset > 0:
        return "A" * offset
    if perfect:
        return "d" * -offset or "P"
    return {0: "M", -1: "m"}.get(offset) or "d" * (-offset - 1)


OCTAVE = Interval(7, 12)
