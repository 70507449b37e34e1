"""The decoder against plain enumeration of every reading of a short score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np
import pytest

from theorygen.analysis.inference import Stretch, likeliest
from theorygen.analysis.lattice import Lattice
from theorygen.analysis.model import HarmonyModel, chorale_model
from theorygen.analysis.surface import Surface
from theorygen.score import parse_text_score

SHORT = [
    "S: C5 D5 | A: G4 G4 | T: E4 B3 | B: C3 G3",
    "S: E4 D4 C4 | B: C3 G2 C3",
    "S: C5 B4 A4; | A: E4 D4 C4 | B: A3 E3 A2",
    "S: C5; D5 B4 | B: C3 G3 G3",
]
WORDS = {"major": ("I", "V", "vi", "IV", "V6"), "minor": ("i", "V", "iv")}


def small_model() -> HarmonyModel:
    """The chorale model with few numerals, so that every reading can be tried."""
    counts = dict(chorale_model().counts)
    for mode, words in WORDS.items():
        section = {name: {word: number for word, number in table.items() if word in words}
                   for name, table in counts[mode].items() if name in ("chords", "first", "last", "entered")}
        pairs = {name: {first: {second: number for second, number in row.items() if second in words}
                        for first, row in counts[mode][name].items() if first in words}
                 for name in ("succession", "across-phrases")}
        counts[mode] = {**counts[mode], **section, **pairs}
    return HarmonyModel(counts)


def divisions(length: int) -> Iterator[list[tuple[int, int]]]:
    """Every way to cut slots into stretches."""
    for cuts in product((False, True), repeat=length - 1):
        bounds = [0, *(place + 1 for place, cut in enumerate(cuts) if cut), length]
        yield list(pairwise(bounds))


class Enumerated:
    """The value of any reading, added up term by term."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self.model = lattice.model
        self.phrases = lattice.surface.phrase_starts
        self.states = [(key, word) for key, row in enumerate(lattice.readings) for word, one in enumerate(row) if one]

    def best(self) -> float:
        """The highest value of any reading."""
        length = len(self.lattice.surface)
        return max(self.value(division, states) for division in divisions(length)
                   if not any(self.phrases[start + 1 : stop].any() for start, stop in division)
                   for states in product(self.states, repeat=len(division)))

    def value(self, division: list[tuple[int, int]], states: tuple[tuple[int, int], ...]) -> float:
        """The value of one reading."""
        total = self.model.first[self.mode(states[0]), states[0][1]]
        for index, ((start, stop), state) in enumerate(zip(division, states, strict=True)):
            if index:
                total += self.entry(start, states[index - 1], state) + self.lattice.change[start]
            total += self.lattice.stretches(start, stop - start)[-1][self.lattice.chord_of[state]]
            if stop == len(self.lattice.surface) or self.phrases[stop]:
                total += self.model.weights.ending * self.model.ending[self.mode(state), state[1]]
        return float(total)

    def mode(self, state: tuple[int, int]) -> int:
        return int(self.lattice.modes[state[0]])

    def entry(self, slot: int, before: tuple[int, int], after: tuple[int, int]) -> float:
        """The best way from one reading to the next."""
        across = bool(self.phrases[slot])
        table = self.model.across if across else self.model.within
        weights, modulates = self.model.weights, self.model.modulates(across)
        if before[0] == after[0]:
            return float(np.log(1 - modulates) + weights.succession * table[self.mode(before), before[1], after[1]])
        modulation = np.log(modulates) + self.lattice.modulations[before[0], after[0]]
        ways = [weights.succession * self.model.entered[self.mode(after), after[1]]]
        pivot = self.lattice.same_chord[before[0], after[0], after[1]]
        if pivot >= 0:
            ways.append(weights.succession * table[self.mode(before), before[1], pivot] + weights.pivot)
        return float(modulation + max(ways))


def value_of(lattice: Lattice, found: tuple[Stretch, ...]) -> float:
    """The value of what the decoder found."""
    states = tuple(next((key, row.index(one.numeral)) for key, row in enumerate(lattice.readings)
                        if one.numeral in row) for one in found)
    return Enumerated(lattice).value([(one.start, one.stop) for one in found], states)


@pytest.mark.parametrize("text", SHORT)
def test_no_reading_is_likelier(text: str) -> None:
    lattice = Lattice(Surface.of(parse_text_score(text)), small_model())
    lattice.__dict__["keys"] = lattice.keys[:3]
    assert value_of(lattice, likeliest(lattice)) == pytest.approx(Enumerated(lattice).best())


def test_stretches_fill_the_score_and_stay_inside_phrases() -> None:
    score = parse_text_score(SHORT[2].replace("A4;", "A4; G4 F4 E4").replace("A2", "A2 G3 A3 C3"))
    surface = Surface.of(score)
    found = likeliest(Lattice(surface, chorale_model()))
    assert [one.start for one in found] == [0, *(one.stop for one in found[:-1])]
    assert found[-1].stop == len(surface)
    assert set(np.flatnonzero(surface.phrase_starts)) <= {one.start for one in found}


def test_a_minor_key_holds_its_raised_sixth_and_seventh() -> None:
    surface = Surface.of(parse_text_score("S: E5 F#5 G#5 A5 C5 B4 A4"))
    assert str(Lattice(surface, chorale_model()).keys[0]) == "A minor"
