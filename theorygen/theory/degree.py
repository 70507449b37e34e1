"""Scale degrees, in figures (``b6``) and as the Roman numerals that name chords (``bVI``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from theorygen.theory.errors import TheoryError
from theorygen.theory.pitch import ACCIDENTALS

ROMAN_NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII")
_DEGREE_PATTERN = re.compile(r"(#{0,3}|b{0,3})([1-7])")
_ROMAN_PATTERN = re.compile(r"(#{1,2}|b{1,2}|)(III|IV|II|I|VII|VI|V|iii|iv|ii|i|vii|vi|v)")


@dataclass(frozen=True, slots=True, order=True)
class ScaleDegree:
    """A degree of a scale, altered or not.

    Attributes:
        number: 1 to 7.
        alter: semitones added to the note the scale has there; in minor the scale is the natural minor.
    """

    number: int
    alter: int = 0

    @classmethod
    def parse(cls, text: str) -> ScaleDegree:
        """Read ``5``, ``#4``, ``b6``.

        Raises:
            TheoryError: the text names no degree.
        """
        match = _DEGREE_PATTERN.fullmatch(text)
        if not match:
            at = len(text) - len(text.lstrip("#b"))
            raise TheoryError(f"'{text}' is not a scale degree", text, at, "1 to 7, with # or b: 5, #4, b6")
        return cls(int(match[2]), accidental_value(match[1]))

    def __str__(self) -> str:
        return f"{ACCIDENTALS[self.alter]}{self.number}"


class RomanDegree(NamedTuple):
    """The part of a chord name that says where its root stands: ``bVI`` in ``bVI6``.

    Attributes:
        number: 1 to 7.
        alter: the written accidental in semitones.
        upper: whether the numeral is in upper case.
    """

    number: int
    alter: int
    upper: bool

    def __str__(self) -> str:
        roman = ROMAN_NUMBERS[self.number - 1]
        return ACCIDENTALS[self.alter] + (roman if self.upper else roman.lower())


def read_roman_degree(text: str, position: int = 0) -> tuple[RomanDegree, int] | None:
    """The Roman numeral at ``position`` and the position after it, or None when none stands there."""
    match = _ROMAN_PATTERN.match(text, position)
    if not match:
        return None
    roman = match[2]
    degree = RomanDegree(ROMAN_NUMBERS.index(roman.upper()) + 1, accidental_value(match[1]), roman.isupper())
    return degree, match.end()


def accidental_value(text: str) -> int:
    """Semitones of an accidental written with ``#`` or ``b``."""
    return len(text) if text.startswith("#") else -len(text)
