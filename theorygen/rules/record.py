"""Records: named, documented fields over arrays. A window is a record made of smaller records."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from theorygen.rules.kinds import Kind


class field(cached_property):  # noqa: N801 - reads as a decorator
    """A field of a record: an array of one kind, computed when first asked for."""

    kind: Kind

    def __class_getitem__(cls, kind: Kind) -> Callable[[Callable], field]:
        """``@field[PITCH]`` declares a field of that kind."""

        def declare(function: Callable) -> field:
            made = cls(function)
            made.kind = kind
            return made

        return declare


class part(cached_property):  # noqa: N801 - reads as a decorator
    """A smaller record inside a record."""

    record: type[Record]

    def __class_getitem__(cls, record: type[Record]) -> Callable[[Callable], part]:
        """``@part[Note]`` declares a smaller record of that type."""

        def declare(function: Callable) -> part:
            made = cls(function)
            made.record = record
            return made

        return declare


class Record:
    """Base of all records."""


@cache
def fields_of(record: type[Record]) -> dict[str, field]:
    """All fields a record offers, by dotted path, in order of declaration."""
    found: dict[str, field] = {}
    for name in _names(record):
        attribute = getattr(record, name)
        if isinstance(attribute, field):
            found[name] = attribute
        elif isinstance(attribute, part):
            found |= {f"{name}.{path}": inner for path, inner in fields_of(attribute.record).items()}
    return found


def kinds_of(record: type[Record]) -> dict[str, Kind]:
    """Kind of every field of a record, by dotted path."""
    return {path: found.kind for path, found in fields_of(record).items()}


def parts_of(record: type[Record]) -> dict[str, type[Record]]:
    """The smaller records directly inside a record."""
    return {name: getattr(record, name).record for name in _names(record) if isinstance(getattr(record, name), part)}


def own_fields(record: type[Record]) -> dict[str, field]:
    """The fields declared directly on a record."""
    return {name: getattr(record, name) for name in _names(record) if isinstance(getattr(record, name), field)}


def read(record: Any, path: str) -> Any:
    """The array at a dotted path."""
    for name in path.split("."):
        record = getattr(record, name)
    return record


def _names(record: type[Record]) -> list[str]:
    return list(dict.fromkeys(name for base in reversed(record.__mro__) for name in vars(base) if name[0] != "_"))
