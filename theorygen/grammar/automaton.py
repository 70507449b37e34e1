"""A grammar read from left to right: an automaton over leaves that derives exactly what a chart derives.

A state is what is pending when the leftmost symbol has been read. Weights of different derivations of one sequence of
leaves add up along its paths, so sums over paths are totals of the chart. What repeats a shared item is remembered,
unless it has very many derivations; then it is derived anew over the same duration, which leaves totals as they are
but allows more. ``Automaton.anew`` names such symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from theorygen.grammar.chart import Chart
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.packed_forest import endless
from theorygen.grammar.pending import Bound, Item, LeafKind, Pending, Rewritten, Shared
from theorygen.grammar.sampling import terminal
from theorygen.grammar.shelf import Shelf
from theorygen.grammar.symbols import Goal, call_text, from_ticks, whole_ticks

_HIGHEST_CLIMB = 100


class State(NamedTuple):
    """A moment in a derivation: what has been read no longer matters, what is pending does.

    Attributes:
        pending: what is left; None at the end.
        at: when the next leaf begins, in ticks.
        end: when the goal ends, in ticks.
    """

    pending: Pending | None
    at: int
    end: int

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.pending is None

    @property
    def ticks_left(self) -> int:
        """Ticks to the end of the goal."""
        return self.end - self.at

    @property
    def start(self) -> Fraction:
        """When the next leaf begins, quarter lengths; on the scale of the goal's start."""
        return from_ticks(self.at)


class Move(NamedTuple):
    """What may come next.

    Attributes:
        weight: summed over the ways to derive it: the product of the shares of the productions passed.
        leaf: the leaf. Its path is that of the first derivation found; a symbol that hands on to itself at its end
            stands in it once.
        after: the state after it.
        ways: how many ways there are.
        heaviest: weight of the heaviest of them.
    """

    weight: float
    leaf: Leaf
    after: State
    ways: int = 1
    heaviest: float = 0.0


class Automaton:
    """All derivations of goals, read from left to right; what was computed is kept.

    Args:
        chart: says grammar, parameters, unit and meter. It need not be grown.

    Attributes:
        anew: shared symbols met so far whose repetitions are derived anew.
    """

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.anew: set[str] = set()
        self._shelf = Shelf(chart.growth)
        self._moves: dict[State, tuple[Move, ...]] = {}
        self._leaves: dict[tuple[LeafKind, int], Leaf] = {}

    def start(self, goal: Goal) -> State | None:
        """The state before the first leaf, or None when nothing has the goal's duration.

        Raises:
            InputError: the goal names no symbol of the grammar, or the grammar derives without end.
        """
        first = self._root(goal)
        if first not in self._moves:
            self._explore(first)
        return first if self._moves[first] else None

    def moves(self, state: State) -> tuple[Move, ...]:
        """What may come next; none at the end. Every move leads to the end."""
        return self._moves[state]

    def states(self, first: State) -> list[list[State]]:
        """All states that can be reached, in layers by the time when their next leaf begins; the end comes last."""
        found = {first: None}
        waiting = [first]
        while waiting:
            fresh = {move.after: None for move in self._moves[waiting.pop()] if move.after not in found}
            found.update(fresh)
            waiting += fresh
        times = sorted({state.at for state in found})
        return [[state for state in found if state.at == at] for at in times]

    def _root(self, goal: Goal) -> State:
        start = whole_ticks(goal.start)
        end = start + whole_ticks(goal.duration)
        pending = self._shelf.root(goal.symbol, self.chart.arguments(goal), goal.environment, start, end)
        return State(pending, start, end)

    # exploring

    def _explore(self, first: State) -> None:
        """Find the moves of all states to be reached, then drop those that lead nowhere."""
        layers: dict[int, dict[State, None]] = {first.at: {first: None}}
        done = []
        while layers:
            layer = layers.pop(min(layers))
            done.append(layer)
            for state in layer:
                if state not in self._moves:
                    self._moves[state] = tuple(self._joined(state))
                    for move in self._moves[state]:
                        layers.setdefault(move.after.at, {})[move.after] = None
        for layer in reversed(done):
            for state in layer:
                self._moves[state] = tuple([move for move in self._moves[state] if self._leads_on(move.after)])

    def _leads_on(self, state: State) -> bool:
        return state.pending is None or bool(self._moves[state])

    def _joined(self, state: State) -> Iterator[Move]:
        """The moves of a state, equal ones made one."""
        joined: dict[tuple[int, State], Move] = {}
        for move in self._all_moves(state):
            key = (id(move.leaf), move.after)
            before = joined.get(key)
            if before is not None:
                move = Move(before.weight + move.weight, move.leaf, move.after,
                            before.ways + move.ways, max(before.heaviest, move.heaviest))
            joined[key] = move
        return iter(joined.values())

    def _all_moves(self, state: State) -> Iterator[Move]:
        """The moves of a state, one for each way."""
        waiting = [(1.0, 0, state.pending)] if state.pending else []
        while waiting:
            weight, climb, pending = waiting.pop()
            if pending.rest.first.context is None:
                after = self._after(pending, state)
                if after is not None:
                    yield Move(weight, self._leaf(pending, state.at), after, 1, weight)
            elif climb > _HIGHEST_CLIMB + state.ticks_left // self.chart.growth.grid:
                raise endless([pending.rest.first.place.symbol], None)
            else:
                below = [(weight * share, climb + 1, child) for share, child in self._below(pending, state.at)]
                waiting += reversed(below)

    def _after(self, pending: Pending, state: State) -> State | None:
        """The state after the terminal that is next, or None where the rest cannot follow."""
        rest, at = pending.rest, state.at + (pending.rest.first.ticks or 0)
        if rest.onward is None and pending.end not in (None, at):
            return None
        onward = self._onward(pending, pending.bound)
        if onward is None:
            return State(None, at, state.end) if at == state.end else None
        return State(onward, at, state.end) if onward.fits(at) else None

    def _onward(self, pending: Pending, bound: Bound) -> Pending | None:
        """What is pending behind the next item."""
        one, rest = pending, pending.rest.onward
        if rest is None:
            return one.beyond
        return self._shelf.pending(rest, one.around, one.end, bound, one.shift, one.beyond, one.path)

    def _below(self, pending: Pending, now: int) -> Iterator[tuple[float, Pending]]:
        """The next item rewritten in all ways, each with its share."""
        item = pending.rest.first
        for ticks in _durations(pending, now):
            if item.name and ticks is not None:
                yield from self._shared(pending, ticks, now)
            else:
                onward = self._onward(pending, pending.bound)
                for way in self._shelf.rewritten(item, ticks, now + pending.shift):
                    yield from self._child(pending, way, way.share, ticks, now, onward, pending.shift)

    def _shared(self, pending: Pending, ticks: int, now: int) -> Iterator[tuple[float, Pending]]:
        """The next item, whose name is shared, rewritten or repeated."""
        item, shift = pending.rest.first, pending.shift
        shared = next((one for one in pending.bound if one.name == item.name), Shared(item.name, ticks, None, None))
        if item.repeats and shared.row is None:
            share, shift = self._anew(item, shared, now)
            ways = [(way.share * share, way, shared) for way in self._shelf.rewritten(item, ticks, now + shift)]
        elif item.repeats and shared.row is not None:
            told = self._shelf.told(item, ticks, shared.phase or 0) or ()
            ways = [(1.0, next(way for way in told if way.rest is shared.row), shared)]
        else:
            ways = list(self._first(item, shared, now + shift))
        for share, way, passed in ways:
            onward = self._onward(pending, (*[one for one in pending.bound if one.name != item.name], passed))
            yield from self._child(pending, way, share, ticks, now, onward, shift)

    def _first(self, item: Item, shared: Shared, start: int) -> Iterator[tuple[float, Rewritten, Shared]]:
        """Ways to rewrite a shared item that repeats nothing, each with what is to be remembered."""
        told = None
        if not item.place.varied:
            shared = shared._replace(phase=self.chart.growth.phase(item.place.symbol, start))
            told = self._shelf.told(item, shared.ticks, start)
        for way in self._shelf.rewritten(item, shared.ticks, start) if told is None else told:
            yield way.share, way, shared if told is None else shared._replace(row=way.rest)

    def _anew(self, item: Item, shared: Shared, now: int) -> tuple[float, int]:
        """The share of one way to derive what is repeated, and the shift that puts it where the original stood."""
        symbol, growth = item.place.symbol, self.chart.growth
        phase = shared.phase or 0
        total = growth.weighed(symbol, item.place.arguments, item.context or (), shared.ticks, phase).total
        self.anew.add(call_text(symbol, item.place.arguments))
        return (1 / total if total else 0.0), growth.phase(symbol, phase - now)

    def _child(self, pending: Pending, way: Rewritten, share: float, ticks: int | None, now: int,
               onward: Pending | None, shift: int) -> Iterator[tuple[float, Pending]]:  # fmt: skip
        """What is pending when the next item has been rewritten, if that can be."""
        end = None if ticks is None else now + ticks
        if end is None or _may_end(pending, onward, end):
            place = pending.rest.first.place
            path = (*pending.path, call_text(place.symbol, place.arguments))
            around = self._shelf.inside(pending.around, place, way.parameters)
            child = self._shelf.pending(way.rest, around, end, (), shift, onward, path)
            if child.fits(now):
                yield share, child

    def _leaf(self, pending: Pending, at: int) -> Leaf:
        """The leaf that the next item is; leaves of one meaning are one object."""
        kind = self._shelf.leaf_kind(pending.rest.first, pending.around)
        leaf = self._leaves.get((kind, at))
        if leaf is None:
            node = terminal(kind.place, kind.attributes, kind.labels, at, kind.ticks)
            path = (*pending.path, *pending.rest.first.path, node.text)
            leaf = Leaf(node.alternatives, node.labels, node.attributes, node.start, node.duration, path, node)
            self._leaves[kind, at] = leaf
        return leaf


def _durations(pending: Pending, now: int) -> Iterable[int | None]:
    """The durations of the next item that must be told apart; None where it is free."""
    item, onward = pending.rest.first, pending.rest.onward
    if item.ticks is not None:
        return (item.ticks,)
    if item.follows:
        return [one.ticks for one in pending.bound if one.name == item.name]
    if pending.end is None:
        return (None,)
    if onward is None:
        return (pending.end - now,)
    if not item.step:
        return (None,)
    first = -(-item.least // item.step) * item.step
    return range(first, pending.end - now - onward.least + 1, item.step)


def _may_end(pending: Pending, onward: Pending | None, end: int) -> bool:
    """Whether the next item can end then."""
    if pending.rest.onward is None and pending.end is not None:
        return end == pending.end
    return onward is None or onward.fits(end)
