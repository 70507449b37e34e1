"""``theorygen count``: the exact number of ways to realise what is given."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from theorygen.cli.inputs import (
    DEFAULT_STYLE,
    BassOption,
    FiguresOption,
    GivenOption,
    HoldOption,
    Inputs,
    MeterOption,
    RomanFileOption,
    RomanOption,
    StyleOption,
)
from theorygen.cli.options import JsonOption, KeyOption, SetOption
from theorygen.cli.questions import EngineOption, OnlyOption, RequireOption, check_faults
from theorygen.source.diagnostic import Diagnostics

if TYPE_CHECKING:
    from theorygen.compose.tasks import Task
    from theorygen.solve.answers import Solutions


MOST_SECONDS = 60
"""So long an engine that searches may count."""


def count(
    style: StyleOption = DEFAULT_STYLE,
    roman: RomanOption = None,
    roman_file: RomanFileOption = None,
    given: GivenOption = None,
    hold: HoldOption = None,
    meter: MeterOption = None,
    bass: BassOption = None,
    figures: FiguresOption = None,
    key: KeyOption = None,
    settings: SetOption = None,
    require: RequireOption = None,
    only: OnlyOption = False,
    engine: EngineOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count the solutions: the chords and notes that keep every hard rule the solver keeps.

    The number is exact, unless a remark says that it is not.

    Rules that only a finished score shows (cadences of phrases, the plan of keys) are not looked at. A count of 0 is an
    answer like any other and leaves with 0.

    Example: theorygen count --roman "C: I V6 I IV ii6 V7 I"
    """
    found = Diagnostics()
    inputs = Inputs(style, settings or (), roman, roman_file, meter, given, hold, key=key, bass=bass, figures=figures)
    inputs.check(found)
    check_faults(require or (), only, found)
    found.raise_errors()
    task = inputs.task()
    if require:
        from theorygen.compose.faults import with_faults

        task = with_faults(task, require, only)
    counted = _count(task, engine)
    if counted.total is None:
        print(f"error: {counted.engine} could not count them all in {MOST_SECONDS} seconds", file=sys.stderr)
        raise typer.Exit(1)
    if not counted.is_exact:
        print("remark: not exact: there is too much to choose from, so only a part of all solutions was looked at, "
              "or music was told as often as there are ways to its chords", file=sys.stderr)
    if as_json:
        import json

        print(json.dumps(count_data(task, counted), indent=2))
    else:
        print(counted.total)


@dataclass(frozen=True)
class Counted:
    """How many solutions a task has.

    Attributes:
        total: the exact number, or None when there was no time to find it.
        engine: the engine that counted.
        solutions: all of them, where they are known as a whole.
    """

    total: int | None
    engine: str
    solutions: Solutions | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the number is that of all solutions."""
        return self.solutions is None or (self.solutions.cut is None and not self.solutions.counts_ways)


def _count(task: Task, wanted: str | None) -> Counted:
    """Count by the engine that fits, or the one wanted.

    Raises:
        InputError: it cannot count this, or none can.
    """
    from theorygen.solve.answers import DeadEnd, Solutions
    from theorygen.solve.engines import COUNT, choose
    from theorygen.solve.engines.form import MARGINALS
    from theorygen.solve.workshop import Workshop

    problem = task.problem
    engine, reason = choose(problem, COUNT, wanted)
    if wanted or engine.rank:
        print(f"engine {engine.name}: {reason}", file=sys.stderr)
    if engine.refuses(problem, MARGINALS):
        return Counted(engine.count(problem, Workshop(problem.rules, problem.ensemble), MOST_SECONDS), engine.name)
    try:
        solutions = Solutions(problem)
    except DeadEnd:
        return Counted(0, engine.name)
    return Counted(solutions.count(), engine.name, solutions)


def count_data(task: Task, counted: Counted) -> dict[str, Any]:
    """Counts as plain data: of solutions, of different rows of chords, and of the voicings at each position.

    Large numbers are texts, as programs may hold no integers of that size. What is not known is null.
    """
    return {
        "format": "theorygen-count", "version": 1, "style": task.style.name, "engine": counted.engine,
        "exact": counted.is_exact, "solutions": str(counted.total), "chord-sequences": _sequences(counted),
        "positions": [_position_data(task, counted, index) for index in range(len(task.moments))]}


def _sequences(counted: Counted) -> str | None:
    """How many different rows of chords there are, if that is known."""
    from theorygen.solve.counting import TooManySets

    if counted.solutions is None:
        return None if counted.total else "0"
    try:
        return str(counted.solutions.count("chords"))
    except TooManySets:
        return None


def _position_data(task: Task, counted: Counted, index: int) -> dict[str, Any]:
    """The chords a position may have, and how many voicings occur there in solutions."""
    location = task.location(index)
    chords = dict.fromkeys(str(choice.slot.chord) for choice in task.problem.positions[index].choices)
    return {"measure": location.measure, "beat": str(location.beat), "chords": list(chords),
            "voicings": _voicings(counted, index)}


def _voicings(counted: Counted, index: int) -> int | None:
    """How many voicings occur at a position in solutions, if that is known."""
    if counted.solutions is None:
        return None if counted.total else 0
    return len(counted.solutions.voicings_at(index))
