"""Chords split into voices: the way that moves least, without crossing, found exactly.

A row of chords, in which some notes may be held while others move, is cut into slices at every attack. In a slice the
notes go to voices in the order of their pitch, so no voice crosses another; where there are fewer notes than voices,
some rest. Among all ways the cheapest is taken (a shortest path over slices):

* a voice that sounds in two successive slices pays the semitones it moves;
* a voice that falls silent or comes back pays an octave;
* a resting bass pays a little, a resting top voice twice that: of equal ways the outer voices sound;
* a held or tied note must stay in its voice. Where that would make voices cross, the note changes voice.

Notes whose voices are known keep them, and may cross. Rests in which nothing sounds are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from theorygen.theory import Pitch

_UNIT = 8
"""Cost of a semitone; small costs that only break ties stay below."""
_SILENT = 12 * _UNIT
_BASS_RESTS, _TOP_RESTS = 1, 2
_HELD_ELSEWHERE = 1 << 20


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a chord.

    Attributes:
        onset: start in quarter lengths.
        end: when it stops.
        pitch: its pitch.
        tied: whether it is tied to the same pitch in the next chord.
        fermata: whether a fermata stands over it.
        voice: its voice counted from 0 at the top, if that is known, else -1.
    """

    onset: Fraction
    end: Fraction
    pitch: Pitch
    tied: bool = False
    fermata: bool = False
    voice: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class _Slice:
    """What sounds from one attack to the next.

    Attributes:
        onset: start.
        end: when it stops.
        tones: from top to bottom.
        voices: int [ways, tones], the voice of each tone in each way.
    """

    onset: Fraction
    end: Fraction
    tones: tuple[Tone, ...]
    voices: npt.NDArray[np.int64]


def most_at_once(tones: Sequence[Tone]) -> int:
    """How many notes sound together at most."""
    if all(before.end <= after.onset for before, after in pairwise(tones)):
        return min(len(tones), 1)
    changes = sorted([(tone.onset, 1) for tone in tones] + [(tone.end, -1) for tone in tones])
    sounding = most = 0
    for _, change in changes:
        sounding += change
        most = max(most, sounding)
    return most


def split_tones(tones: Sequence[Tone], count: int) -> list[list[Tone]]:
    """The tones of each voice, the top one first, in time order; a tone that changes voice is cut in two.

    Args:
        tones: in any order.
        count: number of voices, at least `most_at_once`.
    """
    if count == 1:
        return [sorted(tones, key=lambda tone: tone.onset)]
    slices = _slices(tones, count)
    voices: list[list[Tone]] = [[] for _ in range(count)]
    last: dict[int, Tone] = {}
    for piece, way in zip(slices, _cheapest(slices, count), strict=True):
        for tone, voice in zip(piece.tones, piece.voices[way], strict=True):
            if last.get(int(voice)) is tone and voices[voice][-1].end == piece.onset:
                voices[voice][-1] = _piece(tone, voices[voice][-1].onset, piece.end)
            else:
                voices[voice].append(_piece(tone, piece.onset, piece.end))
            last[int(voice)] = tone
    return voices


def _piece(tone: Tone, onset: Fraction, end: Fraction) -> Tone:
    """The tone between two times; its tie and its fermata stand at its end."""
    ends = end == tone.end
    return Tone(onset, end, tone.pitch, tone.tied and ends, tone.fermata and ends, tone.voice)


def slices_of(tones: Sequence[Tone]) -> list[tuple[Fraction, Fraction, list[Tone]]]:
    """(start, end, what sounds) from one attack or release to the next; silence is left out."""
    cuts = sorted({time for tone in tones for time in (tone.onset, tone.end)})
    starting = sorted(tones, key=lambda tone: tone.onset)
    slices: list[tuple[Fraction, Fraction, list[Tone]]] = []
    sounding: list[Tone] = []
    index = 0
    for onset, end in pairwise(cuts):
        sounding = [tone for tone in sounding if tone.end > onset]
        while index < len(starting) and starting[index].onset <= onset:
            sounding.append(starting[index])
            index += 1
        if sounding:
            slices.append((onset, end, list(sounding)))
    return slices


def goes_on(tone: Tone, other: Tone) -> bool:
    """Whether the second goes on with the first: held, or tied to it."""
    return tone is other or (tone.tied and tone.pitch == other.pitch and tone.end == other.onset)


def _slices(tones: Sequence[Tone], count: int) -> list[_Slice]:
    slices = []
    for onset, end, sounding in slices_of(tones):
        ordered = tuple(sorted(sounding, key=lambda tone: -tone.pitch.code))
        slices.append(_Slice(onset, end, ordered, _ways(ordered, count)))
    return slices


def _ways(tones: Sequence[Tone], count: int) -> npt.NDArray[np.int64]:
    """[ways, tones]: the voices the tones of a slice, from top to bottom, may have. Unisons go either way round."""
    known = [tone.voice for tone in tones]
    if min(known) >= 0 and len(set(known)) == len(known):
        return np.array([known], dtype=np.int64)
    ways = np.array(list(combinations(range(count), len(tones))), dtype=np.int64)
    for index, (upper, lower) in enumerate(pairwise(tones)):
        if upper.pitch == lower.pitch:
            turned = ways.copy()
            turned[:, [index, index + 1]] = ways[:, [index + 1, index]]
            ways = np.concatenate([ways, turned])
    return ways


def _cheapest(slices: Sequence[_Slice], count: int) -> list[int]:
    """For each slice the way on the cheapest path; the first of equal ones."""
    if not slices:
        return []
    costs = [_own_cost(slices[0], count)]
    back: list[npt.NDArray[np.int64]] = []
    for before, after in pairwise(slices):
        total = costs[-1][:, None] + _step_cost(before, after, count)
        back.append(total.argmin(axis=0))
        costs.append(total.min(axis=0) + _own_cost(after, count))
    ways = [int(costs[-1].argmin())]
    for row in reversed(back):
        ways.append(int(row[ways[-1]]))
    return ways[::-1]


def _own_cost(piece: _Slice, count: int) -> npt.NDArray[np.int64]:
    """[ways]: what resting outer voices pay."""
    sounds = _sounds(piece, count)
    return np.asarray(_TOP_RESTS * ~sounds[:, 0] + _BASS_RESTS * ~sounds[:, -1], dtype=np.int64)


def _sounds(piece: _Slice, count: int) -> npt.NDArray[np.bool_]:
    """[ways, voices]: which voices sound."""
    sounds = np.zeros((len(piece.voices), count), dtype=np.bool_)
    np.put_along_axis(sounds, piece.voices, True, axis=1)
    return sounds


def _heights(piece: _Slice, count: int) -> npt.NDArray[np.int64]:
    """[ways, voices]: MIDI number of what each voice sings, 0 where it rests."""
    heights = np.zeros((len(piece.voices), count), dtype=np.int64)
    midi = np.array([tone.pitch.midi for tone in piece.tones], dtype=np.int64)
    np.put_along_axis(heights, piece.voices, np.broadcast_to(midi, piece.voices.shape), axis=1)
    return heights


def _step_cost(before: _Slice, after: _Slice, count: int) -> npt.NDArray[np.int64]:
    """[ways before, ways after]: what the step between two slices costs."""
    from_, to = _sounds(before, count)[:, None], _sounds(after, count)[None]
    moved = np.abs(_heights(before, count)[:, None] - _heights(after, count)[None])
    cost = _UNIT * np.where(from_ & to, moved, 0).sum(axis=2) + _SILENT * (from_ ^ to).sum(axis=2)
    for old, tone in enumerate(before.tones):
        for new, other in enumerate(after.tones):
            if goes_on(tone, other):
                elsewhere = before.voices[:, old][:, None] != after.voices[:, new][None]
                cost = cost + _HELD_ELSEWHERE * elsewhere
    return cost

