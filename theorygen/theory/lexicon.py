"""The lexicon: scales, chord qualities, figures and special chords, read once from ``lexicon.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from theorygen.theory.interval import Interval


@cache
def lexicon() -> dict[str, Any]:
    """The whole lexicon as plain data. Read on first use; callers must not change it."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("lexicon.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=loader)
    return data


@cache
def interval_fifths(name: str) -> int:
    """An upward interval as a distance on the line of fifths: P5 is 1, M3 is 4, m7 is -2."""
    interval = Interval.parse(name)
    return 7 * interval.semitones - 12 * interval.steps


@cache
def scale_fifths(mode: str) -> tuple[int, ...]:
    """The seven degrees of a mode as distances from the tonic on the line of fifths."""
    return tuple(interval_fifths(name) for name in lexicon()["scales"][mode])


@cache
def modes() -> tuple[str, ...]:
    """Names of the modes a key can have, major and minor first."""
    return tuple(lexicon()["scales"])
