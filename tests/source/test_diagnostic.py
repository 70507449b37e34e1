"""How diagnostics and marks look."""

from __future__ import annotations

import pytest

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest
from theorygen.source.marks import Mark

MARK = Mark("style.yaml", 12, 3, 6, "  harmny: x")


def test_rendering() -> None:
    found = Diagnostic("unknown-key", "unknown key 'harmny'", MARK, "form, harmony", "harmony", "correct the name")
    assert found.render() == str(found) == (
        "style.yaml:12:3: error: unknown key 'harmny'\n"
        "  harmny: x\n"
        "  ^^^^^^\n"
        "expected: form, harmony\n"
        "did you mean 'harmony'?\n"
        "remedy: correct the name"
    )


def test_rendering_without_a_place() -> None:
    assert Diagnostic("c", "wrong", severity="warning").render() == "warning: wrong"
    assert Diagnostic("c", "wrong", Mark("a.yaml")).render() == "a.yaml: error: wrong"


@pytest.mark.parametrize(("mark", "caret"), [
    (Mark("a", 1, 1, 3, "abc"), "abc\n^^^"),
    (Mark("a", 1, 3, 9, "abc"), "abc\n  ^"),
    (Mark("a", 1, 4, 1, "abc"), "abc\n   ^"),
    (Mark("a", 1, 2, 1, "\tabc"), "\tabc\n\t^"),
    (Mark("a", 1, 1, 1, ""), "\n^"),
])
def test_carets(mark: Mark, caret: str) -> None:
    assert mark.caret() == caret


@pytest.mark.parametrize("column", [1, 60, 500, 999, 1000])
def test_long_lines_are_clipped_around_the_place(column: int) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(1000))
    shown, carets = Mark("a", 1, column, 1, line).caret().split("\n")
    assert len(shown) <= 126
    assert shown[carets.index("^")] == line[column - 1]


def test_errors_are_sorted_and_told_once() -> None:
    first, second = Diagnostic("a", "a", Mark("f", 1, 2)), Diagnostic("b", "b", Mark("f", 1, 9))
    found = Diagnostics()
    found.extend([second, first, second])
    with pytest.raises(InputError) as refused:
        found.raise_errors()
    assert refused.value.diagnostics == (first, second)
    assert str(refused.value).index("error: a") < str(refused.value).index("error: b")


def test_warnings_alone_do_not_raise() -> None:
    found = Diagnostics()
    found.add(Diagnostic("w", "doubtful", severity="warning"))
    found.raise_errors()
    assert not found.has_errors and len(found) == 1


def test_as_dict() -> None:
    assert Diagnostic("c", "m", MARK).as_dict()["place"] == {
        "file": "style.yaml", "line": 12, "column": 3, "length": 6}


@pytest.mark.parametrize(("word", "near"), [
    ("harmny", "harmony"), ("HARMONY", "harmony"), ("hArmny", "harmony"), ("zzz", None), ("", None)])
def test_nearest(word: str, near: str | None) -> None:
    assert nearest(word, ["form", "harmony", "rules"]) == near
