"""``theorygen check``: what is wrong with a score, where and why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli import completion
from theorygen.cli.options import JsonOption
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError

if TYPE_CHECKING:
    from theorygen.review.judging import Choice
    from theorygen.review.review import Review
    from theorygen.score import Score

_CHORDS_FROM = {
    "found": "the chords are those 'theorygen analyze' finds; --analysis FILE gives others",
    "none": "no chords are given; rules that read them are passed over",
}
ScoresArgument = Annotated[list[str], typer.Argument(
    metavar="SCORE...", help="Scores: MusicXML, MIDI, Humdrum, ABC, MEI, text, JSON; with --summary folders.")]
ProfileOption = Annotated[str | None, typer.Option(
    "--profile", metavar="NAME", autocompletion=completion.profiles,
    help="Judge by the rules of a profile. Default: the style the score was composed in, else strict-textbook.")]
StyleOption = Annotated[str | None, typer.Option(
    "--style", metavar="STYLE", autocompletion=completion.styles,
    help="Judge by the rules of a style that ships, or of a style file.")]
AnalysisOption = Annotated[str | None, typer.Option(
    "--analysis", metavar="FILE",
    help="The chords, in RomanText, or 'none'. Default: those of the score, else those that are found.")]
OnlyOption = Annotated[list[str] | None, typer.Option(
    "--only", metavar="RULE", autocompletion=completion.rules, help="Judge by this rule; may be repeated.")]
WithoutOption = Annotated[list[str] | None, typer.Option(
    "--without", metavar="RULE", autocompletion=completion.rules, help="Leave this rule out; may be repeated.")]
HardOption = Annotated[bool, typer.Option("--hard", help="Only what is forbidden, nothing that only costs.")]
OutputOption = Annotated[str | None, typer.Option(
    "-o", "--output", metavar="FILE",
    help="Write the score with coloured notes and comments, as .musicxml, .mxl, .svg or .txt; with --summary the "
         "table, as .csv or .parquet.")]
SarifOption = Annotated[str | None, typer.Option("--sarif", metavar="FILE", help="Write the faults as SARIF 2.1.0.")]
JunitOption = Annotated[str | None, typer.Option("--junit", metavar="FILE", help="Write the faults as JUnit XML.")]
SummaryOption = Annotated[bool, typer.Option(
    "--summary", help="Only how often each rule is broken, over all scores in files and folders.")]
JobsOption = Annotated[str | None, typer.Option(
    "--jobs", metavar="NUMBER", help="Processes for --summary; default one for each processor.")]
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
    summary: SummaryOption = False,
    jobs: JobsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what is wrong with scores: where, in which voices, and why.

    Faults that follow from another are told under it. Leaves with 1 when a rule is broken that may not be broken;
    with --summary, which counts and does not judge, only with 0 or 2.

    Example: theorygen check chorale.musicxml --profile bach-chorale -o marked.musicxml
    """
    from theorygen.cli.corpus import check_corpus_options
    from theorygen.cli.options import read_number
    from theorygen.cli.review_files import read_files
    from theorygen.review.judging import read_choice

    found = Diagnostics()
    choice = read_choice(profile, style, only, without, hard, found)
    if summary:
        processes = None if jobs is None else read_number("--jobs", jobs, found, least=1)
        check_corpus_options(output, sarif, junit, analysis, found)
        found.raise_errors()
        _summarize(scores, choice, analysis, processes, output, as_json, everything)
        return
    files = read_files(output, sarif, junit, scores, found)
    _check_folders(scores, jobs, found)
    found.raise_errors()
    reviews = _reviews(scores, choice, analysis)
    files.write([one for one in reviews if one], everything)
    _print(reviews, everything, as_json)
    if not all(reviews):
        raise typer.Exit(2)
    if not all(one.is_clean for one in reviews if one):
        raise typer.Exit(1)


def _summarize(paths: list[str], choice: Choice, analysis: str | None, processes: int | None, table: str | None,
               as_json: bool, everything: bool) -> None:
    from theorygen.cli.corpus import files_in, summarize
    from theorygen.review.corpus import CorpusJob, usable_processors

    job = CorpusJob(choice.settled(), analysis)
    summarize(job, files_in(paths), processes or usable_processors(), table, as_json, everything)


def _check_folders(paths: list[str], jobs: str | None, found: Diagnostics) -> None:
    """Folders and several processes are for summaries."""
    for path in paths:
        if Path(path).is_dir():
            found.add(Diagnostic("is-a-folder", f"'{path}' is a folder", None, "a score",
                                 remedy=f"for the rates of all scores in it: theorygen check {path} --summary"))
    if jobs is not None:
        found.add(Diagnostic("no-summary", "--jobs is for a summary of many scores", None, remedy="add --summary"))


def _reviews(paths: list[str], choice: Choice, analysis: str | None) -> list[Review | None]:
    """The review of each score; of several, None for one that cannot be read, after telling why.

    Raises:
        InputError: the only score cannot be read, or the rules are wrong.
    """
    if len(paths) == 1:
        return [_review(paths[0], choice, analysis)]
    choice.judge()
    reviews: list[Review | None] = []
    for path in paths:
        try:
            reviews.append(_review(path, choice, analysis))
        except InputError as error:
            print(error, file=sys.stderr)
            reviews.append(None)
    return reviews


def _print(reviews: Sequence[Review | None], everything: bool, as_json: bool) -> None:
    """Each review for programs, or for reading with the name of its score where there are several."""
    for number, one in enumerate(one for one in reviews if one):
        if as_json:
            _print_json(one, len(reviews))
        else:
            print("\n" * (number > 0) + (f"{one.name}\n\n" if len(reviews) > 1 else ""), end="")
            _show(one, everything)


def _review(path: str, choice: Choice, analysis: str | None) -> Review:
    from theorygen.cli.scores import check_voices, load_score
    from theorygen.review.review import review
    from theorygen.review.scores import with_chords

    if not choice.is_free:
        choice.judge()          # a wrong name is told before a large file is read
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
