"""Edges out of states, and equal rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.random_trellises import random_trellis
from theorygen.solve import layers
from theorygen.solve.layers import all_steps, distinct_rows, edges_of, edges_out_of

ROWS = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=3), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_equal_rows_are_of_one_kind(rows: list[list[int]]) -> None:
    check_kinds(rows)


def test_rows_with_equal_marks_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_mixed", lambda numbers: numbers * np.uint64(0))
    check_kinds([[1, 2], [2, 1], [1], [1, 2], [1, 2, 0]])


def check_kinds(rows: list[list[int]]) -> None:
    starts = np.cumsum([0, *map(len, rows[:-1])])
    models, kind = distinct_rows(np.concatenate(rows), starts)
    assert len(models) == len({tuple(row) for row in rows})
    assert [rows[models[one]] for one in kind.tolist()] == rows


def test_edges_out_of_states_are_all_and_in_order() -> None:
    for step in all_steps(random_trellis(3)):
        states = np.arange(len(step.starts))[::-1]
        row, edge = edges_of(step, states)
        assert sorted(edge.tolist()) == list(range(len(step.target)))
        assert (step.source[edge] == states[row]).all()
        for state in states.tolist():
            assert list(range(*edges_out_of(step, state))) == np.flatnonzero(step.source == state).tolist()
