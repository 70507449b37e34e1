"""The solutions in order, the best first, without enumeration; told apart by all they are or by a part of it.

A node is a set of states that the same labels lead to, each with the least that was spent on the way. What follows a
node depends on nothing else, so nodes are shared, and each tells its continuations in order and no more of them than
were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.layers import all_steps, begins, choices_of, edges_of, pitches_of
from theorygen.solve.paths import Trellis
from theorygen.solve.problem import Problem
from theorygen.solve.semirings import charge, costs_to_go

HELD = 0
"""Label where a chord is held."""


def _by_solution(problem: Problem, trellis: Trellis, layer: int) -> Array:
    """Choices that are the same chord at the same kind of place differ in nothing that sounds or is written."""
    slots = [choice.slot for choice in problem.positions[layer].choices]
    begun = begins(trellis, layer)
    label = np.full(len(begun), HELD)
    label[begun] = trellis.candidates[layer][begun] + 1
    if len(set(slots)) < len(slots) and begun.any():
        kind = np.array([slots.index(slot) for slot in slots])[choices_of(trellis, layer)[begun]]
        rows = np.column_stack([kind, pitches_of(trellis, layer)[begun]])
        _, first, same = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        label[begun] = label[begun][first][same.reshape(-1)]
    return label


def _by_chord(problem: Problem, trellis: Trellis, layer: int) -> Array:
    chords = [choice.slot.chord for choice in problem.positions[layer].choices]
    names = [(chord.text, str(chord.key)) for chord in chords if chord is not None]
    numbers = [names.index(name) for name in names]
    begun = begins(trellis, layer)
    label = np.full(len(begun), HELD)
    label[begun] = np.array(numbers)[choices_of(trellis, layer)[begun]] + 1
    return label


def _by_choice(problem: Problem, trellis: Trellis, layer: int) -> Array:
    return np.where(begins(trellis, layer), choices_of(trellis, layer) + 1, HELD)


def _by_voicing(problem: Problem, trellis: Trellis, layer: int) -> Array:
    return np.unique(pitches_of(trellis, layer), axis=0, return_inverse=True)[1].reshape(-1)


def _by_soprano(problem: Problem, trellis: Trellis, layer: int) -> Array:
    return pitches_of(trellis, layer)[:, 0]


DISTINCT: dict[str, Callable[[Problem, Trellis, int], Array]] = {
    "solutions": _by_solution, "choices": _by_choice, "chords": _by_chord, "voicings": _by_voicing,
    "soprano": _by_soprano}
"""What tells solutions apart: chords, voicings and where they begin; the choices of the problem and where they begin;
the chords (text, key, where they begin); all pitches at each position; the pitch of the top voice at each position."""


def labels(problem: Problem, trellis: Trellis, distinct: str = "solutions") -> list[Array]:
    """What tells solutions apart, as numbers: for each layer int [states].

    Raises:
        ValueError: ``distinct`` is no word of DISTINCT.
    """
    if distinct not in DISTINCT:
        raise ValueError(f"distinct: expected one of {', '.join(DISTINCT)}, found {distinct!r}")
    return [DISTINCT[distinct](problem, trellis, layer) for layer in range(len(trellis.candidates))]


class _Node:
    """States that the same labels lead to, and the continuations told so far.

    Attributes:
        layer: layer of the states; -1 before the first.
        states: in the order of the first best ways to them.
        spent: int64 [states], thousandths, such that the least of spent and to go is 0.
        branches: what follows, or None as long as nobody asked.
        told: for each continuation, best first: how far behind the best, place of the next label, rank after it.
        open: heap of the same triples: those that may come next.
        ended: whether all continuations have been told; there is but one after the last layer.
    """

    __slots__ = ("branches", "ended", "layer", "open", "spent", "states", "told")

    def __init__(self, layer: int, states: Array, spent: Array, ended: bool = False) -> None:
        self.layer, self.states, self.spent, self.ended = layer, states, spent, ended
        self.branches: _Branches | None = None
        self.told: list[tuple[int, int, int]] = []
        self.open: list[tuple[int, int, int]] = []


class _Branches:
    """The labels that may follow a node, ascending.

    Attributes:
        behind: for each label, how far its best continuation is behind the best of all.
        order: places of the labels, best first.
        turn: for each label its turn in that order.
        bounds: first edge of each label, and the end.
        edges: the cheapest edge to each state, by label.
        parents: for each of them the place of its source in the node.
        states: for each of them its target.
        spent: for each of them what is spent on arrival.
        nodes: those made so far.
    """

    __slots__ = ("behind", "bounds", "edges", "nodes", "order", "parents", "spent", "states", "turn")

    def __init__(self, edges: Array, parents: Array, states: Array, spent: Array, to_go: Array, label: Array) -> None:
        by_label = np.lexsort((states, parents, label))
        first = np.flatnonzero(np.diff(label[by_label], prepend=-1))
        behind = np.minimum.reduceat((spent + to_go)[by_label], first)
        order = np.argsort(behind, kind="stable")
        turn = np.empty_like(order)
        turn[order] = np.arange(len(order))
        self.behind, self.order, self.turn = behind.tolist(), order.tolist(), turn.tolist()
        self.bounds = [*first.tolist(), len(label)]
        self.edges, self.parents = edges[by_label], parents[by_label]
        self.states, self.spent = states[by_label], spent[by_label]
        self.nodes: dict[int, _Node] = {}

    def part(self, place: int) -> slice:
        """Edges of one label."""
        return slice(self.bounds[place], self.bounds[place + 1])


class Ranking:
    """All solutions that differ in their labels, best first; each is told by its best member.

    Equal costs come in ascending order of labels, and the member is the first in ascending order of states.
    """

    def __init__(self, trellis: Trellis, labels: Sequence[Array]) -> None:
        """Prepare one backward pass.

        Args:
            trellis: the solutions.
            labels: for each layer int [states], not negative: what tells solutions apart.
        """
        self._steps = all_steps(trellis)
        self._charges = [charge(step) for step in self._steps]
        self._labels = labels
        self._to_go = costs_to_go(trellis, priced=True)
        self._nodes: dict[tuple[int, bytes, bytes], _Node] = {}
        least = np.min(self._charges[0] + self._to_go[0], keepdims=True)
        self._root = _Node(-1, np.zeros(1, dtype=np.int32), -least)

    def __iter__(self) -> Iterator[Array]:
        """For each solution the edge into each layer, int [layers]: see `paths_along`."""
        rank = 0
        while self._has(rank):
            yield np.array(self._edges(rank))
            rank += 1

    def _has(self, rank: int) -> bool:
        """Whether there is an answer of this rank, 0 the best; those before must have been asked for."""
        self._branches(self._root)
        waiting: list[_Node] = []
        node, wanted = self._root, rank
        while not node.ended and len(node.told) <= wanted:
            branches = self._branches(node)
            _, place, after = node.told[-1]
            turn = branches.turn[place] + 1
            if after == 0 and turn < len(branches.order):
                heappush(node.open, (branches.behind[branches.order[turn]], branches.order[turn], 0))
            waiting.append(node)
            node, wanted = self._child(node, place), after + 1
        for node in reversed(waiting):
            self._tell_one_more(node)
        return len(self._root.told) > rank

    def _tell_one_more(self, node: _Node) -> None:
        """The next continuation of a node, now that the label of the last one has told what it has next."""
        branches = self._branches(node)
        _, place, after = node.told[-1]
        told = self._child(node, place).told
        if len(told) > after + 1:
            heappush(node.open, (branches.behind[place] + told[after + 1][0], place, after + 1))
        if node.open:
            node.told.append(heappop(node.open))
        else:
            node.ended = True

    def _edges(self, rank: int) -> list[int]:
        """The edges of an answer: down the labels to the cheapest last state, and up again its best way."""
        node, taken = self._root, []
        while node.layer + 1 < len(self._steps):
            branches = self._branches(node)
            _, place, rank = node.told[rank]
            taken.append((branches, branches.bounds[place]))
            node = self._child(node, place)
        at = int(np.argmin(node.spent + self._to_go[-1][node.states]))
        edges = []
        for branches, first in reversed(taken):
            edges.append(int(branches.edges[first + at]))
            at = int(branches.parents[first + at])
        return edges[::-1]

    def _child(self, node: _Node, place: int) -> _Node:
        """The node after one label."""
        branches = self._branches(node)
        child = branches.nodes.get(place)
        if child is None:
            part = branches.part(place)
            states, spent = branches.states[part], branches.spent[part] - branches.behind[place]
            key = (node.layer + 1, states.tobytes(), spent.tobytes())
            is_last = node.layer + 2 == len(self._steps)
            child = branches.nodes[place] = self._nodes.setdefault(key, _Node(node.layer + 1, states, spent, is_last))
        return child

    def _branches(self, node: _Node) -> _Branches:
        if node.branches is None:
            node.branches = self._grown(node)
            node.told.append((0, node.branches.order[0], 0))
        return node.branches

    def _grown(self, node: _Node) -> _Branches:
        """What follows a node: of several ways into a state the cheapest, and of equals the first."""
        layer = node.layer + 1
        step = self._steps[layer]
        row, edge = edges_of(step, node.states)
        target, spent = step.target[edge], node.spent[row] + self._charges[layer][edge]
        if len(node.states) > 1 or step.price is not None:
            kept = _cheapest(row, target, spent, len(self._labels[layer]))
            row, edge, target, spent = row[kept], edge[kept], target[kept], spent[kept]
        return _Branches(edge, row, target, spent, self._to_go[layer][target], self._labels[layer][target])


def _cheapest(row: Array, target: Array, spent: Array, size: int) -> Array:
    """For each target the first edge of those that cost it least."""
    least = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(least, target, spent)
    tied = np.flatnonzero(spent == least[target])[::-1]
    first = np.full(size, -1)
    first[target[tied]] = tied
    kept: Array = first[first >= 0]
    return kept
