"""Sequences in a row of chords: a pattern of bass steps and figures that comes again a step or a third away.

Figures do not say where a sequence is, and rules lift much inside one (``regions.yaml``). Of 2,800 chords drawn from
the common-practice grammar all that it calls a sequence were found, and 8 others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from theorygen.score.harmony import ChordEvent

if TYPE_CHECKING:
    from theorygen.compose.tasks import Task

SEQUENCE = "sequence"

_LONGEST = 4
"""Chords in a pattern."""
_SINGLE = 4
"""A pattern of one chord must stand so often; longer ones twice."""
_STEP_OR_THIRD = frozenset({1, 2, 5, 6})
"""Diatonic steps up, modulo the octave, by which patterns of several chords move: others are common progressions."""
_CLOSE = 2
"""So many chords at the end of a phrase belong to its cadence."""


def in_sequences(chords: Sequence[ChordEvent]) -> frozenset[int]:
    """The chords that lie in a sequence, by index.

    Args:
        chords: in time order.
    """
    found: set[int] = set()
    for start, stop in _phrases(chords):
        for length in range(1, _LONGEST + 1):
            for first in range(start, stop - length):
                found.update(_run(chords[:stop], first, length))
    return frozenset(found)


def sequences_told(task: Task) -> Iterator[str]:
    """Each sequence of a task, as a sentence with its place and its chords.

    Args:
        task: its chords are given, one for each position.
    """
    slots = [position.choices[0].slot for position in task.problem.positions]
    for is_sequence, group in groupby(range(len(slots)), lambda index: slots[index].region == SEQUENCE):
        indexes = list(group)
        if is_sequence:
            chords = " ".join(str(slots[index].chord) for index in indexes)
            yield (f"{task.where(indexes[0], indexes[-1] + 1)}: read as a sequence, which is free of some rules: "
                   f"{chords}")


def _phrases(chords: Sequence[ChordEvent]) -> list[tuple[int, int]]:
    """Each phrase without its close."""
    edges = [index for index, chord in enumerate(chords) if not index or chords[index - 1].phrase != chord.phrase]
    return [(start, stop - _CLOSE) for start, stop in zip(edges, [*edges[1:], len(chords)], strict=True)]


def _run(chords: Sequence[ChordEvent], first: int, length: int) -> range:
    """The chords of a pattern and its repetitions, from its first chord on; none where it does not come again."""
    moved = _moved(chords[first], chords[first + length])
    if not moved or (length > 1 and moved not in _STEP_OR_THIRD):
        return range(0)
    stop = first + length
    while stop < len(chords) and _moved(chords[stop - length], chords[stop]) == moved:
        stop += 1
    enough = _SINGLE if length == 1 else 2 * length
    return range(first, stop) if stop - first >= enough else range(0)


def _moved(before: ChordEvent, after: ChordEvent) -> int | None:
    """Steps up from one bass to another, modulo the octave; None where the figures differ."""
    if before.numeral.figures != after.numeral.figures:
        return None
    return (after.numeral.bass.letter - before.numeral.bass.letter) % 7
