"""Rows of chords and their derivations: how many rows there are, and one that can be derived in two ways."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from theorygen.grammar.automaton import Automaton, Move, State
from theorygen.grammar.chart import Chart
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.grammar import Production
from theorygen.grammar.packed_forest import Cell, Place, Stop
from theorygen.grammar.symbols import Goal, call_text, whole_ticks
from theorygen.verify.forest import originals

MOST_SETS = 20_000
"""Sets of states that are kept to count rows."""


def label(leaf: Leaf) -> Hashable:
    """A chord as it is heard in a row: with its key, length and what is asked of its voices."""
    return leaf.symbol, leaf.attributes["key"], leaf.duration, frozenset(leaf.constraints.items())


def row_count(automaton: Automaton, start: State, most: int = MOST_SETS) -> int | None:
    """How many different rows of chords there are, open alternatives as one; None where that is too much to tell."""
    rows: dict[frozenset[State], int] = {frozenset({start}): 1}
    total = made = 0
    while rows:
        at = min(next(iter(states)).at for states in rows)
        for states in [one for one in rows if next(iter(one)).at == at]:
            count = rows.pop(states)
            total += count if any(state.done for state in states) else 0
            for after in _after(automaton, states).values():
                made += after not in rows
                rows[after] = rows.get(after, 0) + count
        if made > most:
            return None
    return total


def _after(automaton: Automaton, states: frozenset[State]) -> dict[Hashable, frozenset[State]]:
    found: dict[Hashable, set[State]] = {}
    for state in sorted(states, key=lambda one: id(one.pending)):
        for move in automaton.moves(state):
            found.setdefault(label(move.leaf), set()).add(move.after)
    return {name: frozenset(after) for name, after in found.items()}


def ambiguous_row(automaton: Automaton, start: State) -> tuple[Leaf, ...]:
    """A row of fewest chords that has two derivations; empty where no row has."""
    first = (start, start, False)
    ways: dict[tuple[State, State, bool], tuple[Leaf, ...]] = {first: ()}
    waiting = [first]
    for pair in waiting:
        left, right, differs = pair
        if left.done and right.done and differs:
            return ways[pair]
        for one, other in _together(automaton, left, right):
            after = (one.after, other.after, differs or one is not other or one.ways > 1)
            if after not in ways:
                ways[after] = (*ways[pair], one.leaf)
                waiting.append(after)
    return ()


def _together(automaton: Automaton, left: State, right: State) -> Iterator[tuple[Move, Move]]:
    """Moves of two states that sound alike."""
    named: dict[Hashable, list[Move]] = {}
    for move in automaton.moves(right):
        named.setdefault(label(move.leaf), []).append(move)
    for move in automaton.moves(left):
        yield from ((move, other) for other in named.get(label(move.leaf), ()))


@dataclass(frozen=True)
class Tree:
    """One derivation: a symbol with its production and what is below it; a leaf has none."""

    text: str
    production: Production | None = None
    children: tuple[Tree, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}({' '.join(map(str, self.children))})" if self.children else self.text


def trees(chart: Chart, goal: Goal, row: tuple[Leaf, ...]) -> Iterator[Tree]:
    """The derivations of a row of chords."""
    names = [(leaf.symbol, whole_ticks(leaf.duration)) for leaf in row]
    for tree, used in _of_cell(chart.cell(goal), names, 0):
        if used == len(names):
            yield tree


Names = list[tuple[str, int]]


def _of_cell(cell: Cell, names: Names, at: int) -> Iterator[tuple[Tree, int]]:
    """Derivations of a cell that begin a row, each with the place behind its chords."""
    for option in cell.options:
        firsts = originals(option.first)
        for below, stop in _of_stop(option.first, firsts, names, at):
            yield Tree(call_text(cell.symbol, cell.arguments), option.production, below), stop


def _of_stop(stop: Stop, firsts: dict[tuple[str, int], tuple[Cell | None, ...]], names: Names,
             at: int) -> Iterator[tuple[tuple[Tree, ...], int]]:
    if not stop.roads:
        yield (), at
    for road in stop.roads:
        for cell in firsts[road.place.name, road.ticks] if road.repeats else (road.cell,):
            for tree, after in _of_item(cell, road.place, road.ticks, names, at):
                for below, end in _of_stop(road.onward, firsts, names, after):
                    yield (tree, *below), end


def _of_item(cell: Cell | None, place: Place, ticks: int, names: Names, at: int) -> Iterator[tuple[Tree, int]]:
    if cell is not None:
        yield from _of_cell(cell, names, at)
    elif at < len(names) and names[at] == (place.symbol, ticks):
        yield Tree(place.symbol), at + 1
