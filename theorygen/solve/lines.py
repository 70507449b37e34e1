"""Folds along one voice, as small automata over its pitches.

They are reduced to their fewest states, which changes no answer: two pasts that every future treats alike are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.folds import FOLDS, LINE, Fold
from theorygen.rules.line_records import Line
from theorygen.rules.record import own_fields
from theorygen.rules.rule import ActiveRule
from theorygen.rules.world import Array, World
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.workshop import Workshop


@dataclass(frozen=True, eq=False)
class LineTable:
    """A fold along one voice, as an automaton over the pitches of a phrase.

    Attributes:
        pitches: pitch codes of the voice, ascending.
        states: how many states there are.
        start: int [pitches], state after the first note.
        add: int [states, pitches before, pitches], state after one more note.
        cost: int64 [states], charged after every note, or at the end of the phrase; FORBIDDEN for hard rules.
        at_end: whether the cost is charged at the end only.
    """

    pitches: Array
    states: int
    start: Array
    add: Array
    cost: Array
    at_end: bool


class Lines:
    """The rules over one fold along one voice."""

    def __init__(self, workshop: Workshop, voice: int, fold: Fold, rules: Sequence[ActiveRule]) -> None:
        self.workshop = workshop
        self.voice = voice
        self.fold = fold
        self.rules = rules

    def table(self, pitches: Array) -> LineTable | None:
        """The automaton for a phrase in which the voice takes these pitches, or None when no state costs anything."""
        key = (self.fold.name, self.voice, pitches.tobytes())
        tables = self.workshop.memory_tables
        if key not in tables:
            tables[key] = self._table(pitches)
        return tables[key]  # type: ignore[return-value]

    def _table(self, pitches: Array) -> LineTable | None:
        starts = self.fold.start(pitches)
        states = self._closure(np.unique(starts), pitches)
        cost = self._charge(states)
        if not cost.any():
            return None
        add = np.searchsorted(states, self._added(states, pitches))
        merged = _merge(cost, add)
        kept = np.unique(merged, return_index=True)[1]
        moved = np.broadcast_to(merged[add[kept]], (len(kept), len(pitches), len(pitches))).copy()
        start = merged[np.searchsorted(states, starts)]
        return LineTable(pitches, len(kept), start, moved, cost[kept], self.fold.at_end)

    def _closure(self, states: Array, pitches: Array) -> Array:
        new = states
        while len(new):
            new = np.setdiff1d(self._added(new, pitches), states)
            states = np.union1d(states, new)
        return states

    def _added(self, states: Array, pitches: Array) -> Array:
        """States [states, pitches before, pitches] after one more note; an axis the fold does not read has length 1."""
        return np.asarray(self.fold.add(states[:, None, None], pitches[None, :, None], pitches))

    def _charge(self, states: Array) -> Array:
        world = World(self.workshop.ensemble.voices, [], self.workshop.rules.codes)
        cost = np.zeros(len(states), dtype=np.int64)
        rows = self.fold.rows(world, self.voice, states)
        for rule in self.rules:
            amount = rule.amounts(rows)
            cost = np.minimum(cost + amount * (FORBIDDEN if rule.hard else 1), FORBIDDEN)
        return cost


def _merge(cost: Array, add: Array) -> Array:
    """Classes of states that cost the same now and after every continuation (Moore's partition refinement)."""
    classes = np.unique(cost, return_inverse=True)[1].reshape(-1)
    while True:
        signature = np.concatenate([classes[:, None], classes[add].reshape(len(add), -1)], axis=1)
        finer = _row_classes(signature)
        if finer.max() == classes.max():
            return finer
        classes = finer


def _row_classes(rows: Array) -> Array:
    """Number of each row among the distinct rows in ascending order; rows hold whole numbers from 0 up."""
    texts = [row.tobytes() for row in rows.astype(">u4")]  # high bytes first, bytes sort as the numbers do
    number = {text: index for index, text in enumerate(sorted(set(texts)))}
    return np.array([number[text] for text in texts])


def lines_of(workshop: Workshop) -> list[Lines]:
    """The folds that the rules use, for every voice that some rule over them looks at; found once for a workshop."""
    if LINE not in workshop.memory_tables:
        workshop.memory_tables[LINE] = _lines(workshop)
    return workshop.memory_tables[LINE]  # type: ignore[return-value]


def _lines(workshop: Workshop) -> list[Lines]:
    rules = workshop.rules.solved.over(LINE)
    lines = []
    for fold in dict.fromkeys(rule.rule.fold for rule in rules):
        for voice in range(len(workshop.ensemble.voices)):
            meant = [rule for rule in rules if rule.rule.fold == fold and _looks_at(rule, workshop, voice)]
            if meant:
                lines.append(Lines(workshop, voice, FOLDS[fold], meant))
    return lines


def _looks_at(rule: ActiveRule, workshop: Workshop, voice: int) -> bool:
    """Whether no guard that reads nothing but which voice it is shuts this voice out."""
    world = World(workshop.ensemble.voices, [], workshop.rules.codes)
    rows = FOLDS[rule.rule.fold].rows(world, voice, np.zeros(1, dtype=np.int64))
    guards = [guard for guard in (*rule.where, *rule.rule.guards) if guard.names <= own_fields(Line).keys()]
    return all(np.all(guard.run(rows)) for guard in guards)
