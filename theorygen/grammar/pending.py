"""What is still to come of a derivation read from left to right: chains of items, shared wherever they are equal.

The symbol that is expanded is always the leftmost. A duration is fixed only where something depends on it, so that
what is pending says nothing of how the time left will be divided: that keeps it small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from theorygen.grammar.chart_growth import Context
from theorygen.grammar.packed_forest import Place
from theorygen.grammar.production import Labels


class Shared(NamedTuple):
    """A let name that has been passed, in ticks.

    Attributes:
        name: the name.
        ticks: how long its items last.
        phase: place in the bar of what may be repeated; None before that.
        row: what that was, None where it is not remembered.
    """

    name: str
    ticks: int
    phase: int | None
    row: Rest | None


Bound = tuple[Shared, ...]
"""Let names passed."""


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """An item of a sequence in its context; equal ones are one object.

    Attributes:
        place: the item with its arguments filled in.
        context: what its derivations depend on; None for a terminal.
        ticks: its duration, None where it is free or that of an earlier item.
        least: ticks it lasts at least.
        name: let name that binds durations, or "".
        follows: whether an earlier item of that name has.
        repeats: whether it repeats that item.
        step: what its duration is a multiple of where that must be chosen at its start; else 0.
        path: texts of symbols between the node and the item, where it stands for a leaf further below.
    """

    place: Place
    context: Context | None
    ticks: int | None
    least: int
    name: str
    follows: bool
    repeats: bool
    step: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Rest:
    """Items of one sequence that are left; equal ones are one object.

    Attributes:
        first: the next item.
        onward: the rest behind it, or None.
        least: ticks it lasts at least.
        fixed: ticks it lasts, or None.
    """

    first: Item
    onward: Rest | None
    least: int
    fixed: int | None

    @cached_property
    def bound(self) -> frozenset[str]:
        """Let names whose duration it must know."""
        own = {self.first.name} if self.first.follows else set()
        return frozenset(own) | (self.onward.bound if self.onward else frozenset())


@dataclass(frozen=True, eq=False, slots=True)
class Around:
    """What a node's children inherit; equal ones are one object.

    Attributes:
        attributes: all of them; only those that something outside may read make a difference.
        labels: constraints written on the node and above it.
    """

    attributes: Mapping[str, str]
    labels: Labels


@dataclass(frozen=True, eq=False, slots=True)
class Pending:
    """Items left of one node and of the nodes above it; equal ones are one object. Times are ticks.

    Attributes:
        rest: items left of the node, at least one.
        around: what they inherit.
        end: when the node ends, None where that is free.
        bound: let names it must remember.
        shift: what is added to times to get places in the bar; not 0 below a repeated item only.
        beyond: what is left above, or None.
        path: texts of the symbols down to the node, of the first derivation that led here.
        limit: the first end that is known.
        least: ticks to there at least.
        fixed: ticks to there, or None.
    """

    rest: Rest
    around: Around
    end: int | None
    bound: Bound
    shift: int
    beyond: Pending | None
    path: tuple[str, ...]
    limit: int
    least: int
    fixed: int | None

    def fits(self, now: int) -> bool:
        """Whether the time left is neither too short nor, where there is no choice, too long."""
        left = self.limit - now
        return self.least <= left and self.fixed in (None, left)


@dataclass(frozen=True, eq=False, slots=True)
class Rewritten:
    """One way to rewrite a symbol: its share, its items, and what its head binds."""

    share: float
    rest: Rest
    parameters: Mapping[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class LeafKind:
    """What a leaf is whenever it begins; leaves of one meaning have one."""

    place: Place
    attributes: Mapping[str, str]
    labels: Labels
    ticks: int


def bounds(rest: Rest, bound: Bound) -> tuple[int, int | None]:
    """Ticks a rest lasts at least, and exactly where that is known, when durations of let names are."""
    if not bound:
        return rest.least, rest.fixed
    least, fixed = bounds(rest.onward, bound) if rest.onward else (0, 0)
    ticks = next((one.ticks for one in bound if one.name == rest.first.name), rest.first.ticks)
    return least + (ticks or rest.first.least), None if fixed is None or ticks is None else fixed + ticks
