"""What is known about a grammar without deriving: what symbols depend on, how short they are, mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import gcd
from typing import Any

from theorygen.grammar.grammar import Grammar, Production, Rule, substitute
from theorygen.grammar.production import Item
from theorygen.grammar.symbols import (
    BEAT,
    BUILT_IN,
    DEPTH,
    STRENGTH,
    Head,
    is_literal,
    to_ticks,
)
from theorygen.rules.expression import Expression
from theorygen.source.diagnostic import Diagnostic, nearest
from theorygen.source.marks import Mark
from theorygen.theory import TheoryError

# facts


def children(grammar: Grammar, rule: Rule, production: Production) -> Iterator[Item]:
    """Items of a production that are nonterminals, without uses of let names."""
    for item in production.body.items():
        if item.symbol in grammar.rules and item.symbol not in (*rule.head.parameters, *production.body.lets):
            yield item


def context_names(grammar: Grammar) -> dict[str, tuple[str, ...]]:
    """For each symbol the inherited names its derivations depend on; ``#X`` is how often X encloses it."""
    names: dict[str, frozenset[str]] = dict.fromkeys(grammar.rules, frozenset())
    while True:
        longer = {symbol: _context_of(grammar, names, rules) for symbol, rules in grammar.rules.items()}
        if longer == names:
            return {symbol: tuple(sorted(found)) for symbol, found in names.items()}
        names = longer


def _context_of(grammar: Grammar, names: dict[str, frozenset[str]], rules: tuple[Rule, ...]) -> frozenset[str]:
    found: set[str] = {"mode"} if any(rule.head.mode for rule in rules) else set()
    for rule in rules:
        own = set(rule.head.parameters)
        for production in rule.productions:
            found |= _read_by(grammar, rule, production) - own
            for item in production.body.items():
                if item.symbol in grammar.rules and item.symbol not in own:
                    found |= names[item.symbol] - own - _set_by(item)
    return frozenset(found)


def _read_by(grammar: Grammar, rule: Rule, production: Production) -> set[str]:
    """Inherited names a production itself reads."""
    read = {f"#{rule.head.symbol}" if name == DEPTH else name for name in _names(grammar, rule, production)}
    return read - set(BUILT_IN) - (set(grammar.parameters) - set(grammar.attributes))


def _names(grammar: Grammar, rule: Rule, production: Production) -> set[str]:
    """Names in the guard, in the weight and in arguments."""
    read = set(production.names)
    for item in production.body.items():
        values = (*item.arguments, *dict(item.settings).values())
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


def _set_by(item: Item) -> set[str]:
    names = {name for name, _ in item.settings}
    return names | {"mode"} if "key" in names else names


def phase_dependent(grammar: Grammar) -> frozenset[str]:
    """Symbols whose derivations depend on where in the bar they start."""
    found = {rule.head.symbol for rule, production in grammar.productions() if production.names & {BEAT, STRENGTH}}
    while True:
        above = {
            rule.head.symbol
            for rule, production in grammar.productions()
            if any(item.symbol in found for item in children(grammar, rule, production))
        }
        if above <= found:
            return frozenset(found)
        found |= above


def item_ticks(item: Item, is_terminal: bool, unit: int) -> int | None:
    """Ticks of an item whose duration depends on nothing, else None."""
    if item.length is None:
        return unit if is_terminal else None
    return None if item.length.is_share else to_ticks(item.length.value)


def grid(grammar: Grammar, unit: int) -> int:
    """The largest step in ticks that all durations written in the grammar are multiples of."""
    step = unit
    for _, production in grammar.productions():
        for item in production.body.items():
            if item.length is not None and not item.length.is_share:
                step = gcd(step, to_ticks(item.length.value) or step)
    return step


def least_ticks(grammar: Grammar, unit: int) -> dict[str, int | None]:
    """For each symbol a duration no derivation is shorter than; None when it has no finite derivation."""
    least: dict[str, int | None] = dict.fromkeys(grammar.rules)
    while True:
        shorter = {
            symbol: _least(
                [
                    _least_of(grammar, least, rule, items, unit)
                    for rule in rules
                    for production in rule.productions
                    for _, items in production.variants
                ]
            )
            for symbol, rules in grammar.rules.items()
        }
        if shorter == least:
            return least
        least = shorter


def _least(found: list[int | None]) -> int | None:
    return min((one for one in found if one is not None), default=None)


def _least_of(
    grammar: Grammar, least: dict[str, int | None], rule: Rule, items: tuple[Item, ...], unit: int
) -> int | None:
    total = 0
    for item in items:
        terminal = item.symbol not in grammar.rules or item.symbol in rule.head.parameters
        inner = 1 if terminal else least[item.symbol]
        if inner is None:
            return None
        ticks = item_ticks(item, terminal, unit)
        total += (inner if item.length is None else 1) if ticks is None else ticks
    return total


# mistakes

Check = Callable[[Grammar], Iterator[Diagnostic]]


def analyse(grammar: Grammar) -> list[Diagnostic]:
    """All mistakes and doubts that can be found without parameters."""
    return [diagnostic for check in CHECKS for diagnostic in check(grammar)]


def unknown_symbols(grammar: Grammar) -> Iterator[Diagnostic]:
    """A word that is no head, no terminal, no let name and no readable chord."""
    for rule, production in grammar.productions():
        for item in production.body.items():
            for chord in [chord for chord, _ in item.alternatives] or [item.symbol]:
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
        for item in production.body.items():
            if item.symbol in production.body.lets or item.alternatives:
                continue
            if item.symbol in grammar.rules:
                yield from _wrong_call(grammar, rule, production, item)
            elif len(item.arguments) > len(grammar.terminals.get(item.symbol, ())) and not any(
                _unreadable(grammar, production, item, item.symbol)
            ):
                yield Diagnostic(
                    "arguments", f"'{item.symbol}' takes no such arguments", _mark(production, item), "name=value"
                )


def _wrong_call(grammar: Grammar, rule: Rule, production: Production, item: Item) -> Iterator[Diagnostic]:
    names, given = grammar.signatures[item.symbol], _given(grammar, item)
    if len(given) != len(names):
        yield Diagnostic(
            "arguments",
            f"'{item.symbol}' needs {len(names)} arguments, not {len(given)}",
            _mark(production, item),
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
        yield Diagnostic("unknown-argument", f"unknown name '{value}'", _mark(production, item), nearest=near)
        return
    yield Diagnostic(
        "unknown-argument",
        f"no head of '{item.symbol}' is for '{value}'",
        _mark(production, item),
        ", ".join(dict.fromkeys(patterns)),
        nearest(value, patterns),
    )


def argument_values(grammar: Grammar) -> dict[tuple[str, int], frozenset[str]]:
    """For each argument of a symbol the values productions give it; "" stands for values from outside."""
    values: dict[tuple[str, int], frozenset[str]] = {
        (symbol, index): frozenset({""} if symbol in grammar.start else ())
        for symbol, names in grammar.signatures.items()
        for index in range(len(names))
    }
    while True:
        before = dict(values)
        for rule, production in grammar.productions():
            for item in children(grammar, rule, production):
                given = _given(grammar, item)[: len(grammar.signatures[item.symbol])]
                for index, value in enumerate(given):
                    values[item.symbol, index] |= _meant(grammar, rule.head, value, values)
        if values == before:
            return values


def _given(grammar: Grammar, item: Item) -> list[str]:
    """Arguments of an item, those set by name in their places."""
    names = grammar.signatures[item.symbol][len(item.arguments) :]
    by_name = dict(item.settings)
    return [*item.arguments, *(by_name[name] for name in names if name in by_name)]


def _meant(grammar: Grammar, head: Head, value: str, values: dict[tuple[str, int], frozenset[str]]) -> frozenset[str]:
    if value in head.parameters:
        return values[head.symbol, head.patterns.index(value)]
    return frozenset({"" if grammar.is_reference(value, head) else value})


def unused_heads(grammar: Grammar) -> Iterator[Diagnostic]:
    """A head for an argument no production gives."""
    values = argument_values(grammar)
    for symbol, rules in grammar.rules.items():
        for rule in rules:
            for index, pattern in enumerate(rule.head.patterns):
                possible = values[symbol, index]
                if is_literal(pattern) and possible and not possible & {pattern, ""}:
                    yield Diagnostic(
                        "unreachable",
                        f"nothing leads to '{rule.head}'",
                        rule.mark,
                        severity="warning",
                        remedy="use it in a production or remove it",
                    )


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
    for item in production.body.items():
        for chord in [chord for chord, _ in item.alternatives] or [item.symbol]:
            filled = substitute(chord, {name: value})
            complete = substitute(filled, dict.fromkeys(head.parameters, "")) == filled
            if filled != chord and complete and filled not in grammar.terminals:
                for found in _unreadable(grammar, production, item, filled):
                    message = f"'{chord}' becomes '{filled}' for {head.symbol}({value}): {found.message}"
                    yield Diagnostic("unknown-chord", message, _mark(production, item), found.expected, found.nearest)


def unknown_attributes(grammar: Grammar) -> Iterator[Diagnostic]:
    """An attribute that is set and that nothing reads; what a leaf hands on may be read elsewhere."""
    known = _known_attributes(grammar)
    for _, production in grammar.productions():
        for item in production.body.items():
            for name in [name for name, _ in item.settings if name not in known]:
                near = nearest(name, known)
                if near or item.symbol not in grammar.terminals:
                    yield Diagnostic(
                        "unknown-attribute",
                        f"nothing reads the attribute '{name}'",
                        _mark(production, item),
                        ", ".join(sorted(known)),
                        near,
                        severity="error" if near else "warning",
                    )


def _known_attributes(grammar: Grammar) -> set[str]:
    known = set(grammar.declared)
    known |= {name for names in (*grammar.signatures.values(), *grammar.terminals.values()) for name in names if name}
    for rule, production in grammar.productions():
        known |= _read_by(grammar, rule, production)
    return {name for name in known if not name.startswith("#")}


def unreachable(grammar: Grammar) -> Iterator[Diagnostic]:
    """A head no start symbol leads to."""
    seen: set[str] = set()
    waiting = [symbol for symbol in grammar.start if symbol in grammar.rules]
    for symbol in grammar.start:
        if symbol not in grammar.rules:
            yield Diagnostic(
                "unknown-symbol", f"the start symbol '{symbol}' has no head", nearest=nearest(symbol, grammar.rules)
            )
    while waiting:
        symbol = waiting.pop()
        if symbol not in seen:
            seen.add(symbol)
            waiting += [
                item.symbol
                for rule in grammar.rules[symbol]
                for production in rule.productions
                for item in children(grammar, rule, production)
            ]
    for symbol, rules in grammar.rules.items():
        if symbol not in seen:
            yield Diagnostic(
                "unreachable",
                f"nothing leads to '{symbol}'",
                rules[-1].mark,
                remedy="use it in a production or remove it",
                severity="warning",
            )


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
    for symbol, rules in grammar.rules.items():
        certain = _returns(symbol, {one: [to for to, sure in found if sure] for one, found in edges.items()})
        if certain or _returns(symbol, {one: [to for to, _ in found] for one, found in edges.items()}):
            yield Diagnostic(
                "endless-recursion",
                f"'{symbol}' can be rewritten as itself alone",
                rules[-1].mark,
                remedy="add another symbol to the production" if certain else "see that the guard ends it",
                severity="error" if certain else "warning",
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


def _returns(symbol: str, edges: dict[str, list[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(edges[symbol])
    while waiting:
        following = waiting.pop()
        if following == symbol:
            return True
        if following not in seen:
            seen.add(following)
            waiting += edges[following]
    return False


def durations_that_do_not_fit(grammar: Grammar) -> Iterator[Diagnostic]:
    """Shares that do not make up the whole, and durations finer than a tick."""
    for _, production in grammar.productions():
        for item in production.body.items():
            if item.length is not None and not item.length.is_share and to_ticks(item.length.value) is None:
                yield Diagnostic(
                    "duration",
                    f"{item.length.value} cannot be divided exactly",
                    _mark(production, item),
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
                    "let-unused", f"'{name}' is bound and never used", _mark(production, item), severity="warning"
                )


def duplicates(grammar: Grammar) -> Iterator[Diagnostic]:
    """The same production twice under one head."""
    for rules in grammar.rules.values():
        for rule in rules:
            seen: set[Any] = set()
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


def _mark(production: Production, item: Item) -> Mark:
    return production.source.inside(item.position, item.width)


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
