"""Values of parameters given as text, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorygen.grammar.style import Style, load_style, resolve_parameters
from theorygen.source.diagnostic import InputError

PARAMETERS = """\
parameters:
  phrases: {default: 4, range: [1, 12], help: "how many phrases"}
  density: {default: 0.5, range: [0, 1]}
  size: {default: small, choices: [small, large]}
  bars: {default: 8, choices: [4, 8, 16]}
  pickup_note: {default: true}
  motto: {default: none}
"""


@pytest.fixture
def style(tmp_path: Path) -> Style:
    path = tmp_path / "style.yaml"
    path.write_text("theorygen: 1\nabstract: true\n" + PARAMETERS)
    return load_style(path)


GOOD = [
    ("phrases", "6", 6), ("phrases", " 12 ", 12), ("density", "0.25", 0.25), ("density", "1", 1),
    ("size", "large", "large"), ("bars", "16", 16), ("pickup_note", "false", False), ("pickup-note", "true", True),
    ("motto", "012", "012"), ("motto", "", ""),
]
BAD = [
    # name, text, code, column, words
    ("phrase", "4", "unknown-parameter", 1, "did you mean 'phrases'?"),
    ("tempo", "4", "unknown-parameter", 1, "phrases, density"),
    ("phrases", "four", "bad-parameter", 9, "a whole number from 1 to 12"),
    ("phrases", "13", "bad-parameter", 9, "how many phrases"),
    ("phrases", "-1", "bad-parameter", 9, "default 4"),
    ("phrases", "2.5", "bad-parameter", 9, "whole number"),
    ("phrases", "012", "bad-parameter", 9, "whole number"),
    ("phrases", "", "bad-parameter", 9, "whole number"),
    ("phrases", "true", "bad-parameter", 9, "whole number"),
    ("density", "1e999", "bad-parameter", 9, "from 0 to 1"),
    ("density", ".nan", "bad-parameter", 9, "from 0 to 1"),
    ("size", "larg", "bad-parameter", 6, "did you mean 'large'?"),
    ("bars", "5", "bad-parameter", 6, "4, 8, 16"),
    ("pickup_note", "yes", "bad-parameter", 13, "true or false"),
]


def test_defaults(style: Style) -> None:
    assert resolve_parameters(style, {}) == {
        "phrases": 4, "density": 0.5, "size": "small", "bars": 8, "pickup_note": True, "motto": "none"}


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_given(name: str, text: str, value: object, style: Style) -> None:
    read = resolve_parameters(style, {name: text})[name.replace("-", "_")]
    assert read == value
    assert isinstance(read, bool) == isinstance(value, bool)


@pytest.mark.parametrize(("name", "text", "code", "column", "words"), BAD)
def test_refused(name: str, text: str, code: str, column: int, words: str, style: Style) -> None:
    with pytest.raises(InputError) as refused:
        resolve_parameters(style, {name: text})
    (found,) = refused.value.diagnostics
    assert found.code == code
    assert found.render().startswith(f"--set:1:{column}: error:")
    assert words in found.render()
    assert found.remedy


def test_all_errors_at_once(style: Style) -> None:
    with pytest.raises(InputError) as refused:
        resolve_parameters(style, {"phrases": "x", "nothing": "1", "size": "tiny"})
    assert len(refused.value.diagnostics) == 3
