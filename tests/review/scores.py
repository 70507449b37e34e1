"""Scores that reviews are tried on."""

from __future__ import annotations

from theorygen.review.review import Review, review
from theorygen.rules.rule_set import profile
from theorygen.score.text_notation import parse_text_score

DOUBLED = "in C: I V I6 | S: C5 B4 C5 | A: G4 G4 G4 | T: E4 B3 C4 | B: C3 G3 E3 | title: Exercise"
"""A doubled leading tone whose two copies rise: one fault."""

MESSY = ("in C: I V I IV V I I V I(PAC) | S: C5 B4 C5 C5 D5 E5 E5 D5 C5 | A: G4 D4 E4 A4 B4 C5 G4 G4 G4 "
         "| T: E4 B3 C4 F4 G4 G4 C4 B3 E4 | B: C3 G3 C3 F3 G3 C4 C3 G3 C3")
"""Faults of many kinds, several of one rule, over three measures."""

CLEAN = "in C: I V I | S: C5 B4 C5 | A: G4 G4 G4 | T: E4 D4 E4 | B: C3 G3 C3"


def reviewed(text: str, name: str = "exercise.txt", rules: str = "strict-textbook") -> Review:
    """The review of a score in text notation by a profile."""
    return review(parse_text_score(text), profile(rules), rules, name)
