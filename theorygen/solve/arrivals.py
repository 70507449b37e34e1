"""What is remembered of a chord that is struck anew while it lasts: the notes it began with, for the grid of chords.

On that grid a chord is one slot, with the notes it began with, however often it was struck anew. So a rule from chord
to chord looks past the notes in between, and at whether a voice took others. A state remembers which successions to
the next chord these rules forbid, and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.chord_grid import ChordGrid, broken_voices
from theorygen.solve.codes import distinct_codes
from theorygen.solve.domains import FORBIDDEN
from theorygen.solve.growing import Group
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Pool, Wanted, Workshop


@dataclass(frozen=True)
class _Begun:
    """How a chord began that was struck anew since.

    Attributes:
        wanted: the chord.
        voicing: its voicing, in the domain of the chord.
        broken: voices that took other notes of it since, one bit each.
    """

    wanted: Wanted
    voicing: int
    broken: int


@dataclass
class _Place:
    """A position where a chord may be struck anew.

    Attributes:
        started: chords that may have begun before it.
        onward: chords that may come next.
        goes_on: whether it may be struck anew once more.
        begun: of each number that is remembered one beginning that has it; of 0, which forbids nothing, there is none.
        numbers: what tells beginnings apart, to their numbers.
    """

    started: tuple[Wanted, ...]
    onward: tuple[Wanted, ...]
    goes_on: bool
    begun: list[_Begun | None] = field(default_factory=lambda: [None])
    numbers: dict[tuple[int, bytes], int] = field(default_factory=dict)

    def number(self, begun: _Begun, verdict: bytes) -> int:
        """The number of a beginning: that of the first which forbids the same."""
        key = (begun.broken * self.goes_on, verdict)
        if key not in self.numbers:
            self.numbers[key] = len(self.begun)
            self.begun.append(begun)
        return self.numbers[key]


class Arrivals:
    """One memory for each state, if some chord may be struck anew and some rule looks past that; else none.

    Args:
        problem: what is solved.
        workshop: with all tables of the problem.
        pools: candidates of each position.
        following: for each position, those that may come next to which choices may follow which.
    """

    def __init__(self, problem: Problem, workshop: Workshop, pools: Sequence[Pool],
                 following: Sequence[Mapping[int, Array]]) -> None:
        self._pools = pools
        self._grid = ChordGrid(workshop.rules, problem.ensemble)
        self._domain = workshop.domain
        self._arrives = [np.array([choice.slot.arrives for choice in position.choices])
                         for position in problem.positions]
        self._begins = [position.starts_phrase for position in problem.positions]
        self._places: dict[int, _Place] = {}
        self._tables: dict[tuple[Wanted, Wanted], Array] = {}
        self._joined: dict[tuple[Wanted, tuple[Wanted, ...]], Array] = {}
        if self._grid.rules and not all(map(np.all, self._arrives)):
            self._places = self._found(following)
            self._prepare()

    @property
    def number(self) -> int:
        """How many memories each state has: 1 or 0."""
        return 1 if self._places else 0

    def _found(self, following: Sequence[Mapping[int, Array]]) -> dict[int, _Place]:
        """The positions where a chord may be struck anew."""
        anew = [place for place, arrives in enumerate(self._arrives) if not arrives.all()]
        onward: dict[int, dict[Wanted, None]] = {}
        for place in reversed(anew):
            later = [after for after in following[place] if not self._begins[after]]
            onward[place] = {wanted: None for after in later for wanted in self._wanted(after, self._arrives[after])}
            onward[place] |= {wanted: None for after in later for wanted in onward.get(after, ())}
        started: dict[int, dict[Wanted, None]] = {place: {} for place in anew}
        for before, reached in enumerate(following):
            for place in filter(started.__contains__, reached):
                leading = reached[place][:, ~self._arrives[place]].any(axis=1) & self._arrives[before]
                started[place] |= dict.fromkeys(self._wanted(before, leading)) | started.get(before, {})
        return {place: _Place(tuple(started[place]), tuple(onward[place]),
                              any(after in onward and not self._begins[after] for after in following[place]))
                for place in anew}

    def _wanted(self, place: int, chosen: Array) -> list[Wanted]:
        return [self._pools[place].wanted[choice] for choice in np.flatnonzero(chosen).tolist()]

    def _prepare(self) -> None:
        """Judge all successions that may be asked for, at once."""
        pairs = list(dict.fromkeys((before, after) for place in self._places.values()
                                   for before in place.started for after in place.onward))
        tables = self._grid.tables([(self._domain(before), self._domain(after)) for before, after in pairs],
                                   [(before.sung, after.sung) for before, after in pairs])
        self._tables.update(zip(pairs, tables, strict=True))

    def started(self, candidates: Array) -> list[Array]:
        """What is remembered where a phrase begins."""
        return [np.zeros(len(candidates), dtype=np.int64)] * self.number

    def moved(self, group: Group, source: Array, target: Array, position: int) -> list[Array]:
        """What is remembered after each edge, from a state to a candidate."""
        if not self.number:
            return []
        remembered = np.zeros(len(source), dtype=np.int64)
        anew = np.flatnonzero(~self._arriving(position, target)) if position in self._places else remembered[:0]
        if len(anew):
            before, after = self._pools[group.origin], self._pools[position]
            row, goal = group.candidate[source[anew]], target[anew]
            moved = (before.pitches[row] != after.pitches[goal]) @ (1 << np.arange(before.pitches.shape[1]))
            moved |= self._broken(position)[after.choice[goal]]
            memory = group.memory[-1][source[anew]]
            first, index = distinct_codes((row * (memory.max() + 1) + memory) * (moved.max() + 1) + moved)
            remembered[anew] = self._numbers(group.origin, position, row[first], memory[first], moved[first])[index]
        return [remembered]

    def _arriving(self, position: int, candidates: Array) -> Array:
        """Whether the chords of candidates begin, bool [candidates]."""
        arriving: Array = self._arrives[position][self._pools[position].choice[candidates]]
        return arriving

    def _broken(self, position: int) -> Array:
        """For each choice of a position the given voices that take several notes of its chord, one bit each."""
        return np.array([broken_voices(wanted.sung) for wanted in self._pools[position].wanted])

    def _numbers(self, origin: int, position: int, candidates: Array, memories: Array, broken: Array) -> Array:
        """What is remembered of chords that are struck anew at a position, int [rows].

        Args:
            origin: where they were struck before.
            position: where they are struck anew.
            candidates: how they were struck before, int [rows].
            memories: what was remembered there, int [rows].
            broken: voices that take another note now, one bit each, int [rows].
        """
        place, found = self._places[position], np.zeros(len(candidates), dtype=np.int64)
        known = self._known(origin, candidates, memories)
        by_chord: dict[Wanted, list[int]] = {}
        for row, one in enumerate(known):
            if one is not None:
                by_chord.setdefault(one.wanted, []).append(row)
        for wanted, rows in by_chord.items():
            begun = [_Begun(wanted, one.voicing, one.broken | more) for one, more in
                     ((known[row], int(broken[row])) for row in rows) if one is not None]
            verdicts = self._verdicts(wanted, begun, place.onward, place.goes_on)
            for row, one, verdict in zip(rows, begun, verdicts, strict=True):
                found[row] = place.number(one, verdict.tobytes()) if verdict.any() else 0
        return found

    def _known(self, origin: int, candidates: Array, memories: Array) -> list[_Begun | None]:
        """How chords began that sound at a position; None for one of which nothing need be remembered."""
        pool = self._pools[origin]
        choices, broken, bounds = pool.choice[candidates], self._broken(origin).tolist(), pool.bounds
        begun = self._places[origin].begun if origin in self._places else []
        return [begun[memory] if memory else
                _Begun(pool.wanted[choice], candidate - bounds[choice], broken[choice]) if arrives else None
                for candidate, choice, memory, arrives in
                zip(candidates.tolist(), choices.tolist(), memories.tolist(),
                    self._arrives[origin][choices].tolist(), strict=True)]

    def _verdicts(self, wanted: Wanted, begun: Sequence[_Begun], onward: tuple[Wanted, ...], each: bool) -> Array:
        """What is forbidden after beginnings of one chord, bool [beginnings, voicings].

        Args:
            wanted: the chord.
            begun: how it began.
            onward: chords that may come next.
            each: whether to tell pair by pair of voices, as more of them may move yet.
        """
        key = (wanted, onward)
        if key not in self._joined:
            nothing = np.zeros((2, len(self._grid.pairs), len(self._domain(wanted)), 0), dtype=bool)
            self._joined[key] = np.concatenate([nothing, *(self._tables[wanted, one] for one in onward)], axis=3)
        whole = self._joined[key][:, :, [one.voicing for one in begun]]
        if each:
            return np.moveaxis(whole, 2, 0).reshape(len(begun), -1)
        return self._grid.forbidden(whole, np.array([one.broken for one in begun]))

    def cost(self, group: Group, source: Array, target: Array, position: int) -> Array:
        """FORBIDDEN for each edge, from a state to a candidate, that a rule on the grid of chords forbids; else 0."""
        cost = np.zeros(len(source), dtype=np.int64)
        if group.origin in self._places and group.memory[-1].any():
            numbers, index = np.unique(group.memory[-1], return_inverse=True)
            forbidden = self._forbidden(group.origin, position, numbers.tolist())
            cost[forbidden[index.reshape(-1)[source], target]] = FORBIDDEN
        return cost

    def _forbidden(self, origin: int, position: int, numbers: Sequence[int]) -> Array:
        """Which candidates of a position may not come after what is remembered, bool [numbers, candidates]."""
        pool, begun = self._pools[position], self._places[origin].begun
        found = np.zeros((len(numbers), len(pool)), dtype=bool)
        by_chord: dict[Wanted, list[int]] = {}
        for row, number in enumerate(numbers):
            one = begun[number]
            if one is not None:
                by_chord.setdefault(one.wanted, []).append(row)
        for wanted, rows in by_chord.items():
            some = [one for one in (begun[numbers[row]] for row in rows) if one is not None]
            for choice in np.flatnonzero(self._arrives[position]).tolist():
                low, high = pool.bounds[choice], pool.bounds[choice + 1]
                found[rows, low:high] = self._verdicts(wanted, some, (pool.wanted[choice],), False)
        return found
