"""What analysed music teaches: which chords follow which, where they change, which notes are foreign to them.

The numbers are counts, kept as they were counted (``chorales.json``); probabilities are made from them here. A rare
description of a note borrows from the coarser description it belongs to, a rare succession of chords from that of
their numerals without figures.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from theorygen.analysis.surface import Features
from theorygen.rules.world import Array
from theorygen.source.document import load_document
from theorygen.theory import Key

MODES = ("major", "minor")
_BORROWED = 8.0
"""How many observations of the coarser kind weigh as much as one's own."""

_NOTE_BORROWED = 4.0
"""The same for descriptions of notes and moments."""

_PLACE_BORROWED = 5.0
"""The same for chords at one kind of place, which borrow from all chords."""

_UNSEEN_CHORD, _UNSEEN_KEY = 0.1, 0.2
"""Added to the count of every numeral, and of every relation of keys, so that nothing is impossible."""

_RELATIONS = 25
"""Relations of keys there may be, roughly: what is added for all of them is added to their sum."""

_ANEW = 1 / 20
"""Of the probability that a chord follows itself: the same chord again is seldom meant as a new one."""

_FOREIGN, _CHANGE = 0.1, 0.5
"""What is taken of a note, and of a moment, of which nothing is known."""

_TRIAD, _NAMING, _UNHEARD = 3, ("root", "seventh", "ninth"), 0.0005
"""Larger chords are named for these members: nobody names them for notes that are not there, whatever the odd count."""

_SILENT = 0.02
"""What is taken of a member of which nothing is known: it is seldom left out."""

_LEAST, _MOST = 0.002, 0.98
"""No note is surely a chord tone or foreign."""

_HEAD = re.compile(r"(?:Cad|CTo|Ger|It|Fr|[#b]*[ivIVN]+)[oø+]?")


@dataclass(frozen=True)
class Weights:
    """How much each kind of evidence counts; 1 is as counted. Tuned on chorales kept out of the counts."""

    notes: float = 1.0
    succession: float = 0.85
    change: float = 1.0
    absent: float = 0.75
    bass: float = 2.0
    ending: float = 1.3
    modulation: float = 1.0
    pivot: float = -1.0


class HarmonyModel:
    """Probabilities of harmony, as natural logarithms, from counts.

    Attributes:
        counts: the document, see `theorygen.analysis.learning`.
        weights: how much each kind of evidence counts.
        words: for major and minor, the numerals that occur.
    """

    def __init__(self, counts: Mapping[str, Any], weights: Weights | None = None) -> None:
        self.counts = counts
        self.weights = weights or Weights()
        self.words = tuple(tuple(counts[mode]["chords"]) for mode in MODES)

    @cached_property
    def size(self) -> int:
        """The larger number of numerals of the two modes; tables are padded to it."""
        return max(map(len, self.words))

    @cached_property
    def within(self) -> Array:
        """[mode, c, c]: one chord after another inside a phrase."""
        return self._padded([self._successions(mode, "succession") for mode in MODES])

    @cached_property
    def across(self) -> Array:
        """[mode, c, c]: the first chord of a phrase after the last of the one before."""
        return self._padded([self._successions(mode, "across-phrases") for mode in MODES])

    def _successions(self, mode: str, name: str) -> Array:
        words = {word: index for index, word in enumerate(self.counts[mode]["chords"])}
        pairs = np.zeros((len(words), len(words)))
        for first, row in self.counts[mode][name].items():
            for second, number in row.items():
                pairs[words[first], words[second]] = number
        heads = _heads(words)
        plain = heads @ self._smoothed(heads.T @ pairs @ heads, self._frequencies(mode) @ heads) @ heads.T
        share = self._frequencies(mode) / (self._frequencies(mode) @ heads @ heads.T)
        table = (pairs + _BORROWED * plain * share) / (pairs.sum(axis=1, keepdims=True) + _BORROWED)
        if name == "succession":
            np.fill_diagonal(table, np.diag(table) * _ANEW)
        logarithms: Array = np.log(table)
        return logarithms

    @staticmethod
    def _smoothed(pairs: Array, shares: Array) -> Array:
        smoothed: Array = (pairs + _BORROWED * shares) / (pairs.sum(axis=1, keepdims=True) + _BORROWED)
        return smoothed

    def _frequencies(self, mode: str) -> Array:
        numbers = np.array(list(self.counts[mode]["chords"].values()), dtype=float) + _UNSEEN_CHORD
        shares: Array = numbers / numbers.sum()
        return shares

    def _padded(self, tables: Sequence[Array]) -> Array:
        padded = np.full((len(tables), *(self.size,) * tables[0].ndim), -np.inf)
        for index, table in enumerate(tables):
            padded[index][tuple(slice(0, length) for length in table.shape)] = table
        return padded

    def _beginning(self, name: str) -> Array:
        """[mode, c]: chords that stand at some kind of place, borrowing from all chords."""
        rows = []
        for mode in MODES:
            found = self.counts[mode][name]
            shares = self._frequencies(mode)
            numbers = np.array([found.get(word, 0) for word in self.counts[mode]["chords"]]) + _PLACE_BORROWED * shares
            rows.append(np.log(numbers / numbers.sum()))
        return self._padded(rows)

    @cached_property
    def first(self) -> Array:
        """[mode, c]: the first chord of a piece."""
        return self._beginning("first")

    @cached_property
    def entered(self) -> Array:
        """[mode, c]: the first chord of a new key."""
        return self._beginning("entered")

    @cached_property
    def ending(self) -> Array:
        """[mode, c]: how much likelier a chord is at the end of a phrase than elsewhere."""
        shares = [np.log(self._frequencies(mode)) for mode in MODES]
        return self._beginning("last") - np.nan_to_num(self._padded(shares), neginf=0.0)

    def modulates(self, across: bool) -> float:
        """Probability that a chord brings a new key."""
        changed, of = self.counts["modulations"]["across-phrases" if across else "within"]
        return float(changed / of)

    def modulation(self, before: Key, after: Key) -> float:
        """Logarithm of the probability of a new key, once there is one."""
        found = self.counts[mode_of(before)]["modulations"]
        name = relation(before, after)
        return math.log((found.get(name, 0) + _UNSEEN_KEY) / (sum(found.values()) + _RELATIONS * _UNSEEN_KEY))

    @cached_property
    def _foreign(self) -> Mapping[Features, tuple[float, float]]:
        return _aggregated(self.counts["foreign"])

    @cached_property
    def _changes(self) -> Mapping[Features, tuple[float, float]]:
        return _aggregated(self.counts["changes"])

    def foreign(self, features: Features) -> float:
        """Probability that such a note is foreign to its chord."""
        return min(max(_estimate(self._foreign, features, _FOREIGN), _LEAST), _MOST)

    def changes(self, features: Features) -> float:
        """Probability that a new chord begins at such a moment."""
        return min(max(_estimate(self._changes, features, _CHANGE), _LEAST), 1 - _LEAST)

    def absent(self, members: int, role: str, slots: int) -> float:
        """Probability that a member of a chord of so many never sounds while it lasts (1, 2, or 3 slots and more).

        It is never greater than for a shorter chord, whatever the few counts of longer ones say.
        """
        share = min(self._absent(f"{members} {role} {length}") for length in range(1, min(slots, 3) + 1))
        return min(share, _UNHEARD) if members > _TRIAD and role in _NAMING else share

    def _absent(self, kind: str) -> float:
        missing, of = self.counts["absent"].get(kind, (0, 0))
        return float((missing + _SILENT * _NOTE_BORROWED) / (of + _NOTE_BORROWED))

    def bass_is_other_member(self, starts: bool) -> float:
        """Probability that a chord tone in the bass is not the one the inversion asks for."""
        right, other = self.counts["bass"]["start" if starts else "inside"]
        return float((other + 0.5) / (right + other + 1))


def mode_of(key: Key) -> str:
    """The mode whose counts a key uses: minor keys one, all others the other."""
    return MODES[key.is_minor]


def relation(before: Key, after: Key) -> str:
    """How one key lies to another: fifths up, and the second's mode."""
    return f"{after.tonic.fifths - before.tonic.fifths:+d} {mode_of(after)}"


def head(word: str) -> str:
    """A numeral without its figure: V65/V is V/V."""
    match = _HEAD.match(word)
    slash = word.find("/", match.end()) if match else -1
    return (match[0] if match else word) + (word[slash:] if slash >= 0 else "")


def _heads(words: Iterable[str]) -> Array:
    """[c, h]: which numeral without figure each numeral belongs to."""
    names = [head(word) for word in words]
    distinct = {name: index for index, name in enumerate(dict.fromkeys(names))}
    table = np.zeros((len(names), len(distinct)))
    table[np.arange(len(names)), [distinct[name] for name in names]] = 1
    return table


def _aggregated(counted: Mapping[str, Sequence[float]]) -> Mapping[Features, tuple[float, float]]:
    """Counts of every description and of all coarser ones: (hits, all)."""
    sums: dict[Features, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for text, (hits, of) in counted.items():
        words = tuple(text.split())
        for length in range(len(words) + 1):
            sums[words[:length]][0] += hits
            sums[words[:length]][1] += of
    return {words: (hits, of) for words, (hits, of) in sums.items()}


def _estimate(table: Mapping[Features, tuple[float, float]], features: Features, start: float) -> float:
    """Share of hits, from coarse to fine, each borrowing from the coarser one."""
    share = start
    for length in range(len(features) + 1):
        hits, of = table.get(features[:length], (0.0, 0.0))
        share = (hits + _NOTE_BORROWED * share) / (of + _NOTE_BORROWED)
    return share


def with_rare_chords(counts: Mapping[str, Any], rare: Mapping[str, Mapping[str, Mapping[str, int]]]) -> dict[str, Any]:
    """The counts with chords and successions added that were not met, or hardly; see ``rare-chords.yaml``."""
    return {**counts, **{mode: _with_rare(counts[mode], rare[mode]) for mode in MODES}}


def _with_rare(counts: Mapping[str, Any], rare: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    chords = dict(counts["chords"])
    succession = {first: dict(row) for first, row in counts["succession"].items()}
    for first, row in rare.items():
        chords[first] = chords.get(first, 0) + sum(row.values())
        own = succession.setdefault(first, {})
        for second, number in row.items():
            own[second] = own.get(second, 0) + number
            chords.setdefault(second, 1)
    return {**counts, "chords": chords, "succession": succession}


@cache
def chorale_model() -> HarmonyModel:
    """The model that ships: Bach's chorales, and what they hardly have."""
    folder = files("theorygen.analysis")
    counts = json.loads((folder / "chorales.json").read_text(encoding="utf-8"))
    return HarmonyModel(with_rare_chords(counts, rare_chords()))


@cache
def rare_chords() -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """The chords that chorales hardly have, by mode, with what follows each."""
    rare: Mapping[str, Mapping[str, Mapping[str, int]]] = load_document(
        str(files("theorygen.analysis") / "rare-chords.yaml")).data
    return rare
