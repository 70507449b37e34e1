"""What a grammar says of itself before anything is derived."""

from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import (
    argument_values,
    context_names,
    followers,
    grid,
    least_ticks,
    phase_dependent,
)
from theorygen.rules.expression import INTEGER

KINDS = {"level": INTEGER}


def test_symbols_depend_only_on_what_reaches_them():
    grammar = Grammar.build(
        {
            "S": ["P(cadence=PAC) Q"],
            "P": ["C(cadence)"],
            "C(x)": [{"to": "T", "when": "level > 1 and duration > 1"}, "a"],
            "T": ["I"],
            "T@minor": ["i T?"],
            "Q": [{"to": "a Q", "when": "depth < 3 and beat == 1"}, "b"],
        },
        parameters=KINDS,
    )
    assert context_names(grammar) == {
        "S": ("#Q", "mode"),
        "P": ("cadence", "mode"),
        "C": ("mode",),
        "T": ("mode",),
        "Q": ("#Q",),
    }
    assert phase_dependent(grammar) == {"S", "Q"}


def test_least_durations():
    grammar = Grammar.build({"S": ["a X:3 Y?"], "X": ["a b", "c"], "Y": ["X X"]})
    assert least_ticks(grammar, 1) == {"S": 1 + 3 * 40320, "X": 1, "Y": 2}


def test_every_step_of_time_is_a_multiple_of_the_grid():
    grammar = Grammar.build({"S": ["a:3/2 X b:1"], "X": ["c@1/2 d"]})
    assert grid(grammar, 40320) == 20160


def test_symbols_lead_to_nonterminals_only():
    grammar = Grammar.build({"S": ["let A = X in A Y(c) a"], "X": ["b"], "Y(z)": ["z"]})
    assert followers(grammar) == {"S": {"X", "Y"}, "X": frozenset(), "Y": frozenset()}


def test_arguments_hand_their_values_down():
    grammar = Grammar.build({"S": ["P(PAC) P(final=HC)"], "P(final)": ["C(final)"], "C(x)": ["x"]})
    assert argument_values(grammar) == {("P", 0): {"PAC", "HC"}, ("C", 0): {"PAC", "HC"}}
