"""What a file says, before its music is sorted into voices with names. Every reader makes a `Written`.

Times are Fractions in quarter lengths from the start of the piece, a pickup included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from theorygen.score import ChordEvent, Repeat
from theorygen.theory import Key, Meter, Pitch


@dataclass(frozen=True, slots=True)
class Stroke:
    """A note, a chord, a drum hit or a rest as it is written.

    Attributes:
        onset: start.
        duration: length, above zero.
        pitches: what sounds, lowest first; none for a rest or a hit.
        tied: those of the pitches that are tied to the next stroke.
        fermata: whether a fermata stands over it.
        unpitched: name of a drum hit, or None.
    """

    onset: Fraction
    duration: Fraction
    pitches: tuple[Pitch, ...] = ()
    tied: frozenset[Pitch] = frozenset()
    fermata: bool = False
    unpitched: str | None = None

    @property
    def end(self) -> Fraction:
        """When it stops."""
        return self.onset + self.duration

    @property
    def is_rest(self) -> bool:
        """Whether nothing sounds."""
        return not self.pitches and self.unpitched is None


@dataclass(frozen=True, slots=True)
class Layer:
    """What one voice of the file does on a staff within a bar.

    Attributes:
        voice: the file's name of the voice, "" where a bar has one voice and does not say which.
        strokes: in time order, without overlaps; a gap is a rest.
        stem: "up" or "down" where all its stems point so, else "".
    """

    voice: str
    strokes: tuple[Stroke, ...]
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """One staff through the whole piece.

    Attributes:
        part: name of its part as printed, or "".
        bars: for each bar its layers.
        meters: time signatures by onset.
        keys: key signatures by onset, at sounding pitch.
        percussion: whether it holds drum hits.
        group: what all staves of one instrument share, "" for a staff of its own.
    """

    part: str
    bars: tuple[tuple[Layer, ...], ...]
    meters: Mapping[Fraction, Meter] = field(default_factory=dict)
    keys: Mapping[Fraction, Key] = field(default_factory=dict)
    percussion: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """One bar as the file writes it.

    Attributes:
        onset: start of the bar.
        length: what it holds.
        number: its printed number.
        continues: whether it only goes on with the bar before, as "4a" after "4" or an uncounted "X1".
    """

    onset: Fraction
    length: Fraction
    number: int
    continues: bool = False

    @property
    def end(self) -> Fraction:
        """When it stops."""
        return self.onset + self.length


@dataclass
class Written:
    """All that was read from one file.

    Attributes:
        name: of the file, for messages.
        staves: from top to bottom.
        bars: in time order.
        chords: chord symbols embedded in our own files.
        figures: figured bass under the lowest part: onset and text, in time order.
        repeats: repeated passages.
        title: printed above, or "".
        composer: or "".
        tempo: quarter notes a minute, or None.
        left_out: how many of each kind of thing were passed over: "grace notes", "chord symbols".
        notes: sentences on what was understood in one of several ways.
        metadata: what theorygen itself wrote about the score: its style and seed.
    """

    name: str
    staves: list[Staff] = field(default_factory=list)
    bars: list[WrittenBar] = field(default_factory=list)
    chords: list[ChordEvent] = field(default_factory=list)
    figures: list[tuple[Fraction, str]] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    title: str = ""
    composer: str = ""
    tempo: Fraction | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    metadata: dict[str, str | int] = field(default_factory=dict)
