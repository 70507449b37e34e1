"""RomanText: what is read, what is written, and how wrong analyses are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.compose.composition import Composer
from theorygen.grammar.style import load_style
from theorygen.score import Bar, Score, parse_text_score
from theorygen.score.roman_text import format_roman_text, parse_roman_text
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key

SCORE = parse_text_score("S: G4*16 | B: C3*16")
PICKUP = parse_text_score("S: G4*9 | B: C3*9 | beat: 4")


def read(text: str, score: Score = SCORE) -> list[str]:
    """Onset, key and numeral of every chord."""
    return [f"{chord.onset} {chord.key_text}: {chord.numeral_text}" for chord in parse_roman_text(text).chords(score)]


def test_measures_beats_and_keys() -> None:
    assert read("m1 C: I b3 V6\nm2 b2.5 G: V4/3 b3.33 I") == ["0 C: I", "2 C: V6", "11/2 G: V43", "19/3 G: I"]


def test_a_chord_lasts_until_the_next() -> None:
    chords = parse_roman_text("m1 C: I b3 V\nm3 I").chords(SCORE)
    assert [chord.duration for chord in chords] == [2, 6, 8]


def test_a_pickup_counts_from_its_beat() -> None:
    assert read("m0 b4 C: V\nm1 I", PICKUP) == ["0 C: V", "1 C: I"]


@pytest.mark.parametrize(("written", "plain"), [
    ("V6/5/V", "V65/V"), ("ii/o6/5", "iiø65"), ("viio4/3/vi", "viio43/vi"), ("Ger6/5", "Ger65"), ("Cad6/4", "Cad64"),
    ("V2", "V42")])
def test_every_way_to_write_a_figure(written: str, plain: str) -> None:
    assert read(f"m1 C: {written}") == [f"0 C: {plain}"]


def test_two_numerals_on_one_beat_are_a_pivot() -> None:
    first, second = parse_roman_text("m1 C: I b3 vi G: ii").chords(SCORE)
    assert first.pivot_of is None
    assert (second.numeral_text, second.key_text) == ("ii", "G")
    assert second.pivot_of is not None and second.pivot_of.key == Key.parse("C")


def test_double_bars_and_repeats_end_phrases() -> None:
    chords = parse_roman_text("m1 C: I b2 V || b3 I :||\nm2 ||: V b3 I ||").chords(SCORE)
    assert [chord.phrase for chord in chords] == [0, 0, 1, 2, 2]


def test_measures_may_repeat_earlier_ones() -> None:
    assert read("m1 C: I b3 V\nm2 I\nm3-4 = m1-2") == ["0 C: I", "2 C: V", "4 C: I", "8 C: I", "10 C: V", "12 C: I"]


def test_repeated_measures_end_their_phrases_again_and_leave_their_key() -> None:
    chords = parse_roman_text("m1 C: I b3 V ||\nm2 G: I\nm3 C: V\nm4-5 = m1-2\nm6 V").chords(
        parse_text_score("S: G4*24 | B: C3*24"))
    assert [chord.phrase for chord in chords] == [0, 0, 1, 1, 1, 1, 2, 2]
    assert chords[-1].key_text == "G"


def test_variants_notes_and_pedals_are_passed_over() -> None:
    text = "Title: A\nNote: m1 is odd\nPedal: C m1 b1 m2 b1\n\n% a remark\nm1 C: I\nm1var1 C: V\nm2 V"
    assert read(text) == ["0 C: I", "4 C: V"]
    assert parse_roman_text(text).headers["title"] == "A"


def test_time_signatures_hold_from_the_next_measure() -> None:
    found = parse_roman_text("Time Signature: 3/4\nm1 C: I\nTime Signature: C\nm5 V").meters
    assert [(measure, str(meter)) for measure, meter in found] == [(1, "3/4"), (5, "4/4")]


def test_a_bar_split_by_a_repeat_may_count_once() -> None:
    bars = (Bar(Fraction(0), 1), Bar(Fraction(2), 2, Fraction(2)), Bar(Fraction(4), 3))
    split = Score(SCORE.parts, bars=bars)
    assert read("m1 C: I b3 V\nm2 I", split) == ["0 C: I", "2 C: V", "4 C: I"]
    assert read("m1 C: I\nm2 b3 V\nm3 I", split) == ["0 C: I", "2 C: V", "4 C: I"]


@pytest.mark.parametrize(("text", "line", "column", "said"), [
    ("m1 I", 1, 4, "before any key"),
    ("m1 C: I b2 H7", 1, 12, "'H7' is not a Roman numeral"),
    ("m1 C: I b2 V\nm2 H: I", 2, 4, "key"),
    ("m9 C: I", 1, 7, "the score has no measure 9, beat 1"),
    ("m1 C: I b5 V\nm2 I", 1, 12, "the score has no measure 1, beat 5"),
    ("m1 C: I\nm4 b9 V", 2, 7, "the score has no measure 4, beat 9"),
    ("m2 C: I\nm1 V", 2, 4, "does not come after"),
    ("what is this", 1, 1, "no line of RomanText"),
    ("Time Signature: 4\nm1 C: I", 1, 1, "meter"),
    ("m1 C: I\nm5-6 = m1-3", 2, 1, "cannot be copied"),
])
def test_what_is_wrong_is_shown_at_its_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(text)
    first = raised.value.diagnostics[0]
    assert first.mark is not None and (first.mark.line, first.mark.column) == (line, column)
    assert said in first.message


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        read("m1 C: H b2 J\nm2 K")
    assert len(raised.value.diagnostics) == 3


def test_an_empty_file_is_no_analysis() -> None:
    with pytest.raises(InputError, match="no measure"):
        parse_roman_text("Title: nothing")


@pytest.mark.parametrize("seed", range(6))
def test_what_is_written_reads_back(seed: int) -> None:
    score = Composer(load_style("textbook-chorale"), {"level": "6"}).compose(seed).score
    again = parse_roman_text(format_roman_text(score)).chords(score)
    assert [(chord.onset, chord.duration, chord.numeral, chord.pivot_of, chord.phrase) for chord in again] \
        == [(chord.onset, chord.duration, chord.numeral, chord.pivot_of, chord.phrase) for chord in score.chords]


@pytest.mark.parametrize("seed", range(3))
def test_music21_reads_what_is_written(seed: int) -> None:
    from music21 import converter, roman

    score = Composer(load_style("textbook-chorale"), {"level": "4"}).compose(seed).score
    stream = converter.parse(format_roman_text(score), format="romantext")
    found = stream.flatten().getElementsByClass(roman.RomanNumeral)
    assert [numeral.root().name.replace("-", "b") for numeral in found] \
        == [str(chord.numeral.root) for chord in score.chords]
