"""``theorygen compose``: pieces on the terminal, in a file, or many in a folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli.options import JsonOption, KeyOption, Request, SeedOption, SetOption, StyleArgument, read_number
from theorygen.source.diagnostic import Diagnostics

if TYPE_CHECKING:
    from theorygen.cli.destination import Destination
    from theorygen.compose.composition import Composition

OutputOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="PATH", help="A file, whose suffix chooses the format; with --count a folder.")]
CountOption = Annotated[str | None, typer.Option(
    "--count", metavar="NUMBER", help="Compose this many pieces, with seeds counting up from --seed.")]
FormatOption = Annotated[str | None, typer.Option(
    "--format", metavar="NAME", help="Kind of the files in a folder: musicxml, mxl, midi, json, txt or svg.")]


def compose(
    style: StyleArgument,
    seed: SeedOption = "1",
    key: KeyOption = None,
    settings: SetOption = None,
    output: OutputOption = None,
    count: CountOption = None,
    kind: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compose pieces in a style.

    Without -o the piece is shown on the terminal. With --count each piece is a file of its own in the folder given
    with -o, named by style and seed (textbook-chorale-0007.musicxml), and the same, byte for byte, as if composed
    alone with that seed.

    Example: theorygen compose textbook-chorale --seed 7 --key "G minor" --set phrases=4 -o chorale.musicxml
    """
    from theorygen.cli.destination import read_destination
    from theorygen.cli.options import read_request

    found = Diagnostics()
    request = read_request(style, seed, key, settings, found)
    number = None if count is None else read_number("--count", count, found, least=1)
    destination = read_destination(output, kind, count is not None, found)
    found.raise_errors()
    if number is None:
        _compose_one(request, destination, as_json)
    else:
        _compose_several(request, number, destination, as_json)


def _compose_one(request: Request, destination: Destination | None, as_json: bool) -> None:
    composition = request.composer().compose(request.seed, request.key)
    if destination:
        from theorygen.render.files import write_score

        write_score(composition.score, destination.path)
        print(f"{destination.path}: {summary(composition)}", file=sys.stderr)
    if as_json:
        print_json(composition, indent=2)
    elif not destination:
        show(composition)


def _compose_several(request: Request, count: int, destination: Destination | None, as_json: bool) -> None:
    if destination is None:
        composer = request.composer()
        for seed in range(request.seed, request.seed + count):
            composition = composer.compose(seed, request.key)
            print_json(composition) if as_json else show(composition)
        return
    from theorygen.cli.batch import Batch

    batch = Batch(request, count, destination, as_json)
    if not batch.run():
        raise typer.Exit(1)


def summary(composition: Composition) -> str:
    """Title, key and length of a piece."""
    score = composition.score
    return f"{score.title} in {composition.plan.key}, {len(score.measures())} measures"


def show(composition: Composition) -> None:
    """The piece for reading: in colour on a terminal, else as plain text."""
    if sys.stdout.isatty():
        from theorygen.render.terminal import print_score

        print_score(composition.score)
    else:
        from theorygen.render.terminal import score_to_text

        print(score_to_text(composition.score), end="")
    charges = ", ".join(f"{rule} {float(cost):g}" for rule, cost in list(composition.costs.items())[:3])
    print(f"\nseed {composition.seed}" + (f"; dearest rules: {charges}" if charges else ""))


def print_json(composition: Composition, indent: int | None = None) -> None:
    """The piece for programs: 'theorygen schema --composition' describes it."""
    import json

    from theorygen.compose.json_schema import composition_data

    print(json.dumps(composition_data(composition), indent=indent, ensure_ascii=False))
