"""Figured bass as MusicXML has it, set into finished text: music21 has no element for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from theorygen.score import Measure, Score
from theorygen.theory import figure_words

_MEASURE = re.compile(r"<measure\b.*?</measure>", re.DOTALL)
_PART = re.compile(r"<part id=.*?</part>", re.DOTALL)
_STEP = re.compile(r"(?P<indent>[ \t]*)<(?P<kind>note|backup|forward)\b.*?</(?P=kind)>", re.DOTALL)
_DIVISIONS = re.compile(r"<divisions>(\d+)</divisions>")
_DURATION = re.compile(r"<duration>(\d+)</duration>")
_FIGURE = re.compile(r"(?P<before>[#bn+]*)(?P<number>\d*)(?P<after>[#bn+]*)")
_HOLD = "-"
_SIGNS = {"#": "sharp", "##": "double-sharp", "b": "flat", "bb": "flat-flat", "n": "natural", "+": "plus"}


def with_figures(xml: bytes, score: Score) -> bytes:
    """MusicXML of a score with its figures under the lowest pitched staff.

    Args:
        xml: the file without figures, staves in the order of the score's.
        score: what it is of.
    """
    if not score.figures:
        return xml
    text = xml.decode("utf-8")
    parts = list(_PART.finditer(text))
    staff = sum(len(part.clefs) for part in score.parts if not part.percussion) - 1
    below = parts[min(staff, len(parts) - 1)]           # the staves of one instrument are one part
    return (text[:below.start()] + _part(below[0], score) + text[below.end():]).encode("utf-8")


def _part(text: str, score: Score) -> str:
    divisions = int(match[1]) if (match := _DIVISIONS.search(text)) else 1
    measures = iter(score.measures())
    return _MEASURE.sub(lambda match: _measure(match[0], next(measures), score, divisions), text)


def _measure(text: str, measure: Measure, score: Score, divisions: int) -> str:
    """One measure with its figures, each before the last note that begins no later than it."""
    figures = {onset - measure.onset: word for onset, word in score.figures if measure.onset <= onset < measure.end}
    if not figures:
        return text
    steps = _steps(text, divisions)
    starts = [offset for offset, _, _ in steps]
    groups: dict[int, list[Fraction]] = {}
    for offset in sorted(figures):
        groups.setdefault(max(bisect_right(starts, offset) - 1, 0), []).append(offset)
    for index in sorted(groups, reverse=True):
        start, position, indent = steps[index]
        written = "".join(indent + line + "\n" for line in _stacks(start, groups[index], figures, divisions))
        text = text[:position] + written + text[position:]
    return text


def _steps(text: str, divisions: int) -> list[tuple[Fraction, int, str]]:
    """Offset, place and indent of the notes and rests of the last layer of a measure, which is the lowest voice's."""
    now = Fraction(0)
    steps: list[tuple[Fraction, int, str]] = []
    for match in _STEP.finditer(text):
        if "<chord" in match[0] or "<grace" in match[0]:
            continue
        length = Fraction(int(found[1]), divisions) if (found := _DURATION.search(match[0])) else Fraction(0)
        if match["kind"] == "backup":
            now, steps = now - length, []
        else:
            steps.append((now, match.start(), match["indent"]))
            now += length
    return steps


def _stacks(start: Fraction, offsets: Sequence[Fraction], figures: Mapping[Fraction, str],
            divisions: int) -> Iterator[str]:
    """The figures over one note, after an empty one where they begin later; all but the last say how long they hold."""
    rows = [(start, "")] if offsets[0] > start else []
    rows += [(offset, figures[offset]) for offset in offsets]
    lengths = [later - earlier for (earlier, _), (later, _) in pairwise(rows)]
    for (_, word), length in zip(rows, [*lengths, None], strict=True):
        duration = f"<duration>{int(length * divisions)}</duration>" if length is not None else ""
        yield f"<figured-bass>{''.join(_figures(word)) or '<figure />'}{duration}</figured-bass>"


def _figures(text: str) -> Iterator[str]:
    if text == _HOLD:
        yield '<figure><extend type="continue" /></figure>'
    for word in figure_words(text):
        match = _FIGURE.fullmatch(word)
        if match is None:
            continue
        before, after = _SIGNS.get(match["before"], ""), _SIGNS.get(match["after"], "")
        prefix = f"<prefix>{before}</prefix>" if before else ""
        number = f"<figure-number>{match['number']}</figure-number>" if match["number"] else ""
        suffix = f"<suffix>{after}</suffix>" if after else ""
        yield f"<figure>{prefix}{number}{suffix}</figure>"
