"""Reads the text of a production.

``let A = Phrase(HC) in A A' Phrase(cadence=PAC)`` or ``PD {ii6:3|IV} V:2 (T | PD)? I[soprano=1]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.grammar.production import Body, Group, Item, Labels, Length, Optional, Part, open_text
from theorygen.grammar.production_scanner import Scanner
from theorygen.grammar.symbols import GrammarTextError

_MOST_VARIANTS = 256


def parse_production(text: str) -> Body:
    """Read the text of a production.

    Raises:
        GrammarTextError: with the position in ``text``.
    """
    try:
        body = _Parser(text).body()
        _check(body)
    except RecursionError:
        raise GrammarTextError("groups are nested too deeply") from None
    return body


@dataclass
class _Suffixes:
    """What stands behind a part: ``[labels]``, ``:length``, ``?`` and ``'``."""

    labels: dict[str, str | frozenset[str]] = field(default_factory=dict)
    length: Length | None = None
    optional: bool = False
    varied: bool = False


class _Parser(Scanner):
    """Reads one production."""

    def body(self) -> Body:
        lets = self.lets() if self.keyword("let") else {}
        parts = self.sequence("")
        if self.peek():
            raise self.error(self.found(), "a symbol, a chord, '(' or '{'")
        return Body(self.text, lets, parts)

    def lets(self) -> dict[str, Item]:
        lets: dict[str, Item] = {}
        self.let(lets)
        while self.take(","):
            self.let(lets)
        if not self.keyword("in"):
            raise self.error(self.found(), "',' or 'in'")
        return lets

    def let(self, lets: dict[str, Item]) -> None:
        name, end = self.word("a name"), self.at
        if name in lets:
            raise self.error(f"'{name}' is bound twice", "another name", end - len(name), len(name))
        self.need("=", "after the name")
        self.peek()
        start = self.at
        part = self.part()
        if not isinstance(part, Item) or part.varied:
            raise self.error("let binds one symbol", "a symbol or {a|b}, without '?' or \"'\"", start)
        lets[name] = part

    def sequence(self, closing: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.part())
        if not parts:
            raise self.error(self.found(), "a symbol or a chord")
        if closing and not self.peek():
            raise self.error(self.found(), f"'{closing}'")
        return tuple(parts)

    # parts

    def part(self) -> Part:
        sign = self.peek()
        start = self.at
        part: Part = self.group() if sign == "(" else self.open() if sign == "{" else self.symbol()
        end, suffixes = self.suffixes()
        part = self.marked(part, suffixes, start, end)
        return Optional(part) if suffixes.optional else part

    def group(self) -> Group:
        self.need("(", "")
        choices = [self.sequence(")")]
        while self.take("|"):
            choices.append(self.sequence(")"))
        self.need(")", "at the end of the group")
        return Group(tuple(choices))

    def open(self) -> Item:
        self.need("{", "")
        weights = dict([self.choice()])
        while self.take("|"):
            chord, weight = self.choice()
            weights[chord] = weights.get(chord, 0) + weight
        self.need("}", "or '|' after a chord")
        chords = tuple(weights.items())
        return Item(open_text(chords), alternatives=chords)

    def choice(self) -> tuple[str, Fraction]:
        chord = self.word("a chord")
        weight = self.number("a weight") if self.take(":") else Fraction(1)
        if weight <= 0:
            raise self.error("this chord can never be chosen", "a weight above 0", self.at - 1)
        return chord, weight

    def symbol(self) -> Item:
        word = self.word()
        if word in ("let", "in"):
            raise self.error(f"'{word}' does not fit here", "a symbol or a chord", self.at - len(word), len(word))
        return self.call(word) if self.follows("(") else Item(word)

    def call(self, word: str) -> Item:
        self.need("(", "")
        arguments: list[str] = []
        settings: dict[str, str] = {}
        self.argument(arguments, settings)
        while self.take(","):
            self.argument(arguments, settings)
        self.need(")", "or ',' after an argument")
        return Item(word, tuple(arguments), tuple(settings.items()))

    def argument(self, arguments: list[str], settings: dict[str, str]) -> None:
        value = self.value("a value or name=value")
        if self.take("="):
            if value in settings:
                raise self.error(f"'{value}' is set twice", "another name")
            settings[value] = self.value()
        elif settings:
            place = self.at - len(value)
            raise self.error("a value without a name stands after one with a name", "name=value", place, len(value))
        else:
            arguments.append(value)

    # suffixes

    def suffixes(self) -> tuple[int, _Suffixes]:
        """Where the last suffix ends, and all of them."""
        suffixes = _Suffixes()
        end = self.at
        while (sign := self.peek()) and sign in "[:@?'":
            self.at += 1
            self.suffix(sign, suffixes)
            end = self.at
        self.at = end
        return end, suffixes

    def suffix(self, sign: str, suffixes: _Suffixes) -> None:
        if sign == "[" and not suffixes.labels:
            suffixes.labels = self.labels()
        elif sign in ":@" and suffixes.length is None:
            suffixes.length = self.length(sign)
        elif sign == "?" and not suffixes.optional:
            suffixes.optional = True
        elif sign == "'" and not suffixes.varied:
            suffixes.varied = True
        else:
            raise self.error(f"'{sign}' stands here twice", "one of each", self.at - 1)

    def labels(self) -> dict[str, str | frozenset[str]]:
        labels: dict[str, str | frozenset[str]] = {}
        while True:
            name = self.word("a label")
            labels[name] = self.label_value() if self.take("=") else "true"
            if not self.take(","):
                break
        self.need("]", "or ',' after a label")
        return labels

    def label_value(self) -> str | frozenset[str]:
        if not self.take("{"):
            return self.value()
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.need("}", "or ',' after a value")
        return frozenset(values)

    def length(self, sign: str) -> Length:
        start = self.at
        value = self.number("a duration in quarter lengths" if sign == ":" else "a share such as 1/2")
        if value <= 0 or (sign == "@" and value > 1):
            raise self.error("no symbol can last this long", "a duration above 0, a share of at most 1", start)
        return Length(value, sign == "@")

    # what suffixes do

    def marked(self, part: Part, suffixes: _Suffixes, start: int, end: int) -> Part:
        labels, length, varied = suffixes.labels, suffixes.length, suffixes.varied
        if isinstance(part, Item):
            return replace(part, labels=labels, length=length, varied=varied, position=start, width=end - start)
        if varied:
            raise self.error("only a name bound by let can be varied", "a name", start)
        return self.spread(part, labels, length, start)

    def spread(self, part: Part, labels: Labels, length: Length | None, start: int) -> Part:
        """A part with the labels and the length of the group it stands in; its own labels come first."""
        if isinstance(part, Item):
            if length is not None and part.length is not None:
                raise self.error("this symbol already has a duration", "one duration", part.position)
            return replace(part, labels={**labels, **part.labels}, length=length or part.length)
        if isinstance(part, Optional):
            return Optional(self.spread(part.part, labels, length, start))
        if length is not None and any(len(choice) > 1 for choice in part.choices):
            message = "a group of several symbols has no duration of its own"
            raise self.error(message, "a symbol with its own head", start)
        return Group(tuple(tuple(self.spread(one, labels, length, start) for one in choice) for choice in part.choices))


def _check(body: Body) -> None:
    """What can only be seen when the whole text is read."""
    if body.variant_count > _MOST_VARIANTS:
        message = f"the optional parts and groups allow more than {_MOST_VARIANTS} sequences"
        raise GrammarTextError(message, 0, len(body.text), "symbols with heads of their own")
    for item in body.lets.values():
        if item.symbol in body.lets:
            raise _wrong(item, "let binds a symbol, not another name", "a symbol or {a|b}")
    for item in body.sequence_items:
        if item.symbol in body.lets:
            _check_use(item)
        elif item.varied:
            raise _wrong(item, "only a name bound by let can be varied", "a name bound by let")


def _check_use(item: Item) -> None:
    if item.length is not None:
        raise _wrong(item, "a shared name keeps its duration", "the duration where it is bound")
    if item.arguments or (item.settings and not item.varied):
        raise _wrong(item, "a shared name takes no arguments", f"{item.symbol}(name=value)', a variation")


def _wrong(item: Item, message: str, expected: str) -> GrammarTextError:
    return GrammarTextError(message, item.position, item.width, expected)
