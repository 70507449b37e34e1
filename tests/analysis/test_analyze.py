"""Analyses of whole scores: relations that hold, and what cannot be analysed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from theorygen.analysis.analyze import analyze
from theorygen.analysis.report import analysis_data
from theorygen.compose.composition import Composer
from theorygen.grammar.style import load_style
from theorygen.score import Score, ScoreError, parse_text_score
from theorygen.theory import Interval

CHORALE = ("S: C5 D5*1/2 E5*1/2 F5 E5 D5*2 C5; | A: G4 A4 A4 G4 A4 B4*1 G4 | "
           "T: E4 F4 D4 C4 D4 G4*1/2 F4*1/2 E4 | B: C3 F3 D3 C3 F3 G3 C3")


def numerals(score: Score) -> list[str]:
    """Key and numeral of every chord."""
    return [f"{chord.key_text}: {chord.numeral_text}" for chord in score.chords]


def composed(seed: int, level: int = 3) -> Score:
    return Composer(load_style("textbook-chorale"), {"level": str(level)}).compose(seed).score


def test_a_cadence_is_read_as_one() -> None:
    score = analyze(parse_text_score("S: E5 D5 D5 C5; | A: G4 A4 G4 G4 | T: C4 F4 F4 E4 | B: C3 D3 G3 C3"))
    assert numerals(score) == ["C: I", "C: ii", "C: V7", "C: I"]


def test_passing_tones_make_no_chord() -> None:
    score = analyze(parse_text_score(
        "S: E5*1/2 D5*1/2 C5 B4 C5; | A: G4 F4*1/2 E4*1/2 D4 E4 | T: C4 C4 G4 G4 | B: C3 F3 G3 C3"))
    assert numerals(score) == ["C: I", "C: IV", "C: V", "C: I"]
    kinds = {(one["note"], one["kind"]) for one in analysis_data(score)["embellishments"]}
    assert ("D5", "passing-tone") in kinds


@pytest.mark.parametrize("seed", range(4))
def test_an_analysis_moves_with_the_music(seed: int) -> None:
    score = replace(composed(seed), chords=())
    up = Interval.parse("M2")
    before, after = analyze(score), analyze(score.transpose(up))
    assert [chord.transpose(up).numeral for chord in before.chords] == [chord.numeral for chord in after.chords]


def test_declared_chords_are_not_looked_at() -> None:
    score = composed(1)
    assert analyze(score).chords == analyze(replace(score, chords=())).chords


def test_a_blind_analysis_mostly_agrees_with_what_was_composed() -> None:
    agreed = total = 0.0
    for seed in range(12):
        score = composed(seed)
        for theirs in score.chords:
            found = analyze(score).chord_at(theirs.onset)
            assert found is not None
            agreed += float(theirs.duration) * (found.numeral.root == theirs.numeral.root)
            total += float(theirs.duration)
    assert agreed / total > 0.9


def test_chords_fill_the_score_without_gaps() -> None:
    score = analyze(composed(2))
    assert score.chords[0].onset == 0
    assert score.chords[-1].end == score.end
    assert all(before.end == after.onset for before, after in zip(score.chords, score.chords[1:], strict=False))


def test_no_chord_goes_on_through_a_general_rest() -> None:
    score = analyze(parse_text_score(
        "S: E5 D5 r r D5 E5 | A: G4 G4 r r G4 G4 | T: C4 B3 r r B3 C4 | B: C3 G3 r r G3 C3"))
    assert score.chord_at(Fraction(2)) is None and score.chord_at(Fraction(3)) is None
    assert numerals(score) == ["C: I", "C: V", "C: V", "C: I"]
    assert [chord.phrase for chord in score.chords] == [0, 0, 1, 1]


def test_fermatas_end_phrases() -> None:
    score = analyze(parse_text_score("S: E5 D5; D5 C5; | A: G4 G4 G4 G4 | T: C4 B3 F4 E4 | B: C3 G3 G3 C3"))
    assert [chord.phrase for chord in score.chords if chord.first_in_phrase] == [0, 1]


@pytest.mark.parametrize("text", ["S: r r", "S: r*4 | B: r*4"])
def test_nothing_sounds(text: str) -> None:
    with pytest.raises(ScoreError, match="no notes"):
        analyze(parse_text_score(text))


@pytest.mark.parametrize("text", [
    "S: C5", "S: C5 D5 E5", "S: C5 r E5 | B: C3 r C3", "S: [C4 E4 G4] [B3 D4 G4]",
    "S: C##5 Gb4 | B: F##3 Cbb3", "S: C5*1/3 D5*1/3 E5*1/3 | B: C3"])
def test_any_music_has_an_analysis(text: str) -> None:
    assert analyze(parse_text_score(text)).chords


@pytest.mark.parametrize(("text", "expected"), [
    ("S: E5*2 D5*2 D5*2 E5*2; | A: C5*2 B4*2 B4*2 C5*2 | T: G4*2 G4*2 G4*2 G4*2 | B: C3*2 G3*2 G2*2 C3*2",
     ["C: I", "C: V", "C: I"]),
    ("S: C5 D5 E5 E5; | A: E4 F4 G4 E4 | T: A3 A3 B3 C4 | B: A2 D3 E3 A2 | signature: a",
     ["a: i", "a: iv", "a: v", "a: i"]),
    ("S: C5 A4 C5 C5 B4 A4; | A: E4 F4 D#4 E4 E4 E4 | T: A3 D4 A3 A3 G#3 C4 | B: A2 D3 F2 E2 E2 A2 | signature: a",
     ["a: i", "a: iv", "a: Ger65", "a: i64", "a: V", "a: i"]),
    ("S: C5 D5 D#5 E5 C5; | A: E4 F4 A4 G#4 A4 | T: A3 A3 A3 B3 E4 | B: A2 D3 F3 E3 A2 | signature: a",
     ["a: i", "a: iv", "a: It6", "a: V", "a: i"]),
    ("S: C5 D5 D#5 E5 C5; | A: E4 F4 B4 B4 A4 | T: A3 A3 A3 G#3 E4 | B: A2 D3 F3 E3 A2 | signature: a",
     ["a: i", "a: iv", "a: Fr43", "a: V", "a: i"]),
    ("S: C5 Bb4 G#4 A4; | A: E4 F4 E4 E4 | T: A3 D4 B3 C4 | B: A2 D3 E3 A2 | signature: a",
     ["a: i", "a: N6", "a: V", "a: i"]),
], ids=["a chord over the barline", "minor dominant", "German sixth", "Italian sixth", "French sixth", "Neapolitan"])
def test_exercises_are_read_as_a_teacher_reads_them(text: str, expected: list[str]) -> None:
    assert numerals(analyze(parse_text_score(text))) == expected
