"""A score as arrays: what every voice does at every slot of a grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from theorygen.score.event import Voice
from theorygen.source.nearest import nearest
from theorygen.theory import TheoryError
from theorygen.theory.meter import STRONG

if TYPE_CHECKING:
    from theorygen.score.score import Score

SILENT, ATTACK, HELD = 0, 1, 2
"""States of a voice in a slot."""

SILENT_CODE = -1
"""Stands in ``codes`` where a voice is silent."""


@dataclass(frozen=True, eq=False)
class SlotArrays:
    """What every pitched voice does at every slot; n slots by v voices, voices from top to bottom.

    Attributes:
        grid: the grid's name.
        voices: names of the v voices.
        onsets: n times in quarter lengths from the start of the score.
        durations: n lengths in quarter lengths, to the next slot.
        codes: int32 [n, v]: `Pitch.code` of what sounds at the onset (the top note of a chord), -1 when silent.
        states: uint8 [n, v]: SILENT 0; ATTACK 1: a note that began since the slot before; HELD 2: it goes on.
        multiple: bool [n, v]: whether the voice has several notes at once.
        events: int32 [n, v]: index into the voice's events of the event sounding (or the rest), -1 past its end.
        weights: int8 [n]: metric strength, 3 downbeat to 0 off the beat.
        chords: int32 [n]: index into ``score.chords``, or -1.
        phrases: int32 [n]: number of the phrase; without chords 0.
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
    chords: npt.NDArray[np.int32]
    phrases: npt.NDArray[np.int32]

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


def slots_of(score: Score, grid: str = "attacks") -> SlotArrays:
    """The arrays of a score on a grid.

    ``attacks`` has a slot wherever a voice attacks or stops, ``skeleton`` at every chord symbol, ``beats`` at every
    beat, ``strong-beats`` at downbeats and secondary strong beats. Percussion parts are left out.

    Raises:
        TheoryError: there is no such grid.
    """
    if grid not in GRIDS:
        raise TheoryError(f"'{grid}' is not a grid", grid, 0, ", ".join(GRIDS), nearest(grid, GRIDS))
    onsets = GRIDS[grid](score)
    voices = score.pitched_voices
    columns = [_column(voice, onsets) for voice in voices]
    cells = np.array(columns, dtype=np.int32).reshape(len(voices), len(onsets), 4)
    chords = np.array([score.chord_index(onset) for onset in onsets], dtype=np.int32)
    return SlotArrays(
        grid, tuple(voice.name for voice in voices), onsets, _durations(score, onsets, grid),
        np.ascontiguousarray(cells[:, :, 0].T), np.ascontiguousarray(cells[:, :, 1].T.astype(np.uint8)),
        np.ascontiguousarray(cells[:, :, 2].T.astype(np.bool_)), np.ascontiguousarray(cells[:, :, 3].T),
        np.array([score.weight_at(onset) for onset in onsets], dtype=np.int8),
        chords, _phrases(score, onsets),
    )


def _attacks(score: Score) -> list[Fraction]:
    """The start, and every time at which a voice attacks or stops."""
    onsets = {Fraction(0)} if score.end else set()
    for voice in score.pitched_voices:
        events = voice.events
        for index, event in enumerate(events):
            still_resting = event.is_rest and index > 0 and events[index - 1].is_rest
            if not still_resting and not voice.is_continuation(index):
                onsets.add(event.onset)
        if voice.events:
            onsets.add(voice.end)
    return sorted(onset for onset in onsets if onset < score.end)


def _skeleton(score: Score) -> list[Fraction]:
    return [chord.onset for chord in score.chords]


def _beats(score: Score) -> list[Fraction]:
    """Every beat of every measure."""
    onsets = []
    for measure in score.measures():
        beat = measure.meter.beat_length
        first = -(-measure.start_offset // beat) * beat
        count = int(-((first - measure.start_offset - measure.length) // beat))
        onsets += [measure.onset - measure.start_offset + first + index * beat for index in range(count)]
    return [onset for onset in onsets if onset < score.end]


def _strong_beats(score: Score) -> list[Fraction]:
    return [onset for onset in _beats(score) if score.weight_at(onset) >= STRONG]


GRIDS: dict[str, Callable[[Score], list[Fraction]]] = {
    "attacks": _attacks, "skeleton": _skeleton, "beats": _beats, "strong-beats": _strong_beats,
}


def _durations(score: Score, onsets: list[Fraction], grid: str) -> list[Fraction]:
    """Lengths of the slots: to the next one, or for the skeleton the chord's own."""
    if grid == "skeleton":
        return [chord.duration for chord in score.chords]
    return [after - onset for onset, after in zip(onsets, [*onsets[1:], score.end], strict=True)] if onsets else []


def _column(voice: Voice, onsets: list[Fraction]) -> list[tuple[int, int, int, int]]:
    """For each onset: pitch code, state, whether several notes sound, index of the event."""
    starts = [event.onset for event in voice.events]
    attacks = _attack_times(voice)
    column, before = [], None
    for onset in onsets:
        index = bisect_right(starts, onset) - 1
        if index < 0 or onset >= voice.end:
            column.append((SILENT_CODE, SILENT, 0, -1))
        elif voice.events[index].is_rest or voice.events[index].pitch is None:
            column.append((SILENT_CODE, SILENT, 0, index))
        else:
            event = voice.events[index]
            state = ATTACK if before is None or attacks[index] > before else HELD
            column.append((event.pitches[-1].code, state, int(len(event.pitches) > 1), index))
        before = onset
    return column


def _attack_times(voice: Voice) -> list[Fraction]:
    """For each event when its notes were attacked: earlier than its onset when it only continues a tie."""
    times: list[Fraction] = []
    for index, event in enumerate(voice.events):
        times.append(times[-1] if voice.is_continuation(index) else event.onset)
    return times


def _phrases(score: Score, onsets: list[Fraction]) -> npt.NDArray[np.int32]:
    """The phrase of the last chord at or before each onset; 0 before the first."""
    starts = [chord.onset for chord in score.chords]
    indexes = [max(bisect_right(starts, onset) - 1, 0) for onset in onsets]
    return np.array([score.chords[index].phrase if starts else 0 for index in indexes], dtype=np.int32)
