"""Exact values of expressions: numbers as written, never as the nearest binary fraction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Any

from theorygen.rules.expression import Expression
from theorygen.rules.expression_tree import Node


def exact_number(value: Any) -> Any:
    """A number as a fraction, 0.3 as 3/10; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return value
    return Fraction(str(value))


def evaluate_exactly(expression: Expression, lookup: Callable[[str], Any]) -> Any:
    """The value of an expression, its constants and the values of its names taken as written.

    Raises:
        ZeroDivisionError: it divides by 0.
    """
    return _exact(expression).evaluate(lambda name: exact_number(lookup(name)))


@lru_cache(maxsize=256)
def _exact(expression: Expression) -> Expression:
    return replace(expression, root=_exact_node(expression.root))


def _exact_node(node: Node) -> Node:
    if node.operation == "constant":
        return replace(node, value=exact_number(node.value))
    return replace(node, children=tuple(map(_exact_node, node.children)))
