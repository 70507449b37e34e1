"""What is given to be realised or counted: options that several commands share, and the task they make.

A kind of material is an entry in MATERIALS: the field of `Inputs` that names it, and what reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli import completion
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError

if TYPE_CHECKING:
    from theorygen.compose.progression import Progression
    from theorygen.compose.tasks import Task
    from theorygen.grammar.style import Style
    from theorygen.theory import Meter

DEFAULT_STYLE = "textbook-chorale"

StyleOption = Annotated[str, typer.Option(
    "--style", metavar="STYLE", help="A style that ships, or the path of a style file.",
    autocompletion=completion.styles)]
RomanOption = Annotated[str | None, typer.Option(
    "--roman", metavar="CHORDS",
    help='Roman numerals, one a beat: "C: I V6 {ii6|IV} V:2 I // I vi G: ii V I". V:2 lasts two quarters, braces leave '
         'a chord open, // ends a phrase, a chord written again in a new key is a pivot.')]
RomanFileOption = Annotated[str | None, typer.Option(
    "--roman-file", metavar="FILE", help="Roman numerals with measures, meters and pivots, in RomanText.")]
MeterOption = Annotated[str | None, typer.Option(
    "--meter", metavar="METER", help="Time signature of --roman; default the first of the style.")]


@dataclass(frozen=True)
class Inputs:
    """What a command is given.

    Attributes:
        style: name or path of the style.
        settings: values of parameters, as ``name=value``.
        roman: Roman numerals on one line, or None.
        roman_file: path of a RomanText file, or None.
        meter: time signature as given, or None.
    """

    style: str = DEFAULT_STYLE
    settings: Sequence[str] = ()
    roman: str | None = None
    roman_file: str | None = None
    meter: str | None = None

    @property
    def materials(self) -> list[str]:
        """The kinds of material given, by the names of their fields."""
        return [name for name in MATERIALS if getattr(self, name) is not None]

    def check(self, found: Diagnostics) -> None:
        """Refuse no material or several; whatever is wrong goes to ``found``."""
        options = [_option(name) for name in MATERIALS]
        if len(self.materials) > 1:
            given = " and ".join(map(_option, self.materials))
            found.add(Diagnostic("two-materials", f"{given} both say what is to be voiced", None, "one of them",
                                 remedy="leave out all but one"))
        elif not self.materials:
            found.add(Diagnostic("no-material", "nothing is given to be voiced", None, ", ".join(options),
                                 remedy='such as --roman "C: I V6 I IV ii6 V7 I"'))
        if self.meter is not None and self.roman is None and self.materials:
            found.add(Diagnostic("no-meter-here", f"--meter is for --roman; {_option(self.materials[0])} has its own",
                                 remedy="leave out --meter"))

    def task(self) -> Task:
        """The material as a task in the style.

        Raises:
            InputError: the style, a parameter or the material is wrong.
        """
        from theorygen.grammar.style import load_style

        style = load_style(self.style)
        if style.ensemble is None:
            raise InputError(Diagnostic("abstract-style", f"style '{style.name}' is only a base for other styles",
                                        expected="a style with an ensemble",
                                        remedy="name a style that extends it, such as textbook-chorale"))
        return MATERIALS[self.materials[0]](self, style)


def _option(name: str) -> str:
    """The option of a field."""
    return f"--{name.replace('_', '-')}"


def _roman(inputs: Inputs, style: Style) -> Task:
    """A line of Roman numerals."""
    from theorygen.cli.options import read_settings
    from theorygen.compose.roman_line import parse_roman_line
    from theorygen.grammar.lengths import Lengths
    from theorygen.grammar.style import resolve_parameters

    assert inputs.roman is not None and style.ensemble is not None
    found = Diagnostics()
    settings = read_settings(inputs.settings, found)
    meter = _meter(inputs, style, found)
    found.raise_errors()
    unit = Lengths(style, resolve_parameters(style, settings)).unit(meter)
    return parse_roman_line(inputs.roman, style.ensemble, meter, unit).task(style)


def _meter(inputs: Inputs, style: Style, found: Diagnostics) -> Meter:
    """The meter asked for, or the first of the style."""
    from theorygen.cli.running import theory_diagnostic
    from theorygen.theory import Meter, TheoryError

    usual = style.meters[0] if style.meters else Meter(4, 4)
    try:
        return usual if inputs.meter is None else Meter.parse(inputs.meter)
    except TheoryError as error:
        found.add(theory_diagnostic(error, "--meter"))
        return usual


def _roman_file(inputs: Inputs, style: Style) -> Task:
    """A file in RomanText."""
    from theorygen.compose.roman_file import progression_of
    from theorygen.score.roman_text import parse_roman_text
    from theorygen.theory import Meter

    assert inputs.roman_file is not None
    text = parse_roman_text(_text(inputs.roman_file), inputs.roman_file)
    progression: Progression = progression_of(text, style.meters[0] if style.meters else Meter(4, 4))
    return progression.task(style)


def _text(path: str) -> str:
    """The text of a file.

    Raises:
        InputError: there is no such file, or it is no text.
    """
    from pathlib import Path

    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        message = "it is not text in UTF-8"
    except OSError as error:
        message = (error.strerror or "unreadable").lower()
    raise InputError(Diagnostic("unreadable", f"'{path}' cannot be read: {message}", None, "a text file in RomanText",
                                remedy="check the name"))


MATERIALS: Mapping[str, Callable[[Inputs, Style], Task]] = {"roman": _roman, "roman_file": _roman_file}
"""Kinds of material by the field of `Inputs`, and what makes a task of each."""
