"""Where a problem falls into parts: edges of phrases over which no rule, no syntax and nothing remembered reaches.

Solutions of the parts then go together as they like, so that each part is solved alone, and equal parts once.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from theorygen.rules.world import Array
from theorygen.solve.pairs import PairTable
from theorygen.solve.paths import DeadEnd, Trellis
from theorygen.solve.problem import Position, Problem
from theorygen.solve.trellis import allowed_candidates, build_trellis, prepare_tables
from theorygen.solve.workshop import Pool, Workshop


@dataclass(frozen=True, eq=False)
class Seam:
    """An edge between phrases over which everything may go, and at a cost that knows one side at a time.

    Attributes:
        before: int64 [candidates], what the last chord before is charged for the change, thousandths.
        after: int64 [candidates], what the first chord after is.
    """

    before: Array
    after: Array

    @property
    def costs(self) -> bool:
        """Whether the change costs anything."""
        return bool(self.before.any() or self.after.any())


@dataclass(frozen=True, eq=False)
class Stretch:
    """A part of a problem that depends on nothing around it.

    Attributes:
        problem: the part.
        first: position of the whole problem where it begins.
        before: the seam it begins at, None at the beginning or where that costs nothing.
        after: the seam it ends at, None at the end or where that costs nothing.
    """

    problem: Problem
    first: int
    before: Seam | None
    after: Seam | None

    @property
    def key(self) -> Hashable:
        """What equal parts share: all that their solutions depend on, and what these are told by."""
        return (tuple(map(_position_key, self.problem.positions)), self.problem.cut_before, self.problem.cut_after,
                self.before and self.before.after.tobytes(), self.after and self.after.before.tobytes())

    def trellis(self, workshop: Workshop) -> Trellis:
        """All solutions of the part.

        Raises:
            DeadEnd: there is none; its position is one of the whole problem.
        """
        try:
            found = build_trellis(self.problem, workshop)
        except DeadEnd as end:
            raise DeadEnd(self.first + end.position) from None
        if self.before:
            cost = found.opening.cost + self.before.after[found.candidates[0]]
            found = replace(found, opening=replace(found.opening, cost=cost))
        return replace(found, final=found.final + self.after.before[found.candidates[-1]]) if self.after else found


def stretches(problem: Problem, workshop: Workshop) -> list[Stretch]:
    """The parts of a problem, as many as there are; often the whole problem is the only one."""
    seams = _seams(problem, workshop)
    bounds = [0, *seams, len(problem.positions)]
    kept = {place: seam for place, seam in seams.items() if seam.costs}
    return [Stretch(problem.part(first, stop) if seams else problem, first, kept.get(first), kept.get(stop))
            for first, stop in pairwise(bounds)]


def _seams(problem: Problem, workshop: Workshop) -> dict[int, Seam]:
    """The seams of a problem, by the position where a phrase begins."""
    starts = [place for place, position in enumerate(problem.positions) if place and position.starts_phrase]
    if not starts or problem.syntax is not None or problem.relations or problem.tally is not None:
        return {}
    prepare_tables([problem], workshop)
    found = {place: _seam(problem.positions[place - 1], problem.positions[place], workshop) for place in starts}
    return {place: seam for place, seam in found.items() if seam}


def _seam(before: Position, after: Position, workshop: Workshop) -> Seam | None:
    """The seam between two positions, or None where what may follow, or its cost, depends on both."""
    pools = workshop.pool(before), workshop.pool(after)
    masks = allowed_candidates(before, pools[0]), allowed_candidates(after, pools[1])
    cost = _changes(workshop.join(*pools), pools[1], *masks)
    if cost is None or (cost - cost[:, :1] != cost[:1] - cost[:1, :1]).any():
        return None
    charges = [np.zeros(len(pool), dtype=np.int64) for pool in pools]
    if cost.size:
        charges[0][masks[0]], charges[1][masks[1]] = cost[:, 0], cost[0] - cost[0, 0]
    return Seam(*charges)


def _changes(table: PairTable, after: Pool, first: Array, second: Array) -> Array | None:
    """What each change costs, int64 [candidates before, candidates after], or None if some may not be."""
    size = int(first.sum()), int(second.sum())
    if len(table.source) < size[0] * size[1]:
        return None
    kept = first[table.source] & second[table.target]
    if kept.sum() < size[0] * size[1]:
        return None
    changes: Array = (table.cost - after.cost[table.target])[kept].reshape(size)
    return changes


def _position_key(position: Position) -> Hashable:
    asked = ((voice, tuple(sorted(some))) for some_voices in (position.degrees, position.given)
             for voice, some in sorted(some_voices.items()))
    origins = tuple(id(choice.origin) for choice in position.choices)
    return position.choices, origins, len(position.degrees), tuple(asked)
