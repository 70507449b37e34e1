"""Records: named, documented fields over arrays. A window is a record made of smaller records."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypeVar

import numpy as np

from theorygen.rules.kinds import INTEGER, Kind

Value = TypeVar("Value")
Function = TypeVar("Function", bound=Callable[..., Any])


class _Lazy:
    """An attribute computed when first asked for; a cached property without its lock, which costs more than many do."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.func = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        value = record.__dict__[self._name] = self.func(record)
        return value


class Field(_Lazy):
    """A field of a record: an array of one kind, computed when first asked for."""

    kind: Kind


class Part(_Lazy):
    """A smaller record inside a record."""

    record: type[Record]


class _Declare(Protocol):
    """A decorator that leaves the type of the value as declared."""

    def __call__(self, function: Callable[[Any], Value], /) -> Value: ...


class _FieldMaker:
    def __getitem__(self, kind: Kind) -> _Declare:
        def declare(function: Callable[[Any], Any]) -> Any:
            made = Field(function)
            made.kind = kind
            return made

        return declare


class _PartMaker:
    def __getitem__(self, record: type[Record]) -> _Declare:
        def declare(function: Callable[[Any], Any]) -> Any:
            made = Part(function)
            made.record = record
            return made

        return declare


field = _FieldMaker()
"""``@field[PITCH]`` declares a field of that kind."""

part = _PartMaker()
"""``@part[Note]`` declares a smaller record of that type."""


class Record:
    """Base of all records."""

    def sounding(self, voice: int) -> Any:
        """For each window whether a voice that some field needs sounds; records over all voices say so themselves."""
        raise NotImplementedError

    def open_word(self, name: str) -> str:
        """The word a field without a closed list of words holds in the first window, for messages."""
        raise NotImplementedError


def needs(*voices: int) -> Callable[[Function], Function]:
    """``@needs(0)`` below ``@field`` or ``@part``: it has no value where these voices rest, counted as indexes are."""
    def declare(function: Function) -> Function:
        function.needs = voices  # type: ignore[attr-defined]
        return function

    return declare


def fields_of(record: type[Record]) -> dict[str, Field]:
    """All fields a record offers, by dotted path, in order of declaration."""
    found: dict[str, Field] = _fields_of(record)  # type: ignore[arg-type]
    return found


@cache
def _fields_of(record: Any) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name in _names(record):
        attribute = getattr(record, name)
        if isinstance(attribute, Field):
            found[name] = attribute
        elif isinstance(attribute, Part):
            found |= {f"{name}.{path}": inner for path, inner in fields_of(attribute.record).items()}
    return found


def kinds_of(record: type[Record]) -> dict[str, Kind]:
    """Kind of every field of a record, by dotted path."""
    return {path: found.kind for path, found in fields_of(record).items()}


def parts_of(record: type[Record]) -> dict[str, type[Record]]:
    """The smaller records directly inside a record."""
    return {name: getattr(record, name).record for name in _names(record) if isinstance(getattr(record, name), Part)}


def own_fields(record: type[Record]) -> dict[str, Field]:
    """The fields declared directly on a record."""
    return {name: getattr(record, name) for name in _names(record) if isinstance(getattr(record, name), Field)}


def read(record: Any, path: str) -> Any:
    """The array at a dotted path."""
    for name in path.split("."):
        record = getattr(record, name)
    return record


def column(record: Record, path: str, kind: Kind) -> Any:
    """The array at a dotted path, as expressions see it: whole numbers in 64 bits, so that sums and products fit."""
    values = read(record, path)
    return values.astype(np.int64, copy=False) if kind == INTEGER else values


def sounding(record: Record, path: str) -> Any:
    """For each window whether all voices sound that the field, part or message word at ``path`` needs; None for all."""
    found = None
    for name in path.split("."):
        for voice in _needs(type(record), name):  # type: ignore[arg-type]
            one = record.sounding(voice)
            found = one if found is None else found & one
        record = getattr(record, name) if isinstance(getattr(type(record), name), Part) else record
    return found


@cache
def _needs(record: Any, name: str) -> tuple[int, ...]:
    needed: tuple[int, ...] = getattr(getattr(record, name).func, "needs", ())
    return needed


def _names(record: type[Record]) -> list[str]:
    return list(dict.fromkeys(name for base in reversed(record.__mro__) for name in vars(base) if name[0] != "_"))
