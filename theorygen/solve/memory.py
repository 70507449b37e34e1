"""What the states of a trellis remember: turns of each voice, and lines up to the end of their phrase.

A memory is a small number for each state. No memory reaches over the edge of a phrase.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.arrivals import Arrivals
from theorygen.solve.growing import Group
from theorygen.solve.lines import Lines, LineTable, lines_of
from theorygen.solve.problem import Problem
from theorygen.solve.turns import NOTHING, Classes, Remembered, turns_of
from theorygen.solve.workshop import Pool, Workshop


class Memory:
    """The memories of a problem: first one for each voice, of its turns, then one for each line of the phrase.

    Last comes one of how chords began, where these may be struck anew.
    """

    def __init__(self, problem: Problem, workshop: Workshop, pools: Sequence[Pool],
                 following: Sequence[Mapping[int, Array]]) -> None:
        """Find what must be remembered.

        Args:
            problem: what is solved.
            workshop: with all tables of the problem.
            pools: candidates of each position.
            following: for each position, those that may come next to which choices may follow which.
        """
        self._positions = problem.positions
        self._pools = pools
        self._following = following
        self._cut = _cut_phrases(problem)
        self._turns = turns_of(workshop)
        self._remembered = [self._remembered_at(place) for place in range(len(pools))]
        self._phrase_lines = self._lines_by_place(lines_of(workshop))
        self._pitch_indexes: dict[object, Array] = {}
        self._arrivals = Arrivals(problem, workshop, pools, following)

    def kind(self, place: int) -> Hashable:
        """What is remembered at a position, and whether its phrase is judged at the end."""
        return (place in self._cut, tuple(map(id, self._remembered[place])),
                tuple(id(table) for _, table in self._phrase_lines[place]))

    def _remembered_at(self, place: int) -> list[Remembered | None]:
        """What each voice must remember of the step into a position; nothing goes over the edge of a phrase."""
        following = [self._classes(place, after) for after in self._following[place]
                     if not self._positions[after].starts_phrase]
        return [self._turns.remembered(voice, self._pools[place], following) if following else None
                for voice in range(len(self._turns.voices))]

    def _classes(self, before: int, after: int) -> list[Classes]:
        return self._turns.between(self._pools[before], self._pools[after], self._following[before][after])

    def _lines_by_place(self, lines: Sequence[Lines]) -> list[list[tuple[int, LineTable]]]:
        """For each position the automata of its phrase, as (voice, table)."""
        starts = [index for index, position in enumerate(self._positions) if index == 0 or position.starts_phrase]
        tables: list[list[tuple[int, LineTable]]] = []
        for start, stop in zip(starts, [*starts[1:], len(self._positions)], strict=True):
            pitches = {voice: self._pitches_of(voice, start, stop) for voice in {line.voice for line in lines}}
            found = [(line.voice, line.table(pitches[line.voice])) for line in lines]
            tables += [[(voice, table) for voice, table in found if table is not None]] * (stop - start)
        return tables

    def _pitches_of(self, voice: int, start: int, stop: int) -> Array:
        """All pitches a voice may take from one position up to another."""
        return np.unique(np.concatenate([pool.column_keys[voice][1] for pool in self._pools[start:stop]]))

    def started(self, position: int, candidates: Array) -> list[Array]:
        """Memories after the first note of a phrase: turns remember nothing yet, lines start."""
        memory = []
        for voice, remembered in enumerate(self._remembered[position]):
            note = self._pools[position].column_keys[voice][2][candidates]
            memory.append(np.zeros(len(note), dtype=np.int64) if remembered is None else
                          remembered.state[NOTHING, note])
        for voice, table in self._phrase_lines[position]:
            memory.append(table.start[self._pitch_index(position, voice, table)[candidates]])
        return memory + self._arrivals.started(candidates)

    def _pitch_index(self, position: int, voice: int, table: LineTable) -> Array:
        """Index among the pitches of a line's automaton, for every candidate."""
        key = (self._pools[position].wanted, voice, id(table))
        if key not in self._pitch_indexes:
            _, distinct, index = self._pools[position].column_keys[voice]
            self._pitch_indexes[key] = np.searchsorted(table.pitches, distinct)[index]
        return self._pitch_indexes[key]

    def _line_costs(self, group: Group, at_end: bool) -> Array:
        cost = np.zeros(len(group), dtype=np.int64)
        memories = self._of_lines(group)
        for memory, (_, table) in zip(memories, self._phrase_lines[group.origin], strict=True):
            if table.at_end == at_end:
                cost += table.cost[memory]
        return cost

    def after_note(self, group: Group) -> Array:
        """Costs of lines that are judged after every note."""
        return self._line_costs(group, at_end=False)

    def at_phrase_end(self, group: Group, position: int) -> Array:
        """Costs of lines that are judged at the end of their phrase, if the whole phrase is here."""
        return self._line_costs(group, at_end=True) * (position not in self._cut)

    def _of_lines(self, group: Group) -> list[Array]:
        return group.memory[len(self._turns.voices) : len(group.memory) - self._arrivals.number]

    # Edges far outnumber states: what depends on the state alone is looked up before it is spread over the edges.

    def of_turns(self, group: Group, source: Array, target: Array, position: int) -> Array:
        """Costs of turns, and from a chord struck anew to the next, for each edge, from a state to a candidate."""
        cost = self._arrivals.cost(group, source, target, position)
        for voice, remembered in enumerate(self._remembered[group.origin]):
            if remembered is not None:
                second = self._classes(group.origin, position)[voice].second
                here = self._pools[group.origin].column_keys[voice][2][group.candidate]
                after = self._pools[position].column_keys[voice][2]
                table = self._turns.voices[voice].cost
                row = remembered.step[group.memory[voice], here] * table.shape[1]
                step = second.reshape(-1)[(here * second.shape[1])[source] + after[target]]
                cost += table.reshape(-1)[row[source] + step]
        return cost

    def moved(self, group: Group, source: Array, target: Array, position: int) -> list[Array]:
        """Memories after each edge, from a state to a candidate."""
        voices = len(self._turns.voices)
        lines = zip(self._of_lines(group), self._phrase_lines[position], strict=True)
        return [*(self._turned(group, source, target, position, voice) for voice in range(voices)),
                *(self._gone_on(group, source, target, position, memory, *line) for memory, line in lines),
                *self._arrivals.moved(group, source, target, position)]

    def _turned(self, group: Group, source: Array, target: Array, position: int, voice: int) -> Array:
        """What a voice remembers of its steps."""
        remembered = self._remembered[position][voice]
        if remembered is None:
            return np.zeros(len(source), dtype=np.int64)
        state = remembered.after(self._classes(group.origin, position)[voice])
        before = self._pools[group.origin].column_keys[voice][2][group.candidate]
        here = self._pools[position].column_keys[voice][2]
        found: Array = state.reshape(-1)[(before * state.shape[1])[source] + here[target]]
        return found

    def _gone_on(self, group: Group, source: Array, target: Array, position: int, memory: Array, voice: int,
                 line: LineTable) -> Array:
        """What is remembered of a line."""
        before = self._pitch_index(group.origin, voice, line)[group.candidate]
        here = self._pitch_index(position, voice, line)
        row = (memory * len(line.pitches) + before) * len(line.pitches)
        found: Array = line.add.reshape(-1)[row[source] + here[target]]
        return found


def _cut_phrases(problem: Problem) -> frozenset[int]:
    """Positions of phrases of which a part is missing."""
    starts = [0, *(place for place, position in enumerate(problem.positions) if place and position.starts_phrase)]
    cut: list[int] = list(range(*([*starts, len(problem.positions)][:2]))) if problem.cut_before else []
    if problem.cut_after:
        cut += range(starts[-1], len(problem.positions))
    return frozenset(cut)
