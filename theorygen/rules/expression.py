"""The expression language of rules and grammars: a typed, safe subset of Python's expressions.

Names are fields of a scope (dotted: ``upper.pitch``); other bare words are constants of the kind their place
wants: ``before.simple == P5`` reads an interval, ``pitch >= C4`` a pitch, ``voice == soprano`` a word. The same
compiled expression works on single values and on numpy arrays.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, NUMBER, PITCH, WORD, Kind, read_constant, words
from theorygen.source.nearest import nearest
from theorygen.theory import TheoryError

__all__ = ["BOOLEAN", "INTEGER", "INTERVAL", "NUMBER", "PITCH", "WORD", "Expression", "ExpressionError", "Kind",
           "Scope", "parse_expression", "words"]

_MAX_LENGTH = 2000


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
        constants: further bare names with a fixed kind and value.
    """

    fields: Mapping[str, Kind]


@dataclass(frozen=True)
class Expression:
    """A compiled expression.

    Attributes:
        text: as written.
        root: the tree.
    """

    text: str
    root: Node

    @property
    def kind(self) -> Kind:
        """Kind of the result."""
        return self.root.kind

    @property
    def names(self) -> frozenset[str]:
        """Dotted fields the expression reads."""
        return self.root.names

    def run(self, environment: Environment) -> Any:
        """The value in an environment of arrays or of single values."""
        return self.root.run(environment)

    def evaluate(self, lookup: Callable[[str], Any]) -> Any:
        """The value for single fields given by name; words stand for themselves."""
        return self.root.run(_Scalars(lookup))


class _Scalars:
    def __init__(self, lookup: Callable[[str], Any]) -> None:
        self.field = lookup

    def word(self, kind: Kind, text: str) -> str:
        return text


def parse_expression(text: str, scope: Scope, wanted: Kind | None = None) -> Expression:
    """Compile ``text`` for the names in ``scope``.

    Args:
        text: the expression.
        scope: fields it may use.
        wanted: kind the result must have; whole numbers pass as numbers.

    Raises:
        ExpressionError: with the position in ``text``.
    """
    text = str(text)
    if len(text) > _MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {_MAX_LENGTH} characters")
    source = " ".join(text.splitlines())
    lead = len(source) - len(source.lstrip())
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_error(source, lead, error) from None
    try:
        root = _Reader(scope, source, lead).read(tree, wanted)
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    if wanted is not None and root.kind != wanted and not (wanted.is_number and root.kind.is_number):
        raise ExpressionError(f"this is a {root.kind.name}", lead, len(source.strip()), f"a {wanted.name}")
    return Expression(text, root)


def _syntax_error(source: str, lead: int, error: BaseException) -> ExpressionError:
    position = lead + max((getattr(error, "offset", 1) or 1) - 1, 0)
    sign = source[position : position + 2]
    if sign[:1] == "=" and sign != "==":
        return ExpressionError("one '=' assigns, it does not compare", position, 1, "==")
    if sign in ("&&", "||") or sign[:1] == "!":
        return ExpressionError(f"'{sign.strip()}' is not used here", position, len(sign), "and, or, not")
    return ExpressionError("this is not a complete expression", min(position, max(len(source) - 1, 0)), 1,
                           "names, numbers, and, or, not, ==, !=, <, <=, >, >=, in (a, b), + - * /")


_COMPARE: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq), ast.NotEq: ("!=", operator.ne), ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le), ast.Gt: (">", operator.gt), ast.GtE: (">=", operator.ge),
}
_ARITHMETIC: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv), ast.Mod: ("%", operator.mod),
}


def _either(condition: Any, first: Any, second: Any) -> Any:
    if isinstance(condition, np.ndarray):
        return np.where(condition, first, second)
    return first if condition else second


def _fold(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *values: reduce(function, values)


def _smaller(first: Any, second: Any) -> Any:
    return _either(first <= second, first, second)


def _larger(first: Any, second: Any) -> Any:
    return _either(first >= second, first, second)


_CALLS: dict[str, Callable[..., Any]] = {"abs": abs, "min": _fold(_smaller), "max": _fold(_larger)}
FUNCTIONS = tuple(_CALLS)


def make(operation: str, kind: Kind, function: Callable[..., Any], *children: Node) -> Node:
    """A node that combines ``children``."""
    names = frozenset().union(*(child.names for child in children))
    return Node(kind, operation, names, None, function, children)


class _Reader:
    """Turns Python's syntax tree into typed nodes."""

    def __init__(self, scope: Scope, source: str, lead: int) -> None:
        self.scope = scope
        self.source = source
        self.lead = lead

    def read(self, tree: ast.expr, wanted: Kind | None = None) -> Node:
        reader = getattr(self, f"_read_{type(tree).__name__.lower()}", None)
        if reader is None:
            raise self.error(tree, "this part of Python is not used here", "names, numbers, comparisons, and, or, not")
        node: Node = reader(tree, wanted)
        return node

    def error(self, tree: ast.AST, message: str, expected: str = "", near: str | None = None) -> ExpressionError:
        start = getattr(tree, "col_offset", 0)
        length = getattr(tree, "end_col_offset", start + 1) - start
        return ExpressionError(message, self.lead + start, max(length, 1), expected, near)

    # leaves

    def _read_constant(self, tree: ast.Constant, wanted: Kind | None) -> Node:
        if isinstance(tree.value, bool):
            return Node(BOOLEAN, "constant", value=tree.value)
        if isinstance(tree.value, int | float):
            return Node(INTEGER if isinstance(tree.value, int) else NUMBER, "constant", value=tree.value)
        if isinstance(tree.value, str):
            return self.constant(tree, tree.value, wanted)
        raise self.error(tree, "this constant is not used here", "a number, a word or a name")

    def _read_name(self, tree: ast.Name, wanted: Kind | None) -> Node:
        return self.path(tree, tree.id, wanted)

    def _read_attribute(self, tree: ast.Attribute, wanted: Kind | None) -> Node:
        return self.path(tree, _dotted(tree) or "", wanted)

    def path(self, tree: ast.expr, path: str, wanted: Kind | None) -> Node:
        kind = self.scope.fields.get(path)
        if kind is not None:
            return Node(kind, "field", frozenset((path,)), path)
        if path in ("true", "false"):
            return Node(BOOLEAN, "constant", value=path == "true")
        if "." in path or wanted is None or wanted.is_number or wanted == BOOLEAN:
            near = nearest(path, self.scope.fields)
            raise self.error(tree, f"unknown name '{path}'", f"a {wanted.name}" if wanted else "", near)
        return self.constant(tree, path, wanted)

    def constant(self, tree: ast.expr, text: str, wanted: Kind | None) -> Node:
        if wanted is None:
            raise self.error(tree, f"unknown name '{text}'", "a field", nearest(text, self.scope.fields))
        try:
            value = read_constant(text, wanted)
        except TheoryError as error:
            near = nearest(text, [*self.scope.fields, *wanted.words])
            raise self.error(tree, error.message, error.expected, error.nearest or near) from None
        return Node(wanted, "word" if wanted.is_word else "constant", value=value)

    # operators

    def _read_boolop(self, tree: ast.BoolOp, wanted: Kind | None) -> Node:
        name, function = ("and", operator.and_) if isinstance(tree.op, ast.And) else ("or", operator.or_)
        children = [self.truth(value) for value in tree.values]
        return make(name, BOOLEAN, _fold(function), *children)

    def truth(self, tree: ast.expr) -> Node:
        node = self.read(tree, BOOLEAN)
        if node.kind != BOOLEAN:
            raise self.error(tree, f"this is a {node.kind.name}", "something true or false")
        return node

    def _read_unaryop(self, tree: ast.UnaryOp, wanted: Kind | None) -> Node:
        if isinstance(tree.op, ast.Not):
            return make("not", BOOLEAN, lambda value: value ^ True, self.truth(tree.operand))
        node = self.read(tree.operand, wanted)
        if not isinstance(tree.op, ast.USub) or not (node.kind.is_number or node.kind == INTERVAL):
            raise self.error(tree, "this sign does not fit here", "- before a number or an interval")
        if node.operation == "constant":
            return Node(node.kind, "constant", value=-node.value)
        return make("-", node.kind, operator.neg, node)

    def _read_compare(self, tree: ast.Compare, wanted: Kind | None) -> Node:
        operands = [tree.left, *tree.comparators]
        parts = [self.comparison(tree, left, sign, right)
                 for left, sign, right in zip(operands, tree.ops, operands[1:], strict=False)]
        return parts[0] if len(parts) == 1 else make("and", BOOLEAN, _fold(operator.and_), *parts)

    def comparison(self, tree: ast.Compare, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(sign, ast.In | ast.NotIn):
            return self.membership(left, right, isinstance(sign, ast.NotIn))
        if type(sign) not in _COMPARE:
            raise self.error(tree, "this comparison is not used here", "==, !=, <, <=, >, >=, in, not in")
        first, second = self.pair(left, right)
        if (first.kind.is_word or first.kind == BOOLEAN) and not isinstance(sign, ast.Eq | ast.NotEq):
            raise self.error(tree, f"a {first.kind.name} has no order", "== or !=")
        name, function = _COMPARE[type(sign)]
        return make(name, BOOLEAN, function, first, second)

    def pair(self, left: ast.expr, right: ast.expr) -> tuple[Node, Node]:
        """Read two operands that must be of one kind; the one with a known kind says how to read the other."""
        if self.has_kind(left):
            first = self.read(left)
            second = self.read(right, first.kind)
        else:
            second = self.read(right)
            first = self.read(left, second.kind)
        if first.kind.name != second.kind.name and not (first.kind.is_number and second.kind.is_number):
            raise self.error(right, f"a {second.kind.name} cannot be compared with a {first.kind.name}", str(first.kind))
        return first, second

    def has_kind(self, tree: ast.expr) -> bool:
        """Whether the kind of this operand is known without its neighbour."""
        if isinstance(tree, ast.Name | ast.Attribute):
            return _dotted(tree) in self.scope.fields or _dotted(tree) in ("true", "false")
        if isinstance(tree, ast.Constant):
            return not isinstance(tree.value, str)
        if isinstance(tree, ast.UnaryOp):
            return self.has_kind(tree.operand)
        if isinstance(tree, ast.BinOp):
            return self.has_kind(tree.left) or self.has_kind(tree.right)
        return True

    def membership(self, left: ast.expr, right: ast.expr, negated: bool) -> Node:
        if not isinstance(right, ast.Tuple | ast.List | ast.Set):
            raise self.error(right, "'in' needs a list", "(a, b, c)")
        first = self.read(left)
        parts = []
        for item in right.elts:
            second = self.read(item, first.kind)
            if second.kind.name != first.kind.name:
                raise self.error(item, f"a {second.kind.name} is not a {first.kind.name}", str(first.kind))
            parts.append(make("==", BOOLEAN, operator.eq, first, second))
        if not parts:
            raise self.error(right, "the list is empty", "(a, b, c)")
        any_of = parts[0] if len(parts) == 1 else make("or", BOOLEAN, _fold(operator.or_), *parts)
        return make("not", BOOLEAN, lambda value: value ^ True, any_of) if negated else any_of

    def _read_binop(self, tree: ast.BinOp, wanted: Kind | None) -> Node:
        if type(tree.op) not in _ARITHMETIC:
            raise self.error(tree, "this operator is not used here", "+ - * / %")
        name, function = _ARITHMETIC[type(tree.op)]
        left_first = self.has_kind(tree.left)
        known = self.read(tree.left if left_first else tree.right)
        other = self.read(tree.right if left_first else tree.left, INTERVAL if known.kind == PITCH else known.kind)
        first, second = (known, other) if left_first else (other, known)
        kind = _arithmetic_kind(name, first.kind, second.kind)
        if kind is None:
            raise self.error(tree, f"{first.kind.name} {name} {second.kind.name} has no meaning",
                             "numbers; pitch - pitch; pitch + interval; interval + interval")
        return make(name, kind, function, first, second)

    def _read_ifexp(self, tree: ast.IfExp, wanted: Kind | None) -> Node:
        first, second = self.read(tree.body, wanted), self.read(tree.orelse, wanted)
        if first.kind != second.kind and not (first.kind.is_number and second.kind.is_number):
            raise self.error(tree, f"this is either a {first.kind.name} or a {second.kind.name}", "one kind")
        kind = NUMBER if NUMBER in (first.kind, second.kind) else first.kind
        return make("if", kind, _either, self.truth(tree.test), first, second)

    def _read_call(self, tree: ast.Call, wanted: Kind | None) -> Node:
        name = _dotted(tree.func)
        if name not in _CALLS or tree.keywords or not tree.args:
            raise self.error(tree, f"'{name}' cannot be called here", ", ".join(_CALLS), nearest(name or "", _CALLS))
        arguments = [self.read(argument, wanted) for argument in tree.args]
        if len({argument.kind.name for argument in arguments}) > 1 or (name == "abs" and len(arguments) != 1):
            raise self.error(tree, f"{name} needs values of one kind", "abs(x), min(x, y), max(x, y)")
        return make(name, arguments[0].kind, _CALLS[name], *arguments)


def _arithmetic_kind(sign: str, first: Kind, second: Kind) -> Kind | None:
    if first.is_number and second.is_number:
        return INTEGER if first == second == INTEGER and sign != "/" else NUMBER
    table = {(PITCH, "-", PITCH): INTERVAL, (PITCH, "+", INTERVAL): PITCH, (PITCH, "-", INTERVAL): PITCH,
             (INTERVAL, "+", INTERVAL): INTERVAL, (INTERVAL, "-", INTERVAL): INTERVAL}
    return table.get((first, sign, second))


def _dotted(tree: ast.expr) -> str | None:
    """``a.b.c`` of nested attributes, or None."""
    parts: list[str] = []
    while isinstance(tree, ast.Attribute):
        parts.append(tree.attr)
        tree = tree.value
    return ".".join([tree.id, *reversed(parts)]) if isinstance(tree, ast.Name) else None


def subtrees(root: Node) -> Iterator[Node]:
    """All nodes of a tree, from the root down."""
    yield root
    for child in root.children:
        yield from subtrees(child)
