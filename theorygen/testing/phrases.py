"""Phrases of one kind by their number of chords, and stretches of phrases: drawn exactly, plain chords first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate

from theorygen.grammar.automaton import Automaton, Move, State
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.pivots import local_key
from theorygen.source.chance import Chance
from theorygen.testing.plainness import strangeness
from theorygen.theory import Key

Weights = Mapping[int, float]
"""Numbers of chords with their weights."""


class Phrases:
    """All phrases that an automaton derives from a state.

    Args:
        automaton: the harmony.
        start: the state before the first chord.
        home: a home key, in which chords are compared.
    """

    def __init__(self, automaton: Automaton, start: State, home: Key) -> None:
        self._automaton = automaton
        self._start = start
        self._home = home
        self._moves: dict[State, tuple[Move, ...]] = {}
        self._stretches: dict[tuple[State, int], float] = {}

    @cached_property
    def weights(self) -> Weights:
        """For each number of chords the probability that a phrase has it."""
        found = self._lengths[self._start]
        total = sum(found.values())
        return {count: weight / total for count, weight in sorted(found.items())}

    def draw(self, chance: Chance, count: int) -> list[Leaf]:
        """The chords of a phrase that has so many, with probability proportional to its weight."""
        state = self._start
        leaves: list[Leaf] = []
        for left in range(count - 1, -1, -1):
            moves = self._plainest_first(state)
            weights = [move.weight * self._lengths[move.after].get(left, 0.0) for move in moves]
            state = self._step(chance, moves, weights, leaves)
        return leaves

    def stretch_weight(self, count: int) -> float:
        """How many stretches of so many chords a phrase has on average."""
        return sum(self._reached[state] * self._stretch(state, count) for state in self._states)

    def draw_stretch(self, chance: Chance, count: int) -> list[Leaf]:
        """So many successive chords of a phrase; every stretch of every phrase counts by the weight of the phrase."""
        sums = list(accumulate(self._reached[state] * self._stretch(state, count) for state in self._states))
        state = self._states[chance.among(sums)]
        leaves: list[Leaf] = []
        for left in range(count - 1, -1, -1):
            moves = self._plainest_first(state)
            state = self._step(chance, moves, [one.weight * self._stretch(one.after, left) for one in moves], leaves)
        return leaves

    def leaves(self) -> Iterator[Leaf]:
        """All chords that stand somewhere, the plainest first."""
        found = {id(move.leaf): move.leaf for state in self._states for move in self._automaton.moves(state)}
        yield from sorted(found.values(), key=self._strangeness)

    @staticmethod
    def _step(chance: Chance, moves: tuple[Move, ...], weights: list[float], leaves: list[Leaf]) -> State:
        move = moves[chance.among(list(accumulate(weights)))]
        leaves.append(move.leaf)
        return move.after

    @cached_property
    def _states(self) -> list[State]:
        """All states in time order, those at the beginning of a bar's stronger places first among equals."""
        return [state for layer in self._automaton.states(self._start) for state in layer]

    @cached_property
    def _lengths(self) -> dict[State, dict[int, float]]:
        """For each state the weights of the numbers of chords that may still come."""
        found: dict[State, dict[int, float]] = {}
        for state in reversed(self._states):
            found[state] = {0: 1.0} if state.done else {}
            for move in self._automaton.moves(state):
                for count, weight in found[move.after].items():
                    found[state][count + 1] = found[state].get(count + 1, 0.0) + move.weight * weight
        return found

    @cached_property
    def _reached(self) -> dict[State, float]:
        """For each state the probability that a phrase passes it, less what comes after."""
        found = dict.fromkeys(self._states, 0.0)
        found[self._start] = 1 / sum(self._lengths[self._start].values())
        for state in self._states:
            for move in self._automaton.moves(state):
                found[move.after] += found[state] * move.weight
        return found

    def _stretch(self, state: State, count: int) -> float:
        """The weight of all ways to go on from a state by so many chords, and then to any end."""
        if count == 0:
            return sum(self._lengths[state].values())
        key = (state, count)
        if key not in self._stretches:
            self._stretches[key] = sum(move.weight * self._stretch(move.after, count - 1)
                                       for move in self._automaton.moves(state))
        return self._stretches[key]

    def _plainest_first(self, state: State) -> tuple[Move, ...]:
        if state not in self._moves:
            moves = self._automaton.moves(state)
            self._moves[state] = tuple(sorted(moves, key=lambda move: self._strangeness(move.leaf)))
        return self._moves[state]

    def _strangeness(self, leaf: Leaf) -> tuple[object, ...]:
        key = local_key(leaf.attributes["key"], self._home)
        return (len(leaf.alternatives) > 1, strangeness(leaf.alternatives[0][0], key, self._home), leaf.duration)
