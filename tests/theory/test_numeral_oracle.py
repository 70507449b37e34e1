"""Roman numerals against music21, in every key with up to seven accidentals."""

from __future__ import annotations

import pytest
from music21 import roman

from tests.theory import oracle
from tests.theory.vocabulary import MAJOR, MINOR
from theorygen.theory import Key, RomanNumeral

NO_FIFTH = "music21 leaves the fifth out of suspended chords"
REPEATED = "an accidental that repeats the case of VI, VII, vi, vii in minor is no second alteration here"
UNKNOWN = "music21 does not read this figure or name"
DIFFERENCES = {
    ("Vsus4", "major"): ("G D C", "G", NO_FIFTH),
    ("Vsus4", "minor"): ("E B A", "E", NO_FIFTH),
    ("V7sus4", "major"): ("G D F C", "G", NO_FIFTH),
    ("V7sus4", "minor"): ("E B D A", "E", NO_FIFTH),
    ("Vsus2", "major"): ("G D A", "G", "music21 reads sus2 as the inversion figure 2"),
    ("bVI6", "minor"): ("F A C", "A", REPEATED),
    ("bVII", "minor"): ("G B D", "G", REPEATED),
    ("#viio7", "minor"): ("G# B D F", "G#", REPEATED),
    ("bVII7", "major"): ("Bb D F Ab", "Bb", "chords on bIII, bVI, bVII take their seventh from the parallel minor"),
    ("N", "major"): ("Db F Ab", "Db", "N is the Neapolitan in root position here, N6 its first inversion"),
    ("Imaj7", "minor"): ("A C# E G#", "A", "maj7 is a major seventh whatever the key has"),
    ("V7[b9]", "major"): ("G B D F Ab", "G", "music21 ignores a bracketed alteration of an absent note"),
    ("V7b9", "minor"): ("E G# B D F", "E", "b9 is a minor ninth whatever the key has; music21 lowers F to Fb"),
    ("V765", "major"): ("G B D F A", "B", UNKNOWN),
    ("V432", "major"): ("G B D F A", "F", UNKNOWN),
    ("CTo7", "major"): ("D# F# A C", "D#", UNKNOWN),
}
"""(numeral, mode): our notes by thirds and bass in C major or A minor, and why they are not music21's."""


def ours(text: str, key: Key) -> oracle.Reading:
    numeral = RomanNumeral.parse(text, key)
    notes = oracle.in_thirds(set(numeral.pitch_classes), numeral.root)
    return oracle.Reading(notes, str(numeral.bass), numeral.inversion)


CASES = [(text, "major") for text in MAJOR] + [(text, "minor") for text in MINOR]


def test_the_list_is_broad() -> None:
    assert len(set(CASES)) >= 240


@pytest.mark.parametrize(("text", "mode"), [case for case in CASES if case not in DIFFERENCES])
def test_agrees_with_music21_in_every_key(text: str, mode: str) -> None:
    for key in oracle.MAJOR_KEYS if mode == "major" else oracle.MINOR_KEYS:
        assert ours(text, key) == oracle.read(text, key), key


@pytest.mark.parametrize(("text", "mode"), DIFFERENCES)
def test_differs_from_music21_only_as_listed(text: str, mode: str) -> None:
    key = Key.parse("C" if mode == "major" else "a")
    notes, bass, _ = DIFFERENCES[text, mode]
    mine = ours(text, key)
    assert (" ".join(mine.notes), mine.bass) == (notes, bass)
    try:
        other = oracle.read(text, key)
    except roman.RomanNumeralException:
        return
    assert mine != other
