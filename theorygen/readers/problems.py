"""Errors about a file as a whole, and about a place in a text."""

from __future__ import annotations

from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark
from theorygen.theory import TheoryError

EXPORT = "open it in the program it comes from and export it again"


def bad_file(code: str, name: str, message: str, expected: str = "", remedy: str = EXPORT) -> InputError:
    """Something wrong with a file as a whole.

    Args:
        code: stable name of the kind of mistake.
        name: of the file, as the user gave it.
        message: what was found.
        expected: what could have been there.
        remedy: what to do.
    """
    shown = name if name.isprintable() else repr(name)
    return InputError(Diagnostic(code, message, Mark(shown), expected, remedy=remedy))


def bad_place(code: str, name: str, text: str, error: TheoryError, remedy: str) -> InputError:
    """Something wrong at a position in a text, with the line it stands in."""
    position = min(error.position, len(text)) if error.text == text else 0
    start = text.rfind("\n", 0, position) + 1
    line = text[start:].split("\n", 1)[0]
    mark = Mark(name, text.count("\n", 0, position) + 1, position - start + 1, 1, line)
    return InputError(Diagnostic(code, error.message, mark, error.expected, error.nearest, remedy))
