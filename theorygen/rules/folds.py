"""Named folds: the few memories along a voice, or along two voices, that no bounded window holds.

A fold reads a line note by note, keeps a small state, and offers fields about the line so far. It starts afresh at each
phrase, some at each bar, and after each rest: a rest breaks lines as it breaks windows, so a note before it and the
same note after it are no repetition, and what is judged at the end is judged at the rest.

A fold that reads nothing but the pitches of one voice may be *solved*: the solver makes an automaton of it. All others
may read what a note is in its chord, where it stands and what other voices do; rules over them are judged on the
finished score alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from theorygen.rules.kinds import Kind
from theorygen.rules.line_records import JudgedLine, Line, PairLine
from theorygen.rules.melody_folds import ClimaxLine, FigureRunLine, LeapLine, RepetitionLine, SpanLine, TurnLine
from theorygen.rules.obligation_folds import EmbellishmentLine, LeadingToneLine, SeventhLine, SuspensionLine
from theorygen.rules.pair_folds import AlterationLine, ChordOnsetLine, DownbeatLine, ParallelRunLine, SummitLine
from theorygen.rules.record import column, kinds_of
from theorygen.rules.windows import FEW
from theorygen.rules.world import Array, World

LINE = "voice-line"
"""The window of rules with unbounded memory: one voice through one phrase, seen through a named fold."""

PAIR_LINE = "voice-pair-line"
"""The same for two voices."""

PHRASE, BAR = "phrase", "bar"


@dataclass(frozen=True)
class Fold:
    """A memory along a line.

    Attributes:
        name: as written after ``fold:``.
        line: the record whose fields its rules may read; it also knows how states are made.
        at_end: whether rules are judged once, at the end of the line, or after every note.
        doc: one sentence for the manual.
        reset: where it starts afresh beside rests: at each phrase, or at each bar too.
    """

    name: str
    line: type[Line] | type[PairLine]
    at_end: bool
    doc: str
    reset: str = PHRASE

    @property
    def over(self) -> str:
        """The window of its rules."""
        return PAIR_LINE if issubclass(self.line, PairLine) else LINE

    @property
    def solved(self) -> bool:
        """Whether the solver makes an automaton of it."""
        return not issubclass(self.line, JudgedLine | PairLine)

    @property
    def lines(self) -> tuple[str, bool, str]:
        """What says which lines it runs along: folds that agree in it share them."""
        return self.over, self.solved, self.reset

    @cached_property
    def fields(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return kinds_of(self.line)

    def start(self, *columns: Array) -> Array:
        """States after the first note of a line, from what the fold reads of it: the pitch of a solved fold."""
        return self.line.start(*columns)

    def add(self, state: Array, *columns: Array) -> Array:
        """States after one more note; the arrays of a solved fold broadcast.

        Args:
            state: states so far.
            columns: what the fold reads of the move; of a solved fold the pitch codes of the last and the new note.
        """
        return self.line.add(state, *columns)

    def rows(self, world: World, voice: int, states: Array) -> LineRows:
        """States of one voice under a solved fold, for the rules over them."""
        return LineRows(self, world, np.full(len(states), voice), states)


class LineRows:
    """Many states of lines; also the environment in which the rules over them are evaluated.

    Attributes:
        fold: the fold.
        world: chords, places, voices.
        voices: voice of each state, or the two voices [states, 2].
        states: the states.
        present: pitches, slots and ends of the present notes, for folds that are judged.
    """

    def __init__(self, fold: Fold, world: World, voices: Array, states: Array, present: tuple[Array, ...] = ()) -> None:
        self.fold = fold
        self.world = world
        self.voices = voices
        self.states = states
        self.present = present
        self._cache: dict[str, Any] = {}
        self._whole: tuple[LineRows, Array] | None = None

    def __len__(self) -> int:
        return len(self.states)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return self.fold.fields

    @cached_property
    def record(self) -> Any:
        """The fields of all states, as arrays."""
        make: Any = self.fold.line
        return make(self.world, self.voices, self.states, *(() if self.fold.solved else self.present))

    def take(self, rows: Array) -> LineRows:
        """Some of the states. Out of a few, their fields are those already known of all."""
        taken = LineRows(self.fold, self.world, self.voices[rows], self.states[rows],
                         tuple(one[rows] for one in self.present))
        if len(self) <= FEW:
            taken._whole = (self, rows)
        return taken

    def field(self, path: str) -> Any:
        """The array of one field."""
        if path not in self._cache:
            if self._whole is not None:
                rows, kept = self._whole
                self._cache[path] = rows.field(path)[kept]
            else:
                self._cache[path] = column(self.record, path, self.fold.fields[path])
        return self._cache[path]

    def word(self, kind: Kind, text: str) -> int:
        """The code of a word in arrays."""
        return self.world.word(kind, text)

    def sounding(self, paths: Iterable[str]) -> None:
        """Every state is of a sounding line."""


FOLDS: dict[str, Fold] = {fold.name: fold for fold in (
    Fold("climax", ClimaxLine, True, "The highest pitch of the phrase and how often it is reached."),
    Fold("span", SpanLine, True, "The distance from the lowest to the highest pitch of the phrase."),
    Fold("repetition", RepetitionLine, False, "How often the present pitch has just been repeated."),
    Fold("last-leap", LeapLine, False, "The last move, if it was a leap."),
    Fold("last-turn", TurnLine, False, "The last turning point and what the line outlined on the way to it."),
    Fold("figure-run", FigureRunLine, False, "The last five notes and how they repeat."),
    Fold("pending-leading-tone", LeadingToneLine, False, "The leading tone a voice owes a resolution."),
    Fold("pending-seventh", SeventhLine, False, "The chordal seventh a voice owes a resolution."),
    Fold("open-suspension", SuspensionLine, False, "The suspension that waits for its resolution."),
    Fold("open-nct", EmbellishmentLine, False, "The embellishment that sounds, and how it was reached."),
    Fold("strong-beat-vertical", DownbeatLine, False, "Two voices from downbeat to downbeat."),
    Fold("skeleton-interval", ChordOnsetLine, False, "Two voices from the beginning of one chord to that of the next."),
    Fold("parallel-run", ParallelRunLine, False, "How many thirds or sixths stand in a row."),
    Fold("last-alteration", AlterationLine, False, "The accidentals two voices have sung on each letter.", BAR),
    Fold("summits", SummitLine, True, "Whether two voices reach their highest notes at one moment."),
)}
