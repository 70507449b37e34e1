"""The reduced skeleton: chord tones, what embellishments stand for, revoicings, and a plain reading of the rule."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fixtures import SCORES, scores
from theorygen.score import Score, parse_text_score
from theorygen.score.skeleton import completed_later
from theorygen.theory import Pitch


def shown(score: Score, grid: str = "skeleton") -> list[str]:
    """The slots of a grid as words."""
    slots = score.slots(grid)
    return [" ".join(str(Pitch.from_code(code)) if code >= 0 else "r" for code in row) for row in slots.codes.tolist()]


REDUCED = [
    ("a passing note", "in C: I I6 | S: C5*1/2 D5*1/2 E5 | B: C3 E3", ["C5 C3", "E5 E3"]),
    ("a suspension stands for its resolution", "in C: I V | S: C5*3/2 B4*1/2 | B: C3 G3", ["C5 C3", "B4 G3"]),
    ("an escape note stands for what came before", "in C: V I | S: D5*1/2 E5*1/2 C5 | B: G3 C3", ["D5 G3", "C5 C3"]),
    ("a foreign note over its own chord", "in C: I ii I | S: G4*3 | B: E3 F3 E3", ["G4 E3", "G4 F3", "G4 E3"]),
    ("an arpeggio has a slot for each note", "in C: I*2 V | S: C5*1/2 E5*1/2 G5 D5 | B: C3*2 G3",
     ["C5 C3", "E5 C3", "G5 C3", "D5 G3"]),
    ("an exchange of voices", "in C: I*2 V | S: E5 C5 D5 | B: C4 E4 G4", ["E5 C4", "C5 E4", "D5 G4"]),
    ("a return is no new note", "in C: I*2 V | S: C5 B4*1/2 C5*1/2 D5 | B: C3*2 G3", ["C5 C3", "D5 G3"]),
    ("a rest is a rest", "in C: I*2 V | S: C5 r B4 | B: C3*2 G3", ["C5 C3", "r C3", "B4 G3"]),
    ("nothing where no chord is declared", "in C: I r V | S: C5 A4 B4 | B: C3 F3 G3", ["C5 C3", "B4 G3"]),
]


@pytest.mark.parametrize(("name", "text", "wanted"), REDUCED, ids=[case[0] for case in REDUCED])
def test_reduction(name: str, text: str, wanted: list[str]) -> None:
    assert shown(parse_text_score(text)) == wanted


def test_the_grid_of_chords_has_the_first_note_of_each_voice() -> None:
    score = parse_text_score("in C: I*2 V | S: D5 C5*1/2 E5*1/2 D5 | B: C3*2 G3")
    assert shown(score, "chords") == ["C5 C3", "D5 G3"]
    assert score.slots("chords").arpeggios.tolist() == [[True, False], [False, False]]


def test_slots_of_a_revoiced_chord() -> None:
    score = parse_text_score("in C: I*2 V | S: D5*1/2 C5 E5*1/2 D5 | B: C3*2 G3")
    slots = score.slots("skeleton")
    assert slots.revoiced.tolist() == [False, True, False]
    assert slots.passed.tolist() == [[False, False], [False, True], [False, False]]
    assert [float(onset) for onset in slots.onsets] == [0, 1.5, 2]
    assert [float(length) for length in slots.durations] == [1.5, 0.5, 1]
    assert (slots.begins / slots.ticks).tolist() == [[0.5, 0], [1.5, 0], [2, 2]]
    assert (slots.ends / slots.ticks).tolist() == [[1.5, 2], [2, 2], [3, 3]]


CHORDS = ("I", "V", "IV", "vi", "ii6", "V7", "r")


@st.composite
def figured(draw: st.DrawFn) -> Score:
    """One or two voices of random eighths over chords of one or two quarters."""
    lines = []
    for label, octave in (("S", 5), ("B", 3))[: draw(st.integers(1, 2))]:
        words, total = [], 0
        while total < 16:
            length = draw(st.sampled_from((1, 1, 2, 3)))
            words.append(f"{draw(st.sampled_from(['r', *'CDEFGABCEG']))}{octave}*{length}/2".replace(f"r{octave}", "r"))
            total += length
        lines.append(f"{label}: {' '.join(words)}")
    chords = " ".join(f"{draw(st.sampled_from(CHORDS))}*{draw(st.integers(1, 2))}" for _ in range(5))
    return parse_text_score(" | ".join([f"in C: {chords}", *lines]))


def plain(score: Score) -> list[tuple[float, tuple[int, ...]]]:
    """The skeleton by the definition: slots and their notes, found note by note in halves of quarters."""
    found: list[tuple[float, tuple[int, ...]]] = []
    for chord in score.chords:
        moments = [chord.onset + Fraction(step, 2) for step in range(int(chord.duration * 2))]
        names = {member.pitch_class for member in chord.numeral.members}
        columns = []
        for voice in score.pitched_voices:
            heard = [next((event.pitch for event in voice.events if event.onset <= one < event.end), None)
                     for one in moments]
            columns.append([_stands_for(heard, place, names) for place in range(len(heard))])
        rows = list(zip(*columns, strict=True))
        found += [(float(one), row) for place, (one, row) in enumerate(zip(moments, rows, strict=True))
                  if place == 0 or row != rows[place - 1]]
    return found


def _stands_for(heard: list[Pitch | None], place: int, names: set) -> int:
    if heard[place] is None:
        return -1
    after = [pitch for pitch in heard[place:] if pitch is not None and pitch.pitch_class in names]
    before = [pitch for pitch in heard[:place] if pitch is not None and pitch.pitch_class in names]
    own = after[:1] or before[-1:] or heard[:1]
    return own[0].code if own[0] is not None else -1


@settings(max_examples=120, deadline=None)
@given(figured())
def test_the_skeleton_is_what_its_definition_says(score: Score) -> None:
    slots = score.slots("skeleton")
    assert [(float(onset), tuple(row)) for onset, row in zip(slots.onsets, slots.codes.tolist(), strict=True)] == [
        (onset, row) for onset, row in plain(score) if onset < score.end]
    assert slots.chords[~slots.revoiced].tolist() == list(range(len(score.chords)))


@pytest.mark.parametrize("name", SCORES)
def test_block_chords_are_their_own_skeleton(name: str) -> None:
    """Where every voice has notes of the chord alone, one for each chord, nothing is reduced."""
    score = SCORES[name]
    attacks, slots = score.slots("attacks"), score.slots("skeleton")
    raw = attacks.codes[[attacks.onsets.index(chord.onset) for chord in score.chords]]
    if len(slots) == len(score.chords) and (slots.begins == slots.times[:-1, None])[~slots.silent].all():
        np.testing.assert_array_equal(slots.codes, raw.reshape(slots.codes.shape))
        assert not slots.revoiced.any()


@given(scores())
def test_what_no_chord_holds_has_no_skeleton(score: Score) -> None:
    assert len(score.slots("skeleton")) == len(score.slots("chords")) == 0


COMPLETED = [
    ("a seventh reached from the octave", "in C: V7*2 I | S: G4 F4 E4 | A: D4*2 C4 | T: B3*2 C4 | B: G3*2 C3", [True]),
    ("a seventh in the next chord", "in C: V V7 I | S: G4 F4 E4 | A: D4*2 C4 | T: B3*2 C4 | B: G3*2 C3",
     [False, False]),
    ("the same notes exchanged", "in C: I*2 V | S: E5 C5 D5 | A: G4*2 G4 | B: C4 E4 G4", [False]),
    ("a passing note", "in C: I*2 V | S: E5 F5 D5 | A: G4*2 G4 | B: C4*2 G4", [False]),
]


@pytest.mark.parametrize(("name", "text", "expected"), COMPLETED, ids=[case[0] for case in COMPLETED])
def test_what_a_chord_lacks_may_come_later(name: str, text: str, expected: list[bool]) -> None:
    score = parse_text_score(text)
    slots = score.slots("skeleton")
    assert completed_later(score, slots)[~slots.revoiced].tolist() == [*expected, False]
