"""Whether what the form asks of the harmony has an answer: arguments followed down to the heads they must match."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.grammar.grammar import Grammar, Rule
from theorygen.grammar.production import Item
from theorygen.grammar.symbols import Head, call_text, is_literal
from theorygen.source.diagnostic import Diagnostic, nearest

Values = tuple[str | None, ...]
"""Values of arguments; None where a value is not known before a piece is made."""

_ANY = "*"


def unanswered_calls(form: Grammar, harmony: Grammar) -> Iterator[Diagnostic]:
    """Leaves of the form whose arguments lead to a call that no head of the harmony is for."""
    search = _Search(harmony)
    for _, production in form.productions():
        for item in production.body.items:
            failed = search.call(item)
            if failed:
                symbol, column, value, known = failed
                yield Diagnostic(
                    "unknown-argument", f"'{item}' leads to {symbol}({value}), and no head is for '{value}'",
                    production.mark_of(item), ", ".join(known), nearest(value, known),
                    f"add the head '{call_text(symbol, (_ANY,) * column + (value,))}', or ask for another")


Failure = tuple[str, int, str, tuple[str, ...]]


class _Search:
    """Follows calls through a grammar, each once."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.seen: set[tuple[str, Values]] = set()

    def call(self, item: Item) -> Failure | None:
        """The first call without an answer below a leaf of the form."""
        known = item.symbol in self.grammar.rules
        return self.failure(item.symbol, argument_words(self.grammar, item, None, ())) if known else None

    def failure(self, symbol: str, values: Values) -> Failure | None:
        """The first call without an answer below this one: symbol, argument, value, and the values there are."""
        if (symbol, values) in self.seen:
            return None
        rules = self.grammar.rules[symbol]
        matching = [rule for rule in rules if may_match(rule.head, values)]
        if not matching:
            return _explained(symbol, rules, values)
        self.seen.add((symbol, values))
        failures = (self.below(rule, values) for rule in matching)
        return next((failure for failure in failures if failure), None)

    def below(self, rule: Rule, values: Values) -> Failure | None:
        """The first failure among the calls in a head's productions."""
        for production in rule.productions:
            for item in production.body.items:
                if item.symbol in self.grammar.rules:
                    failed = self.failure(item.symbol, argument_words(self.grammar, item, rule.head, values))
                    if failed:
                        return failed
        return None


def may_match(head: Head, values: Values) -> bool:
    """Whether a head can be for these values."""
    pairs = zip(head.patterns, values, strict=False)
    return all(value is None or pattern == value or not is_literal(pattern) for pattern, value in pairs)


def surely_matches(head: Head, values: Values) -> bool:
    """Whether a head is for these values, the unknown ones too."""
    pairs = zip(head.patterns, values, strict=False)
    return all(pattern == value or not is_literal(pattern) for pattern, value in pairs)


def argument_words(grammar: Grammar, item: Item, head: Head | None, outer: Values) -> Values:
    """The values of a call's arguments, where those of the head around it are ``outer``."""
    bound = dict(zip(head.patterns, outer, strict=False)) if head else {}
    given: list[str | None] = [bound.get(word, word if is_literal(word) else None) for word in item.arguments]
    named = dict(item.settings)
    for name in grammar.signatures[item.symbol][len(given):]:
        word = named.get(name)
        given.append(bound.get(word, word if is_literal(word) else None) if word else bound.get(name))
    return tuple(given)


def _explained(symbol: str, rules: tuple[Rule, ...], values: Values) -> Failure | None:
    for column, value in enumerate(values):
        words = [rule.head.patterns[column] for rule in rules if column < len(rule.head.patterns)]
        if value is not None and value not in words and all(is_literal(word) for word in words):
            return symbol, column, value, tuple(dict.fromkeys(words))
    return None
