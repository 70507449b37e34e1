"""The lexicon is read late, and what it says holds together."""

from __future__ import annotations

import subprocess
import sys

from theorygen.theory.chord_qualities import quality_name
from theorygen.theory.lexicon import interval_fifths, lexicon


def test_importing_theory_reads_no_yaml_and_no_music21() -> None:
    code = "import sys, theorygen.theory; print(*{'yaml', 'music21', 'hypothesis'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_every_quality_has_its_own_intervals() -> None:
    for name, intervals in lexicon()["qualities"].items():
        assert quality_name(tuple(map(interval_fifths, intervals))) == name


def test_suffixes_are_texts_and_belong_to_one_chord() -> None:
    suffixes = [suffix for entry in lexicon()["chord-symbols"] for suffix in entry["suffixes"]]
    assert all(isinstance(suffix, str) for suffix in suffixes)
    assert len(set(suffixes)) == len(suffixes)
