"""Numbers of voicings and connections against the solver."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.verify.small_style import small_style
from theorygen.compose.composition import solved_rules
from theorygen.solve.answers import Solutions
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.trellis import DeadEnd
from theorygen.solve.workshop import Workshop
from theorygen.theory import Key
from theorygen.verify.connections import Connections
from theorygen.verify.finding import Subject
from theorygen.verify.neighbours import neighbours


def solved(problem: Problem, workshop: Workshop) -> int:
    """How many solutions a problem has."""
    try:
        return Solutions(problem, workshop).count()
    except DeadEnd:
        return 0


@pytest.mark.parametrize("home", ["C", "D", "a"])
def test_counts_are_those_of_the_solver(tmp_path: Path, home: str) -> None:
    style, key = small_style(tmp_path), Key.parse(home)
    rules = solved_rules(style)
    assert style.ensemble is not None
    connections, workshop = Connections(rules, style.ensemble), Workshop(rules, style.ensemble)
    mode = "minor" if key.is_minor else "major"
    counts = set()
    for pair in neighbours(Subject(style), connections.hard.names).pairs:
        if pair.mode == mode and pair.after is not None:
            for one, other in product(pair.before.choices(key), pair.after.choices(key)):
                connections.prepare((one, other))
                problem = Problem((Position((one,)), Position((other,))), rules, style.ensemble, True, True)
                counts.add(connections.ways(one, other))
                assert connections.ways(one, other) == solved(problem, workshop), f"{one.slot} {other.slot}"
                assert connections.voicings(one) == solved(problem.part(0, 1), workshop)
    assert len(counts) > 5


def test_many_at_once_are_counted_as_one_by_one(tmp_path: Path) -> None:
    style, key = small_style(tmp_path), Key.parse("C")
    assert style.ensemble is not None
    connections = Connections(solved_rules(style), style.ensemble)
    every: list[tuple[Choice, Choice]] = []
    for pair in neighbours(Subject(style), connections.hard.names).pairs:
        if pair.mode == "major" and pair.after is not None:
            every += product(pair.before.choices(key), pair.after.choices(key))
    connections.prepare(choice for pair in every for choice in pair)
    sides = [(connections.side(one, "before"), connections.side(other, "after")) for one, other in every]
    counted = connections.count(sides)
    assert len(every) > 20
    for (one, other), pair in zip(every[:20], sides, strict=False):
        alone = Connections(solved_rules(style), style.ensemble)
        alone.prepare((one, other))
        assert alone.ways(one, other) == counted[pair]
