"""All voicings that lead somewhere, chord by chord: sets of states that grow with a row of chords.

A state is a voicing of the last chord and all that rules still have to know of what came before: of the last step of
every voice how rules over two steps see it, and of every line its fold. Rows of chords that leave the same set have the
same future; so sets are interned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.layers import ranges
from theorygen.solve.lines import Lines, lines_of
from theorygen.solve.problem import Position, Problem
from theorygen.solve.trellis import allowed_candidates, prepare_tables
from theorygen.solve.turns import turns_of
from theorygen.solve.workshop import Pool, Workshop


@dataclass(frozen=True, eq=False)
class Living:
    """The states that a row of chords leaves; never none.

    Attributes:
        pool: candidates of the last chord.
        candidate: int64 [states], index into the pool.
        memory: int64 [states, memories]: kinds of last steps, then folds.
    """

    pool: Pool
    candidate: Array
    memory: Array

    def __len__(self) -> int:
        return len(self.candidate)


class Growing:
    """Grows sets of states under hard rules; what was grown is kept.

    Args:
        rules: the rules; those that are not hard do not matter.
        ensemble: the voices.
        pairs: every two positions that may follow each other.
    """

    def __init__(self, rules: RuleSet, ensemble: Ensemble, pairs: Iterable[tuple[Position, ...]]) -> None:
        self.hard = RuleSet(rules.solved.hard)
        self.ensemble = ensemble
        self.workshop = Workshop(self.hard, ensemble)
        prepare_tables([Problem(some, self.hard, ensemble, True, True) for some in pairs], self.workshop)
        self._turns = turns_of(self.workshop)
        self._kinds = [_kinds(turns.cost) for turns in self._turns.voices]
        self._lines = lines_of(self.workshop)
        self._sets: dict[Any, Living] = {}
        self._after: dict[Any, Living | None] = {}
        self._allowed: dict[Any, Array] = {}

    @property
    def sets(self) -> int:
        """How many different sets there are so far."""
        return len(self._sets)

    def start(self, position: Position) -> Living | None:
        """The states after the first chord of a phrase, or None where it has no voicing."""
        pool = self.workshop.pool(position)
        candidate = np.flatnonzero(self.allowed(position, pool))
        memory = np.zeros((len(candidate), len(self._kinds) + len(self._lines)), dtype=np.int64)
        for number, line in enumerate(self._lines, len(self._kinds)):
            memory[:, number] = line.fold.start(pool.pitches[candidate, line.voice])
        return self._kept(pool, candidate, memory)

    def after(self, living: Living, position: Position) -> Living | None:
        """The states after one more chord of the phrase, or None where no voicing of it can follow."""
        key = (id(living), self.workshop.wanted(position.choices), _asked(position))
        if key not in self._after:
            self._after[key] = self._grown(living, position)
        return self._after[key]

    def ends(self, living: Living) -> bool:
        """Whether a phrase may end in some state."""
        legal = np.ones(len(living), dtype=bool)
        for number, line in enumerate(self._lines, len(self._kinds)):
            if line.fold.at_end:
                legal &= ~broken_states(line, living.memory[:, number])
        return bool(legal.any())

    def allowed(self, position: Position, pool: Pool) -> Array:
        """Which candidates have the degrees asked, bool [candidates]."""
        key = (pool.wanted, _asked(position))
        if key not in self._allowed:
            self._allowed[key] = allowed_candidates(position, pool)
        return self._allowed[key]

    def are_connected(self, before: Position, after: Position) -> bool:
        """Whether some voicing of one chord may follow some voicing of the other."""
        one, other = self.workshop.pool(before), self.workshop.pool(after)
        table = self.workshop.join(one, other)
        return bool((self.allowed(before, one)[table.source] & self.allowed(after, other)[table.target]).any())

    def _grown(self, living: Living, position: Position) -> Living | None:
        pool = self.workshop.pool(position)
        table = self.workshop.join(living.pool, pool)
        bounds = np.searchsorted(table.source, np.arange(len(living.pool) + 1))
        state, edge = ranges(bounds[living.candidate], np.diff(bounds)[living.candidate])
        kept = self.allowed(position, pool)[table.target[edge]]
        state, edge = state[kept], edge[kept]
        source, target = table.source[edge], table.target[edge].astype(np.int64)
        memory = np.zeros((len(state), living.memory.shape[1]), dtype=np.int64)
        legal = np.ones(len(state), dtype=bool)
        classes = self._turns.between(living.pool, pool)
        for voice, kinds in enumerate(self._kinds):
            before = living.pool.column_keys[voice][2][source]
            here = pool.column_keys[voice][2][target]
            cost = self._turns.voices[voice].cost
            step = classes[voice].second[before, here]
            legal &= cost[living.memory[state, voice], step] < FORBIDDEN
            memory[:, voice] = kinds[classes[voice].first[before, here]]
        for number, line in enumerate(self._lines, len(self._kinds)):
            before, here = living.pool.pitches[source, line.voice], pool.pitches[target, line.voice]
            memory[:, number] = line.fold.add(living.memory[state, number], before, here)
            if not line.fold.at_end:
                legal &= ~broken_states(line, memory[:, number])
        return self._kept(pool, target[legal], memory[legal])

    def _kept(self, pool: Pool, candidate: Array, memory: Array) -> Living | None:
        """The set of these states, equal ones made one."""
        if not len(candidate):
            return None
        rows = np.unique(np.concatenate([candidate[:, None].astype(np.int64), memory], axis=1), axis=0)
        key = (pool.wanted, rows.tobytes())
        if key not in self._sets:
            self._sets[key] = Living(pool, rows[:, 0].copy(), rows[:, 1:].copy())
        return self._sets[key]


def _kinds(cost: Array) -> Array:
    """For each class of first steps the first class that no second step treats otherwise."""
    forbidden = cost >= FORBIDDEN
    if not forbidden.shape[1]:
        return np.zeros(len(forbidden), dtype=np.int64)
    _, first, index = np.unique(forbidden, axis=0, return_index=True, return_inverse=True)
    return first[index.reshape(-1)]


def _asked(position: Position) -> Any:
    """Degrees asked of voices, with each of its choices."""
    return tuple(tuple(sorted((voice, tuple(sorted(degrees))) for voice, degrees in choice.degrees.items()))
                 for choice in position.choices)


def broken_states(line: Lines, states: Array) -> Array:
    """Which states of a line break a hard rule, bool [states]."""
    world = World(line.workshop.ensemble.voices, [], line.workshop.rules.codes)
    rows = line.fold.rows(world, line.voice, states)
    broken = np.zeros(len(states), dtype=bool)
    for rule in line.rules:
        broken |= np.asarray(rule.amounts(rows)) > 0
    return broken
