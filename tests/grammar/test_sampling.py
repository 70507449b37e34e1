"""Samples follow the weights exactly, keep their length, and can be rebuilt."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.symbols import Goal
from theorygen.source.chance import Chance

GRAMMAR = Grammar.build(
    {
        "S(cadence)": ["T M? C(cadence)"],
        "T": {"I": 5, "I V6 I": 3, "I vi": 1},
        "M": {"A(V)": 2, "A(ii)": 1, "let B = T in B B": 1},
        "A(x)": {"V65/x x": 3, "viio7/x x": 1},
        "C(PAC)": {"D I": 1},
        "C(HC)": {"D V": 1},
        "D": {"IV": 6, "vi D": {"weight": 2, "when": "depth < 2"}, "{ii6|ii65}": 4},
    }
)
GOAL = Goal("S", 7, ("PAC",))


def chi_square(drawn: Counter, expected: dict, times: int) -> float:
    """Distance of drawn frequencies from expected probabilities, in standard deviations of chi-square."""
    assert set(drawn) <= set(expected)
    square = sum((drawn[key] - times * share) ** 2 / (times * share) for key, share in expected.items())
    freedom = len(expected) - 1
    return (square - freedom) / (2 * freedom) ** 0.5


def likelihoods(chart: Chart, goal: Goal) -> dict:
    return {one.decisions(): one.likelihood for one in chart.enumerate(goal)}


def drawn(chart: Chart, goal: Goal, times: int, seed: int) -> Counter:
    chance = Chance(seed)
    return Counter(chart.sample(goal, chance).decisions() for _ in range(times))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("duration", [5, 7])
def test_samples_follow_the_weights(duration, seed):
    chart, goal = Chart(GRAMMAR), Goal("S", duration, ("PAC",))
    expected = likelihoods(chart, goal)
    assert len(expected) == chart.count(goal) > 15
    assert sum(expected.values()) == pytest.approx(1.0)
    assert chi_square(drawn(chart, goal, 4000, seed), expected, 4000) < 4


def test_the_comparison_notices_wrong_weights():
    chart = Chart(GRAMMAR)
    expected = likelihoods(chart, GOAL)
    uniform = dict.fromkeys(expected, 1 / len(expected))
    assert chi_square(drawn(chart, GOAL, 4000, 1), uniform, 4000) > 10


def test_uniform_samples_ignore_weights():
    chart, chance = Chart(GRAMMAR), Chance(5)
    expected = dict.fromkeys(likelihoods(chart, GOAL), 1 / chart.count(GOAL))
    found = Counter(chart.sample_uniform(GOAL, chance).decisions() for _ in range(4000))
    assert chi_square(found, expected, 4000) < 4


@given(st.integers(0, 10**6), st.integers(3, 14), st.sampled_from(["PAC", "HC"]))
@settings(max_examples=60, deadline=None)
def test_every_sample_fills_its_goal_exactly(seed, duration, cadence):
    chart, goal = Chart(GRAMMAR), Goal("S", duration, (cadence,), start=2)
    if not chart.count(goal):
        return
    derivation = chart.sample(goal, Chance(seed))
    leaves = derivation.leaves()
    assert leaves[0].start == 2
    assert [leaf.start + leaf.duration for leaf in leaves] == [*(leaf.start for leaf in leaves[1:]), 2 + duration]
    assert chart.replay(goal, derivation.decisions()) == derivation


def test_one_seed_one_derivation():
    assert Chart(GRAMMAR).sample(GOAL, Chance(3)) == Chart(GRAMMAR).sample(GOAL, Chance(3))
    assert len({Chart(GRAMMAR).sample(GOAL, Chance(seed)).words() for seed in range(20)}) > 5


def test_what_was_asked_before_changes_nothing():
    fresh, used = Chart(GRAMMAR), Chart(GRAMMAR)
    for duration in (12, 3, 8):
        used.total(Goal("S", duration, ("HC",)))
    assert used.total(GOAL) == fresh.total(GOAL)
    assert used.sample(GOAL, Chance(9)) == fresh.sample(GOAL, Chance(9))


@pytest.mark.parametrize("decisions", [(), (9, 9, 9)])
def test_foreign_decisions_are_refused(decisions):
    with pytest.raises(ValueError, match="do not belong"):
        Chart(GRAMMAR).replay(GOAL, decisions)


def test_too_many_decisions_are_refused():
    chart = Chart(GRAMMAR)
    decisions = chart.sample(GOAL, Chance(1)).decisions()
    with pytest.raises(ValueError, match="do not belong"):
        chart.replay(GOAL, (*decisions, 0))


def test_long_phrases_are_sampled():
    chart = Chart(Grammar.build({"X": {"a X": 9, "b": 1}, "Y": {"Y Y": 1, "c": 1}}, start=["X", "Y"]))
    derivation = chart.sample(Goal("X", 1500), Chance(1))
    assert derivation.words().split() == ["a"] * 1499 + ["b"]
    assert len(derivation.leaves()) == 1500
    with pytest.raises(ArithmeticError, match="improbable"):
        chart.sample(Goal("X", 9000), Chance(1))
    assert len(chart.sample(Goal("Y", 100), Chance(1)).leaves()) == 100


def test_share_and_split_are_the_two_halves_of_the_choice():
    chart = Chart(GRAMMAR)
    for derivation in chart.enumerate(GOAL):
        for node in derivation.nodes():
            if node.production is None:
                continue
            assert 0 < node.production.share <= 1
            assert 0 < node.probability <= node.split * (1 + 1e-9) and node.split <= 1 + 1e-9
    shares = {node.production.text: node.production.share for one in chart.enumerate(GOAL) for node in one.nodes()
              if node.symbol == "T" and node.production}
    assert shares == pytest.approx({"I": 5 / 9, "I V6 I": 3 / 9, "I vi": 1 / 9})


def test_the_split_is_certain_where_nothing_else_fits():
    grammar = Grammar.build({"S": ["A B"], "A": ["I", "I V I"], "B": ["I", "V I"]})
    (shortest,) = Chart(grammar).enumerate(Goal("S", 2, ()))
    assert (shortest.production.share, shortest.split) == (1.0, 1.0)
    (uneven,) = Chart(grammar).enumerate(Goal("S", 4, ()))
    assert (uneven.children[0].production.share, uneven.split) == (0.5, 1.0)


def test_the_split_is_shared_by_all_durations_that_fit():
    grammar = Grammar.build({"S": ["A A"], "A": {"I": 3, "I V": 1}})
    found = Chart(grammar).enumerate(Goal("S", 3, ()))
    splits = {tuple(child.duration for child in one.children): one.split for one in found}
    assert splits == pytest.approx({(1, 2): 0.5, (2, 1): 0.5})
