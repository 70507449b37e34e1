"""Figures in time, and in another key."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.score import parse_text_score
from theorygen.score.figured_bass import stacks_in_time
from theorygen.theory import FiguredBass, Interval

SHARES = {
    ("6", "1"): ["0"], ("4-3", "2"): ["0", "1"], ("4-3", "1"): ["0", "1/2"], ("9-8", "3"): ["0", "2"],
    ("7-6", "3/2"): ["0", "1"], ("5-6-5", "3"): ["0", "1", "2"], ("5-6-5-6", "4"): ["0", "1", "2", "3"],
}


@pytest.mark.parametrize("case", SHARES)
def test_stacks_share_a_note(case):
    text, length = case
    stacks = list(stacks_in_time(text, Fraction(5), Fraction(length)))
    assert [onset - 5 for onset, _ in stacks] == [Fraction(share) for share in SHARES[case]]
    assert "-".join(stack for _, stack in stacks) == text


FIGURES = ("", "6", "#", "n", "b", "#6", "6 5", "6 b5", "7 #", "7 n", "4 2", "#4 2", "b7", "#6 n", "9 7")


@given(st.sampled_from(["C", "G", "F", "a", "e", "c", "Bb", "f#"]), st.sampled_from(["C3", "D3", "Bb2", "F#3", "G#2"]),
       st.sampled_from(FIGURES), st.sampled_from(["M2", "m3", "P4", "P5", "-m2", "-M3"]))
def test_transposed_figures_ask_for_the_transposed_notes(key, note, figures, interval):
    score = parse_text_score(f"signature: {key} | S: C5 | B: {note}")
    by = Interval.parse(interval)
    moved = replace(score, figures=((Fraction(0), figures),)).transpose(by)
    notes = [FiguredBass.parse(text).pitch_classes(one.voices[-1].events[0].pitch.pitch_class, one.keys[0][1])
             for one, text in ((score, figures), (moved, moved.figures[0][1]))]
    assert [str(pitch.transpose(by)) for pitch in notes[0]] == [str(pitch) for pitch in notes[1]]


def test_what_is_no_figured_bass_is_left_alone():
    score = replace(parse_text_score("B: C3"), figures=((Fraction(0), "tasto solo"),))
    assert score.transpose(Interval.parse("M2")).figures == score.figures
