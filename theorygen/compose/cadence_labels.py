"""Cadences of given chords: each phrase closes with the cadence that its chords and its highest voice make.

Which cadence that is the rules define. Where it depends on the note on top, the last chord stands in the problem once
for each cadence, with the notes on top that make it; where it depends on chords left open before it, a syntax keeps
track of them. So what a solution is labelled is what a checker reads from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import product

import numpy as np

from theorygen.compose.stretches import NO_CADENCE
from theorygen.rules.cadences import Cadence
from theorygen.rules.check import world_of
from theorygen.rules.music import Music, music_of
from theorygen.rules.passages import PASSAGES
from theorygen.rules.world import CADENCES
from theorygen.score.ensemble import Ensemble
from theorygen.score.event import Event
from theorygen.score.harmony import ChordEvent
from theorygen.score.part import arrange
from theorygen.score.score import Score
from theorygen.solve.problem import Arcs, Choice, Position, Problem, Syntax
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import RomanNumeral

MOST_CLOSES = 4096
"""Ways to choose the open chords on which the cadence of one phrase depends."""

_TOP = 0
_ALL = frozenset(range(1, 8))
_SOME_LABEL = "PAC"
_ENSEMBLE = Ensemble.named("satb").only(["soprano"])

Labels = tuple[tuple[str, frozenset[int]], ...]
"""Cadences with the scale degrees on top that make them."""


def with_cadence_labels(problem: Problem) -> Problem:
    """The problem with the cadences its phrases make, where none is said.

    Args:
        problem: without a syntax of its own; a grammar that has one says which cadences it means.

    Raises:
        InputError: too many chords are open at the end of a phrase.
    """
    closes = [_Close(problem.positions, start, stop) for start, stop in _phrases(problem.positions)]
    closes = [close for close in closes if close.is_unsaid]
    positions = list(problem.positions)
    for close in closes:
        positions[close.last] = close.position
    if all(close.is_plain for close in closes):
        return replace(problem, positions=tuple(positions))
    layers = [_free(position) for position in positions]
    for close in closes:
        if not close.is_plain:
            layers[close.start : close.last + 1] = close.layers()
    return replace(problem, positions=tuple(positions), syntax=Syntax(tuple(layers)))


def _phrases(positions: Sequence[Position]) -> Iterator[tuple[int, int]]:
    """First position of each phrase, and the one after its last."""
    starts = [index for index, position in enumerate(positions) if index == 0 or position.starts_phrase]
    yield from zip(starts, [*starts[1:], len(positions)], strict=True)


@dataclass(frozen=True)
class _Variant:
    """The last chord of a phrase with one of its cadences.

    Attributes:
        chord: index among the choices of the last position.
        cadence: the label.
        tops: scale degrees on top that make it.
    """

    chord: int
    cadence: str
    tops: frozenset[int]


@dataclass(frozen=True)
class _Close:
    """The end of one phrase.

    Attributes:
        positions: of the whole problem.
        first: first position of the phrase.
        stop: position after its last.
    """

    positions: Sequence[Position]
    first: int
    stop: int

    @property
    def last(self) -> int:
        """The last position."""
        return self.stop - 1

    @property
    def is_unsaid(self) -> bool:
        """Whether the cadence is left to the chords."""
        return all(choice.slot.cadence == NO_CADENCE for choice in self.positions[self.last].choices)

    @cached_property
    def start(self) -> int:
        """The first position on which the cadence may depend: two harmonies, whatever is chosen."""
        for start in range(self.last, self.first, -1):
            if self._ways(start) > MOST_CLOSES:
                raise InputError(Diagnostic(
                    "too-open", f"chords {start + 1} to {self.stop} can be chosen in {self._ways(start)} ways, and the "
                    "cadence of the phrase depends on them", None, f"at most {MOST_CLOSES} ways",
                    remedy="leave fewer chords open at the end of the phrase, or say its cadence: I(PAC)"))
            if all(has_approach(self._numerals(start, way)) for way in self._all_ways(start)):
                return start
        return self.first

    def _ways(self, start: int) -> int:
        return int(np.prod([len(position.choices) for position in self.positions[start : self.stop]]))

    def _all_ways(self, start: int) -> Iterator[tuple[int, ...]]:
        """All choices from a position to the end of the phrase."""
        return product(*(range(len(position.choices)) for position in self.positions[start : self.stop]))

    def _numerals(self, start: int, way: tuple[int, ...]) -> tuple[RomanNumeral, ...]:
        chords = [position.choices[index].slot.chord
                  for position, index in zip(self.positions[start : self.stop], way, strict=True)]
        return tuple(chord for chord in chords if chord is not None)

    @cached_property
    def labels(self) -> dict[tuple[int, ...], Labels]:
        """For all choices from the first position that matters: the cadences they may make."""
        return {way: cadences_made(self._numerals(self.start, way)) for way in self._all_ways(self.start)}

    @cached_property
    def variants(self) -> tuple[_Variant, ...]:
        """The last chord with each of its cadences."""
        return tuple(dict.fromkeys(_Variant(way[-1], *label) for way, found in self.labels.items() for label in found))

    @cached_property
    def is_plain(self) -> bool:
        """Whether the cadence depends on nothing but the last chord and the note on top."""
        found: dict[int, set[Labels]] = {}
        for way, labels in self.labels.items():
            found.setdefault(way[-1], set()).add(labels)
        return all(len(labels) == 1 for labels in found.values())

    @property
    def position(self) -> Position:
        """The last position with a choice for each variant."""
        old = self.positions[self.last]
        return replace(old, choices=tuple(_labelled(old.choices[one.chord], one) for one in self.variants))

    def layers(self) -> list[Arcs]:
        """The syntax from the first position that matters to the last: a state is what has been chosen."""
        layers: list[Arcs] = []
        states: dict[tuple[int, ...], int] = {(): 0}
        for position in self.positions[self.start : self.last]:
            ways = [(*way, index) for way in states for index in range(len(position.choices))]
            after = {way: state for state, way in enumerate(ways)}
            layers.append(_arcs([(states[way[:-1]], way[-1], state) for way, state in after.items()]))
            states = after
        numbers = {variant: index for index, variant in enumerate(self.variants)}
        layers.append(_arcs([(states[way[:-1]], numbers[_Variant(way[-1], *label)], 0)
                             for way, found in self.labels.items() for label in found]))
        return layers


def _labelled(choice: Choice, variant: _Variant) -> Choice:
    """A choice with its cadence, and the notes on top that make it."""
    slot = replace(choice.slot, cadence=variant.cadence)
    if variant.tops == _ALL:
        return replace(choice, slot=slot)
    return replace(choice, slot=slot,
                   degrees={**choice.degrees, _TOP: choice.degrees.get(_TOP, _ALL) & variant.tops})


def _arcs(arcs: list[tuple[int, int, int]]) -> Arcs:
    source, choice, target = np.array(sorted(arcs), dtype=np.int32).reshape(-1, 3).T
    return Arcs(source, choice, target, np.zeros(len(arcs), dtype=np.int64), np.ones(len(arcs)))


def _free(position: Position) -> Arcs:
    """A layer in which anything may be chosen."""
    return _arcs([(0, index, 0) for index in range(len(position.choices))])


def has_approach(numerals: tuple[RomanNumeral, ...]) -> bool:
    """Whether chords that follow each other make two harmonies or more."""
    return len(_music(numerals, (_lowest_degree(numerals),)).harmony_starts) > 1


@cache
def cadences_made(numerals: tuple[RomanNumeral, ...]) -> Labels:
    """The cadences that chords at the end of a phrase make on the last of them, by the scale degree on top.

    Where every note on top makes the same one it is paired with all seven degrees.
    """
    degrees = _degrees(numerals[-1])
    rows = PASSAGES["cadence"].rows(_music(numerals, degrees))
    close = rows.record
    assert isinstance(close, Cadence) and len(rows) == len(degrees)
    made: dict[str, set[int]] = {}
    for degree, kind in zip(degrees, rows.field("kind").tolist(), strict=True):
        made.setdefault(CADENCES[kind], set()).add(degree)
    if len(made) == 1:
        return ((next(iter(made)), _ALL),)
    return tuple((label, frozenset(tops)) for label, tops in made.items())


def _degrees(numeral: RomanNumeral) -> tuple[int, ...]:
    """The scale degrees of a chord's members in its key."""
    return tuple(sorted({numeral.key.degree_of(member.pitch_class).number for member in numeral.members}))


def _lowest_degree(numerals: tuple[RomanNumeral, ...]) -> int:
    return _degrees(numerals[-1])[0]


def _music(numerals: tuple[RomanNumeral, ...], degrees: Sequence[int]) -> Music:
    """The chords as the end of a phrase, once for each scale degree on top at the last of them."""
    events: list[Event] = []
    chords: list[ChordEvent] = []
    for phrase, degree in enumerate(degrees):
        for index, numeral in enumerate(numerals):
            onset, is_last = Fraction(len(chords)), index == len(numerals) - 1
            chords.append(ChordEvent(onset, Fraction(1), numeral, phrase=phrase,
                                     cadence=_SOME_LABEL if is_last else None))
            members = [one.pitch_class for one in numeral.members
                       if not is_last or numeral.key.degree_of(one.pitch_class).number == degree]
            events.append(Event(onset, Fraction(1), (members[0].at_octave(4),)))
    score = Score(arrange(_ENSEMBLE, {"soprano": events}), chords=tuple(chords), ensemble=_ENSEMBLE)
    slots = score.slots("skeleton")
    return music_of(score, slots, world_of(score, slots, _ENSEMBLE, {}))
