"""The trellis: all solutions of a problem as paths through layers of states.

A state is a candidate voicing together with what the rules with memory must still know, and where a syntax stands.
Only states that the start reaches and that reach the end are kept, so every path is a solution and nothing is ever
tried in vain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.beam import Beam
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.growing import NONE, Edges, Group, Ways, compact, joined_edges, layer_of, merged_edges
from theorygen.solve.layers import ranges
from theorygen.solve.memory import Memory
from theorygen.solve.pairs import PairTable
from theorygen.solve.paths import DeadEnd, Layer, Opening, Step, TooLarge, Trellis, pruned, reaching
from theorygen.solve.problem import Position, Problem
from theorygen.solve.successions import successions
from theorygen.solve.totals import with_totals
from theorygen.solve.turns import turns_of
from theorygen.solve.workshop import Pool, Workshop

__all__ = ["DeadEnd", "Step", "Trellis", "allowed_candidates", "build_trellis", "prepare_tables"]


def build_trellis(problem: Problem, workshop: Workshop) -> Trellis:
    """The trellis of a problem.

    Raises:
        DeadEnd: there is no solution.
        TooLarge: none is left of what had to be bounded.
        ValueError: the problem has relations that are not read from left to right.
    """
    prepare_tables([problem], workshop)
    trellis = _Builder(problem, workshop).build()
    try:
        counted = with_totals(problem, trellis)
        counted = problem.tally.of(counted) if problem.tally else counted
    except DeadEnd as end:
        if trellis.cut is None:
            raise
        raise TooLarge(end.position) from None
    if trellis.cut is None:
        return counted
    return replace(counted, cut=0 if problem.tally else trellis.cut)  # faults stood in the costs that were compared


def prepare_tables(problems: Sequence[Problem], workshop: Workshop) -> None:
    """Make the tables of several problems at once, which is faster than one by one and changes no answer."""
    turns_of(workshop).prepare(workshop.prepare(problems))


def allowed_candidates(position: Position, pool: Pool) -> Array:
    """Which candidates have the notes that are given and the degrees that are asked for, bool [candidates]."""
    allowed = np.ones(len(pool), dtype=bool)
    for voice, degrees in position.degrees.items():
        allowed &= np.isin(pool.degrees[:, voice], sorted(degrees))
    for voice, codes in position.given.items():
        allowed &= np.isin(pool.pitches[:, voice], sorted(codes))
    for number, choice in enumerate(position.choices):
        for voice, degrees in choice.degrees.items():
            part = slice(*pool.bounds[number : number + 2])
            allowed[part] &= np.isin(pool.degrees[part, voice], sorted(degrees))
    return allowed


class _Builder:
    def __init__(self, problem: Problem, workshop: Workshop) -> None:
        self.positions = problem.positions
        self.workshop = workshop
        self.pools = [workshop.pool(position) for position in problem.positions]
        self.allowed = [allowed_candidates(position, pool)
                        for position, pool in zip(problem.positions, self.pools, strict=True)]
        self.arcs = [Ways(arcs) for arcs in problem.syntax.layers] if problem.syntax else None
        self.following = successions(problem).following
        self.beam = Beam(problem.syntax.layers, self.pools, self.allowed) if problem.syntax else None
        self.memory = Memory(problem, workshop, self.pools, self.following)
        self.kinds = self._kinds()
        self._made: dict[tuple[int, ...], tuple[list[Group], list[Group], Step]] = {}
        self._begun_phrases: dict[tuple[int, bytes], list[Group]] = {}

    def _kinds(self) -> list[int]:
        """For each position a number; positions have the same one if the same may stand there and be remembered."""
        numbers: dict[object, int] = {}
        return [numbers.setdefault((self.pools[place].wanted, self.allowed[place].tobytes(), position.starts_phrase,
                                    self.memory.kind(place)), len(numbers))
                for place, position in enumerate(self.positions)]

    def build(self) -> Trellis:
        """All layers and steps, then only what lies on the way to some solution.

        Raises:
            DeadEnd: there is none.
            TooLarge: none is left of what had to be bounded.
        """
        try:
            return self._built()
        except DeadEnd as end:
            if self.beam and self.beam.cut is not None:
                raise TooLarge(end.position) from None
            raise

    def _built(self) -> Trellis:
        groups, opening = self._first()
        layers: list[Layer] = [layer_of(groups)]
        steps: list[Step] = []
        for position in range(len(self.positions)):
            if position:
                groups = self._bounded(groups, position, layers, opening, steps)
                groups, step = self._advance(groups, position) if self.arcs else self._again(groups, position)
                layers.append(layer_of(groups))
                steps.append(step)
            if not len(layers[-1]):
                raise DeadEnd(position)
        final = np.concatenate([self.memory.at_phrase_end(group, len(self.positions) - 1) for group in groups])
        trellis = pruned(self.pools, layers, opening, steps, final)
        return replace(trellis, cut=self.beam.cut) if self.beam else trellis

    def _bounded(self, groups: list[Group], position: int, layers: list[Layer], opening: Opening,
                 steps: list[Step]) -> list[Group]:
        """The states of the last layer, less those that would make the next one too large."""
        if self.beam is None or position == 1:
            return groups
        degrees = np.concatenate([self._degrees(group, position) for group in groups])
        kept = self.beam.kept(groups, degrees, opening, steps)
        if kept is None:
            return groups
        self.beam.narrowed(kept)
        layers[-1], steps[-1] = layers[-1].kept(kept), reaching(steps[-1], kept)
        bounds = np.cumsum([0, *map(len, groups)]).tolist()
        parts = [group.take(np.flatnonzero(kept[low:high]))
                 for group, (low, high) in zip(groups, pairwise(bounds), strict=True)]
        return [part for part in parts if len(part)]

    def _degrees(self, group: Group, position: int) -> Array:
        """How many edges lead out of each state of a group."""
        if position not in self.following[group.origin]:
            return np.zeros(len(group), dtype=np.int64)
        state, _, count, _ = self._counted(group, self._table(group, position), position)
        return np.bincount(state, count, len(group)).astype(np.int64)

    # one layer

    def _first(self) -> tuple[list[Group], Opening]:
        """The states that a solution may begin with."""
        pool, allowed = self.pools[0], self.allowed[0]
        if self.arcs is None:
            candidates = np.flatnonzero(allowed)
            syntax = np.zeros(len(candidates), dtype=np.int64)
            group = Group(0, candidates, syntax, self.memory.started(0, candidates))
            return [group], Opening(pool.cost[candidates] + self.memory.after_note(group))
        begin = np.zeros(1, dtype=np.int64)
        _, arc = self.arcs[0].out_of(begin)
        size = np.diff(pool.bounds)[self.arcs[0].choice[arc]]
        row, candidates = ranges(np.array(pool.bounds)[self.arcs[0].choice[arc]], size)
        arc, candidates = arc[row][allowed[candidates]], candidates[allowed[candidates]]
        group = Group(0, candidates, self.arcs[0].target[arc], self.memory.started(0, candidates))
        cost = pool.cost[candidates] + self.memory.after_note(group)
        return [group], Opening(cost, self.arcs[0].price[arc], self.arcs[0].weight[arc])

    # one step

    def _again(self, groups: list[Group], position: int) -> tuple[list[Group], Step]:
        """`_advance` without a syntax: phrases that come again are made once, as no phrase remembers another."""
        key = (id(groups[0].candidate), self.kinds[position - 1], self.kinds[position])
        if key not in self._made:
            reached, step = self._advance(groups, position)
            if reached and self.positions[position].starts_phrase:
                begun = (self.kinds[position], reached[0].candidate.tobytes())
                reached = self._begun_phrases.setdefault(begun, reached)
            self._made[key] = groups, reached, step  # the groups are kept, so that no other array takes their id
        _, reached, step = self._made[key]
        return [Group(position, one.candidate, one.syntax, one.memory) for one in reached], step

    def _advance(self, groups: list[Group], position: int) -> tuple[list[Group], Step]:
        """The states of the next position: chords that go on first, then those that begin."""
        offsets = np.cumsum([0, *map(len, groups)]).tolist()
        into = [self._held(group, offset, position) for group, offset in zip(groups, offsets, strict=False)
                ] if self.arcs else []
        begun = [self._begun(group, offset, position) for group, offset in zip(groups, offsets, strict=False)
                 if position in self.following[group.origin]]
        into.append(joined_edges(begun) if begun else self._nothing(position))
        merged = [merged_edges(edges) for edges in into if len(edges.source)]
        firsts = np.cumsum([0, *(len(group) for group, _, _ in merged)]).tolist()
        columns = [(edges, target + first) for (_, edges, target), first in zip(merged, firsts, strict=False)]
        return [group for group, _, _ in merged], self._step(columns, position)

    def _nothing(self, position: int) -> Edges:
        none = np.zeros(0, dtype=np.int64)
        return Edges(none, Group(position, none, none, self.memory.started(position, none)), none, none)

    def _step(self, columns: list[tuple[Edges, Array]], position: int) -> Step:
        """All edges of a step, sorted by source."""
        source, target, cost = (np.concatenate([NONE, *parts]) for parts in (
            [edges.source for edges, _ in columns], [target for _, target in columns],
            [edges.cost for edges, _ in columns]))
        if self.arcs is None:
            return Step(source.astype(np.int32), target.astype(np.int32), compact(cost), NONE)
        arc = np.concatenate([NONE, *(edges.arc for edges, _ in columns)])
        order = np.argsort(source, kind="stable")
        arc = arc[order]
        return Step(source[order].astype(np.int32), target[order].astype(np.int32), compact(cost[order]), NONE,
                    self.arcs[position].price[arc], self.arcs[position].weight[arc])

    def _held(self, group: Group, offset: int, position: int) -> Edges:
        """Edges on which the chord goes on, every voice on its note."""
        assert self.arcs is not None
        state, arc = self.arcs[position].on_from(group.syntax)
        reached = group.take(state)
        reached.syntax = self.arcs[position].target[arc]
        return Edges(state + offset, reached, np.zeros(len(state), dtype=np.int64), arc)

    def _begun(self, group: Group, offset: int, position: int) -> Edges:
        """Edges from the states of a group to the candidates of a position."""
        table = self._table(group, position)
        source, edge, arc = self._expanded(group, table, position)
        keep = self.allowed[position][table.target[edge]]
        if not keep.all():
            source, edge, arc = source[keep], edge[keep], arc if arc is None else arc[keep]
        target, cost = table.target[edge], table.cost[edge]
        syntax = np.zeros(len(target), dtype=np.int64) if arc is None else self.arcs[position].target[arc]  # type: ignore[index]
        if self.positions[position].starts_phrase:
            cost = cost + self.memory.at_phrase_end(group, position - 1)[source]
            memory = self.memory.started(position, target)
        else:
            cost = cost + self.memory.of_turns(group, source, target, position)
            memory = self.memory.moved(group, source, target, position)
        reached = Group(position, target, syntax, memory)
        cost = cost + self.memory.after_note(reached)
        edges = Edges(source + offset, reached, cost, arc)
        legal = np.flatnonzero(cost < FORBIDDEN)
        return edges if len(legal) == len(cost) else edges.take(legal)

    def _expanded(self, group: Group, table: PairTable, position: int) -> tuple[Array, Array, Array | None]:
        """All edges out of the states of a group, as (state, edge of the table, way of the syntax)."""
        if self.arcs is None:
            bounds = np.searchsorted(table.source, np.arange(len(self.pools[group.origin]) + 1))
            first, count = bounds[:-1][group.candidate], np.diff(bounds)[group.candidate]
            return *ranges(first, count), None
        state, first, count, arc = self._counted(group, table, position)
        way, edge = ranges(first, count)
        return state[way], edge, arc[way]

    def _counted(self, group: Group, table: PairTable, position: int) -> tuple[Array, Array, Array, Array]:
        """For all ways out of the states of a group: the state, the first edge of the table, how many, the way."""
        assert self.arcs is not None
        state, arc = self.arcs[position].out_of(group.syntax)
        pool, choice = self.pools[position], self.arcs[position].choice[arc]
        code = table.source.astype(np.int64) * len(pool) + table.target
        row = group.candidate[state].astype(np.int64) * len(pool)
        first = np.searchsorted(code, row + np.array(pool.bounds)[choice])
        return state, first, np.searchsorted(code, row + np.array(pool.bounds)[choice + 1]) - first, arc

    def _table(self, group: Group, position: int) -> PairTable:
        """The successions from the chords of a group to those of a position."""
        return self.workshop.join(self.pools[group.origin], self.pools[position],
                                  self.following[group.origin][position])
