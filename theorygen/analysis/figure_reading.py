"""Which chords figures over a bass are: the likeliest row of numerals that have exactly these notes.

The inference is that of finished scores, and so are its probabilities; only the fit is another: a chord has the notes
and the bass that the figures ask for, or it has not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np

from theorygen.analysis.inference import Stretch, likeliest
from theorygen.analysis.model import MODES, HarmonyModel, chorale_model, head
from theorygen.analysis.readings import Readings, reading
from theorygen.rules.world import Array
from theorygen.source.document import load_document
from theorygen.theory import Key, PitchClass, RomanNumeral

_NEAR = 1
"""Signatures of keys that are considered differ by at most so many accidentals from the home key's."""
_AWAY = -1e6
"""Logarithm of the probability of a beginning, or of an end on the tonic, outside the home key."""
_SHARE = 0.001
"""A chord that was not met counts as so much of all chords on its degree."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures ask for at one moment.

    Attributes:
        bass: the bass note.
        notes: all notes of the chord, the bass among them.
        begins_phrase: whether a phrase begins here.
    """

    bass: PitchClass
    notes: frozenset[PitchClass]
    begins_phrase: bool = False

    def is_met_by(self, numeral: RomanNumeral) -> bool:
        """Whether a chord has this bass and exactly these notes."""
        return numeral.bass == self.bass and self.notes == frozenset(numeral.pitch_classes)


def read_figures(row: Sequence[Asked], home: Key) -> tuple[Stretch, ...]:
    """The likeliest chord for each moment, begun in the home key if it can be; near keys may be entered.

    Where the last bass note is the tonic, the last chord is one of the home key. What comes again is the same chord.

    Args:
        row: what is asked for; each must be met by some chord, see `numerals_of`.
        home: the key of the whole.
    """
    new = [index for index, asked in enumerate(row)
           if not index or asked.begins_phrase or replace(row[index - 1], begins_phrase=False) != asked]
    found = likeliest(_FiguredRow(tuple(row[index] for index in new), home))
    led = [_with_pivot(stretch, before, row[start])
           for stretch, before, start in zip(found, [None, *found], new, strict=False)]
    return tuple(replace(stretch, start=index, stop=index + 1, pivot_of=stretch.pivot_of if index == start else None)
                 for stretch, start, stop in zip(led, new, [*new[1:], len(row)], strict=True)
                 for index in range(start, stop))


def _with_pivot(stretch: Stretch, before: Stretch | None, asked: Asked) -> Stretch:
    """A chord that enters a new key inside a phrase, with the plain reading it has in the old one, if any."""
    if before is None or asked.begins_phrase or stretch.pivot_of or before.numeral.key == stretch.numeral.key:
        return stretch
    plain = (one for one in _numerals(before.numeral.key)
             if asked.is_met_by(one) and not one.applied_to and not one.altered)
    return replace(stretch, pivot_of=next(plain, None))


@lru_cache(maxsize=4096)
def numerals_of(asked: Asked, home: Key) -> tuple[RomanNumeral, ...]:
    """The chords of the home key, of the keys near it and of its parallel that have exactly these notes and bass."""
    keys = (*keys_near(home), _parallel(home))
    return tuple(numeral for key in keys for numeral in _numerals(key)
                 if asked.is_met_by(numeral) and (key == home or not _is_borrowed(numeral)))


def nearest_numeral(asked: Asked, home: Key) -> RomanNumeral | None:
    """Of the chords of the home key over this bass one with the most notes in common, the frequent ones first."""
    same_bass = [numeral for numeral in _numerals(home) if numeral.bass == asked.bass]
    return min(same_bass, key=lambda one: len(asked.notes ^ set(one.pitch_classes)), default=None)


@cache
def _numerals(key: Key) -> tuple[RomanNumeral, ...]:
    found = (reading(word, key) for word in figure_model().words[key.is_minor])
    return tuple(numeral for numeral in found if numeral is not None)


def _is_borrowed(numeral: RomanNumeral) -> bool:
    plain = numeral.kind in ("triad", "seventh") and not numeral.applied_to
    return plain and bool(numeral.altered) and numeral.function != "D"


def _parallel(key: Key) -> Key:
    return Key(key.tonic, "major" if key.is_minor else "minor")


def keys_near(home: Key) -> tuple[Key, ...]:
    """The home key, and the major and minor keys whose signatures differ by an accidental at most."""
    keys = [home]
    for signature in range(home.signature - _NEAR, home.signature + _NEAR + 1):
        keys += [Key(PitchClass.from_fifths(signature)), Key(PitchClass.from_fifths(signature + 3), "minor")]
    return tuple(dict.fromkeys(keys))


@cache
def figure_model() -> HarmonyModel:
    """The model of the chorales, with all the chords that figures may ask for."""
    counts = chorale_model().counts
    return HarmonyModel({**counts, **{mode: _with_figured(counts[mode], figured_chords()[mode]) for mode in MODES}})


def _with_figured(counts: Mapping[str, Any], figured: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The counts of a mode with chords that were not met: each a small share of those on its degree, in every key."""
    chords = dict(counts["chords"])
    heads: Counter[str] = Counter()
    for word, number in chords.items():
        heads[head(word)] += number
    chords.update({word: heads[head(word)] * _SHARE for word in figured if word not in chords})
    succession = dict(counts["succession"])
    for word, after in figured.items():
        succession[word] = {**succession.get(word, {}), **after}
    return {**counts, "chords": chords, "succession": succession}


@cache
def figured_chords() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """The chords of ``figured-chords.yaml`` by mode, each with the counts of what follows it."""
    data = load_document(str(files("theorygen.analysis") / "figured-chords.yaml")).data
    return {mode: dict(_entries(data[mode])) for mode in MODES}


def _entries(groups: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, int]]]:
    for group in groups:
        resolves = group.get("resolves", {})
        for stem, target in product(group["stems"], group.get("of", [""])):
            end = f"/{target}" if target else ""
            for figure in group.get("figures", ()):
                yield _canonical(f"{stem}{figure}{end}"), {}
            for figure, after in resolves.items():
                yield _canonical(f"{stem}{figure}{end}"), {f"{stem}{after}{end}": group["times"]}


def _canonical(text: str) -> str:
    """A numeral as it is printed, whatever the key."""
    return RomanNumeral.parse(text, Key.parse("C")).text


class _FiguredRow(Readings):
    """Moments with figures as the inference sees them: each has one chord, whose notes fit or do not."""

    def __init__(self, row: tuple[Asked, ...], home: Key) -> None:
        self.row = row
        self.home = home
        self.model = _FewerChords(figure_model(), frozenset(row), self.keys)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys near the home key; its parallel too where some chord is in none of them."""
        near = keys_near(self.home)
        met = all(any(one.key in near for one in numerals_of(asked, self.home)) for asked in frozenset(self.row))
        return near if met else (*near, _parallel(self.home))

    @cached_property
    def readings(self) -> list[list[RomanNumeral | None]]:
        """For each key its numerals, padded with None; chords borrowed from the parallel key in the home key only."""
        rows = super().readings
        return [row if key == self.home else [one if one is None or not _is_borrowed(one) else None for one in row]
                for key, row in zip(self.keys, rows, strict=True)]

    @cached_property
    def phrase_starts(self) -> Array:
        """bool [n]: a phrase begins in a moment."""
        return np.array([asked.begins_phrase for asked in self.row], dtype=bool)

    @cached_property
    def change(self) -> Array:
        """[n]: nothing, as every moment has a chord of its own."""
        return np.zeros(len(self.row))

    @cached_property
    def opening(self) -> Array:
        """[k]: nothing for the home key, more than anything outweighs for the others."""
        return np.array([0.0 if key == self.home else _AWAY for key in self.keys])

    @cached_property
    def closing(self) -> Array:
        """[k]: the same, if the last bass note is the tonic."""
        return self.opening if self.row[-1].bass == self.home.tonic else np.zeros(len(self.keys))

    def stretches(self, start: int, longest: int) -> Array:
        """[1, h]: 0 for chords that have these notes, minus infinity for the others."""
        return self._fits[self.row[start]]

    @cached_property
    def _fits(self) -> dict[Asked, Array]:
        return {asked: np.array([[0.0 if asked.is_met_by(chord) else -np.inf for chord in self.chords.values()]])
                for asked in frozenset(self.row)}


class _FewerChords(HarmonyModel):
    """A model with the chords alone that have the notes of some moment; what it says of them is unchanged."""

    def __init__(self, model: HarmonyModel, asked: frozenset[Asked], keys: Sequence[Key]) -> None:
        super().__init__(model.counts, model.weights)
        self.model = model
        self.rows = [[index for index, word in enumerate(words) if _may_be(word, mode, asked, keys)]
                     for mode, words in enumerate(model.words)]
        self.words = tuple(tuple(model.words[mode][row] for row in rows) for mode, rows in enumerate(self.rows))

    def _chosen(self, table: Array) -> Array:
        return self._padded([table[mode][np.ix_(*[rows] * (table.ndim - 1))] for mode, rows in enumerate(self.rows)])

    @cached_property
    def within(self) -> Array:
        """[mode, c, c]: one chord after another inside a phrase."""
        return self._chosen(self.model.within)

    @cached_property
    def across(self) -> Array:
        """[mode, c, c]: the first chord of a phrase after the last of the one before."""
        return self._chosen(self.model.across)

    @cached_property
    def first(self) -> Array:
        """[mode, c]: the first chord of a piece."""
        return self._chosen(self.model.first)

    @cached_property
    def entered(self) -> Array:
        """[mode, c]: the first chord of a new key."""
        return self._chosen(self.model.entered)

    @cached_property
    def ending(self) -> Array:
        """[mode, c]: how much likelier a chord is at the end of a phrase than elsewhere."""
        return self._chosen(self.model.ending)


def _may_be(word: str, mode: int, asked: frozenset[Asked], keys: Sequence[Key]) -> bool:
    """Whether a numeral has the notes of some moment in some key of its mode."""
    numerals = (reading(word, key) for key in keys if key.is_minor == bool(mode))
    return any(one.is_met_by(numeral) for numeral in numerals if numeral for one in asked)
