"""Builds a grammar from a section of a style file, and says where its texts are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isfinite
from typing import Any

from theorygen.grammar.grammar import Grammar, Path, Production, Rule, Source
from theorygen.grammar.production import Body
from theorygen.grammar.production_parser import parse_production
from theorygen.grammar.symbols import STANDARD_ATTRIBUTES, GrammarTextError, Head, is_literal, parse_head
from theorygen.rules.expression import BOOLEAN, NUMBER, WORD, Expression, ExpressionError, Kind, Scope, parse_expression
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.document import Document

_KEYS = ("to", "weight", "when", "name")


def build_grammar(section: Any, frame: Grammar, document: Document | None, path: Path, found: Diagnostics) -> Grammar:
    """The grammar that ``frame`` becomes with the heads of a section.

    Args:
        section: ``{head: alternatives}``.
        frame: a grammar without rules; its attributes are those known before the section is read.
        document: the file the section comes from, for marks.
        path: keys to the section in the file.
        found: takes all that is wrong with the section.
    """
    drafts = _Drafts(document, path, found)
    drafts.read(section)
    first = drafts.heads[0].head.symbol if drafts.heads else ""
    grammar = replace(frame, attributes=_kinds(drafts.heads, frame.attributes), start=frame.start or (first,))
    return replace(grammar, rules=_Compiler(document, grammar, found).rules(drafts.heads))


# texts


@dataclass(frozen=True)
class _Alternative:
    """A production whose expressions are not read yet; each option has its place."""

    body: Body
    source: Source
    options: Mapping[str, tuple[Any, Path]]


@dataclass(frozen=True)
class _Draft:
    """A head with its alternatives."""

    head: Head
    source: Source
    alternatives: tuple[_Alternative, ...]


@dataclass
class _Drafts:
    """Reads the heads and productions of a section."""

    document: Document | None
    path: Path
    found: Diagnostics
    heads: list[_Draft] = field(default_factory=list)

    def read(self, section: Any) -> None:
        if not isinstance(section, Mapping) or not section:
            place = Source(self.document, self.path, "")
            _fail(self.found, place, "section-empty", "this section has no heads", "head: alternatives")
            return
        for text, alternatives in section.items():
            self.head(str(text), alternatives)

    def head(self, text: str, alternatives: Any) -> None:
        path = (*self.path, text)
        source = Source(self.document, path, text, is_key=True)
        try:
            head = parse_head(text)
        except GrammarTextError as error:
            _fail_text(self.found, source, error)
            return
        read = self.alternatives(alternatives, path, source)
        self.heads.append(_Draft(head, source, tuple(one for one in read if one)))

    def alternatives(self, data: Any, path: Path, source: Source) -> Iterator[_Alternative | None]:
        if isinstance(data, Mapping) and data:
            yield from (self.keyed(str(text), value, (*path, text)) for text, value in data.items())
        elif isinstance(data, list | tuple) and data:
            yield from (self.listed(value, (*path, index)) for index, value in enumerate(data))
        elif isinstance(data, str):
            yield self.listed(data, path)
        else:
            _fail(self.found, source, "alternatives-missing", "this head has no alternatives",
                  "{production: weight} or [production, ...]")

    def keyed(self, text: str, value: Any, path: Path) -> _Alternative | None:
        """``production: weight`` or ``production: {weight, when, name}``."""
        source = Source(self.document, path, text, is_key=True)
        if isinstance(value, Mapping):
            return self.alternative(text, source, self.options(value, path))
        return self.alternative(text, source, {"weight": (value, path)})

    def listed(self, value: Any, path: Path) -> _Alternative | None:
        """``production`` or ``{to: production, weight, when, name}``."""
        if isinstance(value, str):
            return self.alternative(value, Source(self.document, path, value), {})
        if isinstance(value, Mapping) and isinstance(value.get("to"), str):
            text = value["to"]
            return self.alternative(text, Source(self.document, (*path, "to"), text), self.options(value, path))
        _fail(self.found, Source(self.document, path, str(value)), "alternative-form", "this is not an alternative",
              "a production, or {to: production, weight: 2, when: guard, name: name}")
        return None

    def options(self, data: Mapping[str, Any], path: Path) -> dict[str, tuple[Any, Path]]:
        for key in data:
            if key not in _KEYS:
                source = Source(self.document, (*path, key), str(key), is_key=True)
                _fail(self.found, source, "unknown-key", f"unknown key '{key}'", ", ".join(_KEYS),
                      nearest(str(key), _KEYS))
        return {key: (value, (*path, key)) for key, value in data.items()}

    def alternative(
        self, text: str, source: Source, options: Mapping[str, tuple[Any, Path]]
    ) -> _Alternative | None:
        try:
            return _Alternative(parse_production(text), source, options)
        except GrammarTextError as error:
            _fail_text(self.found, source, error)
            return None


def _kinds(heads: list[_Draft], known: Mapping[str, Kind]) -> dict[str, Kind]:
    """Kinds of the attributes: of one only set in productions a number where every value is one, else a word."""
    values: dict[str, list[str]] = {}
    for item in (item for draft in heads for one in draft.alternatives for item in one.body.items):
        for name, value in item.settings:
            values.setdefault(name, []).append(value)
    kinds = {**dict.fromkeys(STANDARD_ATTRIBUTES, WORD), **known}
    for name, texts in values.items():
        kinds.setdefault(name, NUMBER if all(map(_is_number, texts)) else WORD)
    return kinds


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True


# expressions and rules


@dataclass
class _Compiler:
    """Makes rules of drafts, now that the names in scope are known."""

    document: Document | None
    grammar: Grammar
    found: Diagnostics

    def rules(self, drafts: list[_Draft]) -> dict[str, tuple[Rule, ...]]:
        rules: dict[str, list[Rule]] = {}
        for draft in drafts:
            scope = Scope(self.grammar.scope(draft.head))
            productions = tuple(self.production(one, scope) for one in draft.alternatives)
            same = rules.setdefault(draft.head.symbol, [])
            self.check_head(draft, same)
            same.append(Rule(draft.head, productions, draft.source))
        for same in rules.values():
            same.sort(key=lambda rule: rule.head.specificity, reverse=True)
        return {symbol: tuple(same) for symbol, same in rules.items()}

    def check_head(self, draft: _Draft, others: list[Rule]) -> None:
        head = draft.head
        if others and len(others[0].head.patterns) != len(head.patterns):
            other = others[0].head
            message = (f"{head.symbol} has {len(head.patterns)} arguments here, "
                       f"{len(other.patterns)} in '{other}'")
            _fail(self.found, draft.source, "head-arity", message, "the same number in every head")
            others.clear()
        elif any(_shape(head) == _shape(other.head) for other in others):
            _fail(self.found, draft.source, "head-twice", f"'{head}' matches whatever an earlier head matches",
                  "one head", remedy="put the alternatives under one head")

    def production(self, draft: _Alternative, scope: Scope) -> Production:
        when, when_path = draft.options.get("when", (None, ()))
        weight, weight_path = draft.options.get("weight", (1, ()))
        name, _ = draft.options.get("name", ("", ()))
        guard = None if when is None else self.expression(when, when_path, scope, BOOLEAN)
        amount = self.weight(weight, weight_path, scope)
        return Production(draft.body, draft.body.variants(), amount, guard, str(name or ""), draft.source)

    def weight(self, weight: Any, path: Path, scope: Scope) -> float | Expression:
        if isinstance(weight, int | float) and not isinstance(weight, bool):
            if isfinite(weight) and weight >= 0:
                return float(weight)
        elif isinstance(weight, str):
            return self.expression(weight, path, scope, NUMBER) or 1.0
        _fail(self.found, Source(self.document, path, str(weight)), "weight", f"'{weight}' is not a weight",
              "a number from 0 up, or an expression")
        return 1.0

    def expression(self, text: Any, path: Path, scope: Scope, kind: Kind) -> Expression | None:
        text = str(text).lower() if isinstance(text, bool) else str(text)
        try:
            return parse_expression(text, scope, kind)
        except ExpressionError as error:
            mark = Source(self.document, path, text).inside(error.position, error.length)
            self.found.add(Diagnostic("expression", error.message, mark, error.expected, error.nearest))
            return None


def _shape(head: Head) -> tuple[str, tuple[str, ...]]:
    return head.mode, tuple(word if is_literal(word) else "" for word in head.patterns)


# errors


def _fail(found: Diagnostics, source: Source, code: str, message: str, expected: str = "", near: str | None = None,
          remedy: str = "") -> None:
    found.add(Diagnostic(code, message, source.inside(), expected, near, remedy))


def _fail_text(found: Diagnostics, source: Source, error: GrammarTextError) -> None:
    mark = source.inside(error.position, error.length)
    found.add(Diagnostic(error.code, error.message, mark, error.expected, error.nearest))
