"""The score: parts with voices, the meters, keys and chords over time, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from theorygen.score.ensemble import Ensemble
from theorygen.score.errors import ScoreError
from theorygen.score.event import Voice
from theorygen.score.harmony import ChordEvent, with_phrase_edges
from theorygen.score.location import Location
from theorygen.score.part import Part
from theorygen.score.timeline import Bar, Measure, measures_of, value_at
from theorygen.source.nearest import nearest
from theorygen.theory import Interval, Key, Meter, TheoryError, transpose_figures

if TYPE_CHECKING:
    from theorygen.score.slots import SlotArrays
    from theorygen.score.sounding import Sounding

_DEFAULT_TEMPO = Fraction(80)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A passage played several times; times are quarter lengths from the start of the score.

    Attributes:
        start: where it begins.
        end: where it ends.
        times: how often it sounds, at least twice.
    """

    start: Fraction
    end: Fraction
    times: int = 2


@dataclass(frozen=True)
class Score:
    """A piece of music. Times are Fractions in quarter lengths from the start, a pickup included.

    Attributes:
        parts: from top to bottom; the order of all voices is the order of parts and of voices in them.
        meters: (onset, meter) in order, the first at 0.
        keys: (onset, key) in order, the first at 0: the key signatures. The keys of single chords are in ``chords``.
        chords: chord symbols in time order; their phrase edges are set from their phrase numbers.
        title: printed above.
        composer: printed at the right.
        tempo: quarter notes a minute.
        pickup: length of the incomplete first bar, 0 for none.
        repeats: repeated passages in order, not nested.
        ensemble: the ensemble it is for, in the order of the voices, if known.
        metadata: anything else (style, seed): plain words and numbers.
        bars: every bar from 0 on, where a file has bars or numbers the meters do not give (a bar split by a repeat,
            numbers that skip); empty where bars follow from the meters and the pickup.
        figures: (onset, one stack of figures) under the lowest voice, in order, as written: "6 5", "4" and then "3";
            "-" where the chord before goes on. `FiguredBass` reads them.

    Raises:
        ScoreError: two voices have one name, a map does not start at 0 or is out of order,
            or the pickup fills the bar.
    """

    parts: tuple[Part, ...]
    meters: tuple[tuple[Fraction, Meter], ...] = ((Fraction(0), Meter(4, 4)),)
    keys: tuple[tuple[Fraction, Key], ...] = ((Fraction(0), Key.parse("C")),)
    chords: tuple[ChordEvent, ...] = ()
    title: str = ""
    composer: str = ""
    tempo: Fraction = _DEFAULT_TEMPO
    pickup: Fraction = Fraction(0)
    repeats: tuple[Repeat, ...] = ()
    ensemble: Ensemble | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    bars: tuple[Bar, ...] = ()
    figures: tuple[tuple[Fraction, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "meters", _ordered("meters", self.meters))
        object.__setattr__(self, "keys", _ordered("keys", self.keys))
        object.__setattr__(self, "chords", with_phrase_edges(self.chords))
        object.__setattr__(self, "tempo", Fraction(self.tempo))
        object.__setattr__(self, "pickup", Fraction(self.pickup))
        if not 0 <= self.pickup < self.meters[0][1].bar_length:
            raise ScoreError(f"a pickup of {self.pickup} does not fit into a bar of {self.meters[0][1]}")
        if self.bars:
            _ordered("bars", [(bar.onset, bar) for bar in self.bars])
        names = [voice.name for voice in self.voices]
        for name in names:
            if names.count(name) > 1:
                raise ScoreError(f"{names.count(name)} voices are named '{name}'; expected one")

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """All voices from top to bottom, drums included."""
        return tuple(voice for part in self.parts for voice in part.voices)

    @cached_property
    def pitched_voices(self) -> tuple[Voice, ...]:
        """All voices but those of percussion parts, from top to bottom."""
        return tuple(voice for part in self.parts if not part.percussion for voice in part.voices)

    def voice(self, name: str) -> Voice:
        """The voice with this name.

        Raises:
            TheoryError: there is none.
        """
        names = {voice.name: voice for voice in self.voices}
        if name not in names:
            raise TheoryError(f"no voice is named '{name}'", name, 0, ", ".join(names), nearest(name, names))
        return names[name]

    @cached_property
    def end(self) -> Fraction:
        """When the last voice or chord stops, in quarter lengths."""
        ends = [voice.end for voice in self.voices] + [chord.end for chord in self.chords[-1:]]
        return max(ends, default=Fraction(0))

    def meter_at(self, onset: Fraction) -> Meter:
        """The time signature in force."""
        return value_at(self.meters, onset)

    def key_at(self, onset: Fraction) -> Key:
        """The key signature's key in force; the key of the harmony is in the chord."""
        return value_at(self.keys, onset)

    def chord_at(self, onset: Fraction) -> ChordEvent | None:
        """The chord symbol in force, or None."""
        index = self.chord_index(onset)
        return self.chords[index] if index >= 0 else None

    def chord_index(self, onset: Fraction) -> int:
        """Index into ``chords`` of the chord in force, or -1."""
        index = bisect_right(self._chord_onsets, onset) - 1
        return index if index >= 0 and onset < self.chords[index].end else -1

    @cached_property
    def _chord_onsets(self) -> tuple[Fraction, ...]:
        return tuple(chord.onset for chord in self.chords)

    def measures(self) -> tuple[Measure, ...]:
        """The bars, a pickup first."""
        return self._measures

    @cached_property
    def _measures(self) -> tuple[Measure, ...]:
        return measures_of(self.meters, self.pickup, self.end, self.bars)

    @cached_property
    def _measure_onsets(self) -> tuple[Fraction, ...]:
        return tuple(measure.onset for measure in self._measures)

    def measure_at(self, onset: Fraction) -> Measure:
        """The bar that holds this time (the last one for any time after it).

        Raises:
            ScoreError: the score is empty.
        """
        if not self._measures:
            raise ScoreError("an empty score has no measures")
        return self._measures[max(bisect_right(self._measure_onsets, onset) - 1, 0)]

    def weight_at(self, onset: Fraction) -> int:
        """Metric strength: 3 downbeat, 2 secondary strong beat, 1 other beat, 0 off the beat."""
        measure = self.measure_at(onset)
        return measure.meter.weight(measure.offset(onset))

    def location(self, onset: Fraction, voices: Iterable[str] = ()) -> Location:
        """The measure and beat of a time, with the voices concerned."""
        measure = self.measure_at(onset)
        return Location(measure.number, measure.meter.beat(measure.offset(onset)), tuple(voices))

    def onset_of(self, location: Location) -> Fraction:
        """The time of a place, in quarter lengths: the inverse of `location`.

        Raises:
            ScoreError: there is no such measure.
        """
        named = [measure for measure in self._measures if measure.number == location.measure]
        if not named:
            raise ScoreError(f"there is no measure {location.measure}")
        onsets = [
            measure.onset + (location.beat - 1) * measure.meter.beat_length - measure.start_offset for measure in named
        ]
        held = (onset for onset, measure in zip(onsets, named, strict=True) if measure.onset <= onset < measure.end)
        return next(held, onsets[0])

    def passages(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The (start, end) passages in the order they sound, repeats unfolded."""
        passages, onset = [], Fraction(0)
        for repeat in self.repeats:
            passages += [(onset, repeat.start), *[(repeat.start, repeat.end)] * repeat.times]
            onset = repeat.end
        return tuple((start, end) for start, end in [*passages, (onset, self.end)] if start < end)

    def slots(self, grid: str = "attacks") -> SlotArrays:
        """Arrays of slots by voices on a grid: attacks, skeleton, chords, beats or strong-beats (see `SlotArrays`).

        They are made once for each grid and shared: do not write into them.

        Raises:
            TheoryError: there is no such grid.
        """
        from theorygen.score.slots import slots_of

        if grid not in self._grids:
            self._grids[grid] = slots_of(self, grid)
        return self._grids[grid]

    @cached_property
    def _grids(self) -> dict[str, SlotArrays]:
        return {}

    @cached_property
    def sounding(self) -> Sounding:
        """The events as arrays over whole-numbered time."""
        from theorygen.score.sounding import Sounding

        return Sounding(self)

    def transpose(self, interval: Interval) -> Score:
        """The piece this interval higher (lower, when negative), keys, chords, figures with it; the ensemble stays."""
        return replace(
            self, parts=tuple(part.transpose(interval) for part in self.parts),
            keys=tuple((onset, key.transpose(interval)) for onset, key in self.keys),
            chords=tuple(chord.transpose(interval) for chord in self.chords),
            figures=tuple((onset, self._transposed(onset, text, interval)) for onset, text in self.figures),
        )

    def _transposed(self, onset: Fraction, figures: str, interval: Interval) -> str:
        """Figures with the signs they need over the transposed bass."""
        below = (event.pitches for event in self.pitched_voices[-1].events if event.onset <= onset < event.end)
        bass = next((pitches[0].pitch_class for pitches in below if pitches), None)
        return transpose_figures(figures, bass, self.key_at(onset), interval) if bass else figures


def _ordered(name: str, changes: Sequence[tuple[Fraction, Any]]) -> tuple[tuple[Fraction, Any], ...]:
    """The map over time, checked.

    Raises:
        ScoreError: it is empty, starts after 0 or is out of order.
    """
    onsets = [Fraction(onset) for onset, _ in changes]
    if not onsets or onsets[0] != 0 or sorted(set(onsets)) != onsets:
        found = ", ".join(map(str, onsets)) or "nothing"
        raise ScoreError(f"{name} change at {found}; expected times in order, the first at 0")
    return tuple((onset, value) for onset, (_, value) in zip(onsets, changes, strict=True))
