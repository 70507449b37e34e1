"""Says what is wrong with the shape of a style file in a theorist's words, with the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from theorygen.grammar.json_schema import expected_at, keys_at
from theorygen.grammar.schema import StyleFile
from theorygen.source.diagnostic import Diagnostic, nearest
from theorygen.source.document import Document, DocumentPath

_Error = Mapping[str, Any]


_READ_WITH = {
    "parameters": ("form", "harmony", "goal", "phrase-length", "pickup", "unit"),
    "form": ("harmony", "goal"), "harmony": ("form",), "goal": ("form",), "ensemble": ("form", "harmony"),
}
"""Sections that cannot be judged when another cannot be read."""


def shape_diagnostics(document: Document) -> list[Diagnostic]:
    """Everything wrong with the shape of a style file: unknown and missing keys, values of another kind."""
    return [_diagnostic(document, error) for error in _errors(document)]


def sections_to_read(document: Document) -> dict[str, Any]:
    """The sections of a style file whose shape is right, so that what they say can be judged in any case."""
    wrong = {str(path[0]) for error in _errors(document) if (path := _path(error["loc"]))}
    wrong |= {section for name in wrong for section in _READ_WITH.get(name, ())}
    data = document.data if isinstance(document.data, Mapping) else {}
    return {name: value for name, value in data.items() if name not in wrong}


def _errors(document: Document) -> list[Any]:
    try:
        StyleFile.model_validate(document.data)
    except ValidationError as errors:
        return list(errors.errors(include_url=False))
    return []


def _diagnostic(document: Document, error: _Error) -> Diagnostic:
    path = _path(error["loc"])
    say = _SAY.get(error["type"], _wrong_type)
    return say(document, path, error)


def _path(location: tuple[str | int, ...]) -> DocumentPath:
    """Pydantic's location without the names of union members."""
    return tuple(step for step in location if not (isinstance(step, str) and step.startswith("<")))


def _unknown_key(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    known = keys_at(path[:-1])
    return Diagnostic("unknown-key", f"unknown key '{path[-1]}'", document.mark(path, key=True),
                      ", ".join(known), nearest(str(path[-1]), known), "remove the key, or correct its name")


def _missing_key(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    owner = f"in '{path[-2]}'" if len(path) > 1 and isinstance(path[-2], str) else "here"
    mark = document.mark(path[:-1], key=True)
    return Diagnostic("missing-key", f"the key '{path[-1]}' is missing {owner}", mark,
                      expected_at(path), remedy=f"add '{path[-1]}: ...'")


def _out_of_range(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    return Diagnostic("out-of-range", f"{_name(path)} is {_kind(error['input'])}", document.mark(path),
                      expected_at(path), remedy="choose another number")


def _unknown_word(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    words = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    return Diagnostic("unknown-word", f"{_name(path)} is {_kind(error['input'])}", document.mark(path),
                      expected_at(path), nearest(str(error["input"]), words), "use one of the words expected")


def _wrong_length(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    count = error["ctx"]["actual_length"]
    found = f"{_name(path)} is empty" if count == 0 else f"{_name(path)} has {count} items"
    return Diagnostic("wrong-length", found, document.mark(path), expected_at(path),
                      remedy="add or remove items")


def _wrong_type(document: Document, path: DocumentPath, error: _Error) -> Diagnostic:
    value = error["input"]
    remedy = "put the text in quotes" if _wants_text(error) and isinstance(value, bool | int | float) else ""
    if error["type"] == "bool_type":
        remedy = "write true or false"
    return Diagnostic("wrong-type", f"{_name(path)} is {_kind(value)}", document.mark(path),
                      expected_at(path), remedy=remedy or "write what is expected here")


def _wants_text(error: _Error) -> bool:
    return bool(error["type"] in ("string_type", "wrong-type"))


_SAY: dict[str, Callable[[Document, DocumentPath, _Error], Diagnostic]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "greater_than_equal": _out_of_range,
    "greater_than": _out_of_range,
    "finite_number": _out_of_range,
    "literal_error": _unknown_word,
    "too_short": _wrong_length,
    "too_long": _wrong_length,
}


def _name(path: DocumentPath) -> str:
    if not path:
        return "the file"
    return f"'{path[-1]}'" if isinstance(path[-1], str) else f"item {path[-1] + 1}"


def _kind(value: Any) -> str:
    """What a YAML value is, in words."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value:g}"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:37] + '...'}'"
    return "empty" if value is None else "a list" if isinstance(value, list) else "a mapping"
