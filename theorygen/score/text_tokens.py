"""The smallest pieces of the text notation: parts, words with their places, lengths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from theorygen.theory import TheoryError

Value = TypeVar("Value")

LENGTH = re.compile(r"[1-9][0-9]*(?:/[1-9][0-9]*)?")


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of the whole text.

    Attributes:
        source: the whole text.
        position: index of the stretch in it.
        text: the stretch.
    """

    source: str
    position: int
    text: str

    def error(self, message: str, expected: str = "", nearest: str | None = None, at: int = 0) -> TheoryError:
        """An error that points ``at`` characters into this stretch."""
        return TheoryError(message, self.source, self.position + at, expected, nearest)

    def part(self, start: int, end: int | None = None) -> Words:
        """A stretch inside this one."""
        return Words(self.source, self.position + start, self.text[start:end])

    def stripped(self) -> Words:
        """The stretch without blanks around it."""
        return self.part(len(self.text) - len(self.text.lstrip()), len(self.text.rstrip()) or None)

    def split(self, pattern: str) -> Iterator[Words]:
        """The stretches that match a pattern."""
        for match in re.finditer(pattern, self.text):
            yield self.part(*match.span())

    def read(self, reader: Callable[[str], Value]) -> Value:
        """What ``reader`` makes of the stretch; its errors are moved to their place in the whole text.

        Raises:
            TheoryError: the reader does.
        """
        try:
            return reader(self.text)
        except TheoryError as error:
            raise self.error(error.message, error.expected, error.nearest, error.position) from None

    def length(self) -> Fraction:
        """The stretch as a positive length in quarters: "2", "3/2".

        Raises:
            TheoryError: it is no length.
        """
        if not LENGTH.fullmatch(self.text):
            raise self.error(f"'{self.text}' is not a length", "a number of quarters, such as 2 or 1/2")
        return Fraction(self.text)


def labelled_parts(text: str) -> Iterator[tuple[Words, Words]]:
    """The (label, body) of every part between bars ``|``.

    Raises:
        TheoryError: a part has no label.
    """
    for part in Words(text, 0, text).split(r"[^|]+"):
        label, colon, _ = part.text.partition(":")
        if not part.text.strip():
            continue
        if not colon:
            raise part.stripped().error(f"'{part.text.strip()}' has no label", "a label and notes, such as 'S: C5 B4'")
        yield part.part(0, len(label)).stripped(), part.part(len(label) + 1).stripped()
