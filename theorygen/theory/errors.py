"""The one error the theory floor raises: a text that names no musical thing."""

from __future__ import annotations


class TheoryError(ValueError):
    """A text that cannot be read as a pitch, interval, key, meter or chord.

    Attributes:
        message: what is wrong, in a musician's words, without the place.
        text: the whole text that was read.
        position: index into ``text`` where reading failed (0-based).
        expected: what could have stood there, or "".
        nearest: the nearest valid spelling, or None.
    """

    def __init__(
        self, message: str, text: str, position: int = 0, expected: str = "", nearest: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.position = position
        self.expected = expected
        self.nearest = nearest

    def __reduce__(self) -> tuple[type[TheoryError], tuple[object, ...]]:
        return type(self), (self.message, self.text, self.position, self.expected, self.nearest)
