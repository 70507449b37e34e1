"""Every row of styles.yaml is refused with a code, a place, a caret and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from theorygen.grammar.style import lint_style, load_style
from theorygen.source.diagnostic import Diagnostic, InputError

HERE = Path(__file__).parent
GOOD = (HERE / "good.yaml").read_text(encoding="utf-8")
ROWS = yaml.safe_load((HERE / "styles.yaml").read_text(encoding="utf-8"))


def text_of(row: dict[str, Any]) -> str:
    """The file of a row, with its «."""
    if "text" in row:
        return str(row["text"])
    text = GOOD
    for old, new in row["change"].items():
        assert text.count(old) == 1, f"'{old}' must stand once in good.yaml"
        text = text.replace(old, new)
    return text


def place_of(text: str) -> tuple[int, int] | None:
    """Line and column of the «."""
    if "«" not in text:
        return None
    before = text[: text.index("«")]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def write(row: dict[str, Any], folder: Path) -> Path:
    """The file of a row, written."""
    path = folder / "style.yaml"
    path.write_text(text_of(row).replace("«", ""), encoding="utf-8")
    return path


def is_meant(diagnostic: Diagnostic, row: dict[str, Any]) -> bool:
    """Whether this is what the row expects, words aside."""
    place = place_of(text_of(row))
    mark = diagnostic.mark
    return diagnostic.code == row["code"] and (
        place is None or (mark is not None and (mark.line, mark.column) == place))


def named(row: dict[str, Any]) -> str:
    return str(row["name"])


def test_the_good_style_is_good(tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert lint_style(path) == []
    assert load_style(path).title == "Good"


def test_names_are_unique() -> None:
    assert len({named(row) for row in ROWS}) == len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_is_refused_at_its_place(row: dict[str, Any], tmp_path: Path) -> None:
    path = write(row, tmp_path)
    found = lint_style(path)
    meant = [one for one in found if is_meant(one, row)]
    assert meant, "\n".join(map(str, found)) or "nothing was found"
    shown = meant[0].render()
    assert all(word in shown for word in row.get("words", ())), shown
    assert str(path) in shown
    assert "^" in shown
    assert meant[0].expected or meant[0].nearest or meant[0].remedy, shown


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_does_not_load(row: dict[str, Any], tmp_path: Path) -> None:
    path = write(row, tmp_path)
    if all(one.severity == "warning" for one in lint_style(path)):
        assert load_style(path).warnings
        return
    with pytest.raises(InputError) as refused:
        load_style(path)
    assert refused.value.diagnostics == tuple(lint_style(path))
