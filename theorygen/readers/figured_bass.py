"""Figured bass in files: MusicXML's own elements, which music21 passes over, and lyrics that are all figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from theorygen.readers.stream_notes import exact
from theorygen.readers.written import WrittenBar
from theorygen.score.figured_bass import stacks_in_time
from theorygen.theory import FiguredBass, TheoryError

HOLD = "-"
"""Written where a line says that the chord before goes on."""

_SIGNS = {
    "sharp": "#", "flat": "b", "natural": "n", "double-sharp": "##", "sharp-sharp": "##", "flat-flat": "bb",
    "double-flat": "bb", "plus": "+", "slash": "+", "back-slash": "+", "vertical": "+", "cross": "+",
}
_PLAIN = re.compile(r"\s*\d{1,9}(\.\d{1,9})?\s*")
_WITHOUT_FIGURE = ("_", "")

Placed = tuple[Fraction, str]
"""Figures and their onset in quarter lengths."""


def figures_of_xml(text: str, bars: Sequence[WrittenBar]) -> list[Placed]:
    """The figured bass elements of a MusicXML file, of its lowest part that has any; in time order.

    Args:
        text: the file, already found well-formed.
        bars: its bars.
    """
    if "<figured-bass" not in text:
        return []
    for part in reversed(ElementTree.fromstring(text).findall("part")):
        found = [placed for placed in _of_part(part, bars) if placed[1]]
        if found:
            return sorted(dict(reversed(found)).items())
    return []


def _of_part(part: Element, bars: Sequence[WrittenBar]) -> Iterator[Placed]:
    divisions = Fraction(1)
    for measure, bar in zip(part.findall("measure"), bars, strict=False):
        now = waiting = Fraction(0)
        for element in measure:
            divisions = _number(element.findtext("divisions")) or divisions
            length = _number(element.findtext("duration")) / divisions
            if element.tag == "figured-bass":
                yield bar.onset + now + waiting, _text(element)
                waiting += length
            elif element.tag in ("note", "forward") and element.find("chord") is None:
                now, waiting = now + length, Fraction(0)
            elif element.tag == "backup":
                now, waiting = max(now - length, Fraction(0)), Fraction(0)


def _number(text: str | None) -> Fraction:
    return Fraction((text or "").strip()) if _PLAIN.fullmatch(text or "") else Fraction(0)


def _text(element: Element) -> str:
    """One stack of figures in our spelling; a stack of nothing but lines holds the chord."""
    words = [_figure(figure) for figure in element.findall("figure")]
    if not any(words) and any(figure.find("extend") is not None for figure in element.findall("figure")):
        return HOLD
    return " ".join(word for word in words if word)


def _figure(figure: Element) -> str:
    prefix, number, suffix = (
        (figure.findtext(name) or "").strip() for name in ("prefix", "figure-number", "suffix"))
    signs = "".join(_SIGNS.get(word, word) for word in (prefix, suffix) if word)
    return f"{signs}{number}"


def figures_of_lyrics(row: Sequence[Any], bars: Sequence[WrittenBar]) -> list[Placed]:
    """The lyrics of a part, if they are figures, every one of them; stacked ones are lines of lyrics.

    Args:
        row: music21's measures of the part.
        bars: the same bars.
    """
    found = []
    for measure, bar in zip(row, bars, strict=False):
        for holder in [measure, *measure.voices]:
            shift = bar.onset + (exact(holder.offset) if holder is not measure else 0)
            for note in holder.notes:
                lines = sorted(note.lyrics, key=lambda lyric: lyric.number)
                words = " ".join(str(lyric.text or "").strip() for lyric in lines).strip()
                found.append((shift + exact(note.offset), exact(note.quarterLength), words))
    found = [one for one in found if one[2] not in _WITHOUT_FIGURE]
    if not all(_is_figure(words) for _, _, words in found):
        return []
    return sorted(stack for onset, length, words in found for stack in _stacks(words, onset, length))


def _stacks(words: str, onset: Fraction, length: Fraction) -> list[Placed]:
    return [(onset, HOLD)] if words == HOLD else list(stacks_in_time(words, onset, length))


def _is_figure(words: str) -> bool:
    try:
        FiguredBass.parse(words)
    except TheoryError:
        return words == HOLD
    return True
