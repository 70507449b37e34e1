"""The answers to questions about one trellis: a whole problem, or a part of one that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve import counting, ranking, semirings
from theorygen.solve.layers import begins, narrowed
from theorygen.solve.marginals import Marginals, fair_marginals, marginals_at
from theorygen.solve.paths import Trellis
from theorygen.solve.problem import Problem
from theorygen.solve.semirings import Paths
from theorygen.solve.solution import Solution
from theorygen.solve.sums import Ranked, Row
from theorygen.source.chance import Chance

_MOST_AT_ONCE = 1024


class Part:
    """All solutions of a problem that is solved as one; what is asked twice is worked out once.

    Attributes:
        problem: what was to be solved.
        trellis: the solutions as paths, several for one where a syntax is ambiguous.
    """

    def __init__(self, problem: Problem, trellis: Trellis) -> None:
        self.problem = problem
        self.trellis = trellis
        self._labels: dict[str, list[Array]] = {}
        self._samplers: dict[float, semirings.Sampler] = {}
        self._rows: dict[str, Row] = {}

    # in order

    @cached_property
    def best(self) -> Solution:
        """The solution of least cost and price."""
        return self.read(semirings.best(self.trellis))[0]

    def in_order(self, distinct: str) -> Iterator[Solution]:
        """The solutions that ``distinct`` tells apart, the best first; they are read in growing numbers."""
        order, number = iter(ranking.Ranking(self.trellis, self._told_by(distinct))), 1
        while edges := list(islice(order, number)):
            yield from self.read(semirings.paths_along(self.trellis, np.array(edges)))
            number = min(2 * number, _MOST_AT_ONCE)

    def row(self, distinct: str) -> Row:
        """The same, kept to be put together with those of other parts."""
        if distinct not in self._rows:
            self._rows[distinct] = Row(Ranked(one.total, self._labels_of(one.states, distinct), (one,))
                                       for one in self.in_order(distinct))
        return self._rows[distinct]

    def alike(self, states: Array, distinct: str) -> Part:
        """The solutions that ``distinct`` does not tell from the one with these states."""
        kept = [one == label for one, label in
                zip(self._told_by(distinct), self._labels_of(states, distinct), strict=True)]
        return Part(self.problem, narrowed(self.trellis, kept))

    def _labels_of(self, states: Array | None, distinct: str) -> tuple[int, ...]:
        """What tells a solution apart."""
        assert states is not None
        return tuple(int(label[state]) for label, state in zip(self._told_by(distinct), states.tolist(), strict=True))

    def _told_by(self, distinct: str) -> list[Array]:
        """What tells solutions apart, for every state."""
        if distinct not in self._labels:
            self._labels[distinct] = ranking.labels(self.problem, self.trellis, distinct)
        return self._labels[distinct]

    # how many

    def count(self, distinct: str | None) -> int:
        """How many solutions there are, or different ones in ``distinct``.

        Raises:
            TooManySets: what ``distinct`` tells apart is too much to be counted exactly.
        """
        if distinct is not None:
            return counting.count_different(self.trellis, self._told_by(distinct))
        if self._total is None:
            self._total = counting.count(self._fair[0])
        return self._total

    _total: int | None = None

    @property
    def counts_ways(self) -> bool:
        """Whether an ambiguous syntax is too entangled to count each music once, so that each way to it counts."""
        return self._is_ambiguous and self._fair[0] is self.trellis

    @cached_property
    def _fair(self) -> tuple[Trellis, list[Array]]:
        """The trellis in which every solution is one path, and what tells its states apart."""
        labels = self._told_by("solutions")
        try:
            return counting.determined(self.trellis, labels) if self._is_ambiguous else (self.trellis, labels)
        except counting.TooManySets:
            return self.trellis, labels

    @property
    def _is_ambiguous(self) -> bool:
        """Whether there may be several paths to the same music: by the syntax, or by choices that are the same."""
        return self.problem.syntax is not None or any(
            len({choice.slot for choice in position.choices}) < len(position.choices)
            for position in self.problem.positions)

    # at random

    def samples(self, chance: Chance, temperature: float) -> Iterator[Solution]:
        """Endless independent solutions by weight and cost."""
        sampler, number = self._sampler(temperature), 1
        while True:
            yield from self.read(sampler.draws(chance, number))
            number = min(2 * number, _MOST_AT_ONCE)

    def uniforms(self, chance: Chance) -> Iterator[Solution]:
        """Endless independent solutions, all equally probable."""
        number = 1
        while True:
            yield from self.read(self._fair_draws(chance, number))
            number = min(2 * number, _MOST_AT_ONCE)

    def _fair_draws(self, chance: Chance, number: int) -> Paths:
        fair, told = self._fair
        drawn = self._numbering.draws(chance, number)
        if fair is self.trellis:
            return drawn
        wanted = np.stack([label[states] for label, states in zip(told, drawn.states.T, strict=True)], axis=1)
        return semirings.best_of_each(self.trellis, self._told_by("solutions"), wanted)

    @cached_property
    def _numbering(self) -> counting.Numbering:
        return counting.Numbering(self._fair[0])

    def _sampler(self, temperature: float) -> semirings.Sampler:
        if temperature not in self._samplers:
            self._samplers[temperature] = semirings.Sampler(self.trellis, temperature, self.weights)
        return self._samplers[temperature]

    def marginals(self, temperature: float | None, moves: bool) -> Marginals:
        """How probable each pitch and chord is; exact shares where there is no temperature."""
        if temperature is None:
            return fair_marginals(self.problem, self._fair[0], moves)
        return marginals_at(self.problem, self._sampler(temperature), moves)

    @cached_property
    def weights(self) -> list[Array] | None:
        """Weights of the chords, for every state in which one begins; None when no position is open."""
        if all(len(position.choices) == 1 for position in self.problem.positions):
            return None
        weights = []
        for layer, position in enumerate(self.problem.positions):
            begun, weight = begins(self.trellis, layer), np.array([choice.weight for choice in position.choices])
            weights.append(np.ones(len(begun)))
            chosen = self.trellis.pools[layer].choice[self.trellis.candidates[layer][begun]]
            weights[-1][begun] = weight[chosen]
        return weights

    # from paths to music

    def read(self, paths: Paths) -> list[Solution]:
        """What paths of the trellis stand for."""
        trellis, positions = self.trellis, self.problem.positions
        begun = np.empty(paths.states.shape, dtype=bool)
        chosen = np.zeros(paths.states.shape, dtype=np.int64)
        pitches = np.zeros((*paths.states.shape, len(self.problem.ensemble.voices)), dtype=np.int32)
        for layer, pool in enumerate(trellis.pools):
            states = paths.states[:, layer]
            begun[:, layer] = here = trellis.origins[layer][states] == layer
            rows = trellis.candidates[layer][states[here]]
            chosen[here, layer], pitches[here, layer] = pool.choice[rows], pool.pitches[rows]
        found = []
        for number, (cost, price) in enumerate(zip(paths.cost.tolist(), paths.price.tolist(), strict=True)):
            starts = np.flatnonzero(begun[number])
            chords = tuple(positions[start].choices[choice] for start, choice in
                           zip(starts.tolist(), chosen[number, starts].tolist(), strict=True))
            found.append(Solution(chords, pitches[number, starts], cost, tuple(starts.tolist()), price,
                                  paths.states[number]))
        return found
