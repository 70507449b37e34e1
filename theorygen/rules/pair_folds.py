"""Folds along two voices: perfect intervals on the beats, runs of thirds, alterations, summits."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL
from theorygen.rules.line_records import Columns, PairLine
from theorygen.rules.motions import VoicePairMotion
from theorygen.rules.notes import simple
from theorygen.rules.record import field
from theorygen.rules.verticals import VoicePair
from theorygen.rules.world import Array
from theorygen.theory.meter import DOWNBEAT

_NONE = -1


def _chord_number(pair: VoicePair) -> Array:
    """Number of the chord declared at each place, -1 for none."""
    surface = pair._world.surface
    assert surface is not None
    return surface.slots.chords[pair._slots]


class SnapshotLine(PairLine):
    """Two voices seen at certain moments only, each compared with the one before.

    The state holds both pitches and the number of the chord at the last such moment, -1 before the first, and the same
    of the one before that, as long as the line stands at such a moment.
    """

    @staticmethod
    def taken(pair: VoicePair) -> Array:
        """Whether the first place of a line is such a moment."""
        raise NotImplementedError

    @staticmethod
    def taken_after(motion: VoicePairMotion) -> Array:
        """Whether the second place of a motion is such a moment."""
        raise NotImplementedError

    @classmethod
    def opening(cls, pair: VoicePair) -> Columns:
        """The two pitches, the number of the chord, and whether this is a moment to keep."""
        return pair.upper.pitch, pair.lower.pitch, _chord_number(pair), cls.taken(pair)

    @classmethod
    def moving(cls, motion: VoicePairMotion) -> Columns:
        """The same after a motion."""
        after = motion.after
        return after.upper.pitch, after.lower.pitch, _chord_number(after), cls.taken_after(motion)

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first moment has none before it."""
        upper, lower, chord, taken = columns
        here = np.stack([upper, lower, chord], axis=1).astype(np.int64)
        return np.concatenate([np.where(taken[:, None], here, _NONE), np.full((len(upper), 3), _NONE)], axis=1)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A new moment pushes the last one back; between moments nothing is compared."""
        upper, lower, chord, taken = columns
        here = np.stack([upper, lower, chord], axis=1).astype(np.int64)
        moved = np.concatenate([here, state[:, :3]], axis=1)
        still = np.concatenate([state[:, :3], np.full((len(upper), 3), _NONE)], axis=1)
        return np.where(taken[:, None], moved, still)

    @field[BOOLEAN]
    def compared(self) -> Array:
        """Here is such a moment, and there was one before in the line; the fields below are then meant."""
        return self._state[:, 3] != _NONE

    def _interval(self, start: int) -> Array:
        interval = self._state[:, start] - self._state[:, start + 1]
        return np.where(self.compared, simple(interval), 0)

    def _move(self, voice: int) -> Array:
        return np.where(self.compared, self._state[:, voice] - self._state[:, 3 + voice], 0)

    @field[INTERVAL]
    def interval_before(self) -> Array:
        """The interval of the two voices at the moment before, without octaves."""
        return self._interval(3)

    @field[INTERVAL]
    def interval(self) -> Array:
        """Their interval now, without octaves."""
        return self._interval(0)

    @field[BOOLEAN]
    def similar(self) -> Array:
        """Both have moved in one direction since."""
        return np.sign(self._move(0)) * np.sign(self._move(1)) > 0

    @field[BOOLEAN]
    def chord_between(self) -> Array:
        """At least one other chord has come and gone since."""
        return self.compared & (self._state[:, 2] - self._state[:, 5] > 1)


class DownbeatLine(SnapshotLine):
    """Two voices seen at the downbeats."""

    @staticmethod
    def taken(pair: VoicePair) -> Array:
        """It is a downbeat."""
        return pair.place.strength == DOWNBEAT

    @staticmethod
    def taken_after(motion: VoicePairMotion) -> Array:
        """It is a downbeat."""
        return motion.after.place.strength == DOWNBEAT


class ChordOnsetLine(SnapshotLine):
    """Two voices seen where chords begin."""

    @staticmethod
    def taken(pair: VoicePair) -> Array:
        """A chord is declared."""
        return pair.chord.present

    @staticmethod
    def taken_after(motion: VoicePairMotion) -> Array:
        """Another chord is declared than before."""
        return motion.after.chord.present & (_chord_number(motion.after) != _chord_number(motion.before))


class ParallelRunLine(PairLine):
    """Two voices seen by their run of parallel thirds or sixths.

    The state holds the number of the interval, 3 or 6, else 0; how many of it stand in a row; and whether the present
    one has just been reached.
    """

    @staticmethod
    def opening(pair: VoicePair) -> Columns:
        """The number of the interval."""
        return (pair.number,)

    @staticmethod
    def moving(motion: VoicePairMotion) -> Columns:
        """The number of the interval reached, whether the motion was parallel, and whether there was any."""
        return motion.after.number, motion.parallel, motion.upper.moves | motion.lower.moves

    @staticmethod
    def start(*columns: Array) -> Array:
        """One interval may begin a run."""
        number = columns[0].astype(np.int64)
        imperfect = (number == 3) | (number == 6)
        return np.stack([np.where(imperfect, number, 0), imperfect, imperfect], axis=1)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """Parallel motion makes the run longer, repetition leaves it, all else begins anew."""
        number, parallel, moves = columns
        fresh = ParallelRunLine.start(number)
        goes_on = parallel & (fresh[:, 0] == state[:, 0]) & (state[:, 0] > 0)
        fresh[:, 1] += np.where(goes_on, state[:, 1], 0)
        still = np.stack([state[:, 0], state[:, 1], np.zeros(len(state), dtype=np.int64)], axis=1)
        return np.where(moves[:, None], fresh, still)

    @field[INTEGER]
    def number(self) -> Array:
        """3 in a run of thirds (tenths), 6 of sixths, else 0."""
        return self._state[:, 0]

    @field[INTEGER]
    def length(self) -> Array:
        """How many of them stand in a row, 0 without any."""
        return self._state[:, 1]

    @field[BOOLEAN]
    def grows(self) -> Array:
        """The present one has just been reached; false while both voices only stay."""
        return self._state[:, 2] > 0


_LETTERS = 7
_UPPER, _LOWER, _UPPER_CHORD, _LOWER_CHORD = (slice(7 * part, 7 * part + 7) for part in range(4))
_UNSUNG = -99


class AlterationLine(PairLine):
    """Two voices through a bar, seen by the accidental each has last sung on every letter.

    The state holds the accidentals of the upper and the lower voice by letter, -99 where there are none yet, the
    numbers of the chords in which they were sung, and which of the present notes contradict them: 1 the upper one, 2
    the lower one, 3 both.
    """

    @staticmethod
    def opening(pair: VoicePair) -> Columns:
        """Letter and accidental of both notes, whether each enters, and the number of the chord."""
        upper, lower = pair.upper, pair.lower
        return (upper._letter, upper.accidental, upper.enters, lower._letter, lower.accidental, lower.enters,
                _chord_number(pair))

    @classmethod
    def moving(cls, motion: VoicePairMotion) -> Columns:
        """The same of the notes reached."""
        return cls.opening(motion.after)

    @classmethod
    def start(cls, *columns: Array) -> Array:
        """Nothing was sung before; both first notes count as entering."""
        state = np.full((len(columns[0]), 4 * _LETTERS + 1), _UNSUNG, dtype=np.int64)
        upper, up, _, lower, low, _, chord = columns
        everywhere = np.ones(len(state), dtype=bool)
        return cls.add(state, upper, up, everywhere, lower, low, everywhere, chord)

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A note that enters contradicts the other voice's accidental of two chords ago or more, and sets its own."""
        upper, up, upper_enters, lower, low, lower_enters, chord = columns
        found, rows = state.copy(), np.arange(len(state))

        def contradicts(letter: Array, accidental: Array, other: slice, chords: slice) -> Array:
            sung, then = state[:, other][rows, letter], state[:, chords][rows, letter]
            result: Array = (sung != _UNSUNG) & (sung != accidental) & (chord - then > 1)
            return result

        by_upper = upper_enters & contradicts(upper, up, _LOWER, _LOWER_CHORD)
        by_lower = lower_enters & contradicts(lower, low, _UPPER, _UPPER_CHORD)
        for letter, value, enters, accidentals, chords in ((upper, up, upper_enters, _UPPER, _UPPER_CHORD),
                                                           (lower, low, lower_enters, _LOWER, _LOWER_CHORD)):
            found[:, accidentals][rows[enters], letter[enters]] = value[enters]
            found[:, chords][rows[enters], letter[enters]] = chord[enters]
        found[:, -1] = by_upper + 2 * by_lower
        return found

    @field[BOOLEAN]
    def by_upper(self) -> Array:
        """The upper voice takes a letter that the lower one last sang with another accidental, in this bar and two
        chords ago or more."""
        return self._state[:, -1] % 2 > 0

    @field[BOOLEAN]
    def by_lower(self) -> Array:
        """The same of the lower voice, against the upper one."""
        return self._state[:, -1] > 1


class SummitLine(PairLine):
    """Two voices seen by their highest notes, and the lower one by its lowest too.

    The state holds these three pitches, whether the two highest were reached at once, and whether the upper voice's
    highest and the lower one's lowest were.
    """

    @staticmethod
    def start(*columns: Array) -> Array:
        """The first notes are extremes, all at once."""
        upper, lower = columns
        return np.stack([upper, lower, lower, np.ones(len(upper)), np.ones(len(upper))], axis=1).astype(np.int64)

    @staticmethod
    def opening(pair: VoicePair) -> Columns:
        """Both pitches."""
        return pair.upper.pitch, pair.lower.pitch

    @staticmethod
    def moving(motion: VoicePairMotion) -> Columns:
        """Both pitches reached."""
        return motion.after.upper.pitch, motion.after.lower.pitch

    @staticmethod
    def add(state: Array, *columns: Array) -> Array:
        """A new extreme of one voice alone parts them."""
        upper, lower = columns
        higher, above, below = upper > state[:, 0], lower > state[:, 1], lower < state[:, 2]

        def together(first: Array, second: Array, before: Array) -> Array:
            return np.where(first | second, first & second, before)

        return np.stack([np.maximum(state[:, 0], upper), np.maximum(state[:, 1], lower),
                         np.minimum(state[:, 2], lower), together(higher, above, state[:, 3]),
                         together(higher, below, state[:, 4])], axis=1)

    @field[BOOLEAN]
    def summits_meet(self) -> Array:
        """Both voices reached their highest note so far at one moment."""
        return self._state[:, 3] > 0

    @field[BOOLEAN]
    def summit_over_depth(self) -> Array:
        """The upper voice reached its highest note so far at the moment at which the lower one reached its lowest."""
        return self._state[:, 4] > 0
