"""``theorygen explain``: why each chord and each note of a piece is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli.chances import check_picture
from theorygen.cli.options import JsonOption, KeyOption, SeedOption, SetOption, StyleArgument, read_number, read_request
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest

if TYPE_CHECKING:
    from theorygen.compose.composition import Composition
    from theorygen.compose.explain import Explanation
    from theorygen.solve.marginals import Marginals

MeasureOption = Annotated[str | None, typer.Option("--measure", metavar="NUMBER", help="Only the chords of a measure.")]
VoiceOption = Annotated[str | None, typer.Option("--voice", metavar="NAME", help="Only the notes of a voice.")]
ChancesOption = Annotated[bool, typer.Option(
    "--chances", help="In what share of all voicings of these chords each note stands.")]
PictureOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="FILE", help="With --chances a picture (.svg): the darker a note, the more probable.")]


def explain(style: StyleArgument, seed: SeedOption = "1", key: KeyOption = None, settings: SetOption = None,
            measure: MeasureOption = None, voice: VoiceOption = None, chances: ChancesOption = False,
            output: PictureOption = None, as_json: JsonOption = False) -> None:
    """Explain a piece: how it was derived, what it costs, and why each note is not another one of its chord.

    Takes the same style, seed, key and parameters as 'compose'. With --chances it tells in what share of all voicings
    of the same chords each note stands, exactly.

    Example: theorygen explain textbook-chorale --seed 7 --measure 2 --voice alto
    """
    found = Diagnostics()
    request = read_request(style, seed, key, settings, found)
    number = None if measure is None else read_number("--measure", measure, found, least=0)
    found.raise_errors()
    check_picture(output)
    composition = request.composer().compose(request.seed, request.key)
    _check_place(composition, number, voice)

    if chances or output:
        _chances(composition, output, as_json)
        return
    from theorygen.compose.explain import explain as reasons_of

    _print(reasons_of(composition).narrowed(number, voice), as_json, whole=number is None and voice is None)


def _chances(composition: Composition, output: str | None, as_json: bool) -> None:
    """How probable the notes are, on the terminal and in a picture."""
    from theorygen.cli.chances import chance_lines, write_chances
    from theorygen.compose.composition import task_of
    from theorygen.solve.answers import Solutions

    task = task_of(composition.plan, composition.style)
    marginals: Marginals = Solutions(task.problem).marginals()
    if output:
        write_chances(output, task, composition.solution, marginals)
    if as_json:
        import json

        print(json.dumps(marginals.to_data(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(chance_lines(task, composition.solution, marginals)))


def _check_place(composition: Composition, measure: int | None, voice: str | None) -> None:
    """Refuse measures and voices that the piece does not have.

    Raises:
        InputError: it has none such.
    """
    found = Diagnostics()
    names = [one.name for one in composition.score.voices]
    numbers = [one.number for one in composition.score.measures()]
    if voice is not None and voice not in names:
        found.add(Diagnostic("unknown-voice", f"no voice is named '{voice}'", None, ", ".join(names),
                             nearest(voice, names), "choose one of the voices"))
    if measure is not None and measure not in numbers:
        found.add(Diagnostic("no-such-measure", f"there is no measure {measure}", None,
                             f"{numbers[0]} to {numbers[-1]}", remedy="choose one of the measures"))
    if found.has_errors:
        raise InputError(found)


def _print(explanation: Explanation, as_json: bool, whole: bool) -> None:
    if as_json:
        import json

        print(json.dumps(explanation.to_data(), indent=2, ensure_ascii=False))
        return
    from theorygen.cli.explanation import chord_lines, cost_lines, tree_lines

    lines = [*tree_lines(explanation)] if whole else []
    lines += [line for chord in explanation.chords for line in chord_lines(chord)]
    print("\n".join([*lines, *(cost_lines(explanation) if whole else ())]).strip("\n"))
