"""``theorygen analyze``: the keys, chords, cadences and embellishments of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli.options import JsonOption
from theorygen.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from theorygen.score import Score

ScoreArgument = Annotated[str, typer.Argument(metavar="SCORE", help="MusicXML, MIDI, Humdrum, ABC, our text or JSON.")]
OutputOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="FILE",
    help="Write the analysis as .rntxt, or the score with it as .musicxml, .mxl, .mid, .json, .svg or .txt.")]

_ROMAN_TEXT = (".rntxt", ".rntext", ".romantext", ".rtxt")


def analyze(score: ScoreArgument, output: OutputOption = None, as_json: JsonOption = False) -> None:
    """Find the keys, Roman numerals, phrases, cadences and embellishments of a score.

    Prints RomanText. The reading is the likeliest one by what Bach's chorales teach; chords the file declares are not
    looked at.

    Example: theorygen analyze chorale.musicxml -o analysis.rntxt
    """
    from pathlib import Path

    from theorygen.analysis.analyze import analyze as analyzed
    from theorygen.cli.scores import load_score
    from theorygen.render.files import check_suffix, write_file
    from theorygen.review.analysis_marks import write_analysis
    from theorygen.score import ScoreError
    from theorygen.score.roman_text import format_roman_text

    text_wanted = output is not None and Path(output).suffix.lower() in _ROMAN_TEXT
    if output is not None and not text_wanted:
        check_suffix(output)
    try:
        found = analyzed(load_score(score))
    except ScoreError as error:
        raise InputError(Diagnostic("no-analysis", f"'{score}': {error}")) from None
    if output is None or as_json:
        _print(found, as_json)
    if output is not None:
        write_file(output, format_roman_text(found).encode) if text_wanted else write_analysis(found, output)


def _print(score: Score, as_json: bool) -> None:
    if as_json:
        import json

        from theorygen.analysis.report import analysis_data

        print(json.dumps(analysis_data(score), indent=2, ensure_ascii=False))
        return
    from theorygen.score.roman_text import format_roman_text

    print(format_roman_text(score), end="")
