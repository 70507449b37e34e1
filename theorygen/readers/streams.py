"""From music21's streams to what was written. music21 is imported where it is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from theorygen.readers.assemble import score_of_written
from theorygen.readers.written import Layer, Staff, Stroke, Written, WrittenBar
from theorygen.score import Score, ScoreError
from theorygen.theory import Key, Meter, Pitch, PitchClass, TheoryError
from theorygen.theory.pitch import LETTERS

_NO_NOTES = {"Harmony", "NoChord"}


def score_of_stream(stream: Any, name: str) -> Score:
    """The score in a music21 stream (a Score, Part or Measure).

    Args:
        stream: music21's; it is not changed.
        name: of the file or piece, for messages.

    Raises:
        ScoreError: there is nothing in it to read.
    """
    return score_of_written(written_of_stream(stream, name))


def written_of_stream(stream: Any, name: str) -> Written:
    """What a music21 stream says, at sounding pitch.

    Raises:
        ScoreError: it holds several pieces.
    """
    stream = _one_piece(stream, name)
    parts = [_with_measures(part) for part in _parts(_sounding(stream))]
    written = Written(name, title=_title(stream), composer=_composer(stream))
    measures = [list(part.getElementsByClass("Measure")) for part in parts]
    written.bars = _bars(measures)
    onsets = [bar.onset for bar in written.bars]
    for row in measures:
        _add_signatures(written, row, onsets)
    for part, row in zip(parts, measures, strict=True):
        written.staves.append(_staff(part, row, written))
    return written


def _one_piece(stream: Any, name: str) -> Any:
    if "Opus" not in stream.classSet:
        return stream
    pieces = list(stream.scores)
    if len(pieces) != 1:
        raise ScoreError(f"'{name}' holds {len(pieces)} pieces; expected one: split it into a file for each")
    return pieces[0]


def _sounding(stream: Any) -> Any:
    """The stream at sounding pitch; the same object where nothing transposes."""
    transposes = any(one.transposition is not None for one in stream.recurse().getElementsByClass("Instrument"))
    return stream.toSoundingPitch() if transposes else stream


def _parts(stream: Any) -> list[Any]:
    parts = list(stream.parts) if "Score" in stream.classSet else []
    return parts or [stream]


def _with_measures(part: Any) -> Any:
    """The part, cut into measures if it is not."""
    if "Measure" in part.classSet:
        from music21 import stream

        holder = stream.Part()
        holder.insert(0, part)
        return holder
    return part if part.getElementsByClass("Measure") else part.makeMeasures()


def _title(stream: Any) -> str:
    found = stream.metadata
    return str(found.bestTitle or "") if found is not None else ""


def _composer(stream: Any) -> str:
    return str(stream.metadata.composer or "") if stream.metadata is not None else ""


def _bars(measures: Sequence[Sequence[Any]]) -> list[WrittenBar]:
    """The bars of all parts, which must not contradict each other in what sounds."""
    bars: list[WrittenBar] = []
    onset = Fraction(0)
    for index in range(max(map(len, measures), default=0)):
        same = [row[index] for row in measures if index < len(row)]
        length = _length(same)
        number = same[0].number
        continues = bool(same[0].numberSuffix) and bool(bars) and number == bars[-1].number
        if length > 0:
            bars.append(WrittenBar(onset, length, number, continues))
        onset += length
    return bars


def _length(same: Sequence[Any]) -> Fraction:
    """How long a bar is: as short as some part says, but no note is cut.

    A rest for a whole bar is often written with the length of a full one where the bar is short.
    """
    shortest = min(_fraction(measure.duration.quarterLength) for measure in same)
    return max([shortest, *(end for measure in same for end in _note_ends(measure))])


def _note_ends(measure: Any) -> Iterator[Fraction]:
    for holder in [measure, *measure.voices]:
        start = _fraction(holder.offset) if holder is not measure else Fraction(0)
        for element in holder.notes:
            yield start + _fraction(element.offset) + _fraction(element.quarterLength)


def _fraction(number: Any) -> Fraction:
    """music21's time, a float or Fraction, as an exact Fraction."""
    return Fraction(number).limit_denominator(10080)


def _add_signatures(written: Written, row: Sequence[Any], onsets: Sequence[Fraction]) -> None:
    """Meters and keys of a part, where no part above it has one at that time."""
    for measure, onset in zip(row, onsets, strict=False):
        for element in measure.getElementsByClass(["TimeSignature", "KeySignature"]):
            when = onset + _fraction(element.offset)
            if "TimeSignature" in element.classSet:
                written.meters.setdefault(when, _meter(element, written))
            else:
                written.keys.setdefault(when, _key(element))


def _meter(signature: Any, written: Written) -> Meter:
    text = f"{signature.numerator}/{signature.denominator}"
    try:
        return Meter.parse(text)
    except TheoryError as error:
        raise ScoreError(f"'{written.name}' has the time signature {text}: {error.message}") from None


def _key(signature: Any) -> Key:
    """The key of a signature; without a mode it is major."""
    if "Key" in signature.classSet:
        tonic = signature.tonic
        pitch_class = PitchClass(LETTERS.index(tonic.step), int(tonic.alter))
        try:
            return Key.parse(f"{pitch_class} {signature.mode}")
        except TheoryError:
            pass
    return Key(PitchClass.from_fifths(int(signature.sharps)))


def _staff(part: Any, row: Sequence[Any], written: Written) -> Staff:
    name = str(part.partName or "")
    bars = tuple(_layers(measure, bar) for measure, bar in zip(row, written.bars, strict=False))
    return Staff(name, bars)


def _layers(measure: Any, bar: WrittenBar) -> tuple[Layer, ...]:
    voices = list(measure.voices)
    layers = [_layer(str(voice.id), voice, bar, _fraction(voice.offset)) for voice in voices]
    if not voices or measure.notesAndRests:
        layers.insert(0, _layer("", measure, bar, Fraction(0)))
    return tuple(layers)


def _layer(name: str, holder: Any, bar: WrittenBar, shift: Fraction) -> Layer:
    strokes: list[Stroke] = []
    stems: set[str] = set()
    for element in holder.notesAndRests:
        if _NO_NOTES & element.classSet or not element.quarterLength:
            continue
        onset = bar.onset + shift + _fraction(element.offset)
        stroke = _stroke(element, onset, min(_fraction(element.quarterLength), bar.end - onset))
        if stroke is not None:
            strokes.append(stroke)
            if not stroke.is_rest:
                stems.add(str(element.stemDirection))
    return Layer(name, tuple(strokes), stems.pop() if stems in ({"up"}, {"down"}) else "")


def _stroke(element: Any, onset: Fraction, duration: Fraction) -> Stroke | None:
    if duration <= 0:
        return None
    notes = [note for note in getattr(element, "notes", [element]) if hasattr(note, "pitch")]
    pitches = {_pitch(note.pitch): note.tie is not None and note.tie.type != "stop" for note in notes}
    fermata = any("Fermata" in mark.classSet for mark in element.expressions)
    tied = frozenset(pitch for pitch, is_tied in pitches.items() if is_tied)
    return Stroke(onset, duration, tuple(sorted(pitches)), tied, fermata)


def _pitch(pitch: Any) -> Pitch:
    octave = pitch.implicitOctave if pitch.octave is None else pitch.octave
    return Pitch(7 * octave + LETTERS.index(pitch.step), int(pitch.alter))
