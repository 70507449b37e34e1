"""Building a grammar from a section of a style file, and the errors on the way."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.symbols import Goal
from theorygen.rules.expression import INTEGER
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.source.document import parse_document
from theorygen.theory.key import Key
from theorygen.theory.numeral import RomanNumeral

HOME = Key.parse("C")
STYLE = """\
theorygen: 1
form:
  Chorale:
    - let A = Phrase(cadence=HC) in A A Phrase(key=V, cadence=PAC)
    - {to: "Phrase(HC) Phrase(PAC)", weight: "phrases - 1", when: phrases > 2, name: short}
harmony:
  Phrase(cadence): [T Cadence(cadence)]
  T:
    I: 5
    "I {V6|V65} I": {weight: 3, when: level >= 2}
  T@minor: {i: 1}
  Cadence(PAC): "PD V7 I[soprano=1]"
  Cadence(HC): {PD V: 1}
  PD: {ii6: 1, Applied(V) IV: level}
  Applied(x): {V65/x x: 1, viio7/x x: 1}
"""
KINDS = {"level": INTEGER, "phrases": INTEGER}


def numeral(text):
    return RomanNumeral.parse(text, HOME)


def harmony(text=STYLE, **options):
    document = parse_document(text, "style.yaml")
    return Grammar.build(
        document.data["harmony"],
        document=document,
        path=("harmony",),
        parameters=KINDS,
        check_terminal=numeral,
        **options,
    )


def complaints(text, **options):
    """``line code 'what the caret is under'`` of all that is wrong."""
    with pytest.raises(InputError) as caught:
        harmony(text, **options)
    return [
        f"{one.mark.line} {one.code} '{marked(one.mark)}'"
        for one in caught.value.diagnostics
        if one.severity == "error"
    ]


def marked(mark):
    return mark.text[mark.column - 1 :][: mark.length]


def broken(old, new):
    assert old in STYLE
    return complaints(STYLE.replace(old, new))


def test_a_style_section_becomes_music():
    chart = Chart(harmony(), {"level": 2, "phrases": 4})
    derivation = chart.sample(Goal("Phrase", 6, attributes={"cadence": "PAC"}), Chance(1))
    assert derivation.words() in {"I {V6|V65} I ii6 V7 I", "I V65/V V IV V7 I", "I viio7/V V IV V7 I"}
    assert harmony().warnings == ()


def test_form_ends_in_the_heads_of_harmony():
    document = parse_document(STYLE, "style.yaml")
    form = Grammar.build(
        document.data["form"], document=document, path=("form",), parameters=KINDS, terminals=harmony().signatures
    )
    chart = Chart(form, {"phrases": 4, "level": 1})
    long, short = chart.sample(Goal("Chorale", 3), Chance(1)), chart.sample(Goal("Chorale", 2), Chance(1))
    assert [leaf.attributes for leaf in long.leaves()] == [
        {"key": "I", "mode": "major", "cadence": "HC"},
        {"key": "I", "mode": "major", "cadence": "HC"},
        {"key": "V", "mode": "major", "cadence": "PAC"},
    ]
    assert [leaf.attributes["cadence"] for leaf in short.leaves()] == ["HC", "PAC"]
    assert short.production.name == "short" and short.production.weight == 3
    goal = Goal(long.leaves()[2].symbol, 4, attributes=long.leaves()[2].attributes)
    assert Chart(harmony(), {"level": 1}).sample(goal, Chance(1)).words() == "I ii6 V7 I"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  T:\n", "  T(:\n", ["8 head-syntax '('"]),
        ("PD V7 I[soprano=1]", "PD V7 I[soprano=", ["12 production-syntax '='"]),
        ("PD V7 I[", "PD (V7 I[", ["12 production-syntax ']'"]),
        ("{PD V: 1}", "{PD ) V: 1}", ["13 production-syntax ')'"]),
        ("{PD V: 1}", "{PD V: -1}", ["13 weight '-1'"]),
        ("{PD V: 1}", "{PD V: many}", ["13 expression 'many'"]),
        ("{PD V: 1}", "{}", ["13 alternatives-missing 'Cadence(HC)'"]),
        ("{PD V: 1}", "{PD V: {wieght: 2}}", ["13 unknown-key 'wieght'"]),
        ("{PD V: 1}", "[{when: level > 1}]", ["13 alternative-form '{'"]),
        ("level >= 2", "levle >= 2", ["10 expression 'levle'"]),
        ("IV: level", "IV: levels", ["14 expression 'levels'"]),
        ("[T Cadence(cadence)]", "[T Cadence(cadense)]", ["7 unknown-argument 'Cadence(cadense)'"]),
        ("[T Cadence(cadence)]", "[T Cadence(DC)]", ["7 unknown-argument 'Cadence(DC)'"]),
        ("[T Cadence(cadence)]", "[T Cadence]", ["7 arguments 'Cadence'"]),
        ("[T Cadence(cadence)]", "[T Cadenze(cadence)]", ["7 unknown-symbol 'Cadenze'"]),
        ("PD V7 I[soprano=1]", "PD V77 I", ["12 unknown-symbol 'V77'"]),
        ("{V6|V65}", "{V6|V99}", ["10 unknown-symbol 'V99'"]),
        ("T@minor: {i: 1}", "T(x): {i: 1}", ["11 head-arity 'T(x)'"]),
        ("T@minor: {i: 1}", "T(): {i: 1}", ["11 head-syntax ')'"]),
        ("T@minor: {i: 1}", '"T ": {i: 1}', ["11 head-twice 'T '"]),
    ],
)
def test_errors_have_a_place(old, new, expected):
    assert broken(old, new) == expected


def test_all_errors_are_told_at_once():
    text = STYLE.replace("PD V7 I[", "PD V7 ] I[").replace("{i: 1}", "{i: -2}").replace("level >=", "levle >=")
    assert complaints(text) == ["10 expression 'levle'", "11 weight '-2'", "12 production-syntax ']'"]


def test_the_nearest_name_is_offered():
    with pytest.raises(InputError, match="did you mean 'Cadence'"):
        harmony(STYLE.replace("[T Cadence(", "[T Cadense("))
    with pytest.raises(InputError, match="did you mean 'cadence'"):
        harmony(STYLE.replace("[T Cadence(cadence)", "[T Cadence(cadense)"))
    with pytest.raises(InputError, match="did you mean 'cadence'"):
        Grammar.build({"S": ["P(cadense=PAC)"], "P": [{"to": "a", "when": "cadence == PAC"}]})


def test_carets_point_into_the_production():
    with pytest.raises(InputError) as caught:
        harmony(STYLE.replace("{V6|V65}", "{V6|V99}"))
    assert caught.value.diagnostics[0].mark.caret().splitlines()[1].strip() == "^^^"
    line, caret = caught.value.diagnostics[0].mark.caret().splitlines()
    assert line[caret.index("^") :][:3] == "V99"


def test_without_a_document_the_production_itself_is_shown():
    with pytest.raises(InputError) as caught:
        Grammar.build({"S": ["a b )"]})
    (found,) = caught.value.diagnostics
    assert (found.mark.text, found.mark.column) == ("a b )", 5)


@pytest.mark.parametrize(
    "section",
    [
        {},
        None,
        [],
        {"S": None},
        {"S": 3},
        {"S": []},
        {"S": [3]},
        {"S": [None]},
        {"S": [{"to": 3}]},
        {"S": {"a": None}},
        {"S": {"a": True}},
        {"S": {"a": [1]}},
        {"S": {"a": {"when": 3}}},
        {"S": {"a": float("nan")}},
        {1: {2: 3}},
        {"S": {"a": {"weight": {}}}},
        {"S": ""},
    ],
)
def test_data_of_the_wrong_form_is_an_input_error(section):
    with pytest.raises(InputError):
        Grammar.build(section)


WORDS = st.sampled_from(
    [
        "A",
        "B(x)",
        "A B",
        "B(V)",
        "b",
        "{a|b}",
        "B(x=V)",
        "let A = B(V) in A A'",
        "to",
        "when",
        "weight",
        "mode == minor",
        ")",
        "",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(WORDS, VALUES, max_size=3))
@example({"B(x)": ["A", "B(x)"]})
def test_any_data_builds_or_is_refused(section):
    try:
        grammar = Grammar.build(section)
        chart = Chart(grammar)
        for symbol, names in grammar.signatures.items():
            goal = Goal(symbol, 2, tuple("V" for _ in names))
            likelihoods = [one.likelihood for one in chart.enumerate(goal)]
            assert chart.total(goal) == pytest.approx(sum(likelihoods) * chart.total(goal))
    except InputError as error:
        assert str(error)


def test_terminals_given_by_name_are_closed():
    with pytest.raises(InputError, match="did you mean 'Verse'"):
        Grammar.build({"Song": ["Vers Chorus"]}, terminals=["Verse", "Chorus"])
    assert Grammar.build({"Song": ["Verse Chorus"]}, terminals=["Verse", "Chorus"]).warnings == ()
