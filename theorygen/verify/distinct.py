"""Which settings of a style can be told apart: what is left of its guards, weights and lengths under each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from theorygen.grammar.grammar import Grammar
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.style import Style
from theorygen.rules.expression import WORD, Expression, Node
from theorygen.source.diagnostic import InputError

Values = Mapping[str, Any]


class Reading:
    """What a grammar reads of the parameters.

    Settings with equal keys leave the same guards, weights and arguments, and so the same derivations. Of
    ``given == yes and level >= 6`` only ``level >= 6`` is read: levels 1 to 5 are alike.
    """

    def __init__(self, grammar: Grammar | None) -> None:
        self._nodes: dict[str, tuple[Node, ...]] = {}
        self._known: dict[tuple[str, tuple[Any, ...]], tuple[Hashable, ...]] = {}
        for number, (names, nodes) in enumerate(_read(grammar) if grammar else ()):
            for node in (*nodes, *(Node(WORD, "field", frozenset({name}), name) for name in names)):
                text = f"{number} {sorted(node.names)}"
                self._nodes[text] = (*self._nodes.get(text, ()), node)

    def key(self, values: Values) -> tuple[Hashable, ...]:
        """The same for settings that cannot be told apart."""
        return tuple(self._value(text, nodes, values) for text, nodes in self._nodes.items())

    def _value(self, text: str, nodes: tuple[Node, ...], values: Values) -> tuple[Hashable, ...]:
        read = (text, tuple(values[name] for name in sorted(nodes[0].names)))
        if read not in self._known:
            self._known[read] = tuple(_evaluated(node, values) for node in nodes)
        return self._known[read]


def _read(grammar: Grammar) -> Iterator[tuple[set[str], list[Node]]]:
    """For each production the parameters it hands on as they are, and the parts of expressions they alone decide."""
    shared = grammar.parameters.keys() - grammar.attributes.keys()
    for rule, production in grammar.productions():
        fixed = frozenset(shared - set(rule.head.parameters))
        expressions = [one for one in (production.when, production.weight) if isinstance(one, Expression)]
        parts = [part for one in expressions for part in _decided(one.root, fixed)]
        handed = {value for item in production.body.items
                  for value in (*item.arguments, *(value for _, value in item.settings))}
        read = frozenset().union(*(one.names for one in expressions))
        yield ((handed & grammar.parameters.keys()) | (read & (grammar.parameters.keys() - fixed)), parts)


def _decided(node: Node, fixed: frozenset[str]) -> Iterator[Node]:
    """The largest parts of a tree that read parameters and nothing else."""
    if node.names and node.names <= fixed:
        yield node
    else:
        for child in node.children:
            yield from _decided(child, fixed)


def _evaluated(node: Node, values: Values) -> Hashable:
    try:
        value: Hashable = Expression("", node).evaluate(values.__getitem__)
        return value
    except ZeroDivisionError:
        return "divides by 0"


def lengths_key(style: Style, values: Values) -> tuple[Hashable, ...]:
    """The lengths of a setting; for one that is not possible the complaint."""
    lengths = Lengths(style, values)
    asked = [lengths.form, *(lambda ask=ask, meter=meter: ask(meter) for meter in style.meters
                             for ask in (lengths.unit, lengths.phrase, lengths.pickup))]
    found: list[Hashable] = []
    for ask in asked:
        try:
            found.append(ask())
        except InputError as error:
            found.append(str(error))
    return tuple(found)
