"""``harmonize``: what it says of a tune, and where it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.readers import read_score

TUNE = "in C: | S: E4 F4 G4 E4 D4 D4 C4*2; | title: A tune"
LEAPING = "in C: | S: C5 B4 G4 E4 F4 D4 B4 C5; | title: Leaping"


def tune(text: str) -> str:
    Path("tune.txt").write_text(text + "\n", encoding="utf-8")
    return "tune.txt"


def test_several_answers_are_named_by_the_file(theorygen: Command) -> None:
    assert theorygen("harmonize", tune(TUNE), "--k", "2", "--format", "txt", "-o", "out/").code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["tune-0001.txt", "tune-0002.txt"]


def test_what_a_tune_breaks_is_told(theorygen: Command) -> None:
    done = theorygen("harmonize", tune(LEAPING), "--json")
    assert done.code == 0 and "remark: the line given" in done.err
    (answer,) = json.loads(done.out)["answers"]
    assert [one["rule"] for one in answer["forgiven"]] == ["melodic-no-large-leap-recovery"]
    assert "melodic-no-large-leap-recovery" not in answer["costs"] and "remark" not in theorygen(
        "harmonize", tune(TUNE)).err


def test_faults_of_a_tune_are_no_part_of_the_cost(theorygen: Command) -> None:
    done = theorygen("harmonize", tune(LEAPING))
    told = "1 fault of the given line that no harmonisation avoids"
    (cost,) = re.findall(rf"; cost ([\d.]+); {told}", done.out)
    assert float(cost) < 1000
    assert theorygen("harmonize", tune(LEAPING), "-o", "a.musicxml").err.endswith(f"cost {cost}; {told}\n")
    assert read_score("a.musicxml").metadata["breaks"] == "melodic-no-large-leap-recovery"


def test_a_mode_that_the_style_does_not_have_is_told(theorygen: Command) -> None:
    Path("fair.abc").write_text("X:1\nT:Fair\nM:3/4\nL:1/4\nK:Ddor\nD2 D | A2 A | E3/2 F/2 E | D3 |]\n",
                                encoding="utf-8")
    err = theorygen("harmonize", "fair.abc").err
    assert err.startswith("in D minor: the file says D dorian, and style 'textbook-chorale' has no pieces in dorian")
    assert "dorian" not in theorygen("harmonize", "fair.abc", "--key", "d").err


def test_no_chords_are_no_solution_and_not_a_wrong_input(theorygen: Command) -> None:
    done = theorygen("harmonize", tune("in C: | S: C5 B4 C5 D5 F#4*4;"), "--set", "level=1")
    assert (done.code, done.out) == (1, "")
    assert "cannot go on at measure 2, beat 1 with F#4" in done.err


def test_a_random_answer_says_by_what_law(theorygen: Command) -> None:
    out = theorygen("harmonize", tune(TUNE), "--seed", "2", "--temperature", "1.5").out
    assert "a random answer, seed 2, temperature 1.5; cost" in out
    assert "seed 2, all alike" not in out and "temperature" not in theorygen(
        "harmonize", tune(TUNE), "--uniform", "--seed", "2").out


@pytest.mark.parametrize("key", ["E-: I V I", "Eb: I V I"])
def test_a_flat_may_be_a_hyphen(key: str, theorygen: Command) -> None:
    assert "Eb major" in theorygen("realize", "--roman", key).out


def test_several_voices_of_a_bar_are_held_one_by_one(theorygen: Command) -> None:
    done = theorygen("realize", "--given", tune(TUNE), "--hold", "m1 alto tenor")
    assert done.code == 2 and "'m1 alto, m1 tenor'" in done.err


@pytest.mark.parametrize(("meters", "told"), [
    ("4/4 1/4@8 4/4@9", "within the piece: measure 3 has 1 of 4 quarters"), ("4/4 3/4@8", "within the piece\n")])
@pytest.mark.parametrize("command", [("harmonize",), ("realize", "--given")])
def test_a_bar_cut_short_in_the_middle_is_named(
        theorygen: Command, command: tuple[str, ...], meters: str, told: str) -> None:
    done = theorygen(*command, tune(f"in C: | S: E4 F4 G4 E4 D4 D4 C4*2 G4 E4 F4 G4 E4 D4 D4 C4*2; | meter: {meters}"))
    assert done.code == 2 and told in done.err and "one meter" in done.err
