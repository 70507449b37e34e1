"""The public vocabulary of windows: what a rule may look through, and the one place where windows are made.

A window is fixed by how many voices and how many successive slots it sees. The checker cuts windows out of a
score, the solver out of candidate voicings; both hand the same columns to `Window.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from theorygen.rules.chord_changes import ChordChange
from theorygen.rules.figures import Figure
from theorygen.rules.kinds import Kind
from theorygen.rules.motions import MelodicStep, MelodicTurn, VoicePairMotion
from theorygen.rules.notes import Note
from theorygen.rules.record import Record, column, kinds_of, sounding
from theorygen.rules.verticals import Sonority, VoicePair
from theorygen.rules.world import NO_PITCH, Array, World

ALL_VOICES = 0

FEW = 4096
"""Of so many windows a field is rather made once for all, for every rule, than anew for those a rule looks at."""


@dataclass(frozen=True)
class Window:
    """One kind of window.

    Attributes:
        name: as written after ``over:``.
        record: the record whose fields its rules may read.
        voices: how many voices it sees; ALL_VOICES for all of them.
        slots: how many successive slots it sees.
        doc: one sentence for the manual.
        neighbours: whether only neighbouring voices are paired.
        focus: the slot a fault is said to lie in, counted as indexes are.
    """

    name: str
    record: type[Record]
    voices: int
    slots: int
    doc: str
    neighbours: bool = False
    focus: int = -1

    @cached_property
    def fields(self) -> dict[str, Kind]:
        """Kind of every field, by dotted path."""
        return kinds_of(self.record)

    def instances(self, voices: int) -> list[tuple[int, ...]]:
        """The sets of voices one such window looks at, among ``voices`` voices numbered from the top."""
        if self.voices == ALL_VOICES:
            return [tuple(range(voices))]
        if self.neighbours:
            return [(upper, upper + 1) for upper in range(voices - 1)]
        return list(combinations(range(voices), self.voices))

    def rows(self, world: World, pitches: Sequence[Array], voices: Array, slots: Sequence[Array]) -> Rows:
        """Windows from columns; windows with a silent voice are left out: rests break lines.

        Windows over all voices stay. A rule passes over those where a voice rests that one of its fields needs.

        Args:
            world: chords, places, voices.
            pitches: for each slot of the window an array [windows, voices] of pitch codes.
            voices: array [windows, voices] of voice numbers.
            slots: for each slot of the window an array [windows] of slot numbers.
        """
        if self.voices == ALL_VOICES:
            complete = all(bool((column != NO_PITCH).all()) for column in pitches)
            return Rows(self, world, tuple(pitches), voices, tuple(slots), complete=complete)
        full = np.logical_and.reduce([(column != NO_PITCH).all(axis=1) for column in pitches])
        kept = np.flatnonzero(full)
        if len(kept) == len(full):
            return Rows(self, world, tuple(pitches), voices, tuple(slots))
        return Rows(self, world, tuple(column[kept] for column in pitches), voices[kept],
                    tuple(column[kept] for column in slots), kept)


class Rows:
    """Many windows of one kind, as columns; also the environment in which their rules are evaluated.

    Attributes:
        origin: for each window its index among the windows first asked for.
        complete: whether no voice rests in any of them.
    """

    def __init__(self, window: Window, world: World, pitches: tuple[Array, ...], voices: Array,
                 slots: tuple[Array, ...], origin: Array | None = None, complete: bool = True) -> None:
        self.window = window
        self.world = world
        self.pitches = pitches
        self.voices = voices
        self.slots = slots
        self.origin = np.arange(len(voices)) if origin is None else origin
        self.complete = complete
        self._count = len(voices)
        self._cache: dict[str, Any] = {}

    def __len__(self) -> int:
        return self._count

    def take(self, rows: Array) -> Rows:
        """Some of the windows."""
        if self._count <= FEW:
            return _Taken(self, rows)
        return Rows(self.window, self.world, tuple(column[rows] for column in self.pitches), self.voices[rows],
                    tuple(column[rows] for column in self.slots), self.origin[rows], self.complete)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return self.window.fields

    @property
    def marks(self) -> Array:
        """For each window the mark of the slot a fault would be said to lie in."""
        marks: Array = self.world.slot_column("mark")[self.slots[self.window.focus]]
        return marks

    @cached_property
    def record(self) -> Record:
        """The fields of all windows, as arrays."""
        single = self.window.voices == 1
        pitches = tuple(column[:, 0] for column in self.pitches) if single else self.pitches
        voices = self.voices[:, 0] if single else self.voices
        make: Callable[..., Record] = self.window.record
        if self.window.slots == 1:
            return make(self.world, pitches[0], voices, self.slots[0])
        return make(self.world, pitches, voices, self.slots)

    def field(self, path: str) -> Any:
        """The array of one field."""
        if path not in self._cache:
            self._cache[path] = column(self.record, path, self.window.fields[path])
        return self._cache[path]

    def sounding(self, paths: Iterable[str]) -> Array | None:
        """For each window whether the voices that these fields need sound; None when all do."""
        found = [] if self.complete else [sounding(self.record, path) for path in paths]
        masks = [mask for mask in found if mask is not None]
        return np.logical_and.reduce(masks) if masks else None

    def word(self, kind: Kind, text: str) -> int:
        """The code of a word in arrays."""
        return self.world.word(kind, text)


class _Taken(Rows):
    """Some of a few windows: their fields are looked up among those of all, which other rules look up too."""

    def __init__(self, whole: Rows, kept: Array) -> None:
        self.window = whole.window
        self.world = whole.world
        self.complete = whole.complete
        self._whole = whole
        self._kept = kept
        self._count = len(kept)
        self._cache = {}

    @cached_property
    def pitches(self) -> tuple[Array, ...]:  # type: ignore[override]
        """For each slot an array [windows, voices] of pitch codes."""
        return tuple(column[self._kept] for column in self._whole.pitches)

    @cached_property
    def voices(self) -> Array:  # type: ignore[override]
        """Voice numbers, [windows, voices]."""
        return self._whole.voices[self._kept]

    @cached_property
    def slots(self) -> tuple[Array, ...]:  # type: ignore[override]
        """For each slot an array [windows] of slot numbers."""
        return tuple(column[self._kept] for column in self._whole.slots)

    @cached_property
    def origin(self) -> Array:  # type: ignore[override]
        """For each window its index among the windows first asked for."""
        return self._whole.origin[self._kept]

    def field(self, path: str) -> Any:
        """The array of one field."""
        if path not in self._cache:
            self._cache[path] = self._whole.field(path)[self._kept]
        return self._cache[path]


WINDOWS: dict[str, Window] = {window.name: window for window in (
    Window("note", Note, 1, 1, "One note of one voice."),
    Window("voice-pair", VoicePair, 2, 1, "Any two voices of one sonority."),
    Window("adjacent-voices", VoicePair, 2, 1, "Two neighbouring voices of one sonority.", neighbours=True),
    Window("sonority", Sonority, ALL_VOICES, 1, "All voices of one slot."),
    Window("melodic-step", MelodicStep, 1, 2, "One voice from one slot to the next."),
    Window("voice-pair-motion", VoicePairMotion, 2, 2, "Any two voices from one slot to the next."),
    Window("adjacent-voices-motion", VoicePairMotion, 2, 2, "Two neighbouring voices from one slot to the next.",
           neighbours=True),
    Window("chord-change", ChordChange, ALL_VOICES, 2, "All voices from one slot to the next."),
    Window("melodic-turn", MelodicTurn, 1, 3, "One voice over three slots: two moves that follow each other."),
    Window("figure", Figure, 1, 5, "A note of one voice with what comes before and after it.", focus=2),
)}

FIGURE = WINDOWS["figure"]
