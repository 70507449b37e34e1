"""The text of a production: its syntax, and the plain sequences it stands for.

``let A = Phrase(HC) in A A' Phrase(cadence=PAC)`` or ``PD {ii6:3|IV} V:2 (T | PD)? I[soprano=1]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product

from theorygen.grammar.symbols import WORD_CHARACTERS, GrammarTextError, call_text

_WORD = re.compile(WORD_CHARACTERS)
_NUMBER = re.compile(r"\d+/\d+|\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s*")
_VALUE = re.compile(rf"\d+/\d+|\d+\.\d+|{WORD_CHARACTERS}")
_MOST_VARIANTS = 256

Labels = Mapping[str, str | frozenset[str]]


@dataclass(frozen=True, slots=True)
class Length:
    """A duration written on an item.

    Attributes:
        value: quarter lengths, or the share of the parent's duration.
        is_share: whether ``value`` is a share.
    """

    value: Fraction
    is_share: bool = False

    def __str__(self) -> str:
        return f"{'@' if self.is_share else ':'}{self.value}"


@dataclass(frozen=True)
class Item:
    """One symbol or chord of a production.

    Attributes:
        symbol: name or chord as written; ``{a|b}`` for open alternatives.
        arguments: positional arguments as written.
        settings: attributes set for the subtree, as written.
        alternatives: chords left open, with their weights; empty for a single symbol.
        labels: constraints for the leaves below.
        length: duration, or None when free.
        name: let name this item is a use of, or "".
        varied: whether it is a variation of that name.
        position: where it stands in the production's text.
        width: how many characters it takes there.
    """

    symbol: str
    arguments: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[tuple[str, Fraction], ...] = ()
    labels: Labels = field(default_factory=dict, hash=False)
    length: Length | None = None
    name: str = ""
    varied: bool = False
    position: int = field(default=0, compare=False)
    width: int = field(default=1, compare=False)

    def __str__(self) -> str:
        words = (*self.arguments, *(f"{name}={value}" for name, value in self.settings))
        length = str(self.length) if self.length else ""
        return call_text(self.symbol, words) + _labels_text(self.labels) + length + ("'" if self.varied else "")


@dataclass(frozen=True, slots=True)
class Group:
    """``(A B | C)``: exactly one of several sequences."""

    choices: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """``A?``: the part, or nothing."""

    part: Part


Part = Item | Group | Optional


@dataclass(frozen=True)
class Body:
    """A parsed production text.

    Attributes:
        text: as written.
        lets: shared items by name.
        parts: the sequence.
    """

    text: str
    lets: Mapping[str, Item]
    parts: tuple[Part, ...]

    def variants(self) -> tuple[tuple[Fraction, tuple[Item, ...]], ...]:
        """The plain sequences the text stands for, each with its share of the weight; none is empty."""
        expanded = [(share, self._shared(items)) for share, items in _sequences(self.parts)]
        return tuple((share, items) for share, items in expanded if items)

    def _shared(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(self._use(item) if item.symbol in self.lets else item for item in items)

    def _use(self, item: Item) -> Item:
        bound = self.lets[item.symbol]
        return replace(
            bound,
            name=item.symbol,
            varied=item.varied,
            settings=(*bound.settings, *item.settings),
            labels={**bound.labels, **item.labels},
            position=item.position,
            width=item.width,
        )

    def items(self) -> Iterator[Item]:
        """All items as written: the shared ones, then those of the sequence."""
        yield from self.lets.values()
        yield from _items(self.parts)


def _items(parts: tuple[Part, ...]) -> Iterator[Item]:
    for part in parts:
        if isinstance(part, Item):
            yield part
        elif isinstance(part, Optional):
            yield from _items((part.part,))
        else:
            for choice in part.choices:
                yield from _items(choice)


Sequences = tuple[tuple[Fraction, tuple[Item, ...]], ...]


def _sequences(parts: tuple[Part, ...]) -> Sequences:
    combined = []
    for pieces in product(*[_choices(part) for part in parts]):
        share = Fraction(1)
        for piece, _ in pieces:
            share *= piece
        combined.append((share, tuple(item for _, items in pieces for item in items)))
    return tuple(combined)


def _choices(part: Part) -> Sequences:
    if isinstance(part, Item):
        return ((Fraction(1), (part,)),)
    if isinstance(part, Optional):
        return (*((share / 2, items) for share, items in _choices(part.part)), (Fraction(1, 2), ()))
    return tuple((share / len(part.choices), items) for choice in part.choices for share, items in _sequences(choice))


def _count(parts: tuple[Part, ...]) -> int:
    total = 1
    for part in parts:
        if isinstance(part, Optional):
            total *= _count((part.part,)) + 1
        elif isinstance(part, Group):
            total *= sum(_count(choice) for choice in part.choices)
    return total


def _labels_text(labels: Labels) -> str:
    if not labels:
        return ""
    return "[" + ", ".join(_label_text(name, value) for name, value in labels.items()) + "]"


def _label_text(name: str, value: str | frozenset[str]) -> str:
    if isinstance(value, frozenset):
        return f"{name}={{{','.join(sorted(value))}}}"
    return name if value == "true" else f"{name}={value}"


def parse_production(text: str) -> Body:
    """Read the text of a production.

    Raises:
        GrammarTextError: with the position in ``text``.
    """
    try:
        return _Parser(text).body()
    except RecursionError:
        raise GrammarTextError("groups are nested too deeply") from None


class _Parser:
    """Reads one production from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    # signs

    def peek(self) -> str:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> bool:
        if self.peek() != sign:
            return False
        self.at += 1
        return True

    def need(self, sign: str, where: str) -> None:
        if not self.take(sign):
            raise self.error(self.found(), f"'{sign}' {where}")

    def match(self, pattern: re.Pattern[str], expected: str) -> str:
        self.peek()
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self.error(self.found(), expected)
        self.at = found.end()
        return found[0]

    def word(self, expected: str = "a symbol or a chord") -> str:
        return self.match(_WORD, expected)

    def found(self) -> str:
        sign = self.peek()
        return f"'{sign}' does not fit here" if sign else "the production ends too early"

    def error(self, message: str, expected: str = "", position: int | None = None, length: int = 1) -> GrammarTextError:
        place = min(self.at, max(len(self.text) - 1, 0)) if position is None else position
        return GrammarTextError(message, place, length, expected)

    def keyword(self, word: str) -> bool:
        self.peek()
        found = _WORD.match(self.text, self.at)
        if found is None or found[0] != word:
            return False
        self.at = found.end()
        return True

    # structure

    def body(self) -> Body:
        lets = self.lets() if self.keyword("let") else {}
        parts = self.sequence("")
        if self.peek():
            raise self.error(self.found(), "a symbol, a chord, '(' or '{'")
        body = Body(self.text, lets, parts)
        self.check(body)
        return body

    def lets(self) -> dict[str, Item]:
        lets: dict[str, Item] = {}
        while True:
            name, end = self.word("a name"), self.at
            if name in lets:
                raise self.error(f"'{name}' is bound twice", "another name", end - len(name), len(name))
            self.need("=", "after the name")
            self.peek()
            start = self.at
            lets[name] = self.single(self.part(), start)
            if not self.take(","):
                break
        if not self.keyword("in"):
            raise self.error(self.found(), "',' or 'in'")
        return lets

    def single(self, part: Part, start: int) -> Item:
        if not isinstance(part, Item) or part.varied:
            raise self.error("let binds one symbol", "a symbol or {a|b}, without '?' or \"'\"", start)
        return part

    def sequence(self, closing: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.part())
        if not parts:
            raise self.error(self.found(), "a symbol or a chord")
        if closing and not self.peek():
            raise self.error(self.found(), f"'{closing}'")
        return tuple(parts)

    def part(self) -> Part:
        sign = self.peek()
        start = self.at
        if sign == "(":
            return self.suffixes(self.group(), start)
        return self.suffixes(self.open() if sign == "{" else self.symbol(), start)

    def group(self) -> Group:
        self.need("(", "")
        choices = [self.sequence(")")]
        while self.take("|"):
            choices.append(self.sequence(")"))
        self.need(")", "at the end of the group")
        return Group(tuple(choices))

    def open(self) -> Item:
        self.need("{", "")
        chords = [self.choice()]
        while self.take("|"):
            chords.append(self.choice())
        self.need("}", "or '|' after a chord")
        words = [chord if weight == 1 else f"{chord}:{weight}" for chord, weight in chords]
        return Item("{" + "|".join(words) + "}", alternatives=tuple(chords))

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
        if self.text[self.at : self.at + 1] != "(":
            return Item(word)
        self.at += 1
        arguments: list[str] = []
        settings: dict[str, str] = {}
        while True:
            self.argument(arguments, settings)
            if not self.take(","):
                break
        self.need(")", "or ',' after an argument")
        return Item(word, tuple(arguments), tuple(settings.items()))

    def argument(self, arguments: list[str], settings: dict[str, str]) -> None:
        value = self.match(_VALUE, "a value or name=value")
        if not self.take("="):
            if settings:
                raise self.error(
                    "a value without a name stands after one with a name",
                    "name=value",
                    self.at - len(value),
                    len(value),
                )
            arguments.append(value)
            return
        if value in settings:
            raise self.error(f"'{value}' is set twice", "another name")
        settings[value] = self.match(_VALUE, "a value")

    # suffixes

    def suffixes(self, part: Part, start: int) -> Part:
        labels: dict[str, str | frozenset[str]] = {}
        length: Length | None = None
        optional = varied = False
        end = self.at
        while (sign := self.peek()) and sign in "[:@?'":
            self.at += 1
            if sign == "[" and not labels:
                labels = self.labels()
            elif sign in ":@" and length is None:
                length = self.length(sign)
            elif sign == "?" and not optional:
                optional = True
            elif sign == "'" and not varied:
                varied = True
            else:
                raise self.error(f"'{sign}' stands here twice", "one of each", self.at - 1)
            end = self.at
        self.at = end
        part = self.marked(part, labels, length, varied, start)
        return Optional(part) if optional else part

    def marked(self, part: Part, labels: Labels, length: Length | None, varied: bool, start: int) -> Part:
        if isinstance(part, Item):
            return replace(part, labels=labels, length=length, varied=varied, position=start, width=self.at - start)
        if varied or isinstance(part, Optional):
            raise self.error("only a name bound by let can be varied", "a name", start)
        if length is not None and any(len(choice) > 1 for choice in part.choices):
            raise self.error(
                "a group of several symbols has no duration of its own", "a symbol with its own head", start
            )
        if not labels and length is None:
            return part
        return Group(tuple(tuple(self.spread(one, labels, length, start) for one in choice) for choice in part.choices))

    def spread(self, part: Part, labels: Labels, length: Length | None, start: int) -> Part:
        if isinstance(part, Item):
            if length is not None and part.length is not None:
                raise self.error("this symbol already has a duration", "one duration", part.position)
            return replace(part, labels={**labels, **part.labels}, length=length or part.length)
        if isinstance(part, Optional):
            return Optional(self.spread(part.part, labels, length, start))
        if length is not None and any(len(choice) > 1 for choice in part.choices):
            raise self.error(
                "a group of several symbols has no duration of its own", "a symbol with its own head", start
            )
        return Group(tuple(tuple(self.spread(one, labels, length, start) for one in choice) for choice in part.choices))

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
            return self.match(_VALUE, "a value")
        values = [self.match(_VALUE, "a value")]
        while self.take(","):
            values.append(self.match(_VALUE, "a value"))
        self.need("}", "or ',' after a value")
        return frozenset(values)

    def length(self, sign: str) -> Length:
        start = self.at
        value = self.number("a duration in quarter lengths" if sign == ":" else "a share such as 1/2")
        if value <= 0 or (sign == "@" and value > 1):
            raise self.error("no symbol can last this long", "a duration above 0, a share of at most 1", start)
        return Length(value, sign == "@")

    def number(self, expected: str) -> Fraction:
        start = self.at
        text = self.match(_NUMBER, expected)
        try:
            return Fraction(text)
        except ZeroDivisionError:
            raise self.error("nothing can be divided by zero", expected, start, len(text)) from None

    # whole

    def check(self, body: Body) -> None:
        if _count(body.parts) > _MOST_VARIANTS:
            raise self.error(
                f"the optional parts and groups allow more than {_MOST_VARIANTS} sequences",
                "symbols with heads of their own",
                0,
                len(self.text),
            )
        for item in body.lets.values():
            if item.symbol in body.lets:
                raise self.error("let binds a symbol, not another name", "a symbol or {a|b}", item.position, item.width)
        for item in _items(body.parts):
            if item.symbol in body.lets:
                self.check_use(item)
            elif item.varied:
                raise self.error(
                    "only a name bound by let can be varied", "a name bound by let", item.position, item.width
                )

    def check_use(self, item: Item) -> None:
        if item.length is not None:
            raise self.error(
                "a shared name keeps its duration", "the duration where it is bound", item.position, item.width
            )
        if item.arguments or (item.settings and not item.varied):
            raise self.error(
                "a shared name takes no arguments",
                f"{item.symbol}(name=value)', a variation",
                item.position,
                item.width,
            )
