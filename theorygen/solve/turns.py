"""Rules over three slots of one voice, split into what the first step leaves to remember and what the second asks.

Such a rule reads fields of the first step, fields of the second, and which voice it is. So its expressions fall into
parts that read one step only; all steps whose parts have equal values are one class, and whatever the rules say of
two successive steps stands in one small table of classes. A voice remembers the class of its last step, and only as
far as something that may follow asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from theorygen.rules.expression import BOOLEAN, INTEGER, NUMBER, Node
from theorygen.rules.rule import ActiveRule
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Array, World
from theorygen.solve.batches import Batch
from theorygen.solve.domains import FORBIDDEN, Domain, charges
from theorygen.solve.workshop import Pool, Wanted, Workshop

TURN = "melodic-turn"
STEP = "melodic-step"
FIRST, SECOND, MIXED = "first.", "second.", ""
NOTHING = 0
"""Class of a first step that is not there: at the beginning of a phrase nothing is remembered."""

_UNKNOWN = -1
_MARK = Node(INTEGER, "field", frozenset({"second.mark"}), "second.mark")
"""The mark of the slot in which a turn ends, for rules that judge only some places."""


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
        first, second, self.rules = _taken_apart(rules)
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


class Turns:
    """The rules over turns, along every voice, with the classes of all steps that were asked for."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        rules = workshop.rules.over(TURN)
        world = World(workshop.ensemble.voices, [], workshop.rules.codes)
        self.voices = tuple(VoiceTurns(rules, world, voice) for voice in range(len(workshop.ensemble.voices))
                            ) if rules else ()
        self._classes: dict[tuple[Wanted, Wanted], list[Classes]] = {}
        self._pools: dict[object, list[Classes]] = {}
        self._remembered: dict[object, Remembered | None] = {}

    def prepare(self, pairs: Iterable[tuple[Wanted, Wanted]]) -> None:
        """Find the classes of all steps between these pairs of domains that are not known yet."""
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._classes] if self.voices else []
        if missing:
            domains = [(self.workshop.domain(before), self.workshop.domain(after)) for before, after in missing]
            found = self._made(domains)
            self._classes.update(zip(missing, found, strict=True))

    def _made(self, pairs: Sequence[tuple[Domain, Domain]]) -> list[list[Classes]]:
        """For each pair the classes along every voice; the steps of all voices are judged together."""
        batch = Batch(pairs)
        world = World(self.workshop.ensemble.voices, [domain.slot for domain in batch.domains],
                      self.workshop.rules.codes)
        steps = [batch.cells(batch.view((turns.voice,))) for turns in self.voices]
        pitches = [np.concatenate(column) for column in zip(*(one.pitches for one in steps), strict=True)]
        pair = np.concatenate([one.pair for one in steps])
        voices = np.repeat([turns.voice for turns in self.voices], list(map(len, steps)))[:, None]
        rows = WINDOWS[STEP].rows(world, pitches, voices, [batch.before[pair], batch.after[pair]])
        first, second = (np.split(side.table(rows), np.cumsum(list(map(len, steps)))[:-1])
                         for side in (self.voices[0].first, self.voices[0].second))  # all voices ask for the same
        along = [self._of_voice(batch, turns, one, others) for turns, one, others in
                 zip(self.voices, first, second, strict=True)]
        return [list(classes) for classes in zip(*along, strict=True)]

    @staticmethod
    def _of_voice(batch: Batch, turns: VoiceTurns, first: Array, second: Array) -> list[Classes]:
        """The classes of one voice in each pair, from the values of all its steps."""
        view = batch.view((turns.voice,))
        height, width = view.count[batch.before], view.count[batch.after]
        bounds = np.cumsum(height * width)[:-1]
        ones, others = (np.split(side.classes(values), bounds)
                        for side, values in ((turns.first, first), (turns.second, second)))
        return [Classes(one.reshape(shape) + 1, other.reshape(shape)) for one, other, shape in
                zip(ones, others, zip(height.tolist(), width.tolist(), strict=True), strict=True)]

    def between(self, before: Pool, after: Pool, allowed: Array | None = None) -> list[Classes]:
        """For each voice the classes of the steps between two pools, by their `Pool.column_keys`.

        Args:
            before: candidates of one position.
            after: candidates of a later one.
            allowed: bool [choices before, choices after], which choices may follow which; None for all.
        """
        if not self.voices:
            return []
        if len(before.wanted) == len(after.wanted) == 1:
            return self._classes[before.wanted[0], after.wanted[0]]
        key = (before.wanted, after.wanted, b"" if allowed is None else allowed.tobytes())
        if key not in self._pools:
            every = np.ones((len(before.wanted), len(after.wanted)), dtype=bool)
            self._pools[key] = self._joined(before, after, every if allowed is None else allowed)
        return self._pools[key]

    def _joined(self, before: Pool, after: Pool, allowed: Array) -> list[Classes]:
        joined = []
        for voice in range(len(self.voices)):
            rows, columns = _bounds(self.workshop, before, voice), _bounds(self.workshop, after, voice)
            whole = Classes(np.full((rows[-1], columns[-1]), _UNKNOWN, dtype=np.int32),
                            np.full((rows[-1], columns[-1]), _UNKNOWN, dtype=np.int32))
            for row, column in np.argwhere(allowed).tolist():
                block = self._classes[before.wanted[row], after.wanted[column]][voice]
                place = slice(*rows[row : row + 2]), slice(*columns[column : column + 2])
                whole.first[place], whole.second[place] = block.first, block.second
            joined.append(whole)
        return joined

    def remembered(self, voice: int, here: Pool, following: Sequence[list[Classes]]) -> Remembered | None:
        """What must be remembered of a step that ends in ``here``, or None when nothing that follows asks for it.

        Args:
            voice: number of the voice.
            here: where the step ends.
            following: classes of all second steps that may follow, from `between`.
        """
        turns, steps = self.voices[voice], [classes[voice] for classes in following]
        key = (voice, turns.cost.shape, *steps)
        if key not in self._remembered:
            self._remembered[key] = turns.remembered(_possible(len(here.column_keys[voice][0]), turns, steps))
        return self._remembered[key]


def _possible(notes: int, turns: VoiceTurns, following: Sequence[Classes]) -> Array:
    """Which second steps may follow each note, bool [notes, classes]."""
    possible = np.zeros((notes, len(turns.second.values) + 1), dtype=bool)
    for classes in following:
        possible[np.arange(notes)[:, None], classes.second] = True
    return possible[:, :_UNKNOWN]  # steps that are not known were marked in the last column


def _remembered(alike: Sequence[tuple[Array, Array]]) -> Remembered:
    """One column a note, each with its own numbers."""
    states = max(len(kept) for _, kept in alike)
    step = np.zeros((states, len(alike)), dtype=np.int64)
    for note, (_, kept) in enumerate(alike):
        step[: len(kept), note] = kept
    return Remembered(np.stack([state for state, _ in alike], axis=1), step)


def turns_of(workshop: Workshop) -> Turns:
    """The turns of a workshop, made once."""
    if TURN not in workshop.memory_tables:
        workshop.memory_tables[TURN] = Turns(workshop)
    return workshop.memory_tables[TURN]  # type: ignore[return-value]


def _bounds(workshop: Workshop, pool: Pool, voice: int) -> list[int]:
    sizes = [len(workshop.domain(one).column(voice)[0]) for one in pool.wanted]
    return np.cumsum([0, *sizes]).tolist()


# taking rules apart


@lru_cache(maxsize=32)
def _taken_apart(rules: tuple[ActiveRule, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[ActiveRule, ...]]:
    """The parts of rules that read the first step, those that read the second, and the rules over these parts."""
    first, second = _parts(rules, FIRST), _parts(rules, SECOND)
    second += (_MARK,) if any(rule.is_placed for rule in rules) else ()
    known = {_text(part): Node(part.kind, "field", frozenset((_name(prefix, number),)), _name(prefix, number))
             for prefix, parts in ((FIRST, first), (SECOND, second)) for number, part in enumerate(parts)}
    return first, second, tuple(_rewritten(rule, known) for rule in rules)


def _parts(rules: Sequence[ActiveRule], prefix: str) -> tuple[Node, ...]:
    """The largest parts of the rules' expressions that read one step only, each once."""
    found: dict[str, Node] = {}
    for rule in rules:
        for expression in (*rule.where, *rule.rule.expressions):
            for node in _largest(_grouped(expression.root), prefix):
                found.setdefault(_text(node), node)
    return tuple(found.values())


def _largest(node: Node, prefix: str) -> list[Node]:
    if _side(node) == prefix:
        return [node]
    return [found for child in node.children for found in _largest(child, prefix)]


def _grouped(node: Node) -> Node:
    """The same expression with operands of ``and`` and ``or`` that read the same step joined: fewer parts to tell."""
    children = [_grouped(child) for child in node.children]
    if node.operation in ("and", "or"):
        sides: dict[str, list[Node]] = {}
        for child in children:
            sides.setdefault(_side(child), []).append(child)
        children = [part for side, parts in sides.items()
                    for part in (parts if side == MIXED or len(parts) == 1 else [_joined(node, parts)])]
    return _joined(node, children) if children else node


def _side(node: Node) -> str:
    """Which step a node reads: FIRST, SECOND, or MIXED for both or none."""
    found = {next((side for side in (FIRST, SECOND) if name.startswith(side)), MIXED) for name in node.names}
    return found.pop() if len(found) == 1 else MIXED


def _joined(node: Node, children: Sequence[Node]) -> Node:
    """A node with other operands."""
    names = frozenset().union(*(child.names for child in children))
    return Node(node.kind, node.operation, names, node.value, node.function, tuple(children))


def _text(node: Node) -> str:
    """A text that tells parts apart: equal texts are equal parts."""
    inner = ", ".join(map(_text, node.children)) or f"{node.value}: {node.kind}"
    return f"{node.operation}({inner})"


def _name(prefix: str, number: int) -> str:
    return f"{prefix}{number}"


def _rewritten(rule: ActiveRule, known: dict[str, Node]) -> ActiveRule:
    """The rule with the parts that read one step replaced by fields of their own."""
    def change(node: Node) -> Node:
        found = known.get(_text(node)) if node.names else None
        if found is not None or not node.children:
            return found or node
        return _joined(node, [change(child) for child in node.children])

    return rule.rewritten(lambda root: change(_grouped(root)))


class _Prefixed:
    """Steps as one side of a turn."""

    def __init__(self, rows: Rows, prefix: str) -> None:
        self.rows = rows
        self.prefix = prefix
        self.word = rows.word

    def field(self, path: str) -> Any:
        """The array of a field of the step."""
        if path == _MARK.value:
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
        return self.field(_name(SECOND, self.turns.second.parts.index(_MARK)))

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
