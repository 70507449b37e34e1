"""The surface of a finished score as far as it is known beforehand: when notes of given voices begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from theorygen.rules.world import Surface
from theorygen.score.score import Score
from theorygen.score.slots import SlotArrays
from theorygen.solve.sung import Sung

_EARLY, _IN_TIME, _LATE = -1, 0, 1


def surface_of(sung: Sequence[Sung], voices: int, is_broken: bool = False) -> Surface:
    """What is known of successive chords, one slot each.

    Notes that the skeleton shows end early where others follow before the next chord comes, and begin late where others
    stand in their place. What these others are is not said: nothing is delayed by an embellishment.

    Args:
        sung: what given voices sing over each chord.
        voices: how many voices there are.
        is_broken: whether all voices take several notes of each chord.
    """
    shape = (len(sung), voices)
    ends, begins = np.full(shape, _EARLY if is_broken else _IN_TIME), np.full(shape, _IN_TIME)
    for row, some in enumerate(sung):
        ends[row, _apart(some, -1)] = _EARLY
        begins[row, _apart(some, 0)] = _LATE
    nothing = np.zeros(shape, dtype=bool)
    slots = replace(_no_slots(), begins=begins, ends=ends, arpeggios=np.full(shape, is_broken),
                    chords=np.zeros(len(sung), dtype=np.int32))
    return Surface(slots, nothing, ~nothing, nothing.astype(np.int8), None, ~nothing, nothing.astype(np.int8))


def _apart(sung: Sung, moment: int) -> list[int]:
    """The given voices whose first or last attack is another note than that of the chord."""
    if not sung.attacks:
        return []
    shown = dict(sung.skeleton[moment].notes)
    return [voice for voice, code in sung.attacks[moment].notes if code != shown[voice]]


@cache
def _no_slots() -> SlotArrays:
    return Score(()).slots("attacks")
