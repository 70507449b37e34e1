"""The window of a cadence: the end of a phrase, or a place where a cadence is declared.

What a score declares is the label; what its chords and its highest voice make is the kind, of which
`theorygen.rules.closes` knows.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from theorygen.rules.closes import Close
from theorygen.rules.kinds import BOOLEAN, INTEGER, NUMBER, words
from theorygen.rules.motions import ChordPair
from theorygen.rules.music import Music
from theorygen.rules.notes import Note
from theorygen.rules.places import Chord, Place
from theorygen.rules.progressions import ChordIfThere, Moment
from theorygen.rules.record import field, needs, part
from theorygen.rules.verticals import TOP
from theorygen.rules.world import CADENCES, Array


class Cadence(Close):
    """The end of a phrase, or a place where a cadence is declared: the goal and the harmonies before it.

    Bounds are the beginnings of the harmony before the approach, of the approach and of the goal, then the end of the
    goal and of the phrase. A harmony that the phrase does not have has no length.
    """

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._world = music.world
        self._bounds = bounds
        labels = music.last_where(music.world.slot_column("cadence", CADENCES) != 0)
        start, stop = bounds[:, 2], bounds[:, 3]
        proper = music.next_where(~music.cadential)[np.minimum(start, len(music) - 1)]
        declared = labels[np.maximum(stop, 1) - 1]
        self._goal = np.where(declared >= start, declared, np.minimum(proper, np.maximum(stop, 1) - 1))

    def sounding(self, voice: int) -> Array:
        """Where the highest voice sounds at the goal."""
        return self._moment.sounding(voice) & (self._bounds[:, 2] < self._bounds[:, 3])

    def edges(self, row: int) -> tuple[int, ...]:
        """The bounds of one cadence, five slots."""
        return tuple(self._bounds[row].tolist())

    @property
    def goal_slots(self) -> Array:
        """Slots where the goals stand."""
        return self._goal

    @cached_property
    def _moment(self) -> Moment:
        return Moment(self._music, self._goal)

    def _last_chord(self, index: int) -> Chord:
        """The last chord of the stretch before a bound; not present where that stretch has no length."""
        return ChordIfThere(self._world, np.maximum(self._bounds[:, index + 1], 1) - 1, self._there(index))

    def _there(self, index: int) -> Array:
        there: Array = self._bounds[:, index] < self._bounds[:, index + 1]
        return there

    @part[Chord]
    def preparation(self) -> Chord:
        """The last chord of the harmony before the approach; not present where the phrase has none."""
        return self._last_chord(0)

    @part[Chord]
    def approach(self) -> Chord:
        """The last chord of the harmony before the goal; not present where the phrase has none."""
        return self._last_chord(1)

    @part[Chord]
    def goal(self) -> Chord:
        """The chord it closes on: where the cadence is declared, else the first of the last harmony."""
        return ChordIfThere(self._world, self._goal, self._there(2))

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """Approach and goal, compared."""
        pair = ChordPair(self._world, self._goal, self._goal)
        pair._before, pair._after = self.approach._rows, self.goal._rows
        return pair

    @part[Note]
    @needs(TOP)
    def top(self) -> Note:
        """The highest voice at the goal."""
        return self._moment.top

    @part[Place]
    def place(self) -> Place:
        """Where the goal stands."""
        return Place(self._world, self._goal)

    @field[words(*CADENCES)]
    def label(self) -> Array:
        """The cadence declared at the goal."""
        labels: Array = self._world.slot_column("cadence", CADENCES)[self._goal]
        return labels

    @part[ChordPair]
    def arrival(self) -> ChordPair:
        """The chord right before the goal and the goal, compared: the same harmony where the goal is repeated."""
        return ChordPair(self._world, np.maximum(self._goal - 1, 0), self._goal)

    @field[NUMBER]
    def approach_beats(self) -> Array:
        """How many beats the last chord of the approach lasts; 0 where there is none."""
        starts, end = self._music.chord_starts, self._bounds[:, 2]
        start = starts[np.maximum(np.searchsorted(starts, np.minimum(end, len(self._music) - 1)) - 1, 0)]
        return np.where(self._there(1), self._music.beats_between(start, np.maximum(end, start)), 0)

    @field[NUMBER]
    def beats(self) -> Array:
        """How many beats the goal lasts."""
        start = np.minimum(self._bounds[:, 2], len(self._music) - 1)
        return self._music.beats_between(start, np.maximum(self._bounds[:, 3], start))

    @field[BOOLEAN]
    def whole_phrase(self) -> Array:
        """The phrase begins with the harmony before the approach, or, where there is none, with the approach."""
        start = np.minimum(self._bounds[:, 0], len(self._music) - 1)
        return self._music.world.slot_column("first")[start].astype(bool)

    @part[Place]
    def following(self) -> Place:
        """Where the phrase goes on after the goal; the goal itself when nothing follows."""
        start, stop = self._bounds[:, 3], self._bounds[:, 4]
        return Place(self._world, np.where(start < stop, np.minimum(start, len(self._music) - 1), self._goal))

    @field[INTEGER]
    def chords_after(self) -> Array:
        """How many chords follow the goal in its phrase."""
        starts = self._music.chord_starts
        return np.searchsorted(starts, self._bounds[:, 4]) - np.searchsorted(starts, self._bounds[:, 3])


def closes(music: Music, start: Array, stop: Array) -> Array:
    """Bounds of the cadences with which stretches of music end; see `Cadence`."""
    starts = music.harmony_starts[music.present[music.harmony_starts]]
    edges = np.concatenate([[-1, -1, -1], starts])
    last = np.searchsorted(starts, stop) - 1
    goals = [np.where(edges[last + shift] >= start, edges[last + shift], -1) for shift in (3, 2, 1)]
    ends = np.append(music.harmony_starts, len(music))
    end = ends[np.searchsorted(ends, goals[0], side="right")]
    goal = np.where(goals[0] < 0, stop, goals[0])
    end = np.where(goals[0] < 0, stop, np.minimum(end, stop))
    approach = np.where(goals[1] < 0, goal, goals[1])
    preparation = np.where(goals[2] < 0, approach, goals[2])
    return np.stack([preparation, approach, goal, end, stop], axis=1)


def cadences(music: Music) -> Array:
    """Bounds of the ends of all phrases that have chords, and of every other place where a cadence is declared."""
    edges = np.append(music.phrase_starts, len(music))
    labelled = np.flatnonzero(music.world.slot_column("cadence", CADENCES))
    ends = np.append(music.harmony_starts, len(music))
    inner = ends[np.searchsorted(ends, labelled, side="right")]
    phrase = np.concatenate([np.arange(len(edges) - 1), music.phrases[labelled]])
    found = closes(music, edges[phrase], np.concatenate([edges[1:], inner]))
    found[:, 4] = edges[phrase + 1]
    found = np.unique(found[found[:, 2] < found[:, 3]], axis=0)
    return found[np.argsort(found[:, 2], kind="stable")]
