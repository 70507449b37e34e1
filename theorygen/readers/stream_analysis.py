"""Roman numerals our own MusicXML embeds: lyrics under the lowest staff, or words where no note of it begins.

A lyric's first line is the chord (``C: I``, ``vi = G: ii``, ``V65/V``; the key stands where it changes), its second
the cadence. The line's name, which is not printed, says whether a phrase begins there, and the region: ``phrase``,
``chord``, ``chord sequence``. Words have the same text in one line. Where programs have dropped the names, a phrase
begins after each cadence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorygen.readers.stream_notes import exact
from theorygen.readers.written import WrittenBar
from theorygen.score import ChordEvent
from theorygen.theory import Key, RomanNumeral, TheoryError

_CHORD = r"(?:(?P<{0}key>[A-Ga-g][#b]*(?: [a-z ]+)?): )?(?P<{0}numeral>[^\s=]+)"
_LABEL = re.compile(f"(?:{_CHORD.format('old')} = )?{_CHORD.format('')}")
_WORDS = re.compile(f"(?P<phrase>// )?(?P<label>{_LABEL.pattern})(?: (?P<cadence>[A-Za-z]+))?")
_PHRASE = "phrase"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Mark:
    """A chord as printed: its onset, its label, its cadence, and the name of its lyric."""

    onset: Fraction
    label: str
    cadence: str | None
    name: str


def embedded_chords(row: Sequence[Any], bars: Sequence[WrittenBar]) -> list[ChordEvent]:
    """The chords under a part; [] where its words are not an analysis from the first to the last.

    Args:
        row: music21's measures of the lowest part.
        bars: the same bars.
    """
    marks = sorted(_marks(row, bars), key=lambda mark: mark.onset)
    if not marks or len({mark.onset for mark in marks}) < len(marks):
        return []
    try:
        return list(_chords(marks, bars[-1].end))
    except TheoryError:
        return []


def _marks(row: Sequence[Any], bars: Sequence[WrittenBar]) -> Iterator[_Mark]:
    for measure, bar in zip(row, bars, strict=False):
        for holder in [measure, *measure.voices]:
            shift = bar.onset + (exact(holder.offset) if holder is not measure else 0)
            for note in holder.notes:
                lines = {lyric.number: lyric for lyric in note.lyrics}
                if 1 in lines:
                    first, cadence = lines[1], lines[2].text if 2 in lines else None
                    yield _Mark(shift + exact(note.offset), first.text or "", cadence, str(first.identifier or ""))
        for words in measure.getElementsByClass("TextExpression"):
            match = _WORDS.fullmatch((words.content or "")[:_LONGEST]) if words.placement == "below" else None
            if match:
                name = _PHRASE if match["phrase"] else "chord"
                yield _Mark(bar.onset + exact(words.offset), match["label"], match["cadence"], name)


def _chords(marks: Sequence[_Mark], end: Fraction) -> Iterator[ChordEvent]:
    """The chords of the marks.

    Raises:
        TheoryError: a label is no chord, or the first has no key.
    """
    key: Key | None = None
    phrase = -1
    named = any(mark.name.split()[:1] == [_PHRASE] for mark in marks)
    stops = [*(mark.onset for mark in marks[1:]), end]
    begins = True
    for mark, stop in zip(marks, stops, strict=True):
        kind, _, region = mark.name.partition(" ")
        phrase += kind == _PHRASE if named else begins
        pivot, numeral = _read(mark.label, key)
        yield ChordEvent(mark.onset, stop - mark.onset, numeral, pivot, max(phrase, 0), mark.cadence, region)
        key, begins = numeral.key, bool(mark.cadence)


def _read(label: str, key: Key | None) -> tuple[RomanNumeral | None, RomanNumeral]:
    """The chord as read in the old key, if it is a pivot, and the chord."""
    match = _LABEL.fullmatch(label[:_LONGEST])
    if match is None:
        raise TheoryError(f"'{label}' is no chord", label)
    pivot = _numeral(match["oldkey"], match["oldnumeral"], key) if match["oldnumeral"] else None
    return pivot, _numeral(match["key"], match["numeral"], pivot.key if pivot else key)


def _numeral(key_text: str | None, text: str, key: Key | None) -> RomanNumeral:
    key = Key.parse(key_text) if key_text else key
    if key is None:
        raise TheoryError(f"'{text}' stands in no key", text, 0, "a key before the first chord, such as C: I")
    return RomanNumeral.parse(text, key)
