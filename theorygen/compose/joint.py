"""Chords that follow a style's form and harmony and go with what is given, as the syntax of one problem.

Form and harmony are automata read from left to right (`theorygen.grammar.automaton`); the state is what is pending in
both. Ways that the given notes rule out are left out at once, and so is what leads to no end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cache

import numpy as np

from theorygen.compose.fitting import Allowed, Fit, Fitting
from theorygen.compose.frame import Frame, Phrase
from theorygen.compose.plan import Planner
from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.symbols import Goal, home_key
from theorygen.rules.rule import THOUSAND
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Syntax
from theorygen.solve.semirings import power
from theorygen.theory import Key, RomanNumeral

GIVEN = {"given": "yes"}
"""What form and harmony inherit where notes are given."""


class NoHarmony(Exception):
    """Nothing in a style's form and harmony goes with what is given.

    Attributes:
        cell: the first cell that no way of the style goes beyond.
        offered: chords the style has there, that the given notes do not allow.
    """

    def __init__(self, cell: int, offered: tuple[str, ...]) -> None:
        super().__init__(f"no chord of the style goes with cell {cell}")
        self.cell = cell
        self.offered = offered


@dataclass(frozen=True)
class Standing:
    """A state of the syntax between two cells.

    Attributes:
        form: what is pending in the form.
        harmony: what is pending in the phrase; None between phrases.
        chord: the chord that goes on, or None when the next one begins.
        leaf: where that chord comes from.
        own: notes of the given voices when the chord began or was last struck anew.
        left: cells that the chord still lasts.
    """

    form: State
    harmony: State | None
    chord: RomanNumeral | None = None
    leaf: Leaf | None = field(default=None, compare=False)
    own: tuple[tuple[int, int], ...] = ()
    left: int = 0


@dataclass(frozen=True)
class _Opening:
    """A phrase that may go on or begin.

    Attributes:
        weight: of the form's ways to it, summed.
        heaviest: weight of the heaviest of them.
        form: what is left of the form.
        phrase: its cells.
        harmony: what is pending in it.
    """

    weight: float
    heaviest: float
    form: State
    phrase: Phrase
    harmony: State


@dataclass(frozen=True)
class _Way:
    source: int
    choice: int
    target: int
    heaviest: float
    weight: float
    cost: int


@dataclass
class _Layer:
    """One cell while the syntax grows."""

    choices: dict[Choice, int] = field(default_factory=dict)
    states: dict[Standing, int] = field(default_factory=dict)
    ways: list[_Way] = field(default_factory=list)

    def add(self, source: int, choice: Choice | None, after: Standing, heaviest: float, weight: float,
            cost: int) -> None:
        """Note a way; None for a choice means that the chord goes on."""
        number = HOLD if choice is None else self.choices.setdefault(choice, len(self.choices))
        target = self.states.setdefault(after, len(self.states))
        self.ways.append(_Way(source, number, target, heaviest, weight, cost))


class Joint:
    """Grows the syntax of a frame.

    Args:
        planner: the style's charts.
        frame: what is given, in cells.
        key: home key.
        allowed: further conditions on chords, such as those that are held.
    """

    def __init__(self, planner: Planner, frame: Frame, key: Key, allowed: Allowed | None = None) -> None:
        self.planner = planner
        self.frame = frame
        self.key = key
        self.fitting = Fitting(planner.ensemble, frame, key, allowed)
        self.form = Automaton(planner.form_chart)
        self.harmony = Automaton(planner.harmony_chart(frame.meter))
        self._leading: dict[tuple[State, int], bool] = {}

    def problem_parts(self, temperature: float) -> tuple[tuple[Position, ...], Syntax]:
        """Positions, one for each cell of the phrases, and the syntax over their choices.

        Args:
            temperature: of sampling: turns weights of the style into prices.

        Raises:
            NoHarmony: nothing goes with what is given.
        """
        try:
            layers = self._grown(True)
        except NoHarmony:
            layers = self._grown(False)
        kept = _living(layers)
        positions: list[Position] = []
        arcs: list[Arcs] = []
        for layer, ways in zip(layers, kept, strict=True):
            used = sorted({way.choice for way in ways} - {HOLD})
            number = {HOLD: HOLD} | {choice: index for index, choice in enumerate(used)}
            choices = list(layer.choices)
            positions.append(Position(tuple(choices[choice] for choice in used) or _standing_in(positions[-1])))
            arcs.append(_arcs([replace(way, choice=number[way.choice]) for way in ways], temperature))
        return tuple(positions), Syntax(tuple(arcs))

    def is_possible(self) -> bool:
        """Whether anything in the style goes with what is given."""
        try:
            return bool(_living(self._grown(True)))
        except NoHarmony:
            return False

    # growing

    def _grown(self, is_sure: bool) -> list[_Layer]:
        """The layers of all cells.

        Args:
            is_sure: whether to leave out at once what leads to no end of its phrase; or to see how far it leads.
        """
        mode = "minor" if self.key.is_minor else "major"
        goal = Goal(self.planner.style.goal, len(self.frame.phrases),
                    attributes={"key": home_key(mode), "mode": mode, **GIVEN})
        start = self.form.start(goal)
        if start is None:
            raise NoHarmony(0, ())
        states: list[Standing] = [Standing(start, None)]
        layers: list[_Layer] = []
        for cell in self.fitting.cells:
            layer = _Layer()
            offered: dict[str, None] = {}
            for number, standing in enumerate(states):
                if standing.left:
                    self._go_on(layer, number, standing, cell)
                else:
                    self._begin(layer, number, standing, cell, offered, is_sure)
            layers.append(layer)
            states = list(layer.states)
            if not states:
                raise NoHarmony(cell, tuple(offered))
        return layers

    def _begin(self, layer: _Layer, number: int, standing: Standing, cell: int, offered: dict[str, None],
               is_sure: bool) -> None:
        """All chords that may begin in a cell."""
        for opening in self._phrases(standing, cell):
            for move in self.harmony.moves(opening.harmony):
                offered |= dict.fromkeys(self.fitting.names(move.leaf))
                for fit in self.fitting.chords(move.leaf, cell):
                    if is_sure and not self._leads_on(move.after, cell + fit.lasts):
                        continue
                    after = self._after(opening.form, move.after, move.leaf, fit)
                    choice = self.fitting.choice(fit, move.leaf, cell)
                    layer.add(number, choice, after, opening.heaviest * move.heaviest * fit.share,
                              opening.weight * move.weight * fit.share, fit.cost)

    def _leads_on(self, harmony: State, cell: int) -> bool:
        """Whether some way leads from what is pending in a phrase before a cell to the end of the phrase."""
        if harmony.done:
            return True
        if (harmony, cell) not in self._leading:
            self._leading[harmony, cell] = any(
                self._leads_on(move.after, cell + fit.lasts) for move in self.harmony.moves(harmony)
                for fit in self.fitting.chords(move.leaf, cell))
        return self._leading[harmony, cell]

    def _phrases(self, standing: Standing, cell: int) -> Iterator[_Opening]:
        """The phrase that goes on, or all that may begin."""
        phrase = self.fitting.phrase_of[cell]
        if standing.harmony is not None:
            yield _Opening(1.0, 1.0, standing.form, phrase, standing.harmony)
            return
        if standing.form.done:
            return
        for move in self.form.moves(standing.form):
            leaf = move.leaf
            said = self.planner.said_length(leaf, self.frame.meter)
            length = len(phrase) * self.frame.unit
            if said is None or said == length:
                goal = Goal(leaf.symbol, length, leaf.derivation.arguments, leaf.attributes,
                            self.frame.offset(phrase.first))
                state = self.harmony.start(goal)
                if state is not None:
                    yield _Opening(move.weight, move.heaviest, move.after, phrase, state)

    def _after(self, form: State, harmony: State, leaf: Leaf, fit: Fit) -> Standing:
        pending = None if harmony.done else harmony
        if fit.lasts == 1:
            return Standing(form, pending)
        return Standing(form, pending, fit.chord, leaf, fit.own, fit.lasts - 1)

    def _go_on(self, layer: _Layer, number: int, standing: Standing, cell: int) -> None:
        """A chord that lasts: held, or struck anew where a given voice takes another note of it."""
        chord, leaf = standing.chord, standing.leaf
        assert chord is not None and leaf is not None
        heard = self.fitting.ear.hear(cell, chord, False, standing.left == 1)
        if heard is None:
            return
        left = standing.left - 1
        after = replace(standing, left=left) if left else Standing(standing.form, standing.harmony)
        if heard.own.items() <= dict(standing.own).items():
            layer.add(number, None, after, 1.0, 1.0, heard.cost)
            return
        own = tuple(sorted({**dict(standing.own), **heard.own}.items()))
        if left:
            after = replace(after, own=own)
        choice = self.fitting.again(Fit(chord, own, left + 1), leaf, cell)
        layer.add(number, choice, after, 1.0, 1.0, heard.cost)


def _standing_in(before: Position) -> tuple[Choice, ...]:
    """Where chords only go on, a choice must still stand; no way takes it, and no phrase begins with it."""
    choice = before.choices[0]
    return (replace(choice, slot=replace(choice.slot, first=False, opening=False)),)


def _living(layers: Sequence[_Layer]) -> list[list[_Way]]:
    """The ways that lead to the end: where nothing is pending."""
    alive = {number for standing, number in layers[-1].states.items()
             if not standing.left and standing.harmony is None and standing.form.done}
    kept: list[list[_Way]] = []
    for index in range(len(layers) - 1, -1, -1):
        ways = [way for way in layers[index].ways if way.target in alive]
        if not ways:
            raise NoHarmony(index, ())
        alive = {way.source for way in ways}
        kept.append(ways)
    return kept[::-1]


def _arcs(ways: Sequence[_Way], temperature: float) -> Arcs:
    """Ways as arrays; equal ones are one, with the weight of all and the price of the heaviest.

    How well given notes fit a chord is part of the chord's weight, at the temperature of the style: like the weights of
    productions it does not depend on the temperature of a question.
    """
    merged: dict[tuple[int, int, int], tuple[float, int]] = {}
    for way in ways:
        key = (way.source, way.choice, way.target)
        price = price_of(way.heaviest, temperature) + way.cost
        factor = float(power(np.array([way.cost]), temperature)[0]) if way.cost else 1.0
        weight, least = merged.get(key, (0.0, price))
        merged[key] = (weight + way.weight * factor, min(least, price))
    table = np.array(sorted(merged), dtype=np.int32).reshape(-1, 3)
    values = [merged[source, choice, target] for source, choice, target in table.tolist()]
    return Arcs(table[:, 0], table[:, 1], table[:, 2], np.array([price for _, price in values], dtype=np.int64),
                np.array([weight for weight, _ in values]))


@cache
def price_of(weight: float, temperature: float) -> int:
    """-temperature * ln(weight) in thousandths: what makes the likeliest reading the cheapest."""
    with localcontext() as context:
        context.prec = 20
        return int((-Decimal(repr(weight)).ln() * Decimal(repr(temperature)) * THOUSAND).to_integral_value())
