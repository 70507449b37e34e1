"""Sequences of items prepared for a chart: which are leaves, how long they are, and their arguments filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from theorygen.grammar.grammar import Grammar, Production, Rule, substitute
from theorygen.grammar.grammar_facts import item_ticks, least_item_ticks, least_ticks
from theorygen.grammar.packed_forest import Place
from theorygen.grammar.production import Item, open_text
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import TheoryError

Values = Mapping[str, Any]
_ENDLESS = 1 << 62


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """An item of a sequence.

    Attributes:
        item: the item.
        place: with its arguments filled in, or None where these depend on the values around it.
        is_terminal: whether it is a leaf.
        ticks: its duration where that depends on nothing, else None.
        repeats: whether it repeats an earlier item of its let name.
        bound: whether an earlier item of its let name says how long it is.
    """

    item: Item
    place: Place | None
    is_terminal: bool
    ticks: int | None
    repeats: bool
    bound: bool


@dataclass(frozen=True, eq=False, slots=True)
class Sequence:
    """A variant of a production.

    Attributes:
        share: of the production's weight.
        entries: its items.
        least: for each item, and for the end, the ticks from there to the end at least.
        fixed: the same exactly, None where it is not fixed.
    """

    share: float
    entries: tuple[Entry, ...]
    least: tuple[int, ...]
    fixed: tuple[int | None, ...]

    def may_last(self, ticks: int) -> bool:
        """Whether this duration is not ruled out at once."""
        return self.least[0] <= ticks and self.fixed[0] in (None, ticks)


class Layout:
    """Prepares the productions of a grammar, each when it is first used.

    Args:
        grammar: the grammar.
        parameters: values of the style's parameters.
        unit: ticks of a terminal without a duration.
    """

    def __init__(self, grammar: Grammar, parameters: Values, unit: int) -> None:
        self.grammar = grammar
        self.parameters = parameters
        self.unit = unit
        self._least = least_ticks(grammar, unit)
        self._sequences: dict[Production, tuple[Sequence, ...]] = {}
        self._checked: set[str] = set()

    def sequences(self, rule: Rule, production: Production) -> tuple[Sequence, ...]:
        """The variants of a production."""
        found = self._sequences.get(production)
        if found is None:
            found = tuple(self._sequence(rule, float(share), items) for share, items in production.variants)
            self._sequences[production] = found
        return found

    def _sequence(self, rule: Rule, share: float, items: tuple[Item, ...]) -> Sequence:
        entries = tuple(self._entry(rule, item, items[:index]) for index, item in enumerate(items))
        least: list[int] = [0]
        fixed: list[int | None] = [0]
        for entry in reversed(entries):
            ticks = least_item_ticks(entry.item, entry.is_terminal, self.unit, self._least)
            least.append(least[-1] + (_ENDLESS if ticks is None else ticks))
            fixed.append(None if fixed[-1] is None or entry.ticks is None else fixed[-1] + entry.ticks)
        return Sequence(share, entries, tuple(reversed(least)), tuple(reversed(fixed)))

    def _entry(self, rule: Rule, item: Item, before: Iterable[Item]) -> Entry:
        earlier = [other for other in before if item.name and other.name == item.name]
        repeats = not item.varied and any(not other.varied for other in earlier)
        is_terminal = self.grammar.is_terminal(item, rule.head)
        place = self.place(rule, item, is_terminal, {}) if self._is_constant(rule, item) else None
        return Entry(item, place, is_terminal, item_ticks(item, is_terminal, self.unit), repeats, bool(earlier))

    def _is_constant(self, rule: Rule, item: Item) -> bool:
        """Whether an item means the same whatever the values around it."""
        values = (*item.arguments, *(value for _, value in item.settings))
        return not rule.head.parameters and not any(self.grammar.is_reference(value, rule.head) for value in values)

    def place(self, rule: Rule, item: Item, is_terminal: bool, values: Values) -> Place:
        """An item with parameters and attributes replaced by their values."""
        settings = tuple((name, self._value(rule, value, values)) for name, value in item.settings)
        if is_terminal:
            arguments = tuple(self._value(rule, value, values) for value in item.arguments)
            return self._terminal(rule, item, arguments, settings, values)
        arguments = tuple(self._value(rule, value, values) for value in self.grammar.arguments(item))
        labels = _labels(item, rule.head.parameters, values)
        return Place(item.symbol, arguments, settings, (), labels, item.name, item.varied)

    def _value(self, rule: Rule, text: str, values: Values) -> str:
        if not self.grammar.is_reference(text, rule.head):
            return text
        found = values.get(text)
        return str(self.parameters.get(text, "") if found is None else found)

    def _terminal(
        self, rule: Rule, item: Item, arguments: tuple[str, ...], settings: tuple[tuple[str, str], ...], values: Values
    ) -> Place:
        own = {name: str(values[name]) for name in rule.head.parameters if name in values}
        chords = tuple((substitute(chord, own), weight) for chord, weight in item.chords)
        for (chord, _), (written, _) in zip(chords, item.chords, strict=True):
            if chord != written:
                self._check(chord, rule, item)
        symbol = open_text(chords) if item.alternatives else chords[0][0]
        names = self.grammar.terminals.get(symbol, ())
        settings = (*zip(names, arguments, strict=False), *settings)
        labels = _labels(item, rule.head.parameters, values)
        return Place(symbol, arguments, settings, chords, labels, item.name, item.varied)

    def _check(self, chord: str, rule: Rule, item: Item) -> None:
        """Raise an InputError when values have made something of a chord that is none."""
        check = self.grammar.check_terminal
        if check is None or chord in self._checked or chord in self.grammar.terminals:
            return
        try:
            check(chord)
        except TheoryError as error:
            production = next(one for one in rule.productions if item in one.body.items)
            message = f"'{item}' becomes '{chord}': {error.message}"
            mark = production.mark_of(item)
            raise InputError(Diagnostic("unknown-chord", message, mark, error.expected, error.nearest)) from None
        self._checked.add(chord)


def _labels(item: Item, parameters: tuple[str, ...], values: Values) -> Mapping[str, str | frozenset[str]]:
    return {
        name: str(values[value]) if isinstance(value, str) and value in parameters and value in values else value
        for name, value in item.labels.items()
    }
