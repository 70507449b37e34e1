"""``theorygen check`` as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

DOUBLED = "in C: I V I6 | S: C5 B4 C5 | A: G4 G4 G4 | T: E4 B3 C4 | B: C3 G3 E3"
CLEAN = "in C: I V I | S: C5 B4 C5 | A: G4 G4 G4 | T: E4 D4 E4 | B: C3 G3 C3"


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Some scores in the folder the command runs in."""
    for name, text in {"doubled": DOUBLED, "clean": CLEAN, "melody": "S: C5 D5 E5"}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_fault_is_told_with_its_place_and_reason(theorygen: Command, scores: Path) -> None:
    told = theorygen("check", "doubled.txt")
    assert told.code == 1
    assert "Doubled leading tone: soprano and tenor, measure 1, beat 2 (B3-B4)  [no-double-leading-tone]" in told.out
    assert "Both copies want to rise" in told.out
    assert told.out.endswith("by strict-textbook\n")


def test_a_consequence_is_told_under_its_cause(theorygen: Command, scores: Path) -> None:
    told = theorygen("check", "doubled.txt", "--hard")
    assert "Leads to: Parallel unisons and octaves between soprano and tenor" in told.out
    assert told.out.endswith("\n1 fault by strict-textbook\n")


def test_a_clean_score(theorygen: Command, scores: Path) -> None:
    told = theorygen("check", "clean.txt", "--hard")
    assert (told.code, told.out, told.err) == (0, "no fault by strict-textbook\n", "")


def test_one_voice_may_be_judged_by_rules_of_one_voice(theorygen: Command, scores: Path) -> None:
    refused = theorygen("check", "melody.txt")
    assert (refused.code, refused.out) == (2, "")
    assert "one voice (soprano)" in refused.err and "rules of one voice: --only " in refused.err
    assert theorygen("check", "melody.txt", "--only", "melodic-no-augmented").code == 0
