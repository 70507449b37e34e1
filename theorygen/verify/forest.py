"""Packed forests from the root down: an option's stops in order, what is shared, which productions there are."""

from __future__ import annotations

from collections.abc import Iterable

from theorygen.grammar.grammar import Production
from theorygen.grammar.packed_forest import Cell, Stop


def used_below(cells: Iterable[Cell], seen: set[int] | None = None) -> set[Production]:
    """The productions that are part of whole derivations of cells; ``seen`` are cells that need no second look."""
    seen = set() if seen is None else seen
    waiting = list(cells)
    found: set[Production] = set()
    while waiting:
        cell = waiting.pop()
        if id(cell) not in seen:
            seen.add(id(cell))
            for option in cell.options:
                found.add(option.production)
                waiting += [road.cell for stop in in_order(option.first) for road in stop.roads if road.cell]
    return found


def in_order(first: Stop) -> list[Stop]:
    """The stops of an option, each behind all that lead to it."""
    done: dict[int, Stop] = {}

    def visit(stop: Stop) -> None:
        for road in stop.roads:
            if id(road.onward) not in done:
                visit(road.onward)
        done[id(stop)] = stop

    visit(first)
    return list(reversed(done.values()))


def originals(first: Stop) -> dict[tuple[str, int], tuple[Cell | None, ...]]:
    """For each shared name and duration the cells of what is repeated."""
    found: dict[tuple[str, int], dict[Cell | None, None]] = {}
    for stop in in_order(first):
        for road in stop.roads:
            if road.place.name and not road.repeats and not road.place.varied:
                found.setdefault((road.place.name, road.ticks), {})[road.cell] = None
    return {name: tuple(cells) for name, cells in found.items()}
