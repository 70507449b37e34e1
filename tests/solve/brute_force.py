"""Brute force: every combination of pitches of every chord, judged window by window with no table in between.

Shares with the solver only the rules and the windows; domains, projections, pair tables, memories, trellis, networks
and semirings have no counterpart here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from theorygen.rules.check import windows_of
from theorygen.rules.folds import LINE
from theorygen.rules.relation_demands import Count, Sung
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Slot, World
from theorygen.score.slots import ATTACK, HELD
from theorygen.solve.problem import HOLD, Choice, Position, Problem

OCTAVES = range(1, 7)


@dataclass(frozen=True)
class Found:
    """One solution: the choice and the pitch codes of every chord that begins, and its cost in thousandths.

    Attributes:
        choices: index of each chord among the choices of its position.
        pitches: its pitch codes.
        cost: what the rules charge.
        price: what the syntax charges.
        starts: where each chord begins.
    """

    choices: tuple[int, ...]
    pitches: tuple[tuple[int, ...], ...]
    cost: int
    price: int = 0
    starts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Cost and price."""
        return self.cost + self.price


def all_solutions(problem: Problem) -> list[Found]:
    """Every solution of a small problem."""
    candidates = [[_candidates(problem, position, choice) for choice in position.choices]
                  for position in problem.positions]
    found = []
    for taken, price in _ways(problem).items():
        starts = [place for place, choice in enumerate(taken) if choice != HOLD]
        pools = [candidates[place][taken[place]] for place in starts]
        slots = [problem.positions[place].choices[taken[place]].slot for place in starts]
        related = _Related(problem, starts, slots)
        for pitches, cost in _sequences(problem, pools, slots):
            if related(pitches):
                rows = tuple(map(tuple, pitches.tolist()))
                found.append(Found(tuple(taken[place] for place in starts), rows, cost, price, tuple(starts)))
    return found


def _ways(problem: Problem) -> Mapping[tuple[int, ...], int]:
    """Every sequence of choices and holds, with the least the syntax asks for it."""
    if problem.syntax is None:
        return dict.fromkeys(product(*(range(len(position.choices)) for position in problem.positions)), 0)
    ways: dict[tuple[int, tuple[int, ...]], int] = {(0, ()): 0}
    for arcs in problem.syntax.layers:
        further: dict[tuple[int, tuple[int, ...]], int] = {}
        rows = zip(*(column.tolist() for column in (arcs.source, arcs.choice, arcs.target, arcs.price)), strict=True)
        for source, choice, target, price in rows:
            for (state, taken), asked in ways.items():
                if state == source and (choice != HOLD or taken):
                    key = target, (*taken, choice)
                    further[key] = min(asked + price, further.get(key, asked + price))
        ways = further
    least: dict[tuple[int, ...], int] = {}
    for (_, taken), price in ways.items():
        least[taken] = min(price, least.get(taken, price))
    return least


def _candidates(problem: Problem, position: Position, choice: Choice) -> np.ndarray:
    """All pitches of a chord within the voices' ranges, as asked, int [candidates, voices]."""
    columns = []
    for number, voice in enumerate(problem.ensemble.voices):
        allowed = _members(choice, number)
        allowed = {code for code in allowed if voice.lowest.code <= code <= voice.highest.code}
        for asked in (position, choice):
            if number in asked.degrees:
                allowed &= _of_degrees(choice, asked.degrees[number])
            if number in asked.given:
                allowed &= asked.given[number]
        columns.append(sorted(allowed))
    rows = np.array(list(product(*columns)), dtype=np.int32).reshape(-1, len(columns))
    world = World(problem.ensemble.voices, [choice.slot], problem.rules.codes)
    cost = _charge(_windows(problem), world, rows[:, None, :])
    return rows[cost >= 0]


def _members(choice: Choice, voice: int) -> set[int]:
    """All notes of a chord in any octave; where there is no chord, what is given."""
    if choice.slot.chord is None:
        return set(choice.given[voice])
    return {one.at_octave(octave).code for one in choice.slot.chord.pitch_classes for octave in OCTAVES}


def _of_degrees(choice: Choice, degrees: frozenset[int]) -> set[int]:
    chord = choice.slot.chord
    return {one.at_octave(octave).code for one in chord.pitch_classes for octave in OCTAVES
            if chord.key.degree_of(one).number in degrees}


def _sequences(problem: Problem, pools: list[np.ndarray], slots: list[Slot]) -> Iterator[tuple[np.ndarray, int]]:
    """All rows of candidates that no hard rule forbids, int [chords, voices], with their costs."""
    world = World(problem.ensemble.voices, slots, problem.rules.codes)
    windows, lines = _windows(problem), _lines(problem)
    rows = np.zeros((1, 0, len(problem.ensemble.voices)), dtype=np.int32)
    cost = np.zeros(1, dtype=np.int64)
    for pool in pools:
        rows = np.concatenate([np.repeat(rows, len(pool), axis=0), np.tile(pool, (len(rows), 1))[:, None, :]], axis=1)
        cost = _charge(windows, world, rows)
        rows, cost = rows[cost >= 0], cost[cost >= 0]
    sung = _charge_lines(problem, lines, world, rows)
    yield from ((row, int(one + other)) for row, one, other in zip(rows, cost, sung, strict=True) if other >= 0)


def _windows(problem: Problem) -> list[ActiveRule]:
    return [rule for rule in problem.rules.solved.rules if rule.rule.over != LINE]


def _lines(problem: Problem) -> list[ActiveRule]:
    return [rule for rule in problem.rules.solved.rules if rule.rule.over == LINE]


def _charge(rules: list[ActiveRule], world: World, pitches: np.ndarray) -> np.ndarray:
    """Cost of each sequence, pitches [sequences, slots, voices]; -1 where a hard rule is broken."""
    total = np.zeros(len(pitches), dtype=np.int64)
    broken = np.zeros(len(pitches), dtype=bool)
    for rule in rules if len(pitches) else ():
        for amount in _amounts(rule, world, pitches):
            broken |= (amount > 0) & rule.hard
            total += 0 if rule.hard else amount
    return np.where(broken, -1, total)


def _amounts(rule: ActiveRule, world: World, pitches: np.ndarray) -> Iterator[np.ndarray]:
    """What a rule charges each sequence, window by window."""
    count, slots, voices = pitches.shape
    window = WINDOWS[rule.rule.over]
    for start in range(slots - window.slots + 1):
        inside = range(start + 1, start + window.slots)
        if window.slots > 2 and any(world.slots[place].first for place in inside):
            continue
        for group in window.instances(voices):
            columns = [pitches[:, start + shift][:, list(group)] for shift in range(window.slots)]
            rows = window.rows(world, columns, np.tile(group, (count, 1)),
                               [np.full(count, start + shift) for shift in range(window.slots)])
            hit, amount = rule.charge(rows)
            full = np.zeros(count, dtype=np.int64)
            full[hit] = amount
            yield full


def _charge_lines(problem: Problem, rules: list[ActiveRule], world: World, pitches: np.ndarray) -> np.ndarray:
    """The same for rules over lines, phrase by phrase."""
    total = np.zeros(len(pitches), dtype=np.int64)
    broken = np.zeros(len(pitches), dtype=bool)
    bounds = [place for place, slot in enumerate(world.slots) if slot.first or place == 0] + [len(world.slots)]
    for start, stop in pairwise(bounds):
        cut = (problem.cut_before and start == 0) or (problem.cut_after and stop == len(world.slots))
        for rule, voice in product(rules, range(pitches.shape[2])):
            if rule.rule.memory.at_end and cut:
                continue
            lines, index = np.unique(pitches[:, start:stop, voice], axis=0, return_inverse=True)
            amount = np.array([_line_amount(rule, world, voice, line) for line in lines], dtype=np.int64)
            amount = amount[index.reshape(-1)] if len(pitches) else total
            broken |= (amount > 0) & rule.hard
            total += 0 if rule.hard else amount
    return np.where(broken, -1, total)


def _line_amount(rule: ActiveRule, world: World, voice: int, line: np.ndarray) -> int:
    """What a rule over a line charges one line."""
    fold = rule.rule.memory
    states = [fold.start(line[:1])]
    for place in range(1, len(line)):
        states.append(fold.add(states[-1], line[place - 1 : place], line[place : place + 1]))
    judged = states[-1:] if fold.at_end else states
    return int(rule.amounts(fold.rows(world, voice, np.concatenate(judged))).sum())


class _Related:
    """Whether the notes of some chords stand to each other as the relations demand."""

    def __init__(self, problem: Problem, starts: list[int], slots: list[Slot]) -> None:
        self.demands = [demand for relation in problem.relations for demand in relation.demands]
        counted = tuple(demand.counted for demand in self.demands if isinstance(demand, Count))
        codes = RuleSet((*problem.rules.rules, *counted)).codes if counted else {}
        self.world = World(problem.ensemble.voices, slots, codes)
        begins = np.isin(np.arange(len(problem.positions)), starts)
        self.chord = np.cumsum(begins) - 1
        self.states = np.tile(np.where(begins, ATTACK, HELD)[:, None], len(problem.ensemble.voices))

    def __call__(self, pitches: np.ndarray) -> bool:
        """Judge the pitches of the chords that begin, int [chords, voices]."""
        sung = Sung(pitches[self.chord], self.states, lambda name: windows_of(WINDOWS[name], self.world, pitches))
        return not any(True for demand in self.demands for _ in demand.faults(sung))
