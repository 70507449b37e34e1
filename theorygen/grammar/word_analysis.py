"""Mistakes with words: symbols, chords, arguments and attributes that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from theorygen.grammar.grammar import Grammar, Production, Rule, substitute
from theorygen.grammar.grammar_facts import argument_values, names_read
from theorygen.grammar.production import Item
from theorygen.grammar.symbols import Head, is_literal
from theorygen.source.diagnostic import Diagnostic, nearest
from theorygen.theory import TheoryError


def unknown_symbols(grammar: Grammar) -> Iterator[Diagnostic]:
    """A word that is no head, no terminal, no let name and no readable chord."""
    for rule, production in grammar.productions():
        for item in production.body.items:
            for chord, _ in item.chords:
                if not _is_known(grammar, rule.head, production, item, chord):
                    yield from _unreadable(grammar, production, item, chord)


def _is_known(grammar: Grammar, head: Head, production: Production, item: Item, word: str) -> bool:
    if not item.alternatives and (word in grammar.rules or word in production.body.lets):
        return True
    return word in grammar.terminals or substitute(word, dict.fromkeys(head.parameters, "")) != word


def _unreadable(grammar: Grammar, production: Production, item: Item, word: str) -> Iterator[Diagnostic]:
    try:
        if grammar.check_terminal is not None and word not in grammar.terminals:
            grammar.check_terminal(word)
        return
    except TheoryError as error:
        near = nearest(word, [*grammar.rules, *grammar.terminals, *production.body.lets]) or error.nearest
        offset = production.text.find(word, item.position)
        mark = production.source.inside(offset if offset >= 0 else item.position, len(word))
        yield Diagnostic(
            "unknown-symbol", f"'{word}' is no symbol and no chord: {error.message}", mark, error.expected, near
        )


def wrong_arguments(grammar: Grammar) -> Iterator[Diagnostic]:
    """Too few or too many arguments, values no head is for, and arguments where nothing takes them."""
    for rule, production in grammar.productions():
        for item in production.body.items:
            if item.symbol in production.body.lets or item.alternatives:
                continue
            if item.symbol in grammar.rules:
                yield from _wrong_call(grammar, rule, production, item)
            elif len(item.arguments) > len(grammar.terminals.get(item.symbol, ())) and not any(
                _unreadable(grammar, production, item, item.symbol)
            ):
                yield Diagnostic(
                    "arguments", f"'{item.symbol}' takes no such arguments", production.mark_of(item), "name=value"
                )


def _wrong_call(grammar: Grammar, rule: Rule, production: Production, item: Item) -> Iterator[Diagnostic]:
    names, given = grammar.signatures[item.symbol], grammar.arguments(item)
    if len(given) != len(names):
        yield Diagnostic(
            "arguments",
            f"'{item.symbol}' needs {len(names)} arguments, not {len(given)}",
            production.mark_of(item),
            str(grammar.rules[item.symbol][0].head),
        )
        return
    for index, value in enumerate(given):
        yield from _wrong_value(grammar, rule, production, item, index, value)


def _wrong_value(
    grammar: Grammar, rule: Rule, production: Production, item: Item, index: int, value: str
) -> Iterator[Diagnostic]:
    patterns = [other.head.patterns[index] for other in grammar.rules[item.symbol]]
    if grammar.is_reference(value, rule.head) or not all(map(is_literal, patterns)) or value in patterns:
        return
    if not is_literal(value) and (near := nearest(value, [*rule.head.parameters, *grammar.attributes])):
        yield Diagnostic("unknown-argument", f"unknown name '{value}'", production.mark_of(item), nearest=near)
        return
    yield Diagnostic(
        "unknown-argument",
        f"no head of '{item.symbol}' is for '{value}'",
        production.mark_of(item),
        ", ".join(dict.fromkeys(patterns)),
        nearest(value, patterns),
    )


def nothing_leads_to(what: object, rule: Rule) -> Diagnostic:
    """The doubt about a head, or a symbol, that no production uses."""
    return Diagnostic("unreachable", f"nothing leads to '{what}'", rule.mark, severity="warning",
                      remedy="use it in a production or remove it")


def unused_heads(grammar: Grammar) -> Iterator[Diagnostic]:
    """A head for an argument no production gives."""
    values = argument_values(grammar)
    for symbol, rules in grammar.rules.items():
        for rule in rules:
            for index, pattern in enumerate(rule.head.patterns):
                possible = values[symbol, index]
                if is_literal(pattern) and possible and not possible & {pattern, ""}:
                    yield nothing_leads_to(rule.head, rule)


def chords_of_arguments(grammar: Grammar) -> Iterator[Diagnostic]:
    """A chord that becomes unreadable when a parameter is replaced by a value some production gives."""
    values = argument_values(grammar)
    for rule, production in grammar.productions():
        for name in rule.head.parameters:
            for value in sorted(values[rule.head.symbol, rule.head.patterns.index(name)] - {""}):
                if _guard_allows(production, name, value):
                    yield from _wrong_chords(grammar, rule.head, production, name, value)


def _guard_allows(production: Production, name: str, value: str) -> bool:
    if production.when is None or production.when.names != {name}:
        return True
    return bool(production.when.evaluate({name: value}.__getitem__))


def _wrong_chords(grammar: Grammar, head: Head, production: Production, name: str, value: str) -> Iterator[Diagnostic]:
    for item in production.body.items:
        for chord, _ in item.chords:
            filled = substitute(chord, {name: value})
            complete = substitute(filled, dict.fromkeys(head.parameters, "")) == filled
            if filled != chord and complete and filled not in grammar.terminals:
                for found in _unreadable(grammar, production, item, filled):
                    message = f"'{chord}' becomes '{filled}' for {head.symbol}({value}): {found.message}"
                    yield Diagnostic("unknown-chord", message, production.mark_of(item), found.expected, found.nearest)


def unknown_attributes(grammar: Grammar) -> Iterator[Diagnostic]:
    """An attribute that is set and that nothing reads; what a leaf hands on may be read elsewhere."""
    known = _known_attributes(grammar)
    for _, production in grammar.productions():
        for item in production.body.items:
            for name in [name for name, _ in item.settings if name not in known]:
                near = nearest(name, known)
                if near or item.symbol not in grammar.terminals:
                    yield Diagnostic(
                        "unknown-attribute",
                        f"nothing reads the attribute '{name}'",
                        production.mark_of(item),
                        ", ".join(sorted(known)),
                        near,
                        severity="error" if near else "warning",
                    )


def _known_attributes(grammar: Grammar) -> set[str]:
    known = set(grammar.declared)
    known |= {name for names in (*grammar.signatures.values(), *grammar.terminals.values()) for name in names if name}
    for rule, production in grammar.productions():
        known |= names_read(grammar, rule, production)
    return {name for name in known if not name.startswith("#")}
