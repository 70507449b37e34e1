"""RomanText in time: measures, meters, pickups, pivots and phrases."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.compose.progression import Progression
from theorygen.compose.roman_file import progression_of
from theorygen.grammar.style import load_style
from theorygen.score.roman_text import format_roman_text, parse_roman_text
from theorygen.solve.answers import best
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Meter

FULL = """\
Composer: Somebody
Title: An example
Time Signature: 4/4

m0 b4 C: I
m1 V6 b2 I b3 IV b4 ii6
m2 V7 b3 I || b4 vi
m3 I6 b2 vi G: ii b3 V b4 V7
m4 I b3 ii6 b3.5 ii65 b4 V7
Time Signature: 3/4
m5 I || b3 C: IV
m6 ii65 b2 V7
m7 I
"""


def read(text: str) -> Progression:
    return progression_of(parse_roman_text(text), Meter(4, 4))


def test_everything_falls_into_its_place() -> None:
    found = read(FULL)
    assert (found.title, found.composer, found.key, found.pickup) == ("An example", "Somebody", Key.parse("C"), 1)
    assert found.meters == ((Fraction(0), Meter(4, 4)), (Fraction(17), Meter(3, 4)))
    assert [chord.onset for chord in found.chords][:3] == [0, 1, 2]
    assert [chord.phrase for chord in found.chords] == [0] * 7 + [1] * 10 + [2] * 4
    pivot = next(chord for chord in found.chords if chord.pivot)
    assert pivot.pivot and (pivot.pivot.text, pivot.alternatives[0][0].text, pivot.onset) == ("vi", "ii", 10)
    assert found.chords[-1].onset + found.chords[-1].duration == 1 + 4 * 4 + 3 * 3


def test_what_is_voiced_is_what_was_written() -> None:
    task = read(FULL).task(load_style("textbook-chorale"))
    score = task.score(best(task.problem))
    written = parse_roman_text(FULL).readings
    again = parse_roman_text(format_roman_text(score)).readings
    assert [(one.measure, one.beat, one.numeral, one.pivot_of, one.phrase) for one in again] == [
        (one.measure, one.beat, one.numeral, one.pivot_of, one.phrase) for one in written]
    assert score.composer == "Somebody" and score.pickup == 1


@pytest.mark.parametrize(("text", "onsets", "pickup"), [
    ("m1 C: I b3 V\nm2 I", [0, 2, 4], 0),
    ("m5 C: I b3 V\nm6 I", [0, 2, 4], 0),
    ("m1 b3 C: V b4 V7\nm2 I", [0, 1, 2], 2),
    ("m1 C: I\nm3 V\nm4 I", [0, 8, 12], 0),
    ("m1 C: I b2.5 V\nm2 I", [0, Fraction(3, 2), 4], 0),
    ("Time Signature: 6/8\nm1 C: I b2 V\nm2 I", [0, Fraction(3, 2), 3], 0),
])
def test_times(text: str, onsets: list[Fraction], pickup: int) -> None:
    found = read(text)
    assert [chord.onset for chord in found.chords] == onsets and found.pickup == pickup


def test_without_double_bars_there_is_one_phrase() -> None:
    assert {chord.phrase for chord in read("m1 C: I b3 V\nm2 I").chords} == {0}


@pytest.mark.parametrize(("text", "words"), [
    ("m1", "there is no numeral"),
    ("m1 C: I b5 V", "4/4 has no beat 5"),
    ("Time Signature: 3/4\nm1 C: I b4 V", "3/4 has no beat 4"),
    ("m1 C: I b3 V b2 I", "does not come after"),
    ("m1 C: I\nm99999 V", "does not go on from measure 1"),
])
def test_what_cannot_be_placed_is_told(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert words in str(caught.value)
