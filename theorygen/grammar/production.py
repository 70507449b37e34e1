"""What a production says: items, groups and optional parts, and the plain sequences they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from theorygen.grammar.symbols import call_text

Labels = Mapping[str, str | frozenset[str]]
Chords = tuple[tuple[str, Fraction], ...]


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
    alternatives: Chords = ()
    labels: Labels = field(default_factory=dict, hash=False)
    length: Length | None = None
    name: str = ""
    varied: bool = False
    position: int = field(default=0, compare=False)
    width: int = field(default=1, compare=False)

    @property
    def chords(self) -> Chords:
        """The chords it may be, with their weights: the alternatives, or the symbol itself."""
        return self.alternatives or ((self.symbol, Fraction(1)),)

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

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items as written: the shared ones, then those of the sequence."""
        return (*self.lets.values(), *self.sequence_items)

    @cached_property
    def sequence_items(self) -> tuple[Item, ...]:
        """The items of the sequence as written, uses of shared ones included."""
        return tuple(_items(self.parts))

    @property
    def variant_count(self) -> int:
        """How many plain sequences the text stands for, the empty one included, without making them."""
        return _count(self.parts)


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


def open_text(chords: Chords) -> str:
    """``{ii6:3|IV}``."""
    return "{" + "|".join(chord if weight == 1 else f"{chord}:{weight}" for chord, weight in chords) + "}"


def _labels_text(labels: Labels) -> str:
    if not labels:
        return ""
    return "[" + ", ".join(_label_text(name, value) for name, value in labels.items()) + "]"


def _label_text(name: str, value: str | frozenset[str]) -> str:
    if isinstance(value, frozenset):
        return f"{name}={{{','.join(sorted(value))}}}"
    return name if value == "true" else f"{name}={value}"
