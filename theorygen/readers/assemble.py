"""From what was written to a score: bars, voices, names, ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorygen.readers.bars import timeline
from theorygen.readers.written import Staff, Stroke, Written
from theorygen.score import Ensemble, Event, Score, ScoreError, arrange
from theorygen.theory import Key, Meter


def score_of_written(written: Written) -> Score:
    """The score a file says.

    Raises:
        ScoreError: there are no notes.
    """
    end = max((bar.end for bar in written.bars), default=Fraction(0))
    names = Ensemble.named("satb").names
    vocal = [staff for staff in written.staves if staff.part.split("\n")[0].lower() in names]
    staves = vocal if len(vocal) == 4 else written.staves
    if len(staves) != 4:
        raise ScoreError(f"'{written.name}' has {len(written.staves)} staves; only four named voices are read so far")
    ensemble = Ensemble.named("satb")
    events = {name: _events(staff, end) for name, staff in zip(ensemble.names, staves, strict=True)}
    if not any(event.pitches for row in events.values() for event in row):
        raise ScoreError(f"'{written.name}' has no notes")
    meters = tuple(sorted(written.meters.items())) or ((Fraction(0), Meter(4, 4)),)
    keys = tuple(sorted(written.keys.items(), key=lambda entry: entry[0])) or ((Fraction(0), Key.parse("C")),)
    return Score(
        arrange(ensemble, events), keys=keys, title=written.title, composer=written.composer,
        ensemble=ensemble, metadata={"notes": list(written.notes)} if written.notes else {},
        **timeline(written.bars, meters, end),
    )


def _events(staff: Staff, end: Fraction) -> tuple[Event, ...]:
    strokes = [stroke for bar in staff.bars for layer in bar for stroke in layer.strokes]
    return tuple(_without_gaps(strokes, end))


def _without_gaps(strokes: Sequence[Stroke], end: Fraction) -> list[Event]:
    """The strokes as events with rests between them."""
    events, now = [], Fraction(0)
    for stroke in strokes:
        if stroke.onset > now:
            events.append(Event(now, stroke.onset - now))
        events.append(Event(
            stroke.onset, stroke.duration, stroke.pitches, stroke.unpitched, bool(stroke.tied), stroke.fermata,
        ))
        now = stroke.end
    return [*events, Event(now, end - now)] if now < end else events
