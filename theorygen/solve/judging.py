"""What rules say of one solution, window by window: the same rules over the same windows as in the solver's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.check import windows_of
from theorygen.rules.folds import Fold
from theorygen.rules.messages import fill
from theorygen.rules.rule import ActiveRule
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Array, World
from theorygen.solve.answers import Solution
from theorygen.solve.problem import Problem


@dataclass(frozen=True)
class Broken:
    """One window, or line, of a solution that breaks a rule.

    Attributes:
        rule: the rule.
        position: index of the position where the fault lies; of a line the last one it had reached.
        voices: numbers of the voices; none for all of them.
        message: what is wrong, with the names of the notes.
        amount: what it costs, in thousandths; 1 for a hard rule.
    """

    rule: ActiveRule
    position: int
    voices: tuple[int, ...]
    message: str
    amount: int


def broken(problem: Problem, solution: Solution, rules: Sequence[ActiveRule] | None = None) -> list[Broken]:
    """Every window of a solution that breaks some rule the solver keeps, in the order of positions.

    Args:
        problem: the problem it solves, or solves but for some rules.
        solution: notes and chords.
        rules: the rules to judge by; default all of the problem.
    """
    judge = _Judge(problem, solution)
    asked = problem.rules.solved.rules if rules is None else rules
    return sorted((one for rule in asked for one in judge.broken(rule)), key=lambda one: one.position)


class _Judge:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.pitches = solution.pitches
        self.places = solution.starts
        self.world = World(problem.ensemble.voices, [choice.slot for choice in solution.choices], problem.rules.codes)
        self._rows: dict[str, Rows] = {}

    def broken(self, rule: ActiveRule) -> Iterator[Broken]:
        """All windows that break one rule."""
        memory = rule.rule.memory
        if memory is not None:
            yield from self._broken_lines(rule, memory)
            return
        window = WINDOWS[rule.rule.over]
        if window.name not in self._rows:
            self._rows[window.name] = windows_of(window, self.world, self.pitches)
        rows = self._rows[window.name]
        for row, amount in zip(*(column.tolist() for column in rule.charge(rows)), strict=True):
            one = rows.take(np.array([row]))
            voices = tuple(one.voices[0].tolist()) if window.voices else ()
            yield Broken(rule, self._position(int(one.slots[window.focus][0])), voices,
                         fill(rule.rule.message or rule.name, one), amount)

    def _position(self, row: int) -> int:
        return int(self.places[row])

    def _broken_lines(self, rule: ActiveRule, fold: Fold) -> Iterator[Broken]:
        for start, stop, whole in self._phrases():
            for voice in range(self.pitches.shape[1]):
                states = _states(fold, self.pitches[start:stop, voice])
                judged = np.arange(stop - start) if not fold.at_end else np.arange(stop - start)[-1:][:whole]
                rows = fold.rows(self.world, voice, states[judged])
                for row, amount in zip(*(column.tolist() for column in rule.charge(rows)), strict=True):
                    message = fill(rule.rule.message or rule.name, rows.take(np.array([row])))
                    yield Broken(rule, self._position(start + int(judged[row])), (voice,), message, amount)

    def _phrases(self) -> Iterator[tuple[int, int, bool]]:
        """First row of each phrase, the row after its last, and whether the whole of it is here."""
        slots = self.world.slots
        starts = [row for row, slot in enumerate(slots) if row == 0 or slot.first]
        for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(slots)], strict=True)):
            cut = (number == 0 and self.problem.cut_before) or (stop == len(slots) and self.problem.cut_after)
            yield start, stop, not cut


def _states(fold: Fold, pitches: Array) -> Array:
    """States of a solved fold after each note."""
    states = [fold.start(pitches[:1])]
    for row in range(1, len(pitches)):
        states.append(fold.add(states[-1], pitches[row - 1 : row], pitches[row : row + 1]))
    return np.concatenate(states)
