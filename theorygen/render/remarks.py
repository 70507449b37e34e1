"""Words in a music21 score: at a place of a staff, and below the music."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorygen.render.annotations import Annotations, staff_of
from theorygen.render.layout import Staff
from theorygen.score import Score

_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 1200, 1697, 70
"""A page of A4, in tenths of a staff space."""
_TITLE_SIZE, _TEXT_SIZE = 22, 9


def add_text(measures: Sequence[Any], onset: Fraction, text: str, placement: str, colour: str = "") -> None:
    """Words at a place of a staff: ``placement`` is above or below."""
    from music21 import expressions

    holder = max((measure for measure in measures if measure.offset <= onset), key=lambda measure: measure.offset)
    words: Any = expressions.TextExpression(text)
    words.placement = placement
    words.style.fontStyle = "normal"
    if colour:
        words.style.color = colour
    holder.insert(onset - Fraction(holder.offset), words)


def add_comments(staves: Sequence[Staff], built: Sequence[Any], annotations: Annotations) -> None:
    """Comments above the staff of their voice."""
    for comment in annotations.comments:
        measures = list(built[staff_of(staves, comment.voice)].getElementsByClass("Measure"))
        add_text(measures, comment.onset, f"{comment.number or ''} {comment.text}".strip(), "above", comment.colour)


def add_legend(score: Score, result: Any, lines: Sequence[str]) -> None:
    """The legend below the music. Programs that find such words print no titles but those written the same way."""
    from music21 import layout

    page = layout.PageLayout(pageHeight=_PAGE_HEIGHT, pageWidth=_PAGE_WIDTH)
    result.insert(0, layout.ScoreLayout(scalingMillimeters=7, scalingTenths=40, pageLayout=page))
    middle, right, top = _PAGE_WIDTH // 2, _PAGE_WIDTH - _MARGIN, _PAGE_HEIGHT - _MARGIN
    if score.title:
        result.insert(0, _credit(score.title, (middle, top), ("center", "top"), _TITLE_SIZE))
    if score.composer:
        result.insert(0, _credit(score.composer, (right, top - _MARGIN), ("right", "top"), _TEXT_SIZE))
    numbered = "\n".join(f"{number} {line}" for number, line in enumerate(lines, 1))
    result.insert(0, _credit(numbered, (_MARGIN, _MARGIN), ("left", "bottom"), _TEXT_SIZE))


def _credit(words: str, place: tuple[int, int], alignment: tuple[str, str], size: int) -> Any:
    """Words on the first page, at so many tenths of a staff space from its lower left corner."""
    from music21 import text

    box = text.TextBox(words, *place)
    style: Any = box.style
    style.alignHorizontal, style.alignVertical = alignment
    style.justify, style.fontSize = alignment[0], size
    return box
