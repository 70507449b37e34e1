"""Rows of whole numbers as single numbers, and which of them are alike."""

from __future__ import annotations

import numpy as np

from theorygen.rules.world import Array

_DENSE = 16
_MOST = 1 << 62


def distinct_rows(rows: Array) -> tuple[Array, Array]:
    """A row of each kind, and for each row the number of its kind.

    Args:
        rows: int [rows, columns].

    Returns:
        Numbers of rows, int [kinds], and numbers of kinds, int [rows]. Where there are too many combinations for one
        number each row is a kind of its own.
    """
    code, size = np.zeros(len(rows), dtype=np.int64), 1
    for column in rows.T:
        values, rank = distinct_codes(column - column.min() if len(column) else column)
        size *= len(values)
        if size >= _MOST:
            return np.arange(len(rows)), np.arange(len(rows))
        code = code * len(values) + rank
    return distinct_codes(code)


def distinct_codes(code: Array) -> tuple[Array, Array]:
    """For the distinct codes, ascending, a row that has each; and for each row the number of its code among them."""
    if not len(code):
        return code, code
    size = int(code.max()) + 1
    if size > _DENSE * len(code):
        _, first, index = np.unique(code, return_index=True, return_inverse=True)
        return first, index.reshape(-1)
    row = np.full(size, -1)
    row[code] = np.arange(len(code))
    present = row >= 0
    return row[present], (np.cumsum(present) - 1)[code]
