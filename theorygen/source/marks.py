"""A place in a text the user wrote: file, line, column, and the line itself for the caret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

_WIDEST = 120
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file.

    Attributes:
        file: name as the user gave it.
        line: 1-based; 0 for a file as a whole.
        column: 1-based, in characters.
        length: how many characters are meant, at least 1.
        text: the whole source line, without its line break.
    """

    file: str
    line: int = 0
    column: int = 0
    length: int = 1
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def place(self) -> tuple[str, int, int]:
        """Sorts marks by file, then line, then column."""
        return self.file, self.line, self.column

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        return {"file": self.file, "line": self.line, "column": self.column, "length": self.length}

    def caret(self) -> str:
        """The source line and, below it, carets under the characters meant; "" for a file as a whole."""
        if not self.line:
            return ""
        shown, column = _clipped(self.text, self.column - 1)
        blank = "".join("\t" if sign == "\t" else " " for sign in shown[:column])
        room = max(len(shown) - column, 1)
        return f"{shown}\n{blank.ljust(column)}{'^' * max(min(self.length, room), 1)}"


def _clipped(text: str, column: int) -> tuple[str, int]:
    """At most ``_WIDEST`` characters of a line around a column, and the column within them."""
    if len(text) <= _WIDEST:
        return text, column
    start = max(column - _BEFORE, 0)
    shown = text[start : start + _WIDEST]
    head = "..." if start else ""
    tail = "..." if start + _WIDEST < len(text) else ""
    return head + shown + tail, column - start + len(head)


class Marked(Protocol):
    """Anything that knows where its values stand."""

    def mark(self, path: tuple[str | int, ...] = (), key: bool = False) -> Mark:
        """The place of a value, or of its key."""

    def mark_inside(self, path: tuple[str | int, ...], offset: int, length: int = 1) -> Mark:
        """A place inside a scalar."""
