"""Reads the signs, words and numbers of a production from left to right."""

from __future__ import annotations

import re
from fractions import Fraction

from theorygen.grammar.symbols import WORD_CHARACTERS, GrammarTextError

_WORD = re.compile(WORD_CHARACTERS)
_NUMBER = re.compile(r"\d+/\d+|\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s*")
_VALUE = re.compile(rf"\d+/\d+|\d+\.\d+|{WORD_CHARACTERS}")


class Scanner:
    """A text and the place reached in it.

    Attributes:
        text: the whole text.
        at: index of the next character.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """The next character that is no space, or "" at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> bool:
        """Go past ``sign`` if it is next."""
        if self.peek() != sign:
            return False
        self.at += 1
        return True

    def need(self, sign: str, where: str) -> None:
        """Go past ``sign``, which must be next."""
        if not self.take(sign):
            raise self.error(self.found(), f"'{sign}' {where}")

    def follows(self, sign: str) -> bool:
        """Whether ``sign`` is next without a space before it."""
        return self.text.startswith(sign, self.at)

    def keyword(self, word: str) -> bool:
        """Go past a whole word if it is next."""
        self.peek()
        found = _WORD.match(self.text, self.at)
        if found is None or found[0] != word:
            return False
        self.at = found.end()
        return True

    def word(self, expected: str = "a symbol or a chord") -> str:
        """The next word."""
        return self._match(_WORD, expected)

    def value(self, expected: str = "a value") -> str:
        """The next word, fraction or decimal number, as written."""
        return self._match(_VALUE, expected)

    def number(self, expected: str) -> Fraction:
        """The next number."""
        start = self.at
        text = self._match(_NUMBER, expected)
        try:
            return Fraction(text)
        except ZeroDivisionError:
            raise self.error("nothing can be divided by zero", expected, start, len(text)) from None

    def found(self) -> str:
        """Says what is next where something else should be."""
        sign = self.peek()
        return f"'{sign}' does not fit here" if sign else "the production ends too early"

    def error(self, message: str, expected: str = "", position: int | None = None, length: int = 1) -> GrammarTextError:
        """An error at ``position``, by default at the place reached."""
        place = min(self.at, max(len(self.text) - 1, 0)) if position is None else position
        return GrammarTextError(message, place, length, expected)

    def _match(self, pattern: re.Pattern[str], expected: str) -> str:
        self.peek()
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self.error(self.found(), expected)
        self.at = found.end()
        return found[0]
