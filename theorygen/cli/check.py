"""``theorygen check``: what is wrong with a score, where and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli.options import JsonOption
from theorygen.source.diagnostic import Diagnostics

if TYPE_CHECKING:
    from theorygen.cli.judging import Choice
    from theorygen.review.review import Review
    from theorygen.score import Score

_CHORDS_FROM = {
    "found": "the chords are those 'theorygen analyze' finds; --analysis FILE gives others",
    "none": "no chords are given; rules that read them are passed over",
}
ScoresArgument = Annotated[list[str], typer.Argument(
    metavar="SCORE...", help="Scores: MusicXML, MIDI, Humdrum, ABC, our text or JSON.")]
ProfileOption = Annotated[str | None, typer.Option(
    "--profile", metavar="NAME",
    help="Judge by the rules of a profile. Default: the style the score was composed in, else strict-textbook.")]
StyleOption = Annotated[str | None, typer.Option(
    "--style", metavar="STYLE", help="Judge by the rules of a style that ships, or of a style file.")]
AnalysisOption = Annotated[str | None, typer.Option(
    "--analysis", metavar="FILE",
    help="The chords, in RomanText, or 'none'. Default: those of the score, else those that are found.")]
OnlyOption = Annotated[list[str] | None, typer.Option(
    "--only", metavar="RULE", help="Judge by this rule; may be repeated.")]
WithoutOption = Annotated[list[str] | None, typer.Option(
    "--without", metavar="RULE", help="Leave this rule out; may be repeated.")]
HardOption = Annotated[bool, typer.Option("--hard", help="Only what is forbidden, nothing that only costs.")]
OutputOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="FILE",
    help="Write the score with coloured notes and comments, as .musicxml, .mxl, .svg or .txt.")]
SarifOption = Annotated[str | None, typer.Option("--sarif", metavar="FILE", help="Write the faults as SARIF 2.1.0.")]
JunitOption = Annotated[str | None, typer.Option("--junit", metavar="FILE", help="Write the faults as JUnit XML.")]
AllOption = Annotated[bool, typer.Option("--all", help="Everything that costs, not only what costs 20 or more.")]


def check(
    scores: ScoresArgument,
    profile: ProfileOption = None,
    style: StyleOption = None,
    analysis: AnalysisOption = None,
    only: OnlyOption = None,
    without: WithoutOption = None,
    hard: HardOption = False,
    everything: AllOption = False,
    output: OutputOption = None,
    sarif: SarifOption = None,
    junit: JunitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with scores: where, in which voices, and why.

    Faults that follow from another are told under it. Leaves with 1 when a rule is broken that may not be broken.

    Example: theorygen check chorale.musicxml --profile bach-chorale
    """
    from theorygen.cli.judging import read_choice
    from theorygen.cli.review_files import read_files

    found = Diagnostics()
    choice = read_choice(profile, style, only, without, hard, found)
    files = read_files(output, sarif, junit, scores, found)
    found.raise_errors()
    reviews = [_review(path, choice, analysis) for path in scores]
    files.write(reviews, everything)
    for number, one in enumerate(reviews):
        if as_json:
            _print_json(one, len(reviews))
        else:
            print("\n" * (number > 0) + (f"{one.name}\n\n" if len(reviews) > 1 else ""), end="")
            _show(one, everything)
    if not all(one.is_clean for one in reviews):
        raise typer.Exit(1)


def _review(path: str, choice: Choice, analysis: str | None) -> Review:
    from theorygen.cli.scores import check_voices, load_score
    from theorygen.review.review import review
    from theorygen.review.scores import with_chords

    if not choice.is_free:
        choice.judge()
    score = load_score(path)
    judge = choice.judge(score)
    check_voices(score, path, judge.rules)
    score, chords_from = with_chords(score, analysis)
    _tell_notes(path, score, chords_from)
    return review(score, judge.rules, judge.name, path, judge.voices_for(score), chords_from)


def _tell_notes(path: str, score: Score, chords_from: str) -> None:
    """What the reader had to decide, and what chords the rules see, on stderr."""
    for note in score.metadata.get("notes", ()):
        print(f"{path}: {note}", file=sys.stderr)
    if chords_from in _CHORDS_FROM:
        print(f"{path}: {_CHORDS_FROM[chords_from]}", file=sys.stderr)


def _print_json(review: Review, count: int) -> None:
    """One score as an object, several as a line each."""
    import json

    from theorygen.review.json_report import review_data

    print(json.dumps(review_data(review), indent=2 if count == 1 else None, ensure_ascii=False))


def _show(review: Review, everything: bool) -> None:
    """The report for reading: in colour on a terminal, else as plain text."""
    if sys.stdout.isatty():
        from theorygen.cli.colours import print_lines
        from theorygen.review.text_report import report_lines

        print_lines(report_lines(review, everything))
    else:
        from theorygen.review.text_report import report_text

        print(report_text(review, everything), end="")
