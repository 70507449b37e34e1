"""What is known about a grammar without deriving: what symbols lead to and depend on, and how short they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, gcd

from theorygen.grammar.grammar import Grammar, Production, Rule
from theorygen.grammar.production import Item
from theorygen.grammar.symbols import BEAT, BUILT_IN, DEPTH, DURATION, STRENGTH, Head, to_ticks
from theorygen.rules.expression import Expression, Node, subtrees

Least = Mapping[str, int | None]
"""Ticks by symbol, None for a symbol without a finite derivation."""

ArgumentValues = dict[tuple[str, int], frozenset[str]]
"""Values by symbol and number of the argument."""

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_ENDLESS = 1 << 30


def children(grammar: Grammar, rule: Rule, production: Production) -> Iterator[Item]:
    """Items of a production that are nonterminals, without uses of let names."""
    for item in production.body.items:
        if not grammar.is_terminal(item, rule.head) and item.symbol not in production.body.lets:
            yield item


def followers(grammar: Grammar) -> dict[str, frozenset[str]]:
    """For each symbol the nonterminals in its productions."""
    found: dict[str, set[str]] = {symbol: set() for symbol in grammar.rules}
    for rule, production in grammar.productions():
        found[rule.head.symbol] |= {item.symbol for item in children(grammar, rule, production)}
    return {symbol: frozenset(below) for symbol, below in found.items()}


# names


def names_read(grammar: Grammar, rule: Rule, production: Production) -> frozenset[str]:
    """Inherited names a production itself reads; ``#X`` is how often X encloses it."""
    read = {f"#{rule.head.symbol}" if name == DEPTH else name for name in _names(grammar, rule, production)}
    return frozenset(read - set(BUILT_IN) - (grammar.parameters.keys() - grammar.attributes.keys()))


def _names(grammar: Grammar, rule: Rule, production: Production) -> set[str]:
    """Names in the guard, in the weight and in arguments."""
    read = set(production.names)
    for item in production.body.items:
        values = (*item.arguments, *(value for _, value in item.settings))
        read |= {value for value in values if grammar.is_reference(value, rule.head)}
    return read


def parameters_read(grammar: Grammar) -> frozenset[str]:
    """The style's parameters that productions read."""
    read = {
        name
        for rule, production in grammar.productions()
        for name in _names(grammar, rule, production)
        if name not in rule.head.parameters and name not in grammar.attributes
    }
    return frozenset(read & set(grammar.parameters))


def context_names(grammar: Grammar) -> dict[str, tuple[str, ...]]:
    """For each symbol the inherited names its derivations depend on; ``#X`` is how often X encloses it."""
    own = {symbol: _own_names(grammar, rules) for symbol, rules in grammar.rules.items()}
    below = {symbol: set(_names_hidden(grammar, rules)) for symbol, rules in grammar.rules.items()}
    names: dict[str, frozenset[str]] = own
    while True:
        longer = {
            symbol: own[symbol].union(*(names[child] - hidden for child, hidden in below[symbol]))
            for symbol in grammar.rules
        }
        if longer == names:
            return {symbol: tuple(sorted(found)) for symbol, found in names.items()}
        names = longer


def _own_names(grammar: Grammar, rules: tuple[Rule, ...]) -> frozenset[str]:
    """Inherited names that a symbol's own productions and heads read."""
    found: set[str] = {"mode"} if any(rule.head.mode for rule in rules) else set()
    for rule in rules:
        for production in rule.productions:
            found |= names_read(grammar, rule, production).difference(rule.head.parameters)
    return frozenset(found)


def _names_hidden(grammar: Grammar, rules: tuple[Rule, ...]) -> Iterator[tuple[str, frozenset[str]]]:
    """The nonterminals below a symbol, each with the names it does not inherit from above the symbol."""
    for rule in rules:
        for production in rule.productions:
            for item in production.body.items:
                if not grammar.is_terminal(item, rule.head):
                    yield item.symbol, _set_by(item).union(rule.head.parameters)


def _set_by(item: Item) -> frozenset[str]:
    names = frozenset(name for name, _ in item.settings)
    return names | {"mode"} if "key" in names else names


def argument_values(grammar: Grammar) -> ArgumentValues:
    """For each argument of a symbol the values productions give it; "" stands for values from outside."""
    values: ArgumentValues = {
        (symbol, index): frozenset({""} if symbol in grammar.start else ())
        for symbol, names in grammar.signatures.items()
        for index in range(len(names))
    }
    given = set(_arguments_given(grammar))
    while True:
        before = dict(values)
        for place, head, value in given:
            values[place] |= _meant(grammar, head, value, values)
        if values == before:
            return values


def _arguments_given(grammar: Grammar) -> Iterator[tuple[tuple[str, int], Head, str]]:
    """Every argument productions give: the symbol with the argument's number, the head around it, and the value."""
    for rule, production in grammar.productions():
        for item in children(grammar, rule, production):
            pairs = zip(grammar.signatures[item.symbol], grammar.arguments(item), strict=False)
            yield from (((item.symbol, index), rule.head, value) for index, (_, value) in enumerate(pairs))


def _meant(grammar: Grammar, head: Head, value: str, values: ArgumentValues) -> frozenset[str]:
    if value in head.parameters:
        return values[head.symbol, head.patterns.index(value)]
    return frozenset({"" if grammar.is_reference(value, head) else value})


# time


def phase_dependent(grammar: Grammar) -> frozenset[str]:
    """Symbols whose derivations depend on where in the bar they start."""
    found = {rule.head.symbol for rule, production in grammar.productions() if production.names & {BEAT, STRENGTH}}
    below = followers(grammar)
    while True:
        above = {symbol for symbol, symbols in below.items() if symbols & found}
        if above <= found:
            return frozenset(found)
        found |= above


def duration_dependent(grammar: Grammar) -> frozenset[str]:
    """Symbols that can only be rewritten when their duration is known.

    They read it, divide it among their items, or have a shared item, which lasts equally long each time; or else they
    pass theirs on to such a symbol.
    """
    found = {rule.head.symbol for rule, production in grammar.productions() if _reads_duration(production)}
    while True:
        above = {
            rule.head.symbol
            for rule, production in grammar.productions()
            for item in children(grammar, rule, production)
            if item.length is None and item.symbol in found
        }
        if above <= found:
            return frozenset(found)
        found |= above


def _reads_duration(production: Production) -> bool:
    shares = any(item.length is not None and item.length.is_share for item in production.body.items)
    shared = any(item.length is None for item in production.body.lets.values())
    return shares or shared or DURATION in production.names


def item_ticks(item: Item, is_terminal: bool, unit: int) -> int | None:
    """Ticks of an item whose duration depends on nothing, else None."""
    if item.length is None:
        return unit if is_terminal else None
    return None if item.length.is_share else to_ticks(item.length.value)


def least_item_ticks(item: Item, is_terminal: bool, unit: int, least: Least) -> int | None:
    """Ticks an item lasts at least; None for a nonterminal without a finite derivation."""
    inner = 1 if is_terminal else least[item.symbol]
    ticks = item_ticks(item, is_terminal, unit)
    if inner is None or ticks is not None:
        return None if inner is None else ticks
    return inner if item.length is None else 1


def grid(grammar: Grammar, unit: int) -> int:
    """The largest step in ticks that all durations written in the grammar are multiples of."""
    step = unit
    for _, production in grammar.productions():
        for item in production.body.items:
            if item.length is not None and not item.length.is_share:
                step = gcd(step, to_ticks(item.length.value) or step)
    return step


def least_ticks(grammar: Grammar, unit: int) -> dict[str, int | None]:
    """For each symbol a duration no derivation is shorter than; None when it has no finite derivation."""
    least: dict[str, int | None] = dict.fromkeys(grammar.rules)
    while True:
        shorter = {symbol: _least_of(grammar, rules, unit, least) for symbol, rules in grammar.rules.items()}
        if shorter == least:
            return least
        least = shorter


def _least_of(grammar: Grammar, rules: tuple[Rule, ...], unit: int, least: Least) -> int | None:
    sums = [
        _sum([least_item_ticks(item, grammar.is_terminal(item, rule.head), unit, least) for item in items])
        for rule in rules
        for production in rule.productions
        for _, items in production.variants
    ]
    return min((one for one in sums if one is not None), default=None)


def _sum(ticks: list[int | None]) -> int | None:
    total = 0
    for one in ticks:
        if one is None:
            return None
        total += one
    return total


def deepest_told_apart(grammar: Grammar) -> int:
    """The depth from which on no guard and no weight tells depths apart.

    Where depth is only compared with constants, all beyond the largest of them are alike, which keeps charts small.
    """
    deepest = 0
    for _, production in grammar.productions():
        for expression in (production.when, production.weight):
            if isinstance(expression, Expression):
                deepest = max(deepest, *(_deepest(node) for node in subtrees(expression.root)))
    return deepest


def _deepest(node: Node) -> int:
    """One past the constant that a comparison holds depth against; endless for any other use of depth."""
    used = [child for child in node.children if child.operation == "field" and child.value == DEPTH]
    if not used:
        return 0
    numbers = [child.value for child in node.children if child.operation == "constant" and child.kind.is_number]
    return floor(numbers[0]) + 1 if node.operation in _COMPARISONS and numbers else _ENDLESS
