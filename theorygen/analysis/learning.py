"""Counts what analysed scores teach, for `theorygen.analysis.model`: the only place where its numbers come from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from theorygen.analysis.model import MODES, mode_of, relation
from theorygen.analysis.surface import REST, Features, Surface
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.theory import Key

RARE = 1
"""Numerals met no more often than this are left out."""


@dataclass
class _Mode:
    """What is counted for major and minor apart."""

    chords: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    last: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    modulations: Counter[str] = field(default_factory=Counter)
    within: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    across: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def as_dict(self) -> dict[str, Any]:
        """Numerals by frequency, then by name; those too rare to tell anything are left out."""
        chords = {word: number for word, number in _sorted(self.chords).items() if number > RARE}
        return {"chords": chords,
                **{name: {word: number for word, number in _sorted(counter).items() if word in chords}
                   for name, counter in (("first", self.first), ("last", self.last), ("entered", self.entered))},
                "modulations": _sorted(self.modulations),
                "succession": _rows(self.within, chords), "across-phrases": _rows(self.across, chords)}


class Counts:
    """Counts over many pieces."""

    def __init__(self) -> None:
        self.modes = {name: _Mode() for name in MODES}
        self.modulations = {"within": [0, 0], "across-phrases": [0, 0]}
        self.foreign: dict[Features, list[int]] = defaultdict(lambda: [0, 0])
        self.changes: dict[Features, list[int]] = defaultdict(lambda: [0, 0])
        self.absent: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.bass = {"start": [0, 0], "inside": [0, 0]}
        self.pieces = 0

    def of(self, key: Key) -> _Mode:
        """The counts of a key's mode."""
        return self.modes[mode_of(key)]

    def add(self, score: Score, chords: Sequence[ChordEvent]) -> None:
        """Count one piece with its analysis."""
        surface = Surface.of(score)
        stretches = _stretches(surface, chords)
        self.pieces += 1
        self._add_successions(surface, stretches)
        for start, stop, chord in stretches:
            self._add_stretch(surface, start, stop, chord)
        starts = {start for start, _, _ in stretches}
        for slot in range(1, len(surface)):
            if any(start < slot < stop or slot == start for start, stop, _ in stretches):
                _tally(self.changes[surface.moments[slot]], slot in starts)

    def _add_successions(self, surface: Surface, stretches: Sequence[tuple[int, int, ChordEvent]]) -> None:
        for number, (_, stop, chord) in enumerate(stretches):
            mode, text = self.of(chord.numeral.key), chord.numeral_text
            mode.chords[text] += 1
            if not number:
                mode.first[text] += 1
            if stop == len(surface) or surface.phrase_starts[stop]:
                mode.last[text] += 1
        for (before_start, _, before), (start, _, chord) in pairwise(stretches):
            self._add_succession(bool(surface.phrase_starts[before_start + 1 : start + 1].any()), before, chord)

    def _add_succession(self, across: bool, before: ChordEvent, chord: ChordEvent) -> None:
        first, second = before.numeral, chord.numeral
        mode = self.of(first.key)
        changed = first.key != second.key
        _tally(self.modulations["across-phrases" if across else "within"], changed)
        if not changed:
            (mode.across if across else mode.within)[first.text][second.text] += 1
            return
        mode.modulations[relation(first.key, second.key)] += 1
        self.of(second.key).entered[second.text] += 1
        if chord.pivot_of is not None and chord.pivot_of.key == first.key:
            mode.within[first.text][chord.pivot_of.text] += 1

    def _add_stretch(self, surface: Surface, start: int, stop: int, chord: ChordEvent) -> None:
        numeral = chord.numeral
        members = {note.fifths for note in numeral.pitch_classes}
        sounding = set(surface.fifths[start:stop].ravel().tolist())
        for slot in range(start, stop):
            for voice, features in enumerate(surface.notes[slot]):
                if features is not None and (features[0] == "attacked" or slot == start):
                    _tally(self.foreign[features], surface.fifths[slot, voice] not in members)
            self._add_bass(surface, slot, slot == start, members, numeral.bass.fifths)
        for member in numeral.members:
            name = f"{len(numeral.members)} {member.role} {min(stop - start, 3)}"
            _tally(self.absent[name], member.pitch_class.fifths not in sounding)

    def _add_bass(self, surface: Surface, slot: int, starts: bool, members: set[int], bass: int) -> None:
        voice = int(surface.bass_voice[slot])
        features = surface.notes[slot][voice] if voice >= 0 else None
        if features is None or not (starts or features[0] == "attacked"):
            return
        note = int(surface.fifths[slot, voice])
        if note in members:
            self.bass["start" if starts else "inside"][note != bass] += 1

    def as_dict(self, source: str) -> dict[str, Any]:
        """The document that the model reads."""
        return {
            "source": source, "pieces": self.pieces, **{name: mode.as_dict() for name, mode in self.modes.items()},
            "modulations": self.modulations, "absent": dict(sorted(self.absent.items())), "bass": self.bass,
            "changes": _described(self.changes), "foreign": _described(self.foreign)}


def foreign_share(score: Score, chords: Sequence[ChordEvent]) -> float:
    """Share of sounding notes that are foreign to their chords; a large one tells that analysis and score differ."""
    surface = Surface.of(score)
    heard = [(note, {one.fifths for one in chord.numeral.pitch_classes})
             for start, stop, chord in _stretches(surface, chords)
             for note in surface.fifths[start:stop].ravel().tolist() if note != REST]
    return sum(note not in members for note, members in heard) / max(len(heard), 1)


def _stretches(surface: Surface, chords: Sequence[ChordEvent]) -> list[tuple[int, int, ChordEvent]]:
    """The slots under each chord, as start and stop."""
    found = []
    for chord in chords:
        inside = [slot for slot, onset in enumerate(surface.slots.onsets) if chord.onset <= onset < chord.end]
        if inside:
            found.append((inside[0], inside[-1] + 1, chord))
    return found


def _tally(counted: list[int], hit: object) -> None:
    """One more case, and one more hit if it was one."""
    counted[0] += bool(hit)
    counted[1] += 1


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


def _rows(table: dict[str, Counter[str]], known: Iterable[str]) -> dict[str, dict[str, int]]:
    return {first: row for first in known if first in table
            if (row := {second: number for second, number in _sorted(table[first]).items() if second in set(known)})}


def _described(table: dict[Features, list[int]]) -> dict[str, list[int]]:
    return {" ".join(features): counted for features, counted in sorted(table.items())}
