"""The rules over turns along one voice: classes of steps, what turns cost, what a first step leaves to remember."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from theorygen.rules.expression import BOOLEAN, NUMBER, Node
from theorygen.rules.rule import ActiveRule
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Array, World
from theorygen.solve.domains import FORBIDDEN, charges
from theorygen.solve.turn_parts import FIRST, MARK, SECOND, part_name, taken_apart

TURN = "melodic-turn"
NOTHING = 0
"""Class of a first step that is not there: at the beginning of a phrase nothing is remembered."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Classes of all steps between two sets of notes.

    Attributes:
        first: int32 [notes before, notes here], class as a first step; -1 where no such step was asked for.
        second: int32 [notes here, notes after], class as a second step.
    """

    first: Array
    second: Array


@dataclass(frozen=True, eq=False)
class Remembered:
    """What a voice must remember of its last step; each note it may stand on has numbers of its own.

    Attributes:
        state: int64 [classes of first steps, notes here], what is remembered.
        step: int64 [states, notes here], a class of first steps that is remembered so.
    """

    state: Array
    step: Array

    def after(self, steps: Classes) -> Array:
        """What is remembered after each step, int64 [notes before, notes here]."""
        state: Array = self.state[steps.first, np.arange(steps.first.shape[1])]
        return state


@dataclass
class _Side:
    """The parts of the rules that read one step, and the classes their values make."""

    prefix: str
    parts: tuple[Node, ...]
    numbers: dict[bytes, int] = field(default_factory=dict)
    values: list[Array] = field(default_factory=list)

    def table(self, rows: Rows) -> Array:
        """The values of the parts for each step, int64 [steps, parts]."""
        if not self.parts:
            return np.zeros((len(rows), 0), dtype=np.int64)
        environment = _Prefixed(rows, self.prefix)
        columns = [np.broadcast_to(part.run(environment), (len(rows),)) for part in self.parts]
        return np.stack([_as_integers(column, part) for column, part in zip(columns, self.parts, strict=True)], axis=1)

    def classes(self, table: Array) -> Array:
        """Class of each step, by the values of its parts."""
        first, index = _distinct_rows(table)
        numbers = np.array([self._number(table[row]) for row in first.tolist()], dtype=np.int32)
        return numbers[index]

    def _number(self, values: Array) -> int:
        text = values.tobytes()
        found = self.numbers.get(text)
        if found is None:
            found = self.numbers[text] = len(self.values)
            self.values.append(values)
        return found

    def column(self, name: str, classes: Array) -> Array:
        """The value of a part, by the name it stands under in the rewritten rules, for these classes."""
        number = int(name.removeprefix(self.prefix))
        return _as_kind(np.array([values[number] for values in self.values]), self.parts[number])[classes]


class VoiceTurns:
    """The rules over turns along one voice."""

    def __init__(self, rules: tuple[ActiveRule, ...], world: World, voice: int) -> None:
        self.voice = voice
        self.world = world
        first, second, self.rules = taken_apart(rules)
        self.first, self.second = _Side(FIRST, first), _Side(SECOND, second)
        self._cost = np.zeros((1, 0), dtype=np.int64)
        self._columns = self._models = self._model_of = np.zeros(0, dtype=np.int64)
        self._alike: dict[tuple[int, ...], tuple[Array, Array]] = {}
        self._remembered: dict[tuple[int, bytes], Remembered | None] = {}

    @property
    def cost(self) -> Array:
        """int64 [1 + classes of first steps, classes of second steps], thousandths; FORBIDDEN where a rule forbids."""
        shape = (1 + len(self.first.values), len(self.second.values))
        if self._cost.shape != shape:
            self._cost = self._judged(shape)
            self._columns = _telling_columns(self._cost)
            self._models, self._model_of = _models(self._cost)
            self._alike.clear()
            self._remembered.clear()
        return self._cost

    def _judged(self, shape: tuple[int, int]) -> Array:
        """Costs of all classes, of which only the new ones are judged."""
        known = tuple(slice(size) for size in self._cost.shape)
        cost, new = np.zeros(shape, dtype=np.int64), np.ones(shape, dtype=bool)
        cost[known], new[known], new[NOTHING] = self._cost, False, False
        before, after = np.nonzero(new)
        forbidden, charged = charges(self.rules, _Turns(self, before - 1, after))  # type: ignore[arg-type]
        charged[forbidden] = FORBIDDEN
        cost[before, after] = charged
        return cost

    def remembered(self, possible: Array) -> Remembered | None:
        """What must be remembered of a first step, or None when no second step asks for it.

        Args:
            possible: bool [notes, classes of second steps], which may follow each note.
        """
        cost, key = self.cost, (len(possible), possible.tobytes())
        if key not in self._remembered:
            asked = bool(cost[:, possible.any(axis=0)].any())
            self._remembered[key] = _remembered([self._told_apart(row) for row in possible]) if asked else None
        return self._remembered[key]

    def _told_apart(self, following: Array) -> tuple[Array, Array]:
        """Classes of first steps numbered anew, those that all these second steps treat alike as one.

        Args:
            following: bool [classes of second steps], which of them may follow.

        Returns:
            int64 [classes], the new number of each, and int64 [numbers], a class that has it.
        """
        columns = self._columns[following]
        key = tuple(dict.fromkeys(columns[columns >= 0].tolist()))
        if key not in self._alike:
            first, state = _distinct_rows(self._cost[self._models[:, None], key])
            self._alike[key] = (state[self._model_of], self._models[first])
        return self._alike[key]


def _remembered(alike: Sequence[tuple[Array, Array]]) -> Remembered:
    """One column a note, each with its own numbers."""
    states = max(len(kept) for _, kept in alike)
    step = np.zeros((states, len(alike)), dtype=np.int64)
    for note, (_, kept) in enumerate(alike):
        step[: len(kept), note] = kept
    return Remembered(np.stack([state for state, _ in alike], axis=1), step)


class _Prefixed:
    """Steps as one side of a turn."""

    def __init__(self, rows: Rows, prefix: str) -> None:
        self.rows = rows
        self.prefix = prefix
        self.word = rows.word

    def field(self, path: str) -> Any:
        """The array of a field of the step."""
        if path == MARK.value:
            return self.rows.marks
        return self.rows.field(path.removeprefix(self.prefix))


class _Turns:
    """Pairs of classes as the table of turns that the rewritten rules are charged on."""

    def __init__(self, turns: VoiceTurns, first: Array, second: Array) -> None:
        self.turns = turns
        self.first = first
        self.second = second
        self._columns: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.first)

    def take(self, rows: Array) -> _Turns:
        """Some of them."""
        return _Turns(self.turns, self.first[rows], self.second[rows])

    def sounding(self, paths: Iterable[str]) -> None:
        """All voices sound."""

    @property
    def marks(self) -> Any:
        """For each turn the mark of the slot it ends in."""
        return self.field(part_name(SECOND, self.turns.second.parts.index(MARK)))

    def word(self, kind: Any, text: str) -> int:
        """The code of a word in arrays."""
        return self.turns.world.word(kind, text)

    def field(self, path: str) -> Any:
        """The value of a part for each turn, or a field of the voice."""
        if path not in self._columns:
            if path.startswith(FIRST):
                self._columns[path] = self.turns.first.column(path, self.first)
            elif path.startswith(SECOND):
                self._columns[path] = self.turns.second.column(path, self.second)
            else:
                self._columns[path] = np.broadcast_to(self._of_voice(path), (len(self),))
        return self._columns[path]

    def _of_voice(self, path: str) -> Any:
        voice = np.array([[self.turns.voice]])
        pitch, slot = np.zeros((1, 1), dtype=np.int32), np.zeros(1, dtype=np.int64)
        return WINDOWS[TURN].rows(self.turns.world, [pitch] * 3, voice, [slot] * 3).field(path)


def _telling_columns(cost: Array) -> Array:
    """For each column the first one that is equal; -1 where all rows have the same value, which tells nothing."""
    first, kind = _distinct_rows(cost.T)
    return np.where((cost == cost[:1]).all(axis=0), -1, first[kind])


def _models(table: Array) -> tuple[Array, Array]:
    """The first row of each kind, ascending, and for each row the number of its kind among them."""
    first, kind = _distinct_rows(table)
    order = np.argsort(first)
    return first[order], np.argsort(order)[kind]


def _distinct_rows(table: Array) -> tuple[Array, Array]:
    """A row of each kind, and for each row the number of its kind."""
    if not table.shape[1]:
        return np.zeros(min(len(table), 1), dtype=np.int64), np.zeros(len(table), dtype=np.int64)
    rows = np.ascontiguousarray(table)
    texts = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).reshape(-1)
    _, first, index = np.unique(texts, return_index=True, return_inverse=True)
    return first, index.reshape(-1)


def _as_integers(column: Array, part: Node) -> Array:
    """The values in whole numbers, fractions by their bits."""
    return column.astype(np.float64).view(np.int64) if part.kind == NUMBER else column.astype(np.int64)


def _as_kind(column: Array, part: Node) -> Array:
    return column.astype(bool) if part.kind == BOOLEAN else column.view(np.float64) if part.kind == NUMBER else column
