"""A violation in a teacher's sentence: "Parallel fifths between tenor and bass, measure 2, beat 3 to beat 4"."""

from __future__ import annotations

from theorygen.rules.check import Violation
from theorygen.rules.rule import Rule
from theorygen.score.location import Location
from theorygen.score.score import Score

PAIR = 2
_MOST_NOTES = 4
_BETWEEN = ("motion", "spacing")
"""Categories whose faults stand between two voices."""


def headline(score: Score, rule: Rule, violation: Violation) -> str:
    """What is wrong, in which voices, from where to where, and the notes."""
    notes = notes_text(violation)
    return f"{_title(rule, violation)}, {place_text(score, violation)}{f' ({notes})' if notes else ''}"


def _title(rule: Rule, violation: Violation) -> str:
    """The rule's title with the voices, unless it names them."""
    title = rule.details.get("title") or rule.name.replace("-", " ").capitalize()
    voices = violation.location.voices
    if not voices or (len(voices) == 1 and voices[0] in title.lower()):
        return title
    names = voices_text(voices)
    is_pair = len(voices) == PAIR and rule.details.get("category") in _BETWEEN
    return f"{title} between {names}" if is_pair and " between " not in title else f"{title}: {names}"


def voices_text(voices: tuple[str, ...]) -> str:
    """Names of voices in a row: "soprano, alto and bass"."""
    *others, last = voices
    return f"{', '.join(others)} and {last}" if others else last


def place_text(score: Score, violation: Violation) -> str:
    """From where to where: "measure 2, beat 3 to beat 4", "measure 2, beat 4 to measure 3, beat 1"."""
    end = Location(violation.location.measure, violation.location.beat)
    start = score.location(violation.onsets[0])
    if start == end:
        return str(end)
    if start.measure == end.measure:
        return f"{start} to {str(end).partition(', ')[2]}"
    return f"{start} to {end}"


def notes_text(violation: Violation) -> str:
    """The notes: "F4 to G#4" in one voice, "C3-G3 to D3-A3" between two from the lower up, "" where they are many."""
    lines: dict[str, list[str]] = {}
    for note in violation.notes:
        lines.setdefault(note.voice, []).append(str(note.pitch))
    columns = list(lines.values())
    if len(columns) <= PAIR and len({len(column) for column in columns}) == 1:
        return " to ".join("-".join(reversed(together)) for together in zip(*columns, strict=True))
    if len(violation.notes) > _MOST_NOTES:
        return ""
    return ", ".join(f"{voice} {' to '.join(pitches)}" for voice, pitches in lines.items())


