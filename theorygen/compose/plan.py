"""The plan of a piece before any note is chosen: form, phrases, chords, their keys and their places in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorygen.grammar.chart import Chart, Clock, NoDerivation
from theorygen.grammar.derivation import Derivation, Leaf
from theorygen.grammar.labels import LENGTH, OWN_LABELS, PIVOT, REGION, read_degrees, voice_numbers
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import BAR, UNIT, Goal, home_key
from theorygen.rules.expression import Expression
from theorygen.score.ensemble import Ensemble
from theorygen.score.location import Location
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import Key, Meter, RomanNumeral, TheoryError

_ALL_DEGREES = frozenset(range(1, 8))


@dataclass(frozen=True)
class PlannedChord:
    """One chord of the plan; times in quarter lengths from the start of the piece, a pickup included.

    Attributes:
        alternatives: the chords it may be, with their weights.
        onset: start.
        duration: length.
        phrase: number of its phrase, from 0.
        cadence: the cadence it is the goal of, or None.
        degrees: name of a voice to the scale degrees it may take.
        pivot: the same chord in the key being left, or None.
        region: name of its region, or "".
        path: symbols of harmony from the phrase down to the chord.
    """

    alternatives: tuple[tuple[RomanNumeral, float], ...]
    onset: Fraction
    duration: Fraction
    phrase: int
    cadence: str | None
    degrees: Mapping[str, frozenset[int]]
    pivot: RomanNumeral | None
    region: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class PlannedPhrase:
    """One phrase: the leaf of the form it is, and its harmony."""

    leaf: Leaf
    harmony: Derivation
    repeated: bool


@dataclass(frozen=True)
class Plan:
    """A piece before any note is chosen.

    Attributes:
        key: the home key.
        meter: time signature.
        pickup: length of the incomplete first bar, quarter lengths.
        tempo: quarter notes a minute.
        parameters: value of every parameter.
        form: derivation of the form.
        phrases: its phrases in order.
        chords: all chords in order.
    """

    key: Key
    meter: Meter
    pickup: Fraction
    tempo: int
    parameters: Mapping[str, Any]
    form: Derivation
    phrases: tuple[PlannedPhrase, ...]
    chords: tuple[PlannedChord, ...]

    def location(self, chord: PlannedChord) -> Location:
        """Measure and beat of a chord; measure 0 is the pickup."""
        measure, offset = divmod(chord.onset - self.pickup, self.meter.bar_length)
        return Location(int(measure) + 1, self.meter.beat(offset))


class Planner:
    """Draws plans of one style under fixed parameters; its charts are kept from piece to piece."""

    def __init__(self, style: Style, parameters: Mapping[str, Any]) -> None:
        if style.form is None or style.harmony is None or style.ensemble is None:
            raise InputError(Diagnostic("abstract-style", f"style '{style.name}' is only a base for other styles",
                                        expected="a style with form, harmony and ensemble",
                                        remedy="name a style that extends it, such as textbook-chorale"))
        self.style = style
        self.ensemble = style.ensemble
        self.parameters = dict(parameters)
        self._charts: dict[Meter, Chart] = {}

    def plan(self, chance: Chance, key: Key | None, attempt: int) -> Plan:
        """One plan, drawn by the weights of the style's productions.

        Args:
            chance: the piece's stream; key, meter and tempo do not depend on the attempt.
            key: the home key, or None to choose one of the style's.
            attempt: number of this draw, when earlier ones could not be voiced.
        """
        key = key or self._key(chance.child("key"))
        meter = self.style.meters[chance.child("meter").below(len(self.style.meters))]
        form = self._form(key, chance.child("form", attempt))
        pickup = self._number(self.style.pickup, meter)
        phrases = tuple(self._phrases(form, key, meter, pickup, chance.child("harmony", attempt)))
        chords = tuple(self._chords(phrases, key))
        return Plan(key, meter, pickup, self._tempo(chance.child("tempo")), self.parameters, form, phrases, chords)

    def _key(self, chance: Chance) -> Key:
        keys = [key for mode in self.style.keys.values() for key in mode]
        return keys[chance.below(len(keys))]

    def _tempo(self, chance: Chance) -> int:
        slowest, fastest = self.style.tempo or (80, 80)
        return int(slowest) + chance.below(int(fastest) - int(slowest) + 1)

    def _number(self, value: float | Expression | None, meter: Meter) -> Fraction:
        number: Any = value
        if isinstance(value, Expression):
            number = value.evaluate(lambda name: self._name(name, meter))
        return Fraction(number or 0)

    @cached_property
    def _form_chart(self) -> Chart:
        assert self.style.form is not None
        return Chart(self.style.form, self.parameters, unit=1)

    def _form(self, key: Key, chance: Chance) -> Derivation:
        mode = "minor" if key.is_minor else "major"
        length = self._number(self.style.length, self.style.meters[0]) or Fraction(1)
        goal = Goal(self.style.goal, length, attributes={"key": home_key(mode), "mode": mode})
        return _derived(self._form_chart, goal, chance, "the form")

    def _harmony_chart(self, meter: Meter) -> Chart:
        if meter not in self._charts:
            assert self.style.harmony is not None
            clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
            self._charts[meter] = Chart(self.style.harmony, self.parameters, unit=self._unit(meter), clock=clock)
        return self._charts[meter]

    def _name(self, name: str, meter: Meter) -> Any:
        """The value of a name in an expression of lengths."""
        if name == BAR:
            return meter.bar_length
        return self._unit(meter) if name == UNIT else self.parameters[name]

    def _unit(self, meter: Meter) -> Fraction:
        return self._number(self.style.unit, meter) or meter.beat_length

    def _phrases(self, form: Derivation, key: Key, meter: Meter, pickup: Fraction,
                 chance: Chance) -> Iterator[PlannedPhrase]:
        """The phrases of a form; what is shared has one harmony."""
        drawn: dict[tuple[int, ...], Derivation] = {}
        onset = -pickup
        for number, (leaf, origin) in enumerate(zip(form.leaves(), _origins(form), strict=True)):
            repeated = origin in drawn
            if not repeated:
                duration = self._length(leaf, meter)
                goal = Goal(leaf.symbol, duration, leaf.derivation.arguments, leaf.attributes, onset % meter.bar_length)
                drawn[origin] = _derived(self._harmony_chart(meter), goal, chance.child(number), f"phrase {number + 1}")
            yield PlannedPhrase(leaf, drawn[origin], repeated)
            onset += drawn[origin].duration

    def _length(self, leaf: Leaf, meter: Meter) -> Fraction:
        said = leaf.constraints.get(LENGTH)
        return Fraction(str(said)) if said else self._number(self.style.phrase_length, meter)

    def _chords(self, phrases: tuple[PlannedPhrase, ...], home: Key) -> Iterator[PlannedChord]:
        onset = Fraction(0)
        for number, phrase in enumerate(phrases):
            leaves = phrase.harmony.leaves()
            for index, leaf in enumerate(leaves):
                goal = phrase.leaf.attributes.get("cadence") if index == len(leaves) - 1 else None
                yield _chord(leaf, home, onset, number, goal, self.ensemble)
                onset += leaf.duration


def _derived(chart: Chart, goal: Goal, chance: Chance, what: str) -> Derivation:
    """A derivation of the goal.

    Raises:
        InputError: the grammar derives nothing of that length, with the lengths that it does derive.
    """
    try:
        return chart.sample(goal, chance)
    except NoDerivation as error:
        said = ", ".join(f"{name}={value}" for name, value in goal.environment.items())
        possible = ", ".join(str(length) for length in error.possible)
        raise InputError(Diagnostic(
            "no-derivation", f"the style has no {goal.symbol} of length {goal.duration} for {what} ({said})",
            expected=f"a length of {possible}" if possible else "",
            remedy="change the parameters, the meter or phrase-length, or add productions")) from None


def _origins(node: Derivation) -> list[tuple[int, ...]]:
    """For each leaf the path of child numbers to it, or to the leaf it repeats."""
    return list(_origin_paths(node, ()))


def _origin_paths(node: Derivation, path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if node.is_terminal:
        yield path
    first: dict[str, int] = {}
    for index, child in enumerate(node.children):
        source = first.setdefault(child.shared, index) if child.shared and not child.variation else index
        yield from _origin_paths(child, (*path, source))


def _chord(leaf: Leaf, home: Key, onset: Fraction, phrase: int, cadence: str | None,
           ensemble: Ensemble) -> PlannedChord:
    key = home.at(leaf.attributes["key"])
    pivot = leaf.constraints.get(PIVOT)
    degrees = _degrees(leaf, ensemble)
    return PlannedChord(
        tuple((_numeral(text, key, leaf), float(weight)) for text, weight in leaf.alternatives), onset, leaf.duration,
        phrase, cadence, degrees,
        _pivot(str(pivot), home, key, leaf) if pivot else None, str(leaf.constraints.get(REGION, "")), leaf.path)


def _degrees(leaf: Leaf, ensemble: Ensemble) -> dict[str, frozenset[int]]:
    """Names of voices and the degrees they may take, where several labels mean one voice what all allow."""
    numbers = voice_numbers(ensemble)
    asked: dict[str, frozenset[int]] = {}
    for label, value in leaf.constraints.items():
        if label not in OWN_LABELS:
            voice = ensemble.names[numbers[label]]
            asked[voice] = asked.get(voice, _ALL_DEGREES) & read_degrees(value)
    return asked


def _numeral(text: str, key: Key, leaf: Leaf) -> RomanNumeral:
    try:
        return RomanNumeral.parse(text, key)
    except TheoryError as error:
        raise InputError(Diagnostic("bad-numeral", f"{error.message} (in {key}, in {' > '.join(leaf.path)})",
                                    expected=error.expected, nearest=error.nearest)) from None


def _pivot(text: str, home: Key, key: Key, leaf: Leaf) -> RomanNumeral | None:
    """The chord read in the home key, when it has the same notes there."""
    numeral = _numeral(text, home, leaf)
    return numeral if home != key else None
