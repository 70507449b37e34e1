"""Windows over whole phrases, over two phrases that follow each other, and over the whole piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from theorygen.rules.cadences import Cadence, closes
from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, NUMBER
from theorygen.rules.lines import Stretch, stretch_of
from theorygen.rules.motions import ChordPair
from theorygen.rules.music import Music, up_to_next
from theorygen.rules.progressions import Section
from theorygen.rules.record import Record, field, needs, part
from theorygen.rules.verticals import BASS, TOP
from theorygen.rules.world import CADENCES, NO_PITCH, Array

_DECLARED = [index for index, word in enumerate(CADENCES) if word not in ("none", "evaded")]


class Phrase(Section):
    """A phrase."""

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds at all in the phrase."""
        sung = np.concatenate([[0], np.cumsum(self._music.codes[:, voice] != NO_PITCH)])
        found: Array = sung[self._stop] > sung[self._start]
        return found

    def _between(self, starts: Array) -> Array:
        """How many of these slots lie in the phrase."""
        return np.searchsorted(starts, self._stop) - np.searchsorted(starts, self._start)

    @part[Cadence]
    def cadence(self) -> Cadence:
        """Its end."""
        return Cadence(self._music, closes(self._music, self._start, self._stop))

    @part[ChordPair]
    def ends(self) -> ChordPair:
        """Its first chord and its last, compared: whether it stays in one key."""
        return ChordPair(self._music.world, self._start, self._stop - 1)

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
        return self._between(self._music.chord_starts[self._music.present[self._music.chord_starts]])

    @field[INTEGER]
    def harmonies(self) -> Array:
        """How many harmonies it has: V V7 is one, and so is a cadential six-four with its dominant."""
        return self._between(self._music.harmony_starts[self._music.present[self._music.harmony_starts]])

    @field[INTEGER]
    def declared(self) -> Array:
        """How many cadences are declared in it, evaded ones not counted."""
        return self._between(np.flatnonzero(np.isin(self._music.world.slot_column("cadence", CADENCES), _DECLARED)))

    @field[NUMBER]
    def beats(self) -> Array:
        """Its length in beats."""
        return self._music.beats_between(self._start, self._stop)

    @field[NUMBER]
    def bars(self) -> Array:
        """Its length in bars of the meter it begins in."""
        return self.beats / self._music.bar_beats[self._start]

    @field[INTEGER]
    def early_changes(self) -> Array:
        """Changes of chord in the first half of the way from its beginning to its goal."""
        return np.array([early for early, _ in self._changes], dtype=np.int64)

    @field[INTEGER]
    def late_changes(self) -> Array:
        """Changes of chord in the second half of the way from its beginning to its goal, which counts too."""
        return np.array([late for _, late in self._changes], dtype=np.int64)

    @cached_property
    def _changes(self) -> list[tuple[int, int]]:
        """Chords that begin in the first and in the second half of the time up to the goal."""
        times, found = self._music.slots.times, []
        for start, goal in zip(self._start.tolist(), self.cadence.goal_slots.tolist(), strict=True):
            begun = self._music.chord_starts
            begun = times[begun[(begun > start) & (begun <= goal)]] - times[start]
            early = int((2 * begun < times[goal] - times[start]).sum())
            found.append((early, len(begun) - early))
        return found

    @field[INTERVAL]
    @needs(TOP)
    def top_span(self) -> Array:
        """From the lowest to the highest note of the highest voice."""
        return _collected(self._stretches(TOP), lambda line: int(np.ptp(line.codes[line.codes != NO_PITCH])), np.int32)

    @field[BOOLEAN]
    @needs(TOP)
    def idea_returns(self) -> Array:
        """The highest voice's second quarter copies its first, at whatever pitch: a basic idea and its return."""
        def returns(line: Stretch) -> bool:
            quarter = line.length // 4
            return line.length % 4 == 0 and line.part(quarter, 2 * quarter).copies(line.part(0, quarter))
        return _collected(self._stretches(TOP), returns, np.bool_)

    def _stretches(self, voice: int) -> Iterator[Stretch]:
        for start, stop in zip(self._start.tolist(), self._stop.tolist(), strict=True):
            yield stretch_of(self._music, voice, start, stop)


def _collected(lines: Iterator[Stretch], value: Callable[[Stretch], int | bool], kind: type) -> Array:
    """One value for each line; 0 where the voice is silent."""
    return np.array([value(line) if (line.codes != NO_PITCH).any() else 0 for line in lines], dtype=kind)


class PhrasePair(Record):
    """Two phrases that follow each other."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds in both phrases."""
        return self.first.sounding(voice) & self.second.sounding(voice)

    @part[Phrase]
    def first(self) -> Phrase:
        """The first phrase."""
        return Phrase(self._music, self._bounds[:, :2])

    @part[Phrase]
    def second(self) -> Phrase:
        """The second phrase."""
        return Phrase(self._music, self._bounds[:, 1:])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The last chord of the first phrase and the first of the second, compared."""
        return ChordPair(self._music.world, self._bounds[:, 1] - 1, self._bounds[:, 1])

    @part[ChordPair]
    def ends(self) -> ChordPair:
        """The last chords of the two phrases, compared."""
        return ChordPair(self._music.world, self._bounds[:, 1] - 1, self._bounds[:, 2] - 1)

    def _lines(self, voice: int) -> Iterator[tuple[Stretch, Stretch]]:
        for first, second, stop in self._bounds.tolist():
            yield stretch_of(self._music, voice, first, second), stretch_of(self._music, voice, second, stop)

    @field[NUMBER]
    @needs(TOP)
    def same_bars(self) -> Array:
        """For how many bars from their beginnings the highest voice sings the same."""
        slots, start = self._music.slots, self._bounds[:, 0]
        ticks = np.array([first.agrees(second) for first, second in self._lines(TOP)], dtype=np.int64)
        return ticks / slots.beats[start] / self._music.bar_beats[start]

    @field[BOOLEAN]
    @needs(BASS)
    def same_bass(self) -> Array:
        """The lowest voice sings the same in both."""
        return np.array([first.same(second) for first, second in self._lines(BASS)], dtype=np.bool_)

    @field[BOOLEAN]
    @needs(BASS)
    def copied_bass(self) -> Array:
        """The lowest voice sings the same in both or the same at another pitch, letter for letter."""
        return np.array([first.copies(second) for first, second in self._lines(BASS)], dtype=np.bool_)


class Piece(Record):
    """The whole piece."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    @part[Phrase]
    def opening(self) -> Phrase:
        """Its first phrase."""
        return Phrase(self._music, np.repeat(phrases(self._music)[:1], len(self._bounds), axis=0))

    @part[Phrase]
    def ending(self) -> Phrase:
        """Its last phrase."""
        return Phrase(self._music, np.repeat(phrases(self._music)[-1:], len(self._bounds), axis=0))

    @part[ChordPair]
    def ends(self) -> ChordPair:
        """Its first chord and its last, compared: whether it comes back to its key."""
        return ChordPair(self._music.world, self._bounds[:, 0], self._bounds[:, 1] - 1)

    @field[INTEGER]
    def phrases(self) -> Array:
        """How many phrases it has."""
        return np.full(len(self._bounds), len(self._music.phrase_starts))

    @field[INTEGER]
    def first_away(self) -> Array:
        """Degree, in the key it begins in, of the first other key in which a phrase ends; 0 when there is none."""
        table, rows = self._music.world.chord_table, self._music.chords
        ends = rows[phrases(self._music)[:, 1] - 1]
        home = table.tonic[rows[:1]]
        away = table.tonic[ends[(table.tonic[ends] != home) & table.present[ends]]]
        degrees = (away * 4 - home * 4) % 7 + 1
        return np.full(len(self._bounds), degrees[0] if len(degrees) else 0)

    @field[INTEGER]
    def stollen(self) -> Array:
        """How many phrases from the beginning come again at once, chord for chord; the most there are, or 0."""
        words = [self._harmony(start, stop) for start, stop in phrases(self._music).tolist()]
        repeated = [count for count in range(len(words) // 2 + 1) if words[:count] == words[count : 2 * count]]
        return np.full(len(self._bounds), max(repeated))

    def _harmony(self, start: int, stop: int) -> tuple[list[int], list[int]]:
        """The chords of a phrase, and when each begins and the last ends, in ticks."""
        times, starts = self._music.slots.times, self._music.chord_starts
        inside = starts[(starts >= start) & (starts < stop)]
        return self._music.chords[inside].tolist(), (times[np.append(inside, stop)] - times[start]).tolist()


def phrases(music: Music) -> Array:
    """Bounds of all phrases."""
    return up_to_next(music.phrase_starts, len(music))


def phrase_pairs(music: Music) -> Array:
    """Bounds of all successions of two phrases."""
    edges = np.append(music.phrase_starts, len(music))
    return np.stack([edges[:-2], edges[1:-1], edges[2:]], axis=1)


def whole_piece(music: Music) -> Array:
    """Bounds of the piece, if there is any."""
    return np.array([[0, len(music)]] if len(music) else np.zeros((0, 2), dtype=np.int64))
