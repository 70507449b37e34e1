"""Scores read from MusicXML written by hand."""

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


@pytest.fixture
def read(tmp_path):
    """Writes parts as MusicXML and reads them."""
    from tests.readers.musicxml_text import musicxml
    from theorygen.readers import read_score

    def read_parts(parts, extra="", **options):
        path = tmp_path / "score.musicxml"
        path.write_text(musicxml(parts, extra), encoding="utf-8")
        return read_score(path, **options)
    return read_parts
