"""``theorygen check --summary``: rates of rules over many files."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.source.nearest import nearest

if TYPE_CHECKING:
    from theorygen.review.corpus import CorpusJob, Outcome
    from theorygen.review.rates import Rate

TABLES = (".csv", ".parquet")
"""Suffixes a table of rates can have."""


def check_corpus_options(table: str | None, sarif: str | None, junit: str | None, analysis: str | None,
                         found: Diagnostics) -> None:
    """Complain of options that do not go with a summary, and of a file that cannot hold rates."""
    for option, given in (("--sarif", sarif), ("--junit", junit)):
        if given is not None:
            found.add(Diagnostic("no-faults", f"{option} lists faults, and --summary only counts them", None,
                                 remedy=f"leave out --summary or {option}"))
    if analysis not in (None, "none"):
        found.add(Diagnostic("one-analysis", f"--analysis: '{analysis}' is the analysis of one score", None, "none",
                             remedy="leave it out: chords are those of each score, else found"))
    if table is not None:
        _check_table(table, found)


def _check_table(name: str, found: Diagnostics) -> None:
    suffix = Path(name).suffix.lower()
    if suffix not in TABLES:
        found.add(Diagnostic("unknown-file-kind", f"-o: rates cannot be a '{suffix or name}'", None, ", ".join(TABLES),
                             nearest(suffix, TABLES), "name the file with one of these suffixes"))
    elif not Path(name).parent.is_dir():
        found.add(Diagnostic("no-folder", f"-o: there is no folder '{Path(name).parent}' for '{Path(name).name}'", None,
                             remedy=f"make it first: mkdir -p '{Path(name).parent}'"))


def files_in(paths: Sequence[str]) -> list[str]:
    """Every score named or in a folder named, once, in order.

    Raises:
        InputError: there is none, or no such folder.
    """
    from theorygen.readers import read_corpus_paths

    found = [str(one) for path in paths for one in (read_corpus_paths(path) if Path(path).is_dir() else [path])]
    if not found:
        raise InputError(Diagnostic("no-scores", f"there are no scores in {' and '.join(map(repr, paths))}", None,
                                    "files such as chorale.musicxml", remedy="name another folder"))
    return list(dict.fromkeys(found))


def summarize(job: CorpusJob, paths: Sequence[str], processes: int, table: str | None, as_json: bool,
              everything: bool) -> None:
    """Judge all files; print the rates, and write them where asked.

    Raises:
        InputError: a rule or style is wrong, no file could be judged, or the table cannot be written.
    """
    from theorygen.review.corpus import judge_files
    from theorygen.review.rates import rates_of

    judge = job.choice.judge()
    with closing(with_progress(judge_files(job, paths, processes), len(paths))) as found:
        outcomes = list(found)
    for one in outcomes:
        if one.failure:
            print(f"{one.path}: {one.failure}", file=sys.stderr)
    if all(one.failure for one in outcomes):
        raise InputError(Diagnostic("no-scores", f"none of {len(outcomes)} files could be judged", None,
                                    remedy="the reasons stand above, file by file"))
    rates = rates_of(outcomes, judge.rules)
    if table:
        _write(rates, table)
    _print(rates, outcomes, judge.name, as_json, everything)


def _write(rates: Sequence[Rate], table: str) -> None:
    from theorygen.render.files import write_file
    from theorygen.review.rates import rates_to_csv, rates_to_parquet

    make = rates_to_parquet if Path(table).suffix.lower() == ".parquet" else rates_to_csv
    try:
        content = make(rates)
    except ModuleNotFoundError as error:
        raise InputError(Diagnostic("missing-package", f"writing '{table}' needs the package {error.name}", None,
                                    remedy="pip install 'theorygen[corpus]', or write .csv")) from None
    write_file(table, lambda: content)


def _print(rates: Sequence[Rate], outcomes: Sequence[Outcome], judged_by: str, as_json: bool, everything: bool) -> None:
    from theorygen.review.rates import rates_data, rates_table

    if as_json:
        import json

        print(json.dumps(rates_data(rates, outcomes, judged_by), indent=2, ensure_ascii=False))
        return
    failed = sum(bool(one.failure) for one in outcomes)
    measures = sum(one.measures for one in outcomes)
    print("".join(f"{line}\n" for line in [*rates_table(rates, everything), ""]).lstrip("\n"), end="")
    judged = len(outcomes) - failed
    told = f"{judged} {'score' if judged == 1 else 'scores'}, {measures:,} measures by {judged_by}"
    print(told + (f"; {failed} could not be judged" if failed else ""))


def with_progress(outcomes: Generator[Outcome, None, None], count: int) -> Generator[Outcome]:
    """The same outcomes, with a bar on stderr while they come if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(outcomes, "checking", total=count, console=Console(stderr=True), transient=True)
