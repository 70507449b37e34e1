"""A grammar of form or harmony: heads with weighted, guarded productions, from a section of a style file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import Any

from theorygen.grammar.production import Body, Item
from theorygen.grammar.production_parser import parse_production
from theorygen.grammar.symbols import (
    BEAT,
    DEPTH,
    DURATION,
    STANDARD_ATTRIBUTES,
    STRENGTH,
    GrammarTextError,
    Head,
    is_literal,
    parse_head,
)
from theorygen.rules.expression import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    WORD,
    Expression,
    ExpressionError,
    Kind,
    Scope,
    parse_expression,
)
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.document import Document
from theorygen.source.marks import Mark
from theorygen.theory import TheoryError

Path = tuple[str | int, ...]
BUILT_IN_KINDS = {DURATION: NUMBER, BEAT: NUMBER, STRENGTH: INTEGER, DEPTH: INTEGER}
_KEYS = ("to", "weight", "when", "name")


@dataclass(frozen=True)
class Source:
    """Where a text of the section stands.

    Attributes:
        document: the file, or None for a section made in Python.
        path: keys and indexes to the text.
        text: the text itself.
        is_key: whether it is a key and not a value.
    """

    document: Document | None
    path: Path
    text: str
    is_key: bool = False

    def inside(self, offset: int = 0, length: int | None = None) -> Mark:
        """The mark of ``length`` characters from ``offset``, by default of the whole text."""
        length = max(len(self.text), 1) if length is None else length
        if self.document is None:
            return Mark("/".join(map(str, self.path[:2])), 1, offset + 1, length, self.text)
        find = self.document.mark_inside_key if self.is_key else self.document.mark_inside
        return find(self.path, offset, length)


@dataclass(frozen=True, eq=False)
class Production:
    """One way to rewrite a symbol.

    Attributes:
        body: the parsed text.
        variants: plain sequences with their shares of the weight.
        weight: relative to the other productions of the head; an expression reads parameters and attributes.
        when: guard, or None.
        name: name given by the author, or "".
        source: where the text is written.
    """

    body: Body
    variants: tuple[tuple[Fraction, tuple[Item, ...]], ...]
    weight: float | Expression
    when: Expression | None
    name: str
    source: Source

    @property
    def text(self) -> str:
        """As written."""
        return self.body.text

    @cached_property
    def mark(self) -> Mark:
        """Where the text is written."""
        return self.source.inside()

    @cached_property
    def names(self) -> frozenset[str]:
        """Names the guard and the weight read."""
        weight = self.weight.names if isinstance(self.weight, Expression) else frozenset()
        return weight | (self.when.names if self.when else frozenset())


@dataclass(frozen=True, eq=False)
class Rule:
    """A head with its productions."""

    head: Head
    productions: tuple[Production, ...]
    source: Source

    @cached_property
    def mark(self) -> Mark:
        """Where the head is written."""
        return self.source.inside()


@dataclass(frozen=True, eq=False)
class Grammar:
    """Heads and productions, ready for charts.

    Attributes:
        rules: for each symbol its rules, the most specific head first.
        parameters: kinds of the style's parameters.
        terminals: names that are leaves, with the names of their positional arguments.
        check_terminal: raises TheoryError for a text that is no terminal; None accepts every text.
        attributes: kinds of the inherited attributes.
        start: symbols a goal may name.
        declared: attributes that something outside reads.
        warnings: what is doubtful but not wrong.
    """

    rules: Mapping[str, tuple[Rule, ...]]
    parameters: Mapping[str, Kind]
    terminals: Mapping[str, tuple[str, ...]]
    check_terminal: Callable[[str], object] | None
    attributes: Mapping[str, Kind]
    start: tuple[str, ...]
    declared: frozenset[str] = frozenset(STANDARD_ATTRIBUTES)
    warnings: tuple[Diagnostic, ...] = ()

    @staticmethod
    def build(
        section: Mapping[str, Any],
        *,
        document: Document | None = None,
        path: Path = (),
        parameters: Mapping[str, Kind] | None = None,
        terminals: Mapping[str, tuple[str, ...]] | Iterable[str] | None = None,
        check_terminal: Callable[[str], object] | None = None,
        attributes: Mapping[str, Kind] | Iterable[str] = (),
        start: Iterable[str] = (),
    ) -> Grammar:
        """Read a section ``{head: alternatives}``.

        Args:
            section: the data of the section.
            document: the file it comes from, for marks.
            path: keys to the section in the file.
            parameters: kinds of the style's parameters.
            terminals: names that are leaves here; with the names of their arguments if they take any by position.
            check_terminal: called with every other terminal; raises TheoryError. Without it and without
                ``terminals`` every unknown word is a terminal.
            attributes: further inherited attributes besides key, mode, cadence and those set in the section.
            start: symbols a goal may name, for the search of unreachable heads; default the first head.

        Raises:
            InputError: all that is wrong with the section.
        """
        from theorygen.grammar.analysis import analyse

        found = Diagnostics()
        names = terminals if isinstance(terminals, Mapping) else dict.fromkeys(terminals or (), ())
        if check_terminal is None and terminals is not None:
            check_terminal = _no_terminal
        builder = _Builder(document, path, dict(parameters or {}), found)
        grammar = builder.grammar(section, dict(names), check_terminal, attributes, tuple(start))
        found.raise_errors()
        found.extend(analyse(grammar))
        found.raise_errors()
        return replace(grammar, warnings=tuple(found))

    @cached_property
    def signatures(self) -> dict[str, tuple[str, ...]]:
        """For each symbol the names of its arguments ("" where every head has a literal)."""
        return {symbol: _signature(rules) for symbol, rules in self.rules.items()}

    @cached_property
    def outer_names(self) -> frozenset[str]:
        """Names a grammar above may set: attributes, and names of arguments."""
        return frozenset(self.attributes) | {name for names in self.signatures.values() for name in names if name}

    def scope(self, head: Head) -> dict[str, Kind]:
        """Names an expression below ``head`` may use."""
        return {**BUILT_IN_KINDS, **self.attributes, **self.parameters, **dict.fromkeys(head.parameters, WORD)}

    def is_reference(self, value: str, head: Head) -> bool:
        """Whether an argument names a parameter or an attribute in scope instead of meaning itself."""
        known = value in head.parameters or value in self.attributes or value in self.parameters
        return known and not is_literal(value)

    def productions(self) -> Iterator[tuple[Rule, Production]]:
        """All productions with their rules, in the order of the section within each symbol."""
        for rules in self.rules.values():
            for rule in rules:
                for production in rule.productions:
                    yield rule, production


def _no_terminal(text: str) -> object:
    raise TheoryError(f"unknown symbol '{text}'", text)


def _signature(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    columns = zip(*[rule.head.patterns for rule in rules], strict=False)
    return tuple(next((word for word in column if not is_literal(word)), "") for column in columns)


def chord_words(chord: str) -> tuple[str, ...]:
    """The parts of a chord between ``/``: an applied chord and what it is applied to."""
    return tuple(chord.split("/"))


def substitute(chord: str, values: Mapping[str, str]) -> str:
    """A chord with parameters replaced by their values: ``V65/x``."""
    return "/".join(values.get(word, word) for word in chord_words(chord))


@dataclass(frozen=True)
class _Draft:
    """An alternative whose expressions are not read yet."""

    body: Body
    source: Source
    options: Mapping[str, Any]
    path: Path


@dataclass
class _Builder:
    document: Document | None
    path: Path
    parameters: dict[str, Kind]
    found: Diagnostics
    drafts: list[tuple[Head, Source, list[_Draft]]] = field(default_factory=list)

    def grammar(
        self,
        section: Any,
        terminals: dict[str, tuple[str, ...]],
        check: Callable[[str], object] | None,
        attributes: Mapping[str, Kind] | Iterable[str],
        start: tuple[str, ...],
    ) -> Grammar:
        if not isinstance(section, Mapping) or not section:
            self.fail(
                "section-empty", "this section has no heads", Source(self.document, self.path, ""), "head: alternatives"
            )
            section = {}
        for text, alternatives in section.items():
            self.draft(str(text), alternatives)
        kinds = self.kinds(attributes)
        declared = frozenset((*STANDARD_ATTRIBUTES, *attributes))
        first = self.drafts[0][0].symbol if self.drafts else ""
        grammar = Grammar({}, self.parameters, terminals, check, kinds, start or (first,), declared)
        return replace(grammar, rules=self.rules(grammar))

    # texts

    def draft(self, text: str, alternatives: Any) -> None:
        path = (*self.path, text)
        source = Source(self.document, path, text, is_key=True)
        try:
            head = parse_head(text)
        except GrammarTextError as error:
            self.fail_text(error, source)
            return
        drafts = [draft for draft in self.alternatives(alternatives, path, source) if draft]
        self.drafts.append((head, source, drafts))

    def alternatives(self, data: Any, path: Path, source: Source) -> Iterator[_Draft | None]:
        if isinstance(data, Mapping) and data:
            for text, value in data.items():
                options = value if isinstance(value, Mapping) else {"weight": value}
                yield self.alternative(
                    str(text),
                    Source(self.document, (*path, text), str(text), True),
                    options,
                    (*path, text),
                    isinstance(value, Mapping),
                )
        elif isinstance(data, list | tuple) and data:
            for index, value in enumerate(data):
                yield self.listed(value, (*path, index))
        elif isinstance(data, str):
            yield self.listed(data, path)
        else:
            self.fail(
                "alternatives-missing",
                "this head has no alternatives",
                source,
                "{production: weight} or [production, ...]",
            )

    def listed(self, value: Any, path: Path) -> _Draft | None:
        if isinstance(value, str):
            return self.alternative(value, Source(self.document, path, value), {}, path, False)
        if isinstance(value, Mapping) and isinstance(value.get("to"), str):
            text = value["to"]
            return self.alternative(text, Source(self.document, (*path, "to"), text), value, path, True)
        self.fail(
            "alternative-form",
            "this is not an alternative",
            Source(self.document, path, str(value)),
            "a production, or {to: production, weight: 2, when: guard, name: name}",
        )
        return None

    def alternative(
        self, text: str, source: Source, options: Mapping[str, Any], path: Path, keyed: bool
    ) -> _Draft | None:
        for key in options:
            if key not in _KEYS:
                self.fail(
                    "unknown-key",
                    f"unknown key '{key}'",
                    Source(self.document, (*path, key), str(key), True),
                    ", ".join(_KEYS),
                    nearest(str(key), _KEYS),
                )
        try:
            body = parse_production(text)
        except GrammarTextError as error:
            self.fail_text(error, source)
            return None
        return _Draft(body, source, {key: (options[key], (*path, key) if keyed else path) for key in options}, path)

    def kinds(self, extra: Mapping[str, Kind] | Iterable[str]) -> dict[str, Kind]:
        """Kinds of the attributes: a number where every value set is one, else a word."""
        kinds: dict[str, Kind] = dict.fromkeys(STANDARD_ATTRIBUTES, WORD)
        kinds |= extra if isinstance(extra, Mapping) else dict.fromkeys(extra, WORD)
        values: dict[str, list[str]] = {}
        for _, _, drafts in self.drafts:
            for item in (item for draft in drafts for item in draft.body.items()):
                for name, value in item.settings:
                    values.setdefault(name, []).append(value)
        for name, texts in values.items():
            kinds.setdefault(name, NUMBER if all(_is_number(text) for text in texts) else WORD)
        return kinds

    # rules

    def rules(self, grammar: Grammar) -> dict[str, tuple[Rule, ...]]:
        rules: dict[str, list[Rule]] = {}
        for head, source, drafts in self.drafts:
            scope = Scope(grammar.scope(head))
            productions = tuple(self.production(draft, scope) for draft in drafts)
            same = rules.setdefault(head.symbol, [])
            self.check_heads(head, source, same)
            same.append(Rule(head, productions, source))
        return {
            symbol: tuple(sorted(same, key=lambda rule: rule.head.specificity, reverse=True))
            for symbol, same in rules.items()
        }

    def check_heads(self, head: Head, source: Source, others: list[Rule]) -> None:
        if others and len(others[0].head.patterns) != len(head.patterns):
            self.fail(
                "head-arity",
                f"{head.symbol} has {len(head.patterns)} arguments here, "
                f"{len(others[0].head.patterns)} in '{others[0].head}'",
                source,
                "the same number in every head",
            )
            others.clear()
        elif any(_shape(head) == _shape(other.head) for other in others):
            self.fail(
                "head-twice",
                f"'{head}' matches whatever an earlier head matches",
                source,
                "one head",
                remedy="put the alternatives under one head",
            )

    def production(self, draft: _Draft, scope: Scope) -> Production:
        when, when_path = draft.options.get("when", (None, ()))
        weight, weight_path = draft.options.get("weight", (1, ()))
        name, _ = draft.options.get("name", ("", ()))
        guard = None if when is None else self.expression(when, when_path, scope, BOOLEAN)
        return Production(
            draft.body,
            draft.body.variants(),
            self.weight(weight, weight_path, scope),
            guard,
            str(name or ""),
            draft.source,
        )

    def weight(self, weight: Any, path: Path, scope: Scope) -> float | Expression:
        if isinstance(weight, int | float) and not isinstance(weight, bool):
            if isfinite(weight) and weight >= 0:
                return float(weight)
        elif isinstance(weight, str):
            return self.expression(weight, path, scope, NUMBER) or 1.0
        self.fail(
            "weight",
            f"'{weight}' is not a weight",
            Source(self.document, path, str(weight)),
            "a number from 0 up, or an expression",
        )
        return 1.0

    def expression(self, text: Any, path: Path, scope: Scope, kind: Kind) -> Expression | None:
        text = str(text).lower() if isinstance(text, bool) else str(text)
        try:
            return parse_expression(text, scope, kind)
        except ExpressionError as error:
            mark = Source(self.document, path, text).inside(error.position, error.length)
            self.found.add(Diagnostic("expression", error.message, mark, error.expected, error.nearest))
            return None

    # errors

    def fail(
        self, code: str, message: str, source: Source, expected: str = "", near: str | None = None, remedy: str = ""
    ) -> None:
        self.found.add(Diagnostic(code, message, source.inside(), expected, near, remedy))

    def fail_text(self, error: GrammarTextError, source: Source) -> None:
        mark = source.inside(error.position, error.length)
        self.found.add(Diagnostic(error.code, error.message, mark, error.expected, error.nearest))


def _shape(head: Head) -> tuple[str, tuple[str, ...]]:
    return head.mode, tuple(word if is_literal(word) else "" for word in head.patterns)


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True
