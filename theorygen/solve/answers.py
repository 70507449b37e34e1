"""Questions about a problem, answered exactly: the best solutions in order, how many, random ones, marginals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve import counting, ranking, semirings
from theorygen.solve.layers import begins, narrowed
from theorygen.solve.marginals import Marginals, fair_marginals, marginals_at
from theorygen.solve.problem import Choice, Problem
from theorygen.solve.semirings import Paths
from theorygen.solve.trellis import DeadEnd, Trellis, build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

__all__ = ["DeadEnd", "Solution", "Solutions", "best", "count", "marginals", "ranked", "sample", "samples",
           "trellis_of", "uniform", "uniforms"]

_MOST_AT_ONCE = 1024


@dataclass(frozen=True, eq=False)
class Solution:
    """One way to voice a problem: a row for each chord that begins.

    Attributes:
        choices: the chords.
        pitches: int32 [chords, voices] of pitch codes, top voice first.
        cost: what the rules charge, in thousandths.
        starts: the position where each chord begins; it lasts until the next begins. By default one begins everywhere.
        price: what the syntax charges beside the rules, in thousandths.
        states: int [positions], the states of the trellis it was read from, or None.
    """

    choices: tuple[Choice, ...]
    pitches: Array
    cost: int
    starts: tuple[int, ...] = ()
    price: int = 0
    states: Array | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.starts:
            object.__setattr__(self, "starts", tuple(range(len(self.choices))))


class Solutions:
    """All solutions of a problem, found once and asked as often as one likes.

    Where a syntax has several ways to the same music, `count`, `uniforms` and fair `marginals` count the music once.

    Attributes:
        problem: what was to be solved.
        trellis: the solutions as paths, several for one where a syntax is ambiguous.
    """

    def __init__(self, problem: Problem, workshop: Workshop | None = None, trellis: Trellis | None = None) -> None:
        """Build the trellis.

        Args:
            problem: what to solve.
            workshop: tables to share with earlier problems of the same rules and ensemble.
            trellis: the solutions, if they are known, or some of them.

        Raises:
            DeadEnd: there is no solution; `explain_dead_end` says why.
        """
        self.problem = problem
        self.trellis = trellis or trellis_of(problem, workshop)
        self._labels: dict[str, list[Array]] = {}

    def best(self) -> Solution:
        """The solution of least cost and price; proven, as the whole space is covered."""
        return self._read(semirings.best(self.trellis))[0]

    def count(self, distinct: str | None = None) -> int:
        """The exact number of solutions, or of what ``distinct`` tells apart (a word of `ranking.DISTINCT`).

        Raises:
            TooManySets: what ``distinct`` tells apart is too much to be counted exactly.
        """
        if distinct is None:
            return counting.count(self._fair[0])
        return counting.count_different(self.trellis, self._told_by(distinct))

    def ranked(self, count: int, distinct: str = "solutions") -> list[Solution]:
        """The best solutions in order, as many as asked for if there are so many.

        Args:
            count: how many.
            distinct: in what they must differ, a word of `ranking.DISTINCT`; each is the best of those it stands for.
        """
        return self._along(list(islice(self._order(distinct), count)))

    def in_order(self, distinct: str = "solutions") -> Iterator[Solution]:
        """All solutions, the best first, for who does not know how many to ask for: see `ranked`."""
        order, number = iter(self._order(distinct)), 1
        while edges := list(islice(order, number)):
            yield from self._along(edges)
            number = min(2 * number, _MOST_AT_ONCE)

    def alike(self, solution: Solution, distinct: str) -> Solutions:
        """Those of these solutions that ``distinct``, a word of `ranking.DISTINCT`, does not tell from one of them."""
        assert solution.states is not None
        told = zip(self._told_by(distinct), solution.states.tolist(), strict=True)
        return self._narrowed([label[state] for label, state in told], distinct)

    def _narrowed(self, labels: list[Array], distinct: str) -> Solutions:
        """The solutions with these labels."""
        kept = [one == label for one, label in zip(self._told_by(distinct), labels, strict=True)]
        return Solutions(self.problem, trellis=narrowed(self.trellis, kept))

    def _order(self, distinct: str) -> ranking.Ranking:
        return ranking.Ranking(self.trellis, self._told_by(distinct))

    def _told_by(self, distinct: str) -> list[Array]:
        """What tells solutions apart, for every state."""
        if distinct not in self._labels:
            self._labels[distinct] = ranking.labels(self.problem, self.trellis, distinct)
        return self._labels[distinct]

    def spread(self, count: int, least: int, most: int = 10_000) -> list[Solution]:
        """Good solutions that differ from each other in many notes: approximate, as each is the best that is left.

        Greedy: of the solutions in order, every one that is far enough from those taken before it is taken. Other sets
        of solutions may cost less in all.

        Args:
            count: how many.
            least: notes (position and voice, held ones counted where they sound) in which any two must differ.
            most: solutions looked at before giving up; then there are fewer than asked for.
        """
        taken: list[Array] = []
        sounding: list[Array] = []
        for edges in islice(self._order("voicings"), most):
            if len(taken) == count:
                break
            notes = self._sounding(edges)
            if all((notes != other).sum() >= least for other in sounding):
                taken.append(edges)
                sounding.append(notes)
        return self._along(taken)

    def _sounding(self, edges: Array) -> Array:
        """Pitch codes at every position, int32 [positions, voices]."""
        states = semirings.paths_along(self.trellis, edges[None]).states[0]
        trellis = self.trellis
        return np.stack([trellis.pools[origin[state]].pitches[candidate[state]] for origin, candidate, state in
                         zip(trellis.origins, trellis.candidates, states, strict=True)])

    def samples(self, chance: Chance, temperature: float = 1.0) -> Iterator[Solution]:
        """Endless independent random solutions, with probability proportional to weight times exp(-cost / temperature).

        They are drawn ahead in growing numbers, so ``chance`` should serve nothing else.
        """
        return self._drawn(semirings.Sampler(self.trellis, temperature, self.weights), chance)

    def uniforms(self, chance: Chance) -> Iterator[Solution]:
        """Endless independent random solutions, each with the same probability; drawn ahead as `samples` are."""
        fair, told = self._fair
        numbering = counting.Numbering(fair)
        if fair is self.trellis:
            yield from self._drawn(numbering, chance)
        while True:
            states = numbering.draws(chance).states[0].tolist()
            labels = [label[state] for label, state in zip(told, states, strict=True)]
            yield self._narrowed(labels, "solutions").best()

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

    def _drawn(self, source: semirings.Sampler | counting.Numbering, chance: Chance) -> Iterator[Solution]:
        number = 1
        while True:
            yield from self._read(source.draws(chance, number))
            number = min(2 * number, _MOST_AT_ONCE)

    def marginals(self, temperature: float | None = None, moves: bool = False) -> Marginals:
        """How probable each pitch and chord is at each position.

        Args:
            temperature: of the law that `samples` has; None: the exact share of solutions.
            moves: whether to tell the pairs of successive pitches of each voice as well.
        """
        if temperature is None:
            return fair_marginals(self.problem, self._fair[0], moves)
        return marginals_at(self.problem, semirings.Sampler(self.trellis, temperature, self.weights), moves)

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

    def _along(self, edges: list[Array]) -> list[Solution]:
        return self._read(semirings.paths_along(self.trellis, np.array(edges))) if edges else []

    def _read(self, paths: Paths) -> list[Solution]:
        """What paths stand for."""
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


def trellis_of(problem: Problem, workshop: Workshop | None = None) -> Trellis:
    """The trellis of a problem.

    Args:
        problem: what to solve.
        workshop: tables to share with earlier problems of the same rules and ensemble.

    Raises:
        DeadEnd: there is no solution; `explain_dead_end` says why.
    """
    return build_trellis(problem, workshop or Workshop(problem.rules, problem.ensemble))


# One question each; `Solutions` says what they mean. All but `count` raise DeadEnd where there is no solution.


def best(problem: Problem, workshop: Workshop | None = None) -> Solution:
    """The solution of least cost: see `Solutions.best`."""
    return Solutions(problem, workshop).best()


def count(problem: Problem, workshop: Workshop | None = None, distinct: str | None = None) -> int:
    """The exact number of solutions; 0 when there is none. See `Solutions.count`."""
    try:
        return Solutions(problem, workshop).count(distinct)
    except DeadEnd:
        return 0


def sample(problem: Problem, chance: Chance, temperature: float = 1.0, workshop: Workshop | None = None) -> Solution:
    """One random solution: see `Solutions.samples`."""
    return next(samples(problem, chance, temperature, workshop))


def samples(problem: Problem, chance: Chance, temperature: float = 1.0,
            workshop: Workshop | None = None) -> Iterator[Solution]:
    """Endless independent random solutions: see `Solutions.samples`."""
    return Solutions(problem, workshop).samples(chance, temperature)


def uniform(problem: Problem, chance: Chance, workshop: Workshop | None = None) -> Solution:
    """One random solution, all equally probable: see `Solutions.uniforms`."""
    return next(uniforms(problem, chance, workshop))


def uniforms(problem: Problem, chance: Chance, workshop: Workshop | None = None) -> Iterator[Solution]:
    """Endless independent random solutions, all equally probable: see `Solutions.uniforms`."""
    return Solutions(problem, workshop).uniforms(chance)


def ranked(problem: Problem, count: int, distinct: str = "solutions",
           workshop: Workshop | None = None) -> list[Solution]:
    """The best solutions in order: see `Solutions.ranked`."""
    return Solutions(problem, workshop).ranked(count, distinct)


def marginals(problem: Problem, temperature: float | None = None, moves: bool = False,
              workshop: Workshop | None = None) -> Marginals:
    """How probable each pitch and chord is at each position: see `Solutions.marginals`."""
    return Solutions(problem, workshop).marginals(temperature, moves)
