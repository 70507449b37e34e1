"""Lines of pieces in colour on a terminal; plain under NO_COLOR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {"heading": "bold", "hard": "bold red", "soft": "yellow", "detail": "dim", "rule": "cyan", "good": "green"}
_LEAST_WIDTH = 20


def print_lines(lines: Iterable[Sequence[tuple[str, str]]], console: Console | None = None) -> None:
    """Prints lines of (words, kind) pieces; a long one goes on under its first word.

    Args:
        lines: what to print.
        console: where to; standard output when left out, without colour under NO_COLOR.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    for line in lines:
        text = Text.assemble(*((words, STYLES.get(kind, "")) for words, kind in line))
        margin = len(text.plain) - len(text.plain.lstrip(" 0123456789"))
        if console.width - margin < _LEAST_WIDTH:
            margin = 0
        number, body = text.divide([margin])
        for index, part in enumerate(body.wrap(console, console.width - margin) or [body]):
            console.print((number if index == 0 else Text(" " * margin)) + part, soft_wrap=True)
