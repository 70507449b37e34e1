"""What a grammar derived: a tree of choices, and its leaves from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorygen.grammar.grammar import Source
from theorygen.grammar.production import Chords, Labels
from theorygen.grammar.symbols import call_text
from theorygen.source.marks import Mark


@dataclass(frozen=True, slots=True)
class Step:
    """The production a node was rewritten by.

    Attributes:
        text: as written.
        name: name given to it, or "".
        weight: value of its weight at this node, before alternatives are normalised.
        share: that weight among those of all productions the context allows, whatever their durations; 0 to 1.
        source: where it is written, or None.
    """

    text: str
    name: str = ""
    weight: float = 1.0
    share: float = 1.0
    source: Source | None = field(default=None, compare=False)

    @property
    def mark(self) -> Mark | None:
        """Where it is written; found out when asked."""
        return self.source.inside() if self.source else None


@dataclass(frozen=True)
class Derivation:
    """One node of a derivation, with everything below it.

    Attributes:
        symbol: name of the symbol, or the chord.
        attributes: inherited attributes and the values of the head's parameters (key, mode, cadence, ...).
        production: how it was rewritten; None for a terminal.
        children: nodes from left to right; empty for a terminal.
        start: offset in quarter lengths.
        duration: quarter lengths.
        arguments: positional arguments.
        probability: of this rewriting and of its children's durations, given this node and its duration.
        alternatives: chords left open at a terminal, with weights; empty for a nonterminal.
        labels: constraints written on this node and on the nodes above it.
        shared: let name this node is a use of, or ""; siblings of one name that are not variations are equal.
        variation: whether it is derived anew from the shared item.
        repeated: whether it repeats an earlier sibling instead of having been derived.
        choice: numbers that identify the rewriting, see :meth:`decisions`.
        split: probability of these children with these durations, given the production and the node's duration.
    """

    symbol: str
    attributes: Mapping[str, str] = field(hash=False)
    production: Step | None
    children: tuple[Derivation, ...]
    start: Fraction
    duration: Fraction
    arguments: tuple[str, ...] = ()
    probability: float = 1.0
    alternatives: Chords = ()
    labels: Labels = field(default_factory=dict, hash=False)
    shared: str = ""
    variation: bool = False
    repeated: bool = False
    choice: tuple[int, ...] = ()
    split: float = 1.0

    @property
    def text(self) -> str:
        """The symbol with its arguments."""
        return call_text(self.symbol, self.arguments)

    @property
    def is_terminal(self) -> bool:
        """Whether this is a leaf."""
        return self.production is None

    @property
    def end(self) -> Fraction:
        """Offset where it stops, quarter lengths."""
        return self.start + self.duration

    @property
    def likelihood(self) -> float:
        """Probability of the whole tree given its root and duration; what is shared counts once."""
        total = 1.0
        for node in self.drawn():
            total *= node.probability
        return total

    def drawn(self) -> Iterator[Derivation]:
        """All nodes in order from the root, without those that repeat an earlier one."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if not child.repeated]

    def nodes(self) -> Iterator[Derivation]:
        """All nodes in order from the root."""
        for node, _ in self._placed():
            yield node

    def _placed(self) -> Iterator[tuple[Derivation, tuple[Derivation, ...]]]:
        """All nodes in order from the root, each with the nodes above it."""
        waiting: list[tuple[Derivation, tuple[Derivation, ...]]] = [(self, ())]
        while waiting:
            node, above = waiting.pop()
            yield node, above
            waiting += [(child, (*above, node)) for child in reversed(node.children)]

    def decisions(self) -> tuple[int, ...]:
        """The choices that rebuild this derivation: ``Chart.replay(goal, derivation.decisions())``."""
        return tuple(number for node in self.drawn() for number in node.choice)

    def leaves(self) -> list[Leaf]:
        """The terminals from left to right, with the symbols above each."""
        return [node._leaf(above) for node, above in self._placed() if node.is_terminal]

    def _leaf(self, above: tuple[Derivation, ...]) -> Leaf:
        path = tuple(node.text for node in (*above, self))
        return Leaf(self.alternatives, self.labels, self.attributes, self.start, self.duration, path, self)

    def words(self) -> str:
        """The terminals as one line: ``I V6 I``."""
        return " ".join(node.symbol for node in self.nodes() if node.is_terminal)

    def __str__(self) -> str:
        return "\n".join(f"{'  ' * len(above)}{node._line()}" for node, above in self._placed())

    def _line(self) -> str:
        how = f" -> {self.production.name or self.production.text}" if self.production else ""
        marks = "'" if self.variation else ""
        labels = "".join(f" [{name}={_plain(value)}]" for name, value in self.labels.items())
        shared = f" ({self.shared}{marks}{', repeated' if self.repeated else ''})" if self.shared else ""
        return f"{self.text}{labels} {self.start}+{self.duration}{shared}{how}"

    def to_data(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and texts, for JSON."""
        data: dict[str, Any] = {
            "symbol": self.text,
            "start": str(self.start),
            "duration": str(self.duration),
            "attributes": dict(self.attributes),
        }
        if self.production:
            data |= {
                "production": self.production.text,
                "name": self.production.name,
                "weight": self.production.weight,
                "share": self.production.share,
                "split": self.split,
                "probability": self.probability,
                "children": [child.to_data() for child in self.children],
            }
        else:
            data["alternatives"] = [[chord, float(weight)] for chord, weight in self.alternatives]
        if self.labels:
            data["labels"] = {name: _plain(value) for name, value in self.labels.items()}
        if self.shared:
            data |= {"shared": self.shared, "variation": self.variation, "repeated": self.repeated}
        return data


def _plain(value: str | frozenset[str]) -> str | list[str]:
    return sorted(value) if isinstance(value, frozenset) else value


@dataclass(frozen=True)
class Leaf:
    """A terminal in its place.

    Attributes:
        alternatives: chords (or form symbols) that may stand here, with weights; one unless left open.
        constraints: labels of the terminal and of the symbols above it, nearer ones first to count.
        attributes: inherited attributes: key (relative to the home key), mode, cadence, ...
        start: offset in quarter lengths.
        duration: quarter lengths.
        path: texts of the symbols from the root to the terminal.
        derivation: the terminal's node.
    """

    alternatives: Chords
    constraints: Labels = field(hash=False)
    attributes: Mapping[str, str] = field(hash=False)
    start: Fraction
    duration: Fraction
    path: tuple[str, ...]
    derivation: Derivation

    @property
    def symbol(self) -> str:
        """The chord or symbol as written, open alternatives in braces."""
        return self.derivation.symbol
