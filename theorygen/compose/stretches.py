"""Chords in time: the moments of a problem, and the stretches that the chords of its solutions last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from theorygen.score.event import Event
from theorygen.score.harmony import ChordEvent
from theorygen.solve.problem import Choice
from theorygen.theory import Pitch, RomanNumeral

NO_CADENCE = NO_REGION = "none"


@dataclass(frozen=True)
class Moment:
    """Where one position of a problem lies in time.

    Attributes:
        onset: start in quarter lengths from the start of the piece, a pickup included.
        duration: length in quarter lengths.
        phrase: number of its phrase, from 0.
    """

    onset: Fraction
    duration: Fraction
    phrase: int = 0

    @property
    def end(self) -> Fraction:
        """When it stops, in quarter lengths."""
        return self.onset + self.duration


@dataclass(frozen=True)
class Origin:
    """Where a choice of a problem comes from.

    Attributes:
        path: symbols of harmony from the phrase down to the chord; empty where no grammar made it.
        pivot: the same chord in the key being left, or None.
    """

    path: tuple[str, ...] = ()
    pivot: RomanNumeral | None = None


NO_ORIGIN = Origin()


@dataclass(frozen=True)
class Stretch:
    """One chord of a solution in time.

    Attributes:
        choice: the chord taken.
        event: when it sounds.
        pitches: pitch code of each voice.
        given: numbers of the voices whose notes were given.
        rests: times at which notes with a fermata end.
    """

    choice: Choice
    event: ChordEvent
    pitches: tuple[int, ...]
    given: frozenset[int]
    rests: frozenset[Fraction]

    def begins(self, event: Event) -> bool:
        """Whether an event begins while the chord lasts."""
        return self.event.onset <= event.onset < self.event.end

    def note(self, voice: int, start: Fraction, stop: Fraction) -> Event:
        """The note of a voice from one time to another."""
        pitch = Pitch.from_code(self.pitches[voice])
        provenance = self._provenance(pitch) | ({"given": True} if voice in self.given else {})
        return Event(start, stop - start, (pitch,), fermata=stop in self.rests, provenance=provenance)

    def kept(self, event: Event, rests: frozenset[Fraction]) -> Event:
        """An event that stands as it is, with where it comes from.

        Args:
            event: one that begins while the chord lasts.
            rests: times at which notes with a fermata end, under later chords, too.
        """
        provenance = (self._provenance(event.pitch) if event.pitch else {}) | {"given": True}
        fermata = event.fermata or (bool(event.pitches) and event.end in rests)
        return Event(event.onset, event.duration, event.pitches, event.unpitched, event.tied_to_next, fermata,
                     provenance)

    def _provenance(self, pitch: Pitch) -> dict[str, Any]:
        numeral = self.event.numeral
        return {"chord": numeral.text, "key": numeral.key.short, "member": numeral.role_of(pitch.pitch_class),
                "degree": str(numeral.key.degree_of(pitch.pitch_class)), "path": list(origin_of(self.choice).path)}


def chords_of(stretches: Sequence[Stretch]) -> Iterator[ChordEvent]:
    """The chords of a solution; a chord that goes on with other notes is one."""
    found: list[ChordEvent] = []
    for stretch in stretches:
        if found and not stretch.choice.slot.arrives:
            found[-1] = replace(found[-1], duration=stretch.event.end - found[-1].onset)
        else:
            found.append(stretch.event)
    yield from found


def origin_of(choice: Choice) -> Origin:
    """Where a choice comes from, as far as it is known."""
    return choice.origin if isinstance(choice.origin, Origin) else NO_ORIGIN


def chord_event(choice: Choice, moment: Moment, stop: Fraction) -> ChordEvent:
    """A choice from its moment up to a time."""
    slot = choice.slot
    assert slot.chord is not None
    cadence = None if slot.cadence == NO_CADENCE else slot.cadence
    region = "" if slot.region == NO_REGION else slot.region
    return ChordEvent(moment.onset, stop - moment.onset, slot.chord, origin_of(choice).pivot, moment.phrase, cadence,
                      region)


def gaps(chord: ChordEvent, locked: tuple[Event, ...]) -> Iterator[tuple[Fraction, Fraction]]:
    """The parts of a chord's time in which nothing is locked."""
    inside = [event for event in locked if event.onset < chord.end and event.end > chord.onset]
    edges = [chord.onset, *(edge for event in inside for edge in (event.onset, event.end)), chord.end]
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if start < stop:
            yield start, stop
