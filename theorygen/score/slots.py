"""A score as arrays: what every voice does at every slot of a grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from theorygen.score.sounding import ATTACK, HELD, SILENT, SILENT_CODE, Array, Line, Sounding
from theorygen.source.nearest import nearest
from theorygen.theory import TheoryError
from theorygen.theory.meter import STRONG

if TYPE_CHECKING:
    from theorygen.score.score import Score

__all__ = ["ATTACK", "GRIDS", "HELD", "SILENT", "SILENT_CODE", "SlotArrays", "slots_of"]


@dataclass(frozen=True, eq=False)
class SlotArrays:
    """What every pitched voice does at every slot; n slots by v voices, voices from top to bottom.

    Attributes:
        grid: the grid's name.
        voices: names of the v voices.
        onsets: n times in quarter lengths from the start of the score.
        durations: n lengths in quarter lengths, to the next slot.
        codes: int32 [n, v]: `Pitch.code` of what sounds at the onset (the top note of a chord), -1 when silent; on the
            skeleton and the chords of the note that embellishments stand for.
        states: uint8 [n, v]: SILENT 0; ATTACK 1: a note that began since the slot before; HELD 2: it goes on.
        multiple: bool [n, v]: whether the voice has several notes at once.
        events: int32 [n, v]: index into the voice's events of the event sounding (or the rest), -1 past its end.
        weights: int8 [n]: metric strength, 3 downbeat to 0 off the beat.
        accents: int16 [n]: the same, but finer off the beat: 0 halfway, less for smaller parts of the beat.
        measures: int32 [n]: number of the measure, counted from 0.
        chords: int32 [n]: index into ``score.chords``, or -1.
        phrases: int32 [n]: number of the phrase; without chords 0.
        ticks: how many ticks a quarter has; all times below are whole numbers of ticks.
        times: [n + 1]: the onsets, and the end of the score.
        beats: [n]: length of a beat.
        begins: [n, v]: when the note in ``codes`` began, 0 where silent; on the skeleton not before its chord.
        ends: [n, v]: when it ends, 0 where silent; on the skeleton not after its chord.
        places: int32 [n]: the slot of the attacks in which each slot lies.
        sources: int32 [n, v]: the slot of the attacks in which the note in ``codes`` is found.
        passed: bool [n, v]: slots that a line of one voice passes over: nothing new happens in it there.
        revoiced: bool [n]: slots of the skeleton where no chord begins but some voice takes another note of it.
        arpeggios: bool [n, v]: whether the voice takes other notes of the chord before the next slot of the chords.
    """

    grid: str
    voices: tuple[str, ...]
    onsets: list[Fraction]
    durations: list[Fraction]
    codes: npt.NDArray[np.int32]
    states: npt.NDArray[np.uint8]
    multiple: npt.NDArray[np.bool_]
    events: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8]
    accents: npt.NDArray[np.int16]
    measures: npt.NDArray[np.int32]
    chords: npt.NDArray[np.int32]
    phrases: npt.NDArray[np.int32]
    ticks: int
    times: Array
    beats: Array
    begins: Array
    ends: Array
    places: npt.NDArray[np.int32]
    sources: npt.NDArray[np.int32]
    passed: npt.NDArray[np.bool_]
    revoiced: npt.NDArray[np.bool_]
    arpeggios: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.onsets)

    @property
    def attack(self) -> npt.NDArray[np.bool_]:
        """[n, v]: where a note begins."""
        return self.states == ATTACK

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """[n, v]: where a note goes on from the slot before."""
        return self.states == HELD

    @property
    def silent(self) -> npt.NDArray[np.bool_]:
        """[n, v]: where nothing sounds."""
        return self.states == SILENT


_EVENT = 3


def slots_of(score: Score, grid: str = "attacks") -> SlotArrays:
    """The arrays of a score on a grid.

    ``attacks`` has a slot wherever a voice attacks or stops or a chord begins; ``beats`` at every beat;
    ``strong-beats`` at downbeats and secondary strong beats; ``chords`` at every chord symbol; ``skeleton`` at every
    chord symbol and wherever a voice takes another note of the chord. On the last two embellishments are reduced to
    the notes they stand for (`theorygen.score.skeleton`). Percussion parts are left out.

    Raises:
        TheoryError: there is no such grid.
    """
    if grid not in GRIDS:
        raise TheoryError(f"'{grid}' is not a grid", grid, 0, ", ".join(GRIDS), nearest(grid, GRIDS))
    return GRIDS[grid](score)


def _attacks(score: Score) -> SlotArrays:
    sounding = score.sounding
    return cut(sounding, "attacks", sounding.news)


def _beats(score: Score) -> SlotArrays:
    return cut(score.sounding, "beats", score.sounding.beats)


def _strong_beats(score: Score) -> SlotArrays:
    beats = np.array(score.sounding.beats, dtype=np.int64)
    return cut(score.sounding, "strong-beats", beats[score.sounding.metric(beats)[0] >= STRONG].tolist())


def _skeleton(score: Score) -> SlotArrays:
    from theorygen.score.skeleton import skeleton_of

    return skeleton_of(score)


def _chords(score: Score) -> SlotArrays:
    from theorygen.score.skeleton import chords_of

    return chords_of(score)


GRIDS: dict[str, Callable[[Score], SlotArrays]] = {
    "attacks": _attacks, "skeleton": _skeleton, "beats": _beats, "strong-beats": _strong_beats, "chords": _chords,
}


def cut(sounding: Sounding, grid: str, onsets: list[int]) -> SlotArrays:
    """What sounds at these ticks."""
    score, times = sounding.score, np.array([*onsets, sounding.end])
    shape = (len(onsets), len(sounding.lines))
    cells = np.zeros((6, *shape), dtype=times.dtype)
    for voice, line in enumerate(sounding.lines):
        cells[:, :, voice] = _column(line, times[:-1])
    codes, states, multiple, events, begins, ends = cells
    weights, accents, beats, measures = sounding.metric(times[:-1])
    places = np.searchsorted(sounding.news, times[:-1], side="right") - 1
    moments = [sounding.moment(time) for time in times.tolist()]
    chords = np.array([score.chord_index(onset) for onset in moments[:-1]], dtype=np.int32)
    return SlotArrays(
        grid, tuple(voice.name for voice in score.pitched_voices), moments[:-1],
        [after - onset for onset, after in pairwise(moments)], codes.astype(np.int32),
        states.astype(np.uint8), multiple.astype(bool), events.astype(np.int32), weights, accents, measures, chords,
        _phrases(sounding, times[:-1]), sounding.ticks, times, beats, begins, ends, places.astype(np.int32),
        np.repeat(places[:, None], shape[1], axis=1).astype(np.int32), _passed(grid, states),
        np.zeros(len(onsets), dtype=bool), np.zeros(shape, dtype=bool))


def _passed(grid: str, states: Array) -> Array:
    """Between beats a note may return, so on beats a held note is a note; on attacks it only goes on."""
    return states == HELD if grid == "attacks" else np.zeros(states.shape, dtype=bool)


def _column(line: Line, onsets: Array) -> Array:
    """For each onset: pitch code, state, whether several notes sound, index of the event, when its note began, ends."""
    if not len(line.starts):
        return np.repeat([[SILENT_CODE], [SILENT], [0], [-1], [0], [0]], len(onsets), axis=1)
    index = np.where(onsets < line.stop, np.searchsorted(line.starts, onsets, side="right") - 1, -1)
    silent = (index < 0) | (line.codes[index] == SILENT_CODE)
    before = np.concatenate([[-1], onsets[:-1]])
    states = np.where(line.attacks[index] > before, ATTACK, HELD)
    cells = np.array([line.codes[index], states, line.multiple[index], index, line.attacks[index], line.ends[index]])
    cells[:, silent] = [[SILENT_CODE], [SILENT], [0], [0], [0], [0]]
    cells[_EVENT] = index
    return cells


def _phrases(sounding: Sounding, onsets: Array) -> npt.NDArray[np.int32]:
    """The phrase of the last chord at or before each onset; 0 before the first."""
    chords = sounding.score.chords
    if not chords:
        return np.zeros(len(onsets), dtype=np.int32)
    numbers = np.array([chord.phrase for chord in chords], dtype=np.int32)
    return numbers[np.maximum(np.searchsorted(sounding.chord_onsets, onsets, side="right") - 1, 0)]
