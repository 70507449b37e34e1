"""Values of a YAML document while it is being read: finished ones, and lists and mappings still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from theorygen.source.places import Place


@dataclass(slots=True)
class Finished:
    """A complete value, as an anchor names it.

    Attributes:
        data: plain data.
        place: where it stands.
        size: number of values in it, itself and what aliases stand for included.
        height: levels of lists and mappings in it.
    """

    data: Any
    place: Place
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class Open:
    """A mapping or list whose end has not come yet.

    Attributes:
        data: what it holds so far.
        place: where it stands.
        anchor: its name, if it has one.
        key: event of a key that waits for its value.
        keep: whether that value is kept: not under a key that has appeared before.
        size: number of values so far.
        height: levels so far.
    """

    data: Any
    place: Place
    anchor: str | None
    key: Any = None
    keep: bool = True
    size: int = 1
    height: int = 1

    @property
    def wants_key(self) -> bool:
        """Whether the next value must be a key."""
        return self.key is None and type(self.data) is dict

    def put(self, done: Finished) -> None:
        """Take a finished value as the next item, or as the value of the waiting key."""
        self.size += done.size
        self.height = max(self.height, done.height + 1)
        if self.key is None:
            self.data.append(done.data)
            self.place.items.append(done.place)
            return
        if self.keep:
            self.data[self.key.value] = done.data
            self.place.items[self.key.value] = self.key, done.place
        self.key = None
