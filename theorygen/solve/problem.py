"""A problem: slots with their chord alternatives and what is asked of each; solving never changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.sung import NOTHING, Sung

if TYPE_CHECKING:
    from theorygen.solve.tally import Tally

PLACE_FIELDS = ("strength", "first", "last", "opening", "final", "cadence", "region", "given", "mark")
_IMPLIED = {"crosses_phrase": "first"}


@dataclass(frozen=True)
class Choice:
    """One chord a position may have.

    Attributes:
        slot: the chord and its place.
        weight: its weight among the alternatives, from the grammar.
        degrees: voice number to the scale degrees (local key, 1 to 7) it may take with this chord.
        given: voice number to the pitch codes it may take with this chord.
        sung: what given voices sing while the chord lasts, where they have other notes than those of the voicing.
        origin: where the choice comes from, for whoever made the problem; never looked at here.
    """

    slot: Slot
    weight: float = 1.0
    degrees: Mapping[int, frozenset[int]] = field(default_factory=dict, hash=False)
    given: Mapping[int, frozenset[int]] = field(default_factory=dict, hash=False)
    sung: Sung = NOTHING
    origin: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Position:
    """One slot of a problem.

    Attributes:
        choices: the chords it may have.
        degrees: voice number to the scale degrees (local key, 1 to 7) it may take.
        given: voice number to the pitch codes it may take.
    """

    choices: tuple[Choice, ...]
    degrees: Mapping[int, frozenset[int]] = field(default_factory=dict)
    given: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def starts_phrase(self) -> bool:
        """Whether a phrase begins here."""
        return self.choices[0].slot.first


HOLD = -1
"""In place of a choice: the chord before goes on, and every voice holds its note."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The ways a syntax may take at one position, as parallel arrays.

    Attributes:
        source: int32, state before.
        choice: int32, index of the choice taken, or HOLD.
        target: int32, state after.
        price: int64, thousandths: what the way costs beside the rules.
        weight: float64: its weight among all ways, for random choice.
    """

    source: Array
    choice: Array
    target: Array
    price: Array
    weight: Array


@dataclass(frozen=True, eq=False)
class Syntax:
    """Which choices may follow which: an automaton read along the positions, from state 0; every state may be the last.

    Attributes:
        layers: one for each position.
    """

    layers: tuple[Arcs, ...]


@dataclass(frozen=True)
class Problem:
    """What is to be solved.

    Attributes:
        positions: in time order, at least one.
        rules: the rules, hard and weighted.
        ensemble: the voices and their ranges.
        cut_before: whether the first phrase began earlier; then nothing is judged at its end.
        cut_after: whether the last phrase goes on; then nothing is judged at its end.
        syntax: which choices may follow which, or None where all may.
        relations: what must hold between notes that stand apart.
        tally: which faults there must be, and how many (`requiring`), or None.

    Raises:
        ValueError: there is no position, or one without a chord.
    """

    positions: tuple[Position, ...]
    rules: RuleSet
    ensemble: Ensemble
    cut_before: bool = False
    cut_after: bool = False
    syntax: Syntax | None = None
    relations: tuple[Any, ...] = ()
    tally: Tally | None = None

    def __post_init__(self) -> None:
        if not self.positions:
            raise ValueError("a problem needs at least one position")
        for number, position in enumerate(self.positions, 1):
            if not position.choices or any(_is_blank(choice, self.ensemble) for choice in position.choices):
                raise ValueError(f"position {number} has no chord, and not every voice is given notes with the choice")

    def part(self, start: int, stop: int) -> Problem:
        """The problem of some successive positions alone."""
        cut_before = self.cut_before if start == 0 else not self.positions[start].starts_phrase
        cut_after = self.cut_after if stop >= len(self.positions) else not self.positions[stop].starts_phrase
        return replace(self, positions=self.positions[start:stop], cut_before=cut_before, cut_after=cut_after)


def _is_blank(choice: Choice, ensemble: Ensemble) -> bool:
    """Whether nothing says what the voices may sing."""
    return choice.slot.chord is None and not choice.given.keys() >= set(range(len(ensemble.voices)))


def canonical(slot: Slot, names: frozenset[str]) -> Slot:
    """The slot without the place fields that no rule reads, so that equal tables are shared.

    Args:
        slot: the slot.
        names: fields the rules read.
    """
    return replace(slot, **_unread(names))


_BLANK = Slot(None)


@lru_cache(maxsize=64)
def _unread(names: frozenset[str]) -> Mapping[str, Any]:
    """The place fields that are not among those read, with what stands for them."""
    read = {name.rsplit(".", 1)[-1] for name in names if "place." in name or name.startswith("place")}
    read |= {field for name, field in _IMPLIED.items() if any(path.endswith(name) for path in names)}
    return {name: getattr(_BLANK, name) for name in PLACE_FIELDS if name not in read}
