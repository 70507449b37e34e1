"""Reviews written into their scores."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from music21 import converter

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.render.musicxml import score_to_musicxml
from theorygen.render.svg import score_to_svg
from theorygen.review.annotate import HARD_COLOUR, SOFT_COLOUR, WRITERS, annotations_of, write_annotated
from theorygen.review.review import Review

TIED = "S: G4*5 A4 | B: C4*5 D4"
"""Parallel fifths from a note tied over a barline."""
BLACK = (None, "#000000")


def read_back(review: Review) -> object:
    """The annotated score as music21 reads it."""
    xml = score_to_musicxml(review.score, annotations=annotations_of(review))
    return converter.parse(xml.decode(), format="musicxml")


def colours(stream: object) -> Counter[str]:
    """How many notes have each colour other than black."""
    notes = [note for element in stream.recurse().notes for note in getattr(element, "notes", (element,))]  # type: ignore[attr-defined]
    return Counter(note.style.color for note in notes if note.style.color not in BLACK)


def test_the_notes_of_a_fault_are_red() -> None:
    review = reviewed(DOUBLED)
    assert [fault.rule.name for fault in review.shown()] == ["no-double-leading-tone"]
    assert colours(read_back(review)) == {HARD_COLOUR: 2}


def test_a_note_over_a_barline_is_coloured_on_both_sides() -> None:
    assert colours(read_back(reviewed(TIED))) == {HARD_COLOUR: 6}


def test_forbidden_beats_costly() -> None:
    """Each note concerned is coloured once, red where any fault of it is forbidden."""
    review = reviewed(MESSY)
    hard = {note for fault in review.shown() if fault.hard for note in fault.violation.notes}
    soft = {note for fault in review.shown() for note in fault.violation.notes} - hard
    assert hard and soft
    assert colours(read_back(review)) == {HARD_COLOUR: len(hard), SOFT_COLOUR: len(soft)}


def test_each_place_has_a_numbered_comment_and_a_line_in_the_legend() -> None:
    review = reviewed(MESSY)
    marks = annotations_of(review)
    stream = read_back(review)
    words = [one.content for one in stream.recurse().getElementsByClass("TextExpression")]  # type: ignore[attr-defined]
    assert {f"{comment.number} {comment.text}" for comment in marks.comments} <= set(words)
    (legend,) = (box for box in stream.getElementsByClass("TextBox") if "Voice overlap" in box.content)  # type: ignore[attr-defined]
    assert legend.content.splitlines() == [
        f"{number} {fault.headline}" for number, fault in enumerate(review.shown(), 1)]


def test_the_music_is_the_same() -> None:
    review = reviewed(MESSY)
    plain = converter.parse(score_to_musicxml(review.score).decode(), format="musicxml")

    def notes(stream: object) -> list[tuple[float, str]]:
        return [(float(one.getOffsetInHierarchy(stream)), one.nameWithOctave)
                for one in stream.recurse().notes]  # type: ignore[attr-defined]

    assert notes(read_back(review)) == notes(plain)


def test_a_clean_score_is_written_as_it_is() -> None:
    review = reviewed(CLEAN)
    assert review.shown() == ()
    assert score_to_musicxml(review.score, annotations=annotations_of(review)) == score_to_musicxml(review.score)


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY, TIED])
def test_every_kind_of_file_names_the_faults(suffix: str, text: str, tmp_path: Path) -> None:
    review = reviewed(text)
    write_annotated(review, tmp_path / f"a{suffix}")
    content = (tmp_path / f"a{suffix}").read_bytes()
    if suffix in (".musicxml", ".xml", ".svg"):
        words = content.decode()
        assert all(fault.headline.split(",")[0] in words for fault in review.shown())
        assert (HARD_COLOUR in words) == (not review.is_clean)
    assert content


def test_a_picture_has_numbers_at_the_places_and_the_words_below() -> None:
    """Titles over the notes would crowd each other: in a picture they stand in the legend alone."""
    review = reviewed(MESSY)
    svg = score_to_svg(review.score, annotations=annotations_of(review))
    plain = score_to_svg(review.score)
    height, plain_height = (int(re.search(r'height="(\d+)px"', one)[1]) for one in (svg, plain))  # type: ignore[index]
    assert height > plain_height
    for number, fault in enumerate(review.shown(), 1):
        assert f">{number} {escape(fault.headline)}</text>" in svg
    ElementTree.fromstring(svg)
