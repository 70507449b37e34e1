"""Figured bass: abbreviated figures, their complete intervals, and the notes they ask for."""

from __future__ import annotations

from functools import cache

from theorygen.theory.lexicon import lexicon


@cache
def _abbreviations() -> dict[tuple[int, ...], str]:
    """Complete figures to the shortest text for them, the first in the lexicon among equals."""
    table: dict[tuple[int, ...], str] = {}
    for text, numbers in lexicon()["figured-bass"].items():
        table.setdefault(tuple(numbers), text)
    return table | {(9, 7, 5, 3): "9", (6, 4, 2): "42"}


def abbreviate_figures(figures: tuple[int, ...]) -> str:
    """Complete figures as printed: (6, 5, 3) is ``65``, (5, 3) is nothing."""
    text = _abbreviations().get(figures)
    return "".join(map(str, figures)) if text is None else text
