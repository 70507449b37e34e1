"""The nearest known name to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like ``word``, or None when none is near; case and - versus _ do not count."""
    by_key = {_key(name): name for name in names}
    found = get_close_matches(_key(word), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def _key(name: str) -> str:
    return name.lower().replace("_", "-")
