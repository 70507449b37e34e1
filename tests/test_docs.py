"""The manual is true: its pages are up to date, and its examples do what they show.

After a change of rules, weights or styles: ``python docs/generate.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import generate  # noqa: E402
from generator import picture  # noqa: E402
from generator.blocks import BlockError, blocks_of, refreshed  # noqa: E402
from generator.markdown import anchor  # noqa: E402

SOURCES = generate.sources()
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
COMMANDS = (
    "python -m venv .venv && .venv/bin/pip install -e . && "
    ".venv/bin/theorygen compose textbook-chorale --seed 7 -o chorale.musicxml",
    ".venv/bin/pip install -e '.[dev]' && .venv/bin/pytest",
)


def named(paths: dict[Path, str]) -> list:
    """One parameter for each page."""
    return [pytest.param(path, text, id=str(path.relative_to(ROOT))) for path, text in paths.items()]


def text_of(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "source"), named(SOURCES))
def test_examples_do_what_they_show(path: Path, source: str) -> None:
    assert generate.with_outputs(path, source) == text_of(path), "run: python docs/generate.py"


@pytest.mark.parametrize(("path", "page"), named(generate.rules()))
def test_pages_about_rules_are_up_to_date(path: Path, page: str) -> None:
    assert path.exists() and text_of(path) == page, "run: python docs/generate.py"


def test_no_page_is_left_over() -> None:
    assert generate.leftovers(generate.rules()) == []


def test_the_picture_shows_the_piece() -> None:
    assert picture.is_current(ROOT / picture.PATH), "run: python docs/generate.py"


def pages() -> Iterator[Path]:
    """All pages of the manual."""
    yield from SOURCES
    yield from sorted((ROOT / "docs" / "rules").glob("*.md"))


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in pages()])
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for target, section in LINK.findall(text_of(path)):
        aim = path.parent / target if target else path
        if not aim.exists() or (section and section not in sections(aim)):
            broken.append(f"{target}#{section}")
    assert broken == []


def sections(path: Path) -> set[str]:
    """Anchors of a page's headings."""
    return {anchor(re.sub(r"[\[`\]]|\([^)]*\)", "", line.lstrip("# "))) for line in text_of(path).splitlines()
            if line.startswith("#")}


def test_the_readme_shows_the_two_commands() -> None:
    shown = [block.body.strip() for block in blocks_of(text_of(ROOT / "README.md"))]
    assert [command for command in COMMANDS if command not in shown] == []


def test_every_rule_of_the_library_has_an_entry() -> None:
    from theorygen.rules.rule_set import load_library

    index = text_of(ROOT / "docs" / "rules" / "README.md")
    assert [name for name in load_library() if f"[{name}](" not in index] == []


def test_importing_the_package_is_light() -> None:
    heavy = "{'numpy', 'yaml', 'pydantic', 'music21', 'typer', 'rich', 'mido'}"
    code = f"import sys, theorygen; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_names_at_the_top_are_there() -> None:
    import theorygen

    assert [name for name in theorygen.__all__ if not callable(getattr(theorygen, name))] == []
    with pytest.raises(AttributeError):
        theorygen.no_such_name  # noqa: B018


@pytest.mark.parametrize(("page", "message"), [
    ("```console run\n$ theorygen compose no-such-style\n```", "left with 2"),
    ("```python run\n1 / 0\n```", "ZeroDivisionError"),
    ("```yaml file=a.yaml lint\ntheorygen: 1\nextends: textbook-chorale\nkeyz: {}\n```", "unknown key"),
    ("```yaml derive=T length=9\nT: I\n```", "0 derivations"),
    ("```yaml file=a.yaml lint\ntheorygen: 1\nextends: textbook-chorale\nrules:\n"
     "  low: {over: note, forbid: pitch > E5, good: 'S: F5 | B: C3'}\n```", "broken in this good example"),
])
def test_an_example_that_fails_is_noticed(page: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(BlockError, match=message):
        refreshed(page, "page.md", tmp_path)


def test_outputs_are_put_in_and_shortened(tmp_path: Path) -> None:
    page = "```python run\nfor n in range(4):\n    print(n)\n```\n\n```text output lines=2\nold\n```\nend\n"
    assert "```text output lines=2\n0\n1\n...\n```\nend\n" in refreshed(page, "page.md", tmp_path)
