"""Events in time: a note, a chord, a drum hit or a rest; and a voice, an unbroken row of them.

All times are exact fractions in quarter lengths, counted from the start of the score (a pickup included).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from theorygen.score.errors import ScoreError
from theorygen.theory import Interval, Pitch


@dataclass(frozen=True, slots=True)
class Event:
    """What one voice does for a while. Without pitches and without a hit it is a rest.

    Attributes:
        onset: start in quarter lengths from the start of the score.
        duration: length in quarter lengths, above zero.
        pitches: the notes, lowest first; several are a chord.
        unpitched: name of a drum hit ("kick"), or None.
        tied_to_next: whether the next event continues the pitches both share without a new attack.
        fermata: whether a fermata stands over it.
        provenance: where it came from (production path, embellishment, tight rules); not part of its identity.
    """

    onset: Fraction
    duration: Fraction
    pitches: tuple[Pitch, ...] = ()
    unpitched: str | None = None
    tied_to_next: bool = False
    fermata: bool = False
    provenance: Mapping[str, Any] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if type(self.onset) is not Fraction or type(self.duration) is not Fraction:
            object.__setattr__(self, "onset", Fraction(self.onset))
            object.__setattr__(self, "duration", Fraction(self.duration))
        object.__setattr__(self, "pitches", tuple(sorted(self.pitches)))
        if self.duration <= 0:
            raise ScoreError(f"an event at {self.onset} lasts {self.duration}; expected a length above zero")
        if self.pitches and self.unpitched is not None:
            raise ScoreError(f"the event at {self.onset} has pitches and the hit '{self.unpitched}'; expected one")

    @property
    def end(self) -> Fraction:
        """When it stops, in quarter lengths."""
        return self.onset + self.duration

    @property
    def is_rest(self) -> bool:
        """Whether nothing sounds."""
        return not self.pitches and self.unpitched is None

    @property
    def pitch(self) -> Pitch | None:
        """The top note, or None for a rest or a drum hit."""
        return self.pitches[-1] if self.pitches else None

    def transpose(self, interval: Interval) -> Event:
        """The same event this interval higher (lower, when negative)."""
        return replace(self, pitches=tuple(pitch.transpose(interval) for pitch in self.pitches))


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note with its ties joined.

    Attributes:
        onset: attack in quarter lengths.
        duration: length in quarter lengths.
        pitch: its pitch, or None for a drum hit.
        unpitched: name of the drum hit, or None.
    """

    onset: Fraction
    duration: Fraction
    pitch: Pitch | None
    unpitched: str | None = None


@dataclass(frozen=True)
class Voice:
    """A row of events without gaps.

    Attributes:
        name: as printed in locations: "soprano", "violin-1".
        events: in time order, each starting where the one before stops.

    Raises:
        ScoreError: events leave a gap or overlap.
    """

    name: str
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "events", tuple(self.events))
        for before, after in pairwise(self.events):
            if after.onset != before.end:
                problem = "a gap" if after.onset > before.end else "an overlap"
                raise ScoreError(
                    f"voice '{self.name}' has {problem} at {before.end}: the next event starts at {after.onset}"
                )

    @property
    def end(self) -> Fraction:
        """When the last event stops, in quarter lengths; 0 without events."""
        return self.events[-1].end if self.events else Fraction(0)

    def is_continuation(self, index: int) -> bool:
        """Whether the event at ``index`` only goes on sounding: every note of it is tied to the event before."""
        if index == 0 or self.events[index].is_rest:
            return False
        before, after = self.events[index - 1], self.events[index]
        if not before.tied_to_next or before.unpitched != after.unpitched:
            return False
        return set(after.pitches) <= set(before.pitches)

    def notes(self) -> Iterator[Note]:
        """Every sounding note, ties joined, in the order in which they stop."""
        open_notes: dict[Pitch | None, Fraction] = {}
        for index, event in enumerate(self.events):
            sounding: tuple[Pitch | None, ...] = event.pitches or ((None,) if event.unpitched is not None else ())
            following = self.events[index + 1] if event.tied_to_next and index + 1 < len(self.events) else None
            for pitch in sounding:
                onset = open_notes.pop(pitch, event.onset)
                if following is not None and _goes_on(pitch, event, following):
                    open_notes[pitch] = onset
                else:
                    yield Note(onset, event.end - onset, pitch, event.unpitched)

    def transpose(self, interval: Interval) -> Voice:
        """The same voice this interval higher (lower, when negative)."""
        return Voice(self.name, tuple(event.transpose(interval) for event in self.events))


def _goes_on(pitch: Pitch | None, event: Event, following: Event) -> bool:
    """Whether a note of a tied event is found again in the next one."""
    return event.unpitched == following.unpitched if pitch is None else pitch in following.pitches
