"""The frame of given music: cells of one chord's length, phrases, and what each given voice does in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor

from theorygen.rules.embellishments import NONE, UNLICENSED, kinds_if_foreign
from theorygen.rules.world import EMBELLISHMENTS
from theorygen.score.event import Event, Voice
from theorygen.score.part import Part
from theorygen.score.score import Score
from theorygen.theory import Meter, Pitch

PULSE = "pulse"


@dataclass(frozen=True)
class Heard:
    """A given note in one cell.

    Attributes:
        code: its pitch code.
        is_held: whether it goes on from the cell before.
        foreign: kinds of embellishment it may be where it is foreign to the chord of this cell; none where it may not.
        early: kinds it may be where it is a chord tone of the next cell's chord and foreign until then.
        is_whole: whether it is struck with the cell and lasts as long or longer.
        is_accented: whether it stands on a stronger place in this cell than what comes after it.
        share: of the cell that it fills.
        begins: when it begins in this cell, quarter lengths from the start of the piece.
    """

    code: int
    is_held: bool
    foreign: tuple[str, ...]
    early: tuple[str, ...] = ()
    is_whole: bool = False
    is_accented: bool = False
    share: Fraction = Fraction(1)
    begins: Fraction = Fraction(0)


@dataclass(frozen=True)
class Phrase:
    """Successive cells that belong together: from ``first`` up to but without ``stop``."""

    first: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.first


@dataclass(frozen=True)
class Frame:
    """Given voices in time.

    Attributes:
        meter: the meter.
        pickup: length of the incomplete first bar, quarter lengths.
        unit: length of a cell, quarter lengths.
        lines: number of a voice to its given events, in time order; what they leave open is free.
        breaks: further times at which phrases end, quarter lengths.
        end: end of the piece where cells without given notes belong to it too; None where these are rests.
    """

    meter: Meter
    pickup: Fraction
    unit: Fraction
    lines: Mapping[int, tuple[Event, ...]]
    breaks: frozenset[Fraction] = frozenset()
    end: Fraction | None = None

    @property
    def origin(self) -> Fraction:
        """Where the grid of cells begins, at or before the first note: cells meet at the bar lines."""
        return self.pickup - ceil(self.pickup / self.unit) * self.unit

    def onset(self, cell: int) -> Fraction:
        """When a cell begins, quarter lengths from the start of the piece; the first may begin before the music."""
        return max(self.origin + cell * self.unit, Fraction(0))

    def offset(self, cell: int) -> Fraction:
        """Where in its bar a cell begins, quarter lengths."""
        return (self.origin + cell * self.unit - self.pickup) % self.meter.bar_length

    @cached_property
    def notes(self) -> tuple[tuple[int, Event], ...]:
        """All given notes with the number of their voice, in time order."""
        found = [(voice, event) for voice, events in self.lines.items() for event in events if event.pitches]
        return tuple(sorted(found, key=lambda one: (one[1].onset, one[0])))

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Phrases end under fermatas, where all given voices rest for a cell or more, and at the breaks."""
        cells = sorted({cell for _, event in self.notes for cell in self._cells(event)})
        if self.end is not None:
            cells = list(range(ceil((self.end - self.origin) / self.unit)))
        ends = {event.end for _, event in self.notes if event.fermata} | self.breaks
        edges = {ceil((end - self.origin) / self.unit) for end in ends}
        phrases: list[Phrase] = []
        for cell in cells:
            if phrases and phrases[-1].stop == cell and cell not in edges:
                phrases[-1] = Phrase(phrases[-1].first, cell + 1)
            else:
                phrases.append(Phrase(cell, cell + 1))
        return tuple(phrases)

    def _cells(self, event: Event) -> range:
        start, end = ((time - self.origin) / self.unit for time in (event.onset, event.end))
        return range(floor(start), ceil(end))

    @cached_property
    def cells(self) -> int:
        """How many cells there are, the last one included."""
        return self.phrases[-1].stop if self.phrases else 0

    @cached_property
    def heard(self) -> tuple[Mapping[int, tuple[Heard, ...]], ...]:
        """For each cell the voices that have given notes in it, with these notes in time order."""
        table: list[dict[int, tuple[Heard, ...]]] = [{} for _ in range(self.cells)]
        for voice, events in self.lines.items():
            kinds = _Kinds(self, events)
            for event in events:
                if event.pitch:
                    for cell in self._cells(event):
                        start, stop = self.onset(cell), self.onset(cell + 1)
                        heard = Heard(event.pitch.code, event.onset < start, *kinds.of(event, cell),
                                      event.onset == start and event.end >= stop,
                                      self.weight(max(event.onset, start)) > self.weight(event.end),
                                      (min(event.end, stop) - max(event.onset, start)) / (stop - start),
                                      max(event.onset, start))
                        table[cell][voice] = (*table[cell].get(voice, ()), heard)
        return tuple(table)

    def weight(self, time: Fraction) -> int:
        """Metric strength of a time, 3 for a downbeat to 0 off the beat."""
        return self.meter.weight((time - self.pickup) % self.meter.bar_length)


class _Kinds:
    """What every note of one voice would be if it were foreign to its chord."""

    def __init__(self, frame: Frame, events: Sequence[Event]) -> None:
        self.frame = frame
        slots = _with_pulse(frame, events).slots("attacks")
        self.found = kinds_if_foreign(slots)
        self.slot = {onset: slot for slot, onset in enumerate(slots.onsets)}

    def of(self, event: Event, cell: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Kinds a note may be in a cell, to its end, and until the next cell begins."""
        start = self.frame.onset(cell)
        if event.onset < start:
            return _licensed(self.found.held[self.slot[start], 0]), ()
        slot = self.slot[event.onset]
        return _licensed(self.found.struck[slot, 0]), _licensed(self.found.released[slot, 0])


def _licensed(kind: int) -> tuple[str, ...]:
    return () if kind in (NONE, UNLICENSED) else (EMBELLISHMENTS[kind],)


def _with_pulse(frame: Frame, events: Sequence[Event]) -> Score:
    """A score of one given voice, and a second one that begins a note in every cell, so that each has a slot."""
    bounds = [frame.onset(cell) for cell in range(frame.cells + 1)]
    pulse = [Event(start, stop - start, (Pitch.parse("C1"),))
             for start, stop in pairwise(bounds) if start < stop]
    voices = (Voice("given", tuple(_filled(events, bounds[-1]))), Voice(PULSE, tuple(pulse)))
    return Score(tuple(Part(voice.name, (voice,)) for voice in voices), ((Fraction(0), frame.meter),),
                 pickup=frame.pickup)


def joined(events: Sequence[Event]) -> tuple[Event, ...]:
    """The sounding notes of a voice, tied ones as one event; of a chord its highest note."""
    found: list[Event] = []
    tied = False
    for event in events:
        if tied and found[-1].pitch == event.pitch and found[-1].end == event.onset:
            last = found.pop()
            found.append(Event(last.onset, event.end - last.onset, last.pitches, fermata=event.fermata))
        elif event.pitch:
            found.append(Event(event.onset, event.duration, (event.pitch,), fermata=event.fermata))
        tied = event.tied_to_next
    return tuple(found)


def _filled(events: Sequence[Event], end: Fraction) -> Iterator[Event]:
    """The events with rests between them."""
    now = Fraction(0)
    for event in events:
        if event.onset > now:
            yield Event(now, event.onset - now)
        yield event
        now = event.end
    if now < end:
        yield Event(now, end - now)
