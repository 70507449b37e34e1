"""Relations: rules over notes that stand apart, which no window sees: a canon, a motif that returns, a row, a total.

Each kind says which keys it has in YAML and what it demands of a piece. `RELATIONS` is the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from theorygen.rules.relation_demands import (
    EXACT,
    STEPS,
    Cell,
    Clock,
    Copy,
    Count,
    Demand,
    Impossible,
    Place,
    Twelve,
    transposition_text,
)
from theorygen.theory import Interval, TheoryError

ALL = "all"

_PLACE = re.compile(r"(?:([a-z][a-z0-9 -]*?) )?m(\d+)(?: b(\d+)(?:\.(5))?)?")
_STEPS = re.compile(r"(-?\d+) steps?")
_SLOTS = re.compile(r"(\d+) slots?")


@dataclass(frozen=True)
class Length:
    """A length as written.

    Attributes:
        size: quarter lengths, or slots.
        in_slots: whether it is counted in slots.
    """

    size: Fraction
    in_slots: bool = False

    def __str__(self) -> str:
        return f"{self.size} slot{'s' * (self.size != 1)}" if self.in_slots else f"{self.size} quarters"


@dataclass(frozen=True)
class Transposition:
    """How far a copy lies above what it copies.

    Attributes:
        measured: "exact" or "steps".
        shift: an interval code or diatonic steps; None for any, as long as it stays the same.
    """

    measured: str
    shift: int | None

    def __str__(self) -> str:
        return transposition_text(self.measured, self.shift)


@dataclass(frozen=True)
class Entry:
    """Where a motif stands.

    Attributes:
        voice: the voice; "" for the one named once for all.
        place: where it begins.
    """

    voice: str
    place: Place


def read_transposition(value: Any) -> Transposition:
    """Read ``P5``, ``-P8``, ``4 steps``, ``any``, ``any steps``.

    Raises:
        ValueError: it is none of these.
    """
    text = str(value)
    if text in ("any", "any steps"):
        return Transposition(EXACT if text == "any" else STEPS, None)
    if match := _STEPS.fullmatch(text):
        return Transposition(STEPS, int(match[1]))
    return Transposition(EXACT, read_interval(text).code)


def read_fixed(value: Any) -> Transposition:
    """Like `read_transposition`, but the distance must be told.

    Raises:
        ValueError: it is not.
    """
    found = read_transposition(value)
    if found.shift is None:
        raise ValueError
    return found


def read_interval(value: Any) -> Interval:
    """Read an interval.

    Raises:
        ValueError: it is none.
    """
    try:
        return Interval.parse(str(value))
    except TheoryError:
        raise ValueError from None


def read_octaves(value: Any) -> Interval:
    """Read ``P8`` or ``P15``.

    Raises:
        ValueError: it is neither.
    """
    found = read_interval(value)
    if str(found) not in ("P8", "P15"):
        raise ValueError
    return found


def read_length(value: Any) -> Length:
    """Read a number of quarter lengths, or ``2 slots``.

    Raises:
        ValueError: it is neither, or not above 0.
    """
    match = _SLOTS.fullmatch(str(value))
    found = Length(Fraction(match[1]), True) if match else Length(_fraction(value))
    if found.size <= 0:
        raise ValueError
    return found


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError from None


def read_entry(value: Any) -> Entry:
    """Read ``m5``, ``m5 b3`` or ``alto m5 b3``.

    Raises:
        ValueError: it is no place.
    """
    match = _PLACE.fullmatch(str(value))
    if not match or match[3] == "0":
        raise ValueError
    return Entry(match[1] or "", Place(int(match[2]), Fraction(match[3] or 1) + (Fraction(1, 2) if match[4] else 0)))


def read_place(value: Any) -> Place:
    """Read ``m5`` or ``m5 b3``.

    Raises:
        ValueError: it is no place.
    """
    found = read_entry(value)
    if found.voice:
        raise ValueError
    return found.place


def read_voice(value: Any) -> str:
    """Read the name of a voice.

    Raises:
        ValueError: it is no text.
    """
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def several(read: Callable[[Any], Any], least: int, most: int | None = None) -> Callable[[Any], tuple[Any, ...]]:
    """A reader of lists."""
    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or not least <= len(value) <= (most or len(value)):
            raise ValueError
        return tuple(map(read, value))

    return read_all


def read_voices(value: Any) -> tuple[str, ...]:
    """Read ``all``, a voice or a list of voices; none stand for all.

    Raises:
        ValueError: it is nothing of the kind.
    """
    if value == ALL:
        return ()
    return several(read_voice, 1)(value if isinstance(value, list | tuple) else [value])


@dataclass(frozen=True)
class Key:
    """One key of a relation in YAML.

    Attributes:
        read: from the value as written; raises ValueError.
        expected: what may stand there.
        required: whether it must be there.
    """

    read: Callable[[Any], Any]
    expected: str
    required: bool = True


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
    def open_words(self) -> frozenset[str]:
        """Words without a closed list that its expressions mention."""
        return frozenset()

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
    keys = {
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
    keys = {
        "voice": Key(read_voice, _VOICE, False),
        "at": Key(several(read_entry, 2), "two or more places such as m5, m5 b3 or alto m5"),
        "length": Key(read_length, _LENGTH),
        "transposed": Key(read_transposition, _TRANSPOSED, False)}

    at: tuple[Entry, ...]
    length: Length
    voice: str = ""
    transposed: Transposition = Transposition(EXACT, None)

    @property
    def voices_meant(self) -> tuple[str, ...]:
        """The voices of all places."""
        return tuple(dict.fromkeys(entry.voice or self.voice for entry in self.at))

    def demands(self, clock: Clock) -> Iterator[Demand]:
        """The notes of each place with those of the first."""
        times = [clock.time(entry.place) for entry in self.at]
        missing = [entry.place for entry, time in zip(self.at, times, strict=True) if time is None]
        if missing:
            yield Impossible(_no_measure(missing, clock))
            return
        voices = [clock.voices.index(entry.voice or self.voice) for entry in self.at]
        for voice, time in zip(voices[1:], times[1:], strict=True):
            pairs = [_pair(slots, voices[0], voice) for slots in _beside(clock, times[0], time, self.length)]
            yield Copy(tuple(pairs), self.transposed.measured, self.transposed.shift,
                       {"interval": str(self.transposed)})


@dataclass(frozen=True)
class Row(Relation):
    """Twelve different pitch classes, again and again."""

    kind = "row"
    about = "The notes, twelve at a time in order of time and then from the top, are all twelve pitch classes."
    message = "{second} returns after {first} before all twelve pitch classes have sounded"
    words = ("first", "second")
    keys = {"voices": Key(read_voices, "all, the name of a voice, or a list of voices")}

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
    keys = {}

    count: Count

    @property
    def open_words(self) -> frozenset[str]:
        """Words of the condition on what is counted."""
        return self.count.counted.open_words

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
        yield from zip(*starts, strict=False)
        return
    times = {clock.onsets[slot] - start for start in (first, second) for slot in clock.slots(start, start + length.size)}
    yield from ((clock.slot(first + time), clock.slot(second + time)) for time in sorted(times))


def demands_of(relation: Relation, clock: Clock) -> tuple[Demand, ...]:
    """What a relation asks of a piece; nothing where the piece lacks a voice it speaks of."""
    return tuple(relation.demands(clock)) if set(relation.voices_meant) <= set(clock.voices) else ()


RELATIONS: dict[str, type[Relation]] = {relation.kind: relation for relation in (Canon, SameMotif, Row)}
"""What may stand after ``relation:``, but for `invertible`, which is a rule over windows in disguise."""
