"""What an unquoted YAML word stands for: the core schema of YAML 1.2, without the traps of 1.1.

``no``, ``on`` and ``6:4`` are text. ``012`` is refused, because readers disagree whether it is ten or twelve.
"""

from __future__ import annotations

import re

_BEGINS_NUMBER = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAX_DIGITS = 18

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}

Scalar = str | int | float | bool | None


class ScalarError(ValueError):
    """A number written in a way that may be read in two ways, or not at all.

    Attributes:
        code: kind of mistake, as in diagnostics.
        message: what is wrong.
        remedy: what to write instead.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def plain_value(text: str) -> Scalar:
    """The value of an unquoted scalar.

    Raises:
        ScalarError: it looks like a number but is ambiguous or too long.
    """
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _BEGINS_NUMBER else text


def _number(text: str) -> int | float | str:
    if _LEADING_ZERO.fullmatch(text):
        plain = text.lstrip("+-0") or "0"
        raise ScalarError("leading-zero", f"'{text}' begins with a zero, which some readers take for octal",
                          f"write {plain}, or '{text}' in quotes for text")
    if not _DECIMAL.fullmatch(text):
        return text
    if len(text) > _MAX_DIGITS:
        raise ScalarError("number-too-long", "this number has too many digits",
                          f"write it with at most {_MAX_DIGITS} characters, or in quotes for text")
    return int(text) if _INTEGER.fullmatch(text) else float(text)
