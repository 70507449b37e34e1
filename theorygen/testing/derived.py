"""What a style derives under fixed parameters: its forms, with the phrases that each of them has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

from theorygen.compose.plan import Planner, origins
from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.derivation import Derivation, Leaf
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, home_key
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.testing.phrases import Phrases
from theorygen.theory import Key, Meter

MOST_FORMS = 5000
"""Derivations of a form, up to which they are told apart one by one."""


@dataclass(frozen=True, eq=False)
class Way:
    """One derivation of the form.

    Attributes:
        weight: its probability among all whose phrases the harmony has.
        form: the derivation.
        leaves: its leaves, one for each phrase.
        places: for each leaf which of ``kinds`` it has; those that share their chords have the same.
        kinds: the different phrases, in the order of their first places.
    """

    weight: float
    form: Derivation
    leaves: tuple[Leaf, ...]
    places: tuple[int, ...]
    kinds: tuple[Phrases, ...]

    @property
    def counts(self) -> Mapping[int, float]:
        """The probability of each number of chords of the piece."""
        return self._onwards[0]

    @cached_property
    def _onwards(self) -> list[dict[int, float]]:
        """For each kind the probability of how many chords it and all later kinds have in the piece."""
        found: list[dict[int, float]] = [{0: 1.0}]
        for number in range(len(self.kinds) - 1, -1, -1):
            times = self.places.count(number)
            sums: dict[int, float] = {}
            for count, weight in self.kinds[number].weights.items():
                for other, after in found[-1].items():
                    sums[count * times + other] = sums.get(count * times + other, 0.0) + weight * after
            found.append(sums)
        return found[::-1]

    def draw(self, chance: Chance, count: int) -> list[list[Leaf]]:
        """The chords of each kind of phrase, in a piece of so many chords: for each kind one choice for its number of
        chords, and one for each chord."""
        drawn = []
        for number, kind in enumerate(self.kinds):
            times, after = self.places.count(number), self._onwards[number + 1]
            sizes = list(kind.weights)
            weights = [kind.weights[size] * after.get(count - times * size, 0.0) for size in sizes]
            size = sizes[chance.among(list(accumulate(weights)))]
            count -= times * size
            drawn.append(kind.draw(chance, size))
        return drawn


class Material:
    """What a style derives under fixed parameters, in all its meters and modes; what was found is kept."""

    def __init__(self, style: Style, parameters: Mapping[str, Any]) -> None:
        self.style = style
        self.planner = Planner(style, parameters)
        self._automata: dict[Meter, Automaton] = {}
        self._kinds: dict[tuple[Meter, State, bool], Phrases] = {}
        self._ways: dict[tuple[bool, Meter], list[Way]] = {}

    def ways(self, home: Key, meter: Meter) -> list[Way]:
        """All derivations of the form whose phrases the harmony has, in the order of the grammar.

        Raises:
            InputError: there are too many.
        """
        key = (home.is_minor, meter)
        if key not in self._ways:
            found = list(self._derived(home, meter))
            total = sum(way.weight for way in found)
            self._ways[key] = [replace(way, weight=way.weight / total) for way in found]
        return self._ways[key]

    def kinds(self, home: Key, meter: Meter) -> dict[Phrases, float]:
        """The different phrases, with how many of each a piece has on average."""
        found: dict[Phrases, float] = {}
        for way in self.ways(home, meter):
            for number in way.places:
                found[way.kinds[number]] = found.get(way.kinds[number], 0.0) + way.weight
        return found

    def _derived(self, home: Key, meter: Meter) -> Iterator[Way]:
        mode = "minor" if home.is_minor else "major"
        goal = Goal(self.style.goal, self.planner.lengths.form(), attributes={"key": home_key(mode), "mode": mode})
        chart = self.planner.form_chart
        if chart.count(goal) > MOST_FORMS:
            raise InputError(Diagnostic(
                "too-many-forms", f"the form of '{self.style.name}' has {chart.count(goal)} derivations of this length",
                expected=f"at most {MOST_FORMS}", remedy="set the parameters so that the form is shorter"))
        for form in chart.enumerate(goal):
            way = self._way(form, home, meter)
            if way is not None:
                yield way

    def _way(self, form: Derivation, home: Key, meter: Meter) -> Way | None:
        """A form with its phrases, or None where the harmony has not all of them."""
        onset = -self.planner.lengths.pickup(meter)
        numbers: dict[tuple[int, ...], int] = {}
        kinds: list[Phrases] = []
        places, leaves = [], tuple(form.leaves())
        for leaf, origin in zip(leaves, origins(form), strict=True):
            said = self.planner.said_length(leaf, meter)
            length = self.planner.lengths.phrase(meter) if said is None else said
            if origin not in numbers:
                goal = Goal(leaf.symbol, length, leaf.derivation.arguments, leaf.attributes, onset % meter.bar_length)
                kind = self._phrases(goal, home, meter)
                if kind is None:
                    return None
                numbers[origin] = len(kinds)
                kinds.append(kind)
            places.append(numbers[origin])
            onset += length
        return Way(form.likelihood, form, leaves, tuple(places), tuple(kinds))

    def _phrases(self, goal: Goal, home: Key, meter: Meter) -> Phrases | None:
        """All phrases of a goal, or None if there are none."""
        if meter not in self._automata:
            self._automata[meter] = Automaton(self.planner.harmony_chart(meter))
        start = self._automata[meter].start(goal)
        if start is None:
            return None
        key = (meter, start, home.is_minor)
        if key not in self._kinds:
            self._kinds[key] = Phrases(self._automata[meter], start, home)
        return self._kinds[key]
