"""A score in the terminal: measures side by side, one row for each voice, chords and cadences beneath."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorygen.render.chord_labels import chord_labels
from theorygen.score import Event, Measure, Score, Voice
from theorygen.score.part import title_of

if TYPE_CHECKING:
    from rich.console import Console

_HELD, _REST = "─", "·"
_TEXT_WIDTH = 100
_STYLES = {"measure": "dim", "voice": "", "chords": "bold cyan", "cadence": "green"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the view: its label, its style, and for each measure the words of its columns."""

    label: str
    kind: str
    cells: tuple[tuple[str, ...], ...]


def print_score(score: Score, console: Console | None = None) -> None:
    """Prints the score, in colour where the console shows colour.

    Args:
        score: what to print.
        console: where to; standard output when left out, without colour under NO_COLOR.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console()
    for line in score_lines(score, console.width):
        text = Text(no_wrap=True, overflow="ignore")
        for words, kind in line:
            text.append(words, style=_STYLES.get(kind, kind))
        console.print(text, crop=False)


def score_to_text(score: Score, width: int = _TEXT_WIDTH) -> str:
    """The same view as plain text, lines no longer than ``width`` characters where a measure fits."""
    return _plain(score_lines(score, width))


def measures_to_text(score: Score, start: Fraction, end: Fraction, width: int = _TEXT_WIDTH) -> str:
    """The measures that sound from one time to another, as plain text, without a heading.

    Args:
        score: the score.
        start: quarter lengths from its beginning.
        end: likewise, not included.
        width: characters that a line should not exceed.
    """
    shown = [measure for measure in score.measures() if measure.onset < end and measure.end > start]
    return _plain(_systems_of(_rows(score, shown), width)[1:])


def _plain(lines: list[list[tuple[str, str]]]) -> str:
    buffer = io.StringIO()
    for line in lines:
        buffer.write("".join(words for words, _ in line).rstrip() + "\n")
    return buffer.getvalue()


def score_lines(score: Score, width: int = _TEXT_WIDTH) -> list[list[tuple[str, str]]]:
    """The view as lines of (words, kind) pieces; kinds are bold, measure, voice, chords, cadence."""
    return [[(_heading(score), "bold")], *_systems_of(_rows(score, score.measures()), width)]


def _systems_of(rows: list[_Row], width: int) -> list[list[tuple[str, str]]]:
    """The rows in systems, an empty line before each."""
    widths = _column_widths(rows)
    label = max(len(row.label) for row in rows) + 1
    lines: list[list[tuple[str, str]]] = []
    for start, stop in _systems(widths, width - label):
        lines.append([])
        lines += [_line(row, widths, label, range(start, stop)) for row in rows]
    return lines


def _heading(score: Score) -> str:
    meters = ", ".join(str(meter) for _, meter in score.meters)
    words = [score.title, score.composer, str(score.keys[0][1]), meters, f"{float(score.tempo):g} quarters a minute"]
    return "  ·  ".join(word for word in words if word)


def _rows(score: Score, measures: Sequence[Measure]) -> list[_Row]:
    """Measure numbers, the voices, and where there are any, chords and cadences."""
    columns = [_columns(score, measure) for measure in measures]
    numbers = tuple(
        (str(measure.number), *[""] * (len(column) - 1)) for measure, column in zip(measures, columns, strict=True)
    )
    rows = [_Row("", "measure", numbers)]
    for voice in score.voices:
        rows.append(_Row(title_of(voice.name), "voice", tuple(_voice_words(voice, column) for column in columns)))
    if score.chords:
        labels, cadences = _chord_words(score)
        rows.append(_Row("Chords", "chords", tuple(_words_at(labels, column) for column in columns)))
        if cadences:
            rows.append(_Row("", "cadence", tuple(_words_at(cadences, column) for column in columns)))
    return rows


def _columns(score: Score, measure: Measure) -> list[Fraction]:
    """Times in a measure at which a voice or the harmony does something."""
    times = {measure.onset}
    rows = [[event.onset for event in voice.events] for voice in score.voices]
    for onsets in [*rows, [chord.onset for chord in score.chords]]:
        times.update(onsets[bisect_left(onsets, measure.onset):bisect_left(onsets, measure.end)])
    return sorted(times)


def _voice_words(voice: Voice, column: Sequence[Fraction]) -> tuple[str, ...]:
    onsets = [event.onset for event in voice.events]
    words = []
    for time in column:
        index = bisect_right(onsets, time) - 1
        if index < 0 or time >= voice.end:
            words.append("")
        elif onsets[index] == time and not voice.is_continuation(index):
            words.append(_event_word(voice.events[index]))
        else:
            words.append("" if voice.events[index].is_rest else _HELD)
    return tuple(words)


def _event_word(event: Event) -> str:
    fermata = "^" if event.fermata else ""
    if event.unpitched is not None:
        return event.unpitched + fermata
    return ("+".join(map(str, event.pitches)) or _REST) + fermata


def _chord_words(score: Score) -> tuple[dict[Fraction, str], dict[Fraction, str]]:
    """Chord labels and cadence labels by time; a key stands where it changes, ``//`` where a phrase starts."""
    labels, cadences, phrase = {}, {}, 0
    for chord, label in chord_labels(score):
        mark = "// " if chord.phrase != phrase else ""
        labels[chord.onset] = mark + label
        if chord.cadence:
            cadences[chord.onset] = chord.cadence
        phrase = chord.phrase
    return labels, cadences


def _words_at(words: dict[Fraction, str], column: Sequence[Fraction]) -> tuple[str, ...]:
    return tuple(words.get(time, "") for time in column)


def _column_widths(rows: Sequence[_Row]) -> list[list[int]]:
    """For each measure the width of each column."""
    measures = zip(*(row.cells for row in rows), strict=True)
    return [[max(map(len, words)) for words in zip(*cells, strict=True)] for cells in measures]


def _systems(widths: Sequence[Sequence[int]], room: int) -> list[tuple[int, int]]:
    """(first, after last) measure of each system: as many as fit into the room, at least one."""
    systems, start, used = [], 0, 0
    for index, columns in enumerate(widths):
        length = sum(columns) + len(columns) + 2
        if used + length > room and index > start:
            systems.append((start, index))
            start, used = index, 0
        used += length
    return [*systems, (start, len(widths))] if widths else []


def _line(row: _Row, widths: Sequence[Sequence[int]], label: int, measures: range) -> list[tuple[str, str]]:
    line: list[tuple[Any, str]] = [(row.label.ljust(label), "bold")]
    for index in measures:
        words = " ".join(word.ljust(width) for word, width in zip(row.cells[index], widths[index], strict=True))
        line += [("│ " if row.kind == "voice" else "  ", "dim"), (words + " ", row.kind)]
    return line
