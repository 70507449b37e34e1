"""Relations: rules over notes that stand apart, which no window sees: a canon, a motif that returns, a row, a total.

Each kind says which keys it has in YAML and what it demands of a piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import ClassVar

from theorygen.rules.expression import Expression
from theorygen.rules.relation_demands import Cell, Clock, Copy, Count, Demand, Impossible, Place, Twelve
from theorygen.rules.relation_values import (
    ANY,
    Entry,
    Key,
    Length,
    Transposition,
    read_entry,
    read_fixed,
    read_length,
    read_place,
    read_transposition,
    read_voice,
    read_voices,
    several,
)

_TRANSPOSED = "an interval such as P5 or -P8, '4 steps', 'any' or 'any steps'"
_LENGTH = "a number of quarter lengths, or such as '2 slots'"
_VOICE = "the name of a voice"
_PLACES = "places such as m5 or m5 b3"


@dataclass(frozen=True)
class Relation:
    """One relation of a style: what its rule demands.

    Attributes:
        kind: as written after ``relation:``.
        about: one sentence for the manual.
        keys: its keys in YAML.
        message: what is said of a fault where the rule has no message.
        words: names that messages may hold in braces.
    """

    kind: ClassVar[str]
    about: ClassVar[str]
    keys: ClassVar[Mapping[str, Key]]
    message: ClassVar[str]
    words: ClassVar[tuple[str, ...]]

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """Names of the voices it speaks of."""
        return ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Its expressions over windows."""
        return ()

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """What it asks of the notes of a piece; nothing where a voice it speaks of is missing."""
        raise NotImplementedError


@dataclass(frozen=True)
class Canon(Relation):
    """One voice answers another, later and at an interval."""

    kind = "canon"
    about = "The follower sings what the leader sang, some time later and some interval away."
    message = "{follower} sings {second} where {leader} sang {first}: it should lie {interval} away"
    words = ("leader", "follower", "interval", "first", "second")
    keys: ClassVar[Mapping[str, Key]] = {
        "leader": Key(read_voice, _VOICE), "follower": Key(read_voice, _VOICE),
        "interval": Key(read_fixed, "an interval from leader to follower such as P5 or -P8, or such as '4 steps'"),
        "distance": Key(read_length, _LENGTH),
        "between": Key(several(read_place, 2, 2), f"two {_PLACES}: where the leader begins and stops", False)}

    leader: str
    follower: str
    interval: Transposition
    distance: Length
    between: tuple[Place, ...] = ()

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """Leader and follower."""
        return self.leader, self.follower

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """Each note of the leader with that of the follower."""
        places = [clock.time(place) for place in self.between] or [clock.onsets[0], clock.end]
        start, stop = places
        if start is None or stop is None:
            yield Impossible(_no_measure(self.between, clock))
            return
        leader, follower = map(clock.voices.index, self.voices_meant)
        pairs = [_pair(slots, leader, follower) for slots in _shifted(clock, start, stop, self.distance)]
        yield Copy(tuple(pairs), self.interval.measured, self.interval.shift,
                   {"leader": self.leader, "follower": self.follower, "interval": str(self.interval)})


@dataclass(frozen=True)
class SameMotif(Relation):
    """The same melodic intervals, in the same rhythm, in several places."""

    kind = "same-motif"
    about = "What a voice sings at the first place returns at the others, transposed as a whole."
    message = "{second} does not repeat {first} of the motif (transposed: {interval})"
    words = ("interval", "first", "second")
    keys: ClassVar[Mapping[str, Key]] = {
        "voice": Key(read_voice, _VOICE, False),
        "at": Key(several(read_entry, 2), "two or more places such as m5, m5 b3 or alto m5"),
        "length": Key(read_length, _LENGTH),
        "transposed": Key(read_transposition, _TRANSPOSED, False)}

    at: tuple[Entry, ...]
    length: Length
    voice: str = ""
    transposed: Transposition = ANY

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """The voices of all places."""
        return tuple(dict.fromkeys(entry.voice or self.voice for entry in self.at))

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """The notes of each place with those of the first."""
        times = [time for entry in self.at if (time := clock.time(entry.place)) is not None]
        if len(times) < len(self.at):
            yield Impossible(_no_measure([entry.place for entry in self.at], clock))
            return
        first, *others = (clock.voices.index(entry.voice or self.voice) for entry in self.at)
        for voice, time in zip(others, times[1:], strict=True):
            pairs = [_pair(slots, first, voice) for slots in _beside(clock, times[0], time, self.length)]
            yield Copy(tuple(pairs), self.transposed.measured, self.transposed.shift,
                       {"interval": str(self.transposed)})


@dataclass(frozen=True)
class Row(Relation):
    """Twelve different pitch classes, again and again."""

    kind = "row"
    about = "The notes, twelve at a time in order of time and then from the top, are all twelve pitch classes."
    message = "{second} returns after {first} before all twelve pitch classes have sounded"
    words = ("first", "second")
    keys: ClassVar[Mapping[str, Key]] = {"voices": Key(read_voices, "all, the name of a voice, or a list of voices")}

    voices: tuple[str, ...] = ()

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """Its voices; none for all."""
        return self.voices

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """All its notes in order."""
        numbers = sorted(map(clock.voices.index, self.voices or clock.voices))
        yield Twelve(tuple((slot, voice) for slot in range(len(clock.onsets)) for voice in numbers))


@dataclass(frozen=True)
class Total(Relation):
    """How many windows of a kind there are in the whole piece."""

    kind = "total"
    about = "How many windows there are over the whole piece for which a condition holds."
    message = "there are {total} in all"
    words = ("total",)
    keys: ClassVar[Mapping[str, Key]] = {
        "over": Key(str, "piece"), "total": Key(dict, "what is counted, such as {over: melodic-step, when: leaps}"),
        "require": Key(str, "a condition, such as total == 3")}

    count: Count

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The condition on what is counted."""
        return self.count.counted.rule.expressions

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """The count."""
        yield self.count


def _no_measure(places: Sequence[Place], clock: Clock) -> str:
    missing = next(place for place in places if clock.time(place) is None)
    return f"the piece has no measure {missing.measure}"


_Slots = tuple[int | None, int | None]


def _pair(slots: _Slots, first: int, second: int) -> tuple[Cell | None, Cell | None]:
    return tuple(None if slot is None else (slot, voice)  # type: ignore[return-value]
                 for slot, voice in zip(slots, (first, second), strict=True))


def _shifted(clock: Clock, start: Fraction, stop: Fraction, distance: Length) -> Iterator[_Slots]:
    """Slots from one time up to another, each with that at a distance, as far as the piece goes."""
    if distance.in_slots:
        apart = int(distance.size)
        yield from ((slot, slot + apart) for slot in clock.slots(start, stop) if slot + apart < len(clock.onsets))
        return
    last = min(stop, clock.end - distance.size)
    yield from _beside(clock, start, start + distance.size, Length(max(last - start, Fraction(0))))


def _beside(clock: Clock, first: Fraction, second: Fraction, length: Length) -> Iterator[_Slots]:
    """The slots of two stretches of the same length, those that begin at the same time of each beside each other."""
    if length.in_slots:
        starts = clock.slots(first, clock.end)[: int(length.size)], clock.slots(second, clock.end)[: int(length.size)]
        yield from zip_longest(*starts)
        return
    times = {clock.onsets[slot] - start for start in (first, second)
             for slot in clock.slots(start, start + length.size)}
    yield from ((clock.slot(first + time), clock.slot(second + time)) for time in sorted(times))


def demands_of(relation: Relation, clock: Clock) -> tuple[Demand, ...]:
    """What a relation asks of a piece; nothing where the piece lacks a voice it speaks of."""
    return tuple(relation.demands(clock)) if set(relation.voices_meant) <= set(clock.voices) else ()
