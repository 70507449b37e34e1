"""Meters: how long a bar is, where its beats fall and how strong they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from theorygen.theory.errors import TheoryError

DOWNBEAT, STRONG, BEAT, OFFBEAT = 3, 2, 1, 0
_DENOMINATORS = (1, 2, 4, 8, 16, 32)
_PATTERN = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
_IRREGULAR = {5: (3, 2), 7: (2, 2, 3), 8: (3, 3, 2), 10: (3, 3, 2, 2), 11: (3, 3, 3, 2)}
"""Usual grouping of meters that are neither simple nor compound, in notes of the denominator."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature. All lengths and offsets are Fractions in quarter lengths.

    6, 9, 12 (any multiple of three above three) over any note are compound: the beat is dotted.
    5 divides 3+2, 7 divides 2+2+3, 8 divides 3+3+2.

    Attributes:
        numerator: the upper number.
        denominator: the lower number, a power of two.
    """

    numerator: int
    denominator: int

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Read ``4/4``, ``6/8``, ``2/2``.

        Raises:
            TheoryError: the text is not a meter, or its lower number is no note value.
        """
        match = _PATTERN.fullmatch(text)
        if not match:
            raise TheoryError(f"'{text}' is not a meter", text, 0, "two numbers, such as 4/4 or 6/8")
        numerator, denominator = int(match[1]), int(match[2])
        if denominator not in _DENOMINATORS:
            near = min(_DENOMINATORS, key=lambda value: abs(value - denominator))
            raise TheoryError(
                f"{denominator} is not a note value", text, match.start(2), "1, 2, 4, 8, 16 or 32",
                nearest=f"{numerator}/{near}",
            )
        return cls(numerator, denominator)

    @property
    def is_compound(self) -> bool:
        """Whether beats divide into three: 6/8, 9/8, 12/8."""
        return self.numerator > 3 and self.numerator % 3 == 0

    @property
    def bar_length(self) -> Fraction:
        """Length of a bar in quarter lengths."""
        return Fraction(4 * self.numerator, self.denominator)

    @property
    def beat_length(self) -> Fraction:
        """Length of a beat in quarter lengths: dotted in compound meters."""
        return Fraction(12 if self.is_compound else 4, self.denominator)

    @property
    def beats(self) -> int:
        """Beats in a bar: four in 4/4, two in 6/8."""
        return self.numerator // 3 if self.is_compound else self.numerator

    @property
    def groups(self) -> tuple[Fraction, ...]:
        """Lengths of the beam groups that fill the bar: beats, or 3/2 and 1 in 5/8, the whole bar in 3/8."""
        unit = Fraction(4, self.denominator)
        if self.is_compound or self.denominator < 8:
            return (self.beat_length,) * self.beats
        return tuple(count * unit for count in _IRREGULAR.get(self.numerator, _small_groups(self.numerator)))

    def beat(self, offset: Fraction) -> Fraction:
        """The 1-based beat at ``offset`` in the bar, fractional between beats (3/2 in 4/4 is beat 5/2)."""
        return 1 + Fraction(offset) / self.beat_length

    def weight(self, offset: Fraction) -> int:
        """Metric strength at ``offset`` in the bar: 3 downbeat, 2 strong beat, 1 other beat, 0 off the beat.

        The half bar is strong when there are four beats (4/4, 12/8); group starts are strong in 5, 7 and 8.
        """
        index = Fraction(offset) / self.beat_length
        if index.denominator != 1:
            return OFFBEAT
        if index % self.beats == 0:
            return DOWNBEAT
        return STRONG if index % self.beats in _strong_beats(self.beats) else BEAT

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def _strong_beats(beats: int) -> tuple[int, ...]:
    """Beats, counted from zero, with secondary strength."""
    if beats == 4:
        return (2,)
    starts, total = [], 0
    for length in _IRREGULAR.get(beats, ())[:-1]:
        total += length
        starts.append(total)
    return tuple(starts)


def _small_groups(count: int) -> tuple[int, ...]:
    """Groups of two, with a three at the end of an odd count."""
    if count <= 3:
        return (count,)
    return (2,) * (count // 2) if count % 2 == 0 else (2,) * (count // 2 - 1) + (3,)
