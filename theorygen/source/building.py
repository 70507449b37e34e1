"""Builds plain data and places from YAML events, in one pass without recursion.

No nesting can exhaust the stack, and the limits on size and depth count what aliases stand for.
"""

from __future__ import annotations

from typing import Any, NoReturn

import yaml

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.source.nearest import nearest
from theorygen.source.opened import Finished, Open
from theorygen.source.places import Place, Text
from theorygen.source.scalars import Scalar, ScalarError, plain_value

MAX_NODES = 20_000
MAX_DEPTH = 60
MAX_DIAGNOSTICS = 100


class Builder:
    """Turns a stream of events into data and places, and collects what is wrong with them."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.found = Diagnostics()
        self.stack: list[Open] = []
        self.anchors: dict[str, Finished | None] = {}
        self.root: Finished | None = None
        self.size = 0
        self.last: Any = None

    def result(self) -> Finished:
        """The whole document.

        Raises:
            InputError: everything found wrong.
        """
        self.found.raise_errors()
        if self.root is None or (self.root.data is None and self.root.place.is_empty):
            self.stop(Diagnostic("empty-file", "the file holds no data", self.text.at(0, 0),
                                 "'key: value' lines", remedy="begin with 'theorygen new my-style.yaml'"))
        return self.root

    def stop(self, diagnostic: Diagnostic) -> NoReturn:
        """Raise this together with everything found before."""
        self.found.add(diagnostic)
        raise InputError(self.found)

    def take(self, event: Any) -> None:
        """One more event.

        Raises:
            InputError: reading on makes no sense.
        """
        kind = type(event)
        self.last = event
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            self._open(event, Open({}, Place(event, event.end_mark, {}), event.anchor))
        elif kind is yaml.SequenceStartEvent:
            self._open(event, Open([], Place(event, event.end_mark, []), event.anchor))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(event)
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            self.stop(self._diagnostic(event, "several-documents", "a second document begins here",
                                       "keep one style in each file", "one document"))

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        if self.stack and self.stack[-1].wants_key:
            self._key(event, self.stack[-1])
            return
        value = self._value(event) if event.implicit[0] else event.value
        done = Finished(value, Place(event, event.end_mark))
        if event.anchor is not None:
            self.anchors[event.anchor] = done
        self._attach(event, done)

    def _value(self, event: Any) -> Scalar:
        try:
            return plain_value(event.value)
        except ScalarError as error:
            self._report(event, error.code, error.message, error.remedy)
            return 0

    def _key(self, event: Any, top: Open) -> None:
        key, plain = event.value, event.implicit[0]
        top.key, top.keep = event, key not in top.data
        if not top.keep:
            first = top.place.items[key][0]
            mark = self.text.between(first.start_mark, first.end_mark)
            self._report(event, "duplicate-key", f"the key '{key}' is already at {mark}",
                         "remove one of them, or join their contents")
        elif key == "" and plain:
            self._report(event, "empty-key", "a key is missing before ':'", "write 'key: value'")
        elif key == "<<" and plain:
            self._report(event, "merge-key", "merge keys ('<<') are not used here",
                         "use 'extends: other-style', or repeat the lines")

    def _open(self, event: Any, new: Open) -> None:
        self._refuse_tag(event)
        if self.stack and self.stack[-1].wants_key:
            self.stop(self._diagnostic(event, "key-not-text", "a list or mapping cannot be a key",
                                       "put quotes around a key that begins with { or [", "a text"))
        if len(self.stack) >= MAX_DEPTH:
            self._too_deep(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.stack.append(new)

    def _close(self, event: Any) -> None:
        top = self.stack.pop()
        top.place.end = event.end_mark
        done = Finished(top.data, top.place, top.size, top.height)
        if top.anchor is not None:
            self.anchors[top.anchor] = done
        self._attach(event, done)

    def _alias(self, event: Any) -> None:
        if self.stack and self.stack[-1].wants_key:
            self.stop(self._diagnostic(event, "key-not-text", "an alias cannot be a key",
                                       "write the key out", "a text"))
        named = self._named(event)
        if len(self.stack) + named.height > MAX_DEPTH:
            self._too_deep(event)
        self._attach(event, named, counted=named.size)

    def _named(self, event: Any) -> Finished:
        name = event.anchor
        if name not in self.anchors:
            message = f"nothing is named '&{name}' before this place"
            self.stop(self._diagnostic(event, "unknown-anchor", message,
                                       f"put the text in quotes if '*{name}' is meant as text",
                                       near=nearest(name, self.anchors)))
        named = self.anchors[name]
        if named is None:
            self.stop(self._diagnostic(event, "alias-loop", f"'*{name}' would contain itself",
                                       "write out what is meant"))
        return named

    def _attach(self, event: Any, done: Finished, counted: int = 1) -> None:
        """Put a finished value where it belongs, and count it."""
        self.size += counted
        if self.size > MAX_NODES:
            message = f"the file holds more than {MAX_NODES} values, counting what aliases stand for"
            self.stop(self._diagnostic(event, "too-many-values", message,
                                       "split the file, or use fewer aliases"))
        if self.stack:
            self.stack[-1].put(done)
        else:
            self.root = done

    def _too_deep(self, event: Any) -> NoReturn:
        self.stop(self._diagnostic(event, "too-deep", f"values are nested more than {MAX_DEPTH} deep",
                                   "flatten the structure; check for stray brackets"))

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            self._report(event, "unknown-tag", "'!' begins a tag, and tags are not used here",
                         "remove the tag, or put the whole text in quotes")

    def _report(self, event: Any, code: str, message: str, remedy: str) -> None:
        self.found.add(self._diagnostic(event, code, message, remedy))
        if len(self.found) >= MAX_DIAGNOSTICS:
            raise InputError(self.found)

    def _diagnostic(self, event: Any, code: str, message: str, remedy: str, expected: str = "",
                    near: str | None = None) -> Diagnostic:
        mark = self.text.between(event.start_mark, event.end_mark)
        return Diagnostic(code, message, mark, expected, near, remedy)
