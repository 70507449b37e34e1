"""The reduced skeleton: the notes of the chords, which embellishments only decorate.

Inside a chord a voice stands for its chord tones in turn. A note foreign to the chord stands for the chord tone it goes
on to while the chord lasts, else for the last one before it; a voice that has none in the whole chord keeps the note it
begins with. Another chord tone than the one before makes a slot of its own: an arpeggio, or an exchange of voices
inside one harmony. In block chords all this changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from theorygen.score.slots import ATTACK, HELD, SILENT, SILENT_CODE, SlotArrays
from theorygen.score.sounding import Array, letters_of
from theorygen.theory import RomanNumeral
from theorygen.theory.interval import OCTAVE

if TYPE_CHECKING:
    from theorygen.score.score import Score

_ALTERS, _ALTER_OFFSET = 7, 3


def skeleton_of(score: Score) -> SlotArrays:
    """One slot for each chord, and one wherever a voice takes another note of it."""
    attacks = score.slots("attacks")
    runs = _runs(score, attacks)
    return _picked(score, attacks, runs, "skeleton", np.flatnonzero(runs.fresh.any(axis=1) & (attacks.chords >= 0)))


def chords_of(score: Score) -> SlotArrays:
    """One slot for each chord, with the first note of it that each voice has."""
    attacks = score.slots("attacks")
    return _picked(score, attacks, _runs(score, attacks), "chords", _chord_starts(attacks))


def belonging(score: Score, slots: SlotArrays) -> Array:
    """Bool [n, v]: whether what sounds belongs to the chord declared there; false where there is none."""
    distinct: dict[RomanNumeral, int] = {}
    rows = [distinct.setdefault(chord.numeral, len(distinct)) for chord in score.chords]
    table = np.zeros((len(distinct) + 1, 7, _ALTERS), dtype=bool)
    for numeral, row in distinct.items():
        for member in numeral.members:
            table[row, member.pitch_class.letter, member.pitch_class.alter + _ALTER_OFFSET] = True
    letters, alters = letters_of(np.maximum(slots.codes, 0))
    chord = np.array([*rows, len(distinct)])[slots.chords][:, None]
    found = table[chord, letters, np.clip(alters + _ALTER_OFFSET, 0, _ALTERS - 1)]
    return found & (np.abs(alters) <= _ALTER_OFFSET) & (slots.codes != SILENT_CODE)


def completed_later(score: Score, slots: SlotArrays) -> Array:
    """Bool [n]: whether a member of the chord that no voice has at the slot sounds later while the chord lasts.

    So a seventh that is reached from the octave (V8-7), or a note that a suspension keeps waiting.
    """
    attacks = score.slots("attacks")
    names = np.where(belonging(score, attacks), attacks.codes % OCTAVE.code, SILENT_CODE)
    changes = np.append(np.flatnonzero(np.diff(attacks.chords)) + 1, len(attacks))
    ends = changes[np.searchsorted(changes, slots.places, side="right")]
    here = np.where(slots.codes != SILENT_CODE, slots.codes % OCTAVE.code, SILENT_CODE)
    sung = [set(row) - {SILENT_CODE} for row in names.tolist()]
    rows = zip(slots.places.tolist(), ends.tolist(), map(set, here.tolist()), strict=True)
    return np.array([any(later - now for later in sung[place + 1 : end]) for place, end, now in rows], dtype=bool)


def structural(score: Score, attacks: SlotArrays) -> Array:
    """Int32 [n, v]: the note that each note of the attacks stands for; itself where no chord is declared."""
    return _structural(attacks, belonging(score, attacks))


@dataclass(frozen=True, eq=False)
class _Runs:
    """The structural notes over the n slots of the attacks, in runs during which a voice keeps one.

    Attributes:
        codes: int32 [n, v]: the structural note.
        fresh: bool [n, v]: whether a run begins.
        first: [n, v]: first slot of the run in which that note sounds; the slot itself in a silent run.
        last: [n, v]: the last such slot.
        number: [n, v]: number of the run among those of its voice.
    """

    codes: Array
    fresh: Array
    first: Array
    last: Array
    number: Array


def _runs(score: Score, attacks: SlotArrays) -> _Runs:
    codes = _structural(attacks, belonging(score, attacks))
    fresh = np.ones(codes.shape, dtype=bool)
    fresh[1:] = (codes[1:] != codes[:-1]) | (attacks.chords[1:] != attacks.chords[:-1])[:, None]
    run = np.cumsum(fresh.T.reshape(-1)).reshape(fresh.T.shape).T - 1
    slot = np.broadcast_to(np.arange(len(codes))[:, None], codes.shape)
    sounds = (attacks.codes == codes) & (codes != SILENT_CODE)
    first = np.full(run.max(initial=-1) + 1, len(codes))
    last = np.full_like(first, -1)
    np.minimum.at(first, run[sounds], slot[sounds])
    np.maximum.at(last, run[sounds], slot[sounds])
    silent = last[run] < 0
    return _Runs(codes, fresh, np.where(silent, slot, first[run]), np.where(silent, slot, last[run]), run)


def _structural(attacks: SlotArrays, belongs: Array) -> Array:
    """For each slot and voice the note it stands for."""
    count, chords = len(attacks), attacks.chords
    slot = np.arange(count)[:, None]
    following = np.minimum.accumulate(np.where(belongs, slot, count)[::-1])[::-1]
    preceding = np.maximum.accumulate(np.where(belongs, slot, -1))
    opening = np.maximum.accumulate(np.where(np.diff(chords, prepend=-2) != 0, np.arange(count), 0))[:, None]
    source = np.where(_same_chord(chords, preceding, preceding >= 0), preceding, opening)
    source = np.where(_same_chord(chords, following, following < count), following, source)
    source = np.where(attacks.silent | (chords < 0)[:, None], slot, source)
    return np.take_along_axis(attacks.codes, source, 0) if count else attacks.codes


def _same_chord(chords: Array, other: Array, exists: Array) -> Array:
    """Whether other slots, where they exist, lie in the chord of this one."""
    return exists & (chords[np.clip(other, 0, max(len(chords) - 1, 0))] == chords[:, None]) if len(chords) else exists


def _chord_starts(attacks: SlotArrays) -> Array:
    return np.flatnonzero((np.diff(attacks.chords, prepend=-1) != 0) & (attacks.chords >= 0))


def _picked(score: Score, attacks: SlotArrays, runs: _Runs, grid: str, kept: Array) -> SlotArrays:
    """The slots of a reduced grid."""
    codes, found = runs.codes[kept], runs.first[kept]
    silent = codes == SILENT_CODE
    fresh = runs.fresh[kept]
    earlier = np.append(-1, attacks.times[kept][:-1])[:, None] if len(kept) else np.zeros((0, 1))
    further = np.diff(runs.number[kept], axis=0, append=runs.number[-1:] + 1) > 1
    begun = np.take_along_axis(attacks.begins, found, 0) > earlier
    return replace(
        attacks, grid=grid, onsets=[attacks.onsets[slot] for slot in kept], durations=_durations(score, attacks, kept),
        codes=codes, states=np.where(silent, SILENT, np.where(begun, ATTACK, HELD)).astype(np.uint8),
        multiple=np.take_along_axis(attacks.multiple, found, 0), events=np.take_along_axis(attacks.events, found, 0),
        weights=attacks.weights[kept], accents=attacks.accents[kept], measures=attacks.measures[kept],
        chords=attacks.chords[kept], phrases=attacks.phrases[kept], beats=attacks.beats[kept],
        times=np.append(attacks.times[kept], attacks.times[-1]), begins=np.where(silent, 0, attacks.times[found]),
        ends=np.where(silent, 0, attacks.times[runs.last[kept] + 1]), places=kept.astype(np.int32),
        sources=found.astype(np.int32), passed=~fresh & ~silent, revoiced=~np.isin(kept, _chord_starts(attacks)),
        arpeggios=further & ~silent)


def _durations(score: Score, attacks: SlotArrays, kept: Array) -> list[Fraction]:
    """Lengths of the slots, to the next one or to the end of the chord."""
    onsets = [attacks.onsets[slot] for slot in kept]
    ends = [score.chords[attacks.chords[slot]].end for slot in kept]
    return [min(end, after) - onset
            for onset, end, after in zip(onsets, ends, [*onsets[1:], score.end], strict=True)] if onsets else []
