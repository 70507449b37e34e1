"""Pairs of domains as columns: what some voices take in each domain, and all combinations of it in each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.domains import Domain


@dataclass(frozen=True, eq=False)
class View:
    """What some voices take in the domains of a batch; the things they take in all domains are numbered on.

    Attributes:
        voices: the voices.
        pitches: int [things, voices] of pitch codes; in each domain ascending.
        begin: int [domains], the first thing of each domain.
        count: int [domains], how many things there are in each.
        taken: int [voicings], the thing that is taken in each voicing of the batch.
        parts: for each of several voices [things], the thing of that voice alone.
    """

    voices: tuple[int, ...]
    pitches: Array
    begin: Array
    count: Array
    taken: Array
    parts: tuple[Array, ...] = ()


@dataclass(frozen=True, eq=False)
class Cells:
    """Combinations of a thing before with a thing after, pair by pair.

    Attributes:
        view: what the things are.
        pair: int [cells], number of the pair.
        first: int [cells], the thing before.
        second: int [cells], the thing after.
        base: int [pairs] and
        width: int [pairs], by which `at` finds a combination among all there are.
    """

    view: View
    pair: Array
    first: Array
    second: Array
    base: Array
    width: Array

    def __len__(self) -> int:
        return len(self.pair)

    @property
    def pitches(self) -> list[Array]:
        """Pitch codes before and after, int [cells, voices] each."""
        return [self.view.pitches[self.first], self.view.pitches[self.second]]

    def take(self, rows: Array) -> Cells:
        """Some of them."""
        return Cells(self.view, self.pair[rows], self.first[rows], self.second[rows], self.base, self.width)

    def at(self, pair: Array, first: Array, second: Array) -> Array:
        """The places of combinations among all there are."""
        return self.base[pair] + first * self.width[pair] + second


class Batch:
    """Several pairs of domains.

    Attributes:
        domains: the distinct domains.
        before: int [pairs], the first domain of each.
        after: int [pairs], the second.
        cost: int64 [voicings], thousandths, of the voicings of all domains.
        voicings: the view of all voices.
    """

    def __init__(self, pairs: Sequence[tuple[Domain, Domain]]) -> None:
        number = {domain: index for index, domain in enumerate(dict.fromkeys(one for pair in pairs for one in pair))}
        self.domains = list(number)
        self.before, self.after = np.array([[number[one] for one in pair] for pair in pairs]).T
        self.cost = np.concatenate([domain.cost for domain in self.domains])
        count = np.array([len(domain) for domain in self.domains])
        pitches = np.concatenate([domain.pitches for domain in self.domains])
        self.voicings = View(tuple(range(pitches.shape[1])), pitches, np.cumsum(count) - count, count,
                             np.arange(len(pitches)))
        self._views: dict[tuple[int, ...], View] = {}

    def view(self, voices: tuple[int, ...]) -> View:
        """What some voices take; of one voice or of two."""
        if voices not in self._views:
            self._views[voices] = self._of_one(*voices) if len(voices) == 1 else self._of_two(*voices)
        return self._views[voices]

    def _of_one(self, voice: int) -> View:
        columns = [domain.column(voice) for domain in self.domains]
        count = np.array([len(distinct) for distinct, _ in columns])
        begin = np.cumsum(count) - count
        taken = np.concatenate([index for _, index in columns]) + np.repeat(begin, self.voicings.count)
        return View((voice,), np.concatenate([distinct for distinct, _ in columns])[:, None], begin, count, taken)

    def _of_two(self, upper: int, lower: int) -> View:
        high, low = self.view((upper,)), self.view((lower,))
        size = len(low.pitches)
        distinct, taken = np.unique(high.taken * size + low.taken, return_inverse=True)
        parts = np.divmod(distinct, size)
        bounds = np.searchsorted(parts[0], np.append(high.begin, len(high.pitches)))  # things of a domain lie together
        pitches = np.concatenate([high.pitches[parts[0]], low.pitches[parts[1]]], axis=1)
        return View((upper, lower), pitches, bounds[:-1], np.diff(bounds), taken, parts)

    def cells(self, view: View) -> Cells:
        """All combinations in all pairs, in the order of pair, first, second."""
        height, width = view.count[self.before], view.count[self.after]
        of_row = np.repeat(np.arange(len(height)), height)
        row = np.arange(len(of_row)) + np.repeat(view.begin[self.before] - (np.cumsum(height) - height), height)
        widths = width[of_row]
        ends = np.cumsum(widths)
        pair, first = np.repeat(of_row, widths), np.repeat(row, widths)
        second = np.arange(len(pair)) + np.repeat(view.begin[self.after][of_row] - (ends - widths), widths)
        starts = np.cumsum(height * width) - height * width
        base = starts - view.begin[self.before] * width - view.begin[self.after]
        return Cells(view, pair, first, second, base, width)
