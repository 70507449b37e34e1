"""What the leaves of a form can ask of the harmony: found from the whole form grammar, not from samples of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorygen.compose.joint import GIVEN
from theorygen.grammar.chart import Chart, Clock
from theorygen.grammar.grammar import Grammar, Production, Rule
from theorygen.grammar.grammar_facts import context_names
from theorygen.grammar.labels import CADENCE
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import Goal, home_key
from theorygen.source.marks import Mark
from theorygen.theory import Meter
from theorygen.verify.distinct import Reading, lengths_key
from theorygen.verify.forest import used_below
from theorygen.verify.form_leaves import FormLeaf, LeafReader
from theorygen.verify.reach import Reach

LONGEST_OPEN_FORM = 24
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


def form_goals(style: Style, values: Mapping[str, Any]) -> Iterator[tuple[str, Goal]]:
    """What is asked of the form: the mode of the home key, and the goal; where notes are given, too.

    Forms of a base for other styles that does not say how long they are have any length.

    Raises:
        InputError: the length is not possible with these values.
    """
    assert style.form is not None
    modes = dict.fromkeys("minor" if key.is_minor else "major" for keys in style.keys.values() for key in keys)
    is_open = style.is_abstract and style.length is None
    lengths = range(1, LONGEST_OPEN_FORM + 1) if is_open else (Lengths(style, values).form(),)
    for more in ({}, GIVEN) if GIVEN.keys() <= style.form.declared else ({},):
        for mode in modes:
            for length in lengths:
                yield mode, Goal(style.goal, length, attributes={"key": home_key(mode), "mode": mode, **more})


def form_key(style: Style, values: Mapping[str, Any], form: Reading) -> tuple[Hashable, ...]:
    """The same for settings under which the form asks the same."""
    return form.key(values), lengths_key(style, values)


@dataclass(frozen=True)
class Followed:
    """What a form leads to under one setting.

    Attributes:
        roots: what it asks of the harmony.
        productions: those of the form that are part of some whole derivation.
        missing: goals that it derives nothing of.
        reached: heads that something leads to.
        allowed: productions of these whose guard and weight let them be used somewhere.
    """

    roots: tuple[Root, ...] = ()
    productions: frozenset[Production] = frozenset()
    missing: tuple[Goal, ...] = ()
    reached: frozenset[Rule] = frozenset()
    allowed: frozenset[Production] = frozenset()


def roots(style: Style, values: Mapping[str, Any]) -> tuple[Root, ...]:
    """What the form can ask of the harmony in any of the style's modes and meters, where notes are given too.

    Args:
        style: the style; without a form it asks nothing.
        values: the value of every parameter.

    Raises:
        InputError: a length is not possible with these values.
    """
    return followed(style, values).roots


def followed(style: Style, values: Mapping[str, Any]) -> Followed:
    """The same with what was found on the way.

    Raises:
        InputError: a length is not possible with these values.
    """
    if style.form is None or style.harmony is None or not style.goal:
        return Followed()
    asked = _AllAsked(style.harmony)
    chart = Chart(style.form, values, unit=1)
    goals = list(form_goals(style, values))
    for meter in style.meters:
        reader = LeafReader(Lengths(style, values), meter)
        for mode, goal in goals:
            for leaf in reader.leaves(chart.cell(goal), goal):
                asked.note(leaf, reader, mode)
    cells = [chart.cell(goal) for _, goal in goals]
    missing = tuple(goal for (_, goal), cell in zip(goals, cells, strict=True) if not cell.count)
    reach = Reach(chart, max(Fraction(goal.duration) for _, goal in goals))
    reach.productions(goal for _, goal in goals)
    return Followed(tuple(one.root() for one in asked.found.values()), frozenset(used_below(cells)), missing,
                    frozenset(reach.rules), frozenset(reach.allowed))


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


class _AllAsked:
    """What all leaves ask, those alike as one."""

    def __init__(self, harmony: Grammar) -> None:
        self.found: dict[tuple[Any, ...], _Asked] = {}
        self._read = {symbol: frozenset((*names, *harmony.signatures[symbol], "key", "mode", CADENCE, *GIVEN)) - {""}
                      for symbol, names in context_names(harmony).items()}

    def note(self, leaf: FormLeaf, reader: LeafReader, mode: str) -> None:
        """Note what a leaf asks, with the attributes that matter below it."""
        symbol, arguments = leaf.place.symbol, leaf.place.arguments
        read = self._read.get(symbol, frozenset())
        attributes = tuple(sorted((name, value) for name, value in leaf.attributes.items() if name in read))
        key = (symbol, arguments, attributes, mode, reader.meter, reader.durations(leaf))
        asked = self.found.setdefault(key, _Asked(*key))
        asked.starts |= dict.fromkeys(reader.starts(leaf))
        asked.marks |= {leaf.mark: None}
