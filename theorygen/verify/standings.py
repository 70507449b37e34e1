"""Chords of the harmony where they stand, as rules see them, before there is a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from theorygen.compose.stretches import NO_CADENCE, NO_REGION
from theorygen.grammar.labels import OWN_LABELS, REGION, read_degrees, voice_numbers
from theorygen.grammar.pivots import local_key
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.problem import Choice, Position, canonical
from theorygen.theory import Key, RomanNumeral, TheoryError

Degrees = tuple[tuple[int, frozenset[int]], ...]
"""Numbers of voices with the scale degrees asked of them."""


@dataclass(frozen=True)
class Standing:
    """A chord of the harmony where it stands, in no key yet.

    Attributes:
        chords: the numerals it may be, several where the solver chooses.
        key: the numeral of its key in the home key.
        degrees: scale degrees asked of voices.
        place: the place as rules see it, without its chord; what no rule reads is left blank.
    """

    chords: tuple[str, ...]
    key: str
    degrees: Degrees
    place: Slot

    def numerals(self, home: Key) -> tuple[RomanNumeral, ...]:
        """The chords in a home key; none where the key has no such chord."""
        return _numerals(self.chords, self.key, home)

    def choices(self, home: Key) -> tuple[Choice, ...]:
        """The chords in a home key, as choices of a problem."""
        asked = dict(self.degrees)
        return tuple(Choice(replace(self.place, chord=numeral), degrees=asked) for numeral in self.numerals(home))

    def position(self, home: Key) -> Position:
        """The chords in a home key, as a position of a problem.

        Raises:
            ValueError: the key has none of them; only a problem notices.
        """
        return Position(self.choices(home))

    def __str__(self) -> str:
        return self.chords[0] if len(self.chords) == 1 else "{" + "|".join(self.chords) + "}"


_KNOWN: dict[tuple[tuple[str, ...], str, Key], tuple[RomanNumeral, ...]] = {}


def _numerals(chords: tuple[str, ...], key: str, home: Key) -> tuple[RomanNumeral, ...]:
    place = (chords, key, home)
    if place not in _KNOWN:
        try:
            local = local_key(key, home)
        except TheoryError:
            return ()
        _KNOWN[place] = tuple(dict.fromkeys(one for text in chords for one in _numeral(text, local)))
    return _KNOWN[place]


def _numeral(text: str, key: Key) -> Iterator[RomanNumeral]:
    try:
        yield RomanNumeral.parse(text, key)
    except TheoryError:
        return


class Edges(NamedTuple):
    """A phrase as far as its chords must know it.

    Attributes:
        cadence: what its last chord is the goal of.
        opens: whether it is the first of its piece.
        closes: whether it is the last.
    """

    cadence: str
    opens: bool
    closes: bool


class Standings:
    """Makes standings.

    Args:
        ensemble: whose voices labels name.
        names: fields that rules read; what none of them reads of a place is left blank.
    """

    def __init__(self, ensemble: Ensemble, names: frozenset[str]) -> None:
        self.names = names
        self._voices = voice_numbers(ensemble)

    def of(self, chords: tuple[str, ...], key: str, labels: Mapping[str, Any], strength: int, first: bool, last: bool,
           edges: Edges) -> Standing:
        """A chord of a phrase.

        Args:
            chords: the numerals it may be.
            key: numeral of its key in the home key.
            labels: as written on it and above it.
            strength: metric weight of its place.
            first: whether it begins the phrase.
            last: whether it ends it.
            edges: of the phrase.
        """
        cadence = edges.cadence if last else NO_CADENCE
        place = Slot(None, strength, first, last, first and edges.opens, last and edges.closes, cadence,
                     str(labels.get(REGION) or NO_REGION))
        return Standing(chords, key, self._degrees(labels), canonical(place, self.names))

    def _degrees(self, labels: Mapping[str, Any]) -> Degrees:
        asked: dict[int, frozenset[int]] = {}
        for label, value in labels.items():
            if label not in OWN_LABELS:
                voice = self._voices[label]
                asked[voice] = asked.get(voice, frozenset(range(1, 8))) & read_degrees(value)
        return tuple(sorted(asked.items()))
