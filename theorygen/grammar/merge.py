"""Merges style files: what a style extends below, the style above, every value knowing where it was written.

Parameters, rules, lexicon, surface and sampling merge by name, grammars by head; claims, attributes
and what is accepted add up; all else is replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.document import Document, DocumentPath
from theorygen.source.marks import Mark

_OWN = ("theorygen", "title", "description", "abstract", "extends")
_GRAMMARS = ("form", "harmony")
_BY_NAME = ("lexicon", "surface", "sampling")
_LISTS = ("claims", "attributes", "accepted")
_EXCLUDE = {"range": "choices", "choices": "range", "weight": "strength", "strength": "weight"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a merged value was written.

    Attributes:
        document: the file.
        path: keys and indexes in that file.
        is_key: whether the value is the last key of the path and not what stands under it.
        parts: for a value put together from several places, where each part was written.
    """

    document: Document
    path: DocumentPath = ()
    is_key: bool = False
    parts: Mapping[str | int, Origin] | None = None

    def child(self, step: str | int) -> Origin:
        """Where a part was written."""
        if self.parts is not None and step in self.parts:
            return self.parts[step]
        return Origin(self.document, (*self.path, step))


class MergedDocument(Document):
    """The data of several files merged; answers for places like a single document."""

    def __init__(self, name: str, data: Any, origin: Origin) -> None:
        self.name = name
        self.data = data
        self.origin = origin

    def mark(self, path: DocumentPath = (), key: bool = False) -> Mark:
        """The place of a value, or with ``key`` of the key before it, in the file that wrote it."""
        origin, rest = self._find(path)
        return origin.document.mark((*origin.path, *rest), key or (origin.is_key and not rest))

    def mark_inside(self, path: DocumentPath, offset: int, length: int = 1) -> Mark:
        """A place inside a scalar value."""
        origin, rest = self._find(path)
        document = origin.document
        find = document.mark_inside_key if origin.is_key and not rest else document.mark_inside
        return find((*origin.path, *rest), offset, length)

    def mark_inside_key(self, path: DocumentPath, offset: int, length: int = 1) -> Mark:
        """A place inside the last key of a path."""
        origin, rest = self._find(path)
        return origin.document.mark_inside_key((*origin.path, *rest), offset, length)

    def _find(self, path: DocumentPath) -> tuple[Origin, DocumentPath]:
        """The innermost origin on a path, and what is left of the path below it."""
        origin = self.origin
        for index, step in enumerate(path):
            if origin.parts is None or step not in origin.parts:
                return origin, path[index:]
            origin = origin.parts[step]
        return origin, ()


@dataclass(frozen=True, slots=True)
class _Node:
    """A value with its origin."""

    data: Any
    origin: Origin

    def child(self, key: str | int) -> _Node:
        return _Node(self.data[key], self.origin.child(key))

    def children(self) -> dict[str, _Node]:
        return {key: self.child(key) for key in self.data}


def merge_documents(documents: Iterable[Document], found: Diagnostics) -> MergedDocument:
    """Merge style files, each over those before it.

    Args:
        documents: files of the right shape, the most general first, the style itself last.
        found: takes errors about heads that are not there to be changed.
    """
    merged: dict[str, _Node] = {}
    for document in documents:
        last = document
        own = _Node(document.data, Origin(document)).children()
        merged = {key: node for key, node in merged.items() if key not in _OWN}
        for key, node in own.items():
            merged[key] = _merge_section(key, merged.get(key), node, found)
    whole = _joined(merged, Origin(last))
    return MergedDocument(last.name, whole.data, whole.origin)


def _joined(parts: Mapping[Any, _Node], origin: Origin) -> _Node:
    """A mapping put together from nodes."""
    places = {key: node.origin for key, node in parts.items()}
    data = {key: node.data for key, node in parts.items()}
    return _Node(data, Origin(origin.document, origin.path, False, places))


def _merge_section(key: str, base: _Node | None, over: _Node, found: Diagnostics) -> _Node:
    if key in _GRAMMARS:
        return _merge_grammar(base.children() if base else {}, over, found)
    if base is None:
        return over
    if key == "rules":
        return _merge_rules(base, over)
    if key == "parameters":
        return _merge_mapping(base, over, depth=2)
    if key in _BY_NAME:
        return _merge_mapping(base, over)
    return _appended(base, over) if key in _LISTS else over


def _merge_mapping(base: _Node, over: _Node, depth: int = 60) -> _Node:
    """``over`` replaces values of ``base`` by key, inner mappings recursively; contrary keys drop each other."""
    merged = base.children()
    for key, node in over.children().items():
        merged.pop(_EXCLUDE.get(key, ""), None)
        below = merged.get(key)
        both = below is not None and isinstance(below.data, dict) and isinstance(node.data, dict)
        merged[key] = _merge_mapping(below, node, depth - 1) if both and below and depth > 1 else node
    return _joined(merged, over.origin)


def _appended(base: _Node, over: _Node) -> _Node:
    items = [node.child(index) for node in (base, over) for index in range(len(node.data))]
    return _list_of(items, over.origin)


def _list_of(items: list[_Node], origin: Origin) -> _Node:
    places: dict[str | int, Origin] = {index: item.origin for index, item in enumerate(items)}
    return _Node([item.data for item in items], Origin(origin.document, origin.path, False, places))


# rules


def _merge_rules(base: _Node, over: _Node) -> _Node:
    merged = base.children()
    for name, node in over.children().items():
        merged[name] = _merge_rule(merged[name], node) if name in merged and name != "use" else node
    return _joined(merged, over.origin)


def _merge_rule(base: _Node, over: _Node) -> _Node:
    """A patch over what was said before; a strength over a strength, or a whole new rule, replaces it."""
    scalars = not isinstance(base.data, dict) and not isinstance(over.data, dict)
    if scalars or (isinstance(over.data, dict) and "over" in over.data):
        return over
    return _merge_mapping(_as_patch(base), _as_patch(over))


def _as_patch(node: _Node) -> _Node:
    """``20`` as ``{strength: 20}``."""
    return node if isinstance(node.data, dict) else _joined({"strength": node}, node.origin)


# grammars


def _merge_grammar(base: dict[str, _Node], over: _Node, found: Diagnostics) -> _Node:
    merged = dict(base)
    for text, node in over.children().items():
        name = _squeezed(text)
        adds = name.endswith("+")
        wanted = name.removesuffix("+")
        known = next((head for head in merged if _squeezed(head) == wanted), None)
        if known is None and (adds or node.data is None):
            found.add(_no_such_head(wanted, merged, node))
        elif node.data is None:
            merged.pop(known or "")
        elif known is not None and adds:
            merged[known] = _add_alternatives(merged[known], node)
        else:
            merged[known or text] = node
    return _joined(merged, over.origin)


def _squeezed(head: str) -> str:
    return "".join(head.split())


def _no_such_head(name: str, heads: Iterable[str], node: _Node) -> Diagnostic:
    mark = node.origin.document.mark(node.origin.path, key=True)
    return Diagnostic("unknown-head", f"there is no inherited head '{name}' to change", mark,
                      ", ".join(heads) or "a head of a style that this one extends", nearest(name, heads),
                      "write 'Head: alternatives' for a new head")


def _add_alternatives(base: _Node, more: _Node) -> _Node:
    if isinstance(base.data, dict) and isinstance(more.data, dict):
        return _joined({**base.children(), **more.children()}, more.origin)
    return _list_of([*_listed(base), *_listed(more)], more.origin)


def _listed(node: _Node) -> list[_Node]:
    """Alternatives of any form as items of a list."""
    if isinstance(node.data, list):
        return [node.child(index) for index in range(len(node.data))]
    if isinstance(node.data, str):
        return [node]
    return [_written_out(text, terms) for text, terms in node.children().items()]


def _written_out(text: str, terms: _Node) -> _Node:
    """``text: terms`` as ``{to: text, weight: ...}``."""
    origin = terms.origin
    to = _Node(text, Origin(origin.document, origin.path, is_key=True))
    rest = terms.children() if isinstance(terms.data, dict) else {"weight": terms}
    return _joined({"to": to, **rest}, origin)
