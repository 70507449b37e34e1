"""The compiled form of expressions: nodes with a kind, and the environments they are evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from theorygen.rules.kinds import Kind


class ExpressionError(ValueError):
    """An expression that cannot be read.

    Attributes:
        message: what is wrong.
        position: index into the text of the expression.
        length: how many characters are wrong.
        expected: what could stand there, or "".
        nearest: the nearest known name, or None.
    """

    def __init__(self, message: str, position: int = 0, length: int = 1, expected: str = "",
                 nearest: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length
        self.expected = expected
        self.nearest = nearest


class Environment(Protocol):
    """What an expression needs to be evaluated: field values, and the codes of words."""

    def field(self, path: str) -> Any:
        """The value, or array of values, of a field."""

    def word(self, kind: Kind, text: str) -> Any:
        """The value that stands for a word of this kind."""


class Table(Environment, Protocol):
    """An environment of many rows: windows, or states of a line. What a rule is applied to."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kind of every field."""

    @property
    def record(self) -> Any:
        """The fields of all rows, as arrays."""

    def __len__(self) -> int: ...

    def take(self, rows: Any) -> Self:
        """Some of the rows."""

    def sounding(self, paths: Iterable[str]) -> Any:
        """For each row whether the voices that these fields need sound; None when all do."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a compiled expression.

    Attributes:
        kind: kind of the value.
        names: dotted fields used below.
        operation: name of the operation: "field", "constant", "word", or an operator.
        value: the path, constant or word of a leaf.
        function: combines the values of the children.
        children: operands.
    """

    kind: Kind
    operation: str
    names: frozenset[str] = frozenset()
    value: Any = None
    function: Callable[..., Any] | None = None
    children: tuple[Node, ...] = ()

    def run(self, environment: Environment) -> Any:
        """The value in this environment."""
        if self.function is not None:
            if len(self.children) == 2:
                first, second = self.children
                return self.function(first.run(environment), second.run(environment))
            return self.function(*[child.run(environment) for child in self.children])
        if self.operation == "field":
            return environment.field(self.value)
        if self.operation == "word":
            return environment.word(self.kind, self.value)
        return self.value


@dataclass(frozen=True)
class Scope:
    """The names an expression may use.

    Attributes:
        fields: dotted name to kind.
    """

    fields: Mapping[str, Kind]


def make(operation: str, kind: Kind, function: Callable[..., Any], *children: Node) -> Node:
    """A node that combines ``children``."""
    names = frozenset().union(*(child.names for child in children))
    return Node(kind, operation, names, None, function, children)


def subtrees(root: Node) -> Iterator[Node]:
    """All nodes of a tree, from the root down."""
    yield root
    for child in root.children:
        yield from subtrees(child)
