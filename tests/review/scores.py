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


RULES = (
    "all-voices-similar", "chord-complete-triad", "contrary-perfect", "final-tonic-tripled-root",
    "leading-tone-inner-resolves", "melodic-no-augmented", "no-double-leading-tone", "parallel-fifths",
    "parallel-unison-octave", "range-alto", "smooth-total", "tessitura-centre", "third-required", "voice-overlap")
"""The rules they are judged by: some that forbid and some that cost."""


def reviewed(text: str, name: str = "exercise.txt") -> Review:
    """The review of a score in text notation by some rules of strict-textbook."""
    return review(parse_text_score(text), profile("strict-textbook").only(RULES), "strict-textbook", name)
