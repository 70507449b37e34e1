"""Tables of the keys in JSON Schemas: the style file's and the composition's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.markdown import anchor, code, sentence, table

Schema = Mapping[str, Any]

_PATTERNS = {r"^-?\d+(/\d+)?$": "time", r"^\d+$": "digits"}
"""What texts of some form are called."""


def keys_table(schema: Schema) -> str:
    """The keys of a mapping, each with what may stand there."""
    needed = schema.get("required", ())
    rows = [[f"{code(name)}{', needed' if name in needed else ''}", _said(one)]
            for name, one in schema.get("properties", {}).items()]
    return table(["key", "what stands there"], rows)


def typed_table(schema: Schema) -> str:
    """The keys of an object, each with its type and meaning."""
    needed = schema.get("required", ())
    rows = [[code(name), _type(one), "" if name in needed else "may be missing", str(one.get("description", ""))]
            for name, one in schema.get("properties", {}).items()]
    return table(["key", "type", "", "meaning"], rows)


def chapters(schema: Schema, known: frozenset[str] = frozenset()) -> str:
    """A chapter for the whole object and for each object inside it, but for those that are known."""
    found = [f"### {schema['title']}\n\n{schema.get('description', '')}\n\n{typed_table(schema)}"]
    for name, one in schema["$defs"].items():
        if name in known:
            continue
        title = name.removesuffix("Model")
        found.append(f"### {title}\n\n{one.get('description', '')}\n\n{typed_table(one)}")
    return "\n".join(found)


def _said(schema: Schema) -> str:
    text = str(schema.get("description", ""))
    return sentence(text)


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        title = schema["$ref"].rsplit("/", 1)[1].removesuffix("Model")
        return f"[{title}](#{anchor(title)})"
    if "const" in schema:
        return code(f'"{schema["const"]}"' if isinstance(schema["const"], str) else str(schema["const"]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        pair = schema.get("prefixItems")
        return f"[{', '.join(map(_type, pair))}]" if pair else f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"names to {_type(inner)}" if isinstance(inner, dict) and inner else "object"
    return _PATTERNS.get(schema.get("pattern", ""), str(schema.get("type", "any")))
