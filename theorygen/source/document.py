"""A YAML text as plain data that knows the place of every key and value."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from theorygen.source.building import Builder
from theorygen.source.diagnostic import Diagnostic
from theorygen.source.marks import Mark
from theorygen.source.opened import Finished
from theorygen.source.places import Place, Text
from theorygen.source.reading import check_characters, read_text
from theorygen.source.syntax_errors import UNCLOSED_QUOTE, wording

DocumentPath = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document:
    """The data of a YAML text, and where each piece of it stands.

    Places are many more objects than data, and few texts have mistakes to point at: the text is read again for its
    places when one is asked for.

    Attributes:
        name: the file, as the user gave it.
        data: plain dicts, lists and scalars; keys are always text. Not to be changed: aliases share it.
    """

    def __init__(self, text: Text, data: Any) -> None:
        self.name = text.name
        self.data = data
        self._text = text

    @cached_property
    def _root(self) -> Place:
        return _built(self._text).place

    def with_data(self, data: Any) -> Document:
        """The same text with some of its data."""
        other = copy(self)
        other.data = data
        return other

    def mark(self, path: DocumentPath = (), key: bool = False) -> Mark:
        """The place of a value, or with ``key`` of the key before it.

        A path that leads nowhere gives the key of the innermost value it reaches, an empty value its key.
        """
        key_event, place, reached = self._locate(path)
        if key_event is not None and (key or not reached or place.is_empty):
            return self._text.between(key_event.start_mark, key_event.end_mark)
        return self._text.between(place.event.start_mark, place.end)

    def mark_inside(self, path: DocumentPath, offset: int, length: int = 1) -> Mark:
        """The place of ``length`` characters, beginning at ``offset``, inside a scalar value."""
        _, place, reached = self._locate(path)
        return self._text.inside(place.event, offset, length) if reached else self.mark(path)

    def mark_inside_key(self, path: DocumentPath, offset: int, length: int = 1) -> Mark:
        """The place of ``length`` characters, beginning at ``offset``, inside the last key of a path."""
        event, _, reached = self._locate(path)
        if not reached or event is None:
            return self.mark(path, key=True)
        return self._text.inside(event, offset, length)

    def _locate(self, path: DocumentPath) -> tuple[Any, Place, bool]:
        """Event of the last key passed, place of the last value reached, and whether the whole path was."""
        key_event, place = None, self._root
        for step in path:
            items = place.items
            if isinstance(items, dict) and str(step) in items:
                key_event, place = items[str(step)]
            elif isinstance(items, list) and isinstance(step, int) and 0 <= step < len(items):
                key_event, place = None, items[step]
            else:
                return key_event, place, False
        return key_event, place, True


def load_document(path: Path | str, name: str | None = None) -> Document:
    """Read one YAML file.

    Args:
        path: the file.
        name: how to call it in errors; default the path as given.

    Raises:
        InputError: all that is wrong with the file and its YAML.
    """
    name = str(path) if name is None else name
    return _parse(read_text(path, name), name)


def parse_document(text: str, name: str) -> Document:
    """Read one YAML document from a text.

    Raises:
        InputError: all that is wrong with its YAML.
    """
    check_characters(text, name)
    return _parse(text, name)


def _parse(content: str, name: str) -> Document:
    text = Text(name, content)
    return Document(text, _built(text).data)


def _built(text: Text) -> Finished:
    """The data of a text and its places.

    Raises:
        InputError: all that is wrong with its YAML.
    """
    builder = Builder(text)
    try:
        for event in _events(text.text):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.stop(_runaway_quote(builder.last, error, text) or _syntax_diagnostic(error, text))
    return builder.result()


def _events(content: str) -> Iterator[Any]:
    events: Iterator[Any] = yaml.parse(content, Loader=_LOADER)
    return events


def _runaway_quote(last: Any, error: yaml.YAMLError, text: Text) -> Diagnostic | None:
    """When reading fails behind a quoted text of several lines, its first quote was most likely left open."""
    if not isinstance(last, yaml.ScalarEvent) or last.style not in ("'", '"'):
        return None
    start, end, place = last.start_mark, last.end_mark, getattr(error, "problem_mark", None)
    if start is None or end is None or place is None or start.line == end.line or place.line != end.line:
        return None
    return Diagnostic(UNCLOSED_QUOTE.code, UNCLOSED_QUOTE.message, text.at(start.line, start.column),
                      UNCLOSED_QUOTE.expected, remedy=UNCLOSED_QUOTE.remedy)


def _syntax_diagnostic(error: yaml.YAMLError, text: Text) -> Diagnostic:
    place = getattr(error, "problem_mark", None)
    sign = text.text[place.index : place.index + 1] if place else ""
    words = wording(error, sign)
    if words.at_start:
        place = getattr(error, "context_mark", None) or place
    mark = text.at(place.line, place.column) if place else text.at(0, 0)
    return Diagnostic(words.code, words.message, mark, words.expected, remedy=words.remedy)
