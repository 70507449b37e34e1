"""``theorygen count``: the exact number of ways to realise what is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from theorygen.cli.inputs import (
    DEFAULT_STYLE,
    BassOption,
    FiguresOption,
    Inputs,
    MeterOption,
    RomanFileOption,
    RomanOption,
    StyleOption,
)
from theorygen.cli.options import JsonOption, KeyOption, SetOption
from theorygen.source.diagnostic import Diagnostics

if TYPE_CHECKING:
    from theorygen.compose.tasks import Task
    from theorygen.solve.answers import Solutions


def count(
    style: StyleOption = DEFAULT_STYLE,
    roman: RomanOption = None,
    roman_file: RomanFileOption = None,
    meter: MeterOption = None,
    bass: BassOption = None,
    figures: FiguresOption = None,
    key: KeyOption = None,
    settings: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count the solutions: the chords and notes that keep every hard rule the solver keeps. The number is exact.

    Rules that only a finished score shows (cadences of phrases, the plan of keys) are not looked at. A count of 0 is an
    answer like any other and leaves with 0.

    Example: theorygen count --roman "C: I V6 I IV ii6 V7 I"
    """
    from theorygen.solve.answers import DeadEnd, Solutions

    found = Diagnostics()
    inputs = Inputs(style, settings or (), roman, roman_file, meter, key=key, bass=bass, figures=figures)
    inputs.check(found)
    found.raise_errors()
    task = inputs.task()
    try:
        solutions = Solutions(task.problem)
    except DeadEnd:
        solutions = None
    if as_json:
        import json

        print(json.dumps(count_data(task, solutions), indent=2))
    else:
        print(solutions.count() if solutions else 0)


def count_data(task: Task, solutions: Solutions | None) -> dict[str, Any]:
    """Counts as plain data: of solutions, of different rows of chords, and of the voicings at each position.

    Large numbers are texts, as programs may hold no integers of that size.
    """
    from theorygen.solve.counting import TooManySets

    try:
        chords = str(solutions.count("chords")) if solutions else "0"
    except TooManySets:
        chords = None
    return {
        "format": "theorygen-count", "version": 1, "style": task.style.name,
        "solutions": str(solutions.count()) if solutions else "0", "chord-sequences": chords,
        "positions": [_position_data(task, solutions, index) for index in range(len(task.moments))]}


def _position_data(task: Task, solutions: Solutions | None, index: int) -> dict[str, Any]:
    """The chords a position may have, and how many voicings occur there in solutions."""
    import numpy as np

    from theorygen.solve.layers import pitches_of

    location = task.location(index)
    chords = dict.fromkeys(str(choice.slot.chord) for choice in task.problem.positions[index].choices)
    used = len(np.unique(pitches_of(solutions.trellis, index), axis=0)) if solutions else 0
    return {"measure": location.measure, "beat": str(location.beat), "chords": list(chords), "voicings": used}
