"""The checker: every window of a score judged by every rule, with the place of each violation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from theorygen.rules.folds import Fold
from theorygen.rules.notes import Chord
from theorygen.rules.record import Record, read
from theorygen.rules.rule import LINE, ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.verticals import VoicePair
from theorygen.rules.windows import WINDOWS, Rows, Window
from theorygen.rules.world import NO_PITCH, Array, Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.score.location import Location
from theorygen.score.score import Score
from theorygen.score.slots import SlotArrays
from theorygen.theory import Interval, Pitch

_PLACEHOLDER = re.compile(r"{([a-z_.]+)}")


@dataclass(frozen=True)
class Violation:
    """One rule broken in one place.

    Attributes:
        rule: id of the rule.
        hard: whether the style forbids it.
        cost: what it costs, in thousandths; 0 for a hard rule.
        location: measure, beat and voices.
        slots: slots of the window on the rule's grid, in order.
        message: what is wrong, with the names of the notes.
        because: why it is wrong.
    """

    rule: str
    hard: bool
    cost: int
    location: Location
    slots: tuple[int, ...]
    message: str
    because: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message} [{self.rule}]"


def check(score: Score, rules: RuleSet, ensemble: Ensemble | None = None) -> list[Violation]:
    """All violations of a score, in time order; weighted rules that cost something are among them.

    A score without chords is its own skeleton: rules for the skeleton then judge its attacks. A fault seen on several
    grids is reported once.

    Args:
        score: the music; chords must be declared on it where rules read them.
        rules: the rules to judge by.
        ensemble: ranges of the voices; default the score's own, else the known ranges of voices of these names.
    """
    ensemble = ensemble or score.ensemble
    if ensemble is None:
        raise ValueError("the score does not say which ensemble it is for; pass one")
    found: list[Violation] = []
    grids = dict.fromkeys(grid for rule in rules.rules for grid in rule.rule.grids)
    for grid in grids:
        judged = "attacks" if grid == "skeleton" and not score.chords else grid
        checker = _Checker(score, score.slots(judged), rules, ensemble)
        found += [one for rule in rules.rules if grid in rule.rule.grids for one in checker.judge(rule)]
    distinct = {(one.rule, one.location, one.message): one for one in reversed(found)}
    return sorted(distinct.values(), key=lambda one: (one.location.measure, one.location.beat, not one.hard, one.rule))


def _grid(score: Score, grid: str) -> str:
    """The grid itself; music without chord symbols has no skeleton, there every attack counts."""
    return "attacks" if grid == "skeleton" and not score.chords else grid


def world_of(score: Score, slots: SlotArrays, ensemble: Ensemble, codes: dict[str, int]) -> World:
    """The look-up tables for one grid of a score."""
    specs = {voice.name: voice for voice in ensemble.voices}
    chords = [score.chords[index] if index >= 0 else None for index in slots.chords]
    last = len(chords) - 1
    places = []
    for index, chord in enumerate(chords):
        starts = chord is not None and (index == 0 or chords[index - 1] is not chord)
        ends = chord is not None and (index == last or chords[index + 1] is not chord)
        places.append(Slot(
            chord.numeral if chord else None, int(slots.weights[index]),
            first=index == 0 or bool(chord and chord.first_in_phrase and starts),
            last=index == last or bool(chord and chord.last_in_phrase and ends),
            opening=index == 0, final=index == last,
            cadence=chord.cadence or "none" if chord and ends else "none",
            region=chord.region or "none" if chord else "none"))
    return World([specs[name] for name in slots.voices], places, codes)


class _Checker:
    """Judges one grid of one score."""

    def __init__(self, score: Score, slots: SlotArrays, rules: RuleSet, ensemble: Ensemble) -> None:
        self.score = score
        self.slots = slots
        self.world = world_of(score, slots, ensemble, rules.codes)
        self._held = slots.held if slots.grid == "attacks" else np.zeros(slots.codes.shape, dtype=bool)
        self._rows: dict[str, Rows] = {}

    def judge(self, rule: ActiveRule) -> Iterator[Violation]:
        """All places where a rule is broken."""
        if rule.rule.over == LINE:
            yield from self.judge_line(rule)
            return
        window = WINDOWS[rule.rule.over]
        rows = self.rows(window)
        if not len(rows):
            return
        broken, amounts = rule.charge(rows)
        for row, amount in zip(broken, amounts, strict=True):
            yield self.violation(rule, int(amount), rows.take(np.array([row])))

    def rows(self, window: Window) -> Rows:
        """All windows of one kind in the score."""
        if window.name not in self._rows:
            self._rows[window.name] = windows_of(window, self.world, self.slots.codes, self._held)
        return self._rows[window.name]

    def violation(self, rule: ActiveRule, amount: int, row: Rows) -> Violation:
        """One broken window."""
        voices = tuple(self.slots.voices[voice] for voice in row.voices[0])
        named = voices if row.window.voices else ()
        places = tuple(int(column[0]) for column in row.slots)
        location = self.score.location(self.slots.onsets[places[-1]], named)
        message = _fill(rule.rule.message or rule.name, row, self.slots.voices)
        return Violation(rule.name, rule.hard, 0 if rule.hard else amount, location, places, message, rule.rule.because)

    def judge_line(self, rule: ActiveRule) -> Iterator[Violation]:
        """Places where a rule over a line is broken."""
        fold = rule.rule.memory
        assert fold is not None
        for voice, name in enumerate(self.slots.voices):
            for phrase in self.phrases():
                notes = phrase[(self.slots.codes[phrase, voice] != NO_PITCH) & ~self._held[phrase, voice]]
                states = line_states(fold, self.slots.codes[notes, voice])
                for position in range(len(states))[-1 if fold.at_end else 0 :]:
                    amount = charge_line(rule, fold, self.world, voice, states[position : position + 1])[0]
                    if amount:
                        place = int(notes[position])
                        location = self.score.location(self.slots.onsets[place], (name,))
                        message = rule.rule.message.replace("{voice}", name) or rule.name
                        yield Violation(rule.name, rule.hard, 0 if rule.hard else int(amount), location,
                                        tuple(map(int, notes[: position + 1])), message, rule.rule.because)

    def phrases(self) -> list[Array]:
        """Slot numbers of each phrase."""
        starts = np.flatnonzero([slot.first for slot in self.world.slots])
        return np.split(np.arange(len(self.slots)), starts[1:]) if len(starts) else []


def windows_of(window: Window, world: World, codes: Array, held: Array | None = None) -> Rows:
    """All windows of one kind, of slots that follow each other.

    Args:
        window: the kind.
        world: tables for the slots.
        codes: array [slots, voices] of pitch codes.
        held: array [slots, voices], true where a note only goes on; a window on one line passes over such slots.
    """
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
    """First slots of all windows; windows of more than two slots stay inside one phrase."""
    starts = np.arange(max(count - window.slots + 1, 0))
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


def line_states(fold: Fold, pitches: Array) -> Array:
    """States of a fold after each sounding note of a line."""
    sounding = pitches[pitches != NO_PITCH]
    states = [fold.start(sounding[:1])] if len(sounding) else []
    for before, pitch in pairwise(sounding):
        states.append(fold.add(states[-1], np.array([before]), np.array([pitch])))
    return np.concatenate(states) if states else np.zeros(0, dtype=np.int64)


class LineRows:
    """States of a line as an environment for the rules over it."""

    def __init__(self, record: Record, world: World, size: int) -> None:
        self.record = record
        self.world = world
        self._size = size

    def field(self, path: str) -> Any:
        """The array of one field."""
        return read(self.record, path)

    def word(self, kind: Any, text: str) -> int:
        """The code of a word."""
        return self.world.word(kind, text)


def charge_line(rule: ActiveRule, fold: Fold, world: World, voice: int, states: Array) -> Array:
    """What a rule over a line charges for each state: thousandths, or 1 for a hard rule broken."""
    environment = LineRows(fold.line(world, voice, states), world, len(states))
    verdict = np.broadcast_to(rule.rule.verdict.run(environment), len(states))
    if rule.rule.cost:
        amount = np.rint(verdict * rule.weight).astype(np.int64)
    else:
        amount = (verdict ^ (not rule.rule.forbid)) * (1 if rule.hard else rule.weight)
    for guard in (*rule.where, *rule.rule.guards):
        amount = amount * np.broadcast_to(guard.run(environment), len(states))
    for exemption in rule.rule.exemptions:
        amount = amount * ~np.broadcast_to(exemption.run(environment), len(states))
    return amount.astype(np.int64)


def _fill(message: str, row: Rows, voices: Sequence[str]) -> str:
    """The message of a rule with its placeholders filled from one window."""
    return _PLACEHOLDER.sub(lambda match: _show(match[1], row, voices), message)


def _show(path: str, row: Rows, voices: Sequence[str]) -> str:
    value = read(row.record, path)
    if isinstance(value, Record):
        return _show_record(value)
    kind = row.window.fields[path]
    if path.endswith("voice"):
        column = -1 if {"lower", "bass"} & set(path.split(".")) else 0
        return voices[int(row.voices[0, column])]
    number = value[0]
    if kind.name == "pitch":
        return str(Pitch.from_code(int(number)))
    if kind.name == "interval":
        return str(Interval.from_code(int(number)))
    if kind.words:
        return kind.words[int(number)]
    return f"{number:g}" if kind.is_number else str(number)


def _show_record(record: Record) -> str:
    """A smaller record in a sentence: two voices as their interval, a chord as its numeral, a note as its pitch."""
    if isinstance(record, Chord):
        return record.text
    if isinstance(record, VoicePair):
        return str(Interval.from_code(int(record.interval[0])))
    pitch = getattr(record, "pitch", None)
    return str(Pitch.from_code(int(pitch[0]))) if pitch is not None else type(record).__name__.lower()
