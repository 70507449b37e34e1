"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by docs/generate.py; change what it is made from instead. -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; ``|`` in cells is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(_cell(text) for text in line) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """A short text as code."""
    return f"`{text}`"


def sentence(text: str) -> str:
    """A docstring as a sentence on one line."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def anchor(heading: str) -> str:
    """The anchor of a heading."""
    kept = [sign for sign in heading.lower() if sign.isalnum() or sign in " -_"]
    return "".join(kept).replace(" ", "-")
