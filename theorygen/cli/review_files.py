"""Where a review goes beside the terminal: an annotated score, SARIF, JUnit XML; checked before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from theorygen.source.diagnostic import Diagnostic, Diagnostics
from theorygen.source.nearest import nearest

if TYPE_CHECKING:
    from theorygen.review.review import Review

ANNOTATED = (".musicxml", ".xml", ".mxl", ".svg", ".txt")
"""Suffixes an annotated score can have."""


@dataclass(frozen=True)
class ReviewFiles:
    """Files to write.

    Attributes:
        annotated: the score with its faults, or None.
        sarif: or None.
        junit: or None.
    """

    annotated: str | None = None
    sarif: str | None = None
    junit: str | None = None

    def write(self, reviews: Sequence[Review], everything: bool) -> None:
        """Write them all.

        Raises:
            InputError: a file cannot be written.
        """
        from theorygen.render.files import write_file

        if self.annotated:
            from theorygen.review.annotate import write_annotated

            write_annotated(reviews[0], self.annotated, everything)
        if self.sarif:
            write_file(self.sarif, lambda: _sarif(reviews))
        if self.junit:
            from theorygen.review.junit import junit_xml

            write_file(self.junit, lambda: junit_xml(reviews))


def _sarif(reviews: Sequence[Review]) -> bytes:
    import json

    from theorygen.review.sarif import sarif_log

    return (json.dumps(sarif_log(reviews), indent=1, ensure_ascii=False) + "\n").encode()


def read_files(annotated: str | None, sarif: str | None, junit: str | None, scores: Sequence[str],
               found: Diagnostics) -> ReviewFiles:
    """The files that options ask for; what cannot be goes to ``found``."""
    named = {"-o": annotated, "--sarif": sarif, "--junit": junit}
    for option, name in named.items():
        if name is not None:
            _check_place(option, name, scores, found)
    if annotated is not None:
        _check_annotated(annotated, len(scores), found)
    return ReviewFiles(annotated, sarif, junit)


def _check_place(option: str, name: str, scores: Sequence[str], found: Diagnostics) -> None:
    """The folder must be there, and no score may be written over."""
    path = Path(name)
    if not name or name.endswith("/") or path.is_dir():
        found.add(Diagnostic("is-a-folder", f"{option}: '{name}' is a folder", None, "a file", remedy="name a file"))
    elif not path.parent.is_dir():
        found.add(Diagnostic("no-folder", f"{option}: there is no folder '{path.parent}' for '{path.name}'", None,
                             remedy=f"make it first: mkdir -p '{path.parent}'"))
    elif any(path.resolve() == Path(score).resolve() for score in scores):
        found.add(Diagnostic("writes-over-score", f"{option}: '{name}' is the score itself", None, "another file",
                             remedy="name another file; the score is not changed"))


def _check_annotated(name: str, count: int, found: Diagnostics) -> None:
    suffix = Path(name).suffix.lower()
    if count > 1:
        found.add(Diagnostic("single-file", f"-o: {count} scores do not fit into one file '{name}'", None, "one score",
                             remedy="check them one by one, or leave out -o"))
    elif suffix not in ANNOTATED:
        found.add(Diagnostic("unknown-file-kind", f"-o: an annotated score cannot be a '{suffix or name}'", None,
                             ", ".join(ANNOTATED), nearest(suffix, ANNOTATED),
                             "name the file with one of these suffixes"))
