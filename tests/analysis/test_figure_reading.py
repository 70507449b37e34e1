"""Which chords figures are: they have exactly the notes asked for, and are the likeliest of those."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from theorygen.analysis.figure_reading import (
    Asked,
    figure_model,
    figured_chords,
    keys_near,
    nearest_numeral,
    numerals_of,
    read_figures,
)
from theorygen.analysis.model import MODES
from theorygen.theory import FiguredBass, Key, PitchClass, RomanNumeral, TheoryError

READINGS = {
    "C | C B:6 C F:65 G:64-53 C": "I V6 I ii65 I64 V I",
    "C | C F:6 G:4-3 C:9-8": "I ii6 Vsus4 V I[add9] I",
    "C | C D:7-6 C:6": "I ii7[no5] viio6 vi6",
    "C | C C:52 B:6 C": "I V6sus4 V6 I",
    "C | C G:2-3 C": "I Vsus2 V I",
    "a | A G#:6 A D:6 E:#": "i V6 i iio6 V",
    "c | C Ab:#6 G:n": "i It6 V", "c1 | C Ab:#65 G:n": "i Ger65 V", "c2 | C Ab:#6/4/3 G:n": "i Fr43 V",
    "c3 | C F:b6 G:n C": "i N6 V i",
    "C1 | C F:b G C": "I iv V I",
    "C2 | C D:7/# G:7 C": "I V7/V V7 I",
    "G | G D:64-7 G": "I I64 V7 I",
    "C3 | C C:97-86 F": "I I9[no5] vi6 IV",
}


def row(text: str, key: Key) -> list[Asked]:
    """What a line of bass notes with their figures asks for."""
    asked = []
    for word in text.split():
        note, _, figures = word.partition(":")
        bass, parsed = PitchClass.parse(note), FiguredBass.parse(figures)
        asked += [Asked(bass, frozenset({bass, *parsed.pitch_classes(bass, key, column)}))
                  for column in range(len(parsed.columns))]
    return asked


@pytest.mark.parametrize("case", [case for case in READINGS if READINGS[case]])
def test_readings(case: str) -> None:
    name, _, text = case.partition(" | ")
    key = Key.parse(name[0])
    found = read_figures(row(text, key), key)
    assert " ".join(stretch.numeral.text for stretch in found) == READINGS[case]
    assert {stretch.numeral.key for stretch in found} == {key}


def test_a_cadence_elsewhere_is_read_there() -> None:
    key = Key.parse("C")
    found = read_figures(row("C F G C A F#:65 G E D:64-7/# G C:6 D:64-7/# G", key), key)
    assert [stretch.numeral.key.short for stretch in found][-5:] == ["G"] * 5
    assert next(stretch.pivot_of for stretch in found if stretch.numeral.key.short == "G") is not None


@pytest.mark.parametrize("mode", MODES)
def test_every_chord_of_the_list_can_be_asked_for(mode: str) -> None:
    key = Key.parse("C" if mode == "major" else "a")
    for word in figured_chords()[mode]:
        numeral = RomanNumeral.parse(word, key)
        assert numeral.text in {one.text for one in numerals_of(_asked(numeral), key) if one.key == key}


words = st.sampled_from([(word, mode) for mode, row in zip(MODES, figure_model().words, strict=True) for word in row])


@given(st.lists(words, min_size=1, max_size=5), st.sampled_from(["C", "Eb", "A", "f", "b"]))
def test_readings_have_the_notes_asked_for(texts: list[tuple[str, str]], name: str) -> None:
    home = Key.parse(name)
    asked = []
    for text, mode in texts:
        try:
            asked.append(_asked(RomanNumeral.parse(text, Key(home.tonic, mode))))
        except TheoryError:
            assume(False)
    assume(all(numerals_of(one, home) for one in asked))
    found = read_figures(asked, home)
    assert len(found) == len(asked)
    assert all(one.is_met_by(stretch.numeral) for one, stretch in zip(asked, found, strict=True))
    assert all(stretch.numeral.key in (*keys_near(home), Key(home.tonic, "major" if home.is_minor else "minor"))
               for stretch in found)


@given(st.lists(words, min_size=2, max_size=3).filter(lambda row: len({mode for _, mode in row}) == 1))
def test_the_reading_is_the_likeliest_by_enumeration(texts: list[tuple[str, str]]) -> None:
    home = Key.parse("C" if texts[0][1] == "major" else "a")
    asked = [_asked(RomanNumeral.parse(text, home)) for text, _ in texts]
    assume(all(one != two for one, two in pairwise(asked)))
    model, mode = figure_model(), int(home.is_minor)
    index = {word: number for number, word in enumerate(model.words[mode])}
    fits = [[one for one in numerals_of(each, home) if one.key == home] for each in asked]
    found = [stretch.numeral for stretch in read_figures(asked, home)]
    assume(all(numeral.key == home for numeral in found))

    def value(chords: tuple[RomanNumeral, ...]) -> float:
        own = [index[chord.text] for chord in chords]
        steps = sum(model.within[mode][a, b] for a, b in pairwise(own)) * model.weights.succession
        return float(model.first[mode][own[0]] + steps + model.ending[mode][own[-1]] * model.weights.ending)

    assert value(tuple(found)) == pytest.approx(max(map(value, product(*fits))))


def test_what_comes_again_is_the_same_chord_and_the_end_is_at_home() -> None:
    key = Key.parse("c")
    found = read_figures(row("C C C Ab:#65 G:64-n C", key), key)
    assert [stretch.numeral.text for stretch in found] == ["i", "i", "i", "Ger65", "i64", "V", "i"]
    assert [(stretch.start, stretch.stop) for stretch in found] == [(index, index + 1) for index in range(7)]
    home = Key.parse("C")
    ended = read_figures(row("C A E:# A D:7/# G C", home), home)
    assert ended[-1].numeral == RomanNumeral.parse("I", home)


def test_the_nearest_chord_shares_the_bass() -> None:
    key, notes = Key.parse("C"), map(PitchClass.parse, ("G", "B", "D", "Gb"))
    nearest = nearest_numeral(Asked(PitchClass.parse("G"), frozenset(notes)), key)
    assert nearest is not None and nearest.text == "V"


def _asked(numeral: RomanNumeral) -> Asked:
    return Asked(numeral.bass, frozenset(numeral.pitch_classes))
