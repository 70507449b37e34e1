"""The notes, chords, hits and rests in music21's measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from theorygen.readers.written import Layer, Stroke, Written, WrittenBar
from theorygen.score import ScoreError
from theorygen.score.instruments import DRUM_HITS
from theorygen.theory import Pitch
from theorygen.theory.pitch import LETTERS

_SYMBOLS = {"Harmony", "NoChord"}
_HITS = {number: name for name, number in DRUM_HITS.items()}
_FINEST = 10080
"""Lengths are fractions of a quarter with at most this denominator: tuplets of 3, 5, 7 and 9 down to 128ths."""


@lru_cache(maxsize=4096)
def exact(number: Any) -> Fraction:
    """music21's time, a float or a Fraction, as the fraction that is meant."""
    return Fraction(number).limit_denominator(_FINEST)


def layers_of(row: Sequence[Any], written: Written) -> tuple[tuple[Layer, ...], ...]:
    """For each measure of a part what its voices do; what is passed over is counted in ``written.left_out``.

    Raises:
        ScoreError: a note lies between the keys of a piano.
    """
    return tuple(_layers(measure, bar, written.left_out) for measure, bar in zip(row, written.bars, strict=False))


def _layers(measure: Any, bar: WrittenBar, left_out: Counter[str]) -> tuple[Layer, ...]:
    layers = []
    for index, voice in enumerate(measure.voices, 1):
        layers.append(_layer(_voice_name(voice, index), voice, bar, exact(voice.offset), left_out))
    if not layers or measure.notesAndRests:
        layers.insert(0, _layer("", measure, bar, Fraction(0), left_out))
    return tuple(layers)


def _voice_name(voice: Any, index: int) -> str:
    """The file's number of a voice; where music21 made one up, the place in the measure."""
    name = str(voice.id)
    return name if name.isalnum() and len(name) < 4 else str(index)


def _layer(name: str, holder: Any, bar: WrittenBar, shift: Fraction, left_out: Counter[str]) -> Layer:
    strokes: list[Stroke] = []
    stems: set[str] = set()
    for element in holder.notesAndRests:
        if _SYMBOLS & element.classSet:
            left_out["chord symbols"] += 1
        elif not element.quarterLength:
            left_out["grace notes"] += 1
        else:
            onset = bar.onset + shift + exact(element.offset)
            duration = min(exact(element.quarterLength), bar.end - onset)
            if duration > 0:
                strokes.append(_stroke(element, onset, duration))
                stems |= {str(element.stemDirection)} if not strokes[-1].is_rest else set()
    return Layer(name, tuple(strokes), stems.pop() if stems in ({"up"}, {"down"}) else "")


def _stroke(element: Any, onset: Fraction, duration: Fraction) -> Stroke:
    fermata = any("Fermata" in mark.classSet for mark in element.expressions)
    notes = [] if element.isRest else list(getattr(element, "notes", [element]))
    hits = [note for note in notes if "Unpitched" in note.classSet]
    if hits:
        return Stroke(onset, duration, fermata=fermata, unpitched=_hit(hits[0]))
    pitches = {_pitch(note.pitch): _is_tied(note) for note in notes}
    tied = frozenset(pitch for pitch, is_tied in pitches.items() if is_tied)
    return Stroke(onset, duration, tuple(sorted(pitches)), tied, fermata)


def _is_tied(note: Any) -> bool:
    return note.tie is not None and note.tie.type in ("start", "continue")


def _hit(note: Any) -> str:
    """Name of a drum hit: the instrument's, else "hit"."""
    instrument = note.storedInstrument
    return _HITS.get(getattr(instrument, "percMapPitch", None) or -1, "hit")


def _pitch(pitch: Any) -> Pitch:
    octave = pitch.implicitOctave if pitch.octave is None else pitch.octave
    if pitch.alter != int(pitch.alter) or abs(pitch.alter) > 3 or not 0 <= octave <= 9:
        raise ScoreError(f"the note {pitch.nameWithOctave} cannot be read; expected one from C0 to B9 with up to three "
                         "sharps or flats")
    return Pitch(7 * octave + LETTERS.index(pitch.step), int(pitch.alter))

