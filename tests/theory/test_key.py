"""Keys: names, scales, degrees and key areas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.strategies import keys, small_intervals
from theorygen.theory import Interval, Key, PitchClass, TheoryError

NAMES = {
    "C": "C major", "c": "C minor", "a": "A minor", "Bb": "Bb major", "bb": "Bb minor", "b": "B minor",
    "B": "B major", "F#": "F# major", "f#": "F# minor", "G minor": "G minor", "g minor": "G minor",
    "C major": "C major", "c major": "C major", "D dorian": "D dorian", "d Dorian": "D dorian",
    "A harmonic-minor": "A harmonic minor", "A melodic minor": "A melodic minor", "B-": "Bb major",
}
NONSENSE = {
    "": (0, None), "H": (0, None), "C mjor": (2, "C major"), "D dorien": (2, "D dorian"), "C#major": (2, "C# major"),
    "C ": (2, None), "7": (0, None),
}
AREAS = {
    ("C", "V"): "G major", ("C", "ii"): "D minor", ("C", "bVI"): "Ab major", ("C", "N"): "Db major",
    ("C", "V/ii"): "A major", ("C", "i"): "C minor", ("a", "V"): "E major", ("a", "v"): "E minor",
    ("a", "VI"): "F major", ("a", "VII"): "G major", ("a", "vii"): "G# minor", ("a", "bVI"): "F major",
    ("a", "III"): "C major", ("a", "I"): "A major",
}
NO_AREAS = {"": 0, "H": 0, "V7": 1, "viio": 3, "V/": 2, "V//ii": 2, "V/x": 2, "x/V": 0}


@given(keys)
def test_text_round_trips(key: Key) -> None:
    assert Key.parse(str(key)) == key


@given(keys)
def test_short_text_names_the_same_signature(key: Key) -> None:
    assert Key.parse(key.short).signature == key.signature


@pytest.mark.parametrize("text", NAMES)
def test_names(text: str) -> None:
    assert str(Key.parse(text)) == NAMES[text]


@given(keys)
def test_a_scale_has_each_letter_once(key: Key) -> None:
    assert sorted(note.letter for note in key.scale) == list(range(7))
    assert key.scale[0] == key.tonic


@given(keys, small_intervals)
def test_transposing_a_key_transposes_its_scale(key: Key, interval: Interval) -> None:
    assert key.transpose(interval).scale == tuple(note.transpose(interval) for note in key.scale)
    assert key.transpose(interval).leading_tone == key.leading_tone.transpose(interval)


@given(keys, st.integers(1, 7), st.integers(-1, 1))
def test_degrees_round_trip(key: Key, number: int, alter: int) -> None:
    degree = key.degree_of(key.degree(number, alter))
    assert (degree.number, degree.alter) == (number, alter)


@given(keys)
def test_the_leading_tone_is_a_minor_second_below(key: Key) -> None:
    assert str(key.leading_tone.interval_to(key.tonic)) == "m2"


def test_signatures() -> None:
    texts = ["C", "a", "F#", "bb", "D dorian", "E phrygian", "F lydian", "B locrian", "c"]
    assert [Key.parse(text).signature for text in texts] == [0, 0, 6, -5, 0, 0, 0, 0, -3]


def test_minor_degrees_count_from_natural_minor() -> None:
    key = Key.parse("a")
    assert str(key.degree_of(PitchClass.parse("G#"))) == "#7"
    assert str(Key.parse("A harmonic minor").degree_of(PitchClass.parse("G#"))) == "7"


@pytest.mark.parametrize(("key", "numeral"), AREAS)
def test_key_areas(key: str, numeral: str) -> None:
    assert str(Key.parse(key).at(numeral)) == AREAS[key, numeral]


@pytest.mark.parametrize("numeral", NO_AREAS)
def test_what_is_no_key_area_is_located(numeral: str) -> None:
    with pytest.raises(TheoryError) as caught:
        Key.parse("C").at(numeral)
    assert caught.value.position == NO_AREAS[numeral]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_located(text: str) -> None:
    with pytest.raises(TheoryError) as caught:
        Key.parse(text)
    assert (caught.value.position, caught.value.nearest) == NONSENSE[text]
    assert caught.value.expected


@pytest.mark.parametrize(("text", "key"), [
    ("Gm", "G minor"), ("B♭", "Bb major"), ("F♯m", "F# minor"), ("Cmaj", "C major")])
def test_other_ways_to_write_a_key(text: str, key: str) -> None:
    assert str(Key.parse(text)) == key
