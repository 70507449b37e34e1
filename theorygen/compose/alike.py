"""Which solutions are alike: in their choices, their chords, their voicings or their soprano."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np

from theorygen.solve.answers import Solution
from theorygen.solve.problem import Choice

OF_NOTES = ("voicings", "soprano")
"""What solutions may differ in that notes decide."""

_TOP = 0


def name_of(solution: Solution, distinct: str, positions: int) -> Hashable:
    """Something that is equal for solutions that ``distinct`` does not tell apart; solutions are told apart by all.

    Args:
        solution: the solution.
        distinct: a word of `ranking.DISTINCT`.
        positions: how many the problem has.
    """
    if distinct in OF_NOTES:
        rows = np.searchsorted(np.array(solution.starts), np.arange(positions), side="right") - 1
        sounding = solution.pitches[rows]
        return (sounding[:, _TOP] if distinct == "soprano" else sounding).tobytes()
    name = _NAMES.get(distinct, id)
    chords = tuple(zip(solution.starts, map(name, solution.choices), strict=True))
    return chords if distinct in _NAMES else (chords, solution.pitches.tobytes())


def _chord(choice: Choice) -> Any:
    """The chord as it is printed."""
    chord = choice.slot.chord
    return chord and (chord.text, chord.key)


_NAMES: Mapping[str, Callable[[Choice], Any]] = {"choices": id, "chords": _chord}
