"""Strategies for chords without notes: Roman numerals in time, as a style derives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from shlex import quote
from typing import Any

from hypothesis import strategies as st

from theorygen.compose.plan import PlannedChord
from theorygen.grammar.style import Style
from theorygen.source.chance import Chance
from theorygen.testing.chance import DrawnChance
from theorygen.testing.in_style import Chords, Keys, source_of, style_of
from theorygen.testing.plans import DrawnPlan
from theorygen.theory import Key, Meter, RomanNumeral


@dataclass(frozen=True)
class RomanChord:
    """One chord of a progression.

    Attributes:
        numeral: the chord in its key.
        duration: quarter lengths.
        phrase: number of its phrase, from 0.
    """

    numeral: RomanNumeral
    duration: Fraction
    phrase: int = 0


@dataclass(frozen=True)
class RomanProgression:
    """Chords in time; prints as what ``theorygen realize --roman`` reads.

    Attributes:
        chords: in order.
        key: the home key.
        meter: the time signature.
        pickup: length of the incomplete first bar, quarter lengths.
        written: how a command calls the style.
    """

    chords: tuple[RomanChord, ...]
    key: Key
    meter: Meter
    pickup: Fraction = Fraction(0)
    written: str = ""

    @property
    def numerals(self) -> tuple[RomanNumeral, ...]:
        """The chords alone."""
        return tuple(chord.numeral for chord in self.chords)

    @property
    def command(self) -> str:
        """A command that realises it."""
        return f"theorygen realize --style {quote(self.written)} --meter {self.meter} --roman {quote(str(self))}"

    def __str__(self) -> str:
        return " ".join(self._words())

    def __repr__(self) -> str:
        return f"\n{self.command}\n"

    def _words(self) -> Iterator[str]:
        key, phrase, onset, has_lines = None, 0, Fraction(0), self._has_lines()
        for chord in self.chords:
            if onset and has_lines and (onset - self.pickup) % self.meter.bar_length == 0:
                yield "|"
            if chord.phrase != phrase:
                yield "//"
            if chord.numeral.key != key:
                yield f"{_word(chord.numeral.key)}:"
            yield f"{chord.numeral}:{chord.duration}"
            key, phrase, onset = chord.numeral.key, chord.phrase, onset + chord.duration

    def _has_lines(self) -> bool:
        """Whether bar lines are needed and can be written: there is a pickup, and chords begin with all bars."""
        starts = {Fraction(0), *accumulate(chord.duration for chord in self.chords)}
        bars = range(int((max(starts) - self.pickup) // self.meter.bar_length) + 1)
        return self.pickup > 0 and all(self.pickup + bar * self.meter.bar_length in starts for bar in bars)


def progressions(style: str | Style, chords: Chords = None, keys: Keys = None, *, whole: bool = True,
                 **parameters: Any) -> st.SearchStrategy[RomanProgression]:
    """Chords as a style derives them, by the law of its productions; they shrink like `scores`.

    Chords that a production leaves open are chosen by their weights, and nothing is asked of voices.

    Args:
        style: a style, the name of one that ships, or the path of one.
        chords: how many: a number, (fewest, most), or None: for pieces any, for stretches 2 to 8.
        keys: home keys; None for those of the style.
        whole: whether they are whole pieces, or stretches of a phrase.
        parameters: values of the style's parameters; see `scores`.

    Raises:
        InputError: (when drawn) the style, a key or a parameter is wrong, or there is nothing of so many chords.
    """
    return st.deferred(lambda: _progressions(style, chords, keys, whole, parameters))


def _progressions(name: str | Style, chords: Chords, keys: Keys, whole: bool, parameters: dict[str, Any],
                  ) -> st.SearchStrategy[RomanProgression]:
    source = source_of(style_of(name), chords, keys, whole, parameters)
    written = str(name.file) if isinstance(name, Style) else name

    @st.composite
    def drawn(draw: Any) -> RomanProgression:
        chance = DrawnChance(draw)
        return _settled(source.draw(chance), chance, written)

    return drawn()


def _settled(plan: DrawnPlan, chance: Chance, written: str) -> RomanProgression:
    """A plan whose open chords are chosen."""
    chosen = tuple(RomanChord(_chosen(chord, chance), chord.duration, chord.phrase) for chord in plan.chords)
    return RomanProgression(chosen, plan.key, plan.meter, plan.pickup, written)


def _chosen(chord: PlannedChord, chance: Chance) -> RomanNumeral:
    sums = list(accumulate(weight for _, weight in chord.alternatives))
    return chord.alternatives[chance.among(sums)][0]


def _word(key: Key) -> str:
    return key.short if Key.parse(key.short) == key else str(key).replace(" ", "-")
