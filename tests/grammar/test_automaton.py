"""The automaton derives what the chart derives, with the same weights, in every style that ships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import pytest

from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.style import load_style, resolve_parameters
from theorygen.grammar.symbols import Goal
from theorygen.theory import Meter

Strings = dict[tuple, float]


def meaning(leaf: Leaf) -> tuple:
    """What a leaf means to those who read it; its path is provenance."""
    labels = frozenset(leaf.constraints.items())
    arguments = leaf.derivation.arguments
    read = tuple(leaf.attributes.get(name) for name in ("key", "mode", "cadence", "final"))
    return leaf.symbol, arguments, leaf.alternatives, leaf.start, leaf.duration, labels, read


def strings_of_chart(chart: Chart, goal: Goal) -> Strings:
    found: Strings = defaultdict(float)
    total = chart.total(goal)
    for derivation in chart.enumerate(goal):
        found[tuple(map(meaning, derivation.leaves()))] += derivation.likelihood * total
    return found


def paths(automaton: Automaton, state: State) -> Iterator[tuple[tuple, float, int]]:
    """Leaves, weight and number of ways of all paths from a state to the end."""
    if state.done:
        yield (), 1.0, 1
    for move in automaton.moves(state):
        for rest, weight, ways in paths(automaton, move.after):
            yield (meaning(move.leaf), *rest), move.weight * weight, move.ways * ways


def strings_of_automaton(chart: Chart, goal: Goal) -> Strings:
    automaton = Automaton(chart)
    start = automaton.start(goal)
    found: Strings = defaultdict(float)
    for leaves, weight, _ in paths(automaton, start) if start else ():
        found[leaves] += weight
    return found


def sums(automaton: Automaton, start: State) -> tuple[float, int]:
    """Total weight and number of ways of all paths, layer by layer."""
    weights: dict[State, float] = defaultdict(float, {start: 1.0})
    ways: dict[State, int] = defaultdict(int, {start: 1})
    layers = automaton.states(start)
    for state in (state for layer in layers for state in layer):
        for move in automaton.moves(state):
            weights[move.after] += weights[state] * move.weight
            ways[move.after] += ways[state] * move.ways
    return weights[layers[-1][0]], ways[layers[-1][0]]


def harmony(style: str, level: int, meter: str = "4/4") -> Chart:
    found, time = load_style(style), Meter.parse(meter)
    clock = Clock(time.bar_length, time.beat_length, time.weight)
    assert found.harmony
    return Chart(found.harmony, resolve_parameters(found, {"level": str(level)}), unit=time.beat_length, clock=clock)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("level", range(1, 8))
def test_phrases_of_eight_beats_are_those_of_the_chart(level: int, mode: str) -> None:
    chart = harmony("textbook-chorale", level)
    for cadence in ("PAC", "IAC", "HC", "DC", "PC"):
        goal = Goal("Phrase", 6, (cadence,), {"mode": mode, "final": "yes"}, Fraction(2))
        assert strings_of_automaton(chart, goal) == pytest.approx(strings_of_chart(chart, goal))
        goal = Goal("Phrase", 16, (cadence,), {"mode": mode})
        automaton = Automaton(chart)
        start = automaton.start(goal)
        assert start
        total, ways = sums(automaton, start)
        assert total == pytest.approx(chart.total(goal)) and ways == chart.count(goal) >= 64
