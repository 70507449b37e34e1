"""Rules that are taken for granted: what makes a chord the one that is written, and how voices stand in one chord.

A teacher asked why something cannot be sung names parallels and leading tones, and not that the bass has the note its
figures say. So explanations begin with other rules, and music that must break some breaks these last.
"""

from __future__ import annotations

from theorygen.rules.rule import Rule

_OF_CHORD = ("chord", "completeness", "notation")
_OF_VOICES = ("range", "spacing")


def is_of_chord(rule: Rule) -> bool:
    """Whether a rule says of a single chord that it is the one that was asked for: its notes, bass and spelling."""
    return _looks_at_one_chord(rule) and rule.details.get("category") in _OF_CHORD


def is_basic(rule: Rule) -> bool:
    """Whether a rule says of a single chord that it is the one asked for, or where voices stand in it."""
    return is_of_chord(rule) or (_looks_at_one_chord(rule) and rule.details.get("category") in _OF_VOICES)


def _looks_at_one_chord(rule: Rule) -> bool:
    return rule.window is not None and rule.window.slots == 1
