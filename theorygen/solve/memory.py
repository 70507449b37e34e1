"""Memories: rules that see more than two slots, as small automata along one voice.

Both kinds are reduced to their fewest states, which changes no answer: two pasts that every future treats alike
are one state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.check import charge_line
from theorygen.rules.folds import FOLDS, Fold
from theorygen.rules.rule import LINE, ActiveRule
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array, World
from theorygen.solve.domains import charges
from theorygen.solve.workshop import Pool, Workshop

TURN = "melodic-turn"
FORBIDDEN = np.iinfo(np.int64).max // 4
"""Cost that stands for "not allowed" inside memory tables."""


@dataclass(frozen=True, eq=False)
class TurnTable:
    """What a voice must remember between two steps over three slots.

    Attributes:
        states: how many pasts must be told apart.
        state: int [pitches before, pitches here], the state after that step.
        cost: int64 [states, pitches here, pitches after]; FORBIDDEN where a hard rule is broken.
    """

    states: int
    state: Array
    cost: Array


class Turns:
    """The rules over melodic turns, for one voice."""

    def __init__(self, workshop: Workshop, voice: int) -> None:
        self.workshop = workshop
        self.voice = voice
        self.rules = workshop.rules.over(TURN)

    def table(self, before: Pool, here: Pool, after: Pool) -> TurnTable | None:
        """The table for three successive pools, or None when nothing needs to be remembered."""
        key = (TURN, self.voice, before.slots, here.slots, after.slots)
        tables = self.workshop.memory_tables
        if key not in tables:
            tables[key] = self._table(before, here, after)
        return tables[key]  # type: ignore[return-value]

    def _table(self, before: Pool, here: Pool, after: Pool) -> TurnTable | None:
        columns = [pool.column_keys[self.voice] for pool in (before, here, after)]
        shape = tuple(len(pitches) for _, pitches, _ in columns)
        cells = np.unravel_index(np.arange(int(np.prod(shape))), shape)
        slots = list(dict.fromkeys((*before.slots, *here.slots, *after.slots)))
        world = World(self.workshop.ensemble.voices, slots, self.workshop.rules.codes)
        places = [np.array([slots.index(slot) for slot in pool.slots])[choices[cell]]
                  for pool, (choices, _, _), cell in zip((before, here, after), columns, cells, strict=True)]
        pitches = [column[cell][:, None] for (_, column, _), cell in zip(columns, cells, strict=True)]
        voices = np.full((len(cells[0]), 1), self.voice)
        forbidden, cost = charges(self.rules, WINDOWS[TURN].rows(world, pitches, voices, places))
        cost[forbidden] = FORBIDDEN
        return _reduced(cost.reshape(shape)) if cost.any() else None


def _reduced(cost: Array) -> TurnTable:
    """Merge first pitches that every continuation treats alike; ``cost`` is [before, here, after]."""
    state = np.zeros(cost.shape[:2], dtype=np.int64)
    rows = []
    for here in range(cost.shape[1]):
        distinct, inverse = np.unique(cost[:, here, :], axis=0, return_inverse=True)
        state[:, here] = inverse.reshape(-1)
        rows.append(distinct)
    states = max(len(distinct) for distinct in rows)
    table = np.zeros((states, *cost.shape[1:]), dtype=np.int64)
    for here, distinct in enumerate(rows):
        table[: len(distinct), here] = distinct
    return TurnTable(states, state, table)


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

    def table(self, pools: Sequence[Pool]) -> LineTable | None:
        """The automaton for a phrase of pools, or None when no state costs anything."""
        pitches = np.unique(np.concatenate([pool.column_keys[self.voice][1] for pool in pools]))
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
        return LineTable(pitches, len(kept), merged[np.searchsorted(states, starts)], merged[add[kept]], cost[kept],
                         self.fold.at_end)

    def _closure(self, states: Array, pitches: Array) -> Array:
        while True:
            grown = np.unique(np.concatenate([states, self._added(states, pitches).ravel()]))
            if len(grown) == len(states):
                return states
            states = grown

    def _added(self, states: Array, pitches: Array) -> Array:
        """States [states, pitches before, pitches] after one more note."""
        shape = (len(states), len(pitches), len(pitches))
        return np.broadcast_to(self.fold.add(states[:, None, None], pitches[None, :, None], pitches), shape)

    def _charge(self, states: Array) -> Array:
        world = World(self.workshop.ensemble.voices, [], self.workshop.rules.codes)
        cost = np.zeros(len(states), dtype=np.int64)
        for rule in self.rules:
            amount = charge_line(rule, self.fold, world, self.voice, states)
            cost = np.minimum(cost + amount * (FORBIDDEN if rule.hard else 1), FORBIDDEN)
        return cost


def _merge(cost: Array, add: Array) -> Array:
    """Classes of states that cost the same now and after every continuation (Moore's partition refinement)."""
    classes = np.unique(cost, return_inverse=True)[1].reshape(-1)
    while True:
        signature = np.concatenate([classes[:, None], classes[add].reshape(len(add), -1)], axis=1)
        finer = np.unique(signature, axis=0, return_inverse=True)[1].reshape(-1)
        if finer.max() == classes.max():
            return finer
        classes = finer


def turns_of(workshop: Workshop) -> list[Turns]:
    """The voices whose melodic turns are judged."""
    voices = range(len(workshop.ensemble.voices)) if workshop.rules.over(TURN) else ()
    return [Turns(workshop, voice) for voice in voices]


def lines_of(workshop: Workshop) -> list[Lines]:
    """The folds that the rules use, for every voice."""
    rules = workshop.rules.over(LINE)
    folds = dict.fromkeys(rule.rule.fold for rule in rules)
    return [Lines(workshop, voice, FOLDS[fold], [rule for rule in rules if rule.rule.fold == fold])
            for fold in folds for voice in range(len(workshop.ensemble.voices))]
