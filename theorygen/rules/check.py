"""The checker: every window of a score judged by every rule, with the place of each violation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from theorygen.rules.embellishments import figures_of, surface_for
from theorygen.rules.expression import Table
from theorygen.rules.folds import Fold
from theorygen.rules.line_runs import LineRuns, Lines, line_runs
from theorygen.rules.messages import fill
from theorygen.rules.music import Music, music_of
from theorygen.rules.passages import Passage, PassageRows
from theorygen.rules.pointing import Cell, notes_at_fault, notes_in_passage, places_with
from theorygen.rules.relation_demands import Clock, Sung
from theorygen.rules.relations import demands_of
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import FIGURE, WINDOWS, Rows, Window
from theorygen.rules.world import Array, ChordTable, Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.score.errors import ScoreError
from theorygen.score.harmony import ChordEvent
from theorygen.score.location import Location
from theorygen.score.score import Score
from theorygen.score.skeleton import completed_later
from theorygen.score.slots import SlotArrays
from theorygen.theory import Pitch

REDUCED = ("skeleton", "chords")
"""Grids that need declared chords."""


@dataclass(frozen=True, slots=True)
class VoicedNote:
    """A note of a score.

    Attributes:
        voice: name of its voice.
        onset: when it was attacked, in quarter lengths from the start of the score.
        pitch: its pitch.
    """

    voice: str
    onset: Fraction
    pitch: Pitch

    def __str__(self) -> str:
        return f"{self.voice} {self.pitch}"


@dataclass(frozen=True)
class Violation:
    """One rule broken in one place.

    Attributes:
        rule: id of the rule.
        hard: whether the style forbids it.
        cost: what it costs, in thousandths; 0 for a hard rule.
        location: measure and beat where the window ends, and its voices; of a window over all voices those the rule
            points at, or none for all of them.
        slots: slots of the window on the rule's grid, in order.
        message: what is wrong, with the names of the notes.
        because: why it is wrong.
        grid: the grid it was found on.
        onsets: times of the slots, in quarter lengths.
        notes: the notes it is about, in order of time and then from the highest voice down.
    """

    rule: str
    hard: bool
    cost: int
    location: Location
    slots: tuple[int, ...]
    message: str
    because: str
    grid: str = "skeleton"
    onsets: tuple[Fraction, ...] = ()
    notes: tuple[VoicedNote, ...] = ()

    def __str__(self) -> str:
        return f"{self.location}: {self.message} [{self.rule}]"


def check(score: Score, rules: RuleSet, ensemble: Ensemble | None = None) -> list[Violation]:
    """All violations of a score, in time order; weighted rules that cost something are among them.

    A score without chords is its own skeleton: rules for the skeleton then judge its attacks. What the same voices do
    wrong in arriving at one place is reported once, however many grids show it.

    Args:
        score: the music; chords must be declared on it where rules read them.
        rules: the rules to judge by.
        ensemble: ranges of the voices; default the score's own.

    Raises:
        ScoreError: there is no ensemble, or it lacks a voice of the score.
    """
    found: list[Violation] = []
    for grid, checker in checkers(score, rules, ensemble):
        found += [one for rule in rules.rules if grid in rule.rule.grids for one in checker.judge(rule)]
    whole = {rule.name for rule in rules.rules if rule.rule.window and not rule.rule.window.voices}
    distinct = {(one.rule, one.onsets[-1], one.rule not in whole and one.location.voices): one
                for one in reversed(found)}
    return sorted(distinct.values(), key=lambda one: (one.onsets[-1], not one.hard, one.rule))


def checkers(score: Score, rules: RuleSet, ensemble: Ensemble | None = None) -> Iterator[tuple[str, Checker]]:
    """A checker for each grid the rules are judged on, with the name of the grid.

    Raises:
        ScoreError: there is no ensemble, or it lacks a voice of the score.
    """
    ensemble = ensemble or score.ensemble
    if ensemble is None:
        raise ScoreError("the score does not say which ensemble it is for; pass one")
    chords = ChordTable(list(dict.fromkeys(chord.numeral for chord in score.chords)), rules.codes)
    for grid in dict.fromkeys(grid for rule in rules.rules for grid in rule.rule.grids):
        judged = "attacks" if grid in REDUCED and not score.chords else grid
        slots = score.slots(judged)
        yield grid, Checker(score, slots, world_of(score, slots, ensemble, rules.codes, chords))


def world_of(score: Score, slots: SlotArrays, ensemble: Ensemble, codes: dict[str, int],
             table: ChordTable | None = None) -> World:
    """The look-up tables for one grid of a score.

    A chord that is revoiced while it lasts is the last of its phrase, or the goal of a cadence, where it arrives.

    Args:
        score: the score.
        slots: the grid.
        ensemble: ranges of the voices.
        codes: codes of the open words that rules mention.
        table: the chords of the score as arrays, if they are known.
    """
    specs = {voice.name: voice for voice in ensemble.voices}
    if missing := [name for name in slots.voices if name not in specs]:
        raise ScoreError(f"ensemble '{ensemble.name}' has no voice '{missing[0]}', which the score has; "
                         f"it has {', '.join(specs)}")
    chords = [score.chords[index] if index >= 0 else None for index in slots.chords]
    arrivals = np.append(np.flatnonzero(~slots.revoiced), len(slots))
    following = np.searchsorted(arrivals, np.arange(len(slots)), side="right")
    held = np.logical_or.reduce(score.slots("attacks").held[slots.places], axis=1)
    completed = completed_later(score, slots)
    places = []
    for index, chord in enumerate(chords):
        after = int(arrivals[following[index]])
        arrives, stays = not slots.revoiced[index], after < len(slots) and chords[after] is chord
        starts = chord is not None and arrives and (index == 0 or chords[index - 1] is not chord)
        ends = chord is not None and arrives and not stays
        final = arrives and after == len(slots)
        places.append(Slot(
            chord.numeral if chord else None, int(slots.weights[index]),
            first=index == 0 or bool(chord and chord.first_in_phrase and starts),
            last=final or bool(chord and chord.last_in_phrase and ends),
            opening=index == 0, final=final,
            cadence=chord.cadence or "none" if chord and ends else "none",
            region=chord.region or "none" if chord else "none", arrives=bool(arrives),
            anew=bool(arrives and not _goes_on(chord, chords[index - 1], index, held)),
            completed=bool(completed[index])))
    return World([specs[name] for name in slots.voices], places, codes, surface_for(score, slots), table)


def _goes_on(chord: ChordEvent | None, before: ChordEvent | None, index: int, held: Array) -> bool:
    """Whether a chord only carries on the harmony before it: the same root in the same key, under some held note."""
    if not index or chord is None or before is None or not held[index]:
        return False
    first, second = before.numeral, chord.numeral
    return first.root == second.root and first.key == second.key and first.function == second.function


class Checker:
    """Judges one grid of one score."""

    def __init__(self, score: Score, slots: SlotArrays, world: World) -> None:
        self.score = score
        self.slots = slots
        self.world = world
        self._held = slots.passed
        self._rows: dict[str, Rows] = {}
        self._lines: dict[tuple[str, bool, str], Lines] = {}
        self._runs: dict[str, LineRuns] = {}
        self._passages: dict[str, PassageRows] = {}
        self._places: dict[int, Location] = {}
        self._notes: dict[Cell, VoicedNote] = {}

    def judge(self, rule: ActiveRule) -> Iterator[Violation]:
        """All places where a rule is broken."""
        if rule.rule.relation is not None:
            yield from self.judge_relation(rule)
            return
        if rule.rule.memory is not None:
            yield from self.judge_line(rule)
            return
        if rule.rule.passage:
            yield from self.judge_passages(rule, rule.rule.passage)
            return
        window = WINDOWS[rule.rule.over]
        rows = self.rows(window)
        if not len(rows):
            return
        broken, amounts = rule.charge(rows)
        rows = rows.take(broken)
        cells = notes_at_fault(rows, rule.rule.pointed_names, rule.rule.pointed_conditions) if len(rows) else []
        for row, amount in enumerate(amounts.tolist()):
            yield self.violation(rule, amount, rows.take(np.array([row])), cells[row])

    def tables(self, rule: Rule) -> Iterator[tuple[Table, Array, Array]]:
        """Everything a rule looks at here: windows, the slot where each ends, and its voices as bits."""
        if rule.relation is not None:
            return
        if rule.memory is not None:
            runs = self.runs(rule.memory)
            judged = runs.judged
            voices = runs.rows.voices[judged].reshape(len(judged), -1)
            yield runs.rows.take(judged), runs.lines.slots[judged], np.left_shift(1, voices).sum(axis=1)
        elif rule.passage:
            passages = self.passages(rule.passage)
            yield passages, passages.ends, np.zeros(len(passages), dtype=np.int64)
        else:
            windows = self.rows(WINDOWS[rule.over])
            yield windows, windows.slots[windows.window.focus], np.left_shift(1, windows.voices).sum(axis=1)

    def rows(self, window: Window) -> Rows:
        """All windows of one kind in the score."""
        if window.name not in self._rows:
            self._rows[window.name] = windows_of(window, self.world, self.slots.codes, self._held)
        return self._rows[window.name]

    def violation(self, rule: ActiveRule, amount: int, row: Rows, cells: list[Cell]) -> Violation:
        """One broken window, with the notes it is about."""
        until = row.window.focus % row.window.slots + 1
        places = tuple(int(column[0]) for column in row.slots[:until])
        named = row.voices[0].tolist() if row.window.voices else sorted({voice for _, voice in cells})
        names = tuple(self.slots.voices[voice] for voice in named)
        if not row.window.voices and (not rule.rule.points_at or len(names) == len(self.slots.voices)):
            names = ()
        return self._violation(rule, amount, places, names, cells, fill(rule.rule.message or rule.name, row))

    def judge_relation(self, rule: ActiveRule) -> Iterator[Violation]:
        """Notes that do not stand to others as a relation demands."""
        slots, relation = self.slots, rule.rule.relation
        clock = Clock(tuple(slots.onsets), self.score.end, self.score.measures(), slots.voices)
        sung = Sung(slots.codes, slots.states, lambda window: self.rows(WINDOWS[window]))
        for demand in demands_of(relation, clock):
            for fault in demand.faults(sung):
                places = tuple(sorted({slot for slot, _ in fault.cells})) or (len(slots) - 1,)
                voices = tuple(slots.voices[voice] for voice in sorted({voice for _, voice in fault.cells}))
                cells = sorted(cell for cell in fault.cells if not slots.silent[cell])
                yield self._violation(rule, 0, places, voices, cells,
                                      fault.sentence(rule.rule.message or relation.message))

    @cached_property
    def music(self) -> Music:
        """The grid as windows of any length read it."""
        return music_of(self.score, self.slots, self.world)

    def judge_passages(self, rule: ActiveRule, passage: Passage) -> Iterator[Violation]:
        """Passages in which a rule is broken."""
        rows = self.passages(passage)
        if not len(rows):
            return
        broken, amounts = rule.charge(rows)
        for row, amount in zip(broken, amounts.tolist(), strict=True):
            one = rows.take(np.array([row]))
            cells = notes_in_passage(one, rule.rule.pointed_names)
            yield self._violation(rule, amount, one.places, (), cells, fill(rule.rule.message or rule.name, one))

    def passages(self, passage: Passage) -> PassageRows:
        """All passages of one kind in the score."""
        if passage.name not in self._passages:
            self._passages[passage.name] = passage.rows(self.music)
        return self._passages[passage.name]

    def judge_line(self, rule: ActiveRule) -> Iterator[Violation]:
        """Places where a rule over a line is broken."""
        fold = rule.rule.memory
        assert fold is not None
        runs = self.runs(fold)
        broken, amounts = rule.charge(runs.rows.take(runs.judged))
        for index, amount in zip(runs.judged[broken].tolist(), amounts.tolist(), strict=True):
            sung, state = runs.lines.slots[runs.since[index] : index + 1], runs.rows.take(np.array([index]))
            voices = np.ravel(state.voices).tolist()
            cells = [(int(sung[place]), voice) for voice in voices
                     for place in places_with(state, rule.rule.pointed_names, self.slots.codes[sung, voice])]
            yield self._violation(rule, amount, tuple(map(int, sung)), tuple(self.slots.voices[one] for one in voices),
                                  sorted(cells), fill(rule.rule.message or rule.name, state))

    def runs(self, fold: Fold) -> LineRuns:
        """The lines of the grid under a fold."""
        if fold.name not in self._runs:
            if fold.lines not in self._lines:
                self._lines[fold.lines] = Lines(fold, self.world, self.slots.codes)
            self._runs[fold.name] = line_runs(fold, self._lines[fold.lines])
        return self._runs[fold.name]

    def _violation(self, rule: ActiveRule, amount: int, places: tuple[int, ...], voices: tuple[str, ...],
                   cells: list[Cell], message: str) -> Violation:
        last = places[-1]
        if last not in self._places:
            self._places[last] = self.score.location(self.slots.onsets[last])
        location = replace(self._places[last], voices=voices)
        return Violation(rule.name, rule.hard, 0 if rule.hard else amount, location, places, message,
                         rule.rule.because, self.slots.grid, tuple(self.slots.onsets[place] for place in places),
                         tuple(dict.fromkeys(self.note(*cell) for cell in cells)))

    def note(self, slot: int, voice: int) -> VoicedNote:
        """The note of a voice that sounds in a slot."""
        if (slot, voice) not in self._notes:
            line = self.score.pitched_voices[voice]
            index = int(self.slots.events[slot, voice])
            while line.is_continuation(index):
                index -= 1
            pitch = Pitch.from_code(int(self.slots.codes[slot, voice]))
            self._notes[slot, voice] = VoicedNote(line.name, line.events[index].onset, pitch)
        return self._notes[slot, voice]


def windows_of(window: Window, world: World, codes: Array, held: Array | None = None) -> Rows:
    """All windows of one kind, of slots that follow each other.

    Args:
        window: the kind.
        world: tables for the slots.
        codes: array [slots, voices] of pitch codes.
        held: array [slots, voices], true where a note only goes on; a window on one line passes over such slots.
    """
    if window is FIGURE:
        return figures_of(world)
    if window.voices == 1 and window.slots > 1 and held is not None:
        return _line_windows(window, world, codes, held)
    starts = window_starts(window, world, len(codes))
    instances = window.instances(codes.shape[1])
    if not instances:
        instances, starts = [tuple(range(window.voices))], starts[:0]
    places = [np.tile(starts + shift, len(instances)) for shift in range(window.slots)]
    pitches = [np.concatenate([codes[starts + shift][:, list(voices)] for voices in instances if len(starts)]
                              or [np.zeros((0, len(instances[0])), dtype=codes.dtype)])
               for shift in range(window.slots)]
    voices = np.repeat(np.array(instances), len(starts), axis=0)
    return window.rows(world, pitches, voices, places)


def window_starts(window: Window, world: World, count: int) -> Array:
    """First slots of all windows; windows of more than two slots stay inside one phrase.

    Of a chord that is revoiced while it lasts, windows of one slot see the first voicing only.
    """
    starts = np.arange(max(count - window.slots + 1, 0))
    if window.slots == 1 and world.surface is not None:
        starts = starts[~world.surface.slots.revoiced]
    return starts[_in_one_phrase(window, world, starts, starts + window.slots - 1)]


def _in_one_phrase(window: Window, world: World, first: Array, last: Array) -> Array:
    """Whether windows may stand: those of more than two slots must not reach into the next phrase."""
    phrase = np.cumsum(world.slot_column("first").astype(int))
    return (phrase[first] == phrase[last]) | (window.slots <= 2)


def _line_windows(window: Window, world: World, codes: Array, held: Array) -> Rows:
    """Windows on one voice that join its successive attacks; a rest between them breaks the line."""
    runs = []
    for voice in range(codes.shape[1]):
        own = np.flatnonzero(~held[:, voice])
        count = max(len(own) - window.slots + 1, 0)
        run = [own[shift : shift + count] for shift in range(window.slots)]
        kept = _in_one_phrase(window, world, run[0], run[-1])
        runs.append((voice, [places[kept] for places in run]))
    slots = [np.concatenate([run[shift] for _, run in runs]) for shift in range(window.slots)]
    voices = np.concatenate([np.full(len(run[0]), voice) for voice, run in runs])
    return window.rows(world, [codes[places, voices][:, None] for places in slots], voices[:, None], slots)
