"""``theorygen check`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

DOUBLED = "in C: I V I6 V I | S: C5 B4 C5 B4 C5 | A: G4 G4 G4 G4 G4 | T: E4 B3 C4 D4 E4 | B: C3 G3 E3 G3 C3"
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


def test_json_is_the_review(theorygen: Command, scores: Path) -> None:
    told = theorygen("check", "doubled.txt", "--json")
    data = json.loads(told.out)
    assert (told.code, data["format"], data["score"], data["passes"]) == (1, "theorygen-review", "doubled.txt", False)


def test_several_scores_are_told_one_by_one(theorygen: Command, scores: Path) -> None:
    told = theorygen("check", "clean.txt", "doubled.txt", "--hard")
    assert told.code == 1
    assert told.out.startswith("clean.txt\n\nno fault by strict-textbook\n\ndoubled.txt\n\nFaults\n")
    lines = theorygen("check", "clean.txt", "doubled.txt", "--json").out.splitlines()
    assert [json.loads(line)["score"] for line in lines] == ["clean.txt", "doubled.txt"]


@pytest.mark.parametrize("suffix", ["musicxml", "mxl", "svg", "txt"])
def test_files_are_written_beside_the_report(theorygen: Command, scores: Path, suffix: str) -> None:
    told = theorygen("check", "doubled.txt", "-o", f"marked.{suffix}", "--sarif", "a.sarif", "--junit", "a.xml")
    assert told.code == 1 and "Doubled leading tone" in told.out
    assert (scores / f"marked.{suffix}").stat().st_size > 100
    assert json.loads((scores / "a.sarif").read_text())["version"] == "2.1.0"
    assert "<testsuites" in (scores / "a.xml").read_text()


def test_rules_can_be_chosen(theorygen: Command, scores: Path) -> None:
    only = theorygen("check", "doubled.txt", "--only", "parallel-unison-octave")
    assert only.code == 1 and only.out.endswith("1 fault by strict-textbook\n")
    without = theorygen("check", "doubled.txt", "--hard", "--without", "parallel-unison-octave", "--without",
                        "no-double-leading-tone")
    assert (without.code, without.out) == (0, "no fault by strict-textbook\n")


def test_profiles_and_styles_judge_differently(theorygen: Command, scores: Path) -> None:
    (scores / "crossed.txt").write_text("in C: V I | S: B4 C5 | A: G4 E4 | T: D4 G4 | B: G3 C3")
    assert theorygen("check", "crossed.txt").code == 1
    bach = theorygen("check", "crossed.txt", "--profile", "bach-chorale")
    assert bach.code == 0 and "Crossed voices" in bach.out and bach.out.endswith("by bach-chorale\n")
    assert theorygen("check", "crossed.txt", "--style", "textbook-chorale").out.endswith("by textbook-chorale\n")


def test_small_costs_are_told_when_asked_for(theorygen: Command, scores: Path) -> None:
    told, everything = theorygen("check", "clean.txt"), theorygen("check", "clean.txt", "--all")
    assert "small cost" in told.out and "Costs:" not in told.out
    assert "at a cost of anything" in everything.out and "Costs:" in everything.out


def test_a_score_without_chords_says_what_is_passed_over(theorygen: Command, scores: Path) -> None:
    (scores / "bare.txt").write_text("S: C5 B4 C5 | A: G4 G4 G4 | T: E4 B3 C4 | B: C3 G3 E3")
    found = theorygen("check", "bare.txt")
    assert "Doubled leading tone" in found.out and "theorygen analyze" in found.err
    without = theorygen("check", "bare.txt", "--analysis", "none")
    assert "Doubled leading tone" not in without.out and "Parallel unisons" in without.out
    assert "no chords are given" in without.err


def test_an_analysis_beside_the_score(theorygen: Command, scores: Path) -> None:
    """The chords beside the score are believed, those in the score are not."""
    (scores / "other.rntxt").write_text("m1 C: I b2 iii6 b3 I6 b4 V m2 I\n".replace(" m2", "\nm2"))
    told = theorygen("check", "doubled.txt", "--analysis", "other.rntxt")
    assert "Doubled leading tone" not in told.out and "iii6" in told.out
    data = json.loads(theorygen("check", "doubled.txt", "--analysis", "other.rntxt", "--json").out)
    assert data["chords_from"] == "analysis"


def test_an_analysis_that_does_not_fit(theorygen: Command, scores: Path) -> None:
    (scores / "late.rntxt").write_text("m1 C: I b2 V\nm9 I\n")
    told = theorygen("check", "clean.txt", "--analysis", "late.rntxt")
    assert told.code == 2 and told.out == ""
    assert "late.rntxt:2:" in told.err and "measure 9" in told.err and "^" in told.err


def test_help_shows_an_example(theorygen: Command) -> None:
    assert "Example: theorygen check chorale.musicxml" in theorygen("check", "--help").out


def test_the_same_bytes_twice(theorygen: Command, scores: Path) -> None:
    first = [theorygen("check", "doubled.txt", option).out for option in ("--all", "--json")]
    assert first == [theorygen("check", "doubled.txt", option).out for option in ("--all", "--json")]


@pytest.mark.parametrize("suffix", ["musicxml", "mxl", "json"])
def test_what_was_composed_is_judged_by_its_own_style(theorygen: Command, scores: Path, suffix: str) -> None:
    theorygen("compose", "textbook-chorale", "--seed", "5", "-o", f"chorale.{suffix}")
    told = theorygen("check", f"chorale.{suffix}")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-1].startswith("no fault") and told.out.endswith(" by textbook-chorale\n")


def test_a_marked_score_is_the_same_music(theorygen: Command, scores: Path) -> None:
    """Colours and comments do not disturb a second look."""
    theorygen("check", "doubled.txt", "-o", "marked.musicxml")
    first, again = (json.loads(theorygen("check", name, "--json").out) for name in ("doubled.txt", "marked.musicxml"))
    assert again["violations"] == first["violations"] != []
