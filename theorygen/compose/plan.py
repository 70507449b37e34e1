"""The plan of a piece before any note is chosen: form, phrases, chords, their keys and their places in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorygen.grammar.chart import Chart, Clock, NoDerivation
from theorygen.grammar.derivation import Derivation, Leaf
from theorygen.grammar.exact import exact_number
from theorygen.grammar.labels import LENGTH, OWN_LABELS, PIVOT, REGION, read_degrees, voice_numbers
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.pivots import local_key, sounds
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, home_key
from theorygen.score.ensemble import Ensemble
from theorygen.score.location import Location
from theorygen.score.timeline import Measure, measures_of
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark
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
    tempo: Fraction
    parameters: Mapping[str, Any]
    form: Derivation
    phrases: tuple[PlannedPhrase, ...]
    chords: tuple[PlannedChord, ...]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The bars, a pickup first."""
        end = max((chord.onset + chord.duration for chord in self.chords), default=Fraction(0))
        return measures_of(((Fraction(0), self.meter),), self.pickup, end)

    def location(self, chord: PlannedChord) -> Location:
        """Measure and beat of a chord; measure 0 is the pickup."""
        measure, offset = divmod(chord.onset - self.pickup, self.meter.bar_length)
        return Location(int(measure) + 1, self.meter.beat(offset))


class Unplannable(InputError):
    """A form was drawn whose phrases the harmony does not have; another form may do."""


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
        self.lengths = Lengths(style, self.parameters)
        self._charts: dict[Meter, Chart] = {}

    def plan(self, chance: Chance, key: Key | None, attempt: int) -> Plan:
        """One plan, drawn by the weights of the style's productions.

        Args:
            chance: the piece's stream; key, meter and tempo do not depend on the attempt.
            key: the home key, or None to choose one of the style's.
            attempt: number of this draw, when earlier ones could not be voiced.

        Raises:
            Unplannable: a phrase of the form drawn cannot be derived; another attempt may draw another form.
            InputError: a length, a chord or a pivot is not possible, or the style has no keys of this mode.
        """
        key = self._possible(key) if key else self._key(chance.child("key"))
        meter = self.style.meters[chance.child("meter").below(len(self.style.meters))]
        form = self._form(key, chance.child("form", attempt))
        pickup = self.lengths.pickup(meter)
        phrases = tuple(self._phrases(form, key, meter, pickup, chance.child("harmony", attempt)))
        chords = tuple(self._chords(phrases, key))
        return Plan(key, meter, pickup, self._tempo(chance.child("tempo")), self.parameters, form, phrases, chords)

    def _possible(self, key: Key) -> Key:
        """The key, if the style is written for its mode."""
        if key.mode not in self.style.keys:
            raise InputError(Diagnostic(
                "mode-not-in-style", f"style '{self.style.name}' has no pieces in a {key.mode} key",
                expected=" or ".join(self.style.keys), remedy="choose such a key, or add the mode to the style's keys"))
        return key

    def _key(self, chance: Chance) -> Key:
        keys = [key for mode in self.style.keys.values() for key in mode]
        return keys[chance.below(len(keys))]

    def _tempo(self, chance: Chance) -> Fraction:
        """The slowest tempo or a whole number more, at most the fastest."""
        slowest, fastest = map(exact_number, self.style.tempo or (80, 80))
        return Fraction(slowest + chance.below(int(fastest - slowest) + 1))

    @cached_property
    def form_chart(self) -> Chart:
        """Everything the form derives; its lengths are counted in phrases."""
        assert self.style.form is not None
        return Chart(self.style.form, self.parameters, unit=1)

    def _form(self, key: Key, chance: Chance) -> Derivation:
        mode = "minor" if key.is_minor else "major"
        goal = Goal(self.style.goal, self.lengths.form(), attributes={"key": home_key(mode), "mode": mode})
        return _derived(self.form_chart, goal, chance, "the form")

    def harmony_chart(self, meter: Meter) -> Chart:
        """Everything the harmony derives in a meter."""
        if meter not in self._charts:
            assert self.style.harmony is not None
            clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
            self._charts[meter] = Chart(self.style.harmony, self.parameters, unit=self.lengths.unit(meter),
                                         clock=clock)
        return self._charts[meter]

    def _phrases(self, form: Derivation, key: Key, meter: Meter, pickup: Fraction,
                 chance: Chance) -> Iterator[PlannedPhrase]:
        """The phrases of a form; what is shared has one harmony."""
        drawn: dict[tuple[int, ...], Derivation] = {}
        onset = -pickup
        for number, (leaf, origin) in enumerate(zip(form.leaves(), origins(form), strict=True)):
            repeated = origin in drawn
            if not repeated:
                duration = self._length(leaf, form, meter)
                goal = Goal(leaf.symbol, duration, leaf.derivation.arguments, leaf.attributes, onset % meter.bar_length)
                chart = self.harmony_chart(meter)
                drawn[origin] = _derived(chart, goal, chance.child(number), f"phrase {number + 1}", Unplannable)
            yield PlannedPhrase(leaf, drawn[origin], repeated)
            onset += drawn[origin].duration

    def _length(self, leaf: Leaf, form: Derivation, meter: Meter) -> Fraction:
        said = self.said_length(leaf, meter, _mark_of(leaf, form))
        return self.lengths.phrase(meter) if said is None else said

    def said_length(self, leaf: Leaf, meter: Meter, mark: Mark | None = None) -> Fraction | None:
        """Quarter lengths of a phrase, where its leaf of the form says so."""
        said = leaf.constraints.get(LENGTH)
        return self.lengths.labelled(_plain(said), meter, mark) if said else None

    def _chords(self, phrases: tuple[PlannedPhrase, ...], home: Key) -> Iterator[PlannedChord]:
        onset, left = Fraction(0), home
        for number, phrase in enumerate(phrases):
            leaves = phrase.harmony.leaves()
            for index, leaf in enumerate(leaves):
                goal = phrase.leaf.attributes.get("cadence") if index == len(leaves) - 1 else None
                chord = LeafChord(leaf, local_key(leaf.attributes["key"], home), phrase.harmony)
                yield chord.planned(left, onset, number, goal, self.ensemble)
                onset, left = onset + leaf.duration, chord.key


def _derived(chart: Chart, goal: Goal, chance: Chance, what: str, wrong: type[InputError] = InputError) -> Derivation:
    """A derivation of the goal.

    Raises:
        InputError: the grammar derives nothing of that length, with the lengths that it does derive; as ``wrong``.
    """
    said = ", ".join(f"{name}={value}" for name, value in goal.environment.items())
    try:
        return chart.sample(goal, chance)
    except NoDerivation as error:
        message = f"the style has no {goal.symbol} of length {goal.duration} for {what} ({said})"
        possible = ", ".join(str(length) for length in error.possible)
    except ArithmeticError:
        message, possible = f"{what} is too long: {goal.symbol} of length {goal.duration} ({said})", ""
    raise wrong(Diagnostic(
        "no-derivation", message, chart.grammar.rules[goal.symbol][0].mark,
        expected=f"a length of {possible}" if possible else "",
        remedy="change the parameters, the meter or phrase-length, or add productions"))


def _mark_of(leaf: Leaf, root: Derivation | None) -> Mark | None:
    """Where the production that wrote a leaf stands, as far as that is known."""
    for node in root.nodes() if root else ():
        if node.production and any(child is leaf.derivation for child in node.children):
            return node.production.mark
    return None


def _plain(value: str | frozenset[str]) -> str:
    return value if isinstance(value, str) else ", ".join(sorted(value))


def origins(node: Derivation) -> list[tuple[int, ...]]:
    """For each leaf the path of child numbers to it, or to the leaf it repeats."""
    return list(_origin_paths(node, ()))


def _origin_paths(node: Derivation, path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if node.is_terminal:
        yield path
    first: dict[str, int] = {}
    for index, child in enumerate(node.children):
        source = first.setdefault(child.shared, index) if child.shared and not child.variation else index
        yield from _origin_paths(child, (*path, source))


@dataclass(frozen=True)
class LeafChord:
    """A leaf of the harmony in its key.

    Attributes:
        leaf: the leaf.
        key: its key.
        phrase: what it is a leaf of, to find where it is written; or None.
    """

    leaf: Leaf
    key: Key
    phrase: Derivation | None = None

    def planned(self, left: Key, onset: Fraction, phrase: int, cadence: str | None,
                ensemble: Ensemble) -> PlannedChord:
        """The chord of the plan; ``left`` is the key of the chord before."""
        leaf = self.leaf
        return PlannedChord(
            self.alternatives(), onset, leaf.duration, phrase, cadence, leaf_degrees(leaf, ensemble), self.pivot(left),
            str(leaf.constraints.get(REGION, "")), leaf.path)

    def alternatives(self) -> tuple[tuple[RomanNumeral, float], ...]:
        """The chords it may be with their weights, equal ones joined."""
        weights: dict[RomanNumeral, float] = {}
        for text, weight in self.leaf.alternatives:
            numeral = self.numeral(text, self.key)
            weights[numeral] = weights.get(numeral, 0.0) + float(weight)
        return tuple(weights.items())

    def numeral(self, text: str, key: Key) -> RomanNumeral:
        """A chord of a key."""
        try:
            return RomanNumeral.parse(text, key)
        except TheoryError as error:
            raise self.error("bad-numeral", error.message, key, error.expected, error.nearest) from None

    def pivot(self, left: Key) -> RomanNumeral | None:
        """The chord read in the key being left, where that is another one."""
        said = self.leaf.constraints.get(PIVOT)
        if not said or left == self.key:
            return None
        numeral = self.numeral(_plain(said), left)
        for chord, _ in self.alternatives():
            if sounds(chord) != sounds(numeral):
                message = f"{chord} in {self.key} has other notes than its pivot {numeral}"
                raise self.error("wrong-pivot", message, left, "the numeral of the same chord in the key being left")
        return numeral

    def error(self, code: str, message: str, key: Key, expected: str, nearest: str | None = None) -> InputError:
        """Something wrong with this chord in a key."""
        where = f"{message} (in {key}, in {' > '.join(self.leaf.path)})"
        return InputError(Diagnostic(code, where, _mark_of(self.leaf, self.phrase), expected, nearest,
                                     "" if nearest else "correct the chord"))


def leaf_degrees(leaf: Leaf, ensemble: Ensemble) -> dict[str, frozenset[int]]:
    """Names of voices and the degrees they may take, where several labels mean one voice what all allow."""
    numbers = voice_numbers(ensemble)
    asked: dict[str, frozenset[int]] = {}
    for label, value in leaf.constraints.items():
        if label not in OWN_LABELS:
            voice = ensemble.names[numbers[label]]
            asked[voice] = asked.get(voice, _ALL_DEGREES) & read_degrees(value)
    return asked
