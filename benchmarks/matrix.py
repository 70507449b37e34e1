"""Engines over the same tables: every question, every length, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.engines import installed
from benchmarks.engines.form import QUESTIONS, SEVERAL, Engine
from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import run_json

OURS = "ours"
LENGTHS = (7, 16, 32, 100, 1000)
PROVEN = (7, 16, 32, 100)
"""Lengths at which a ratio to a proven optimum is wanted."""

LIMIT = 60.0
GRACE = 30.0
"""Seconds beyond the limit after which a process that does not stop by itself is ended."""

_TIMES_FASTER = 100

Cell = dict[str, Any]
"""What came of one question at one length."""

def measure_matrix(report: Report, lengths: Sequence[int], limit: float) -> None:
    """Ask every engine everything.

    Raises:
        ValueError: two engines prove different optima or count differently.
    """
    engines, titles = installed(), ("engine", *(f"{length} chords" for length in lengths))
    found = {question: {name: _row(name, question, lengths, limit) for name in engines} for question in QUESTIONS}
    _agree(found)
    for question, meaning in QUESTIONS.items():
        rows = [(engines[name].name, *map(cell_text, cells)) for name, cells in found[question].items()]
        report.table(f"{question}: {meaning}; the same tables, at most {limit:g} s", titles, rows)
    rows = [(engines[name].name, *map(_worth, cells)) for name, cells in found["several"].items()]
    report.table(f"{SEVERAL:,} solutions as samples: chords that vary, and how far their shares are from those of all "
                 "solutions (0 the same, 1 nothing in common)", titles, rows)
    _ratios(report, engines, found["optimum"])


def _row(name: str, question: str, lengths: Sequence[int], limit: float) -> list[Cell]:
    """One engine and question at all lengths. Where it failed, longer ones are not tried, save for the optimum."""
    cells: list[Cell] = []
    for length in lengths:
        cell: Cell = {"chords": length, "question": question}
        failed = [before["chords"] for before in cells if not before.get("complete")]
        if failed and (question != "optimum" or length not in PROVEN):
            cell["failed at"] = failed[0]
        else:
            cell |= _asked(name, question, length, limit)
        cells.append(cell)
        print(f"{name}, {question}, {length} chords: {cell_text(cell)}", file=sys.stderr, flush=True)
    return cells


def _asked(name: str, question: str, length: int, limit: float) -> Cell:
    arguments = ["-m", "benchmarks.engines", name, question, str(length), str(limit)]
    try:
        answer: Cell = run_json(arguments, limit + GRACE)
    except subprocess.TimeoutExpired:
        return {"complete": False}
    return answer


def _agree(found: Mapping[str, Mapping[str, Sequence[Cell]]]) -> None:
    """See that optima and counts are the same wherever they are proven."""
    for question in ("optimum", "count"):
        for cells in zip(*found[question].values(), strict=True):
            values = {cell["engine"]: cell["value"] for cell in cells if cell.get("complete")}
            if len(set(values.values())) > 1:
                raise ValueError(f"{question} of {cells[0]['chords']} chords: {values}")


def cell_text(cell: Cell) -> str:
    """What a cell of the table says."""
    if "failed at" in cell:
        return f"not tried, see {cell['failed at']}"
    if cell["complete"]:
        return milliseconds(_time(cell))
    if cell["question"] == "optimum":
        best = f"{cell['value'] / 1000:g}" if cell.get("value") is not None else "none"
        bound = "" if cell.get("bound") is None else f", at least {max(cell['bound'], 0) / 1000:g}"
        return f"not proven ({best}{bound})"
    if cell["question"] == "count":
        return f"not counted ({cell.get('value') or 0:,} or more)"
    if cell["question"] == "several":
        return f"not found ({cell.get('solutions', 0)} of {SEVERAL:,})"
    return "none found"


def _worth(cell: Cell) -> str:
    """What a thousand solutions are worth as samples."""
    return f"{cell['varied']}, {cell['unfairness']:.2f}" if "varied" in cell else "-"


def _ratios(report: Report, engines: Mapping[str, Engine], found: Mapping[str, Sequence[Cell]]) -> None:
    """Ours against each engine at the largest size it proves the optimum of."""
    rows = []
    for name, one in engines.items():
        if name == OURS:
            continue
        proven = [(theirs, ours) for theirs, ours in zip(found[name], found[OURS], strict=True)
                  if theirs.get("complete") and theirs["chords"] in PROVEN]
        if not proven:
            rows.append((one.name, one.settings, "none", "-", "-", "-", "not proven"))
            continue
        theirs, ours = proven[-1]
        ratio = _time(theirs) / _time(ours)
        rows.append((one.name, one.settings, theirs["chords"], milliseconds(_time(ours)),
                     milliseconds(theirs["model"]), milliseconds(theirs["answer"]), f"{ratio:,.0f}"))
        report.goals.append(Goal(f"proven optimum against {one.name}, {theirs['chords']} chords", ratio, _TIMES_FASTER,
                                 "times", at_least=True))
    report.table("The largest size at which each engine proves the optimum",
                 ("engine", "settings", "chords", "ours", "its model", "its search", "theirs / ours"), rows)


def _time(cell: Cell) -> float:
    """Seconds from the tables to the answer."""
    return float(cell["model"] + cell["answer"])
