"""Fermatas: a tune's own are those of the answer in all voices; where it has none they stand at the cadences."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.compose.test_harmonize import given_tune
from theorygen.compose.answering import answers
from theorygen.compose.harmonize import Harmonizer
from theorygen.compose.question import Question
from theorygen.grammar.style import load_style
from theorygen.score.score import Score


def ends(score: Score) -> list[set[Fraction]]:
    """For each voice the ends of its notes under fermatas."""
    return [{event.end for event in voice.events if event.fermata} for voice in score.voices]


@pytest.mark.parametrize(("text", "times"), [
    ("E4 F4 G4 E4 D4 D4 C4:2 E4 F4 G4 A4 G4 F4 E4 E4^ E4 F4 G4 E4 D4 D4 C4 C4^", {16, 24}),
    ("E4 F4 G4 E4 D4 D4 C4:2^ E4 F4 G4 A4 G4 F4 E4 E4 E4 F4 G4 E4 D4 D4 C4 C4", {8}),
    ("E4 F4 G4 E4 D4 D4 C4 C4", {8}),
])
def test_fermatas_are_those_of_the_tune_or_of_its_cadences(text: str, times: set[int]) -> None:
    task = Harmonizer(load_style("textbook-chorale"), {"level": 3}).task(given_tune("C", "4/4", "0", text))
    score = answers(task, Question())[0].score
    assert ends(score) == [times] * 4


def test_a_note_over_several_chords_has_the_fermata_of_the_last() -> None:
    tune = given_tune("G", "3/4", "1", "D4 G4:2 B4 B4:2 A4 G4:2 E4 D4:2 D4 G4:2 B4 B4:2 A4 D5:5")
    score = answers(Harmonizer(load_style("textbook-chorale"), {"level": 4}).task(tune), Question())[0].score
    last = score.pitched_voices[0].events[-1]
    assert last.fermata and ends(score) == [ends(score)[0]] * 4
    assert sum(chord.onset >= last.onset for chord in score.chords) > 1
