"""What is to be expected of a random derivation: how many chords it has, and how often each production is in it."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.grammar.grammar import Production
from theorygen.grammar.packed_forest import Cell, Option, Road, Stop
from theorygen.verify.forest import in_order, originals


def below_first(root: Cell) -> list[Cell]:
    """All cells below one and itself, each behind those it is made of."""
    done: dict[int, Cell] = {}
    trail: list[tuple[Cell, Iterator[Cell]]] = [(root, _children(root))]
    entered = {id(root)}
    while trail:
        cell, children = trail[-1]
        child = next((one for one in children if id(one) not in entered), None)
        if child is None:
            done[id(cell)] = cell
            trail.pop()
        else:
            entered.add(id(child))
            trail.append((child, _children(child)))
    return list(done.values())


def _children(cell: Cell) -> Iterator[Cell]:
    for option in cell.options:
        for stop in in_order(option.first):
            yield from (road.cell for road in stop.roads if road.cell is not None)


def expected_chords(root: Cell) -> float:
    """How many leaves a derivation has on average, by the weights of the derivations."""
    known: dict[int, float] = {}
    for cell in below_first(root):
        chances = [option.weight * option.first.total for option in cell.options]
        told = [_leaves(option, known) for option in cell.options]
        known[id(cell)] = sum(map(float.__mul__, chances, told)) / (sum(chances) or 1.0)
    return known[id(root)]


def _leaves(option: Option, known: dict[int, float]) -> float:
    """Leaves of an option on average, those of its cells known."""
    firsts = originals(option.first)
    found: dict[int, float] = {}
    for stop in reversed(in_order(option.first)):
        told = [_of_road(road, firsts, known) + found[id(road.onward)] for road in stop.roads]
        whole = sum(road.total * one for road, one in zip(stop.roads, told, strict=True))
        found[id(stop)] = whole / (stop.total or 1.0)
    return found[id(option.first)]


def _of_road(road: Road, firsts: dict[tuple[str, int], tuple[Cell | None, ...]], known: dict[int, float]) -> float:
    cell = firsts[road.place.name, road.ticks][0] if road.repeats else road.cell
    return 1.0 if cell is None else known[id(cell)]


def expected_uses(root: Cell) -> dict[Production, float]:
    """How often each production is used in a derivation on average; what is repeated counts once."""
    uses: dict[Production, float] = {}
    met: dict[int, float] = {id(root): 1.0}
    for cell in reversed(below_first(root)):
        for option in cell.options:
            chance = met.get(id(cell), 0.0) * option.weight * option.first.total / (cell.total or 1.0)
            uses[option.production] = uses.get(option.production, 0.0) + chance
            _hand_on(option.first, chance, met)
    return uses


def _hand_on(first: Stop, chance: float, met: dict[int, float]) -> None:
    """Add to each cell of an option how often it is met."""
    passed: dict[int, float] = {id(first): chance}
    for stop in in_order(first):
        for road in stop.roads:
            share = passed[id(stop)] * road.total / (stop.total or 1.0)
            passed[id(road.onward)] = passed.get(id(road.onward), 0.0) + share
            if road.cell is not None:
                met[id(road.cell)] = met.get(id(road.cell), 0.0) + share
