"""Which productions of a style's harmony are part of any phrase, and which goals have no phrase at all: exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Production, Rule
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal
from theorygen.source.diagnostic import InputError
from theorygen.theory import Meter
from theorygen.verify.forest import used_below
from theorygen.verify.reach import Reach
from theorygen.verify.roots import harmony_chart
from theorygen.verify.settings import Group, Root


@dataclass(frozen=True)
class Hole:
    """A goal of composed pieces that the harmony has nothing for.

    Attributes:
        root: what the form asks.
        values: a setting under which it does.
        starts: where in the bar there is nothing.
        possible: lengths near that there would be.
    """

    root: Root
    values: Any
    starts: tuple[Fraction, ...]
    possible: tuple[Fraction, ...]


@dataclass
class Usage:
    """What is known of the harmony's productions.

    Attributes:
        used: part of some whole derivation.
        reached: heads that something leads to.
        allowed: productions whose guard and weight let them be used somewhere.
        holes: goals without a derivation.
        silent: roots under given notes that have no derivation of any length.
        endless: what went wrong where symbols are rewritten without end.
        goals: how many goals were looked at.
    """

    used: set[Production] = field(default_factory=set)
    reached: set[Rule] = field(default_factory=set)
    allowed: set[Production] = field(default_factory=set)
    holes: list[Hole] = field(default_factory=list)
    silent: list[tuple[Root, Any]] = field(default_factory=list)
    endless: list[InputError] = field(default_factory=list)
    goals: int = 0


def usage(style: Style, groups: Sequence[Group], watched: frozenset[Production]) -> Usage:
    """Look at all goals of all groups, as far as something is left to be found.

    Args:
        style: the style.
        groups: its settings with what is asked of the harmony.
        watched: productions whose use matters. Goals of composed pieces are all looked at; the others, whose lengths
            are open, only while one of these may be of use that is not known to be.
    """
    found = Usage()
    for group in groups:
        by_meter: dict[Meter, list[Root]] = {}
        for root in group.roots:
            by_meter.setdefault(root.meter, []).append(root)
        for meter, roots in by_meter.items():
            if watched <= found.used and not any(root.marks for root in roots):
                continue        # nothing but heads of a base, and all is found
            try:
                _look(found, harmony_chart(style, group.values, meter), group, roots, watched)
            except InputError as error:
                found.endless.append(error)
    return found


def _look(found: Usage, chart: Chart, group: Group, roots: Sequence[Root], watched: frozenset[Production]) -> None:
    """All goals in one meter under one setting."""
    reach = Reach(chart, max(duration for root in roots for duration in root.durations))
    open_roots = [root for root in roots if not _is_fixed(root)]
    seen: set[int] = set()
    for root in roots:
        if _is_fixed(root):
            _look_at(found, chart, group, root, seen)
    possible = reach.productions(goal for root in roots for goal in _first(root)) & watched
    found.silent += [(root, group.values) for root in open_roots if root.marks and not reach.has(next(root.goals()))]
    if not possible <= found.used:
        _look_for(found, chart, reach, open_roots, possible, seen)
    found.reached |= reach.rules
    found.allowed |= reach.allowed


def _look_for(found: Usage, chart: Chart, reach: Reach, roots: Sequence[Root], possible: set[Production],
              seen: set[int]) -> None:
    """Goals of any length, short ones first, as long as they may show a production to be of use."""
    below: dict[Root, set[Production]] = {}
    goals = [(goal, root) for root in roots for goal in root.goals()]
    for goal, root in sorted(goals, key=lambda pair: pair[0].duration):
        if possible <= found.used:
            return
        if root not in below:
            below[root] = reach.productions(_first(root)) & possible
        if not below[root] <= found.used:
            found.goals += 1
            found.used |= used_below([chart.cell(goal)], seen)


def _look_at(found: Usage, chart: Chart, group: Group, root: Root, seen: set[int]) -> None:
    """All goals of a root of composed pieces."""
    goals = list(root.goals())
    cells = [chart.cell(goal) for goal in goals]
    found.goals += len(goals)
    found.used |= used_below(cells, seen)
    empty = [goal for goal, cell in zip(goals, cells, strict=True) if not cell.count]
    if empty:
        near = chart.durations(empty[0], 2 * empty[0].duration)
        found.holes.append(Hole(root, group.values, tuple(Fraction(goal.start) for goal in empty), near))


def _is_fixed(root: Root) -> bool:
    """Whether composed pieces ask for it, and so in one length."""
    return len(root.durations) == 1 and not root.is_given


def _first(root: Root) -> Iterator[Goal]:
    yield next(root.goals())
