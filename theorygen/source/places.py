"""Where the values of a YAML text stand: the parser's events beside the data, and marks made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from theorygen.source.inside import index_inside
from theorygen.source.marks import Mark
from theorygen.source.reading import split_lines


@dataclass(slots=True)
class Place:
    """Where one value stands: its event, and the places inside it.

    ``items`` maps a key to the event of the key and the place of its value, or lists the places of items.
    """

    event: Any
    end: Any
    items: Any = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there, as after ``key:``."""
        if not isinstance(self.event, yaml.ScalarEvent):
            return False
        start: Any = self.event.start_mark
        return bool(start.index == self.end.index)


@dataclass
class Text:
    """A text with a name, which turns the parser's places into marks."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, as YAML counts them."""
        return split_lines(self.text)

    def between(self, start: Any, end: Any) -> Mark:
        """From one of the parser's marks to another, or to the end of the first line."""
        same_line = start.line == end.line
        return self.at(start.line, start.column, end.column - start.column if same_line else None)

    def at(self, line: int, column: int, length: int | None = 1) -> Mark:
        """A place by line and column from 0; no length means to the end of the line."""
        line = min(line, len(self.lines) - 1)
        shown = self.lines[line]
        room = len(shown.rstrip()) - column
        length = room if length is None else min(length, room)
        return Mark(self.name, line + 1, column + 1, max(length, 1), shown)

    def inside(self, event: Any, offset: int, length: int) -> Mark:
        """``length`` characters at ``offset`` inside a scalar; the start of anything else."""
        if not isinstance(event, yaml.ScalarEvent):
            return self.between(event.start_mark, event.end_mark)
        begin: Any = event.start_mark
        first, last = (index_inside(self.text, begin.index, event.style, event.value, place)
                       for place in (offset, offset + max(length, 1)))
        lines = split_lines(self.text[begin.index:first])
        column = len(lines[-1]) + (begin.column if len(lines) == 1 else 0)
        return self.at(begin.line + len(lines) - 1, column, last - first)
