"""Totals and counts of the chart against enumeration, and that every chart ends."""

from fractions import Fraction
from functools import cache
from math import comb, fsum, isclose, log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grammar.small_grammars import chart_of, sections
from theorygen.grammar.chart import Chart, Clock, NoDerivation
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import deepest_told_apart
from theorygen.grammar.production_parser import parse_production
from theorygen.grammar.symbols import Goal
from theorygen.rules.expression import INTEGER
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.theory import TheoryError


def words(chart, goal):
    """The derived lines of a goal, each with its summed weight."""
    found: dict[str, float] = {}
    for derivation in chart.enumerate(goal):
        line = derivation.words()
        found[line] = found.get(line, 0.0) + derivation.likelihood * chart.total(goal)
    return found


def assert_agrees(chart, goal):
    """Total, count and enumeration say the same."""
    derivations = list(chart.enumerate(goal))
    assert len(derivations) == chart.count(goal)
    assert len({one.decisions() for one in derivations}) == len(derivations)
    if derivations:
        assert isclose(fsum(one.likelihood for one in derivations), 1.0, rel_tol=1e-9)


def test_binary_splitting_counts_catalan_numbers():
    chart = chart_of({"X": {"X X": 1, "a": 1}})
    assert [chart.count(Goal("X", n)) for n in range(1, 9)] == [1, 1, 2, 5, 14, 42, 132, 429]
    assert [chart.total(Goal("X", n)) for n in (1, 2, 3)] == [1 / 2, 1 / 8, 2 / 32]


def test_large_counts_are_exact():
    chart = chart_of({"X": {"X X": 1, "a": 1}})
    assert chart.count(Goal("X", 60)) == comb(118, 59) // 60


def test_weights_are_relative_within_a_head():
    chart = chart_of({"X": {"A": 3, "b": 1}, "A": {"c": 100, "d": 300}})
    assert words(chart, Goal("X", 1)) == pytest.approx({"c": 3 / 16, "d": 9 / 16, "b": 1 / 4})


def test_recursion_to_the_right_ends():
    chart = chart_of({"PD": {"vi PD": 1, "IV": 3}})
    assert words(chart, Goal("PD", 3)) == pytest.approx({"vi vi IV": 3 / 64})


def test_recursion_to_the_left_ends():
    chart = chart_of({"X": {"X a": 1, "b": 1}})
    assert words(chart, Goal("X", 4)) == pytest.approx({"b a a a": 1 / 16})


def test_depth_counts_how_often_a_symbol_encloses_itself():
    chart = chart_of({"S": ["PD V"], "PD": {"vi PD": {"weight": 1, "when": "depth < 1"}, "IV": 1}})
    assert [chart.count(Goal("S", n)) for n in (2, 3, 4)] == [1, 1, 0]
    chart = chart_of({"PD": {"PD PD": {"weight": 1, "when": "depth < 2"}, "IV": 1}})
    assert [chart.count(Goal("PD", n)) for n in range(1, 6)] == [1, 1, 2, 1, 0]


@pytest.mark.parametrize(
    "section",
    [
        {"X": {"X": 1, "a": 1}},
        {"X": ["X Y?"], "Y": ["a"]},
        {"X": {"Y": 1, "a": 1}, "Y": {"X": 1, "b b": 1}},
        {"X": ["X a"]},
        {"X": ["Y"], "Y": ["X X"]},
    ],
)
def test_endless_recursion_is_an_error(section):
    with pytest.raises(InputError, match=r"itself|never ends"):
        Grammar.build(section)


def test_a_guard_that_does_not_stop_recursion_is_found_when_it_is_used():
    chart = chart_of({"X": [{"to": "X", "when": "level > 1"}, "a"]}, {"level": 2}, {"level": INTEGER})
    assert chart.grammar.warnings[0].code == "endless-recursion"
    for _ in range(2):
        with pytest.raises(InputError, match="endless recursion: X -> X"):
            chart.total(Goal("X", 1))
    safe = chart_of({"X": [{"to": "X", "when": "level > 1"}, "a"]}, {"level": 1}, {"level": INTEGER})
    assert safe.count(Goal("X", 1)) == 1


def test_arguments_that_grow_forever_are_found():
    chart = chart_of({"S": ["X(V)"], "X(x)": [{"to": "X(W)", "when": "x == V"}, {"to": "X(V)", "when": "x == W"}, "a"]})
    with pytest.raises(InputError, match="endless recursion"):
        chart.total(Goal("S", 1))


def test_a_chart_survives_an_error():
    chart = chart_of({"S": ["a", "b X"], "X": [{"to": "X", "when": "duration > 1"}, "a"]})
    with pytest.raises(InputError):
        chart.total(Goal("X", 2))
    assert chart.count(Goal("X", 1)) == 1
    assert chart.count(Goal("S", 1)) == 1


def test_guards_and_weights_read_parameters():
    section = {"X": [{"to": "a", "weight": "level"}, {"to": "b", "when": "level >= 3", "weight": 1.5}]}
    easy = chart_of(section, {"level": 2}, {"level": INTEGER})
    hard = chart_of(section, {"level": 3}, {"level": INTEGER})
    assert words(easy, Goal("X", 1)) == pytest.approx({"a": 1.0})
    assert words(hard, Goal("X", 1)) == pytest.approx({"a": 2 / 3, "b": 1 / 3})


def test_a_weight_below_zero_is_located():
    chart = chart_of({"X": [{"to": "a", "weight": "1 - level"}]}, {"level": 3}, {"level": INTEGER})
    with pytest.raises(InputError, match="becomes -2"):
        chart.total(Goal("X", 1))


def test_the_most_specific_head_wins():
    chart = chart_of(
        {"S": ["C(PAC) C(HC) C(DC)"], "C(x)": ["other"], "C(PAC)": ["I"], "C(DC)@minor": ["VI"], "C(DC)": ["vi"]}
    )
    assert words(chart, Goal("S", 3)) == {"I other vi": 1.0}
    assert words(chart, Goal("S", 3, attributes={"mode": "minor"})) == {"I other VI": 1.0}


def test_a_key_brings_its_mode_and_heads_choose_by_it():
    chart = chart_of({"S": ["T T(key=vi) T(key=V) U(vi)"], "T": ["I"], "T@minor": ["i"], "U(key)": ["T"]})
    (derivation,) = chart.enumerate(Goal("S", 4))
    assert derivation.words() == "I i I i"
    assert [leaf.attributes["key"] for leaf in derivation.leaves()] == ["I", "vi", "V", "vi"]


def test_parameters_are_put_into_chords_and_arguments():
    chart = chart_of({"S": ["Applied(V) Applied(ii)"], "Applied(x)": ["Dominant(x) x"], "Dominant(y)": ["V65/y"]})
    assert words(chart, Goal("S", 4)) == {"V65/V V V65/ii ii": 1.0}


def test_inherited_attributes_choose_heads_far_below():
    chart = chart_of(
        {
            "S": ["P(cadence=PAC) P(cadence=HC)"],
            "P": ["Q"],
            "Q": ["Cadence(cadence)"],
            "Cadence(PAC)": ["V I"],
            "Cadence(HC)": ["V"],
        }
    )
    assert words(chart, Goal("S", 3)) == {"V I V": 1.0}


def test_numeric_attributes_compare_as_numbers():
    chart = chart_of(
        {
            "S": ["P(energy=0.5) P(energy=10)"],
            "P": [{"to": "calm", "when": "energy < 2"}, {"to": "loud", "when": "energy >= 2"}],
        }
    )
    assert words(chart, Goal("S", 2)) == {"calm loud": 1.0}


def test_absolute_durations_shares_and_units():
    chart = chart_of({"S": ["A@1/4 B@3/4"], "A": ["a:1/2 a:1/2"], "B": ["b b:2"]})
    (derivation,) = chart.enumerate(Goal("S", 4))
    assert [(leaf.start, leaf.duration) for leaf in derivation.leaves()] == [
        (0, Fraction(1, 2)),
        (Fraction(1, 2), Fraction(1, 2)),
        (1, 1),
        (2, 2),
    ]
    assert chart.durations(Goal("S", 0), 12) == (4,)


def test_halving_stops_at_its_guard():
    chart = chart_of({"X": [{"to": "X@1/2 X@1/2", "when": "duration > 1"}, "a@1"]})
    assert [chart.count(Goal("X", n)) for n in (1, 2, 4)] == [1, 2, 5]
    assert chart.count(Goal("X", 3)) == 5
    assert chart.total(Goal("X", 4)) == pytest.approx(1.0)


def test_free_symbols_share_out_a_duration_that_is_off_the_grid():
    chart = chart_of({"S": ["A@1/2 b@1/2"], "A": ["X X"], "X": ["a@1"]})
    (first, second) = chart.enumerate(Goal("S", 3))
    assert [leaf.duration for leaf in first.leaves()] == [Fraction(1, 2), 1, Fraction(3, 2)]
    assert [leaf.duration for leaf in second.leaves()] == [1, Fraction(1, 2), Fraction(3, 2)]


def test_arguments_by_name_choose_the_head_and_are_inherited():
    chart = chart_of({"S": ["A(y=W, x=V)"], "A(x, y)": ["x y B"], "B": ["C(x)"], "C(V)": ["deep"]}, attributes=["x"])
    assert words(chart, Goal("S", 3)) == {"V W deep": 1.0}


def test_a_parameter_does_not_hide_an_attribute_that_is_set():
    section = {
        "S": ["P(level=5) P(level=1)"],
        "P": [{"to": "a", "when": "level > 2"}, {"to": "b", "when": "level < 2"}],
    }
    assert words(chart_of(section, {"level": 9}, {"level": INTEGER}), Goal("S", 2)) == {"a b": 1.0}


def test_every_parameter_that_is_read_needs_a_value():
    with pytest.raises(InputError, match="'level' has no value"):
        chart_of({"S": {"a": "level"}}, {}, {"level": INTEGER})
    assert chart_of({"S": ["a"]}, {}, {"level": INTEGER}).count(Goal("S", 1)) == 1


def test_a_numeric_attribute_needs_a_number():
    chart = chart_of({"S": [{"to": "a P?", "when": "energy > 1"}], "P": ["S(energy=2)"]})
    with pytest.raises(InputError, match="energy"):
        chart.total(Goal("S", 1, attributes={"energy": "much"}))


def test_entropy_is_the_mean_surprise():
    chart = chart_of({"X": {"X X": 1, "a": 2, "b": 1}, "Y": ["let A = X in A A"]}, start=["X", "Y"])
    goal = Goal("X", 4)
    surprise = fsum(-one.likelihood * log2(one.likelihood) for one in chart.enumerate(goal))
    assert chart.entropy(goal) == pytest.approx(surprise)
    assert chart.entropy(Goal("Y", 8)) == pytest.approx(surprise)


def test_expected_length():
    chart = chart_of({"X": {"a X": 1, "b": 1}})
    assert chart.expected_length(Goal("X", 0), 60) == pytest.approx(2.0)


def test_starts_decide_beat_and_strength():
    section = {
        "S": ["X X X X"],
        "X": [
            {"to": "down", "when": "strength == 3"},
            {"to": "up", "when": "beat == 2"},
            {"to": "off", "when": "beat > 2"},
        ],
    }
    chart = chart_of(section, clock=Clock(bar=3))
    assert words(chart, Goal("S", 4)) == {"down up off down": 1.0}
    assert words(chart, Goal("S", 4, start=1)) == {"up off down up": 1.0}


def test_shared_items_are_drawn_once():
    chart = chart_of({"S": ["let A = X in A b A"], "X": {"a": 1, "c c": 3}})
    assert words(chart, Goal("S", 3)) == pytest.approx({"a b a": 1 / 4})
    assert words(chart, Goal("S", 5)) == pytest.approx({"c c b c c": 3 / 4})
    assert chart.total(Goal("S", 4)) == 0


def test_variations_are_drawn_again_with_the_same_duration():
    chart = chart_of({"S": ["let A = X in A A'"], "X": {"a": 1, "b": 1, "c c": 2}})
    assert words(chart, Goal("S", 2)) == pytest.approx({"a a": 1 / 16, "a b": 1 / 16, "b a": 1 / 16, "b b": 1 / 16})
    assert words(chart, Goal("S", 3)) == {}


def test_possible_durations():
    chart = chart_of({"X": {"a b": 1, "a X b": 1}})
    assert chart.durations(Goal("X", 0), 9) == (2, 4, 6, 8)
    assert chart.lengths(Goal("X", 0), 4) == {2: 0.5, 4: 0.25}
    with pytest.raises(NoDerivation, match=r"possible: .*4, 6") as caught:
        chart.sample(Goal("X", 5), Chance(1))
    assert 4 in caught.value.possible


def test_zero_weight_is_never_derived():
    chart = chart_of({"X": {"a": 0, "b": 1}})
    assert words(chart, Goal("X", 1)) == {"b": 1.0}


@pytest.mark.parametrize(("goal", "message"), [(Goal("Y", 1), "unknown symbol"), (Goal("X", 1), "needs 1 argument")])
def test_goals_that_do_not_fit(goal, message):
    with pytest.raises(InputError, match=message):
        chart_of({"X(x)": ["a"]}).total(goal)


def test_a_goal_takes_missing_arguments_from_its_attributes():
    chart = chart_of({"Phrase(cadence)": ["C(cadence)"], "C(PAC)": ["I"], "C(HC)": ["V"]})
    assert words(chart, Goal("Phrase", 1, attributes={"cadence": "HC"})) == {"V": 1.0}


def test_a_chord_made_from_a_parameter_is_checked_where_it_is_written():
    def check(text):
        if "?" in text or text.endswith("/Z"):
            raise TheoryError("no such chord", text)

    grammar = Grammar.build({"S": ["A(cadence)"], "A(x)": ["V/x"]}, check_terminal=check)
    with pytest.raises(InputError, match="becomes 'V/Z'"):
        Chart(grammar).total(Goal("S", 1, attributes={"cadence": "Z"}))


@settings(max_examples=150, deadline=None)
@given(sections(), st.integers(1, 5))
def test_random_grammars_agree_with_their_enumeration(section, duration):
    try:
        chart = chart_of(section)
    except InputError as error:
        assert {one.code for one in error.diagnostics if one.severity == "error"} <= {"endless-recursion", "shares"}
        return
    goal = Goal("A", duration)
    if chart.count(goal) > 3000:
        return
    assert_agrees(chart, goal)
    brute = brute_force(section, "A", duration)
    assert words(chart, goal) == pytest.approx(brute)


def brute_force(section, symbol, duration):
    """Weights of lines by expanding texts in the simplest way, sharing only the parser with the chart."""
    rules = {
        "A": section["A"],
        "B": section["B"],
        "C": section["C"],
        "D(V)": {"a C": 1},
        "D(W)": {"W": section["D(x)"]["x"], "W b": 2},
    }

    @cache
    def derive(name, whole):
        if (whole * 128).denominator > 1:
            return {}
        texts = {text: weight for text, weight in rules[name].items() if text != "W b" or whole > 1}
        lines: dict[str, float] = {}
        for text, weight in texts.items():
            for share, items in parse_production(text).variants():
                for line, factor in fill(items, whole, whole, {}):
                    lines[line] = lines.get(line, 0.0) + weight / sum(texts.values()) * float(share) * factor
        return lines

    def fill(items, left, whole, shared):
        if not items:
            return [("", 1.0)] if left == 0 else []
        item, *rest = items
        room = left - least(rest, whole)
        return [
            (" ".join(filter(None, (line, others))), factor * more)
            for take in ([room] if is_free(item) and not any(map(is_free, rest)) else takes(item, room, whole))
            if 0 < take <= room
            for line, factor in lines_of(item, take, shared)
            for others, more in fill(rest, left - take, whole, {**shared, item.name: (line, take)})
        ]

    def is_free(item):
        return item.length is None and item.symbol in "ABCD"

    def least(items, whole):
        return sum(Fraction(1, 128) if is_free(item) else min(takes(item, whole, whole)) for item in items)

    def takes(item, left, whole):
        if item.length is not None:
            length = item.length.value * whole if item.length.is_share else item.length.value
            return [length if (length * 128).denominator == 1 else whole + 1]
        if item.symbol not in "ABCD":
            return [1]
        step = Fraction(1, whole.denominator)
        return [step * n for n in range(1, int(left / step) + 1)]

    def lines_of(item, take, shared):
        if item.name and item.name in shared:
            return [(shared[item.name][0], 1.0)] if shared[item.name][1] == take else []
        if item.symbol not in "ABCD":
            return [(item.symbol, 1.0)]
        return list(derive(item.symbol if item.symbol != "D" else f"D({item.arguments[0]})", take).items())

    return derive(symbol, Fraction(duration))


def test_uniform_draws_of_lengths_too_improbable_to_weigh() -> None:
    grammar = Grammar.build({"S": {"a": 1e9, "a S": 1e-3}})
    chart, goal = Chart(grammar), Goal("S", 40)
    with pytest.raises(ArithmeticError):
        chart.sample(goal, Chance(1))
    drawn = chart.sample_uniform(goal, Chance(1))
    assert len(drawn.leaves()) == 40
    assert chart.replay(goal, drawn.decisions()) == drawn


@pytest.mark.parametrize(("text", "deepest"), [
    ("depth == 0", 1), ("depth < 2 and 3 >= depth", 4), ("depth + 1 < 3", 1 << 30), ("duration > 1", 0)])
def test_depths_that_nothing_tells_apart_are_one(text, deepest):
    grammar = Grammar.build({"A": [{"to": "a A", "when": text}, "a"]})
    assert deepest_told_apart(grammar) == deepest
    bare = Chart(Grammar.build({"A": ["a B", "a"], "B": ["a B", "a"]}))
    if deepest == 1:
        chart = Chart(grammar)
        assert [chart.count(Goal("A", length)) for length in (1, 2, 3)] == [1, 1, 0]
        assert bare.count(Goal("A", 3)) == 1
