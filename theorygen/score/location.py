"""A place in a score as a musician says it: "measure 4, beat 3, soprano and bass"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from theorygen.theory import TheoryError

_PATTERN = re.compile(r"measure (\d+), beat (\d+)(?: (\d+/\d+))?(?:, (.+))?")
_SEPARATOR = re.compile(r", | and ")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where something is.

    Attributes:
        measure: its number; 0 is a pickup.
        beat: counted from 1, in beats of the meter (dotted quarters in 6/8); 5/2 is halfway through beat 2.
        voices: the voices concerned, or none for all.
    """

    measure: int
    beat: Fraction
    voices: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"measure {self.measure}, beat {_mixed(self.beat)}"
        if not self.voices:
            return place
        *others, last = self.voices
        return f"{place}, {', '.join(others)} and {last}" if others else f"{place}, {last}"

    @classmethod
    def parse(cls, text: str) -> Location:
        """Read what ``str`` writes.

        Raises:
            TheoryError: the text names no place.
        """
        match = _PATTERN.fullmatch(text.strip())
        if not match:
            raise TheoryError(f"'{text}' is not a place", text, 0, "such as 'measure 4, beat 3, soprano and bass'")
        voices = tuple(_SEPARATOR.split(match[4])) if match[4] else ()
        return cls(int(match[1]), int(match[2]) + Fraction(match[3] or 0), voices)


def _mixed(number: Fraction) -> str:
    """A mixed number: "3", "2 1/2"."""
    whole, rest = divmod(number, 1)
    return f"{whole} {rest}" if rest else str(whole)
