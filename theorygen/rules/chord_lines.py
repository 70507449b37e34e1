"""Folds over the chords of a phrase: a memory that goes from chord to chord, as a voice line's goes from note to note.

A rule over a chord line names its fold and is judged at every chord. The state is that of the phrase so far.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, words
from theorygen.rules.music import Music
from theorygen.rules.progressions import Moment, single_chords
from theorygen.rules.record import field
from theorygen.rules.world import FUNCTIONS, KINDS, Array

CHORD_LINE = "chord-line"
"""The window of rules over the chords of a phrase, seen through a named fold."""

STAGES = ("none", "T", "P", "D", "closing", "closed")
"""Where a phrase stands: nowhere yet, tonic, predominant, a dominant on the way, the closing dominant, the close."""

_NONE, _TONIC, _PREDOMINANT, _DOMINANT, _CLOSING, _CLOSED = range(len(STAGES))
_CADENTIAL = KINDS.index("cadential-six-four")


class ChordLine(Moment):
    """The chords of a phrase so far, the present one last."""

    def __init__(self, music: Music, bounds: Array) -> None:
        super().__init__(music, bounds[:, 1])
        self._bounds = bounds

    def _chords_so_far(self) -> Iterator[list[int]]:
        """For each window the rows of the chord table from the beginning of the phrase to the present chord."""
        music = self._music
        starts = music.chord_starts[music.present[music.chord_starts]]
        for begin, slot in self._bounds[:, :2].tolist():
            yield music.chords[starts[(starts >= begin) & (starts <= slot)]].tolist()


class PhraseFunctionLine(ChordLine):
    """The chords of a phrase so far, seen by their functions."""

    @cached_property
    def _states(self) -> Array:
        """For each window the stage, and how often the phrase has reached a closing dominant."""
        found = []
        for rows in self._chords_so_far():
            stage, closings = _NONE, 0
            for row in rows:
                before, stage = stage, self._next(stage, row)
                closings += stage == _CLOSING != before
            found.append((stage, closings, stage == _CLOSING != before))
        return np.array(found, dtype=np.int64).reshape(-1, 3)

    def _next(self, stage: int, row: int) -> int:
        """The stage after one more chord."""
        table = self._music.world.chord_table
        function = FUNCTIONS[table.function[row]]
        if function == "D":
            firm = table.kind[row] == _CADENTIAL or (table.degree[row] == 5 and table.inversion[row] == 0)
            closes = stage == _CLOSING or (stage == _PREDOMINANT and firm and not table.applied[row])
            return _CLOSING if closes else _DOMINANT
        if function == "T":
            return _CLOSED if stage in (_CLOSING, _CLOSED) else _TONIC
        return _PREDOMINANT if function == "P" else stage

    @field[words(*STAGES)]
    def stage(self) -> Array:
        """T, P, D on the way, closing (V in root position or a six-four after P), closed; none before any of them."""
        return self._states[:, 0]

    @field[INTEGER]
    def closings(self) -> Array:
        """How often the phrase has gone from a predominant to a closing dominant."""
        return self._states[:, 1]

    @field[BOOLEAN]
    def closes(self) -> Array:
        """It has just done so."""
        return self._states[:, 2].astype(bool)


def chord_lines(music: Music) -> Array:
    """Bounds of all phrases so far: where the phrase begins, where its present chord begins, and where that ends."""
    chords = single_chords(music)
    return np.concatenate([music.phrase_starts[music.phrases[chords[:, 0]]][:, None], chords], axis=1)
