"""A given bass: its notes, phrases and key."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.compose.bass_line import BassLine, bass_of, key_of, read_bass
from theorygen.render.files import write_score
from theorygen.score import parse_text_score
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Pitch, PitchClass

KEYS = {
    "C C3 C3": "C", "C A2 A2": "a", "C A2 E3": "a", "C G3 C3": "C", "C E3 E3": "C", "a E3 E3": "a", "a E3 C3": "C",
    "g G3 D3": "g", "D D3 A2": "D", "f# F#3 A2": "A",
}
"""What the file says of its signature, the first and the last bass note; and the key."""


def line(text: str, key: str | None = None) -> BassLine:
    """A bass in text notation."""
    return bass_of(parse_text_score(text), "bass.txt", Key.parse(key) if key else None)


@pytest.mark.parametrize("case", KEYS)
def test_keys(case: str) -> None:
    signature, first, last = case.split()
    found, reason = key_of(Key.parse(signature), Pitch.parse(first).pitch_class, Pitch.parse(last).pitch_class)
    assert found == Key.parse(KEYS[case]) and reason


def test_a_given_key_is_taken_whatever_the_notes_say() -> None:
    assert line("B: C3 G3 C3", "a").key == Key.parse("a") and line("B: C3 G3 C3", "a").is_key_given
    assert not line("B: C3 G3 C3").is_key_given


@given(st.integers(-6, 6), st.booleans())
def test_a_bass_that_ends_on_its_tonic_is_in_its_key(fifths: int, minor: bool) -> None:
    key = Key(PitchClass.from_fifths(fifths + 3 * minor), "minor" if minor else "major")
    other = Key(PitchClass.from_fifths(fifths))
    assert key_of(other, other.degree(2), key.tonic)[0] == key


def test_ties_are_joined_and_repetitions_are_not() -> None:
    notes = line("B: C3*2~ C3*2 C3 D3*3").notes
    assert [(str(note.pitch), note.onset, note.duration, note.strength) for note in notes] == [
        ("C3", 0, 4, 3), ("C3", 4, 1, 3), ("D3", 5, 3, 1)]


def test_phrases_end_under_fermatas_and_before_a_bar_of_rest() -> None:
    assert [note.phrase for note in line("B: C3 D3 E3*2; F3 r G3*2 r*4 C3*4").notes] == [0, 0, 0, 1, 1, 2]


def test_the_only_part_is_the_bass_and_of_several_the_lowest() -> None:
    assert str(line("S: C5 D5").notes[0].pitch) == "C5"
    assert str(line("S: C5 D5 | T: E4 F4 | B: C3 D3").notes[0].pitch) == "C3"
    assert str(line("B: [C3 G3] D3").notes[0].pitch) == "C3"


def test_signatures_and_meters_stay() -> None:
    read = line("B: A2*3 E3*3 A2*3 | meter: 3/4 | signature: C G@6")
    assert read.key == Key.parse("a")
    assert [str(key) for _, key in read.keys] == ["A minor", "G major"]
    assert str(read.score.meters[0][1]) == "3/4"


def test_where_the_bass_stops() -> None:
    read = line("B: C3 r D3 r*2 E3")
    assert [read.sounding_until(Fraction(time)) for time in (1, 2, 3, 5, 6)] == [1, 1, 3, 3, 6]


def test_every_kind_of_file(tmp_path: Path) -> None:
    score = parse_text_score("title: Bass | B: C3 G2*1/2 A2*1/2 B2 C3; | beat: 4")
    for suffix in ("musicxml", "mid", "json"):
        path = tmp_path / f"bass.{suffix}"
        write_score(score, path)
        assert [(note.onset, str(note.pitch)) for note in read_bass(path).notes] == [
            (note.onset, str(note.pitch)) for note in bass_of(score, "").notes]
    text = tmp_path / "bass.txt"
    text.write_text("B: C3 G2 | beat: 4", encoding="utf-8")
    abc = tmp_path / "bass.abc"
    abc.write_text("X:1\nM:4/4\nL:1/4\nK:G\nG, D, G,,2|\nw: _ 6 _\n", encoding="utf-8")
    assert len(read_bass(text).notes) == 2
    assert read_bass(abc).key == Key.parse("G") and len(read_bass(abc).notes) == 3


def test_a_bass_needs_notes() -> None:
    with pytest.raises(InputError, match="no notes"):
        line("S: C5 C5 | B: r r")
