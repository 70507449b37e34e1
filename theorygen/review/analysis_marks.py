"""An analysis written into its score: notes outside their chords in a colour, with the short name of what they are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from theorygen.render.annotations import Annotations, Comment
from theorygen.render.files import check_suffix, write_file, write_score
from theorygen.render.musicxml import score_to_musicxml, score_to_mxl
from theorygen.render.svg import score_to_svg
from theorygen.rules.check import VoicedNote
from theorygen.rules.embellishments import short_names, surface_for
from theorygen.score import Score
from theorygen.theory import Pitch

COLOUR = "#2F5D9B"
"""A blue dark enough to be read on white."""

_WRITERS: dict[str, Callable[[Score, Annotations], bytes]] = {
    ".musicxml": lambda score, marks: score_to_musicxml(score, annotations=marks),
    ".xml": lambda score, marks: score_to_musicxml(score, annotations=marks),
    ".mxl": lambda score, marks: score_to_mxl(score, annotations=marks),
    ".svg": lambda score, marks: score_to_svg(score, annotations=marks).encode(),
}


def write_analysis(score: Score, path: str | Path) -> None:
    """Writes an analysed score; where the format has room for it, with its embellishments marked.

    Raises:
        InputError: the suffix is unknown, or the file cannot be written.
    """
    writer = _WRITERS.get(check_suffix(path))
    if writer is None:
        write_score(score, path)
    else:
        write_file(path, lambda: writer(score, marks_of(score)))


def marks_of(score: Score) -> Annotations:
    """Colours and short names of the notes outside their chords; each name stands where its note becomes foreign."""
    slots = score.slots("attacks")
    surface = surface_for(score, slots)
    colours: dict[VoicedNote, str] = {}
    comments = []
    for slot, voice in np.argwhere(surface.enters & (surface.embellishment > 0)).tolist():
        name, pitch = slots.voices[voice], Pitch.from_code(int(slots.codes[slot, voice]))
        colours[VoicedNote(name, Fraction(int(slots.begins[slot, voice]), slots.ticks), pitch)] = COLOUR
        kind = short_names()[surface.embellishment[slot, voice]]
        comments.append(Comment(slots.onsets[slot], name, 0, kind, COLOUR))
    return Annotations(colours, comments)
