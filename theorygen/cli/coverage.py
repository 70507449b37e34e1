"""The table for ``theorygen rules --coverage``: every id of the catalogue and where it is defined."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from theorygen.rules.coverage import Covered, coverage, example_count
from theorygen.rules.rule_set import load_profiles


def print_coverage(as_json: bool) -> None:
    """Print the whole catalogue."""
    found = coverage()
    data = [covered_data(one) for one in found]
    print(json.dumps(data, indent=2, ensure_ascii=False) if as_json else "\n".join(_lines(found)))


def covered_data(one: Covered) -> dict[str, Any]:
    """One id as plain data."""
    rules = [{"name": rule.name, "examples": example_count(rule), "strength": dict(rule.strength)}
             for rule in one.rules]
    return {"id": one.id, "section": one.section, "state": one.state, "where": one.where, "why": one.why,
            "examples": one.examples, "rules": rules}


def _lines(found: Iterable[Covered]) -> list[str]:
    """A heading, a line for each id, and the sums."""
    table = [["section", "id", "tests", *load_profiles(), "where"], *(_cells(one) for one in found)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]) - 1)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
             for row in table]
    states = Counter(one.state for one in found)
    sums = ", ".join(f"{count} {state}" for state, count in states.items())
    return [*lines, "", f"{sum(states.values())} ids: {sums}"]


def _cells(one: Covered) -> list[str]:
    return [one.section, one.id, str(one.examples or ""), *(one.strength(name) for name in load_profiles()),
            _place(one)]


def _place(one: Covered) -> str:
    """Where an id is defined, with the other rules that belong to it."""
    others = [rule.name for rule in one.rules if rule.name != one.id]
    if one.rules:
        return f"{one.where}: {', '.join(others)}" if others else one.where
    return f"{one.state}: {one.where}" if one.where else one.state
