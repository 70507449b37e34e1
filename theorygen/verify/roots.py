"""What the leaves of a form can ask of the harmony: found from the whole form grammar, not from samples of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorygen.compose.joint import GIVEN
from theorygen.grammar.automaton import Automaton, State
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import context_names
from theorygen.grammar.labels import CADENCE, LENGTH
from theorygen.grammar.lengths import MOST_CHORDS, MOST_PHRASES, Lengths
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, home_key
from theorygen.source.marks import Mark
from theorygen.theory import Meter

_LONGEST_OPEN_FORM = 24
"""Phrases of the longest form that is looked at where a style does not say how long its form is."""


@dataclass(frozen=True)
class Root:
    """One thing the form can ask of the harmony.

    Attributes:
        symbol: head of the harmony.
        arguments: its positional arguments.
        attributes: what it inherits and something reads, by name: key and mode, and others such as cadence.
        mode: mode of the home key, ``major`` or ``minor``.
        meter: time signature.
        starts: offsets in the bar where it may begin, quarter lengths.
        durations: quarter lengths it may last; several where notes are given, which make phrases of any length.
        marks: the productions of the form that ask for it.
    """

    symbol: str
    arguments: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    mode: str
    meter: Meter
    starts: tuple[Fraction, ...]
    durations: tuple[Fraction, ...]
    marks: tuple[Mark, ...] = field(default=(), compare=False)

    @property
    def is_given(self) -> bool:
        """Whether it is asked for where notes are given."""
        return GIVEN.items() <= dict(self.attributes).items()

    def goals(self) -> Iterator[Goal]:
        """Every goal: each duration at each start."""
        for start in self.starts:
            for duration in self.durations:
                yield Goal(self.symbol, duration, self.arguments, dict(self.attributes), start)

    def __str__(self) -> str:
        words = [*self.arguments, *(f"{name}={value}" for name, value in self.attributes if name != "mode")]
        return f"{self.symbol}({', '.join(words)})"


def harmony_chart(style: Style, values: Mapping[str, Any], meter: Meter) -> Chart:
    """Everything the harmony of a style derives in a meter; empty until it is asked."""
    assert style.harmony is not None
    clock = Clock(meter.bar_length, meter.beat_length, meter.weight)
    return Chart(style.harmony, values, unit=Lengths(style, values).unit(meter), clock=clock)


def roots(style: Style, values: Mapping[str, Any]) -> tuple[Root, ...]:
    """What the form can ask of the harmony in any of the style's modes and meters, where notes are given too.

    Args:
        style: the style. One without a form, or without a goal's length, asks nothing or what forms of any length do.
        values: the value of every parameter.

    Raises:
        InputError: a length is not possible with these values.
    """
    return _Roots(style, values).found() if style.form and style.harmony and style.goal else ()


@dataclass(frozen=True)
class _Roots:
    """Follows the form of one style under one setting."""

    style: Style
    values: Mapping[str, Any]

    @cached_property
    def form(self) -> Grammar:
        """The grammar of the form."""
        assert self.style.form is not None
        return self.style.form

    @cached_property
    def read(self) -> dict[str, frozenset[str]]:
        """For each head of the harmony the attributes that matter below it."""
        assert self.style.harmony is not None
        signatures = self.style.harmony.signatures
        return {symbol: frozenset((*names, *signatures[symbol], "key", "mode", CADENCE, *GIVEN))
                for symbol, names in context_names(self.style.harmony).items()}

    @cached_property
    def lengths(self) -> Lengths:
        """The lengths of the style."""
        return Lengths(self.style, self.values)

    @cached_property
    def automaton(self) -> Automaton:
        """The form, read from left to right."""
        return Automaton(Chart(self.form, self.values, unit=1))

    def found(self) -> tuple[Root, ...]:
        """All of them, those of composed pieces first."""
        modes = dict.fromkeys("minor" if key.is_minor else "major" for keys in self.style.keys.values() for key in keys)
        knows_given = GIVEN.keys() <= self.form.declared
        found: dict[tuple[Any, ...], _Asked] = {}
        for more in ({}, GIVEN) if knows_given else ({},):
            for mode in modes:
                for goal in self.goals(mode, more):
                    state = self.automaton.start(goal)
                    for meter in self.style.meters if state else ():
                        for leaf, start in self.leaves(state, meter) if state else ():
                            self.note(found, leaf, mode, meter, start)
        return tuple(asked.root() for asked in found.values())

    def goals(self, mode: str, more: Mapping[str, str]) -> Iterator[Goal]:
        """The goals of the form in a mode."""
        attributes = {"key": home_key(mode), "mode": mode, **more}
        is_open = self.style.is_abstract and self.style.length is None
        for length in range(1, min(_LONGEST_OPEN_FORM, MOST_PHRASES) + 1) if is_open else (self.lengths.form(),):
            yield Goal(self.style.goal, length, attributes=attributes)

    def leaves(self, first: State, meter: Meter) -> Iterator[tuple[Leaf, Fraction]]:
        """Every leaf of the form with every offset in the bar where its phrase can begin."""
        bar = meter.bar_length
        waiting = [(first, -self.lengths.pickup(meter) % bar)]
        seen = set(waiting)
        while waiting:
            state, start = waiting.pop()
            for move in self.automaton.moves(state):
                yield move.leaf, start
                after = (move.after, (start + self.duration(move.leaf, meter)) % bar)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)

    def duration(self, leaf: Leaf, meter: Meter) -> Fraction:
        """Quarter lengths of the phrase that a leaf is, in composed pieces."""
        return self.said(leaf, meter) or self.lengths.phrase(meter)

    def said(self, leaf: Leaf, meter: Meter) -> Fraction | None:
        """The length that a label asks for."""
        said = leaf.constraints.get(LENGTH)
        text = ", ".join(sorted(said)) if isinstance(said, frozenset) else said
        return self.lengths.labelled(text, meter, None) if text else None

    def note(self, found: dict[tuple[Any, ...], _Asked], leaf: Leaf, mode: str, meter: Meter, start: Fraction) -> None:
        """Note where a leaf may begin and how long it may be."""
        read = self.read.get(leaf.symbol, frozenset())
        attributes = tuple(sorted((name, value) for name, value in leaf.attributes.items() if name in read))
        is_given = GIVEN.items() <= leaf.attributes.items()
        durations, starts = self.open_lengths(leaf, meter) if is_given else ((self.duration(leaf, meter),), (start,))
        key = (leaf.symbol, leaf.derivation.arguments, attributes, mode, meter, durations)
        asked = found.setdefault(key, _Asked(*key))
        asked.starts |= dict.fromkeys(starts)
        asked.marks |= dict.fromkeys(self.marks(leaf))

    def open_lengths(self, leaf: Leaf, meter: Meter) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        """Lengths and starts of a phrase under given notes: any, by plain chords, up to where it would be divided."""
        unit, bar, said = self.lengths.unit(meter), meter.bar_length, self.said(leaf, meter)
        most = min(2 * self.lengths.phrase(meter) // unit, MOST_CHORDS)
        shift = -self.lengths.pickup(meter) % unit
        starts = tuple(shift + unit * index for index in range(int(-(-bar // unit))) if shift + unit * index < bar)
        return (said,) if said else tuple(unit * count for count in range(1, int(most) + 1)), starts

    def marks(self, leaf: Leaf) -> Iterator[Mark]:
        """The productions of the form that may have written a leaf."""
        for rule, production in self.form.productions():
            for item in production.body.items:
                said = {name: value for name, value in item.settings if not self.form.is_reference(value, rule.head)}
                if item.symbol == leaf.symbol and said.items() <= leaf.attributes.items():
                    yield production.mark_of(item)


@dataclass
class _Asked:
    """A root while starts are collected."""

    symbol: str
    arguments: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    mode: str
    meter: Meter
    durations: tuple[Fraction, ...]
    starts: dict[Fraction, None] = field(default_factory=dict)
    marks: dict[Mark, None] = field(default_factory=dict)

    def root(self) -> Root:
        """The root."""
        return Root(self.symbol, self.arguments, self.attributes, self.mode, self.meter,
                    tuple(sorted(self.starts)), self.durations, tuple(self.marks))
