"""A grammar of form or harmony: heads with weighted, guarded productions, each knowing where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorygen.grammar.production import Body, Item
from theorygen.grammar.symbols import (
    BAR,
    BEAT,
    DEPTH,
    DURATION,
    STANDARD_ATTRIBUTES,
    STRENGTH,
    UNIT,
    Head,
    is_literal,
    signature,
)
from theorygen.rules.expression import INTEGER, NUMBER, WORD, Expression, Kind
from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.source.document import Document
from theorygen.source.marks import Mark
from theorygen.theory import TheoryError

Path = tuple[str | int, ...]
BUILT_IN_KINDS = {DURATION: NUMBER, BEAT: NUMBER, STRENGTH: INTEGER, DEPTH: INTEGER, BAR: NUMBER, UNIT: NUMBER}


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

    def mark_of(self, item: Item) -> Mark:
        """Where one of its items is written."""
        return self.source.inside(item.position, item.width)

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
        from theorygen.grammar.grammar_builder import build_grammar

        found = Diagnostics()
        names = terminals if isinstance(terminals, Mapping) else dict.fromkeys(terminals or (), ())
        check = _no_terminal if check_terminal is None and terminals is not None else check_terminal
        declared = frozenset((*STANDARD_ATTRIBUTES, *attributes))
        kinds = attributes if isinstance(attributes, Mapping) else dict.fromkeys(attributes, WORD)
        frame = Grammar({}, dict(parameters or {}), dict(names), check, kinds, tuple(start), declared)
        grammar = build_grammar(section, frame, document, path, found)
        found.raise_errors()
        found.extend(analyse(grammar))
        found.raise_errors()
        return replace(grammar, warnings=tuple(found))

    @cached_property
    def signatures(self) -> dict[str, tuple[str, ...]]:
        """For each symbol the names of its arguments ("" where every head has a literal)."""
        return {symbol: signature(rule.head for rule in rules) for symbol, rules in self.rules.items()}

    def scope(self, head: Head) -> dict[str, Kind]:
        """Names an expression below ``head`` may use."""
        return {**BUILT_IN_KINDS, **self.attributes, **self.parameters, **dict.fromkeys(head.parameters, WORD)}

    def is_reference(self, value: str, head: Head) -> bool:
        """Whether an argument names a parameter or an attribute in scope instead of meaning itself."""
        known = value in head.parameters or value in self.attributes or value in self.parameters
        return known and not is_literal(value)

    def is_terminal(self, item: Item, head: Head) -> bool:
        """Whether an item of a production below ``head`` is a leaf."""
        return item.symbol not in self.rules or item.symbol in head.parameters

    def arguments(self, item: Item) -> tuple[str, ...]:
        """Arguments of an item that is a nonterminal as written, those set by name in their places."""
        names = self.signatures[item.symbol][len(item.arguments) :]
        by_name = dict(item.settings)
        return (*item.arguments, *(by_name[name] for name in names if name in by_name))

    def productions(self) -> Iterator[tuple[Rule, Production]]:
        """All productions with their rules, in the order of the section within each symbol."""
        for rules in self.rules.values():
            for rule in rules:
                for production in rule.productions:
                    yield rule, production


def _no_terminal(text: str) -> object:
    raise TheoryError(f"unknown symbol '{text}'", text)


def substitute(chord: str, values: Mapping[str, str]) -> str:
    """A chord with parameters replaced by their values: ``V65/x``."""
    return "/".join(values.get(word, word) for word in chord.split("/"))
