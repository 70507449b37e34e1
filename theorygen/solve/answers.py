"""Questions about a problem, answered exactly: the best solutions in order, how many, random ones, marginals."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate, islice
from math import prod

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve import sums
from theorygen.solve.layers import pitches_of
from theorygen.solve.marginals import Marginals, joined_marginals
from theorygen.solve.part import Part
from theorygen.solve.problem import Problem
from theorygen.solve.solution import Solution, joined
from theorygen.solve.splitting import stretches
from theorygen.solve.trellis import DeadEnd, Trellis, build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance

__all__ = ["DeadEnd", "Solution", "Solutions", "best", "count", "marginals", "ranked", "sample", "samples",
           "trellis_of", "uniform", "uniforms"]


class Solutions:
    """All solutions of a problem, found once and asked as often as one likes.

    A problem falls into parts at edges of phrases that no rule reaches over; equal parts are one and the same object.
    Where a syntax has several ways to the same music, `count`, `uniforms` and fair `marginals` count the music once.

    Attributes:
        problem: what was to be solved.
        parts: in time order; one where everything depends on everything.
    """

    def __init__(self, problem: Problem, workshop: Workshop | None = None, parts: Sequence[Part] = ()) -> None:
        """Find all solutions.

        Args:
            problem: what to solve.
            workshop: tables to share with earlier problems of the same rules and ensemble.
            parts: the solutions, if they are known, or some of them.

        Raises:
            DeadEnd: there is no solution; `explain_dead_end` says why.
        """
        self.problem = problem
        self.parts = tuple(parts) or _parts(problem, workshop or Workshop(problem.rules, problem.ensemble))
        self._firsts = list(accumulate((len(part.problem.positions) for part in self.parts[:-1]), initial=0))

    @property
    def cut(self) -> int | None:
        """What a solution that was left out costs at least, thousandths; None where none was."""
        return self.parts[0].trellis.cut  # only what a syntax binds together is ever bounded, and that is one part

    def best(self) -> Solution:
        """The solution of least cost and price; proven, as the whole space is covered."""
        return joined([part.best for part in self.parts], self._firsts)

    def count(self, distinct: str | None = None) -> int:
        """The exact number of solutions, or of what ``distinct`` tells apart (a word of `ranking.DISTINCT`).

        Raises:
            TooManySets: what ``distinct`` tells apart is too much to be counted exactly.
        """
        return prod(part.count(distinct) ** times for part, times in Counter(self.parts).items())

    def ranked(self, count: int, distinct: str = "solutions") -> list[Solution]:
        """The best solutions in order, as many as asked for if there are so many.

        Args:
            count: how many.
            distinct: in what they must differ, a word of `ranking.DISTINCT`; each is the best of those it stands for.
        """
        return list(islice(self.in_order(distinct), count))

    def in_order(self, distinct: str = "solutions") -> Iterator[Solution]:
        """All solutions, the best first, for who does not know how many to ask for: see `ranked`."""
        if len(self.parts) == 1:
            return self.parts[0].in_order(distinct)
        together = sums.in_order([part.row(distinct) for part in self.parts])
        return (joined(one.solutions, self._firsts) for one in together)

    def alike(self, solution: Solution, distinct: str) -> Solutions:
        """Those of these solutions that ``distinct``, a word of `ranking.DISTINCT`, does not tell from one of them."""
        assert solution.states is not None
        states = np.split(solution.states, self._firsts[1:])
        parts = [part.alike(some, distinct) for part, some in zip(self.parts, states, strict=True)]
        return Solutions(self.problem, parts=parts)

    def spread(self, count: int, least: int, most: int = 10_000) -> list[Solution]:
        """Good solutions that differ from each other in many notes: approximate, as each is the best that is left.

        Greedy: of the solutions in order, every one that is far enough from those taken before it is taken. Other sets
        of solutions may cost less in all.

        Args:
            count: how many.
            least: notes (position and voice, held ones counted where they sound) in which any two must differ.
            most: solutions looked at before giving up; then there are fewer than asked for.
        """
        taken: list[Solution] = []
        sounding: list[Array] = []
        for solution in islice(self.in_order("voicings"), most):
            if len(taken) == count:
                break
            notes = solution.sounding(len(self.problem.positions))
            if all((notes != other).sum() >= least for other in sounding):
                taken.append(solution)
                sounding.append(notes)
        return taken

    def samples(self, chance: Chance, temperature: float = 1.0) -> Iterator[Solution]:
        """Endless independent random solutions, with probability proportional to weight times exp(-cost / temperature).

        They are drawn ahead in growing numbers, so ``chance`` should serve nothing else.
        """
        drawn = [part.samples(chance, temperature) for part in self.parts]
        return (joined(some, self._firsts) for some in zip(*drawn, strict=True))

    def uniforms(self, chance: Chance) -> Iterator[Solution]:
        """Endless independent random solutions, each with the same probability; drawn ahead as `samples` are."""
        drawn = [part.uniforms(chance) for part in self.parts]
        return (joined(some, self._firsts) for some in zip(*drawn, strict=True))

    @property
    def counts_ways(self) -> bool:
        """Whether an ambiguous syntax is too entangled to count each music once, so that each way to it counts."""
        return any(part.counts_ways for part in self.parts)

    def marginals(self, temperature: float | None = None, moves: bool = False) -> Marginals:
        """How probable each pitch and chord is at each position.

        Args:
            temperature: of the law that `samples` has; None: the exact share of solutions.
            moves: whether to tell the pairs of successive pitches of each voice as well.
        """
        known = {part: part.marginals(temperature, moves) for part in dict.fromkeys(self.parts)}
        return joined_marginals(self.problem, [known[part] for part in self.parts])

    def voicings_at(self, position: int) -> Array:
        """The different pitches that sound at a position in some solution, int32 [voicings, voices] of pitch codes."""
        number = bisect_right(self._firsts, position) - 1
        found: Array = np.unique(pitches_of(self.parts[number].trellis, position - self._firsts[number]), axis=0)
        return found


def _parts(problem: Problem, workshop: Workshop) -> tuple[Part, ...]:
    """The parts of a problem; equal ones are solved once."""
    known: dict[Hashable, Part] = {}
    found = []
    for stretch in stretches(problem, workshop):
        key = stretch.key
        if key not in known:
            known[key] = Part(stretch.problem, stretch.trellis(workshop))
        found.append(known[key])
    return tuple(found)


def trellis_of(problem: Problem, workshop: Workshop | None = None) -> Trellis:
    """The trellis of a problem as one whole.

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
