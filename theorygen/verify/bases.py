"""What may be asked of a style that is only a base for others: each of its heads, in whatever meter they choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from theorygen.grammar.grammar import Grammar
from theorygen.grammar.grammar_facts import argument_values, children
from theorygen.grammar.lengths import MOST_CHORDS, Lengths
from theorygen.grammar.style import Style
from theorygen.grammar.symbols import home_key, is_literal
from theorygen.rules.expression import Expression, subtrees
from theorygen.theory import Meter
from theorygen.verify.roots import Root

_METERS = ("4/4", "3/4", "2/2", "6/8")
"""Meters of two, three and four beats, of divided beats in two and in three: those a base may be given."""

_MODES = ("major", "minor")


def base_roots(style: Style, values: Mapping[str, Any]) -> tuple[Root, ...]:
    """Every head of the harmony with all arguments and attributes that are told apart, in many meters.

    Args:
        style: a style without a form.
        values: the value of every parameter.

    Raises:
        InputError: a length is not possible with these values.
    """
    return tuple(_roots(style, style.harmony, values)) if style.harmony else ()


def _roots(style: Style, harmony: Grammar, values: Mapping[str, Any]) -> Iterator[Root]:
    lengths = Lengths(style, values)
    meters = dict.fromkeys((*style.meters, *map(Meter.parse, _METERS)))
    attributes = [(name, words) for name, words in words_read(harmony).items() if words]
    wanted = arguments_wanted(harmony)
    for meter in meters:
        unit = lengths.unit(meter)
        most = int(min(2 * lengths.phrase(meter) // unit, MOST_CHORDS))
        durations = tuple(unit * count for count in range(1, most + 1))
        starts = tuple(unit * index for index in range(int(meter.bar_length // unit)))
        for symbol, names in harmony.signatures.items():
            columns = [sorted(wanted[symbol, index]) or ["?"] for index in range(len(names))]
            for mode, arguments, chosen in product(_MODES, product(*columns),
                                                   product(*(("", *sorted(words)) for _, words in attributes))):
                said = {name: word for (name, _), word in zip(attributes, chosen, strict=True) if word}
                inner = tuple(sorted({"key": home_key(mode), "mode": mode, **said}.items()))
                yield Root(symbol, arguments, inner, mode, meter, starts, durations)


def words_read(grammar: Grammar) -> dict[str, frozenset[str]]:
    """For each attribute that is set from outside the words it is held against."""
    found: dict[str, set[str]] = {name: set() for name in sorted(grammar.declared - {"key", "mode", "cadence"})}
    for _, production in grammar.productions():
        for expression in (production.when, production.weight):
            for node in subtrees(expression.root) if isinstance(expression, Expression) else ():
                names = [child.value for child in node.children if child.operation == "field"]
                words = [str(child.value) for child in node.children if child.operation == "word"]
                for name in names:
                    if name in found:
                        found[name].update(words)
    return {name: frozenset(words) for name, words in found.items()}


def arguments_wanted(grammar: Grammar) -> dict[tuple[str, int], frozenset[str]]:
    """For each argument of a symbol the values that some head below it is for, and those productions give."""
    wanted = {place: set(values - {""}) for place, values in argument_values(grammar).items()}
    for rules in grammar.rules.values():
        for rule in rules:
            for index, pattern in enumerate(rule.head.patterns):
                if is_literal(pattern):
                    wanted[rule.head.symbol, index].add(pattern)
    passed = list(_passed(grammar))
    while True:
        before = sum(map(len, wanted.values()))
        for above, below in passed:
            wanted[above] |= wanted[below]
        if sum(map(len, wanted.values())) == before:
            return {place: frozenset(values) for place, values in wanted.items()}


def _passed(grammar: Grammar) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Arguments that are handed on: of a head, and of the symbol below it."""
    for rule, production in grammar.productions():
        for item in children(grammar, rule, production):
            for index, value in enumerate(grammar.arguments(item)):
                if value in rule.head.parameters:
                    yield (rule.head.symbol, rule.head.patterns.index(value)), (item.symbol, index)
