"""Parameters of a style: their defaults, the values they may take, and values given as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from theorygen.grammar.symbols import BUILT_IN, STANDARD_ATTRIBUTES
from theorygen.rules.expression import BOOLEAN, INTEGER, NUMBER, WORD, Kind, words
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest
from theorygen.source.document import Document, DocumentPath
from theorygen.source.marks import Mark
from theorygen.source.scalars import ScalarError, plain_value

ParameterValue = bool | int | float | str

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Parameter:
    """A knob of a style.

    Attributes:
        name: as used in expressions and after ``--set``.
        default: the value when nothing else is said.
        lowest: smallest number allowed, or None.
        highest: largest number allowed, or None.
        choices: the values allowed; empty when there is no list.
        help: what it does, or "".
    """

    name: str
    default: ParameterValue
    lowest: float | None = None
    highest: float | None = None
    choices: tuple[ParameterValue, ...] = ()
    help: str = ""

    @property
    def kind(self) -> Kind:
        """Kind of its values in expressions."""
        values = (self.default, *self.choices)
        if isinstance(self.default, bool):
            return BOOLEAN
        if isinstance(self.default, str):
            return words(*map(str, self.choices)) if self.choices else WORD
        bounds = [bound for bound in (self.lowest, self.highest) if bound is not None]
        return INTEGER if all(float(value).is_integer() for value in (*values, *bounds)) else NUMBER

    @property
    def allowed(self) -> str:
        """The values allowed, in words."""
        if self.choices:
            return ", ".join(map(_shown, self.choices))
        if self.lowest is not None:
            return f"a {self.kind.name} from {self.lowest:g} to {self.highest:g}"
        return "true or false" if self.kind == BOOLEAN else f"a {self.kind.name}"

    def read(self, text: str) -> ParameterValue:
        """The value a text stands for.

        Raises:
            ValueError: the text is of another kind, or the value is not allowed.
        """
        value = text if self.kind.is_word else _scalar(text)
        if not self.accepts(value):
            raise ValueError(f"'{text}' is not a value of '{self.name}'")
        return int(value) if self.kind == INTEGER and not isinstance(value, str) else value

    def accepts(self, value: Any) -> bool:
        """Whether a value is of the right kind and allowed."""
        if not _same_kind(value, self.kind):
            return False
        if self.choices:
            return value in self.choices
        return self.lowest is None or self.highest is None or self.lowest <= value <= self.highest


def _scalar(text: str) -> Any:
    try:
        return plain_value(text.strip())
    except ScalarError:
        return text


def _same_kind(value: Any, kind: Kind) -> bool:
    if isinstance(value, bool) or kind == BOOLEAN:
        return isinstance(value, bool) and kind == BOOLEAN
    if kind.is_word:
        return isinstance(value, str)
    return isinstance(value, int | float) and (kind == NUMBER or float(value).is_integer())


def _shown(value: ParameterValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_parameters(section: Mapping[str, Mapping[str, Any]], document: Document, found: Diagnostics
                    ) -> dict[str, Parameter]:
    """The parameters of a style, from a section of the right shape; errors go to ``found``."""
    reader = _Reader(document, found)
    read = {name: reader.read(name, data) for name, data in section.items()}
    return {name: parameter for name, parameter in read.items() if parameter is not None}


@dataclass(frozen=True)
class _Reader:
    document: Document
    found: Diagnostics

    def read(self, name: str, data: Mapping[str, Any]) -> Parameter | None:
        """The parameter, also when something is wrong with it, so that expressions may name it."""
        self.check_name(name)
        if "default" not in data:
            self.complain("missing-key", f"the parameter '{name}' has no default", (name,), "default: value",
                          "add a default", key=True)
            return None
        lowest, highest = data.get("range", (None, None))
        parameter = Parameter(name, data["default"], lowest, highest, tuple(data.get("choices", ())),
                              data.get("help", ""))
        if self.check_limits(name, data) and not parameter.accepts(parameter.default):
            self.complain("default-out-of-range", f"the default {_shown(parameter.default)} is not allowed",
                          (name, "default"), parameter.allowed, "change the default, or what is allowed")
        return parameter

    def check_name(self, name: str) -> None:
        taken = (*BUILT_IN, *STANDARD_ATTRIBUTES, "true", "false", "and", "or", "not", "in", "if", "else")
        if not _NAME.fullmatch(name) or name in taken:
            what = "already means something in expressions" if name in taken else "cannot be used in expressions"
            self.complain("parameter-name", f"the name '{name}' {what}", (name,),
                          "lower-case letters, digits and _, such as level or phrase_count",
                          "choose another name", key=True)

    def check_limits(self, name: str, data: Mapping[str, Any]) -> bool:
        """Whether the limits make sense, so that the default can be held against them."""
        before = len(self.found)
        if "range" in data and "choices" in data:
            self.complain("parameter-limits", f"'{name}' has both a range and choices", (name, "choices"),
                          "one of them", "remove one", key=True)
        if "range" in data and data["range"][0] > data["range"][1]:
            low, high = data["range"]
            self.complain("reversed-range", f"the range of '{name}' ends before it begins", (name, "range"),
                          f"[{high:g}, {low:g}]", "write the lower number first")
        if "range" in data and (isinstance(data["default"], bool | str)):
            self.complain("parameter-limits", f"the default of '{name}' is no number, but there is a range",
                          (name, "default"), "a number", "list the values as choices instead of a range")
        return len(self.found) == before

    def complain(self, code: str, message: str, path: DocumentPath, expected: str, remedy: str,
                 key: bool = False) -> None:
        mark = self.document.mark(("parameters", *path), key)
        self.found.add(Diagnostic(code, message, mark, expected, remedy=remedy))


def given_values(parameters: Mapping[str, Parameter], given: Mapping[str, str], found: Diagnostics
                 ) -> dict[str, ParameterValue]:
    """All values: the defaults, and over them the values given as text; errors go to ``found``."""
    values = {name: parameter.default for name, parameter in parameters.items()}
    for name, text in given.items():
        key = name.replace("-", "_")
        if key not in parameters:
            found.add(Diagnostic("unknown-parameter", f"the style has no parameter '{name}'",
                                 _given_mark(name, str(text), is_name=True), ", ".join(parameters) or "no parameter",
                                 nearest(name, parameters), "choose one of the parameters of the style"))
            continue
        try:
            values[key] = parameters[key].read(str(text))
        except ValueError as error:
            found.add(Diagnostic("bad-parameter", str(error), _given_mark(name, str(text)),
                                 parameters[key].allowed, nearest(str(text), map(_shown, parameters[key].choices)),
                                 f"{parameters[key].help or 'give an allowed value'}; default "
                                 f"{_shown(parameters[key].default)}"))
    return values


def _given_mark(name: str, text: str, is_name: bool = False) -> Mark:
    """A place in ``name=value`` as given on the command line."""
    column, length = (1, len(name)) if is_name else (len(name) + 2, len(text))
    return Mark("--set", 1, column, max(length, 1), f"{name}={text}")
