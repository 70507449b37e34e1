"""``theorygen new``: a starter style to change."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The style file to write: my-style.yaml.")],
    extends: Annotated[str | None, typer.Option(metavar="STYLE", help="The style that ships which it extends.")] = None,
) -> None:
    """Write a small style with comments, to be changed.

    Example: theorygen new my-style.yaml
    """
    from theorygen.grammar.loading import find_style
    from theorygen.grammar.starter import BASE, write_starter

    if extends is not None:
        find_style(extends)
    path = write_starter(file, extends or BASE)
    print(f"{path} is ready; next: theorygen compose {path} --seed 1", file=sys.stderr)
