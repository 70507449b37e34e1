"""The lengths a style asks for: exact, of a possible size, and refused at their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from theorygen.grammar.exact import evaluate_exactly, exact_number
from theorygen.grammar.labels import LENGTH
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import BAR, UNIT, to_ticks
from theorygen.rules.expression import Expression
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark
from theorygen.theory import Meter

MOST_CHORDS = 32
"""Plain chords in the longest phrase: the work for a phrase grows with the cube of its length."""

MOST_PHRASES = 128
"""Units of the longest form."""

Key = tuple[str, ...]


class Lengths:
    """The lengths of a style under given parameters.

    Args:
        style: the style.
        parameters: value of every parameter.

    Every method raises InputError for a length that cannot be.
    """

    def __init__(self, style: Style, parameters: Mapping[str, Any]) -> None:
        self.style = style
        self.parameters = parameters

    def unit(self, meter: Meter) -> Fraction:
        """Quarter lengths of a chord without a duration."""
        if self.style.unit is None:
            return meter.beat_length
        unit = self._value(("unit",), self.style.unit, lambda name: self._name(name, meter))
        return self._possible(unit, "a chord", self._mark(("unit",)), MOST_CHORDS * meter.beat_length)

    def phrase(self, meter: Meter) -> Fraction:
        """Quarter lengths of a phrase."""
        value = self._value(("phrase-length",), self.style.phrase_length, lambda name: self._name(name, meter))
        return self._possible(value, "a phrase", self._mark(("phrase-length",)), MOST_CHORDS * self.unit(meter))

    def labelled(self, text: str, meter: Meter, mark: Mark | None) -> Fraction:
        """Quarter lengths that a label asks for a phrase."""
        try:
            value = Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise InputError(Diagnostic("bad-length", f"'{text}' is not a length", mark,
                                        "quarter lengths of a phrase, such as 16 or 9/2")) from None
        return self._possible(value, "a phrase", mark, MOST_CHORDS * self.unit(meter))

    def pickup(self, meter: Meter) -> Fraction:
        """Quarter lengths before the first bar line."""
        pickup = self._value(("pickup",), self.style.pickup, lambda name: self._name(name, meter))
        if not 0 <= pickup < meter.bar_length or to_ticks(pickup) is None:
            raise InputError(Diagnostic(
                "bad-length", f"a pickup of {pickup} quarters does not fit into a bar of {meter}",
                self._mark(("pickup",)), f"0 or more, and less than {meter.bar_length}",
                remedy="a pickup is shorter than a bar"))
        return pickup

    def form(self) -> Fraction:
        """Units of the form; 1 where the style does not say."""
        if self.style.length is None:
            return Fraction(1)
        key = ("goal", "length")
        length = self._value(key, self.style.length, self.parameters.__getitem__)
        return self._possible(length, "a form", self._mark(key), Fraction(MOST_PHRASES), "units")

    def wrong(self) -> Iterator[Diagnostic]:
        """Everything wrong with the lengths in any of the meters."""
        asked: list[Callable[[], Fraction]] = [self.form]
        for meter in self.style.meters:
            asked += [_later(ask, meter) for ask in (self.unit, self.pickup, self.phrase)]
            asked += [_later(self.labelled, text, meter, mark) for text, mark in _labels(self.style)]
        for ask in asked:
            try:
                ask()
            except InputError as error:
                yield from error.diagnostics

    def _value(self, key: Key, value: float | Expression, lookup: Callable[[str], Any]) -> Fraction:
        try:
            return Fraction(evaluate_exactly(value, lookup) if isinstance(value, Expression) else exact_number(value))
        except ZeroDivisionError:
            message, remedy = "this divides by 0", "see that the divisor is never 0"
        except (ValueError, OverflowError):
            message, remedy = "this is too large for a length", "write a number"
        raise InputError(Diagnostic("bad-length", message, self._mark(key), "a length", remedy=remedy))

    def _possible(self, length: Fraction, what: str, mark: Mark | None, most: Fraction,
                  measure: str = "quarters") -> Fraction:
        if length <= 0 or length > most:
            raise InputError(Diagnostic(
                "bad-length", f"{what} cannot last {_shown(length)} {measure}", mark,
                f"more than 0 and at most {_shown(most)}", remedy="write a possible length"))
        if to_ticks(length) is None:
            raise InputError(Diagnostic(
                "bad-length", f"{length} {measure} cannot be divided exactly", mark,
                "multiples of 1/128, 1/9, 1/5 or 1/7 of a quarter"))
        return length

    def _name(self, name: str, meter: Meter) -> Any:
        """The value of a name in an expression of lengths."""
        if name == BAR:
            return meter.bar_length
        return self.unit(meter) if name == UNIT else self.parameters[name]

    def _mark(self, key: Key) -> Mark:
        """Where a length is written; the file where it is not."""
        data: Any = self.style.document.data
        for step in key:
            if not isinstance(data, Mapping) or step not in data:
                return self.style.document.mark(())
            data = data[step]
        return self.style.document.mark(key)


def wrong_lengths(style: Style) -> Iterator[Diagnostic]:
    """Everything wrong with the lengths of a style, its parameters at their defaults."""
    defaults = {name: parameter.default for name, parameter in style.parameters.items()}
    yield from dict.fromkeys(Lengths(style, defaults).wrong())


def _later(ask: Callable[..., Fraction], *arguments: Any) -> Callable[[], Fraction]:
    return lambda: ask(*arguments)


def _labels(style: Style) -> Iterator[tuple[str, Mark]]:
    """The lengths that labels in the form ask for, where they are written out."""
    for rule, production in style.form.productions() if style.form else ():
        for item in production.body.items:
            said = item.labels.get(LENGTH)
            if said is not None and said not in rule.head.parameters:
                yield ", ".join(sorted(said)) if isinstance(said, frozenset) else said, production.mark_of(item)


def _shown(length: Fraction) -> str:
    return str(length) if abs(length) < 10**12 else "so many"
