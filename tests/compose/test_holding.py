"""What is held of a score: chords last as far as somebody wrote them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from theorygen.compose.holding import HOLD_ALL, given_of, held_task
from theorygen.grammar.style import load_style
from theorygen.score import ChordEvent, Score, parse_text_score
from theorygen.theory import Key, RomanNumeral

KEY = Key.parse("C")
NAMES = ("soprano", "alto", "tenor", "bass")


def told(bass: str) -> Score:
    """A soprano of four bars and a bass, with I in the first bar and V on the last beat."""
    score = parse_text_score(f"S: C5 D5 E5 F5 E5 D5 E5 F5 E5 D5 E5 F5 E5 F5 E5 D5 | B: {bass}")
    chords = tuple(ChordEvent(Fraction(onset), Fraction(length), RomanNumeral.parse(numeral, KEY))
                   for onset, length, numeral in ((0, 15, "I"), (15, 1, "V")))
    return replace(score, chords=chords)


@pytest.mark.parametrize(("bass", "free"), [
    ("C3*4 r*4 r*4 r*3 G3", range(4, 15)), ("C3*4 C3*4 r*4 r*3 G3", range(8, 15)),
    ("C3*4 C3*4 C3*4 C3 r*2 G3", ()), ("C3*4 C3*4 C3*4 C3*3 G3", ())])
def test_where_nothing_is_written_any_chord_may_stand(bass: str, free: range) -> None:
    allows = given_of(told(bass), NAMES, HOLD_ALL).allows
    assert allows is not None
    assert [time for time in range(16) if allows(Fraction(time), RomanNumeral.parse("IV", KEY))] == list(free)


def test_chords_are_chosen_where_some_are_missing() -> None:
    style = load_style("textbook-chorale")
    assert held_task(told("C3*4 r*4 r*4 r*3 G3"), style, HOLD_ALL) is None
    assert held_task(told("C3*4 C3*4 C3*4 C3*3 G3"), style, HOLD_ALL) is not None
