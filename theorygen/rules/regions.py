"""Windows over stretches of one kind: a named region such as a sequence, the reign of one key, a change of key."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from theorygen.rules.cadences import Cadence, cadences
from theorygen.rules.kinds import BOOLEAN, INTEGER
from theorygen.rules.motions import ChordPair
from theorygen.rules.music import Music, beginnings, up_to_next
from theorygen.rules.notes import steps_of
from theorygen.rules.places import Chord
from theorygen.rules.progressions import ChordIfThere, ChordStretch, Section
from theorygen.rules.record import Record, field, needs, part
from theorygen.rules.verticals import BASS, TOP
from theorygen.rules.world import NO_PITCH, Array
from theorygen.score.sounding import letters_of
from theorygen.theory.interval import OCTAVE

_ALTER_OFFSET = 3
_SIXTH, _SEVENTH = 6, 7


class Region(Section):
    """A named region: successive chords that belong to a sequence, a pedal point, a codetta."""

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds throughout."""
        rests = np.concatenate([[0], np.cumsum(self._music.codes[:, voice] == NO_PITCH)])
        found: Array = rests[self._stop] == rests[self._start]
        return found

    @field[INTEGER]
    def chords(self) -> Array:
        """How many chords it has; one that is repeated as it was counts once."""
        starts = self._music.chord_starts
        return np.searchsorted(starts, self._stop) - np.searchsorted(starts, self._start, side="right") + 1

    @field[BOOLEAN]
    @needs(BASS)
    def bass_stays(self) -> Array:
        """The lowest voice keeps to one note, in any octave."""
        names = self._music.codes[:, BASS] % OCTAVE.code
        changes = np.concatenate([[0], np.cumsum(np.diff(names) != 0), [0]])
        found: Array = changes[self._stop - 1] == changes[self._start]
        return found

    @field[INTEGER]
    def model(self) -> Array:
        """How many chords make the model that the chords after it copy in all voices; 0 when nothing is copied."""
        return self._patterns[:, 0]

    @field[INTEGER]
    def copies(self) -> Array:
        """How often the model is copied without a gap, each time as many letters higher or lower."""
        return self._patterns[:, 1]

    @field[INTEGER]
    def left_over(self) -> Array:
        """How many chords are left after model and copies."""
        return self._patterns[:, 2]

    @cached_property
    def _patterns(self) -> Array:
        bounds = zip(self._start.tolist(), self._stop.tolist(), strict=True)
        return np.array([self._pattern(*pair) for pair in bounds], dtype=np.int64).reshape(-1, 3)

    def _pattern(self, start: int, stop: int) -> tuple[int, int, int]:
        """Length of the model, number of copies, chords left over: what covers most, with the shortest model."""
        starts = self._music.chord_starts
        slots = np.append(start, starts[(starts > start) & (starts < stop)])
        notes, count = self._music.codes[slots], len(slots)
        lengths = np.diff(self._music.slots.times[np.append(slots, stop)])
        best = (0, 0, count)
        for size in range(1, count // 2 + 1):
            copies = _copies(notes, lengths, size)
            if copies and (copies + 1) * size > best[0] * (best[1] + 1):
                best = (size, copies, count - (copies + 1) * size)
        return best


def _copies(notes: Array, lengths: Array, size: int) -> int:
    """How many exact copies of the first ``size`` chords follow them, all voices moved by the same letters."""
    moved = steps_of(notes[size:] - notes[:-size])
    silent = notes == NO_PITCH
    alike = (moved == moved[0, 0]).all(axis=1) & (silent[size:] == silent[:-size]).all(axis=1)
    alike &= lengths[size:] == lengths[:-size]
    return (int(np.argmin(alike)) if not alike.all() else len(alike)) // size


class KeyArea(Section):
    """The chords that are read in one key, up to the next change of key."""

    @field[INTEGER]
    def cadences(self) -> Array:
        """How many phrases, or declared cadences, close in it on chords that make a cadence."""
        bounds = cadences(self._music)
        goals = Cadence(self._music, bounds).goal_slots[:, None]
        inside = ((self._start <= goals) & (goals < self._stop)).any(axis=1)
        if not inside.any():  # then it is for no notes to say what they make
            return np.zeros(len(self._start), dtype=np.int64)
        ends = Cadence(self._music, bounds[inside])
        closed = np.sort(ends.goal_slots[(ends.kind != 0) | (ends.label != 0)])
        return np.searchsorted(closed, self._stop) - np.searchsorted(closed, self._start)


class Modulation(Record):
    """A change of key: the last chord of one key and the first three of the next, as far as its phrase has them."""

    def __init__(self, music: Music, bounds: Array) -> None:
        self._music = music
        self._bounds = bounds

    def sounding(self, voice: int) -> Array:
        """Where a voice sounds when the new key begins."""
        return self.arrives.sounding(voice)

    @part[ChordStretch]
    def leaves(self) -> ChordStretch:
        """The last chord of the key that is left."""
        return ChordStretch(self._music, self._bounds[:, 0], self._bounds[:, 1])

    @part[ChordStretch]
    def arrives(self) -> ChordStretch:
        """The first chord of the new key."""
        return ChordStretch(self._music, self._bounds[:, 1], self._bounds[:, 2])

    @part[Chord]
    def goes_on(self) -> Chord:
        """The second chord of the new key in that phrase; not present where it has only one."""
        return ChordIfThere(self._music.world, np.minimum(self._bounds[:, 2], len(self._music) - 1),
                            self._bounds[:, 2] < self._bounds[:, 3])

    @part[ChordPair]
    def chords(self) -> ChordPair:
        """The last chord of the old key and the first of the new one, compared."""
        return ChordPair(self._music.world, self._bounds[:, 0], self._bounds[:, 1])

    def _rows(self, column: int) -> Array:
        return self._music.chords[self._bounds[:, column]]

    @field[INTEGER]
    def accidentals(self) -> Array:
        """By how many accidentals the signatures of the two keys differ."""
        chords = self._music.world.chord_table.chords
        signatures = np.array([*(chord.key.signature for chord in chords), 0])
        return np.abs(signatures[self._rows(1)] - signatures[self._rows(0)])

    @field[INTEGER]
    def tonic_steps(self) -> Array:
        """Letters from the old tonic up to the new one, 0 to 6."""
        tonic = self._music.world.chord_table.tonic
        return (tonic[self._rows(1)] * 4 - tonic[self._rows(0)] * 4) % 7

    @field[BOOLEAN]
    def left_is_shared(self) -> Array:
        """The last chord of the old key belongs to the new one too, and is no dominant there."""
        return self._shared(self._rows(0), self._rows(1))

    @field[BOOLEAN]
    def reached_is_shared(self) -> Array:
        """The first chord of the new key belongs to the old one too, and is no dominant in the new one."""
        inside = self._inside(self._rows(1), self._rows(0))
        return inside & ~self._leads(self._rows(1), self._rows(1))

    def _shared(self, chords: Array, keys: Array) -> Array:
        return self._inside(chords, keys) & ~self._leads(chords, keys)

    def _notes(self, chords: Array, keys: Array) -> tuple[Array, Array]:
        """For the members of chords [row, letter, alter]: degree in the keys of other chords, and alteration there."""
        table = self._music.world.chord_table
        letters = np.arange(7)
        degrees = (letters - (table.tonic[keys][:, None] * 4)) % 7 + 1
        alters = np.arange(7) - _ALTER_OFFSET - table.scale[keys][:, :, None]
        return degrees[:, :, None], alters

    def _inside(self, chords: Array, keys: Array) -> Array:
        """Whether all members of chords belong to the keys of other chords; raised 6 and 7 of minor do."""
        table = self._music.world.chord_table
        degrees, alters = self._notes(chords, keys)
        minor = table.minor[keys][:, None, None]
        diatonic = (alters == 0) | (minor & (alters == 1) & ((degrees == _SIXTH) | (degrees == _SEVENTH)))
        return ~((table.members[chords] > 0) & ~diatonic).any(axis=(1, 2))

    def _leads(self, chords: Array, keys: Array) -> Array:
        """Whether chords have the leading tone of the keys of other chords in a root on degree 5 or 7 there."""
        table = self._music.world.chord_table
        degrees, alters = self._notes(chords, keys)
        leading = (degrees == _SEVENTH) & (alters == table.minor[keys][:, None, None])
        root = (table.root_letter[chords] - table.tonic[keys] * 4) % 7 + 1
        return ((table.members[chords] > 0) & leading).any(axis=(1, 2)) & ((root == 5) | (root == _SEVENTH))

    @field[BOOLEAN]
    def new_leading_tone(self) -> Array:
        """The leading tone of the new key lies outside the old one."""
        letters, alters = self._leading
        table, old = self._music.world.chord_table, self._rows(0)
        degrees = (letters - table.tonic[old] * 4) % 7 + 1
        raised = alters - table.scale[old, letters]
        minor = table.minor[old] & ((degrees == _SIXTH) | (degrees == _SEVENTH))
        return (raised != 0) & ~(minor & (raised == 1))

    @cached_property
    def _leading(self) -> tuple[Array, Array]:
        """Letter and alteration of the leading tone of each new key."""
        chords = self._music.world.chord_table.chords
        notes = [chords[row].key.leading_tone for row in self._rows(1).tolist()]
        return (np.array([note.letter for note in notes], dtype=np.int64),
                np.array([note.alter for note in notes], dtype=np.int64))

    @field[BOOLEAN]
    @needs(TOP, BASS)
    def leading_tone_outside(self) -> Array:
        """One of the outer voices sings the leading tone of the new key as one of its chords in the window begins."""
        wanted_letters, wanted_alters = self._leading
        found = np.zeros(len(self._bounds), dtype=bool)
        for column in (1, 2, 3):
            slots = np.minimum(self._bounds[:, column], self._bounds[:, 4] - 1)
            for voice in (TOP, BASS):
                codes = self._music.codes[slots, voice]
                letters, alters = letters_of(np.maximum(codes, 0))
                found |= (letters == wanted_letters) & (alters == wanted_alters) & (codes != NO_PITCH)
        return found


def regions(music: Music) -> Array:
    """Bounds of all named regions."""
    names = np.array([slot.region for slot in music.world.slots])
    starts = beginnings(names)
    return up_to_next(starts, len(music))[names[starts] != "none"]


def _key_starts(music: Music) -> Array:
    """Slots of chords where a key begins, the first chord among them."""
    table = music.world.chord_table
    there = np.flatnonzero(music.present)
    rows = music.chords[there]
    return there[beginnings(table.tonic[rows], table.minor[rows])]


def key_areas(music: Music) -> Array:
    """Bounds of all stretches in one key."""
    return up_to_next(_key_starts(music), len(music))


def modulations(music: Music) -> Array:
    """Bounds of all changes of key between chords that follow each other."""
    starts = music.chord_starts
    places = np.searchsorted(starts, _key_starts(music)[1:])
    places = places[music.present[starts[np.maximum(places - 1, 0)]]]
    following = np.append(starts, [len(music)] * 3)
    left, first = starts[places - 1], starts[places]
    edges = np.append(music.phrase_starts, len(music))
    phrase_end = edges[music.phrases[first] + 1]
    later = [np.minimum(following[places + shift], phrase_end) for shift in (1, 2, 3)]
    return np.stack([left, first, *later], axis=1)
