"""Warnings that a style explains become notes; errors do not; entries that explain nothing are told."""

from __future__ import annotations

from pathlib import Path

from tests.verify.small import SMALL, changed, line_of, style_of
from theorygen.verify.accepted import explained
from theorygen.verify.finding import Finding, Subject
from theorygen.verify.productions import study

USELESS = changed('"IV V:2": 1', '"IV V:5": 1')
ENTRY = """\
accepted:
  - finding: dead-production
    about: "Close(HC): IV V:5"
    because: It is here to be found.
"""


def told(text: str, folder: Path, is_whole: bool = True) -> list[Finding]:
    subject = Subject(style_of(text, folder))
    return [finding for one in explained(subject, [study(subject)], is_whole) for finding in one.findings]


def test_an_accepted_warning_is_a_note_with_its_reason(tmp_path: Path) -> None:
    before, after = told(USELESS, tmp_path), told(USELESS + ENTRY, tmp_path)
    assert [one.severity for one in before] == ["warning"]
    assert [(one.severity, one.kind, one.data) for one in after] == [
        ("note", "dead-production", {"accepted": "It is here to be found."})]


def test_a_star_stands_for_anything(tmp_path: Path) -> None:
    assert [one.severity for one in told(USELESS + ENTRY.replace("IV V:5", "*"), tmp_path)] == ["note"]


def test_an_entry_that_fits_nothing_is_a_warning_at_its_line(tmp_path: Path) -> None:
    text = SMALL + ENTRY
    doubt, = told(text, tmp_path)
    assert (doubt.kind, doubt.severity) == ("accepted-nothing", "warning")
    assert doubt.mark is not None and doubt.mark.line == line_of("finding: dead", text)
    assert told(text, tmp_path, is_whole=False) == [], "a part of the studies shows nothing about it"


def test_an_error_cannot_be_accepted(tmp_path: Path) -> None:
    text = changed("length: 2}", "length: 3}") + ENTRY.replace("dead-production", "no-form").replace(
        "Close(HC): IV V:5", "*")
    assert [(one.kind, one.severity) for one in told(text, tmp_path) if one.kind in ("no-form", "accepted-error")] == [
        ("no-form", "error"), ("accepted-error", "warning")]


def test_what_a_base_accepts_holds_above_it_and_is_not_asked_for(tmp_path: Path) -> None:
    style_of(SMALL + ENTRY, tmp_path, "base.yaml")
    over = "theorygen: 1\nextends: base.yaml\ntitle: Over\n"
    assert told(over, tmp_path) == [], "the entry is written elsewhere"
    own = over + 'harmony:\n  Close(HC)+: {"IV V:5": 1}\n'
    assert [one.severity for one in told(own, tmp_path)] == ["note"]
