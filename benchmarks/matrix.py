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

def measure_matrix(report: Report, lengths: Sequence[int], limit: float) -> None:
    """Ask every engine everything.

    Raises:
        ValueError: two engines prove different optima or count differently.
    """
    engines = installed()
    found = {(name, question): _row(name, question, lengths, limit) for name in engines for question in QUESTIONS}
    _agree(found)
    for question, meaning in QUESTIONS.items():
        rows = [(engines[name].name, *map(cell_text, cells)) for (name, asked), cells in found.items() if asked == question]
        report.table(f"{question}: {meaning}; the same tables, at most {limit:g} s",
                     ("engine", *(f"{length} chords" for length in lengths)), rows)
    _fairness(report, engines, found, lengths)
    _ratios(report, engines, found, lengths)


def _row(name: str, question: str, lengths: Sequence[int], limit: float) -> list[dict[str, Any]]:
    """One engine and question at all lengths. Where it failed, longer ones are not tried, save for the optimum."""
    cells: list[dict[str, Any]] = []
    for length in lengths:
        failed = [cell["chords"] for cell in cells if not cell.get("complete")]
        if failed and (question != "optimum" or length not in PROVEN):
            cells.append({"chords": length, "question": question, "failed at": failed[0]})
        else:
            cells.append({"chords": length, "question": question, "limit": limit} | _asked(name, question, length, limit))
        print(f"{name}, {question}, {length} chords: {cell_text(cells[-1])}", file=sys.stderr, flush=True)
    return cells


def _asked(name: str, question: str, length: int, limit: float) -> dict[str, Any]:
    arguments = ["-m", "benchmarks.engines", name, question, str(length), str(limit)]
    try:
        answer: dict[str, Any] = run_json(arguments, limit + GRACE)
    except subprocess.TimeoutExpired:
        return {"complete": False}
    return answer


def _agree(found: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]) -> None:
    """See that optima and counts are the same wherever they are proven."""
    for question in ("optimum", "count"):
        rows = {name: cells for (name, asked), cells in found.items() if asked == question}
        for cells in zip(*rows.values(), strict=True):
            values = {name: cell["value"] for name, cell in zip(rows, cells, strict=True) if cell.get("complete")}
            if len(set(values.values())) > 1:
                raise ValueError(f"{question} of {cells[0]['chords']} chords: {values}")


def cell_text(cell: Mapping[str, Any]) -> str:
    """What a cell of the table says."""
    if "failed at" in cell:
        return f"not tried, see {cell['failed at']}"
    if cell["complete"]:
        return milliseconds(cell["model"] + cell["answer"])
    if cell["question"] == "optimum":
        best = f"{cell['value'] / 1000:g}" if cell.get("value") is not None else "none"
        bound = "" if cell.get("bound") is None else f", at least {max(cell['bound'], 0) / 1000:g}"
        return f"not proven ({best}{bound})"
    if cell["question"] == "count":
        return f"not counted ({cell.get('value') or 0:,} or more)"
    if cell["question"] == "several":
        return f"not found ({cell.get('solutions', 0)} of {SEVERAL:,})"
    return "none found"


def _fairness(report: Report, engines: Mapping[str, Engine], found: Mapping[tuple[str, str], Sequence[Any]],
              lengths: Sequence[int]) -> None:
    """What the thousand solutions are worth as samples."""
    rows = [(engines[name].name, *("-" if "varied" not in cell else f"{cell['varied']}, {cell['unfairness']:.2f}"
                                   for cell in cells))
            for (name, question), cells in found.items() if question == "several"]
    report.table(f"{SEVERAL:,} solutions as samples: chords that vary among them, and how far their shares are from those "
                 "of all solutions (0 the same, 1 nothing in common)",
                 ("engine", *(f"{length} chords" for length in lengths)), rows)


def _ratios(report: Report, engines: Mapping[str, Engine], found: Mapping[tuple[str, str], Sequence[Any]],
            lengths: Sequence[int]) -> None:
    """Ours against each engine at the largest size it proves the optimum of."""
    ours, rows = found[OURS, "optimum"], []
    for name in engines:
        if name == OURS:
            continue
        proven = [index for index, cell in enumerate(found[name, "optimum"])
                  if cell.get("complete") and lengths[index] in PROVEN]
        if not proven:
            rows.append((engines[name].name, engines[name].settings, "none", "-", "-", "-", "not proven"))
            continue
        theirs, own = found[name, "optimum"][proven[-1]], ours[proven[-1]]
        ratio = (theirs["model"] + theirs["answer"]) / (own["model"] + own["answer"])
        rows.append((engines[name].name, engines[name].settings, lengths[proven[-1]],
                     milliseconds(own["model"] + own["answer"]), milliseconds(theirs["model"]),
                     milliseconds(theirs["answer"]), f"{ratio:,.0f}"))
        report.goals.append(Goal(f"proven optimum against {engines[name].name}, {lengths[proven[-1]]} chords", ratio,
                                 _TIMES_FASTER, "times", at_least=True))
    report.table("The largest size each engine proves the optimum of",
                 ("engine", "settings", "chords", "ours", "its model", "its search", "theirs / ours"), rows)
