"""YAML as data with places: values of YAML 1.2, marks of keys and values, places inside scalars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.source.diagnostic import InputError
from theorygen.source.document import Document, parse_document

VALUES = [
    ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"), ("true", True), ("False", False),
    ("6:4", "6:4"), ("4/4", "4/4"), ("1_000", "1_000"), ("2001-01-01", "2001-01-01"), ("0x1F", "0x1F"),
    ("0o17", "0o17"), ("0", 0), ("-3", -3), ("+4", 4), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("1.", 1.0),
    ("-", None), ("~", None), ("null", None), ("'12'", "12"), ('"true"', "true"), (".inf", ".inf"),
    ("V7", "V7"), ("#4", None), ("b6", "b6"), ("1/2", "1/2"), ("-1/2", "-1/2"), ("1.2.3", "1.2.3"), ("=", "="),
]


@pytest.mark.parametrize(("text", "value"), [row for row in VALUES if row[0] not in ("-",)])
def test_plain_scalars(text: str, value: object) -> None:
    read = parse_document(f"a: {text}", "a.yaml").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_text() -> None:
    data = parse_document("1: a\ntrue: b\nno: c\n1.5: d", "a.yaml").data
    assert data == {"1": "a", "true": "b", "no": "c", "1.5": "d"}


@pytest.mark.parametrize("text", ["012", "-07", "00", "1" * 30])
def test_doubtful_numbers_are_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_document(f"a: {text}", "a.yaml")
    (found,) = refused.value.diagnostics
    assert (found.mark and found.mark.place) == ("a.yaml", 1, 4)
    assert found.remedy


def test_anchors_share_values_and_places() -> None:
    document = parse_document("a: &x [1, {b: 2}]\nc: *x", "a.yaml")
    assert document.data == {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}
    assert str(document.mark(("c", 1, "b"))) == "a.yaml:1:15"


SHOWN = """\
title: Good
empty:
harmony:
  T: {I: 5, "I V": 2}
  D:
    - V
    - to: V7
      weight: 2
tempo: [66, 84]
"""
MARKS = [
    # path, of the key?, line, column, length
    ((), False, 1, 1, 11),
    (("title",), False, 1, 8, 4),
    (("title",), True, 1, 1, 5),
    (("empty",), False, 2, 1, 5),
    (("harmony",), True, 3, 1, 7),
    (("harmony",), False, 4, 3, 19),
    (("harmony", "T", "I V"), False, 4, 20, 1),
    (("harmony", "T", "I V"), True, 4, 13, 5),
    (("harmony", "D", 0), False, 6, 7, 1),
    (("harmony", "D", 0), True, 6, 7, 1),
    (("harmony", "D", 1, "weight"), False, 8, 15, 1),
    (("harmony", "D", 1, "when"), False, 7, 7, 6),
    (("harmony", "S", "I"), False, 3, 1, 7),
    (("tempo",), False, 9, 8, 8),
    (("tempo", 1), False, 9, 13, 2),
    (("tempo", 7), False, 9, 1, 5),
    (("nothing",), False, 1, 1, 11),
]


@pytest.mark.parametrize(("path", "key", "line", "column", "length"), MARKS)
def test_marks(path: tuple[str | int, ...], key: bool, line: int, column: int, length: int) -> None:
    mark = parse_document(SHOWN, "a.yaml").mark(path, key)
    assert (mark.line, mark.column, mark.length) == (line, column, length)
    assert mark.text == SHOWN.splitlines()[line - 1]


INSIDE = [
    # text of the value, offset, what stands there
    ("I V vi", 2, "V"), ("'I V vi'", 2, "V"), ('"I V vi"', 4, "vi"), ("'it''s V'", 5, "V"), (r'"a\tb V"', 4, "V"),
    (r'"\u00e9 V"', 2, "V"), (r'"\\ \" V"', 4, "V"), ("I\n   V vi", 2, "V"), ("'I\n   V vi'", 4, "vi"),
    ("|\n   I\n   V vi", 2, "V"), (">\n   I\n   V vi", 4, "vi"), ("|2\n      I\n    V", 4, "V"),
    ("|2\n      I\n    V", 2, "I"), (r'"a\tb"', 2, "b"), ("é 𝄞 V", 4, "V"),
    ('"I \\\n   V"', 2, "V"), ("|-\n\n   I\n\n   V", 4, "V"),
]


@pytest.mark.parametrize(("text", "offset", "word"), INSIDE)
def test_inside_scalars(text: str, offset: int, word: str) -> None:
    document = parse_document(f"first: 1\na:\n  b: {text}\n", "a.yaml")
    mark = document.mark_inside(("a", "b"), offset, len(word))
    assert mark.text[mark.column - 1 :].startswith(word), mark.caret()
    assert mark.length == len(word)


def test_inside_keys() -> None:
    document = parse_document("{'I V': 1}", "a.yaml")
    assert document.mark_inside_key(("I V",), 2).column == 5


WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1), min_size=1)


@given(WORDS, st.data())
def test_every_character_of_a_quoted_text_is_found(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    quoted = "'" + text.replace("'", "''") + "'"
    document = parse_document(f"a: {quoted}", "a.yaml")
    offset = data.draw(st.integers(0, len(text) - 1))
    mark = document.mark_inside(("a",), offset)
    assert mark.text[mark.column - 1] == text[offset]


LETTERS = st.text(st.characters(codec="ascii", categories=("L", "N")))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10**9, 10**9) | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ 0", min_size=1), inner, max_size=4),
    max_leaves=30,
)


@given(JSON)
def test_json_is_read_as_json(value: object) -> None:
    import json

    assert parse_document(json.dumps({"value": value}), "a.json").data == {"value": value}


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse_document(text, "a.yaml")
    except InputError as refused:
        assert all(one.mark and one.render() for one in refused.diagnostics)
    else:
        assert isinstance(document, Document) and document.mark().line >= 1


def test_windows_lines_and_byte_order_marks() -> None:
    document = parse_document("a: 1\r\nb: I V\r\n", "a.yaml")
    assert document.mark(("b",)).text == "b: I V"
    assert document.mark_inside(("b",), 2).column == 6


def test_errors_come_together_and_sorted() -> None:
    with pytest.raises(InputError) as refused:
        parse_document("a: 012\na: 1\nb: !x y\nc: [", "a.yaml")
    assert [one.code for one in refused.value.diagnostics] == [
        "leading-zero", "duplicate-key", "unknown-tag", "yaml-syntax"]
