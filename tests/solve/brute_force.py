"""Brute force: every combination of pitches of every chord, judged window by window with no table in between.

Shares with the solver only the rules and the windows; domains, projections, pair tables, memories, trellis and
semirings have no counterpart here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from theorygen.rules.folds import LINE
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Slot, World
from theorygen.solve.problem import Position, Problem


@dataclass(frozen=True)
class Found:
    """One solution: the choice and the pitch codes of every position, and its cost in thousandths."""

    choices: tuple[int, ...]
    pitches: tuple[tuple[int, ...], ...]
    cost: int


def all_solutions(problem: Problem) -> list[Found]:
    """Every solution of a small problem."""
    candidates = [_candidates(problem, position) for position in problem.positions]
    found = []
    for choices in product(*(range(len(position.choices)) for position in problem.positions)):
        pools = [pool[choice] for pool, choice in zip(candidates, choices, strict=True)]
        slots = [position.choices[choice].slot for position, choice in zip(problem.positions, choices, strict=True)]
        found += _sequences(problem, choices, pools, slots)
    return found


def _candidates(problem: Problem, position: Position) -> list[np.ndarray]:
    """For each choice int [candidates, voices]: all pitches of the chord within the voices' ranges, as asked."""
    found = []
    for choice in position.choices:
        chord = choice.slot.chord
        columns = []
        for number, voice in enumerate(problem.ensemble.voices):
            pitches = [pitch_class.at_octave(octave) for pitch_class in chord.pitch_classes for octave in range(1, 7)]
            allowed = [pitch.code for pitch in pitches if voice.lowest <= pitch <= voice.highest]
            if number in position.degrees:
                asked = position.degrees[number]
                right = {pitch.code for pitch in pitches if chord.key.degree_of(pitch.pitch_class).number in asked}
                allowed = [code for code in allowed if code in right]
            if number in position.given:
                allowed = [code for code in allowed if code in position.given[number]]
            columns.append(sorted(set(allowed)))
        rows = np.array(list(product(*columns)), dtype=np.int32).reshape(-1, len(columns))
        world = World(problem.ensemble.voices, [choice.slot], problem.rules.codes)
        cost = _charge(problem, world, rows[:, None, :], lines=False)
        found.append(rows[cost >= 0])
    return found


def _sequences(problem: Problem, choices: tuple[int, ...], pools: list[np.ndarray], slots: list[Slot]) -> list[Found]:
    index = list(product(*(range(len(pool)) for pool in pools)))
    if not index:
        return []
    chosen = np.array(index)
    pitches = np.stack([pool[chosen[:, place]] for place, pool in enumerate(pools)], axis=1)
    cost = _charge(problem, World(problem.ensemble.voices, slots, problem.rules.codes), pitches)
    kept = np.flatnonzero(cost >= 0)
    return [Found(choices, tuple(map(tuple, pitches[row].tolist())), int(cost[row])) for row in kept]


def _charge(problem: Problem, world: World, pitches: np.ndarray, lines: bool = True) -> np.ndarray:
    """Cost of each sequence, pitches [sequences, slots, voices]; -1 where a hard rule is broken."""
    total = np.zeros(len(pitches), dtype=np.int64)
    broken = np.zeros(len(pitches), dtype=bool)
    for rule in problem.rules.solved.rules:
        if rule.rule.over == LINE and not lines:
            continue
        for amount in _amounts(rule, world, pitches):
            broken |= (amount > 0) & rule.hard
            total += 0 if rule.hard else amount
    return np.where(broken, -1, total)


def _amounts(rule, world: World, pitches: np.ndarray):
    """What a rule charges each sequence, window by window."""
    count, slots, voices = pitches.shape
    if rule.rule.over == LINE:
        yield from _line_amounts(rule, world, pitches)
        return
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


def _line_states(fold, row: np.ndarray) -> np.ndarray:
    """States of a fold after each pitch of a row."""
    states = [fold.start(row[:1])]
    for place in range(1, len(row)):
        states.append(fold.add(states[-1], row[place - 1 : place], row[place : place + 1]))
    return np.concatenate(states)


def _line_amounts(rule, world: World, pitches: np.ndarray):
    fold = rule.rule.memory
    starts = [place for place, slot in enumerate(world.slots) if slot.first or place == 0]
    for start, stop in zip(starts, [*starts[1:], len(world.slots)], strict=True):
        for voice in range(pitches.shape[2]):
            amounts = []
            for row in pitches[:, start:stop, voice]:
                states = _line_states(fold, row)
                judged = states[-1:] if fold.at_end else states
                amounts.append(rule.amounts(fold.rows(world, voice, judged)).sum())
            yield np.array(amounts)
