"""From what was written to a score: voices with names, rests in their gaps, bars, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from theorygen.readers.bars import check_length, timeline, usual_meter
from theorygen.readers.casting import Cast, Found, cast
from theorygen.readers.limits import LIMITS, Limits
from theorygen.readers.naming import plain_name, voice_names
from theorygen.readers.staff_voices import staves_as_one, voices_of_staff
from theorygen.readers.written import Staff, Written
from theorygen.score import Ensemble, Event, Score, arrange
from theorygen.theory import Key

Value = TypeVar("Value")

_USUAL_TEMPO = Fraction(80)


def score_of_written(written: Written, ensemble: Ensemble | None = None, limits: Limits = LIMITS) -> Score:
    """The score a file says. ``metadata["notes"]`` tells what was left out.

    Args:
        written: what was read.
        ensemble: whose voices they are; without it, see `casting.cast`.
        limits: how long the piece may be.

    Raises:
        ScoreError: there are no notes, the voices do not fit the ensemble, or the piece is too long.
    """
    chosen = cast(list(_found(written)), ensemble)
    staves = [written.staves[number - 1] for number in sorted({voice.staff for voice in chosen.voices})]
    end = max([bar.end for bar in written.bars] + [voice.events[-1].end for voice in chosen.voices])
    meters = _changes([staff.meters for staff in staves], usual_meter(written.bars))
    check_length(meters, end, limits.bars)
    notes = [*_left_out(written), *written.notes, *chosen.notes, *_with_chords(chosen)]
    return Score(
        arrange(chosen.ensemble, _events(chosen, end)), keys=_changes([staff.keys for staff in staves], Key.parse("C")),
        chords=tuple(written.chords), title=written.title, composer=written.composer, repeats=tuple(written.repeats),
        ensemble=chosen.ensemble, metadata={**written.metadata, **({"notes": notes} if notes else {})},
        tempo=written.tempo or _USUAL_TEMPO, figures=tuple(written.figures), **timeline(written.bars, meters, end),
    )


def _with_chords(chosen: Cast) -> Iterator[str]:
    pairs = zip(chosen.ensemble.names, chosen.voices, strict=True)
    names = [name for name, voice in pairs if any(len(event.pitches) > 1 for event in voice.events)]
    if names:
        yield f"read as one voice with chords: {', '.join(names)}"


def _found(written: Written) -> Iterator[Found]:
    """The voices of all staves, from top to bottom."""
    for numbers in _groups(written.staves):
        staves = [written.staves[number - 1] for number in numbers]
        group = _group_name(written, numbers)
        together = staves_as_one(staves) if len(staves) > 1 else None
        if together is not None:
            half = (len(together) + 1) // 2
            for index, events in enumerate(together):
                yield Found("", staves[0].part, numbers[0] if index < half else numbers[-1], group, tuple(events))
            continue
        for number, staff in zip(numbers, staves, strict=True):
            voices = voices_of_staff(staff)
            if len(voices) > 1:
                voices = _with_fermatas(voices)
            for name, events in zip(voice_names(staff.part, len(voices)), voices, strict=True):
                yield Found(name if len(staves) == 1 else "", staff.part, number, group, tuple(events))


def _groups(staves: Sequence[Staff]) -> list[list[int]]:
    """Numbers of the staves of each part, counted from 1."""
    groups: list[list[int]] = []
    for number, staff in enumerate(staves, 1):
        if groups and staff.group and staff.group == staves[number - 2].group:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _group_name(written: Written, numbers: Sequence[int]) -> str:
    """A name for a part with several staves that no other part has."""
    if len(numbers) < 2:
        return ""
    part = written.staves[numbers[0] - 1].part
    alike = {staff.group for staff in written.staves if staff.part == part}
    return (plain_name(part) or "part") + (f"-{numbers[0]}" if len(alike) > 1 else "")


def _with_fermatas(voices: Sequence[Sequence[Event]]) -> list[list[Event]]:
    """The voices of a staff: a fermata over one holds all that end with it, as it is printed once for the staff."""
    ends = {event.end for voice in voices for event in voice if event.fermata}
    return [[replace(event, fermata=event.fermata or event.end in ends) for event in voice] for voice in voices]


def _events(chosen: Cast, end: Fraction) -> dict[str, list[Event]]:
    return {
        spec.name: _without_gaps(voice.events, end)
        for spec, voice in zip(chosen.ensemble.voices, chosen.voices, strict=True)
    }


def _without_gaps(events: Sequence[Event], end: Fraction) -> list[Event]:
    """The events with rests between them, from 0 to the end."""
    filled, now = [], Fraction(0)
    for event in events:
        if event.onset > now:
            filled.append(Event(now, event.onset - now))
        filled.append(event)
        now = event.end
    return [*filled, Event(now, end - now)] if now < end else filled


def _changes(maps: Sequence[Mapping[Fraction, Value]], usual: Value) -> tuple[tuple[Fraction, Value], ...]:
    """The signatures of the first staff that has any, without repetitions; the usual one where none stands at 0."""
    chosen = next((changes for changes in maps if changes), {})
    row = {Fraction(0): usual, **chosen}
    result: list[tuple[Fraction, Value]] = []
    for onset in sorted(row):
        if not result or result[-1][1] != row[onset]:
            result.append((onset, row[onset]))
    return tuple(result)


def _left_out(written: Written) -> Iterator[str]:
    kinds = [f"{kind} ({count})" for kind, count in sorted(written.left_out.items()) if count]
    if kinds:
        yield f"left out: {', '.join(kinds)}"
