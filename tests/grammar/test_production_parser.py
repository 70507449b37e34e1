"""The text of productions and heads."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.grammar.production import Item, Length
from theorygen.grammar.production_parser import parse_production
from theorygen.grammar.symbols import GrammarTextError, Head, mode_of_key, parse_head


def sequences(text: str) -> dict[str, Fraction]:
    """Each plain sequence of a production with its share."""
    return {" ".join(map(str, items)): share for share, items in parse_production(text).variants()}


def only(text: str) -> Item:
    """The one item of a production of one item."""
    ((_, (item,)),) = parse_production(text).variants()
    return item


def test_a_row_of_symbols_and_chords():
    assert sequences("Opening V65/V bVII7 iiø65 viio7/x N6") == {"Opening V65/V bVII7 iiø65 viio7/x N6": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A B?", {"A B": Fraction(1, 2), "A": Fraction(1, 2)}),
        ("(T | PD) V", {"T V": Fraction(1, 2), "PD V": Fraction(1, 2)}),
        ("(A B | C)? D", {"A B D": Fraction(1, 4), "C D": Fraction(1, 4), "D": Fraction(1, 2)}),
        ("(A (B | C))", {"A B": Fraction(1, 2), "A C": Fraction(1, 2)}),
        ("A?", {"A": Fraction(1, 2)}),
        ("(A | B)[hold]:2", {"A[hold]:2": Fraction(1, 2), "B[hold]:2": Fraction(1, 2)}),
    ],
)
def test_optional_parts_and_groups_split_the_weight_evenly(text, expected):
    assert sequences(text) == expected


def test_open_chords_keep_their_weights():
    item = only("{ii6:3|ii65:1.5|IV}")
    assert item.alternatives == (("ii6", 3), ("ii65", Fraction(3, 2)), ("IV", 1))
    assert item.symbol == "{ii6:3|ii65:3/2|IV}"


def test_arguments_by_position_and_by_name():
    item = only("Phrase(PAC, key=V, energy=0.5)")
    assert (item.arguments, item.settings) == (("PAC",), (("key", "V"), ("energy", "0.5")))


def test_labels_are_texts_sets_and_flags():
    item = only("I[soprano={3,5}, pivot=vi, hold]")
    assert item.labels == {"soprano": frozenset({"3", "5"}), "pivot": "vi", "hold": "true"}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("I:2", Length(Fraction(2))),
        ("I:1/2", Length(Fraction(1, 2))),
        ("I:1.5", Length(Fraction(3, 2))),
        ("V/V:1/2", Length(Fraction(1, 2))),
        ("T@1/4", Length(Fraction(1, 4), True)),
        ("I", None),
    ],
)
def test_durations(text, length):
    assert only(text).length == length


def test_suffixes_come_in_any_order():
    assert only("I:2[hold]") == only("I[hold]:2")


def test_let_shares_an_item_and_primes_vary_it():
    ((_, items),) = parse_production("let A = Phrase(HC), B = Idea:2 in A B A(key=V)' A[hold]").variants()
    assert [(item.symbol, item.name, item.varied) for item in items] == [
        ("Phrase", "A", False),
        ("Idea", "B", False),
        ("Phrase", "A", True),
        ("Phrase", "A", False),
    ]
    assert items[2].settings == (("key", "V"),)
    assert items[3].labels == {"hold": "true"}


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "a symbol or a chord"),
        ("A (B", 3, "')'"),
        ("A B)", 3, "a symbol, a chord"),
        ("{V6, V65}", 3, "'}' or '|'"),
        ("{V6|}", 4, "a chord"),
        ("A(", 1, "a value"),
        ("A(x=1, y)", 7, "name=value"),
        ("A[soprano=]", 10, "a value"),
        ("A:", 1, "a duration"),
        ("A:0", 2, "above 0"),
        ("A:1/0", 2, "a duration"),
        ("A@3/2", 2, "share"),
        ("A:1:2", 3, "one of each"),
        ("(A B):4", 0, "with its own head"),
        ("A'", 0, "a name bound by let"),
        ("let A = B C", 10, "',' or 'in'"),
        ("let A = B in A:2", 13, "where it is bound"),
        ("let A = B in A(x=1)", 13, "A(name=value)'"),
        ("let A = B, A = C in A", 11, "another name"),
        ("let A = B, C = A in C", 15, "a symbol"),
        ("let A = B? in A", 8, "a symbol or {a|b}"),
        ("A let B", 2, "a symbol"),
        ("A ! B", 2, "a symbol"),
        ("A? B? C? D? E? F? G? H? I?", 0, "heads of their own"),
        ("A:2'", 0, "a name bound by let"),
    ],
)
def test_errors_say_where_and_what_was_expected(text, position, expected):
    with pytest.raises(GrammarTextError) as caught:
        parse_production(text)
    assert caught.value.position == position
    assert expected in caught.value.expected


@given(st.lists(st.sampled_from([*"AVx12 ()[]{}|:@?'=,!/", "let", " in ", "V65/V", "x=", " "])).map("".join))
def test_any_text_is_read_or_refused_in_its_place(text):
    try:
        body = parse_production(text)
    except GrammarTextError as error:
        assert 0 <= error.position <= max(len(text) - 1, 0)
        return
    for share, items in body.variants():
        assert 0 < share <= 1
        if not body.lets:
            assert parse_production(" ".join(map(str, items))).variants() == ((1, items),)


def test_deep_nesting_is_an_error_not_a_crash():
    with pytest.raises(GrammarTextError, match="nested"):
        parse_production("(" * 5000 + "A" + ")" * 5000)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("T", Head("T")),
        ("Cadence(PAC)", Head("Cadence", ("PAC",))),
        ("Cadence(DC)@minor", Head("Cadence", ("DC",), "minor")),
        ("Applied(x)", Head("Applied", ("x",))),
        ("Applied(vi)", Head("Applied", ("vi",))),
        ("T@minor", Head("T", (), "minor")),
    ],
)
def test_heads_round_trip(text, head):
    assert parse_head(text) == head
    assert str(head) == text


def test_roman_numerals_and_capitals_are_literals_other_words_parameters():
    assert parse_head("X(vi, x, PAC, viio7, key, 4)").parameters == ("x", "key")


@pytest.mark.parametrize("text", ["", "A B", "A(", "A()", "A(x, x)", "A@", "1A", "A(x y)"])
def test_heads_that_cannot_be_read(text):
    with pytest.raises(GrammarTextError):
        parse_head(text)


def test_the_case_of_a_key_is_its_mode():
    assert [mode_of_key(key) for key in ("I", "bVI", "vi", "#iv", "V")] == ["major", "major", "minor", "minor", "major"]
