"""The automaton derives what the chart derives, with the same weights, in every style that ships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grammar.layered import leaves_by_moment
from tests.grammar.small_grammars import chart_of, sections
from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.style import load_style, resolve_parameters
from theorygen.grammar.symbols import Goal, home_key
from theorygen.rules.expression import INTEGER
from theorygen.source.diagnostic import InputError
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


def assert_same(chart: Chart, goal: Goal, most: int = 3000) -> int:
    """The automaton has the total and the count of the chart, and its strings where they are few; gives the count."""
    automaton = Automaton(chart)
    start = automaton.start(goal)
    count = chart.count(goal)
    assert (start is None) == (count == 0), goal
    if start is None:
        return 0
    total, ways = sums(automaton, start)
    assert total == pytest.approx(chart.total(goal), rel=1e-9, abs=0)
    assert ways == count and not automaton.anew
    if count <= most:
        expected = strings_of_chart(chart, goal)
        assert strings_of_automaton(chart, goal) == pytest.approx(expected, rel=1e-9, abs=0)
    return count


def harmony(style: str, meter: str, parameters: dict[str, str]) -> Chart:
    found, time = load_style(style), Meter.parse(meter)
    clock = Clock(time.bar_length, time.beat_length, time.weight)
    assert found.harmony
    return Chart(found.harmony, resolve_parameters(found, parameters), unit=time.beat_length, clock=clock)


# styles that ship

CADENCES = ("PAC", "IAC", "HC", "DC", "PC")


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("level", range(1, 8))
def test_phrases_of_every_level(level: int, mode: str) -> None:
    chart = harmony("textbook-chorale", "4/4", {"level": str(level)})
    for cadence in CADENCES:
        for beats, start in ((4, 0), (6, 2), (7, 3)):
            assert_same(chart, Goal("Phrase", beats, (cadence,), {"mode": mode, "final": "yes"}, start), 150)


@pytest.mark.parametrize("level", [4, 7])
def test_long_phrases(level: int) -> None:
    chart = harmony("textbook-chorale", "4/4", {"level": str(level)})
    for mode, cadence in (("major", "IAC"), ("minor", "HC")):
        assert assert_same(chart, Goal("Phrase", 16, (cadence,), {"mode": mode})) > 10**6


@pytest.mark.parametrize(("meter", "bar"), [("3/4", 3), ("6/8", 3), ("2/2", 4), ("12/8", 6)])
def test_phrases_in_other_meters(meter: str, bar: int) -> None:
    chart = harmony("textbook-chorale", meter, {"level": "4", "picardy": "0.25"})
    for mode in ("major", "minor"):
        for cadence in ("PAC", "HC"):
            goal = Goal("Phrase", bar * (2 if bar == 6 else 4), (cadence,), {"mode": mode, "final": "yes"})
            assert assert_same(chart, goal, 150) > 10


@pytest.mark.parametrize(("goal", "mode"), [("V", "major"), ("vi", "major"), ("ii", "major"), ("III", "minor")])
def test_modulations_carry_their_keys(goal: str, mode: str) -> None:
    chart = harmony("textbook-chorale", "4/4", {"level": "6"})
    asked = Goal("Modulation", 8, (goal,), {"mode": mode, "cadence": "PAC"})
    assert assert_same(chart, asked) > 10
    automaton = Automaton(chart)
    start = automaton.start(asked)
    assert start
    keys = {leaf.attributes["key"] for leaves in leaves_by_moment(automaton, start).values() for leaf in leaves}
    assert keys == {goal, "I" if mode == "major" else "i"}


@pytest.mark.parametrize("name", ["textbook-chorale", "forms", "minuet", "period", "small-forms", "song-forms"])
def test_forms_and_what_they_repeat(name: str) -> None:
    style = load_style(name)
    assert style.form
    chart = Chart(style.form, resolve_parameters(style, {}))
    symbol = style.form.start[0]
    counts = [
        assert_same(chart, Goal(symbol, phrases, attributes={"key": home_key(mode), "mode": mode}), 300)
        for mode in ("major", "minor")
        for phrases in (2, 4, 5, 6, 12)
    ]
    assert sum(counts) > 1


@pytest.mark.parametrize("symbol", ["Presentation", "Continuation", "Compound", "Approach"])
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_parts_of_themes_divide_their_time(symbol: str, mode: str) -> None:
    chart = harmony("forms", "2/2", {"level": "7"})
    attributes = {"mode": mode, "cadence": "PAC", "after": "Dominant", "kind": "Exact", "idea": "Lift"}
    assert assert_same(chart, Goal(symbol, 8 if symbol != "Approach" else 4, attributes=attributes)) > 0


# small grammars


@settings(max_examples=200, deadline=None)
@given(sections(), st.integers(1, 6))
def test_random_grammars(section: dict, duration: int) -> None:
    try:
        chart = chart_of(section)
    except InputError:
        return
    if chart.count(Goal("A", duration)) <= 3000:
        assert_same(chart, Goal("A", duration))


@pytest.mark.parametrize(
    "section",
    [
        {"X": {"X X": 1, "a": 1}},
        {"X": {"X a": 1, "b": 2, "b:2": 1}},
        {"S": ["T PD V"], "T": {"I": 1, "I T": 2}, "PD": {"vi PD": {"weight": 2, "when": "depth < 2"}, "IV": 1}},
        {"S": {"A[top=1] b": 1, "a[top=3] B": 2}, "A": {"a b": 1, "a[top=5]": 1}, "B": ["A A"]},
        {"S": ["A(V) A(ii, key=V) c"], "A(x)": {"V/x x": 2, "x": 1, "B(key=x)": 1}, "B": {"a": 1, "b c": 1}},
        {"S": ["A S", "A"], "A": [{"to": "a", "when": "strength > 0"}, {"to": "b", "when": "beat != 2"}, "c:1/2"]},
        {"S": {"let A = X in A A' b A": 1, "let A = X in A' A A": 2}, "X": {"a": 1, "b X": 3, "c:2": 1}},
        {"S": ["let A = X:2 in A b:1/2 A b:1/2", "b S"], "X": [{"to": "a:2", "when": "beat < 3"}, "b b"]},
        {"S": ["X@1/4 Y@3/4"], "X": ["a@1"], "Y": [{"to": "X X", "when": "duration > 1"}, "X"]},
    ],
)
def test_grammars_of_every_kind(section: dict) -> None:
    chart = chart_of(section)
    symbol = next(iter(section))
    counts = [assert_same(chart, Goal(symbol, Fraction(beats, 2), start=beats % 3)) for beats in range(1, 16)]
    assert sum(counts) > 1


def test_long_rows_of_a_grammar_with_many_derivations() -> None:
    chart = chart_of({"X": {"X X": 1, "a": 1}})
    automaton = Automaton(chart)
    start = automaton.start(Goal("X", 40))
    assert start and sums(automaton, start)[1] == comb(78, 39) // 40


def test_what_has_too_many_derivations_to_be_remembered_is_derived_anew() -> None:
    chart = chart_of({"S": ["let A = X in A A"], "X": {"X X": 1, "a": 1, "b": 1}})
    few, many = Goal("S", 8), Goal("S", 10)
    assert_same(chart, few)
    automaton = Automaton(chart)
    start = automaton.start(many)
    assert start and automaton.anew == {"X"}
    total, ways = sums(automaton, start)
    assert total == pytest.approx(chart.total(many))
    assert ways == chart.count(many) ** 2


# what there is at a moment


def test_equal_futures_of_different_derivations_are_one_state() -> None:
    section = {"S": {"A C": 1, "B C": 2}, "A": ["a b"], "B": ["a D"], "D": {"b": 1, "c": 1}, "C": ["c"]}
    automaton = Automaton(chart_of(section))
    start = automaton.start(Goal("S", 3))
    assert start
    layers = automaton.states(start)
    assert [len(layer) for layer in layers] == [1, 2, 1, 1]
    (last,) = automaton.moves(layers[2][0])
    assert (last.leaf.symbol, last.after.done, last.after.ticks_left) == ("c", True, 0)
    assert [state.start for layer in layers for state in layer][-1] == 3


def test_parallel_ways_say_how_many_they_are_and_which_is_heaviest() -> None:
    automaton = Automaton(chart_of({"S": {"A": 3, "B": 1}, "A": ["a"], "B": ["a"]}))
    start = automaton.start(Goal("S", 1))
    assert start
    (move,) = automaton.moves(start)
    assert (move.weight, move.ways, move.heaviest) == (1.0, 2, 0.75)


def test_goals_that_cannot_be() -> None:
    automaton = Automaton(chart_of({"S": ["a b"]}))
    assert automaton.start(Goal("S", 3)) is None
    assert automaton.start(Goal("S", 0)) is None
    with pytest.raises(InputError, match="unknown symbol 'Z'"):
        automaton.start(Goal("Z", 3))


def test_endless_recursion_is_an_error() -> None:
    chart = chart_of({"X": [{"to": "X", "when": "level > 1"}, "a"]}, {"level": 2}, {"level": INTEGER})
    automaton = Automaton(chart)
    for _ in range(2):
        with pytest.raises(InputError, match="endless recursion: X -> X"):
            automaton.start(Goal("X", 1))
