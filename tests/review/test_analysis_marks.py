"""Embellishments written into a score."""

from __future__ import annotations

from fractions import Fraction

from theorygen.review.analysis_marks import marks_of
from theorygen.rules.check import VoicedNote
from theorygen.rules.embellishments import short_names
from theorygen.rules.world import EMBELLISHMENTS
from theorygen.score import parse_text_score
from theorygen.theory import Pitch


def test_a_tied_suspension_is_coloured_from_its_attack_and_named_where_it_is_foreign() -> None:
    marks = marks_of(parse_text_score("in C: I V | S: E5 D5 | A: G4 G4 | T: C4~ C4*1/2 B3*1/2 | B: C3 G2"))
    assert list(marks.colours) == [VoicedNote("tenor", Fraction(0), Pitch.parse("C4"))]
    assert [(comment.onset, comment.voice, comment.text) for comment in marks.comments] == [(1, "tenor", "S")]


def test_chord_tones_have_no_mark() -> None:
    marks = marks_of(parse_text_score("in C: I V | S: E5 D5 | A: G4 G4 | T: C4 B3 | B: C3 G2"))
    assert not marks.colours and not marks.comments


def test_every_kind_has_a_short_name() -> None:
    assert len(short_names()) == len(EMBELLISHMENTS)
    assert all(short_names()[1:])
