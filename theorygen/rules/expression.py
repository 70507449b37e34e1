"""The expression language of rules and grammars: a typed, safe subset of Python's expressions.

Names are fields of a scope (dotted: ``upper.pitch``); other bare words are constants of the kind their place
wants: ``before.simple == P5`` reads an interval, ``pitch >= C4`` a pitch, ``voice == soprano`` a word. The same
compiled expression works on single values and on numpy arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theorygen.rules.expression_reader import FUNCTIONS, Reader
from theorygen.rules.expression_tree import Environment, ExpressionError, Node, Scope, Table, subtrees
from theorygen.rules.kinds import BOOLEAN, INTEGER, INTERVAL, NUMBER, PITCH, WORD, Kind, words

__all__ = ["BOOLEAN", "FUNCTIONS", "INTEGER", "INTERVAL", "NUMBER", "PITCH", "WORD", "Environment", "Expression",
           "ExpressionError", "Kind", "Node", "Scope", "Table", "parse_expression", "subtrees", "words"]

_MAX_LENGTH = 2000


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

    def rewritten(self, change: Callable[[Node], Node]) -> Expression:
        """The expression with another tree, which may read other fields."""
        return Expression(self.text, change(self.root))

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
        root = Reader(scope, source, lead).read(tree, wanted)
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    if wanted is not None and root.kind != wanted and not (wanted.is_number and root.kind.is_number):
        raise ExpressionError(f"this is a {root.kind.name}", lead, len(source.strip()), f"a {wanted.name}")
    return Expression(text, root)


def _syntax_error(source: str, lead: int, error: BaseException) -> ExpressionError:
    position = lead + max((getattr(error, "offset", 1) or 1) - 1, 0)
    if source[max(position - 1, 0) : position + 1] in ("&&", "||"):
        position -= 1
    sign = source[position : position + 2]
    if sign[:1] == "=" and sign != "==":
        return ExpressionError("one '=' assigns, it does not compare", position, 1, "==")
    if sign in ("&&", "||") or sign[:1] == "!":
        return ExpressionError(f"'{sign.strip()}' is not used here", position, len(sign), "and, or, not")
    return ExpressionError("this is not a complete expression", min(position, max(len(source) - 1, 0)), 1,
                           "names, numbers, and, or, not, ==, !=, <, <=, >, >=, in (a, b), + - * /")
