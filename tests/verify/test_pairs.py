"""Pairs that cannot be: planted in copies of a small style, each found at its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.verify.small_style import small_style
from theorygen.verify.finding import Finding, Subject
from theorygen.verify.pairs import study

TINY = """ensemble:
  - {name: soprano, range: [C4, D4], tessitura: [C4, D4], clef: treble, instrument: voice}
  - {name: bass, range: [C3, C4], tessitura: [D3, B3], clef: bass, instrument: voice}
"""

DEFECTS: dict[str, tuple[tuple[tuple[str, str], ...], str, str, str]] = {
    "a seventh that stays": (
        (("Before: [\"IV6\", ", "Before: [\"V42\", "),), "error", "unconnectable-pair", "V42 V"),
    "a leading tone in the bass that falls": (
        (("Close(PAC)@minor: \"V i", "Close(PAC)@minor: \"viio65 v i"),), "error", "unconnectable-pair", "viio65 v"),
    "a degree that the chord lacks": (
        (("V I[soprano=3]", "V I[soprano=4]"),), "error", "unvoiceable-chord", "I"),
    "no voicing in a chord out of range": (
        (("ensemble: satb\n", TINY), ("V[top={2,5}]:2", "V[top=5]:2")), "error", "unvoiceable-chord", "V"),
    "a leading tone that falls": (
        (("V i[top=3]", "V[top=7] i[top=5]"),), "error", "unconnectable-pair", "V i"),
    "a seventh that rises": (
        (("\"(V V7)[region=pedal] I[top=1]\"", "\"V V7[top=4] I[top=5]\""),), "error", "unconnectable-pair", "V7 I"),
    "a doubled leading tone asked for": (
        (("iv6 V:2", "iv6 V[top=7, bass=7]:2"),), "error", "unvoiceable-chord", "V"),
    "a cadential six-four on a weak beat": (
        (("\"V i[top=3]\"", "\"Cad64 V i[top=3]:2\""),), "error", "unconnectable-pair", "Cad64 V"),
}


def found_in(folder: Path, changes: tuple[tuple[str, str], ...]) -> tuple[list[str], list[Finding]]:
    """The lines of a copy of the style, and what is found in it."""
    style = small_style(folder, *changes)
    return Path(style.file).read_text().splitlines(), list(study(Subject(style)).findings)


def test_the_small_style_has_no_such_pair(tmp_path: Path) -> None:
    done = study(Subject(small_style(tmp_path)))
    assert [one.message for one in done.findings if one.severity == "error"] == []
    assert done.facts["pairs of chords"] > 10
    assert done.facts["connections"] > 1000


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_at_its_line(tmp_path: Path, name: str) -> None:
    changes, severity, kind, about = DEFECTS[name]
    lines, found = found_in(tmp_path, changes)
    fitting = [one for one in found if (one.severity, one.kind, one.about) == (severity, kind, about)]
    assert fitting, [one.message for one in found]
    marks = [mark for one in fitting for mark in (one.mark, *one.related)]
    for mark, chord in zip(marks, about.split() * len(fitting), strict=True):
        assert mark is not None
        assert lines[mark.line - 1][mark.column - 1 :].startswith(chord)
    assert all(one.hint and one.example and one.proof for one in fitting)
    changed = {number for number, line in enumerate(lines, 1) if any(_first_line(new) in line for _, new in changes)}
    assert len(changed & {mark.line for mark in marks if mark}) or "ensemble" in changes[0][0]


def _first_line(text: Any) -> str:
    return str(text).strip().splitlines()[0]


def test_what_only_given_notes_make_is_a_note(tmp_path: Path) -> None:
    change = ("Close(IAC)@minor: ", "Close(DC)@minor: \"V[top=7] i\"\n  Close(IAC)@minor: ")
    given = ("  Piece:\n", "  Piece:\n    \"Phrase(cadence=DC) Phrase(cadence=DC)\": {when: given == yes}\n")
    major = ("  Close(HC): [", "  Close(DC): \"V[top=7] vi[top=3]\"\n  Close(HC): [")
    _, found = found_in(tmp_path, (change, given, major))
    notes = [one for one in found if one.kind == "unconnectable-pair"]
    assert {one.severity for one in notes} == {"note"}
    assert any("V[top={7}] before vi[top={3}]" in named for one in notes for named in one.data["pairs of chords"])
