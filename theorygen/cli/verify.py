"""``theorygen verify``: what a style's grammar and rules can and cannot do."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli import completion
from theorygen.cli.options import JsonOption, StyleArgument, read_number, read_settings
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest

if TYPE_CHECKING:
    from theorygen.verify.finding import Study, Subject

ParamOption = Annotated[list[str] | None, typer.Option(
    "--param", "--set", metavar="NAME=VALUE",
    help="Fix a parameter of the style; may be repeated. The others range over all they may be.")]
OnlyOption = Annotated[list[str] | None, typer.Option(
    "--only", metavar="STUDY", autocompletion=completion.studies, help="Make this study only; may be repeated.")]
PiecesOption = Annotated[str | None, typer.Option("--pieces", metavar="NUMBER", help="Pieces that are composed.")]
ChordsOption = Annotated[str | None, typer.Option(
    "--chords", metavar="NUMBER", help="The longest stretch of chords that is looked at as a whole.")]
SarifOption = Annotated[str | None, typer.Option("--sarif", metavar="FILE", help="Write the findings as SARIF 2.1.0.")]
HintsOption = Annotated[bool, typer.Option("--fix-hints", help="Say under each finding how to mend it.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Leave with 1 when there are warnings, too.")]


def verify(
    style: StyleArgument,
    param: ParamOption = None,
    only: OnlyOption = None,
    pieces: PiecesOption = None,
    chords: ChordsOption = None,
    sarif: SarifOption = None,
    fix_hints: HintsOption = False,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find out what a style's grammar and rules can and cannot do, exhaustively where that has an end.

    Productions of no use, phrases without harmony, chords that no voices connect, rules that never speak, claims.
    Leaves with 0 when there are no errors, with 1 when there are, with 2 when the style cannot be read.

    Example: theorygen verify my-style.yaml --only productions --fix-hints
    """
    from theorygen.cli.review_files import read_files
    from theorygen.verify.report import counts

    found = Diagnostics()
    names = _studies(only or (), found)
    given = read_settings(param or (), found)
    bounds = {"pieces": _number("--pieces", pieces, found), "chords": _number("--chords", chords, found)}
    read_files(None, sarif, None, [style], found)
    found.raise_errors()
    subject = _subject(style, given, {name: value for name, value in bounds.items() if value})
    studies = _made(subject, names, is_whole=not only and not given)
    if sarif:
        _write_sarif(sarif, subject, studies)
    _print(subject, studies, fix_hints, as_json)
    told = counts(studies)
    if told["error"] or (strict and told["warning"]):
        raise typer.Exit(1)


def _studies(only: Sequence[str], found: Diagnostics) -> list[str]:
    """The studies asked for, in their order."""
    from theorygen.verify.studies import STUDIES

    for name in only:
        if name not in STUDIES:
            found.add(Diagnostic("unknown-study", f"there is no study '{name}'", None, ", ".join(STUDIES),
                                 nearest(name, STUDIES), "leave out --only to make all"))
    return [name for name in STUDIES if not only or name in only]


def _number(option: str, text: str | None, found: Diagnostics) -> int | None:
    return None if text is None else read_number(option, text, found, least=1)


def _subject(style: str, given: dict[str, str], bounds: dict[str, int]) -> Subject:
    """What is studied.

    Raises:
        InputError: the style or a parameter is wrong.
    """
    from theorygen.grammar.style import load_style, resolve_parameters
    from theorygen.verify.finding import Bounds, Subject

    loaded = load_style(style)
    values = resolve_parameters(loaded, given)
    names = {name: name.replace("-", "_") for name in given}
    return Subject(loaded, Bounds(**bounds), {names[name]: values[names[name]] for name in given})


def _made(subject: Subject, names: Sequence[str], is_whole: bool) -> tuple[Study, ...]:
    from theorygen.verify.accepted import explained
    from theorygen.verify.studies import study

    made = [study(name)(subject) for name in _with_progress(names)]
    return explained(subject, made, is_whole)


def _with_progress(names: Sequence[str]) -> Iterator[str]:
    """The names, each told on stderr while it is studied, if somebody looks."""
    for number, name in enumerate(names, 1):
        if sys.stderr.isatty():
            print(f"{number}/{len(names)} {name}", file=sys.stderr)
        yield name


def _write_sarif(path: str, subject: Subject, studies: Sequence[Study]) -> None:
    import json

    from theorygen.render.files import write_file
    from theorygen.verify.report_sarif import sarif_log

    write_file(path, lambda: (json.dumps(sarif_log(subject, studies), indent=1, ensure_ascii=False) + "\n").encode())


def _print(subject: Subject, studies: Sequence[Study], with_hints: bool, as_json: bool) -> None:
    """For programs, or for reading: in colour on a terminal, else as plain text."""
    from theorygen.verify.report import report_data, report_lines, report_text

    if as_json:
        import json

        print(json.dumps(report_data(subject, studies), indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        from theorygen.cli.colours import print_lines

        print_lines(report_lines(studies, with_hints))
    else:
        print(report_text(studies, with_hints), end="")
