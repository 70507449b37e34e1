"""The trellis: all solutions of a problem as paths through layers of states.

A state is a candidate voicing together with what the rules with memory must still know. Only states that the start
reaches and that reach the end are kept, so every path is a solution and nothing is ever tried in vain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.memory import FORBIDDEN, LineTable, Triple, Turns, lines_of
from theorygen.solve.pairs import PairTable
from theorygen.solve.problem import Position, Problem
from theorygen.solve.workshop import Pool, Workshop

_DENSE = 16
_MOST_CODES = 1 << 62
_NONE = np.zeros(0, dtype=np.int32)


class DeadEnd(Exception):
    """No sequence of candidates reaches a position.

    Attributes:
        position: index of the first position that cannot be reached.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"nothing reaches position {position}")
        self.position = position


@dataclass(frozen=True, eq=False)
class Step:
    """The edges between two layers, sorted by source, then target.

    Attributes:
        source: int32 [edges], states of the earlier layer.
        target: int32 [edges], states of the later layer.
        cost: int32 [edges], thousandths; int64 where 32 bits do not hold them.
        starts: int [states before], first edge of each source.
        price: int64 [edges], thousandths: what the syntax charges beside the rules; None where there is none.
        weight: float64 [edges], weight of the syntax for random choice; None where all are 1.
    """

    source: Array
    target: Array
    cost: Array
    starts: Array
    price: Array | None = None
    weight: Array | None = None


@dataclass(frozen=True, eq=False)
class Trellis:
    """All solutions of a problem.

    Attributes:
        pools: candidates of each position.
        candidates: for each layer int [states], the candidate of each state.
        initial: int64 [states of the first layer], cost of starting there.
        steps: edges between successive layers.
        final: int64 [states of the last layer], cost of ending there.
        origins: for each layer int [states], the position where the chord of each state begins and whose pool has its
            candidate; empty where every chord begins in its own layer.
        initial_price: int64 [states of the first layer], price of starting there, or None.
        initial_weight: float64 [states of the first layer], weight of starting there, or None.
    """

    pools: tuple[Pool, ...]
    candidates: tuple[Array, ...]
    initial: Array
    steps: tuple[Step, ...]
    final: Array
    origins: tuple[Array, ...] = ()
    initial_price: Array | None = None
    initial_weight: Array | None = None

    @property
    def state_counts(self) -> tuple[int, ...]:
        """States in each layer."""
        return tuple(len(layer) for layer in self.candidates)


def build_trellis(problem: Problem, workshop: Workshop) -> Trellis:
    """The trellis of a problem.

    Raises:
        DeadEnd: there is no solution.
    """
    workshop.prepare([problem.positions])
    return _Builder(problem, workshop).build()


def prepare_tables(problems: Sequence[Problem], workshop: Workshop) -> None:
    """Make the tables of several problems at once, which is faster than one by one and changes no answer."""
    workshop.prepare([problem.positions for problem in problems])
    triples = []
    for problem in problems:
        pools = [workshop.pool(position) for position in problem.positions]
        triples += [triple for triple in _triples(problem.positions, pools) if triple]
    Turns(workshop).prepare(triples)


def _triples(positions: Sequence[Position], pools: Sequence[Pool]) -> list[Triple | None]:
    """For each position, and for the end, the three pools around the step into it; None at the edges of a phrase."""
    found: list[Triple | None] = [None, None]
    for place in range(2, len(positions)):
        crosses = positions[place].starts_phrase or positions[place - 1].starts_phrase
        found.append(None if crosses else (pools[place - 2], pools[place - 1], pools[place]))
    return [*found[: len(positions)], None]


def allowed_candidates(position: Position, pool: Pool) -> Array:
    """Which candidates have the notes that are given and the degrees that are asked for, bool [candidates]."""
    allowed = np.ones(len(pool), dtype=bool)
    for voice, degrees in position.degrees.items():
        allowed &= np.isin(pool.degrees[:, voice], sorted(degrees))
    for voice, codes in position.given.items():
        allowed &= np.isin(pool.pitches[:, voice], sorted(codes))
    return allowed


@dataclass
class _Layer:
    """States while building: candidates and one small number for each memory."""

    candidate: Array
    memory: list[Array]


class _Builder:
    def __init__(self, problem: Problem, workshop: Workshop) -> None:
        self.positions = problem.positions
        self.workshop = workshop
        self.pools = [workshop.pool(position) for position in problem.positions]
        self.allowed = [allowed_candidates(position, pool)
                        for position, pool in zip(problem.positions, self.pools, strict=True)]
        self.cut = _cut_phrases(problem)
        self.turn_rules = Turns(workshop)
        self.turns = self.turn_rules.voices
        self._triples = _triples(self.positions, self.pools)
        self.turn_rules.prepare([triple for triple in self._triples if triple])
        self._turn_tables = [[self.turn_rules.table(voice, triple) if triple else None for voice in self.turns]
                             for triple in self._triples]
        self.lines = lines_of(workshop)
        self.phrase_lines = self._phrase_lines()

    def _phrase_lines(self) -> list[list[tuple[int, LineTable]]]:
        """For each position the automata of its phrase, as (voice, table)."""
        starts = [index for index, position in enumerate(self.positions) if index == 0 or position.starts_phrase]
        tables: list[list[tuple[int, LineTable]]] = []
        for start, stop in zip(starts, [*starts[1:], len(self.positions)], strict=True):
            pitches = {voice: self._pitches_of(voice, start, stop) for voice in {line.voice for line in self.lines}}
            found = [(line.voice, line.table(pitches[line.voice])) for line in self.lines]
            tables += [[(voice, table) for voice, table in found if table is not None]] * (stop - start)
        return tables

    def _pitches_of(self, voice: int, start: int, stop: int) -> Array:
        """All pitches a voice may take from one position up to another."""
        return np.unique(np.concatenate([pool.column_keys[voice][1] for pool in self.pools[start:stop]]))

    def build(self) -> Trellis:
        """All layers and steps, then only what lies on the way to some solution."""
        layer = self._first(0)
        initial = self.pools[0].cost[layer.candidate] + self._after_note(layer, 0)
        if not len(layer.candidate):
            raise DeadEnd(0)
        layers, steps = [layer.candidate], []
        for position in range(1, len(self.positions)):
            layer, step = self._advance(layer, position)
            if not len(layer.candidate):
                raise DeadEnd(position)
            layers.append(layer.candidate)
            steps.append(step)
        final = self._phrase_end(layer, len(self.positions) - 1)
        return _pruned(tuple(self.pools), layers, initial, steps, final)

    # one layer

    def _first(self, position: int) -> _Layer:
        candidates = np.flatnonzero(self.allowed[position])
        return _Layer(candidates, self._memory_of_start(candidates, position))

    def _memory_of_start(self, candidates: Array, position: int) -> list[Array]:
        """Memories after the first note of a phrase: turns remember nothing yet, lines start."""
        memory = [np.zeros(len(candidates), dtype=np.int64) for _ in self.turns]
        for voice, table in self.phrase_lines[position]:
            memory.append(table.start[self._pitch_index(position, voice, table)[candidates]])
        return memory

    def _pitch_index(self, position: int, voice: int, table: LineTable) -> Array:
        """Index among the pitches of a line's automaton, for every candidate."""
        _, distinct, index = self.pools[position].column_keys[voice]
        return np.searchsorted(table.pitches, distinct)[index]

    def _after_note(self, layer: _Layer, position: int) -> Array:
        """Costs of lines that are judged after every note."""
        cost = np.zeros(len(layer.candidate), dtype=np.int64)
        for memory, (_, table) in zip(layer.memory[len(self.turns) :], self.phrase_lines[position], strict=True):
            if not table.at_end:
                cost += table.cost[memory]
        return cost

    def _phrase_end(self, layer: _Layer, position: int) -> Array:
        """Costs of lines that are judged at the end of their phrase, if the whole phrase is here."""
        cost = np.zeros(len(layer.candidate), dtype=np.int64)
        if position in self.cut:
            return cost
        for memory, (_, table) in zip(layer.memory[len(self.turns) :], self.phrase_lines[position], strict=True):
            if table.at_end:
                cost += table.cost[memory]
        return cost

    # one step

    def _advance(self, layer: _Layer, position: int) -> tuple[_Layer, Step]:
        table = self.workshop.join(self.pools[position - 1], self.pools[position])
        source, edge = _expand(layer.candidate, table, len(self.pools[position - 1]))
        keep = self.allowed[position][table.target[edge]]
        if not keep.all():
            source, edge = source[keep], edge[keep]
        cost = table.cost[edge]
        if self.positions[position].starts_phrase:
            cost = cost + self._phrase_end(layer, position - 1)[source]
            memory = self._memory_of_start(table.target[edge], position)
        else:
            target = table.target[edge]
            cost = cost + self._turn_costs(layer, source, target, position)
            memory = self._moved(layer, source, target, position)
        return self._merged(source, table.target[edge], memory, cost, position)

    # Edges far outnumber states: what depends on the state alone is looked up before it is spread over the edges.

    def _turn_costs(self, layer: _Layer, source: Array, target: Array, position: int) -> Array:
        """Costs of turns for each edge, from a state to a candidate."""
        cost = np.zeros(len(source), dtype=np.int64)
        for memory, voice, turn in zip(layer.memory, self.turns, self._turn_tables[position], strict=False):
            if turn is not None:
                here = self.pools[position - 1].column_keys[voice][2][layer.candidate]
                after = self.pools[position].column_keys[voice][2]
                row = memory * turn.cost.shape[1] + here
                cost += turn.cost.reshape(-1)[(row * turn.cost.shape[2])[source] + after[target]]
        return cost

    def _moved(self, layer: _Layer, source: Array, target: Array, position: int) -> list[Array]:
        """Memories after each edge, from a state to a candidate."""
        memory = []
        for voice, turn in zip(self.turns, self._turn_tables[position + 1], strict=True):
            if turn is None:
                memory.append(np.zeros(len(source), dtype=np.int64))
                continue
            before = self.pools[position - 1].column_keys[voice][2][layer.candidate]
            here = self.pools[position].column_keys[voice][2]
            memory.append(turn.state.reshape(-1)[(before * turn.state.shape[1])[source] + here[target]])
        for old, (voice, line) in zip(layer.memory[len(self.turns) :], self.phrase_lines[position], strict=True):
            before = self._pitch_index(position - 1, voice, line)[layer.candidate]
            here = self._pitch_index(position, voice, line)
            row = (old * len(line.pitches) + before) * len(line.pitches)
            memory.append(line.add.reshape(-1)[row[source] + here[target]])
        return memory

    def _merged(self, source: Array, candidate: Array, memory: list[Array], cost: Array,
                position: int) -> tuple[_Layer, Step]:
        """Equal states become one; forbidden edges go."""
        layer = _Layer(candidate, memory)
        cost = cost + self._after_note(layer, position)
        legal = np.flatnonzero(cost < FORBIDDEN)
        if len(legal) < len(cost):
            source, cost = source[legal], cost[legal]
            layer = _Layer(candidate[legal], [one[legal] for one in memory])
        first, target = _distinct(_codes(layer))
        merged = _Layer(layer.candidate[first], [one[first] for one in layer.memory])
        return merged, Step(source.astype(np.int32), target.astype(np.int32), _compact(cost), _NONE)


def _codes(layer: _Layer) -> Array:
    """One number for each row that tells candidate and memories; packed anew before it would pass 62 bits."""
    code, size = layer.candidate.astype(np.int64), int(layer.candidate.max(initial=0)) + 1
    for one in layer.memory:
        values = int(one.max(initial=0)) + 1
        if values == 1:
            continue
        if size * values > _MOST_CODES:
            _, code = _distinct(code)
            size = len(code)
        code, size = code * values + one, size * values
    return code


def _cut_phrases(problem: Problem) -> frozenset[int]:
    """Positions of phrases of which a part is missing."""
    starts = [0, *(place for place, position in enumerate(problem.positions) if place and position.starts_phrase)]
    cut: list[int] = list(range(*([*starts, len(problem.positions)][:2]))) if problem.cut_before else []
    if problem.cut_after:
        cut += range(starts[-1], len(problem.positions))
    return frozenset(cut)


def _expand(candidates: Array, table: PairTable, size: int) -> tuple[Array, Array]:
    """All edges out of the states with these candidates, as (state, edge of the table)."""
    bounds = np.searchsorted(table.source, np.arange(size + 1))
    first, count = bounds[:-1][candidates], np.diff(bounds)[candidates]
    source = np.repeat(np.arange(len(candidates)), count)
    ends = np.cumsum(count)
    edge = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - count), count)
    return source, edge


def _compact(cost: Array) -> Array:
    """The costs in 32 bits, if they all fit."""
    return cost if len(cost) and np.abs(cost).max() > np.iinfo(np.int32).max else cost.astype(np.int32)


def _distinct(code: Array) -> tuple[Array, Array]:
    """For the distinct codes, ascending, a row that has each; and for each row the number of its code among them."""
    if not len(code):
        return code, code
    size = int(code.max()) + 1
    if size > _DENSE * len(code):
        _, first, index = np.unique(code, return_index=True, return_inverse=True)
        return first, index.reshape(-1)
    row = np.full(size, -1)
    row[code] = np.arange(len(code))
    present = row >= 0
    return row[present], (np.cumsum(present) - 1)[code]


def _pruned(pools: tuple[Pool, ...], candidates: list[Array], initial: Array, steps: list[Step],
            final: Array) -> Trellis:
    """Drop everything from which the end cannot be reached; ``steps`` is used up, so that no edge is held twice.

    Raises:
        DeadEnd: nothing is left.
    """
    alive = final < FORBIDDEN
    if not alive.any():
        raise DeadEnd(len(pools) - 1)
    layers, final = [candidates[-1][alive]], final[alive]
    kept: list[Step] = []
    for layer in reversed(candidates[:-1]):
        step, alive = _pruned_step(steps.pop(), alive, len(layer))
        layers.append(layer[alive])
        kept.append(step)
    begin = initial[alive]
    if not len(begin) or begin.min() >= FORBIDDEN:
        raise DeadEnd(0)
    return Trellis(pools, tuple(layers[::-1]), begin, tuple(kept[::-1]), final)


def _pruned_step(step: Step, alive_after: Array, size: int) -> tuple[Step, Array]:
    """The step restricted to living targets, and which sources live."""
    source, target, cost = step.source, step.target, step.cost
    if not alive_after.all():
        kept = alive_after[target]
        source, target, cost = source[kept], _renumbered(alive_after)[target[kept]], cost[kept]
    alive = np.zeros(size, dtype=bool)
    alive[source] = True
    if not alive.all():
        source = _renumbered(alive)[source]
    starts = np.flatnonzero(np.diff(source, prepend=-1)).astype(np.int32)
    return Step(source, target, cost, starts), alive


def _renumbered(kept: Array) -> Array:
    """The new number of each state when only some are kept."""
    return np.cumsum(kept, dtype=np.int32) - 1
