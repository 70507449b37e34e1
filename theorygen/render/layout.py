"""Lays a score out on staves: what is written in each measure by each voice, with ties, beams and accidentals.

Nothing here knows a file format; `musicxml` turns the result into one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate

from theorygen.render.note_values import NoteValue, note_value, split_duration
from theorygen.score import Event, Measure, Part, Score, ScoreError, Voice
from theorygen.theory import Key, Pitch, PitchClass


@dataclass(slots=True)
class Head:
    """One note head.

    Attributes:
        pitch: its pitch.
        tie_start: whether a tie leads away from it.
        tie_stop: whether a tie leads to it.
        accidental: whether its accidental is shown.
        colour: its colour, such as "#C00000", or "" for black.
    """

    pitch: Pitch
    tie_start: bool = False
    tie_stop: bool = False
    accidental: bool = False
    colour: str = ""


@dataclass(slots=True)
class Piece:
    """One written note, chord, hit or rest; an event that crosses a barline is several.

    Attributes:
        offset: start in quarters from the start of its measure.
        duration: length in quarters.
        value: how it is written.
        heads: note heads, lowest first; none for a rest or a hit.
        unpitched: name of a drum hit.
        fills_measure: whether it is a rest as long as a full measure.
        fermata: whether a fermata stands here.
        beams: for each beam level begin, continue, end, "forward hook" or "backward hook".
        tuplet: "start", "stop" or "" for a tuplet's bracket.
        tie_start: whether a drum hit is tied on.
        tie_stop: whether a drum hit is tied to the one before.
    """

    offset: Fraction
    duration: Fraction
    value: NoteValue
    heads: list[Head] = field(default_factory=list)
    unpitched: str | None = None
    fills_measure: bool = False
    fermata: bool = False
    beams: list[str] = field(default_factory=list)
    tuplet: str = ""
    tie_start: bool = False
    tie_stop: bool = False

    @property
    def is_rest(self) -> bool:
        """Whether nothing sounds."""
        return not self.heads and self.unpitched is None

    @property
    def rhythm(self) -> tuple[Fraction, Fraction, bool]:
        """What must agree for two pieces to share a stem."""
        return self.offset, self.duration, self.is_rest


@dataclass(slots=True)
class Layer:
    """What one stem direction of a staff does in a measure.

    Attributes:
        voices: names of the voices it holds; several when they move together and share stems.
        pieces: in time order.
        stem: "up", "down", or "" for the engraver's choice.
    """

    voices: tuple[str, ...]
    pieces: list[Piece]
    stem: str = ""


@dataclass(slots=True)
class StaffMeasure:
    """One measure of one staff.

    Attributes:
        measure: the bar.
        layers: from top to bottom.
    """

    measure: Measure
    layers: list[Layer]


@dataclass(slots=True)
class Staff:
    """One staff through the whole piece.

    Attributes:
        part: the part it belongs to.
        number: counted from 1 in its part.
        clef: name of its clef.
        measures: in time order.
    """

    part: Part
    number: int
    clef: str
    measures: list[StaffMeasure]


def lay_out(score: Score) -> list[Staff]:
    """All staves of a score from top to bottom.

    Raises:
        ScoreError: a length cannot be written, such as 1/11 of a quarter.
    """
    return [
        Staff(part, number, clef, _staff_measures(score, part.on_staff(number)))
        for part in score.parts for number, clef in enumerate(part.clefs, 1)
    ]


def _staff_measures(score: Score, voices: Sequence[Voice]) -> list[StaffMeasure]:
    by_voice = [_voice_measures(score, voice) for voice in voices]
    names = [voice.name for voice in voices]
    measures = []
    for index, measure in enumerate(score.measures()):
        layers = _layers(names, [pieces[index] for pieces in by_voice])
        _set_accidentals(layers, score.key_at(measure.onset))
        _keep_one_fermata(layers)
        for layer in layers:
            _set_tuplets(layer.pieces)
            _set_beams(layer.pieces, measure)
        measures.append(StaffMeasure(measure, layers))
    return measures


def _voice_measures(score: Score, voice: Voice) -> list[list[Piece]]:
    """For each measure the pieces of one voice, tied; rests where it has not begun or has stopped."""
    measures = score.measures()
    onsets = [measure.onset for measure in measures]
    written: list[list[Piece]] = [[] for _ in measures]
    before: tuple[Event, Piece] | None = None
    for event in _padded(voice, score.end):
        for index in range(bisect_right(onsets, event.onset) - 1, bisect_left(onsets, event.end)):
            for piece in _pieces(event, measures[index]):
                if before and (before[0] is event or before[0].tied_to_next):
                    _tie(before[1], piece)
                written[index].append(piece)
                before = event, piece
    return written


def _padded(voice: Voice, end: Fraction) -> Iterator[Event]:
    """The voice's events with rests before and after, over the whole score."""
    start = voice.events[0].onset if voice.events else end
    if start > 0:
        yield Event(Fraction(0), start)
    yield from voice.events
    if voice.events and voice.end < end:
        yield Event(voice.end, end - voice.end)


def _pieces(event: Event, measure: Measure) -> Iterator[Piece]:
    """What an event writes into a measure."""
    start, end = max(event.onset, measure.onset), min(event.end, measure.end)
    offset = start - measure.onset
    if event.is_rest and end - start == measure.meter.bar_length:
        value = note_value(measure.length) or NoteValue("whole")
        yield Piece(offset, measure.length, value, fills_measure=True, fermata=event.fermata)
        return
    for length in split_duration(measure.offset(start), end - start, measure.meter, event.is_rest):
        heads = [Head(pitch) for pitch in event.pitches]
        is_last = measure.onset + offset + length == event.end
        yield Piece(offset, length, _value(length, measure), heads, event.unpitched, fermata=event.fermata and is_last)
        offset += length


def _value(length: Fraction, measure: Measure) -> NoteValue:
    """How a length is written.

    Raises:
        ScoreError: no note or tuplet lasts that long.
    """
    value = note_value(length)
    if value is None:
        raise ScoreError(f"no note lasts {length} of a quarter, as in measure {measure.number}")
    return value


def _tie(before: Piece, after: Piece) -> None:
    """Ties the notes that two neighbouring pieces share."""
    ends = {head.pitch: head for head in after.heads}
    for head in before.heads:
        if head.pitch in ends:
            head.tie_start = ends[head.pitch].tie_stop = True
    if before.unpitched is not None and before.unpitched == after.unpitched:
        before.tie_start = after.tie_stop = True


def _layers(names: Sequence[str], voices: Sequence[list[Piece]]) -> list[Layer]:
    """One layer for each voice, up to two; of more voices, neighbours with one rhythm share stems."""
    layers: list[Layer] = []
    for name, pieces in zip(names, voices, strict=True):
        if len(voices) > 2 and layers and _same_rhythm(layers[-1].pieces, pieces):
            layers[-1] = Layer((*layers[-1].voices, name), _merged(layers[-1].pieces, pieces))
        else:
            layers.append(Layer((name,), pieces))
    if len(layers) > 1:
        for index, layer in enumerate(layers):
            layer.stem = "down" if index % 2 else "up"
    return layers


def _same_rhythm(upper: list[Piece], lower: list[Piece]) -> bool:
    return [piece.rhythm for piece in upper] == [piece.rhythm for piece in lower]


def _merged(upper: list[Piece], lower: list[Piece]) -> list[Piece]:
    """Two voices on the same stems; a unison keeps one note head."""
    merged = []
    for high, low in zip(upper, lower, strict=True):
        heads = {head.pitch: head for head in [*low.heads, *high.heads]}
        fermata = high.fermata or low.fermata
        merged.append(replace(high, heads=[heads[pitch] for pitch in sorted(heads)], fermata=fermata))
    return merged


def _set_accidentals(layers: Sequence[Layer], key: Key) -> None:
    """Shows an accidental where a note differs from the signature or from the last on its line in the measure."""
    signature = signature_alterations(key.signature)
    shown: dict[int, int] = {}
    pieces = [(piece.offset, rank, piece) for rank, layer in enumerate(layers) for piece in layer.pieces]
    for _, _, piece in sorted(pieces, key=lambda entry: entry[:2]):
        for head in piece.heads:
            current = shown.get(head.pitch.step, signature[head.pitch.letter])
            if head.pitch.alter != current and not head.tie_stop:
                head.accidental = True
                shown[head.pitch.step] = head.pitch.alter


def signature_alterations(sharps: int) -> tuple[int, ...]:
    """Alteration of each letter C to B in a signature of so many sharps (flats are negative)."""
    return tuple((sharps - PitchClass(letter).fifths + 5) // 7 for letter in range(7))


def _keep_one_fermata(layers: Sequence[Layer]) -> None:
    """Of fermatas that end together on a staff, keeps the highest."""
    seen: set[Fraction] = set()
    for layer in layers:
        for piece in layer.pieces:
            end = piece.offset + piece.duration
            piece.fermata = piece.fermata and end not in seen
            if piece.fermata:
                seen.add(end)


def _set_tuplets(pieces: Sequence[Piece]) -> None:
    """Brackets each run of tuplet notes that fills a plain length."""
    start: Piece | None = None
    length = Fraction(0)
    for piece in pieces:
        if piece.value.actual == 1:
            continue
        if start is None:
            start, length = piece, Fraction(0)
            piece.tuplet = "start"
        length += piece.duration
        if length.denominator & (length.denominator - 1) == 0:
            piece.tuplet = "stop" if piece is not start else ""
            start = None


def _set_beams(pieces: Sequence[Piece], measure: Measure) -> None:
    """Beams notes of one beat group together."""
    starts = list(accumulate(measure.meter.groups, initial=Fraction(0)))
    group: list[Piece] = []
    current = -1
    for piece in pieces:
        place = bisect_right(starts, piece.offset + measure.start_offset)
        if piece.is_rest or not piece.value.flags or place != current:
            _beam(group)
            group = []
        current = place
        if not piece.is_rest and piece.value.flags:
            group.append(piece)
    _beam(group)


def _beam(group: Sequence[Piece]) -> None:
    """Sets the beams of neighbouring notes, level by level."""
    if len(group) < 2:
        return
    for index, piece in enumerate(group):
        before = group[index - 1].value.flags if index else 0
        after = group[index + 1].value.flags if index + 1 < len(group) else 0
        piece.beams = [_beam_kind(level, before, after) for level in range(1, piece.value.flags + 1)]


def _beam_kind(level: int, before: int, after: int) -> str:
    """What one beam level does at a note, from the flags of its neighbours."""
    if before >= level and after >= level:
        return "continue"
    if before >= level:
        return "end"
    if after >= level:
        return "begin"
    return "backward hook" if before else "forward hook"
