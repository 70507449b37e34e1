"""Remarks written into a score: coloured notes, comments at their places, and a legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from theorygen.render.layout import Head, Staff
from theorygen.rules.check import VoicedNote
from theorygen.score import Score


@dataclass(frozen=True)
class Comment:
    """A few words at a place.

    Attributes:
        onset: when, in quarter lengths from the start of the score.
        voice: name of the voice over whose staff they stand.
        number: its number in the legend, 0 where it has none.
        text: the words.
        colour: their colour, such as "#C00000".
    """

    onset: Fraction
    voice: str
    number: int
    text: str
    colour: str


@dataclass(frozen=True)
class Annotations:
    """What is written into a score.

    Attributes:
        colours: colours of notes; all notes of a tie have one.
        comments: in order of time.
        legend: what each number means in full, for below the music.
    """

    colours: Mapping[VoicedNote, str] = field(default_factory=dict)
    comments: Sequence[Comment] = ()
    legend: Sequence[str] = ()


def paint(staves: Sequence[Staff], score: Score, colours: Mapping[VoicedNote, str]) -> None:
    """Gives note heads their colours; a note tied over a barline is coloured in all its parts."""
    ends = {VoicedNote(voice.name, note.onset, note.pitch): note.onset + note.duration
            for voice in score.voices for note in voice.notes() if note.pitch is not None}
    for note, colour in colours.items():
        for head in _heads(staves, note, ends.get(note, note.onset)):
            head.colour = colour


def _heads(staves: Sequence[Staff], note: VoicedNote, end: Fraction) -> Iterator[Head]:
    """The heads a note is written with."""
    for staff in staves:
        for measure in staff.measures:
            if measure.measure.onset >= end or measure.measure.end <= note.onset:
                continue
            pieces = (piece for layer in measure.layers if note.voice in layer.voices for piece in layer.pieces)
            for piece in pieces:
                if note.onset <= measure.measure.onset + piece.offset < end:
                    yield from (head for head in piece.heads if head.pitch == note.pitch)


def staff_of(staves: Sequence[Staff], voice: str) -> int:
    """Index of the staff a voice stands on; the first where it stands on none."""
    for index, staff in enumerate(staves):
        if any(one.name == voice for one in staff.part.on_staff(staff.number)):
            return index
    return 0
