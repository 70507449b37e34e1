"""MusicXML through music21: staves, voices, ties, beams and accidentals laid out by us, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from theorygen.render.annotations import Annotations, paint
from theorygen.render.chord_labels import chord_labels
from theorygen.render.figured_bass import with_figures
from theorygen.render.layout import Layer, Piece, Staff, StaffMeasure, lay_out
from theorygen.render.remarks import add_comments, add_legend, add_text
from theorygen.score import ChordEvent, Measure, Part, Score
from theorygen.score.part import title_of
from theorygen.theory.pitch import LETTERS

_ENCODING = re.compile(rb"\s*<(encoding-date|software)>[^<]*</\1>|<!--.*?-->", re.DOTALL)
_MOVEMENT = re.compile(rb"\s*<movement-title>.*?</movement-title>", re.DOTALL)
_CREATOR = re.compile(rb"\s*<creator [^>]*>.*?</creator>", re.DOTALL)
_TITLES = re.compile(rb"\s*<(work|movement-title)>.*?</\1>", re.DOTALL)
_BEAMS = {
    "begin": ("start", None), "continue": ("continue", None), "end": ("stop", None),
    "forward hook": ("partial", "right"), "backward hook": ("partial", "left"),
}
_DRUM_STEPS = {
    "kick": "F4", "low-tom": "A4", "mid-tom": "D5", "high-tom": "E5", "snare": "C5", "rimshot": "C5", "clap": "C5",
    "closed-hat": "G5", "open-hat": "G5", "pedal-hat": "D4", "ride": "F5", "crash": "A5",
}
"""Line or space of a five-line staff, read in the treble clef."""
_CROSSED = {"closed-hat", "open-hat", "pedal-hat", "ride", "crash", "rimshot", "clap"}

_OWN_FIELD = "theorygen-"
"""Before the names of a score's metadata (style, seed) among a file's own."""


def score_to_musicxml(score: Score, *, analysis: bool = True, annotations: Annotations | None = None) -> bytes:
    """The score as an uncompressed MusicXML file.

    Args:
        score: what to write.
        analysis: whether to print Roman numerals, keys and cadences under the lowest staff.
        annotations: remarks to write into it.
    """
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    exporter = GeneralObjectExporter(_build(score, analysis, annotations or Annotations()))
    exporter.makeNotation = False
    return with_figures(_clean(exporter.parse(), score), score)


def score_to_mxl(score: Score, *, analysis: bool = True, annotations: Annotations | None = None) -> bytes:
    """The score as a compressed MusicXML file, with fixed times inside."""
    container = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles><rootfile full-path="score.musicxml" '
        b'media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>\n'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("META-INF/container.xml", container),
                              ("score.musicxml", score_to_musicxml(score, analysis=analysis, annotations=annotations))):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _clean(xml: bytes, score: Score) -> bytes:
    """Without dates, versions, comments, and without a title and a composer that nobody gave."""
    xml = _ENCODING.sub(b"", xml)
    if not score.composer:
        xml = _CREATOR.sub(b"", xml)
    return (_MOVEMENT if score.title else _TITLES).sub(b"", xml)


def _build(score: Score, analysis: bool, annotations: Annotations) -> Any:
    """The music21 score."""
    from music21 import layout, metadata, stream

    result = stream.Score(id="score")
    result.metadata = metadata.Metadata(title=score.title or "Untitled")
    if score.composer:
        result.metadata.composer = score.composer
    for name, value in score.metadata.items():
        if isinstance(value, str | int):
            result.metadata.addCustom(f"{_OWN_FIELD}{name}", str(value))
    staves = lay_out(score)
    paint(staves, score, annotations.colours)
    built = [_staff_stream(score, staff, number) for number, staff in enumerate(staves, 1)]
    for one in built:
        result.coreInsert(0.0, one)
    for group in _brackets(score, staves, built, layout.StaffGroup):
        result.coreInsert(0.0, group)
    result.coreElementsChanged()
    _add_tempo(score, built[0])
    if analysis:
        _add_analysis(score, staves, built)
    add_comments(staves, built, annotations)
    if annotations.legend:
        add_legend(score, result, annotations.legend)
    return result


def _brackets(score: Score, staves: Sequence[Staff], built: Sequence[Any], group: Any) -> Iterator[Any]:
    """A brace around each part with several staves; a bracket around all pitched parts otherwise."""
    for part in score.parts:
        own = [one for staff, one in zip(staves, built, strict=True) if staff.part is part]
        if len(own) > 1:
            yield group(own, name=title_of(part.name), symbol="brace", barTogether=True)
    pitched = [one for staff, one in zip(staves, built, strict=True) if not staff.part.percussion]
    if len(pitched) > 1 and all(len(part.clefs) == 1 for part in score.parts):
        yield group(pitched, symbol="bracket", barTogether=True)


def _staff_stream(score: Score, staff: Staff, number: int) -> Any:
    from music21 import stream

    kind = stream.PartStaff if len(staff.part.clefs) > 1 else stream.Part
    result = kind(id=f"P{number}")
    result.partName = _part_name(staff.part)
    result.coreInsert(0.0, _instrument(staff.part, score.parts.index(staff.part) + 1))
    for index, measure in enumerate(staff.measures):
        result.coreInsert(measure.measure.onset, _measure_stream(score, staff, measure, index))
    result.coreElementsChanged()
    return result


def _part_name(part: Part) -> str:
    """"Soprano\\nAlto" beside a staff of two voices; the instrument beside a brace."""
    if len(part.clefs) > 1 or part.percussion or len(part.voices) < 2:
        return title_of(part.name)
    return "\n".join(title_of(voice.name) for voice in part.voices)


def _instrument(part: Part, number: int) -> Any:
    from music21 import instrument

    result = instrument.UnpitchedPercussion() if part.percussion else instrument.Instrument()
    result.partName, result.instrumentName = _part_name(part), title_of(part.instrument)
    result.partId, result.instrumentId = f"P{number}", f"P{number}-I1"
    result.midiProgram = part.midi_program
    result.midiChannel = 9 if part.percussion else (number - 1) % 9
    return result


def _measure_stream(score: Score, staff: Staff, written: StaffMeasure, index: int) -> Any:
    from music21 import stream

    result = _empty_measure(score, staff, written.measure, index)
    for number, layer in enumerate(written.layers, 1):
        holder = result if len(written.layers) == 1 else stream.Voice(id=str(number))
        for piece in layer.pieces:
            holder.coreInsert(piece.offset, _element(layer, piece))
        holder.coreElementsChanged()
        if holder is not result:
            result.coreInsert(0.0, holder)
    result.coreElementsChanged()
    return result


def _empty_measure(score: Score, staff: Staff, measure: Measure, index: int) -> Any:
    """A measure with its signatures and barlines."""
    from music21 import stream

    result = stream.Measure(number=measure.number)
    result.id = f"m{index}"
    if measure.is_pickup:
        result.paddingLeft = measure.start_offset
        result.showNumber = stream.enums.ShowNumber.NEVER
    _add_signatures(score, staff, measure, result)
    _add_barlines(score, measure, result)
    return result


def _add_signatures(score: Score, staff: Staff, measure: Measure, result: Any) -> None:
    """Clef, key and meter where they begin or change."""
    from music21 import key, meter

    if measure.onset == 0:
        result.clef = _clef(staff.clef)
    keys = dict(score.keys)
    changed = [value for onset, value in score.keys if measure.onset <= onset < measure.end]
    if changed and not staff.part.percussion:
        shown = keys.get(measure.onset, changed[-1])
        result.keySignature = key.KeySignature(shown.signature).asKey(shown.mode.split()[-1])
    if any(onset == measure.onset for onset, _ in score.meters):
        result.timeSignature = meter.TimeSignature(str(measure.meter))


def _add_barlines(score: Score, measure: Measure, result: Any) -> None:
    from music21 import bar

    if measure.end == score.end:
        result.rightBarline = bar.Barline("final")
    for repeat in score.repeats:
        if measure.onset == repeat.start and repeat.start > 0:
            result.leftBarline = bar.Repeat("start")
        if measure.end == repeat.end:
            result.rightBarline = bar.Repeat("end", times=repeat.times if repeat.times > 2 else None)


def _clef(name: str) -> Any:
    from music21 import clef

    kinds = {
        "treble": clef.TrebleClef, "bass": clef.BassClef, "alto": clef.AltoClef, "tenor": clef.TenorClef,
        "treble-8": clef.Treble8vbClef, "soprano": clef.SopranoClef, "percussion": clef.PercussionClef,
    }
    return kinds[name]()


def _element(layer: Layer, piece: Piece) -> Any:
    """The music21 note, chord, hit or rest of a piece."""
    element = _sounding(piece)
    element.duration = _duration(piece)
    if piece.fermata:
        element.expressions.append(_fermata(layer))
    if piece.is_rest:
        return element
    if layer.stem:
        element.stemDirection = layer.stem
    for number, beam in enumerate(piece.beams, 1):
        kind, direction = _BEAMS[beam]
        element.beams.append(kind, direction)
        element.beams.beamsList[-1].number = number
    return element


def _fermata(layer: Layer) -> Any:
    from music21 import expressions

    fermata: Any = expressions.Fermata()
    fermata.type = "inverted" if layer.stem == "down" else "upright"
    fermata.placement = "below" if layer.stem == "down" else "above"
    return fermata


def _sounding(piece: Piece) -> Any:
    from music21 import chord, note

    if piece.unpitched is not None:
        return _hit(piece)
    if not piece.heads:
        rest = note.Rest()
        rest.fullMeasure = piece.fills_measure
        return rest
    notes = [_note(head) for head in piece.heads]
    return notes[0] if len(notes) == 1 else chord.Chord(notes)


def _note(head: Any) -> Any:
    from music21 import note, pitch

    step: Any = LETTERS[head.pitch.letter]
    spelled = pitch.Pitch(step=step, octave=head.pitch.octave)
    if head.pitch.alter or head.accidental:
        spelled.accidental = pitch.Accidental(head.pitch.alter)
        spelled.accidental.displayStatus = head.accidental
    result = note.Note(pitch=spelled)
    if head.colour:
        result.style.color = head.colour
    result.tie = _tie(head.tie_start, head.tie_stop)
    return result


def _tie(starts: bool, stops: bool) -> Any:
    """A tie of music21, None without one."""
    from music21 import tie

    if not (starts or stops):
        return None
    return tie.Tie("continue" if starts and stops else "start" if starts else "stop")


def _hit(piece: Piece) -> Any:
    from music21 import note

    hit = piece.unpitched or ""
    result = note.Unpitched(displayName=_DRUM_STEPS.get(hit, "E5"))
    if hit in _CROSSED:
        result.notehead = "x"
    result.tie = _tie(piece.tie_start, piece.tie_stop)
    return result


def _duration(piece: Piece) -> Any:
    from music21 import duration

    value = piece.value
    if piece.fills_measure:
        return duration.Duration(quarterLength=piece.duration)
    result = duration.Duration(type=value.type, dots=value.dots)
    if value.actual > 1:
        tuplet: Any = duration.Tuplet(value.actual, value.normal)
        tuplet.setDurationType(value.type, value.dots)
        tuplet.type = piece.tuplet or None
        tuplet.bracket = not piece.beams
        result.appendTuplet(tuplet)
    return result


def _add_tempo(score: Score, staff: Any) -> None:
    from music21 import tempo

    number: int | float = int(score.tempo) if score.tempo.denominator == 1 else float(score.tempo)
    first = staff.getElementsByClass("Measure").first()
    if first is not None:
        first.insert(0, tempo.MetronomeMark(number=number))


def _add_analysis(score: Score, staves: Sequence[Staff], built: Sequence[Any]) -> None:
    """Roman numerals as the first line of lyrics under the lowest pitched staff, cadences as the second.

    The name of the first line, which is not printed, tells readers where phrases begin, and the region: "phrase",
    "chord", "chord sequence". A chord under which no note of that staff begins is written as text at its place, where
    ``//`` starts a phrase.
    """
    pitched = [one for staff, one in zip(staves, built, strict=True) if not staff.part.percussion]
    if not pitched:
        return
    measures = list(pitched[-1].getElementsByClass("Measure"))
    notes = {}
    for measure in measures:
        for holder in list(measure.voices) or [measure]:
            notes.update({Fraction(measure.offset) + Fraction(one.offset): one for one in holder.notes})
    for chord, label in chord_labels(score):
        if chord.onset in notes:
            notes[chord.onset].lyrics = _lyrics(label, chord)
        else:
            start = "// " if chord.first_in_phrase and chord.phrase else ""
            add_text(measures, chord.onset, f"{start}{label} {chord.cadence or ''}".strip(), "below")


def _lyrics(label: str, chord: ChordEvent) -> list[Any]:
    from music21 import note

    lines = [label, chord.cadence] if chord.cadence else [label]
    lyrics: list[Any] = [note.Lyric(text=text, number=number, applyRaw=True) for number, text in enumerate(lines, 1)]
    lyrics[0].identifier = f"{'phrase' if chord.first_in_phrase else 'chord'} {chord.region}".strip()
    return lyrics
