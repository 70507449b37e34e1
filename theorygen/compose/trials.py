"""Trials: one note of a finished voicing replaced by another, and what every rule says of the difference.

All trials of a piece are judged at once, each rule on one batch of the windows that contain a replaced note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theorygen.rules.check import window_starts
from theorygen.rules.folds import LINE, Fold
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Rows, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import Ensemble


@dataclass(frozen=True)
class Trial:
    """One replaced note.

    Attributes:
        slot: number of the slot.
        voice: number of the voice.
        pitch: pitch code of the other note.
    """

    slot: int
    voice: int
    pitch: int


@dataclass(frozen=True)
class Breach:
    """A hard rule that a trial would break.

    Attributes:
        rule: id of the rule.
        voices: numbers of the voices concerned; empty for all.
    """

    rule: str
    voices: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one trial.

    Attributes:
        breaches: the hard rules it would break, in the order of the style.
        changes: rule to the change of what it charges, thousandths; rules that charge the same are left out.
    """

    breaches: tuple[Breach, ...]
    changes: dict[str, int]


class Judge:
    """Judges trials on one voicing.

    Args:
        slots: chord and place of each slot.
        pitches: int array [slots, voices] of pitch codes.
        rules: the rules to judge by; all of them are judged on these slots.
        ensemble: the voices.
    """

    def __init__(self, slots: Sequence[Slot], pitches: Array, rules: RuleSet, ensemble: Ensemble) -> None:
        self.world = World(ensemble.voices, slots, rules.codes)
        self.pitches = pitches
        self.rules = rules

    def judge(self, trials: Sequence[Trial]) -> list[Verdict]:
        """What the rules say of each trial."""
        table = np.array([(one.slot, one.voice, one.pitch) for one in trials], dtype=np.int64).reshape(-1, 3)
        sheet = _Sheet(len(trials), self.rules)
        for window in WINDOWS.values():
            rules = self.rules.over(window.name)
            if rules and len(trials):
                self._judge_window(window, rules, table, sheet)
        for rule in self.rules.over(LINE):
            self._judge_lines(rule, table, sheet)
        return sheet.verdicts()

    def _judge_window(self, window: Window, rules: Sequence[ActiveRule], table: Array, sheet: _Sheet) -> None:
        owner, starts, voices = self._windows(window, table)
        places = [starts + shift for shift in range(window.slots)]
        before = [self.pitches[place[:, None], voices] for place in places]
        after = [np.where((place[:, None] == table[owner, :1]) & (voices == table[owner, 1:2]), table[owner, 2:], pitch)
                 for place, pitch in zip(places, before, strict=True)]
        for pitches, sign in ((before, -1), (after, 1)):
            rows = window.rows(self.world, pitches, voices, places)
            for rule in rules:
                sheet.charge(rule, rows, owner, sign)

    def _windows(self, window: Window, table: Array) -> tuple[Array, Array, Array]:
        """All windows that see a replaced note: its trial, the first slot, the voices [windows, voices]."""
        possible = window_starts(window, self.world, len(self.pitches))
        owner, starts, voices = [], [], []
        for instance in window.instances(self.pitches.shape[1]):
            touched = np.flatnonzero(np.isin(table[:, 1], instance))
            for shift in range(window.slots):
                start = table[touched, 0] - shift
                inside = np.isin(start, possible)
                owner.append(touched[inside])
                starts.append(start[inside])
                voices.append(np.tile(instance, (int(inside.sum()), 1)))
        return np.concatenate(owner), np.concatenate(starts), np.concatenate(voices)

    def _judge_lines(self, rule: ActiveRule, table: Array, sheet: _Sheet) -> None:
        fold = rule.rule.memory
        assert fold is not None
        for low, high in self._phrases:
            for voice in range(self.pitches.shape[1]):
                inside = (table[:, 0] >= low) & (table[:, 0] < high) & (table[:, 1] == voice)
                trials = np.flatnonzero(inside)
                if not len(trials):
                    continue
                lines = np.tile(self.pitches[low:high, voice], (len(trials) + 1, 1))
                lines[np.arange(len(trials)), table[trials, 0] - low] = table[trials, 2]
                amounts = self._line_amounts(rule, fold, voice, lines)
                sheet.charge_line(rule, voice, trials, amounts[:-1], int(amounts[-1]))

    def _line_amounts(self, rule: ActiveRule, fold: Fold, voice: int, lines: Array) -> Array:
        """What a rule charges for each whole line [lines, notes]."""
        states = [fold.start(lines[:, 0])]
        for column in range(1, lines.shape[1]):
            states.append(fold.add(states[-1], lines[:, column - 1], lines[:, column]))
        judged = states[-1:] if fold.at_end else states
        amounts = rule.amounts(fold.rows(self.world, voice, np.concatenate(judged)))
        total: Array = amounts.reshape(len(judged), len(lines)).sum(axis=0)
        return total

    @cached_property
    def _phrases(self) -> list[tuple[int, int]]:
        """First slot of each phrase, and the slot after its last."""
        starts = [index for index, slot in enumerate(self.world.slots) if slot.first or index == 0]
        return list(zip(starts, [*starts[1:], len(self.world.slots)], strict=True))


class _Sheet:
    """Collects what rules say of trials."""

    def __init__(self, count: int, rules: RuleSet) -> None:
        self._breaches: list[dict[Breach, None]] = [{} for _ in range(count)]
        self._changes = {rule.name: np.zeros(count, dtype=np.int64) for rule in rules.weighted}

    def charge(self, rule: ActiveRule, rows: Rows, owner: Array, sign: int) -> None:
        """Take what a rule says of windows with (1) or without (-1) the replaced notes."""
        if (rule.hard and sign < 0) or not len(rows):
            return
        broken, amounts = rule.charge(rows)
        trials = owner[rows.origin[broken]]
        if not rule.hard:
            np.add.at(self._changes[rule.name], trials, sign * amounts)
            return
        for trial, row in zip(trials.tolist(), broken.tolist(), strict=True):
            voices = tuple(rows.voices[row].tolist()) if rows.window.voices else ()
            self._breaches[trial][Breach(rule.name, voices)] = None

    def charge_line(self, rule: ActiveRule, voice: int, trials: Array, amounts: Array, before: int) -> None:
        """Take what a rule says of the lines of trials, and of the line as it is."""
        if not rule.hard:
            self._changes[rule.name][trials] += amounts - before
            return
        for trial in trials[amounts > 0].tolist():
            self._breaches[trial][Breach(rule.name, (voice,))] = None

    def verdicts(self) -> list[Verdict]:
        """One verdict a trial."""
        return [Verdict(tuple(breaches), dict(self._changes_of(trial)))
                for trial, breaches in enumerate(self._breaches)]

    def _changes_of(self, trial: int) -> Iterator[tuple[str, int]]:
        found = [(name, int(changes[trial])) for name, changes in self._changes.items() if changes[trial]]
        yield from sorted(found, key=lambda one: (-abs(one[1]), one[0]))
