"""``theorygen rules --ablate, --against, --derive``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.verify.ruled import text_of

CHORDS = "C: I IV V I(PAC)"


@pytest.fixture
def style(tmp_path: Path) -> str:
    """A small style with a rule that follows from another one."""
    copy = ("no-fifths:\n  over: voice-pair-motion\n  when: similar and before.simple == P5\n"
            "  forbid: after.simple == P5 and not chords.crosses_phrase")
    (tmp_path / "ruled.yaml").write_text(text_of(copy), encoding="utf-8")
    return "ruled.yaml"


def test_leaving_out_a_rule_gives_as_many_voicings_as_count_does(theorygen: Command, style: str) -> None:
    found = json.loads(theorygen("rules", "--ablate", "--style", style, "--roman", CHORDS, "--json").out)
    counted = theorygen("count", "--style", style, "--roman", CHORDS)
    assert found["solutions"] == int(counted.out)
    assert all(one["solutions"] >= found["solutions"] for one in found["without"])
    strongest = found["without"][0]
    assert strongest["rule"] == "bass-is-inversion"
    assert strongest["ratio"] == pytest.approx(strongest["solutions"] / found["solutions"])


def test_ablation_is_a_table_with_the_strongest_first(theorygen: Command, style: str) -> None:
    told = theorygen("rules", "--ablate", "--style", style, "--roman", CHORDS)
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0] == CHORDS
    assert lines[4].startswith("bass-is-inversion")
    assert "other hard rules change nothing here" in lines[-1]


def test_one_rule_can_be_left_out(theorygen: Command, style: str) -> None:
    found = json.loads(theorygen("rules", "voice-crossing", "--ablate", "--style", style, "--json").out)
    assert [one["rule"] for one in found["without"]] == ["voice-crossing"]


def test_what_follows_from_what(theorygen: Command, style: str) -> None:
    found = json.loads(theorygen("rules", "--derive", "--style", style, "--json").out)
    by = {one["rule"]: one["by"] for one in found["rules"] if one["implied"] and one["breakable"]}
    assert by == {"parallel-fifths": ["no-fifths"], "no-fifths": ["parallel-fifths"]}
    shown = {one["rule"]: one["counterexample"] for one in found["rules"]}
    assert shown["bass-is-inversion"].startswith("in C: ")
    assert found["complete"]


def test_derivations_are_a_table(theorygen: Command, style: str) -> None:
    told = theorygen("rules", "no-fifths", "--derive", "--style", style)
    assert told.code == 0
    assert told.out.splitlines()[-1].startswith("no-fifths  parallel-fifths  all voicings of ")


def test_rates_against_a_corpus(theorygen: Command, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "fifths.txt").write_text("in C: I ii | S: C5 D5 | A: G4 A4 | T: E4 D4 | B: C4 D4", encoding="utf-8")
    (folder / "clean.txt").write_text("in C: I V | S: C5 B4 | A: G4 G4 | T: E4 D4 | B: C4 G3", encoding="utf-8")
    found = json.loads(theorygen("rules", "parallel-fifths", "--against", "corpus", "--json").out)
    rate, = found["rates"]
    assert (found["judged_by"], found["judged"]) == ("strict-textbook", 2)
    assert rate["violations"] == 1
    assert 0 < rate["low"] < rate["rate"] < rate["high"] < 1
    assert "chorales" in rate["bach"]


def test_rates_are_a_table_with_what_is_said_of_bach(theorygen: Command, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("in C: I ii | S: C5 D5 | A: G4 A4 | T: E4 D4 | B: C4 D4", encoding="utf-8")
    told = theorygen("rules", "parallel-fifths", "--against", "one.txt", "--profile", "ap-marking")
    assert told.code == 0
    head, row = told.out.splitlines()[:2]
    assert head.split("  ")[0] == "rule"
    assert "of 53,439 moving voice pairs" in row
    assert told.out.splitlines()[-1] == "1 score by ap-marking"
