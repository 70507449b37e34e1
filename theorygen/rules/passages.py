"""Windows of any length: successive chords however long they last, cadences, phrases, whole pieces.

Such a window is one or several stretches of slots that follow each other. The checker judges rules over it on the
finished score. The solver, which sees two slots at a time, leaves them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from theorygen.rules.cadences import Cadence, cadences
from theorygen.rules.chord_lines import PhraseFunctionLine, chord_lines
from theorygen.rules.kinds import Kind
from theorygen.rules.music import Music
from theorygen.rules.phrases import Phrase, PhrasePair, Piece, phrase_pairs, phrases, whole_piece
from theorygen.rules.progressions import (
    SingleChord,
    ThreeChords,
    ThreeHarmonies,
    single_chords,
    three_chords,
    three_harmonies,
)
from theorygen.rules.record import Record, column, kinds_of, sounding
from theorygen.rules.regions import KeyArea, Modulation, Region, key_areas, modulations, regions
from theorygen.rules.world import Array

END = -1


@dataclass(frozen=True)
class Passage:
    """One kind of window of any length.

    Attributes:
        name: as written after ``over:``.
        record: the record whose fields its rules may read, made of the music and the bounds.
        cut: finds all such windows: int [windows, stretches + 1], the slot where each stretch begins, and the slot
            after the last.
        seen: number of the stretch, from 0, at whose beginning a fault is seen; END for the last slot.
        doc: one sentence for the manual.
    """

    name: str
    record: type[Record]
    cut: Callable[[Music], Array]
    seen: int
    doc: str

    @cached_property
    def fields(self) -> dict[str, Kind]:
        """Kind of every field, by dotted path."""
        return kinds_of(self.record)

    def rows(self, music: Music) -> PassageRows:
        """All windows of this kind in the music."""
        return PassageRows(self, music, self.cut(music))


class PassageRows:
    """Many windows of one kind; also the environment in which their rules are evaluated."""

    def __init__(self, passage: Passage, music: Music, bounds: Array) -> None:
        self.passage = passage
        self.music = music
        self.bounds = bounds
        self._cache: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.bounds)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind of every field."""
        return self.passage.fields

    @cached_property
    def record(self) -> Record:
        """The fields of all windows, as arrays."""
        make: Callable[..., Record] = self.passage.record
        return make(self.music, self.bounds)

    @property
    def places(self) -> tuple[int, ...]:
        """Slots of the first window: where each stretch begins, last the one where a fault is seen."""
        *starts, stop = self.bounds[0].tolist()
        places = [*starts, stop - 1] if self.passage.seen == END else starts[: self.passage.seen + 1]
        return tuple(dict.fromkeys(places))

    @property
    def ends(self) -> Array:
        """For each window the slot where a fault is seen."""
        ends: Array = self.bounds[:, -1] - 1 if self.passage.seen == END else self.bounds[:, self.passage.seen]
        return ends

    def take(self, rows: Array) -> PassageRows:
        """Some of the windows."""
        return PassageRows(self.passage, self.music, self.bounds[rows])

    def field(self, path: str) -> Any:
        """The array of one field."""
        if path not in self._cache:
            self._cache[path] = column(self.record, path, self.kinds[path])
        return self._cache[path]

    def sounding(self, paths: Iterable[str]) -> Array | None:
        """For each window whether the voices that these fields need sound; None when all do."""
        masks = [mask for path in paths if (mask := sounding(self.record, path)) is not None]
        return np.logical_and.reduce(masks) if masks else None

    def word(self, kind: Kind, text: str) -> int:
        """The code of a word in arrays."""
        return self.music.world.word(kind, text)


PASSAGES: dict[str, Passage] = {passage.name: passage for passage in (
    Passage("chord", SingleChord, single_chords, 0, "One chord, however many slots it lasts."),
    Passage("three-chords", ThreeChords, three_chords, 2,
            "Three chords that follow each other in one phrase; a chord that is repeated as it was counts once."),
    Passage("three-harmonies", ThreeHarmonies, three_harmonies, 2,
            "Three harmonies that follow each other in one phrase: V V7 V65 is one, and so is a cadential six-four "
            "with its dominant."),
    Passage("cadence", Cadence, cadences, 2,
            "The end of a phrase, and any other place where a cadence is declared."),
    Passage("phrase", Phrase, phrases, END, "A whole phrase."),
    Passage("phrase-pair", PhrasePair, phrase_pairs, END, "Two phrases that follow each other."),
    Passage("piece", Piece, whole_piece, END, "The whole piece."),
    Passage("region", Region, regions, END, "A named region: a sequence, a pedal point."),
    Passage("key-area", KeyArea, key_areas, END, "The chords that are read in one key, up to the next change of key."),
    Passage("modulation", Modulation, modulations, 1,
            "A change of key: the last chord of one key and the first three of the next."),
)}

CHORD_FOLDS: dict[str, Passage] = {fold.name: fold for fold in (
    Passage("phrase-function", PhraseFunctionLine, chord_lines, 1,
            "Where a phrase stands on its way from the tonic through the predominant to the dominant and the close."),
)}
"""The folds of rules ``over: chord-line``."""
