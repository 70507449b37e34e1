"""The kinds of value an expression may hold, and how a word of the text becomes a constant of its kind."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from theorygen.theory import Interval, Key, Pitch, RomanNumeral, TheoryError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value.

    Attributes:
        name: as printed in errors and docs.
        words: for closed word kinds, the allowed words in the order of their codes; empty for all others.
        of: for open word kinds, what the words name; "" for any text.
    """

    name: str
    words: tuple[str, ...] = ()
    of: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.words)})" if self.words else self.name

    @property
    def is_word(self) -> bool:
        """Whether values are words: a closed list of them, or any text."""
        return self.name == "word"

    @property
    def is_number(self) -> bool:
        """Whether values are plain numbers."""
        return self in (INTEGER, NUMBER)


BOOLEAN = Kind("true or false")
INTEGER = Kind("whole number")
NUMBER = Kind("number")
PITCH = Kind("pitch")
INTERVAL = Kind("interval")
WORD = Kind("word")
VOICE = Kind("word", of="voice")
NUMERAL = Kind("word", of="numeral")
REGION = Kind("word", of="region")


def words(*allowed: str) -> Kind:
    """A kind whose values are one of these words."""
    return Kind("word", allowed)


def read_constant(text: str, kind: Kind) -> int | str:
    """The constant that ``text`` names in a place where ``kind`` is wanted: pitch and interval codes, or the word.

    Raises:
        TheoryError: the text names no such value.
    """
    if kind == PITCH:
        return Pitch.parse(text).code
    if kind == INTERVAL:
        return Interval.parse(text).code
    if kind == NUMERAL:
        return _numeral(text)
    if kind.is_word:
        word = text.replace("_", "-") if text not in kind.words else text
        if kind.words and word not in kind.words:
            raise TheoryError(f"'{text}' is not one of the words allowed here", text, 0, ", ".join(kind.words))
        return word if kind.words else text
    raise TheoryError(f"'{text}' is not a {kind.name}", text, 0, kind.name)


def _numeral(text: str) -> str:
    """A Roman numeral of some major or minor key, as printed."""
    try:
        return RomanNumeral.parse(text, Key.parse("C")).text
    except TheoryError as error:
        with suppress(TheoryError):
            return RomanNumeral.parse(text, Key.parse("a")).text
        raise error
