"""What reading any section of a style needs: the merged data, its parameters, and located reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from theorygen.grammar.merge import MergedDocument
from theorygen.grammar.parameters import Parameter, read_parameters
from theorygen.rules.expression import NUMBER, Expression, ExpressionError, Scope, parse_expression
from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.source.document import DocumentPath
from theorygen.theory import TheoryError

_Value = TypeVar("_Value")


@dataclass
class SectionReader:
    """Reads values of one style.

    Attributes:
        document: the merged file, of the right shape.
        found: takes everything wrong or doubtful.
    """

    document: MergedDocument
    found: Diagnostics

    @property
    def data(self) -> Any:
        """The merged data."""
        return self.document.data

    def fail(self, code: str, message: str, path: DocumentPath, expected: str = "", near: str | None = None,
             remedy: str = "", key: bool = False) -> None:
        """Report something wrong with a whole value or key."""
        self.found.add(Diagnostic(code, message, self.document.mark(path, key), expected, near, remedy))

    def theory(self, read: Callable[[str], _Value], text: str, path: DocumentPath, code: str) -> Iterator[_Value]:
        """What a text means, or nothing after reporting why it means nothing."""
        try:
            yield read(text)
        except TheoryError as error:
            inside = min(error.position, max(len(text) - 1, 0)) if error.text == text else 0
            mark = self.document.mark_inside(path, inside, len(text) - inside)
            self.found.add(Diagnostic(code, error.message, mark, error.expected, error.nearest,
                                      "correct the text" if not error.nearest else f"write {error.nearest}"))

    def listed(self, key: str) -> Iterator[tuple[DocumentPath, str]]:
        """A text, or the texts of a list, each with its place."""
        entry = self.data.get(key, [])
        if isinstance(entry, str):
            yield (key,), entry
        else:
            yield from (((key, index), text) for index, text in enumerate(entry))

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters."""
        return read_parameters(self.data.get("parameters", {}), self.document, self.found)

    @cached_property
    def scope(self) -> Scope:
        """The names an expression outside the grammars may use."""
        return Scope({name: parameter.kind for name, parameter in self.parameters.items()})

    def number(self, value: float | str, path: DocumentPath, scope: Scope | None = None) -> float | Expression:
        """A number, or an expression of parameters."""
        if not isinstance(value, str):
            return value
        try:
            return parse_expression(value, scope or self.scope, NUMBER)
        except ExpressionError as error:
            mark = self.document.mark_inside(path, error.position, error.length)
            self.found.add(Diagnostic("bad-expression", error.message, mark, error.expected, error.nearest,
                                      "only parameters of the style have a value here"))
            return 0.0


def texts_of(data: Mapping[str, Any], path: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    """The texts of a voice, lists item by item and as a whole, each with its place."""
    for key, value in data.items():
        if isinstance(value, list):
            yield (*path, key), " ".join(map(str, value))
            yield from (((*path, key, index), str(item)) for index, item in enumerate(value))
        else:
            yield (*path, key), str(value)
