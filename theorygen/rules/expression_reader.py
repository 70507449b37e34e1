"""Reads the syntax tree of an expression into typed nodes; the kind of each place decides what a bare word means."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import reduce
from typing import Any

import numpy as np

from theorygen.rules.expression_tree import ExpressionError, Node, Scope, make
from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, NUMBER, PITCH, WORD, Kind, read_constant
from theorygen.source.nearest import nearest
from theorygen.theory import TheoryError

MOST = 1_000_000_000
"""Numbers in expressions are no larger, so that sums and products of a few of them fit 64 bits."""


def _divided(first: Any, second: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return first / second


def _remainder(first: Any, second: Any) -> Any:
    if isinstance(second, np.ndarray) and not second.all():
        return np.where(second == 0, np.nan, first % np.where(second == 0, 1, second))
    return first % second


_COMPARE: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq), ast.NotEq: ("!=", operator.ne), ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le), ast.Gt: (">", operator.gt), ast.GtE: (">=", operator.ge),
}
_ARITHMETIC: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul),
    ast.Div: ("/", _divided), ast.Mod: ("%", _remainder),
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


class Reader:
    """Turns Python's syntax tree into typed nodes."""

    def __init__(self, scope: Scope, source: str, lead: int) -> None:
        self.scope = scope
        self.bytes = source.strip().encode()
        self.lead = lead

    def read(self, tree: ast.expr, wanted: Kind | None = None) -> Node:
        """The node of any piece of syntax; ``wanted`` is the kind its place asks for."""
        reader = getattr(self, f"_read_{type(tree).__name__.lower()}", None)
        if reader is None:
            raise self.error(tree, "this part of Python is not used here", "names, numbers, comparisons, and, or, not")
        node: Node = reader(tree, wanted)
        return node

    def error(self, tree: ast.AST, message: str, expected: str = "", near: str | None = None) -> ExpressionError:
        """An error at a piece of syntax."""
        start, stop = (len(self.bytes[:offset].decode()) for offset in _bounds(tree))
        return ExpressionError(message, self.lead + start, max(stop - start, 1), expected, near)

    # leaves

    def _read_constant(self, tree: ast.Constant, wanted: Kind | None) -> Node:
        if isinstance(tree.value, bool):
            return Node(BOOLEAN, "constant", value=tree.value)
        if isinstance(tree.value, int | float):
            if not tree.value <= MOST:
                raise self.error(tree, "this number is too large", f"at most {MOST}")
            return Node(INTEGER if isinstance(tree.value, int) else NUMBER, "constant", value=tree.value)
        if isinstance(tree.value, str):
            return self.constant(tree, tree.value, wanted)
        raise self.error(tree, "this constant is not used here", "a number, a word or a name")

    def _read_name(self, tree: ast.Name, wanted: Kind | None) -> Node:
        return self.path(tree, tree.id, wanted)

    def _read_attribute(self, tree: ast.Attribute, wanted: Kind | None) -> Node:
        return self.path(tree, _dotted(tree) or "", wanted)

    def path(self, tree: ast.expr, path: str, wanted: Kind | None) -> Node:
        """A field, or a constant of the kind wanted."""
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
        """A word as a constant of the kind wanted."""
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
        """A node that must be true or false."""
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
        """One comparison of two operands."""
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
        if self.has_kind(left) or not self.has_kind(right):
            return self.like(left, right)
        second, first = self.like(right, left)
        return first, second

    def like(self, known: ast.expr, other: ast.expr, wanted: Kind | None = None) -> tuple[Node, Node]:
        """Read one operand, and another of the same kind.

        What ``pitch - A4`` is, a pitch or an interval, may only be known from the other operand.
        """
        try:
            first = self.read(known, wanted)
            second = self.read(other, first.kind)
            if not same_kind(first.kind, second.kind):
                said = f"a {second.kind.name} cannot be compared with a {first.kind.name}"
                if first.kind.name == second.kind.name:
                    said = "these words are of different lists"
                raise self.error(other, said, str(first.kind))
        except ExpressionError as error:
            if wanted is None and any(isinstance(one, ast.Sub) for one in ast.walk(known)):
                with suppress(ExpressionError):
                    return self.like(known, other, INTERVAL)
            raise error
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
        if isinstance(tree, ast.IfExp):
            return self.has_kind(tree.body) or self.has_kind(tree.orelse)
        if isinstance(tree, ast.Call):
            return any(map(self.has_kind, tree.args))
        return True

    def membership(self, left: ast.expr, right: ast.expr, negated: bool) -> Node:
        """``in`` and ``not in`` as comparisons with each item of a list."""
        if not isinstance(right, ast.Tuple | ast.List | ast.Set):
            raise self.error(right, "'in' needs a list", "(a, b, c)")
        parts = [make("==", BOOLEAN, operator.eq, *self.like(left, item)) for item in right.elts]
        if not parts:
            raise self.error(right, "the list is empty", "(a, b, c)")
        any_of = parts[0] if len(parts) == 1 else make("or", BOOLEAN, _fold(operator.or_), *parts)
        return make("not", BOOLEAN, lambda value: value ^ True, any_of) if negated else any_of

    def _read_binop(self, tree: ast.BinOp, wanted: Kind | None) -> Node:
        if type(tree.op) not in _ARITHMETIC:
            raise self.error(tree, "this operator is not used here", "+ - * / %")
        name, function = _ARITHMETIC[type(tree.op)]
        left_first = self.has_kind(tree.left) or not self.has_kind(tree.right)
        known = self.read(tree.left if left_first else tree.right, wanted)
        other = self.read(tree.right if left_first else tree.left, _other_kind(name, known.kind, left_first, wanted))
        first, second = (known, other) if left_first else (other, known)
        if name in ("/", "%") and not second.names and second.kind.is_number and not second.run(_NOTHING):
            raise self.error(tree.right, "nothing can be divided by zero", "another number")
        kind = _arithmetic_kind(name, first.kind, second.kind)
        if kind is None:
            raise self.error(tree, f"{first.kind.name} {name} {second.kind.name} has no meaning",
                             "numbers; pitch - pitch; pitch + interval; interval + interval")
        return make(name, kind, function, first, second)

    def _read_ifexp(self, tree: ast.IfExp, wanted: Kind | None) -> Node:
        first, second = self.alike([tree.body, tree.orelse], wanted)
        if not same_kind(first.kind, second.kind):
            raise self.error(tree, f"this is either a {first.kind.name} or a {second.kind.name}", "one kind")
        kind = NUMBER if NUMBER in (first.kind, second.kind) else first.kind
        return make("if", kind, _either, self.truth(tree.test), first, second)

    def _read_call(self, tree: ast.Call, wanted: Kind | None) -> Node:
        name = _dotted(tree.func)
        if name not in _CALLS or tree.keywords or not tree.args:
            raise self.error(tree, f"'{name}' cannot be called here", ", ".join(_CALLS), nearest(name or "", _CALLS))
        arguments = self.alike(tree.args, wanted)
        kinds = {argument.kind for argument in arguments}
        alike = all(same_kind(arguments[0].kind, kind) for kind in kinds)
        if not alike or (name == "abs" and len(arguments) != 1):
            raise self.error(tree, f"{name} needs values of one kind", "abs(x), min(x, y), max(x, y)")
        ordered = (INTEGER, NUMBER, INTERVAL) if name == "abs" else (INTEGER, NUMBER, INTERVAL, PITCH)
        if arguments[0].kind not in ordered:
            raise self.error(tree, f"{name} of a {arguments[0].kind.name} has no meaning", _listed(ordered))
        return make(name, NUMBER if NUMBER in kinds else arguments[0].kind, _CALLS[name], *arguments)

    def alike(self, trees: Sequence[ast.expr], wanted: Kind | None) -> list[Node]:
        """Operands of one kind: the first whose kind is known says how to read the others."""
        first = next((index for index, tree in enumerate(trees) if self.has_kind(tree)), 0)
        known = self.read(trees[first], wanted)
        return [known if index == first else self.read(tree, known.kind) for index, tree in enumerate(trees)]


class _Nothing:
    """The environment of expressions without fields."""

    def field(self, path: str) -> Any:
        raise KeyError(path)

    def word(self, kind: Kind, text: str) -> str:
        return text


_NOTHING = _Nothing()


def same_kind(first: Kind, second: Kind) -> bool:
    """Whether values of two kinds can be compared: words with words of the same list, or of grammars, with any text."""
    texts = WORD in (first, second) and first.is_word and second.is_word
    return first == second or texts or (first.is_number and second.is_number)


def _listed(kinds: Sequence[Kind]) -> str:
    return ", ".join(f"a {kind.name}" for kind in kinds)


def _other_kind(sign: str, known: Kind, known_first: bool, wanted: Kind | None) -> Kind:
    """How to read the constant beside a value of a known kind."""
    if known != PITCH:
        return known
    return PITCH if sign == "-" and (wanted == INTERVAL or not known_first) else INTERVAL


def _arithmetic_kind(sign: str, first: Kind, second: Kind) -> Kind | None:
    if first.is_number and second.is_number:
        return INTEGER if first == second == INTEGER and sign != "/" else NUMBER
    table = {(PITCH, "-", PITCH): INTERVAL, (PITCH, "+", INTERVAL): PITCH,
             (INTERVAL, "+", PITCH): PITCH, (PITCH, "-", INTERVAL): PITCH,
             (INTERVAL, "+", INTERVAL): INTERVAL, (INTERVAL, "-", INTERVAL): INTERVAL}
    return table.get((first, sign, second))


def _bounds(tree: ast.AST) -> tuple[int, int]:
    """Where a piece of syntax begins and ends, in bytes."""
    start = getattr(tree, "col_offset", 0)
    return start, getattr(tree, "end_col_offset", start + 1)


def _dotted(tree: ast.expr) -> str | None:
    """``a.b.c`` of nested attributes, or None."""
    parts: list[str] = []
    while isinstance(tree, ast.Attribute):
        parts.append(tree.attr)
        tree = tree.value
    return ".".join([tree.id, *reversed(parts)]) if isinstance(tree, ast.Name) else None
