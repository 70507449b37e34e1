"""The sentence of a violation: the message of a rule with its placeholders filled from one window."""

from __future__ import annotations

import re

import numpy as np

from theorygen.rules.expression import Table
from theorygen.rules.places import Chord
from theorygen.rules.record import Record, read, sounding
from theorygen.rules.verticals import VoicePair
from theorygen.theory import Interval, Pitch

PLACEHOLDER = re.compile(r"{([a-z_.]+)}")
REST = "a rest"


def fill(message: str, row: Table) -> str:
    """The message with each ``{path}`` replaced by the field or smaller record of the first window in ``row``."""
    return PLACEHOLDER.sub(lambda match: _show(match[1], row), message)


def _show(path: str, row: Table) -> str:
    heard = sounding(row.record, path)
    if heard is not None and not heard[0]:
        return REST
    value = read(row.record, path)
    if isinstance(value, Record):
        return _show_record(value)
    kind, number = row.kinds[path], np.ravel(value)[0]
    if kind.name == "pitch":
        return str(Pitch.from_code(int(number)))
    if kind.name == "interval":
        return str(Interval.from_code(int(number)))
    if kind.is_word:
        return kind.words[int(number)] if kind.words else _open_word(path, row)
    return f"{number:g}" if kind.is_number else str(bool(number)).lower()


def _open_word(path: str, row: Table) -> str:
    """A voice, numeral or region, which only the record it stands in can name."""
    parent, _, name = path.rpartition(".")
    record: Record = read(row.record, parent) if parent else row.record
    return record.open_word(name)


def _show_record(record: Record) -> str:
    """A smaller record in a sentence: two voices as their interval, a chord as its numeral, a note as its pitch."""
    if isinstance(record, Chord):
        return record.text
    if isinstance(record, VoicePair):
        return str(Interval.from_code(int(record.interval[0])))
    pitch = getattr(record, "pitch", None)
    return str(Pitch.from_code(int(pitch[0]))) if pitch is not None else type(record).__name__.lower()
