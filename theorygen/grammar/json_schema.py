"""The JSON Schema of a style file, for editors, and what it says about one place in a file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from theorygen.grammar.schema import StyleFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_Node = dict[str, Any]


def json_schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that every style file satisfies; a new copy each time."""
    schema = StyleFile.model_json_schema(by_alias=True)
    description = "a mapping that begins with 'theorygen: 1'"
    head = {"$schema": DIALECT, "title": "theorygen style", "description": description}
    return {**schema, **head}


@cache
def _whole() -> _Node:
    return json_schema()


def expected_at(path: tuple[str | int, ...]) -> str:
    """What may stand at a place, as a phrase; "" when the schema does not say."""
    nodes = _nodes_at(path)
    described = [node for node in (*nodes, *(plain for node in nodes for plain in _plain(node)))
                 if node.get("description")]
    return str(described[0]["description"]) if described else ""


def keys_at(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys a mapping at a place may have."""
    keys: dict[str, None] = {}
    for node in _nodes_at(path):
        for plain in _plain(node):
            keys.update(dict.fromkeys(plain.get("properties", ())))
    return tuple(keys)


def _nodes_at(path: tuple[str | int, ...]) -> list[_Node]:
    nodes = [_whole()]
    for step in path:
        nodes = [below for node in nodes for plain in _plain(node) for below in _below(plain, step)]
    return nodes


def _plain(node: _Node) -> Iterator[_Node]:
    """The alternatives a schema stands for, without references and unions."""
    if "$ref" in node:
        yield from _plain(_whole()["$defs"][node["$ref"].rsplit("/", 1)[1]])
    alternatives = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    for alternative in alternatives:
        yield from _plain(alternative)
    if not alternatives and "$ref" not in node:
        yield node


def _below(node: _Node, step: str | int) -> Iterator[_Node]:
    if step in node.get("properties", {}):
        yield node["properties"][step]
    elif isinstance(step, str) and isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]
    elif isinstance(step, int) and isinstance(node.get("items"), dict):
        yield node["items"]
