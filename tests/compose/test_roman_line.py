"""Roman numerals on one line: what stands there is read, and everything wrong is told at its place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression
from theorygen.compose.roman_line import parse_roman_line
from theorygen.score.ensemble import Ensemble
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Meter

SATB = Ensemble.named("satb")


def read(text: str, meter: str = "4/4", unit: Fraction | int = 1) -> Progression:
    return parse_roman_line(text, SATB, Meter.parse(meter), Fraction(unit))


def names(chord: PlannedChord) -> dict[str, float]:
    return {numeral.text: weight for numeral, weight in chord.alternatives}


def errors(text: str) -> list[tuple[int, int, str]]:
    """Column, length and nearest word of everything wrong."""
    with pytest.raises(InputError) as caught:
        read(text)
    return [(one.mark.column, one.mark.length, one.nearest or "") for one in caught.value.diagnostics if one.mark]


def test_chords_follow_each_other_a_unit_each() -> None:
    found = read("C: I V6 I IV", unit=Fraction(3, 2))
    assert [chord.alternatives[0][0].text for chord in found.chords] == ["I", "V6", "I", "IV"]
    assert [(chord.onset, chord.duration) for chord in found.chords] == [
        (Fraction(3, 2) * index, Fraction(3, 2)) for index in range(4)]
    assert found.key == Key.parse("C") and found.pickup == 0


@pytest.mark.parametrize("text", ["C: I:2 V:3/2 I:1/2", "C: I*2 V*3/2 I*1/2", "C: I - V:3/2 I:1/2"])
def test_lengths(text: str) -> None:
    assert [chord.duration for chord in read(text).chords] == [2, Fraction(3, 2), Fraction(1, 2)]


def test_keys_change_and_phrases_end() -> None:
    found = read("C: I V // a: i V || F: I")
    assert [str(chord.alternatives[0][0].key) for chord in found.chords] == [
        "C major", "C major", "A minor", "A minor", "F major"]
    assert [chord.phrase for chord in found.chords] == [0, 0, 1, 1, 2]


def test_phrases_without_chords_do_not_count() -> None:
    assert [chord.phrase for chord in read("C: // I V // // I //").chords] == [0, 0, 1]


@pytest.mark.parametrize(("text", "chords", "pivots"), [
    ("C: I vi G: ii V I", 4, [None, "vi", None, None]),
    ("C: I vi vi G: ii V I", 5, [None, None, "vi", None, None]),
    ("C: I vi | G: ii V I", 5, [None, None, "vi", None, None]),
    ("C: I vi6 G: ii V I", 5, [None, None, None, None, None]),
    ("C: I IV // G: IV V I", 5, [None, None, None, None, None]),
    ("C: I G: ii[pivot=vi] V I", 4, [None, "vi", None, None]),
    ("C: I vi C: vi V", 4, [None, None, None, None]),
])
def test_a_chord_written_again_in_a_new_key_is_a_pivot(text: str, chords: int, pivots: list[str | None]) -> None:
    found = read(text).chords
    assert len(found) == chords
    assert [chord.pivot and chord.pivot.text for chord in found] == pivots


def test_a_pivot_keeps_what_was_said_of_either_reading() -> None:
    pivot = read("C: I vi:2[top=1] G: ii[bass=2] V I").chords[1]
    assert pivot.duration == 2 and pivot.alternatives[0][0].text == "ii"
    assert pivot.degrees == {"soprano": frozenset({1}), "bass": frozenset({2})}


def test_open_chords_have_weights() -> None:
    found = read("C: I { ii6 | IV:3 }:2 V7")
    assert names(found.chords[1]) == {"ii6": 1.0, "IV": 3.0} and found.chords[1].duration == 2
    assert names(read("C: {V|V:2|viio6}").chords[0]) == {"V": 3.0, "viio6": 1.0}


def test_labels_and_cadences() -> None:
    found = read("C: V7[top={2,4}, region=sequence] I(PAC)[top=1]").chords
    assert found[0].degrees == {"soprano": frozenset({2, 4})} and found[0].region == "sequence"
    assert found[1].cadence == "PAC" and found[1].degrees == {"soprano": frozenset({1})}


def test_suffixes_stand_in_any_order_and_figures_may_have_brackets() -> None:
    first, second = read("C: V[no5](HC):2 V7[add9]:2(HC)").chords
    assert (first.alternatives[0][0].text, first.cadence, first.duration) == ("V[no5]", "HC", 2)
    assert (second.cadence, second.duration) == ("HC", 2)


@pytest.mark.parametrize(("text", "pickup"), [
    ("C: I | V6 I IV ii6 | V7 I", 1), ("C: | I V6 I IV | ii6 V7 I |", 0), ("C: I V6 I IV || ii6 V7 I", 0)])
def test_bar_lines_are_checked_and_a_short_first_bar_is_a_pickup(text: str, pickup: int) -> None:
    assert read(text).pickup == pickup


@pytest.mark.parametrize(("text", "columns"), [
    ("C: I V I | IV V | I", [17]), ("C: I V I IV V | I", [15]), ("C: I V I IV | I I I I I", [23])])
def test_wrong_bars_are_told(text: str, columns: list[int]) -> None:
    assert [column for column, _, _ in errors(text)] == columns


@pytest.mark.parametrize(("text", "places"), [
    ("", [(1, 1, "")]),
    ("   ", [(1, 3, "")]),
    ("C:", [(1, 2, "")]),
    ("I V I", [(1, 1, "")]),
    ("C: I Vx I", [(7, 1, "V")]),
    ("C: I Q7 I", [(6, 2, "")]),
    ("H: I", [(1, 1, "")]),
    ("C: I(PAQ)", [(6, 3, "PAC")]),
    ("C: I[tap=1]", [(6, 3, "top")]),
    ("C: I[top=8]", [(10, 1, "")]),
    ("C: I[top]", [(5, 5, "")]),
    ("C: I:0", [(6, 1, "")]),
    ("C: I:x", [(6, 1, "")]),
    ("C: I:1/11", [(6, 4, "")]),
    ("C: I:9999", [(6, 4, "")]),
    ("C: {ii6|XV} V", [(9, 2, "")]),
    ("C: {} V", [(4, 2, "")]),
    ("C: {ii6:0|IV} V", [(9, 1, "")]),
    ("C: - I", [(4, 1, "")]),
    ("C: I vi G: ii[pivot=iii] V", [(21, 3, "")]),
    ("C: ii[pivot=vi] V", [(13, 2, "")]),
    ("C: I{ V", [(5, 3, "")]),
    ("C: I] V", [(5, 1, "")]),
    ("C: I(PAQ) Vx I[tap=1] H: I", [(6, 3, "PAC"), (12, 1, "V"), (16, 3, "top"), (23, 1, "")]),
])
def test_everything_wrong_is_told_at_its_place(text: str, places: list[tuple[int, int, str]]) -> None:
    found = errors(text)
    assert [(column, length) for column, length, _ in found] == [(column, length) for column, length, _ in places]
    assert all(near in ("", told) for (_, _, told), (_, _, near) in zip(found, places, strict=True))
