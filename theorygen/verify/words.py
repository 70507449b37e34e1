"""Words of the grammars that nothing reads, and heads that say the same under two names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from theorygen.grammar.grammar import Grammar, Rule
from theorygen.grammar.grammar_facts import context_names, names_read
from theorygen.grammar.labels import CADENCE
from theorygen.grammar.style import Style
from theorygen.rules.expression import Expression
from theorygen.verify.finding import Finding

_READ_OUTSIDE = frozenset({"key", "mode", CADENCE})


def unread_attributes(style: Style) -> Iterator[Finding]:
    """Attributes that are set, or declared, and that no guard, weight or argument reads."""
    grammars = [grammar for grammar in (style.form, style.harmony) if grammar]
    read = _READ_OUTSIDE.union(*map(_read_in, grammars))
    told: set[str] = set()
    for grammar in grammars:
        for rule, production in grammar.productions():
            for item in production.body.items:
                for name, _ in item.settings:
                    if name not in read | set(rule.head.parameters) and production.mark.file == style.document.name:
                        told.add(name)
                        yield Finding("unread-attribute", "warning", f"nothing reads the attribute '{name}'", name,
                                      production.mark_of(item), proof="all productions of form and harmony",
                                      hint="remove it, or read it in a condition")
    for index, name in enumerate(style.document.data.get("attributes", ())):
        mark = style.document.mark(("attributes", index))
        if name not in read | told and mark.file == style.document.name:
            yield Finding("unread-attribute", "warning", f"nothing reads the declared attribute '{name}'", name, mark,
                          proof="all productions of form and harmony", hint="remove it, or read it in a condition")


def _read_in(grammar: Grammar) -> frozenset[str]:
    """The inherited names that guards, weights, arguments and heads of a grammar read."""
    own = frozenset().union(*(names_read(grammar, rule, production) for rule, production in grammar.productions()))
    below = frozenset().union(*context_names(grammar).values())
    heads = frozenset(name for names in grammar.signatures.values() for name in names if name)
    return own | below | heads


def twins(style: Style) -> Iterator[Finding]:
    """Heads of the style's own file whose productions are those of another head."""
    for grammar in (style.form, style.harmony):
        seen: dict[Any, Rule] = {}
        for rules in grammar.rules.values() if grammar else ():
            for rule in rules:
                before = seen.setdefault(_meaning(rule), rule)
                if before.head.symbol != rule.head.symbol and rule.mark.file == style.document.name:
                    yield Finding(
                        "same-productions", "warning", f"'{rule.head}' has the productions of '{before.head}'",
                        str(rule.head), rule.mark, (before.mark,), "compared as written, names of arguments apart",
                        hint=f"use '{before.head.symbol}' in its place, if both mean the same")


def _meaning(rule: Rule) -> Any:
    """What a head's productions say, whatever the head and its arguments are called."""
    names = {name: f"?{index}" for index, name in enumerate(rule.head.patterns) if name in rule.head.parameters}
    literal = tuple(word for word in rule.head.patterns if word not in names)
    return rule.head.mode, literal, tuple((
        tuple((_items(items, names, rule.head.symbol), share) for share, items in production.variants),
        production.when.text if production.when else "",
        production.weight.text if isinstance(production.weight, Expression) else production.weight,
    ) for production in rule.productions)


def _items(items: Any, names: dict[str, str], own: str) -> Any:
    return tuple((
        "?" if item.symbol == own else "/".join(names.get(word, word) for word in item.symbol.split("/")),
        tuple(names.get(word, word) for word in item.arguments),
        tuple((name, names.get(value, value)) for name, value in item.settings),
        item.alternatives, tuple(sorted((name, str(value)) for name, value in item.labels.items())),
        str(item.length), item.name, item.varied,
    ) for item in items)
