"""Chords before any note is chosen: whole pieces by their number of chords, and stretches of phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

from theorygen.compose.composition import task_of
from theorygen.compose.plan import LeafChord, Plan, PlannedChord
from theorygen.compose.progression import Progression, tempo_of
from theorygen.compose.tasks import Task
from theorygen.grammar.derivation import Derivation, Leaf
from theorygen.grammar.pivots import local_key
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.testing.derived import Material, Way
from theorygen.testing.phrases import Phrases
from theorygen.theory import Key, Meter


@dataclass(frozen=True, eq=False)
class DrawnPlan:
    """Chords in time.

    Attributes:
        material: what they are made of.
        key: the home key.
        meter: the meter.
        pickup: length of the incomplete first bar, quarter lengths.
        leaves: the leaves of the harmony in order.
        chords: the chords that these are.
        form: what the form derived, or None for a stretch of a phrase.
        depths: for each chord how many choices led to it.
    """

    material: Material
    key: Key
    meter: Meter
    pickup: Fraction
    leaves: tuple[Leaf, ...]
    chords: tuple[PlannedChord, ...]
    form: Derivation | None
    depths: tuple[int, ...]

    @property
    def identity(self) -> tuple[Any, ...]:
        """What equal plans share."""
        return id(self.material), self.key, self.meter, id(self.form), tuple(map(id, self.leaves))

    def task(self) -> Task:
        """The plan as something to be voiced."""
        style = self.material.style
        if self.form is None:
            return Progression(self.chords, ((Fraction(0), self.meter),), self.key, self.pickup).task(style)
        return task_of(Plan(self.key, self.meter, self.pickup, tempo_of(style), self.material.planner.parameters,
                            self.form, (), self.chords), style)


class Source(Protocol):
    """Draws plans."""

    def draw(self, chance: Chance) -> DrawnPlan:
        """One plan."""


class Situation(NamedTuple):
    """Where chords are drawn: in one meter and mode, under values of what makes pieces longer.

    Attributes:
        material: the style under these values.
        meter: the meter.
        keys: home keys of the mode, the plainest first.
        counts: the probability of each number of chords that is allowed.
    """

    material: Material
    meter: Meter
    keys: tuple[Key, ...]
    counts: Mapping[int, float]


class _Drawing:
    """What sources share: the number of chords is chosen first, then the key, then meter and parameters.

    Args:
        materials: the style, the shortest pieces first.
        keys: home keys, the plainest first.
        fewest: chords at least.
        most: chords at most; None for any number.

    Raises:
        InputError: the style has nothing of so many chords, or no such keys.
    """

    def __init__(self, materials: Sequence[Material], keys: Sequence[Key], fewest: int, most: int | None) -> None:
        self._keys = tuple(keys)
        modes = dict.fromkeys(key.is_minor for key in keys)
        every = [Situation(material, meter, home, self._weights(material, home[0], meter, most))
                 for material in materials for meter in material.style.meters
                 for home in (tuple(key for key in keys if key.is_minor == minor) for minor in modes)]
        self._situations = [one._replace(counts=allowed) for one in every
                            if (allowed := {count: weight for count, weight in one.counts.items()
                                            if fewest <= count and (most is None or count <= most)})]
        if not self._situations:
            raise _none_of(materials[0].style.name, fewest, most, {count for one in every for count in one.counts})
        self._counts = sorted({count for one in self._situations for count in one.counts})

    def _weights(self, material: Material, home: Key, meter: Meter, most: int | None) -> Mapping[int, float]:
        raise NotImplementedError

    def _situation(self, chance: Chance) -> tuple[int, Key, Situation]:
        """Number of chords, key, and the rest: three choices."""
        number = chance.among(list(accumulate(self._share(count) for count in self._counts)))
        count = self._counts[number]
        key = self._keys[chance.among(list(accumulate(self._share(count, key) for key in self._keys)))]
        weights = [one.counts.get(count, 0.0) * (key in one.keys) for one in self._situations]
        return count, key, self._situations[chance.among(list(accumulate(weights)))]

    def _share(self, count: int, key: Key | None = None) -> float:
        """Weight of a number of chords, in all keys or in one."""
        return sum(one.counts.get(count, 0.0) * (len(one.keys) if key is None else key in one.keys)
                   for one in self._situations)


def _none_of(name: str, fewest: int, most: int | None, possible: set[int]) -> InputError:
    asked = f"{fewest} or more" if most is None else str(fewest) if fewest == most else f"{fewest} to {most}"
    expected = f"numbers from {min(possible)} to {max(possible)}" if possible else ""
    return InputError(Diagnostic("no-such-length", f"'{name}' derives nothing of {asked} chords", expected=expected,
                                 remedy="ask for another number of chords, or set other parameters"))


_CHOICES_BEFORE = 4
"""Choices before those of the first phrase: number of chords, key, situation, form or phrase."""


class Pieces(_Drawing):
    """Whole pieces, by the law of composing on condition that they have so many chords."""

    def _weights(self, material: Material, home: Key, meter: Meter, most: int | None) -> Mapping[int, float]:
        sums: dict[int, float] = {}
        for way in material.ways(home, meter):
            for count, weight in way.counts.items():
                sums[count] = sums.get(count, 0.0) + way.weight * weight
        return sums

    def draw(self, chance: Chance) -> DrawnPlan:
        """One piece."""
        count, key, (material, meter, _, _) = self._situation(chance)
        ways = material.ways(key, meter)
        way = ways[chance.among(list(accumulate(way.weight * way.counts.get(count, 0.0) for way in ways)))]
        return self._plan(way, way.draw(chance, count), key, meter, material)

    @staticmethod
    def _plan(way: Way, drawn: list[list[Leaf]], key: Key, meter: Meter, material: Material) -> DrawnPlan:
        before = list(accumulate((len(leaves) + 1 for leaves in drawn), initial=_CHOICES_BEFORE + 1))
        leaves: list[Leaf] = []
        chords: list[PlannedChord] = []
        depths: list[int] = []
        onset, left = Fraction(0), key
        for place, number in enumerate(way.places):
            for index, leaf in enumerate(drawn[number], 1):
                is_goal = index == len(drawn[number])
                goal = way.leaves[place].attributes.get("cadence") if is_goal else None
                chord = _chord(leaf, key)
                chords.append(chord.planned(left, onset, place, goal, material.planner.ensemble))
                leaves.append(leaf)
                depths.append(max([before[number] + index, *depths[-1:]]))
                onset, left = onset + leaf.duration, chord.key
        return DrawnPlan(material, key, meter, material.planner.lengths.pickup(meter), tuple(leaves), tuple(chords),
                         way.form, tuple(depths))


class Stretches(_Drawing):
    """Stretches of phrases: any number of chords alike, then every stretch by the weight of its phrase."""

    def _weights(self, material: Material, home: Key, meter: Meter, most: int | None) -> Mapping[int, float]:
        kinds = material.kinds(home, meter)
        longest = max((max(kind.weights) for kind in kinds), default=0)
        return dict.fromkeys(range(1, min(longest, most or longest) + 1), 1.0)

    def draw(self, chance: Chance) -> DrawnPlan:
        """One stretch."""
        count, key, (material, meter, _, _) = self._situation(chance)
        kinds = material.kinds(key, meter)
        sums = list(accumulate(weight * kind.stretch_weight(count) for kind, weight in kinds.items()))
        kind: Phrases = list(kinds)[chance.among(sums)]
        leaves = kind.draw_stretch(chance, count)
        first, chords, left = leaves[0].start, [], key
        for leaf in leaves:
            chord = _chord(leaf, key)
            chords.append(chord.planned(left, leaf.start - first, 0, None, material.planner.ensemble))
            left = chord.key
        depths = range(_CHOICES_BEFORE + 2, _CHOICES_BEFORE + 2 + count)
        return DrawnPlan(material, key, meter, -first % meter.bar_length, tuple(leaves), tuple(chords), None,
                         tuple(depths))


def _chord(leaf: Leaf, home: Key) -> LeafChord:
    return LeafChord(leaf, local_key(leaf.attributes["key"], home))
