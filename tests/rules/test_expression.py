"""The expression language: what it means, and where it points when it cannot be read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.rules.expression import ExpressionError, Scope, parse_expression
from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, NUMBER, PITCH, VOICE, WORD, Kind, words
from theorygen.theory import Interval, Pitch

QUALITY = words("major", "minor", "half-diminished-seventh")
SCOPE = Scope({"size": INTEGER, "count.root": INTEGER, "distance": NUMBER, "moves": BOOLEAN, "same": BOOLEAN,
               "upper.pitch": PITCH, "lower.pitch": PITCH, "interval": INTERVAL, "voice": VOICE, "quality": QUALITY,
               "label": WORD, "chord.kind": words("major", "triad")})
VALUES = {"size": 3, "count.root": 2, "distance": 2.5, "moves": True, "same": False,
          "upper.pitch": Pitch.parse("G4").code, "lower.pitch": Pitch.parse("C4").code,
          "interval": Interval.parse("P5").code, "voice": "soprano", "quality": "half-diminished-seventh",
          "label": "half-diminished-seventh"}
WORDS = ("soprano", "half-diminished-seventh")


class Arrays:
    """The same values as arrays of three, as rules see them."""

    def field(self, path: str) -> Any:
        """One field, three times."""
        value = VALUES[path]
        return np.array([WORDS.index(value) if isinstance(value, str) else value] * 3)

    def word(self, kind: Kind, text: str) -> int:
        """The code of a word."""
        return WORDS.index(text) if text in WORDS else -2


GOOD = [
    ("true", True), ("false", False), ("moves", True), ("not moves", False), ("not same and moves", True),
    ("same or moves", True), ("same and moves or moves", True), ("moves and not (same or moves)", False),
    ("moves != same", True), ("moves == true", True), ("(size > 2) == moves", True),
    ("size == 3", True), ("3 == size", True), ("size != count.root", True), ("1 < size <= 3", True),
    ("1 < size < 3", False), ("size in (1, 3)", True), ("size not in (1, 2)", True), ("size in [3]", True),
    ("size + count.root * 2 - 1 == 6", True), ("size % 2 == 1", True), ("size / 2 == 1.5", True), ("-size < 0", True),
    ("distance > size - 1", True), ("abs(count.root - size) == 1", True), ("min(size, count.root) == 2", True),
    ("max(size, count.root, 7) == 7", True), ("size == (3 if moves else 4)", True), ("distance <= 2.5", True),
    ("interval == P5", True), ("P5 == interval", True), ("interval >= d5", True), ("A4 < interval", True),
    ("interval in (P4, P5)", True), ("interval < -P5", False), ("-interval == -P5", True),
    ("m3 <= interval <= M6", True),
    ("interval - M2 == P4", True), ("interval - P5 == P1", True), ("abs(interval) == P5", True),
    ("upper.pitch == G4", True), ("upper.pitch == 'G4'", True), ("upper.pitch != 'F##4'", True),
    ("C4 <= lower.pitch <= upper.pitch", True), ("upper.pitch - lower.pitch == P5", True),
    ("lower.pitch + P5 == upper.pitch", True), ("upper.pitch - P5 == lower.pitch", True),
    ("upper.pitch in (C4, 'Eb4', G4)", True),
    ("voice == soprano", True), ("voice == 'soprano'", True), ("voice != alto", True),
    ("voice in (alto, soprano)", True),
    ("voice not in (alto, tenor)", True), ("quality == half_diminished_seventh", True),
    ("quality == 'half-diminished-seventh'", True), ("quality in (major, minor)", False),
    ("upper.pitch - C4 == P5", True), ("upper.pitch - A4 > -P5", True), ("upper.pitch - A4 < C4", False),
    ("C5 - upper.pitch == P4", True), ("M2 + lower.pitch == 'D4'", True), ("abs(upper.pitch - D4) in (P4, P5)", True),
    ("max(lower.pitch, C4) == C4", True), ("C4 < max(E4, lower.pitch)", True), ("min(interval, M3) == M3", True),
    ("min(size, distance) == 2.5", True), ("upper.pitch == (G4 if moves else lower.pitch)", True),
    ("label == quality", True), ("label == 'half-diminished-seventh'", True),
    ("M3 == min(interval, M3)", True), ("  size == 3  ", True), ("size == 3 and\n moves", True),
]


# Text, what is said, and the part of the text pointed at.
BAD = [
    ("", "this is not a complete expression", ""),
    ("size ==", "this is not a complete expression", ""),
    ("size = 3", "one '=' assigns, it does not compare", "="),
    ("moves && same", "'&&' is not used here", "&&"),
    ("moves || same", "'||' is not used here", "||"),
    ("siez == 3", "unknown name 'siez'", "siez"),
    ("moves and count.rot > 1", "unknown name 'count.rot'", "count.rot"),
    ("moves and  wrong", "unknown name 'wrong'", "wrong"),
    ("quality == majr", "'majr' is not one of the words allowed here", "majr"),
    ("quality in (major, green)", "'green' is not one of the words allowed here", "green"),
    ("interval == P3", None, "P3"),
    ("upper.pitch == H4", None, "H4"),
    ("size and moves", "this is a whole number", "size"),
    ("not size", "this is a whole number", "size"),
    ("moves < same", "a true or false has no order", "moves < same"),
    ("voice < alto", "a word has no order", "voice < alto"),
    ("size == moves", "a true or false cannot be compared with a whole number", "moves"),
    ("interval == upper.pitch", "a pitch cannot be compared with a interval", "upper.pitch"),
    ("size in 3", "'in' needs a list", "3"),
    ("size in ()", "the list is empty", "()"),
    ("size is 3", "this comparison is not used here", "size is 3"),
    ("size ** 2 == 9", "this operator is not used here", "size ** 2"),
    ("upper.pitch + lower.pitch == C4", None, "upper.pitch + lower.pitch"),
    ("moves + 1 == 2", None, "moves + 1"),
    ("-moves", "this sign does not fit here", "-moves"),
    ("open(size) == 3", "'open' cannot be called here", "open(size)"),
    ("size.bit_length() == 2", None, "size.bit_length()"),
    ("abs(size, 2) == 3", "abs needs values of one kind", "abs(size, 2)"),
    ("min(size, interval) == 3", "min needs values of one kind", "min(size, interval)"),
    ("size == (3 if moves else P5)", None, None),
    ("quality == chord.kind", "these words are of different lists", "chord.kind"),
    ("voice == quality", "these words are of different lists", "quality"),
    ("quality in (major, chord.kind)", "these words are of different lists", "chord.kind"),
    ("quality == (quality if moves else chord.kind)", None, None),
    ("abs(quality) == major", "abs of a word has no meaning", "abs(quality)"),
    ("max(moves, same)", "max of a true or false has no meaning", "max(moves, same)"),
    ("abs(upper.pitch) == C4", "abs of a pitch has no meaning", "abs(upper.pitch)"),
    ("upper.pitch - C4 > D4", None, "C4"),
    ("size / 0 > 1", "nothing can be divided by zero", "0"),
    ("size % (2 - 2) == 1", "nothing can be divided by zero", None),
    ("distance / 0.0 > 1", "nothing can be divided by zero", "0.0"),
    ("size < 10000000000", "this number is too large", "10000000000"),
    ("size < 1e400", "this number is too large", "1e400"),
    ("[size for size in (1, 2)]", "this part of Python is not used here", "[size for size in (1, 2)]"),
    ("(lambda: moves)()", None, None),
    ("size[0] == 1", "this part of Python is not used here", "size[0]"),
    ("moves and __import__('os')", "'__import__' cannot be called here", "__import__('os')"),
    ("size == None", "this constant is not used here", "None"),
    ("size", "this is a whole number", "size"),
    ("voice == 'viiø7' and wrong", "unknown name 'wrong'", "wrong"),
    ("interval", "this is a interval", "interval"),
    ("moves and " * 250 + "moves", "the expression is longer than 2000 characters", None),
]


@pytest.mark.parametrize(("text", "wanted"), GOOD)
def test_a_good_expression_means_the_same_for_values_and_arrays(text: str, wanted: bool) -> None:
    expression = parse_expression(text, SCOPE, BOOLEAN)
    assert expression.evaluate(VALUES.__getitem__) == wanted
    assert np.broadcast_to(expression.run(Arrays()), 3).tolist() == [wanted] * 3


@pytest.mark.parametrize(("text", "message", "part"), BAD)
def test_a_bad_expression_is_pointed_at(text: str, message: str | None, part: str | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, SCOPE, BOOLEAN)
    error = caught.value
    assert error.message
    if message is not None:
        assert error.message == message
    if part:
        assert text[error.position : error.position + error.length] == part
    assert 0 <= error.position <= len(text)


@pytest.mark.parametrize(("text", "near"), [
    ("siez == 3", "size"), ("count.rot > 1", "count.root"), ("quality == majr", "major"), ("mox(size, 1) > 1", "max"),
])
def test_a_misspelt_name_is_answered_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, SCOPE, BOOLEAN)
    assert caught.value.nearest == near


@pytest.mark.parametrize(("text", "names"), [
    ("size == 3 and moves", {"size", "moves"}), ("interval > P5 or not moves", {"interval", "moves"}), ("true", set()),
])
def test_an_expression_knows_the_fields_it_reads(text: str, names: set[str]) -> None:
    assert parse_expression(text, SCOPE).names == names


def test_a_whole_number_will_do_where_a_number_is_wanted() -> None:
    assert parse_expression("2 if size > 2 else 0.5", SCOPE, NUMBER).evaluate(VALUES.__getitem__) == 2
    assert parse_expression("size", SCOPE, NUMBER).kind == INTEGER


NUMBERS = st.integers(-20, 20)


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, min_size=1, max_size=4))
def test_comparisons_and_lists_agree_with_python(first: int, second: int, items: list[int]) -> None:
    scope = Scope({"a": INTEGER, "b": INTEGER})
    listed = ", ".join(map(str, items)) + ","
    text = f"a < b <= 3 or a in ({listed}) and not (b not in ({listed})) or min(a, b) == abs(a)"
    wanted = first < second <= 3 or (first in items and second in items) or min(first, second) == abs(first)
    assert parse_expression(text, scope).evaluate({"a": first, "b": second}.__getitem__) == wanted


@given(st.text(st.characters(max_codepoint=126), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_expression(text, SCOPE, BOOLEAN)
    except ExpressionError as error:
        assert 0 <= error.position <= max(len(text), 1)
