"""Musical material for property tests: strategies for Hypothesis, and a plugin for pytest.

    from hypothesis import given
    from theorygen.testing import scores

    @given(scores("textbook-chorale", phrases=1))
    def test_something(score): ...

Everything is drawn exactly by the law of composing, never by trial, and shrinks: to the fewest chords, the plainest
key, the plainest chords and the most usual voicing. Hypothesis is loaded when a strategy is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorygen.testing.faulty import faulty_scores
    from theorygen.testing.following import assert_follows
    from theorygen.testing.in_style import scores
    from theorygen.testing.material import intervals, keys, pitches, roman_numerals
    from theorygen.testing.roman import progressions
    from theorygen.testing.sounding import sonorities, voicings
    from theorygen.testing.style_texts import styles

_WHERE = {
    "pitches": "material", "intervals": "material", "keys": "material", "roman_numerals": "material",
    "scores": "in_style", "faulty_scores": "faulty",
    "progressions": "roman", "sonorities": "sounding", "voicings": "sounding", "styles": "style_texts",
    "assert_follows": "following",
}
"""The module of each name."""

__all__ = ["assert_follows", "faulty_scores", "intervals", "keys", "pitches", "progressions", "roman_numerals",
           "scores", "sonorities", "styles", "voicings"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
