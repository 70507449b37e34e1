"""Reading a score from a file: the suffix chooses the reader."""

from __future__ import annotations

from pathlib import Path

from theorygen.readers.streams import score_of_stream
from theorygen.score import Ensemble, Score


def read_score(path: str | Path, *, ensemble: Ensemble | None = None) -> Score:
    """The score in a file."""
    from music21 import converter

    return score_of_stream(converter.parse(str(path), forceSource=True), str(path))


def read_corpus_paths(directory: str | Path) -> list[Path]:
    """The files in a folder and below that look like scores, sorted."""
    kinds = {".musicxml", ".xml", ".mxl", ".mid", ".midi", ".krn", ".abc", ".json"}
    return sorted(path for path in Path(directory).rglob("*") if path.suffix.lower() in kinds)
