"""Static checks: each mistake has an example that shows it and a neighbour that does not."""

import pytest

from theorygen.grammar.analysis import analyse
from theorygen.grammar.grammar import Grammar
from theorygen.rules.expression import INTEGER
from theorygen.source.diagnostic import InputError
from theorygen.theory import TheoryError

KINDS = {"level": INTEGER}


def codes(section, **options):
    """Codes of everything found, errors or warnings."""
    try:
        return {one.code for one in Grammar.build(section, parameters=KINDS, **options).warnings}
    except InputError as error:
        return {one.code for one in error.diagnostics}


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [
        ("arguments", {"S": ["A"], "A(x)": ["x"]}, {"S": ["A(V)"], "A(x)": ["x"]}),
        ("arguments", {"S": ["A(V, I)"], "A(x)": ["x"]}, {"S": ["A(x=V)"], "A(x)": ["x"]}),
        ("arguments", {"S": ["a(V)"]}, {"S": ["a(key=V)"]}),
        ("unknown-argument", {"S": ["C(PCA)"], "C(PAC)": ["I"]}, {"S": ["C(PAC)"], "C(PAC)": ["I"]}),
        ("unknown-argument", {"S(x)": ["C(y)"], "C(PAC)": ["I"]}, {"S(x)": ["C(x)"], "C(PAC)": ["I"]}),
        ("unknown-attribute", {"S": ["a(energy=1)"]}, {"S": [{"to": "b S?", "when": "energy > 0"}, "a(energy=1)"]}),
        ("unreachable", {"S": ["a"], "X": ["b"]}, {"S": ["a X"], "X": ["b"]}),
        ("unreachable", {"S": ["a"], "X": ["X Y", "b"], "Y": ["c"]}, {"S": ["X"], "X": ["X Y", "b"], "Y": ["c"]}),
        ("endless-recursion", {"S": ["a S"]}, {"S": ["a S", "a"]}),
        (
            "endless-recursion",
            {"S": ["X", "a"], "X": ["Y X", "Z"], "Z": ["X X"], "Y": ["b"]},
            {"S": ["X", "a"], "X": ["Y X", "Z"], "Z": ["Y Y"], "Y": ["b"]},
        ),
        ("endless-recursion", {"S": ["X"], "X": ["S", "a"]}, {"S": ["X"], "X": ["S a", "a"]}),
        (
            "endless-recursion",
            {"S": ["X Y?"], "X": ["S", "a"], "Y": ["b"]},
            {"S": ["X Y"], "X": ["S a", "a"], "Y": ["b"]},
        ),
        ("shares", {"S": ["a@1/2 b@1/4"]}, {"S": ["a@1/2 b@1/2"]}),
        ("shares", {"S": ["a@1/2 b@3/4"]}, {"S": ["a@1/2 b@1/4 c"]}),
        ("shares", {"S": ["a@1/2 b@1/2 c"]}, {"S": ["a@1/2 b@1/2"]}),
        ("shares", {"S": ["a@1/2 b?"]}, {"S": ["a@1/2 b"]}),
        ("duration", {"S": ["a:1/11"]}, {"S": ["a:1/12"]}),
        ("weights-zero", {"S": {"a": 0, "b": 0}}, {"S": {"a": 0, "b": 1}}),
        ("guard", {"S": [{"to": "a", "when": "false"}, "b"]}, {"S": [{"to": "a", "when": "level > 1"}, "b"]}),
        (
            "guard",
            {"S": ["b"], "S@minor": [{"to": "a", "when": "mode == major"}]},
            {"S": ["b"], "S@minor": [{"to": "a", "when": "mode == minor"}]},
        ),
        (
            "unreachable",
            {"S": ["C(PAC)"], "C(PAC)": ["I"], "C(HC)": ["V"]},
            {"S": ["C(PAC) C(HC)"], "C(PAC)": ["I"], "C(HC)": ["V"]},
        ),
        (
            "unreachable",
            {"S": ["P(PAC)"], "P(x)": ["C(x)"], "C(PAC)": ["I"], "C(HC)": ["V"]},
            {"S": ["P(cadence)"], "P(x)": ["C(x)"], "C(PAC)": ["I"], "C(HC)": ["V"]},
        ),
        ("let-unused", {"S": ["let A = X in a"], "X": ["a"]}, {"S": ["let A = X in A"], "X": ["a"]}),
        ("duplicate", {"S": ["a b", "a  b"]}, {"S": ["a b", {"to": "a b", "when": "level > 2"}]}),
    ],
)
def test_each_mistake_is_found(code, wrong, right):
    assert code in codes(wrong)
    assert codes(right) == set()


def test_recursion_behind_a_guard_is_only_a_doubt():
    grammar = Grammar.build({"S": [{"to": "S", "when": "level > 2"}, "a"]}, parameters=KINDS)
    assert [(one.code, one.severity) for one in grammar.warnings] == [("endless-recursion", "warning")]
    assert list(grammar.warnings) == analyse(grammar)


def test_an_unknown_start_symbol():
    assert codes({"S": ["a"]}, start=["T"]) == {"unknown-symbol", "unreachable"}


def test_chords_are_checked_with_the_values_they_may_get():
    def check(text):
        if text.endswith("/ii"):
            raise TheoryError("no such chord", text)

    calls = {"S": ["B(ii) B(V)"], "B(y)": ["A(y)"]}
    assert codes({**calls, "A(x)": ["V/x"]}, check_terminal=check) == {"unknown-chord"}
    assert codes({**calls, "A(x)": [{"to": "V/x", "when": "x in (V, vi)"}, "x"]}, check_terminal=check) == set()


def test_outer_names_are_known_attributes():
    assert codes({"S": ["P(energy=1)"]}, terminals={"P": ("energy",)}) == set()
    assert codes({"S": ["P(energy=1)"]}, terminals=["P"], attributes=["energy"]) == set()
    assert codes({"S": ["P(energy=1)"]}, terminals=["P"]) == set()
    assert codes({"S": ["P(cadense=PAC)"]}, terminals=["P"]) == {"unknown-attribute"}
