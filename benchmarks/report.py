"""Tables and goals, printed in colour on a terminal and as plain text elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A bound that a measured number should keep.

    Attributes:
        name: what is measured.
        value: the number measured.
        bound: the goal.
        unit: of both.
        at_least: whether the bound is a least value; otherwise it is a greatest one.
    """

    name: str
    value: float
    bound: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is kept."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass
class Report:
    """Everything measured; tables are printed as they come.

    Attributes:
        tables: title, columns and rows of each table.
        goals: in the order they were measured.
    """

    tables: list[dict[str, Any]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table and keep it."""
        texts = [[str(cell) for cell in row] for row in rows]
        self.tables.append({"title": title, "columns": list(columns), "rows": texts})
        show(title, columns, texts)

    def goal_table(self) -> None:
        """Print the goals, if any were measured."""
        if not self.goals:
            return
        rows = [(goal.name, f"{goal.value:.3g} {goal.unit}",
                 f"{'>=' if goal.at_least else '<='} {goal.bound:g} {goal.unit}", "yes" if goal.met else "no")
                for goal in self.goals]
        self.table("Goals", ("measured", "value", "goal", "kept"), rows)

    def write(self, path: Path, machine: dict[str, Any]) -> None:
        """Everything as JSON."""
        goals = [asdict(goal) | {"met": goal.met} for goal in self.goals]
        data = {"machine": machine, "goals": goals, "tables": self.tables}
        path.write_text(json.dumps(data, indent=2) + "\n", "utf-8")


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print one table."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        table = Table(*columns, title=title, title_justify="left")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    print(f"\n{title}")
    for row in (columns, ["-" * width for width in widths], *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


def milliseconds(value: float) -> str:
    """Seconds as text in milliseconds, or in seconds from ten up."""
    return f"{value:.1f} s" if value >= 10 else f"{value * 1000:.0f} ms" if value >= 0.1 else f"{value * 1000:.2f} ms"
