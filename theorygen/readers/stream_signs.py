"""Signatures, repeats, titles and tempo in music21's streams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from theorygen.readers.stream_notes import exact
from theorygen.readers.written import Written
from theorygen.score import Repeat, ScoreError
from theorygen.theory import Key, Meter, PitchClass, TheoryError
from theorygen.theory.pitch import LETTERS

_MOST_SHARPS = 12


def meters_of(row: Sequence[Any], onsets: Sequence[Fraction]) -> dict[Fraction, Meter]:
    """The time signatures in a part's measures by onset.

    Raises:
        ScoreError: one of them is no meter here.
    """
    return {onset: _meter(sign) for onset, sign in _signs("TimeSignature", row, onsets)}


def keys_of(row: Sequence[Any], onsets: Sequence[Fraction]) -> dict[Fraction, Key]:
    """The key signatures in a part's measures by onset; a signature without a mode is read as major.

    Raises:
        ScoreError: one of them has more accidentals than there are keys.
    """
    return {onset: _key(sign) for onset, sign in _signs("KeySignature", row, onsets) if sign.sharps is not None}


def _signs(kind: str, row: Sequence[Any], onsets: Sequence[Fraction]) -> Iterator[tuple[Fraction, Any]]:
    for measure, onset in zip(row, onsets, strict=False):
        for sign in measure.getElementsByClass(kind):
            yield onset + exact(sign.offset), sign


def _meter(sign: Any) -> Meter:
    text = f"{sign.numerator}/{sign.denominator}"
    try:
        return Meter.parse(text)
    except TheoryError as error:
        problem = f"the time signature {text} cannot be read: {error.message}"
        raise ScoreError(f"{problem}; expected {error.expected}") from None


def _key(sign: Any) -> Key:
    if abs(sign.sharps) > _MOST_SHARPS:
        raise ScoreError(f"a key signature has {abs(sign.sharps)} accidentals; expected {_MOST_SHARPS} at most")
    if "Key" in sign.classSet:
        tonic = PitchClass(LETTERS.index(sign.tonic.step), int(sign.tonic.alter))
        try:
            return Key.parse(f"{tonic} {sign.mode}")
        except TheoryError:
            pass            # a mode we do not know: what is printed is the signature
    return Key(PitchClass.from_fifths(int(sign.sharps)))


def repeats_of(measures: Sequence[Sequence[Any]], written: Written) -> list[Repeat]:
    """The repeated passages. Endings are read one after the other, which is noted."""
    starts = {index for row in measures for index, one in enumerate(row) if _repeat(one.leftBarline, "start")}
    ends = {
        index: int(_repeat(one.rightBarline, "end").times or 2)
        for row in measures for index, one in enumerate(row) if _repeat(one.rightBarline, "end")
    }
    endings = {
        index for row in measures for index, one in enumerate(row)
        if any("RepeatBracket" in span.classSet for span in one.getSpannerSites())
    }
    if endings & set(ends):
        numbers = sorted({written.bars[index].number for index in endings})
        written.notes.append(
            f"a repeat with different endings is read once, its endings one after the other: measures "
            f"{', '.join(map(str, numbers))}"
        )
    return _passages(written, starts, {index: times for index, times in ends.items() if index not in endings})


def _repeat(barline: Any, direction: str) -> Any:
    """The barline, if it is a repeat sign in this direction, else None."""
    is_repeat = barline is not None and "Repeat" in barline.classSet and barline.direction == direction
    return barline if is_repeat else None


def _passages(written: Written, starts: set[int], ends: dict[int, int]) -> list[Repeat]:
    repeats, start = [], Fraction(0)
    for index, bar in enumerate(written.bars):
        if index in starts:
            start = bar.onset
        if index in ends:
            if start < bar.end:
                repeats.append(Repeat(start, bar.end, max(ends[index], 2)))
            start = bar.end
    return repeats


_OWN_FIELD = "theorygen-"
"""Before the names of what theorygen itself wrote about a score: its style and seed."""


def _word_or_number(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def add_directions(stream: Any, written: Written) -> None:
    """Title, composer, tempo, and what theorygen wrote about the score; jumps such as D.C. are noted."""
    found = stream.metadata
    if found is not None:
        written.title, written.composer = str(found.bestTitle or ""), str(found.composer or "")
        written.metadata = {name.removeprefix(_OWN_FIELD): _word_or_number(str(value)) for name, value in found.all()
                            if name.startswith(_OWN_FIELD)}
    jumps = stream.recurse().getElementsByClass("RepeatExpression")
    for text in dict.fromkeys(mark.getText() for mark in jumps):
        written.notes.append(f"'{text}' is not followed: the piece is read as it is written")
    for mark in stream.recurse().getElementsByClass("MetronomeMark"):
        if mark.number is not None and not mark.numberImplicit and mark.number > 0:
            written.tempo = Fraction(mark.getQuarterBPM()).limit_denominator(1000)
            return
