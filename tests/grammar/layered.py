"""An automaton over leaves laid out in time and made small: equal futures joined, or one way for each row of chords."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.symbols import from_ticks

Subset = tuple[State, ...]

_DIGITS = 12
MOST_STATES = 20_000
"""States of a deterministic automaton, unless said otherwise."""


class TooManyStates(ValueError):
    """A deterministic automaton would be too large.

    Attributes:
        limit: how many states were allowed.
        reached: quarter lengths from the start within which they were used up.
    """

    def __init__(self, limit: int, reached: Fraction) -> None:
        super().__init__(f"more than {limit} states within the first {reached} quarters")
        self.limit = limit
        self.reached = reached


class Chord(NamedTuple):
    """One alternative of a leaf, as one may tell it apart from others of its moment.

    Attributes:
        text: the numeral.
        key: its key, relative to the home key.
        duration: quarter lengths.
        constraints: labels with their values.
    """

    text: str
    key: str
    duration: Fraction
    constraints: frozenset[tuple[str, str | frozenset[str]]]


class Arc(NamedTuple):
    """What may come next.

    Attributes:
        weight: share among the ways to go on; in a deterministic automaton 1.
        what: a leaf, or in a deterministic automaton its label.
        after: number of the state after it.
    """

    weight: float
    what: Any
    after: int


@dataclass(frozen=True, eq=False)
class Layered:
    """An automaton as numbers. State 0 is the start, the last is the end; arcs lead to higher numbers.

    Attributes:
        moments: when the next leaf of each state begins, quarter lengths.
        arcs: for each state what may come next, every arc leads to the end.
        total: summed weight of all paths, of which weights of arcs are shares; 1 in a deterministic automaton.
    """

    moments: tuple[Fraction, ...]
    arcs: tuple[tuple[Arc, ...], ...]
    total: float

    @property
    def layers(self) -> Iterator[tuple[Fraction, range]]:
        """Every moment with its states."""
        first = 0
        for state in range(1, len(self.moments) + 1):
            if state == len(self.moments) or self.moments[state] != self.moments[first]:
                yield self.moments[first], range(first, state)
                first = state

    def count(self) -> int:
        """How many paths there are; in a deterministic automaton how many rows of labels."""
        ways = [1] * len(self.arcs)
        for state in range(len(self.arcs) - 2, -1, -1):
            ways[state] = sum(ways[arc.after] for arc in self.arcs[state])
        return ways[0]


def chords_of(leaf: Leaf) -> tuple[Chord, ...]:
    """The chords a leaf may be."""
    constraints = frozenset(leaf.constraints.items())
    texts = [text for text, _ in leaf.alternatives] or [leaf.symbol]
    return tuple(Chord(text, leaf.attributes["key"], leaf.duration, constraints) for text in dict.fromkeys(texts))


def leaves_by_moment(automaton: Automaton, start: State) -> dict[Fraction, tuple[Leaf, ...]]:
    """The different leaves that may begin at each moment, quarter lengths on the scale of the goal's start."""
    found: dict[Fraction, dict[int, Leaf]] = {}
    for layer in automaton.states(start):
        for state in layer:
            for move in automaton.moves(state):
                found.setdefault(state.start, {}).setdefault(id(move.leaf), move.leaf)
    return {moment: tuple(leaves.values()) for moment, leaves in found.items()}


def layered(automaton: Automaton, start: State, weighed: bool = True) -> Layered:
    """The automaton with states of equal futures joined.

    Args:
        automaton: the automaton.
        start: where to begin.
        weighed: whether futures are equal only if the shares of their leaves are, to twelve digits; else weights are
            left out, and every arc has 1.
    """
    states = [state for layer in automaton.states(start) for state in layer]
    joiner = _Joiner(weighed)
    for state in reversed(states):
        joiner.add(state, state.start, automaton.moves(state))
    return joiner.joined()


def determinised(
    automaton: Automaton,
    start: State,
    labels: Callable[[Leaf], Iterable[Hashable]] = chords_of,
    most: int = MOST_STATES,
) -> Layered:
    """The automaton of what leaves are called, where every row of labels is one path. Weights are left out.

    Args:
        automaton: the automaton.
        start: where to begin.
        labels: the names of a leaf, one for each chord it may be; leaves of different durations must differ in them.
        most: how many states there may be before equal futures are joined.

    Raises:
        TooManyStates: there would be more.
    """
    afters = _subsets(automaton, start, labels, most)
    joiner = _Joiner(weighed=False)
    for subset in reversed(afters):
        joiner.add(subset, subset[0].start, [(1.0, label, after) for label, after in afters[subset].items()])
    return joiner.joined()


def _subsets(
    automaton: Automaton, start: State, labels: Callable[[Leaf], Iterable[Hashable]], most: int
) -> dict[Subset, dict[Hashable, Subset]]:
    """The sets of states that a row of labels may have led to, by time, each with those that its labels lead to."""
    numbers = {state: number for number, state in enumerate(chain.from_iterable(automaton.states(start)))}
    waiting: dict[int, dict[Subset, None]] = {start.at: {(start,): None}}
    found: dict[Subset, dict[Hashable, Subset]] = {}
    while waiting:
        at = min(waiting)
        for subset in waiting.pop(at):
            afters: dict[Hashable, set[State]] = {}
            for move in chain.from_iterable(map(automaton.moves, subset)):
                for label in labels(move.leaf):
                    afters.setdefault(label, set()).add(move.after)
            found[subset] = {label: tuple(sorted(after, key=numbers.__getitem__)) for label, after in afters.items()}
            for after in found[subset].values():
                waiting.setdefault(after[0].at, {})[after] = None
        if len(found) + sum(map(len, waiting.values())) > most:
            raise TooManyStates(most, from_ticks(at - start.at))
    return found


class _Joiner:
    """Joins what has equal futures, from the end backwards."""

    def __init__(self, weighed: bool) -> None:
        self.weighed = weighed
        self._class: dict[Hashable, int] = {}
        self._signatures: dict[Hashable, int] = {}
        self._arcs: list[tuple[Arc, ...]] = []
        self._moments: list[Fraction] = []
        self._totals: dict[Hashable, float] = {}

    def add(self, state: Hashable, moment: Fraction, moves: Iterable[tuple[Any, ...]]) -> None:
        """A state with its moves: weight, leaf or label, and a state that was added before; more does not matter."""
        weights: dict[tuple[Any, int], float] = {}
        for weight, what, after, *_ in moves:
            place = (what, self._class[after])
            weights[place] = weights.get(place, 0.0) + weight * self._totals[after] if self.weighed else 1.0
        total = sum(weights.values()) if self.weighed and weights else 1.0
        self._totals[state] = total
        arcs = tuple([Arc(weight / total, what, after) for (what, after), weight in weights.items()])
        signature = (moment, frozenset((arc.what, arc.after, round(arc.weight, _DIGITS)) for arc in arcs))
        if signature not in self._signatures:
            self._signatures[signature] = len(self._arcs)
            self._arcs.append(arcs)
            self._moments.append(moment)
        self._class[state] = self._signatures[signature]

    def joined(self) -> Layered:
        """The automaton from the state added last; numbers are turned round, so that arcs lead upwards."""
        last = len(self._arcs) - 1
        arcs = [tuple([arc._replace(after=last - arc.after) for arc in one]) for one in reversed(self._arcs)]
        return Layered(tuple(reversed(self._moments)), tuple(arcs), list(self._totals.values())[-1])
