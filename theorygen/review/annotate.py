"""A review written into its score: coloured notes, numbered comments, and the faults in a legend."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from theorygen.render.annotations import Annotations, Comment
from theorygen.render.files import write_file
from theorygen.render.musicxml import score_to_musicxml, score_to_mxl
from theorygen.render.svg import score_to_svg
from theorygen.render.terminal import score_to_text
from theorygen.review.review import Fault, Review
from theorygen.review.text_report import report_text
from theorygen.rules.check import VoicedNote

HARD_COLOUR, SOFT_COLOUR = "#C00000", "#D06000"
"""Red for what is forbidden, orange for what costs; both dark enough to be read on white."""


def _text(review: Review, annotations: Annotations, everything: bool) -> bytes:
    return f"{score_to_text(review.score)}\n{report_text(review, everything)}".encode()


_Writer = Callable[[Review, Annotations, bool], bytes]
WRITERS: dict[str, _Writer] = {
    ".musicxml": lambda review, marks, _: score_to_musicxml(review.score, annotations=marks),
    ".xml": lambda review, marks, _: score_to_musicxml(review.score, annotations=marks),
    ".mxl": lambda review, marks, _: score_to_mxl(review.score, annotations=marks),
    ".svg": lambda review, marks, _: score_to_svg(review.score, annotations=marks).encode(),
    ".txt": _text,
}
"""What an annotated score can be written as; other formats have no room for remarks."""


def write_annotated(review: Review, path: str | Path, everything: bool = False) -> None:
    """Writes the score with its faults to a file; the suffix, one of `WRITERS`, chooses the format.

    Raises:
        InputError: the file cannot be written.
    """
    writer = WRITERS[Path(path).suffix.lower()]
    write_file(path, lambda: writer(review, annotations_of(review, everything), everything))


def annotations_of(review: Review, everything: bool = False) -> Annotations:
    """What is written into the score.

    Args:
        review: what was found.
        everything: whether what costs less than a remark is written in, too.
    """
    shown = review.shown(everything)
    colours: dict[VoicedNote, str] = {}
    for fault in sorted(shown, key=lambda one: one.hard):
        colours.update(dict.fromkeys(fault.violation.notes, _colour(fault)))
    comments = [_comment(review, number, fault) for number, fault in enumerate(shown, 1)]
    return Annotations(colours, comments, [fault.headline for fault in shown])


def _colour(fault: Fault) -> str:
    return HARD_COLOUR if fault.hard else SOFT_COLOUR


def _comment(review: Review, number: int, fault: Fault) -> Comment:
    """The number and the title, above the highest voice concerned."""
    violation = fault.violation
    onset: Fraction = violation.onsets[-1]
    voices = violation.location.voices or tuple(voice.name for voice in review.score.pitched_voices)
    return Comment(onset, voices[0], number, fault.rule.details.get("title") or fault.rule.name, _colour(fault))
