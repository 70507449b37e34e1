"""Options that several commands share, and the reading of what was given to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli import completion
from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.source.marks import Mark

if TYPE_CHECKING:
    from theorygen.compose.composition import Composer
    from theorygen.theory import Key

StyleArgument = Annotated[str, typer.Argument(
    metavar="STYLE", help="A style that ships, or the path of a style file.", autocompletion=completion.styles)]
SeedOption = Annotated[str, typer.Option("--seed", metavar="NUMBER", help="The same seed gives the same piece.")]
KeyOption = Annotated[str | None, typer.Option("--key", metavar="KEY", help='Home key: "G minor", Eb; a is A minor.')]
SetOption = Annotated[list[str] | None, typer.Option(
    "--set", metavar="NAME=VALUE", help="Value of a parameter of the style; may be repeated.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_MOST_DIGITS = 100


@dataclass(frozen=True)
class Request:
    """Which piece is asked for.

    Attributes:
        style: name or path of the style.
        seed: number of the piece, or of the first one.
        key: home key, or None for one of the style's.
        parameters: texts given for parameters.
    """

    style: str
    seed: int
    key: Key | None
    parameters: dict[str, str]

    def composer(self) -> Composer:
        """Everything that composes these pieces.

        Raises:
            InputError: the style or a parameter is wrong.
        """
        from theorygen.compose.composition import Composer
        from theorygen.grammar.style import load_style

        return Composer(load_style(self.style), self.parameters)


def read_request(style: str, seed: str, key: str | None, settings: Sequence[str] | None, found: Diagnostics) -> Request:
    """The piece that options ask for; whatever is wrong goes to ``found``."""
    return Request(style, read_number("--seed", seed, found) or 0, read_key(key, found),
                   read_settings(settings or (), found))


def read_number(option: str, text: str, found: Diagnostics, least: int | None = None) -> int | None:
    """A whole number given to an option, or None with the reason in ``found``."""
    expected = "a whole number" if least is None else f"a whole number of at least {least}"
    plain = text.strip().removeprefix("-").isdecimal() and len(text) <= _MOST_DIGITS
    if plain and (least is None or int(text) >= least):
        return int(text)
    what = f"is below {least}" if plain else "is not a whole number"
    found.add(_given(option, text, "not-a-number", f"'{text[:_MOST_DIGITS]}' {what}", expected, f"such as {option} 7"))
    return None


MOST_ACCIDENTALS = 7
"""A key signature has no more."""


def read_key(text: str | None, found: Diagnostics) -> Key | None:
    """A key given with ``--key``, or None."""
    from theorygen.cli.running import theory_diagnostic
    from theorygen.theory import Key, TheoryError

    try:
        key = None if text is None else Key.parse(text)
    except TheoryError as error:
        found.add(theory_diagnostic(error, "--key"))
        return None
    if key and text and abs(key.signature) > MOST_ACCIDENTALS:
        found.add(_given("--key", text, "key-out-of-range", f"{key} needs {abs(key.signature)} accidentals",
                         f"a key of at most {MOST_ACCIDENTALS}", "name the key that sounds the same"))
    return key


def read_settings(settings: Sequence[str], found: Diagnostics) -> dict[str, str]:
    """Parameters given as ``--set name=value``."""
    values: dict[str, str] = {}
    for text in settings:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            found.add(_given("--set", text, "no-equals", f"'{text}' does not set anything", "name=value",
                             "write --set phrases=4, without spaces"))
        elif name in values:
            found.add(_given("--set", text, "set-twice", f"'{name}' is set twice", "one value", "remove one of them"))
        values[name] = value
    return values


def _given(option: str, text: str, code: str, message: str, expected: str, remedy: str) -> Diagnostic:
    """Something wrong with the whole text given to an option."""
    return Diagnostic(code, message, Mark(option, 1, 1, max(len(text), 1), text), expected, remedy=remedy)
