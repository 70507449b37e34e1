"""Mistakes and doubts that can be found in a grammar without parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from theorygen.grammar.grammar import Grammar, Production, Rule
from theorygen.grammar.grammar_facts import followers, least_ticks
from theorygen.grammar.symbols import to_ticks
from theorygen.grammar.word_analysis import (
    chords_of_arguments,
    nothing_leads_to,
    unknown_attributes,
    unknown_symbols,
    unused_heads,
    wrong_arguments,
)
from theorygen.rules.expression import Expression
from theorygen.source.diagnostic import Diagnostic, nearest

Check = Callable[[Grammar], Iterator[Diagnostic]]


def analyse(grammar: Grammar) -> list[Diagnostic]:
    """All mistakes and doubts that can be found without parameters."""
    return [diagnostic for check in CHECKS for diagnostic in check(grammar)]


def unreachable(grammar: Grammar) -> Iterator[Diagnostic]:
    """A head no start symbol leads to."""
    below = followers(grammar)
    for symbol in grammar.start:
        if symbol not in below:
            message = f"the start symbol '{symbol}' has no head"
            yield Diagnostic("unknown-symbol", message, nearest=nearest(symbol, below))
    seen = set(grammar.start) | _reached(grammar.start, below)
    for symbol, rules in grammar.rules.items():
        if symbol not in seen:
            yield nothing_leads_to(symbol, rules[-1])


def _reached(symbols: Iterable[str], below: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that one or more steps down lead to."""
    seen: set[str] = set()
    waiting = [symbol for symbol in symbols if symbol in below]
    while waiting:
        following = set(below[waiting.pop()]) - seen
        seen |= following
        waiting += following
    return seen


def endless_recursion(grammar: Grammar) -> Iterator[Diagnostic]:
    """A symbol without any finite derivation."""
    least = least_ticks(grammar, 1)
    for symbol, shortest in least.items():
        if shortest is None:
            yield Diagnostic(
                "endless-recursion",
                f"'{symbol}' never ends: each of its productions leads back to it",
                grammar.rules[symbol][-1].mark,
                remedy="add a production without the recursion",
            )


def unit_cycles(grammar: Grammar) -> Iterator[Diagnostic]:
    """Symbols that can be rewritten into themselves alone; only a doubt where a guard may stop it."""
    edges = {symbol: list(_alone(grammar, rules)) for symbol, rules in grammar.rules.items()}
    certain = {symbol: [to for to, is_sure in found if is_sure] for symbol, found in edges.items()}
    possible = {symbol: [to for to, _ in found] for symbol, found in edges.items()}
    for symbol, rules in grammar.rules.items():
        if symbol in _reached([symbol], possible):
            is_sure = symbol in _reached([symbol], certain)
            yield Diagnostic(
                "endless-recursion",
                f"'{symbol}' can be rewritten as itself alone",
                rules[-1].mark,
                remedy="add another symbol to the production" if is_sure else "see that the guard ends it",
                severity="error" if is_sure else "warning",
            )


def _alone(grammar: Grammar, rules: tuple[Rule, ...]) -> Iterator[tuple[str, bool]]:
    """Nonterminals that can stand alone in place of a symbol, and whether nothing can prevent it."""
    for rule in rules:
        for production in rule.productions:
            for _, items in production.variants:
                if len(items) == 1 and items[0].symbol in grammar.rules:
                    plain = production.when is None and not isinstance(production.weight, Expression)
                    sure = plain and not rule.head.patterns and not rule.head.mode and production.weight != 0
                    yield items[0].symbol, sure


def durations_that_do_not_fit(grammar: Grammar) -> Iterator[Diagnostic]:
    """Shares that do not make up the whole, and durations finer than a tick."""
    for _, production in grammar.productions():
        for item in production.body.items:
            if item.length is not None and not item.length.is_share and to_ticks(item.length.value) is None:
                yield Diagnostic(
                    "duration",
                    f"{item.length.value} cannot be divided exactly",
                    production.mark_of(item),
                    "multiples of 1/128, 1/9, 1/5 or 1/7 of a quarter",
                )
        yield from _wrong_shares(production)


def _wrong_shares(production: Production) -> Iterator[Diagnostic]:
    for _, items in production.variants:
        shares = [item.length.value for item in items if item.length is not None and item.length.is_share]
        whole = sum(shares, Fraction(0))
        if shares and (
            whole > 1 or (len(shares) == len(items) and whole < 1) or (whole == 1 < len(shares) < len(items))
        ):
            yield Diagnostic(
                "shares",
                f"the shares make up {whole} of the duration",
                production.mark,
                "shares that make up 1, or less beside symbols without a share",
            )
            return


def weights_and_guards(grammar: Grammar) -> Iterator[Diagnostic]:
    """Heads whose weights are all 0, and guards that can be decided."""
    for rules in grammar.rules.values():
        for rule in rules:
            if rule.productions and all(production.weight == 0 for production in rule.productions):
                yield Diagnostic("weights-zero", f"all weights of '{rule.head}' are 0", rule.mark, "a weight above 0")
            for production in rule.productions:
                yield from _decided_guard(rule, production)


def _decided_guard(rule: Rule, production: Production) -> Iterator[Diagnostic]:
    if production.when is None or not production.when.names <= ({"mode"} if rule.head.mode else set()):
        return
    if not production.when.evaluate({"mode": rule.head.mode}.__getitem__):
        yield Diagnostic(
            "guard", f"the guard '{production.when.text}' is never true", production.mark, severity="warning"
        )


def unused_lets(grammar: Grammar) -> Iterator[Diagnostic]:
    """A let name that is bound and not used."""
    for _, production in grammar.productions():
        used = {item.name for _, items in production.variants for item in items}
        for name, item in production.body.lets.items():
            if name not in used:
                yield Diagnostic(
                    "let-unused", f"'{name}' is bound and never used", production.mark_of(item), severity="warning"
                )


def duplicates(grammar: Grammar) -> Iterator[Diagnostic]:
    """The same production twice under one head."""
    for rules in grammar.rules.values():
        for rule in rules:
            seen: set[tuple[str, str]] = set()
            for production in rule.productions:
                same = (_plain(production), production.when.text if production.when else "")
                if same in seen:
                    yield Diagnostic(
                        "duplicate",
                        f"'{production.text}' stands twice under '{rule.head}'",
                        production.mark,
                        remedy="add the weights",
                        severity="warning",
                    )
                seen.add(same)


def _plain(production: Production) -> str:
    return "".join(production.text.split(" ")) if "(" in production.text else " ".join(production.text.split())


CHECKS: tuple[Check, ...] = (
    unknown_symbols,
    wrong_arguments,
    unknown_attributes,
    unreachable,
    unused_heads,
    chords_of_arguments,
    endless_recursion,
    unit_cycles,
    durations_that_do_not_fit,
    weights_and_guards,
    unused_lets,
    duplicates,
)
