"""How relations are written in YAML: lengths, transpositions, places, voices, and the keys that hold them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorygen.rules.relation_demands import EXACT, STEPS, Place, transposition_text
from theorygen.theory import Interval, TheoryError

ALL = "all"

_PLACE = re.compile(r"(?:([a-z][a-z0-9 -]*?) )?m(\d+)(?: b(\d+)(?:\.(5))?)?")
_STEPS = re.compile(r"(-?\d+) steps?")
_SLOTS = re.compile(r"(\d+) slots?")


@dataclass(frozen=True)
class Length:
    """A length as written.

    Attributes:
        size: quarter lengths, or slots.
        in_slots: whether it is counted in slots.
    """

    size: Fraction
    in_slots: bool = False

    def __str__(self) -> str:
        return f"{self.size} slot{'s' * (self.size != 1)}" if self.in_slots else f"{self.size} quarters"


@dataclass(frozen=True)
class Transposition:
    """How far a copy lies above what it copies.

    Attributes:
        measured: "exact" or "steps".
        shift: an interval code or diatonic steps; None for any, as long as it stays the same.
    """

    measured: str
    shift: int | None

    def __str__(self) -> str:
        return transposition_text(self.measured, self.shift)


ANY = Transposition(EXACT, None)
"""Exact intervals, from whatever pitch."""


@dataclass(frozen=True)
class Entry:
    """Where a motif stands.

    Attributes:
        voice: the voice; "" for the one named once for all.
        place: where it begins.
    """

    voice: str
    place: Place


def read_transposition(value: Any) -> Transposition:
    """Read ``P5``, ``-P8``, ``4 steps``, ``any``, ``any steps``.

    Raises:
        ValueError: it is none of these.
    """
    text = str(value)
    if text in ("any", "any steps"):
        return Transposition(EXACT if text == "any" else STEPS, None)
    if match := _STEPS.fullmatch(text):
        return Transposition(STEPS, int(match[1]))
    return Transposition(EXACT, read_interval(text).code)


def read_fixed(value: Any) -> Transposition:
    """Like `read_transposition`, but the distance must be told.

    Raises:
        ValueError: it is not.
    """
    found = read_transposition(value)
    if found.shift is None:
        raise ValueError
    return found


def read_interval(value: Any) -> Interval:
    """Read an interval.

    Raises:
        ValueError: it is none.
    """
    try:
        return Interval.parse(str(value))
    except TheoryError:
        raise ValueError from None


def read_octaves(value: Any) -> Interval:
    """Read ``P8`` or ``P15``.

    Raises:
        ValueError: it is neither.
    """
    found = read_interval(value)
    if str(found) not in ("P8", "P15"):
        raise ValueError
    return found


def read_length(value: Any) -> Length:
    """Read a number of quarter lengths, or ``2 slots``.

    Raises:
        ValueError: it is neither, or not above 0.
    """
    match = _SLOTS.fullmatch(str(value))
    found = Length(Fraction(match[1]), True) if match else Length(_fraction(value))
    if found.size <= 0:
        raise ValueError
    return found


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError from None


def read_entry(value: Any) -> Entry:
    """Read ``m5``, ``m5 b3`` or ``alto m5 b3``.

    Raises:
        ValueError: it is no place.
    """
    match = _PLACE.fullmatch(str(value))
    if not match or match[3] == "0":
        raise ValueError
    return Entry(match[1] or "", Place(int(match[2]), Fraction(match[3] or 1) + (Fraction(1, 2) if match[4] else 0)))


def read_place(value: Any) -> Place:
    """Read ``m5`` or ``m5 b3``.

    Raises:
        ValueError: it is no place.
    """
    found = read_entry(value)
    if found.voice:
        raise ValueError
    return found.place


def read_voice(value: Any) -> str:
    """Read the name of a voice.

    Raises:
        ValueError: it is no text.
    """
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def several(read: Callable[[Any], Any], least: int, most: int | None = None) -> Callable[[Any], tuple[Any, ...]]:
    """A reader of lists."""
    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or not least <= len(value) <= (most or len(value)):
            raise ValueError
        return tuple(map(read, value))

    return read_all


def read_voices(value: Any) -> tuple[str, ...]:
    """Read ``all``, a voice or a list of voices; none stand for all.

    Raises:
        ValueError: it is nothing of the kind.
    """
    if value == ALL:
        return ()
    return several(read_voice, 1)(value if isinstance(value, list | tuple) else [value])


@dataclass(frozen=True)
class Key:
    """One key of a relation in YAML.

    Attributes:
        read: from the value as written; raises ValueError.
        expected: what may stand there.
        required: whether it must be there.
    """

    read: Callable[[Any], Any]
    expected: str
    required: bool = True
