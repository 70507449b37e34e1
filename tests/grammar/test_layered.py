"""Joined and deterministic automata: the same rows of leaves, the same shares, and every row once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grammar.layered import Layered, TooManyStates, chords_of, determinised, layered, leaves_by_moment
from tests.grammar.small_grammars import chart_of, sections
from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.style import load_style, resolve_parameters
from theorygen.grammar.symbols import Goal
from theorygen.source.diagnostic import InputError
from theorygen.theory import Meter

AMBIGUOUS = {"S": {"A C": 1, "B C": 2, "{a|c} b c": 1}, "A": ["a b"], "B": ["a D"], "D": {"b": 1, "c": 1}, "C": ["c"]}


def begun(chart: Chart, goal: Goal) -> tuple[Automaton, State]:
    automaton = Automaton(chart)
    start = automaton.start(goal)
    assert start
    return automaton, start


def rows_of(automaton: Automaton, state: State) -> Iterator[tuple[tuple, float]]:
    """Rows of leaves with their weights."""
    if state.done:
        yield (), 1.0
    for move in automaton.moves(state):
        for row, weight in rows_of(automaton, move.after):
            yield (id(move.leaf), *row), move.weight * weight


def arc_rows(found: Layered, state: int = 0) -> Iterator[tuple[tuple, float]]:
    """Rows of what is on the arcs with their weights."""
    if state == len(found.arcs) - 1:
        yield (), 1.0
    for arc in found.arcs[state]:
        for row, weight in arc_rows(found, arc.after):
            yield (arc.what, *row), arc.weight * weight


def summed(rows: Iterator[tuple[tuple, float]]) -> dict[tuple, float]:
    sums: Counter = Counter()
    for row, weight in rows:
        sums[row] += weight
    return dict(sums)


def assert_sound(found: Layered) -> None:
    """Arcs lead upwards in time, states of one moment stand together, and none has an equal future."""
    for state, arcs in enumerate(found.arcs):
        assert all(arc.after > state and found.moments[arc.after] > found.moments[state] for arc in arcs)
    assert [state for _, states in found.layers for state in states] == list(range(len(found.arcs)))
    assert len({moment for moment, _ in found.layers}) == len(list(found.layers))
    futures = [frozenset((arc.what, arc.after, round(arc.weight, 9)) for arc in arcs) for arcs in found.arcs]
    assert len(set(futures)) == len(futures)


def assert_same_rows(chart: Chart, goal: Goal) -> None:
    automaton, start = begun(chart, goal)
    expected = summed(rows_of(automaton, start))
    shares = layered(automaton, start)
    found = {tuple(map(id, row)): weight * shares.total for row, weight in summed(arc_rows(shares)).items()}
    assert found == pytest.approx(expected)
    alike = layered(automaton, start, weighed=False)
    assert {tuple(map(id, row)) for row, _ in arc_rows(alike)} == set(expected)
    labelled = {row for leaves in leaf_rows(automaton, start) for row in choices(leaves)}
    single = determinised(automaton, start)
    assert sorted(row for row, _ in arc_rows(single)) == sorted(labelled)
    assert single.count() == len(labelled)
    for one in (shares, alike, single):
        assert_sound(one)


def leaf_rows(automaton: Automaton, state: State) -> Iterator[tuple]:
    if state.done:
        yield ()
    for move in automaton.moves(state):
        yield from ((move.leaf, *row) for row in leaf_rows(automaton, move.after))


def choices(leaves: tuple) -> Iterator[tuple]:
    """All rows of chords that leaves may be."""
    if not leaves:
        yield ()
        return
    for chord in chords_of(leaves[0]):
        yield from ((chord, *row) for row in choices(leaves[1:]))


def test_an_ambiguous_grammar_has_every_row_once() -> None:
    automaton, start = begun(chart_of(AMBIGUOUS), Goal("S", 3))
    single = determinised(automaton, start)
    words = sorted(" ".join(chord.text for chord in row) for row, _ in arc_rows(single))
    assert words == ["a b c", "a c c", "c b c"]
    assert_same_rows(chart_of(AMBIGUOUS), Goal("S", 3))


@settings(max_examples=80, deadline=None)
@given(sections(), st.integers(1, 5))
def test_random_grammars(section: dict, duration: int) -> None:
    try:
        chart = chart_of(section)
    except InputError:
        return
    if 0 < chart.count(Goal("A", duration)) <= 500:
        assert_same_rows(chart, Goal("A", duration))


@pytest.mark.parametrize("cadence", ["PAC", "IAC", "HC"])
def test_phrases(cadence: str) -> None:
    style, meter = load_style("textbook-chorale"), Meter.parse("3/4")
    assert style.harmony
    clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
    chart = Chart(style.harmony, resolve_parameters(style, {"level": "6"}), unit=1, clock=clock)
    assert_same_rows(chart, Goal("Phrase", 6, (cadence,), {"mode": "major"}))
    goal = Goal("Phrase", 24, (cadence,), {"mode": "major"})
    automaton, start = begun(chart, goal)
    single = determinised(automaton, start)
    assert single.count() > 10**10
    assert max(len(states) for _, states in single.layers) < 60
    assert layered(automaton, start).total == pytest.approx(chart.total(goal))


def test_labels_may_be_coarser_than_chords() -> None:
    automaton, start = begun(chart_of(AMBIGUOUS), Goal("S", 3))
    assert determinised(automaton, start, lambda leaf: [leaf.duration]).count() == 1


def test_too_many_states_are_an_error_with_its_figure() -> None:
    automaton, start = begun(chart_of({"S": {"S S": 1, "a": 1, "b": 1}}), Goal("S", 9))
    assert determinised(automaton, start, most=100).count() == 2**9
    with pytest.raises(TooManyStates, match="more than 4 states within the first 3 quarters") as caught:
        determinised(automaton, start, most=4)
    assert caught.value.limit == 4


def test_leaves_that_begin_at_each_moment() -> None:
    chart = chart_of({"S": {"a b": 1, "a:1/2 c:3/2": 1, "A b": 1}, "A": ["a"]})
    automaton, start = begun(chart, Goal("S", 2, start=4))
    found = leaves_by_moment(automaton, start)
    names = {moment: [(leaf.symbol, leaf.duration) for leaf in leaves] for moment, leaves in found.items()}
    assert names == {
        Fraction(4): [("a", 1), ("a", Fraction(1, 2))],
        Fraction(9, 2): [("c", Fraction(3, 2))],
        Fraction(5): [("b", 1)],
    }
