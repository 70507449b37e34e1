"""The commands of the program. Importing them is light: whatever a command needs it imports when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from theorygen import __version__
from theorygen.cli.analyze import analyze
from theorygen.cli.check import check
from theorygen.cli.compose import compose
from theorygen.cli.count import count
from theorygen.cli.explain import explain
from theorygen.cli.harmonize import harmonize
from theorygen.cli.lint import lint
from theorygen.cli.new import new
from theorygen.cli.realize import realize
from theorygen.cli.rules import rules
from theorygen.cli.schema import schema
from theorygen.cli.verify import verify

app = typer.Typer(
    name="theorygen", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]})


def _version(asked: bool) -> None:
    if asked:
        print(f"theorygen {__version__}")
        raise typer.Exit()


VersionOption = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")]


@app.callback()
def theorygen(
    version: VersionOption = False,
) -> None:
    """Style grammars in YAML, expanded by an exact solver into fully voiced scores.

    Try: theorygen compose textbook-chorale --seed 7
    """


for command in (analyze, check, compose, realize, harmonize, count, explain, new, lint, schema, rules, verify):
    app.command()(command)
