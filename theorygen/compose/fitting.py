"""Chords of a style that fit the given notes of some cells, as choices of a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from theorygen.compose.frame import Frame
from theorygen.compose.hearing import Ear, Hearing
from theorygen.compose.plan import leaf_degrees
from theorygen.compose.stretches import Origin
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.labels import PIVOT, REGION
from theorygen.grammar.pivots import local_key, sounds
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.problem import Choice
from theorygen.solve.sung import Moment, Sung, standing
from theorygen.theory import Key, Pitch, RomanNumeral, TheoryError

Allowed = Callable[[int, RomanNumeral], bool]
"""Whether a chord may begin or go on in a cell."""


_OCTAVES = range(9)


@dataclass(frozen=True)
class Fit:
    """A chord that may begin in a cell.

    Attributes:
        chord: the chord.
        own: numbers of given voices, each with its own note in the chord.
        lasts: cells that it lasts.
        share: its weight among the alternatives of its leaf.
        cost: of what is heard in its first cell, thousandths.
    """

    chord: RomanNumeral
    own: tuple[tuple[int, int], ...]
    lasts: int
    share: float = 1.0
    cost: int = 0


class Fitting:
    """Finds the chords that fit; what was found is kept.

    Args:
        ensemble: the voices.
        frame: what is given, in cells.
        key: home key.
        allowed: further conditions on chords, such as those that are held.

    Attributes:
        ear: hears the given notes.
        phrase_of: the phrase of each cell.
    """

    def __init__(self, ensemble: Ensemble, frame: Frame, key: Key, allowed: Allowed | None) -> None:
        self.ensemble = ensemble
        self.frame = frame
        self.key = key
        self.allowed = allowed or (lambda cell, chord: True)
        self.ear = Ear(frame, ensemble.voices)
        self.phrase_of = {cell: phrase for phrase in frame.phrases for cell in range(phrase.first, phrase.stop)}
        self._strengths = {cell: frame.meter.weight(frame.offset(cell)) for cell in self.phrase_of}
        self._voices = {name: number for number, name in enumerate(ensemble.names)}
        self._numerals: dict[tuple[str, Key], RomanNumeral | None] = {}
        self._fits: dict[Any, tuple[Fit, ...]] = {}
        self._choices: dict[Any, Choice] = {}
        self._leaves: dict[int, Leaf] = {}

    @property
    def cells(self) -> list[int]:
        """The cells of all phrases, in order."""
        return sorted(self.phrase_of)

    def names(self, leaf: Leaf) -> list[str]:
        """The chords of a leaf as they are written."""
        return [text for text, _ in leaf.alternatives]

    def chords(self, leaf: Leaf, cell: int) -> tuple[Fit, ...]:
        """The chords of a leaf that may begin in a cell."""
        key = (self._number(leaf), cell)
        if key not in self._fits:
            meaning = (leaf.alternatives, leaf.attributes["key"], leaf.duration,
                       tuple(sorted(self._degrees(leaf).items())), cell)
            if meaning not in self._fits:
                self._fits[meaning] = tuple(self._fitting(leaf, cell))
            self._fits[key] = self._fits[meaning]
        return self._fits[key]

    def choice(self, fit: Fit, leaf: Leaf, cell: int) -> Choice:
        """The choice that a chord of a leaf makes where it begins."""
        key = (self._number(leaf), fit.chord, cell, fit.lasts, fit.own)
        if key not in self._choices:
            own = dict(fit.own)
            given = {voice: frozenset([code]) for voice, code in fit.own}
            self._choices[key] = Choice(
                self._slot(fit.chord, leaf, cell, fit.lasts), 1.0, self._degrees(leaf), given,
                self._sung(cell, fit.lasts, fit.chord, own), Origin(leaf.path, self._pivot(leaf, fit.chord)))
        return self._choices[key]

    def again(self, fit: Fit, leaf: Leaf, cell: int) -> Choice:
        """The choice that a chord makes where it is struck anew while it lasts."""
        choice = self.choice(fit, leaf, cell)
        slot = replace(choice.slot, first=False, last=False, opening=False, final=False, arrives=False, anew=False)
        basses = frozenset(fit.chord.bass.at_octave(octave).code for octave in _OCTAVES)  # it keeps its inversion
        bass = len(self.ensemble.names) - 1
        return replace(choice, slot=slot, degrees={}, given={bass: basses, **choice.given})

    def _number(self, leaf: Leaf) -> int:
        """A number that stands for a leaf; it is kept, so that no other one gets its number."""
        return id(self._leaves.setdefault(id(leaf), leaf))

    def _fitting(self, leaf: Leaf, cell: int) -> Iterator[Fit]:
        length = leaf.duration / self.frame.unit
        if length.denominator != 1:
            return
        lasts, degrees = int(length), self._degrees(leaf)
        whole = sum(float(weight) for _, weight in leaf.alternatives)
        for chord, weight in self._numerals_of(leaf):
            heard = self._heard(cell, lasts, chord)
            if heard is not None and all(_degree(heard.own[voice], chord.key) in asked
                                         for voice, asked in degrees.items() if voice in heard.own):
                yield Fit(chord, tuple(sorted(heard.own.items())), lasts, weight / whole, heard.cost)

    def _degrees(self, leaf: Leaf) -> dict[int, frozenset[int]]:
        return {self._voices[name]: asked for name, asked in leaf_degrees(leaf, self.ensemble).items()}

    def _heard(self, cell: int, lasts: int, chord: RomanNumeral) -> Hearing | None:
        """The first cell of a chord, if the chord may stand there and all its cells go with it."""
        if any(place not in self.phrase_of or not self.allowed(place, chord) for place in range(cell, cell + lasts)):
            return None
        if cell + lasts == self.phrase_of[cell].stop and not self.ear.ends_on(cell + lasts - 1, chord):
            return None
        stop = cell + lasts
        first = self.ear.hear(cell, chord, True, lasts == 1)
        later = (self.ear.hear(place, chord, False, place + 1 == stop) for place in range(cell + 1, stop))
        return first if first is not None and all(one is not None for one in later) else None

    def _slot(self, chord: RomanNumeral, leaf: Leaf, cell: int, lasts: int) -> Slot:
        phrase = self.phrase_of[cell]
        last = cell + lasts == phrase.stop
        cadence = str(leaf.attributes.get("cadence") or "none") if last else "none"
        return Slot(chord, self._strengths[cell], first=cell == phrase.first, last=last,
                    opening=cell == self.frame.phrases[0].first, final=last and phrase == self.frame.phrases[-1],
                    cadence=cadence, region=str(leaf.constraints.get(REGION) or "none"))

    def _sung(self, cell: int, lasts: int, chord: RomanNumeral, own: Mapping[int, int]) -> Sung:
        """What given voices sing until a chord ends or is struck anew."""
        anew = (place for place in range(cell + 1, cell + lasts)
                if not self._goes_on(place, chord, place + 1 == cell + lasts, own))
        end = next(anew, cell + lasts)
        stop = self.frame.onset(end)
        attacks: dict[Fraction, dict[int, int]] = {}
        skeleton: dict[Fraction, dict[int, int]] = {}
        for voice, tone in own.items():
            notes = [note for place in range(cell, cell + lasts) for note in self.frame.heard[place].get(voice, ())
                     if place == cell or not note.is_held]
            if any(note.code != tone for note in notes):
                members = [Pitch.from_code(note.code).pitch_class in chord.pitch_classes for note in notes]
                for note, stands in zip(notes, standing([note.code for note in notes], members, tone), strict=True):
                    if note.begins < stop:
                        attacks.setdefault(note.begins, {})[voice] = note.code
                        skeleton.setdefault(note.begins, {})[voice] = stands
        return Sung(self._moments(attacks, own), self._moments(skeleton, own), end < cell + lasts)

    def _goes_on(self, cell: int, chord: RomanNumeral, ends: bool, own: Mapping[int, int]) -> bool:
        """Whether a chord goes on in a cell without being struck anew, as given voices sing nothing else of it."""
        heard = self.ear.hear(cell, chord, False, ends)
        return heard is None or heard.own.items() <= own.items()

    def _moments(self, notes: Mapping[Fraction, Mapping[int, int]], own: Mapping[int, int]) -> tuple[Moment, ...]:
        """Notes by their times as moments, of which each differs from the one before."""
        sung = {voice: own[voice] for some in notes.values() for voice in some}
        found: list[Moment] = []
        for time in sorted(notes):
            sung |= notes[time]
            now = tuple(sorted(sung.items()))
            if not found or found[-1].notes != now:
                found.append(Moment(now, self.frame.weight(time)))
        return tuple(found)

    def _numerals_of(self, leaf: Leaf) -> Iterator[tuple[RomanNumeral, float]]:
        key = local_key(leaf.attributes["key"], self.key)
        for text, weight in leaf.alternatives:
            numeral = self._numeral(text, key)
            if numeral is not None:
                yield numeral, float(weight)

    def _numeral(self, text: str, key: Key) -> RomanNumeral | None:
        if (text, key) not in self._numerals:
            try:
                self._numerals[text, key] = RomanNumeral.parse(text, key)
            except TheoryError:
                self._numerals[text, key] = None
        return self._numerals[text, key]

    def _pivot(self, leaf: Leaf, chord: RomanNumeral) -> RomanNumeral | None:
        """The chord read in the home key, where a pivot is said to be read so."""
        said = leaf.constraints.get(PIVOT)
        pivot = self._numeral(str(said), self.key) if said and chord.key != self.key else None
        return pivot if pivot is not None and sounds(pivot) == sounds(chord) else None


def _degree(code: int, key: Key) -> int:
    """The scale degree of a pitch code, 1 to 7."""
    return key.degree_of(Pitch.from_code(code).pitch_class).number
