"""Hard rules over two voices on the grid of chords, from the notes a chord begins with to those of the next.

Whether other notes come in between is read from the surface of a finished score. Here it is known of given voices, and
of the others where a chord is struck anew, so a surface is made that says just this.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Array, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.batches import Batch, Cells
from theorygen.solve.domains import Domain, charges
from theorygen.solve.known_surface import surface_of
from theorygen.solve.pairs import CHORDS
from theorygen.solve.sung import Sung

_WINDOWS = ("voice-pair-motion", "adjacent-voices-motion")


def broken_voices(sung: Sung) -> int:
    """The given voices that take several notes of a chord, one bit each."""
    taken = [set(notes) for notes in zip(*(moment.notes for moment in sung.skeleton), strict=True)]
    return sum(1 << next(iter(notes))[0] for notes in taken if len(notes) > 1)


class ChordGrid:
    """The rules of a rule set that are on the grid of chords only.

    Attributes:
        rules: they.
        pairs: the pairs of voices.
    """

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.rules = tuple(rule for rule in rules.rules
                           if rule.hard and rule.rule.grids == (CHORDS,) and rule.rule.over in _WINDOWS)
        self._set = RuleSet(self.rules)
        self._ensemble = ensemble
        self.pairs = tuple(combinations(range(len(ensemble.voices)), 2))

    def tables(self, pairs: Sequence[tuple[Domain, Domain]], sung: Sequence[tuple[Sung, Sung]]) -> list[Array]:
        """What the rules forbid between successive chords, each bool [2, pairs, voicings before, voicings after].

        First for pairs of voices of which none takes another note of the first chord before the second comes, then for
        those of which some does.

        Args:
            pairs: voicings of the first chord and of the second.
            sung: what given voices sing over them.
        """
        if not self.rules or not pairs:
            return [np.zeros((2, len(self.pairs), len(before), len(after)), dtype=bool) for before, after in pairs]
        batch = Batch(pairs)
        known = {domain: some for both in zip(pairs, sung, strict=True) for domain, some in zip(*both, strict=True)}
        edges = batch.cells(batch.voicings)
        found = np.zeros((2, len(self.pairs), len(edges)), dtype=bool)
        for number, voices in enumerate(self.pairs):
            view = batch.view(voices)
            cells = batch.cells(view)
            place = cells.at(edges.pair, view.taken[edges.first], view.taken[edges.second])
            for is_broken in (False, True):
                world = World(self._ensemble.voices, [domain.slot for domain in batch.domains], self._set.codes,
                              surface_of([known[domain] for domain in batch.domains], len(self._ensemble.voices),
                                         is_broken))
                found[int(is_broken), number] = self._judged(world, batch, cells)[place]
        bounds = np.searchsorted(edges.pair, np.arange(len(pairs) + 1)).tolist()
        return [found[:, :, low:high].reshape(2, len(self.pairs), len(before), len(after))
                for (before, after), (low, high) in zip(pairs, pairwise(bounds), strict=True)]

    def forbidden(self, table: Array, broken: int | Array) -> Array:
        """What is forbidden if some voices take several notes of the first chord, bool [...].

        Args:
            table: part of one of the `tables`, bool [2, pairs, ...].
            broken: these voices, one bit each: one number, or one for each place along the third axis.
        """
        found = np.zeros(table.shape[2:], dtype=bool)
        for number, (upper, lower) in enumerate(self.pairs):
            is_broken = np.asarray(broken & (1 << upper | 1 << lower)) != 0
            is_broken = is_broken.reshape(is_broken.shape + (1,) * (found.ndim - is_broken.ndim))
            found |= np.where(is_broken, table[1, number], table[0, number])
        return found

    def _judged(self, world: World, batch: Batch, cells: Cells) -> Array:
        """Whether some rule forbids each combination of what two voices take, bool [cells]."""
        forbidden = np.zeros(len(cells), dtype=bool)
        for name in _WINDOWS:
            window, rules = WINDOWS[name], self._set.over(name)
            if rules and cells.view.voices in window.instances(len(self._ensemble.voices)):
                rows = window.rows(world, cells.pitches, np.broadcast_to(cells.view.voices, (len(cells), 2)),
                                   [batch.before[cells.pair], batch.after[cells.pair]])
                forbidden |= charges(rules, rows)[0]
        return forbidden
