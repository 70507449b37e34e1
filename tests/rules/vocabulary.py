"""What the tests of windows and of passages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from theorygen.rules.kinds import BOOLEAN, NUMBER, Kind
from theorygen.rules.record import Record, fields_of, own_fields, parts_of


def fits(values: object, kind: Kind, length: int) -> bool:
    """Whether a field's values are one number of its kind for each window."""
    if not isinstance(values, np.ndarray) or values.shape != (length,):
        return False
    if kind.words and not np.isin(values, range(len(kind.words))).all():
        return False
    wanted = np.bool_ if kind == BOOLEAN else np.number if kind == NUMBER else np.integer
    return np.issubdtype(values.dtype, wanted)


def misfits(rows: Any, kinds: Mapping[str, Kind]) -> list[str]:
    """Fields that are not one value of their kind for each window."""
    return [path for path, kind in kinds.items() if not fits(rows.field(path), kind, len(rows))]


def assert_sees_its_own_window(rows: Any, paths: Iterable[str]) -> None:
    """Every field says the same of a window alone as of it among others."""
    singles = [rows.take(np.array([index])) for index in range(len(rows))]
    for path in paths:
        alone = [single.field(path)[0] for single in singles]
        np.testing.assert_array_equal(rows.field(path), alone, err_msg=path)


def records_of(roots: Iterable[type[Record]]) -> list[type[Record]]:
    """These records and all they are made of, each once."""
    found: dict[type[Record], None] = {}
    waiting = list(roots)
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = None
            waiting += parts_of(record).values()
    return list(found)


def assert_documented(record: type[Record]) -> None:
    """Every field and part has a sentence, and every field is one that rules may read."""
    members = {**own_fields(record), **{name: getattr(record, name) for name in parts_of(record)}}
    assert [name for name, member in members.items() if not (member.__doc__ or "").strip().endswith(".")] == []
    assert set(own_fields(record)) <= set(fields_of(record))
