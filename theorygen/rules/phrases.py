"""Windows over whole phrases."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, NUMBER
from theorygen.rules.music import Music
from theorygen.rules.progressions import Moment, chord_runs
from theorygen.rules.record import Record, field, part
from theorygen.rules.world import Array


class Phrase(Record):
    """A phrase."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._start, self._stop = bounds[:, 0], bounds[:, 1]

    @part[Moment]
    def start(self) -> Moment:
        """Its first slot."""
        return Moment(self._music, self._start)

    @part[Moment]
    def end(self) -> Moment:
        """Its last slot."""
        return Moment(self._music, self._stop - 1)

    @field[INTEGER]
    def number(self) -> Array:
        """Its number in the piece, from 1."""
        return self._music.phrases[self._start] + 1

    @field[BOOLEAN]
    def first(self) -> Array:
        """The piece begins with it."""
        return self._start == 0

    @field[BOOLEAN]
    def last(self) -> Array:
        """The piece ends with it."""
        return self._stop == len(self._music)

    @field[INTEGER]
    def chords(self) -> Array:
        """How many chords it has; one that is repeated as it was counts once."""
        starts = chord_runs(self._music)
        starts = starts[self._music.present[starts]]
        return np.searchsorted(starts, self._stop) - np.searchsorted(starts, self._start)

    @field[NUMBER]
    def beats(self) -> Array:
        """Its length in beats."""
        return self._music.beats_between(self._start, self._stop)

    @field[NUMBER]
    def bars(self) -> Array:
        """Its length in bars of the meter it begins in."""
        return self.beats / self._music.bar_beats[self._start]


def phrase_starts(music: Music) -> Array:
    """Slots where phrases begin."""
    return np.flatnonzero(np.diff(music.phrases, prepend=-1))


def phrases(music: Music) -> Array:
    """Bounds of all phrases."""
    edges = np.append(phrase_starts(music), len(music))
    return np.stack([edges[:-1], edges[1:]], axis=1)
