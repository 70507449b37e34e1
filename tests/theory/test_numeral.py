"""Roman numerals: fields, functions, round trips, transposition."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.theory.strategies import natural_tonics, small_intervals
from tests.theory.vocabulary import MAJOR, MINOR, OWN
from theorygen.theory import Interval, Key, PitchClass, RomanNumeral

numerals = st.sampled_from(
    [(text, mode) for mode, texts in (("major", MAJOR), ("minor", MINOR)) for text in texts + OWN]
)
STACK = ["root", "third", "fifth", "seventh", "ninth", "eleventh", "thirteenth"]
FUNCTIONS = {
    "C": "I T, I64 T, vi T, bVI T, iii T, ii65 P, IV P, iv6 P, N6 P, bII6 P, It6 P, Fr43 P, Ger65 P, V D, V7 D, V9 D,"
         "viio6 D, viiø7 D, viio7 D, Cad64 D, v -, bVII -, vii -, CTo7 -, V7/ii D, viio7/V D, V7sus4 D, ii65/V P,"
         "Ger65/V P, #ivo7 P, V7/V/ii D, Cad64/V D",
    "a": "i T, I T, III T, VI T, vi T, iiø65 P, iio6 P, iv P, IV P, N6 P, V D, v -, VII -, VII7 -, viio7 D, III+6 D,"
         "Cad64 D, V7/III D, V65/iv D, viio7/V D, iiø65/iv P, Vsus4 D, #viio7 D",
}
LEADING_TONES = {
    "C": "V B, V65 B, viio6 B, viiø7 B, iii -, Imaj7 -, Cad64 -, I -, V7/V F#, viio7/ii C#, v -, V7sus4 -, V[no3] -,"
         "ii65/V -, III+ -, CTo7 -, Ger65 -, V+7 B, IV/V -",
    "a": "V G#, v -, VII -, III -, III+6 G#, viio7 G#, V7/III B, V9 G#, i -, vio -",
}
ALTERED = {
    ("C", "V7"): "", ("C", "viio7"): "Ab-", ("C", "V7/V"): "F#+", ("C", "iv"): "Ab-", ("C", "N6"): "Db- Ab-",
    ("a", "V7"): "", ("a", "IV"): "", ("a", "viio7"): "", ("a", "N6"): "Bb-", ("a", "I"): "C#+", ("a", "viiø7"): "",
    ("a", "Ger65"): "D#+", ("C", "CTo7"): "D#+ F#+", ("D dorian", "IV"): "", ("D dorian", "V"): "C#+",
    ("A harmonic minor", "v"): "", ("C", "v"): "Bb-",
}
QUALITIES = {
    "I": ("major", "triad"), "ii7": ("minor-seventh", "seventh"), "viio65": ("diminished-seventh", "seventh"),
    "V9": ("dominant-ninth", "ninth"), "It6": ("italian-sixth", "augmented-sixth"), "N6": ("major", "neapolitan"),
    "bII6": ("major", "neapolitan"), "Cad64": ("major", "cadential-six-four"),
    "CTo7": ("diminished-seventh", "common-tone-diminished"), "V7sus4": ("suspended-fourth-seventh", "suspended"),
    "Iadd9": ("major", "added"), "V7[b9]": ("dominant-minor-ninth", "ninth"),
    "V13": ("dominant-thirteenth", "thirteenth"),
    "I+": ("augmented", "triad"), "V+7": ("augmented-seventh", "seventh"), "Imaj7": ("major-seventh", "seventh"),
    "Fr43": ("french-sixth", "augmented-sixth"), "Ger65": ("german-sixth", "augmented-sixth"),
    "V7[no5]": ("dominant-seventh", "seventh"), "iiø43": ("half-diminished-seventh", "seventh"),
}
CANONICAL = {
    "ii6/5": "ii65", "V4/3": "V43", "V2": "V42", "vii/o7": "viiø7", "vii°7": "viio7", "viiØ7": "viiø7", "IM7": "Imaj7",
    "Fr6": "Fr43", "Ger": "Ger65", "It": "It6", "Vsus": "Vsus4", "Iadd9": "I[add9]", "V7b9": "V7[b9]", "Vb9": "V7[b9]",
    "♭VI": "bVI", "V653/V": "V65/V", "Idom7": "Id7", "V7no3": "V7[no3]", "Cad": "Cad64", "I53": "I",
}
FIGURES = {
    "I": (5, 3), "I6": (6, 3), "I64": (6, 4), "V7": (7, 5, 3), "V65": (6, 5, 3), "V43": (6, 4, 3), "V42": (6, 4, 2),
    "V9": (9, 7, 5, 3), "Ger65": (6, 5, 3), "Fr43": (6, 4, 3), "It6": (6, 3), "Vsus4": (5, 4), "V765": (7, 6, 5, 3),
}


def pairs(text: str) -> list[tuple[str, str]]:
    return [(item.split()[0], item.split()[1].strip("-")) for item in text.split(",")]


@given(numerals, natural_tonics)
def test_text_round_trips(case: tuple[str, str], tonic: PitchClass) -> None:
    numeral = RomanNumeral.parse(case[0], Key(tonic, case[1]))
    again = RomanNumeral.parse(str(numeral), numeral.key)
    assert again == numeral and hash(again) == hash(numeral)
    assert (again.members, again.bass, again.text) == (numeral.members, numeral.bass, numeral.text)


@given(numerals, natural_tonics, small_intervals)
def test_transposing_the_key_transposes_the_chord(case: tuple[str, str], tonic: PitchClass, by: Interval) -> None:
    numeral = RomanNumeral.parse(case[0], Key(tonic, case[1]))
    assume(abs(tonic.transpose(by).fifths) <= 7)
    moved = numeral.transpose(by)
    assert moved.pitch_classes == tuple(note.transpose(by) for note in numeral.pitch_classes)
    assert moved.bass == numeral.bass.transpose(by)
    for name in ("text", "degree", "inversion", "quality", "kind", "function", "figures"):
        assert getattr(moved, name) == getattr(numeral, name)


@given(numerals, natural_tonics)
def test_the_bass_is_the_member_of_the_inversion(case: tuple[str, str], tonic: PitchClass) -> None:
    numeral = RomanNumeral.parse(case[0], Key(tonic, case[1]))
    assert numeral.bass in numeral.pitch_classes
    assert numeral.root == numeral.pitch_classes[0]
    if numeral.kind in ("triad", "seventh", "ninth") and "[" not in numeral.text:
        assert [member.role for member in numeral.members] == STACK[:len(numeral.members)]
        assert numeral.pitch_classes[numeral.inversion] == numeral.bass


@given(numerals, natural_tonics)
def test_a_leading_tone_lies_below_its_tonic(case: tuple[str, str], tonic: PitchClass) -> None:
    numeral = RomanNumeral.parse(case[0], Key(tonic, case[1]))
    if numeral.leading_tone:
        assert numeral.function == "D"
        assert str(numeral.leading_tone.interval_to(numeral.tonicized.tonic)) == "m2"


@pytest.mark.parametrize(("key", "text", "function"), [(k, *pair) for k, v in FUNCTIONS.items() for pair in pairs(v)])
def test_functions(key: str, text: str, function: str) -> None:
    assert RomanNumeral.parse(text, Key.parse(key)).function == function


@pytest.mark.parametrize(("key", "text", "note"), [(k, *pair) for k, v in LEADING_TONES.items() for pair in pairs(v)])
def test_leading_tones(key: str, text: str, note: str) -> None:
    assert str(RomanNumeral.parse(text, Key.parse(key)).leading_tone or "") == note


@pytest.mark.parametrize(("key", "text"), ALTERED)
def test_altered_members(key: str, text: str) -> None:
    altered = RomanNumeral.parse(text, Key.parse(key)).altered
    assert " ".join(f"{note}{'+' if way > 0 else '-'}" for note, way in altered) == ALTERED[key, text]


@pytest.mark.parametrize("text", QUALITIES)
def test_quality_and_kind(text: str) -> None:
    numeral = RomanNumeral.parse(text, Key.parse("C"))
    assert (numeral.quality, numeral.kind) == QUALITIES[text]


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_text(text: str) -> None:
    assert str(RomanNumeral.parse(text, Key.parse("C"))) == CANONICAL[text]


@pytest.mark.parametrize("text", FIGURES)
def test_complete_figures(text: str) -> None:
    assert RomanNumeral.parse(text, Key.parse("C")).figures == FIGURES[text]


def test_applied_chords_know_their_target() -> None:
    numeral = RomanNumeral.parse("V65/V/ii", Key.parse("C"))
    assert (numeral.applied_to, str(numeral.tonicized), str(numeral.degree)) == ("V/ii", "A major", "5")


@pytest.mark.parametrize(
    ("key", "text", "notes"),
    [("G mixolydian", "bVII", "F A C"), ("G mixolydian", "VII", "F A C"), ("E phrygian", "bII", "F A C"),
     ("E phrygian", "N6", "F A C"), ("D dorian", "IV7", "G B D F"), ("D dorian", "vio", "B D F"),
     ("F lydian", "II", "G B D"), ("A aeolian", "bVI", "F A C"), ("D dorian", "V", "A C# E"),
     ("A harmonic minor", "viio7", "G# B D F"), ("A melodic minor", "VI", "F A C")],
)
def test_numerals_in_modes(key: str, text: str, notes: str) -> None:
    assert " ".join(map(str, RomanNumeral.parse(text, Key.parse(key)).pitch_classes)) == notes


@pytest.mark.parametrize(("key", "text", "meant"), [
    ("a", "iio65", "iiø65"), ("a", "iio7", "iiø7"), ("C", "iio43", "iiø43"), ("a", "viio7", None), ("C", "viio7", None),
    ("a", "iiø65", None), ("a", "iio6", None), ("C", "#ivo7", None), ("C", "viio7/V", None), ("C", "V7", None),
])
def test_a_half_diminished_chord_may_have_been_meant(key: str, text: str, meant: str | None) -> None:
    found = RomanNumeral.parse(text, Key.parse(key)).half_diminished
    assert found == (RomanNumeral.parse(meant, Key.parse(key)) if meant else None)


def test_named_chords_have_no_seventh() -> None:
    for text in ("Ger65", "Fr43", "CTo7"):
        assert RomanNumeral.parse(text, Key.parse("C")).role_of(PitchClass.parse("C")) in ("tonic", "common")
        assert all(m.role not in STACK for m in RomanNumeral.parse(text, Key.parse("C")).members)
