"""Rules over turns taken apart: the parts of their expressions that read one step, and the rules over these parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from theorygen.rules.expression import INTEGER, Node
from theorygen.rules.rule import ActiveRule

FIRST, SECOND, MIXED = "first.", "second.", ""
MARK = Node(INTEGER, "field", frozenset({"second.mark"}), "second.mark")
"""The mark of the slot in which a turn ends, for rules that judge only some places."""


@lru_cache(maxsize=32)
def taken_apart(rules: tuple[ActiveRule, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[ActiveRule, ...]]:
    """Take rules over turns apart.

    Args:
        rules: the rules.

    Returns:
        The parts that read the first step, those that read the second, and the rules over these parts.
    """
    first, second = _parts(rules, FIRST), _parts(rules, SECOND)
    second += (MARK,) if any(rule.is_placed for rule in rules) else ()
    known = {_text(part): Node(part.kind, "field", frozenset((part_name(prefix, number),)), part_name(prefix, number))
             for prefix, parts in ((FIRST, first), (SECOND, second)) for number, part in enumerate(parts)}
    return first, second, tuple(_rewritten(rule, known) for rule in rules)


def _parts(rules: Sequence[ActiveRule], prefix: str) -> tuple[Node, ...]:
    """The largest parts of the rules' expressions that read one step only, each once."""
    found: dict[str, Node] = {}
    for rule in rules:
        for expression in (*rule.where, *rule.rule.expressions):
            for node in _largest(_grouped(expression.root), prefix):
                found.setdefault(_text(node), node)
    return tuple(found.values())


def _largest(node: Node, prefix: str) -> list[Node]:
    if _side(node) == prefix:
        return [node]
    return [found for child in node.children for found in _largest(child, prefix)]


def _grouped(node: Node) -> Node:
    """The same expression with operands of ``and`` and ``or`` that read the same step joined: fewer parts to tell."""
    children = [_grouped(child) for child in node.children]
    if node.operation in ("and", "or"):
        sides: dict[str, list[Node]] = {}
        for child in children:
            sides.setdefault(_side(child), []).append(child)
        children = [part for side, parts in sides.items()
                    for part in (parts if side == MIXED or len(parts) == 1 else [_joined(node, parts)])]
    return _joined(node, children) if children else node


def _side(node: Node) -> str:
    """Which step a node reads: FIRST, SECOND, or MIXED for both or none."""
    found = {next((side for side in (FIRST, SECOND) if name.startswith(side)), MIXED) for name in node.names}
    return found.pop() if len(found) == 1 else MIXED


def _joined(node: Node, children: Sequence[Node]) -> Node:
    """A node with other operands."""
    names = frozenset().union(*(child.names for child in children))
    return Node(node.kind, node.operation, names, node.value, node.function, tuple(children))


def _text(node: Node) -> str:
    """A text that tells parts apart: equal texts are equal parts."""
    inner = ", ".join(map(_text, node.children)) or f"{node.value}: {node.kind}"
    return f"{node.operation}({inner})"


def part_name(prefix: str, number: int) -> str:
    """The name that a part stands under in the rules over parts."""
    return f"{prefix}{number}"


def _rewritten(rule: ActiveRule, known: dict[str, Node]) -> ActiveRule:
    """The rule with the parts that read one step replaced by fields of their own."""
    def change(node: Node) -> Node:
        found = known.get(_text(node)) if node.names else None
        if found is not None or not node.children:
            return found or node
        return _joined(node, [change(child) for child in node.children])

    return rule.rewritten(lambda root: change(_grouped(root)))
