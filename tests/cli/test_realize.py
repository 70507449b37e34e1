"""``realize``: what it prints and writes, and how it says that there is nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.readers import read_score
from theorygen.render.json_writer import score_from_data

CHORDS = "C: I V6 I IV ii6 V7 I"
GERMAN = "a: i iv6 Ger65 V"
NO_CADENCE = "C: I V vi ii"
ANALYSIS = "Title: Two phrases\nTime Signature: 3/4\nm1 C: I b3 V6\nm2 I || b2 IV b3 V7\nm3 I\n"


def test_the_best_is_shown_on_the_terminal(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", CHORDS)
    assert done.code == 0 and done.err == ""
    assert "Progression in C major" in done.out and "V6" in done.out and "Soprano │" in done.out
    assert "the best (proven); cost" in done.out


def test_what_is_written_passes_check(theorygen: Command) -> None:
    done = theorygen("realize", "--style", "textbook-chorale", "--roman", CHORDS, "--seed", "1", "-o", "a.musicxml")
    assert (done.code, done.out) == (0, "") and "a.musicxml: Progression in C major, 2 measures, cost" in done.err
    judged = theorygen("check", "a.musicxml", "--hard")
    assert judged.code == 0 and "textbook-chorale" in judged.out


@pytest.mark.parametrize("suffix", [".musicxml", ".mid", ".svg", ".txt", ".json"])
def test_the_suffix_chooses_the_format(suffix: str, theorygen: Command) -> None:
    assert theorygen("realize", "--roman", "C: I V I", "-o", f"a{suffix}").code == 0
    assert Path(f"a{suffix}").stat().st_size > 0


def test_the_same_command_gives_the_same_bytes(theorygen: Command) -> None:
    for name in ("a.musicxml", "b.musicxml"):
        assert theorygen("realize", "--roman", CHORDS, "--uniform", "--seed", "9", "-o", name).code == 0
    assert Path("a.musicxml").read_bytes() == Path("b.musicxml").read_bytes()


def test_roman_text_is_realised(theorygen: Command) -> None:
    Path("x.rntxt").write_text(ANALYSIS, encoding="utf-8")
    assert theorygen("realize", "--roman-file", "x.rntxt", "-o", "a.musicxml").code == 0
    score = read_score("a.musicxml")
    assert score.title == "Two phrases" and [chord.phrase for chord in score.chords] == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(("output", "names"), [
    ("out/", ["out/textbook-chorale-0001.txt", "out/textbook-chorale-0002.txt"]), ("a.txt", ["a-1.txt", "a-2.txt"])])
def test_several_answers_are_files_by_rank(output: str, names: list[str], theorygen: Command) -> None:
    options = ["--format", "txt"] if output.endswith("/") else []
    done = theorygen("realize", "--roman", "C: I {IV|ii6} V7 I", "--k", "3", "--distinct", "chords", "-o", output,
                     *options)
    assert done.code == 0 and "no more than 2 such answers" in done.err
    assert sorted(str(path) for path in Path().rglob("*.txt")) == names
    assert "IV" in Path(names[0]).read_text() or "IV" in Path(names[1]).read_text()


def test_ranks_are_told_on_the_terminal(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", "C: I V I", "--k", "2")
    assert "number 1 of 2 (proven)" in done.out and "number 2 of 2 (proven)" in done.out


def test_json_says_everything(theorygen: Command) -> None:
    data = json.loads(theorygen("realize", "--roman", CHORDS, "--k", "2", "--json").out)
    assert data["format"] == "theorygen-answers" and data["question"] == "ranked"
    first, second = data["answers"]
    assert first["rank"] == 1 and first["proven"] and first["cost"] <= second["cost"]
    assert sum(first["costs"].values()) == pytest.approx(first["cost"])
    assert [chord["chord"] for chord in first["chords"]] == CHORDS.split()[1:]
    assert not any(one["hard"] for one in first["violations"])
    assert score_from_data(first["score"]).chords[-1].cadence in ("PAC", "IAC")


def test_what_the_given_chords_break_is_a_remark(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", NO_CADENCE, "-o", "a.musicxml")
    assert done.code == 0 and Path("a.musicxml").exists()
    assert "remark: " in done.err and "[phrase-has-cadence]" in done.err


def test_without_a_solution_nothing_is_written(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", GERMAN, "-o", "a.musicxml")
    assert (done.code, done.out) == (1, "") and not Path("a.musicxml").exists()
    assert "error: " in done.err and "measure 1, beat 4" in done.err and "--least-bad" in done.err


def test_the_conflict_is_data_too(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", GERMAN, "--json")
    data = json.loads(done.out)
    assert done.code == 1 and data["answers"] == []
    assert {one["rule"] for one in data["conflict"]["reasons"]} >= {"parallel-fifths", "aug6-resolution"}
    assert "phrase-has-cadence" in theorygen("realize", "--roman", NO_CADENCE, "--json").out


def test_the_least_bad_is_written_and_marked(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", GERMAN, "--least-bad", "-o", "a.musicxml")
    assert done.code == 1 and "the least bad music has 1 fault" in done.err and "[parallel-fifths]" in done.err
    assert read_score("a.musicxml").title.endswith("(breaks rules)")
    assert theorygen("check", "a.musicxml", "--hard").code == 1


def test_the_least_bad_is_not_looked_for_where_there_is_an_answer(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", CHORDS, "--least-bad")
    assert done.code == 0 and done.out == theorygen("realize", "--roman", CHORDS).out


@pytest.mark.parametrize("fault", ["parallel-fifths", "contrary-motion-outer@m1"])
def test_required_faults_cost_what_they_cost(fault: str, theorygen: Command) -> None:
    done = theorygen("realize", "--roman", "C: I V6 I", "--require-violation", fault, "--json")
    answer = json.loads(done.out)["answers"][0]
    assert sum(answer["costs"].values()) == pytest.approx(answer["cost"])


def test_required_faults_are_there_and_no_others(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", CHORDS, "--require-violation", "parallel-fifths@m2", "--only", "-o",
                     "a.musicxml")
    assert done.code == 0
    judged = json.loads(theorygen("check", "a.musicxml", "--hard", "--json").out)
    assert [(one["rule"], one["end"]["measure"]) for one in judged["violations"]] == [("parallel-fifths", 2)]


def test_shares_of_all_solutions(theorygen: Command) -> None:
    data = json.loads(theorygen("realize", "--roman", "C: I V I", "--marginals").out)
    assert data["law"] == "uniform" and int(data["solutions"]) == int(theorygen("count", "--roman", "C: I V I").out)
    for position in data["positions"]:
        assert position["measure"] == 1
        for shares in position["voices"].values():
            assert sum(one["share"] for one in shares) == pytest.approx(1)
    sampled = json.loads(theorygen("realize", "--roman", "C: I V I", "--marginals", "--temperature", "2").out)
    assert sampled["law"] == "sample"
    assert theorygen("realize", "--roman", GERMAN, "--marginals").code == 1


def test_an_engine_that_is_asked_for_is_told(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", "C: I V I", "--engine", "choco")
    assert done.code == 0 and "engine choco" in done.err
    assert done.out == theorygen("realize", "--roman", "C: I V I").out or "cost" in done.out


@pytest.mark.parametrize(("chords", "told"), [
    ("a: i iio65 V i",
     "remark: iio65 in A minor is fully diminished, with Ab; the chord of the key, with A, is iiø65\n"),
    ("a: i iiø65 V i", ""),
    ("C: I viio7 I", ""),
])
def test_a_seventh_that_was_probably_meant_half_diminished_is_told(theorygen: Command, chords: str, told: str) -> None:
    assert theorygen("realize", "--roman", chords).err == told


def test_a_missing_package_is_told_before_any_work(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "verovio", None)
    for where in (["-o", "a.svg"], ["-o", "out", "--k", "2", "--format", "svg"]):
        done = theorygen("realize", *where)
        assert done.code == 2 and "nothing is given" in done.err
        assert "needs the package verovio" in done.err and "theorygen[render]" in done.err


def test_what_may_be_given_is_listed_once_and_only_if_it_may(theorygen: Command) -> None:
    assert "--melody" not in theorygen("realize").err
    assert theorygen("realize", "--roman", CHORDS, "-o", "a.pdf").err.count(".mid,") == 1


def test_a_given_note_outside_its_chord_is_a_fault_of_the_least_bad(theorygen: Command) -> None:
    Path("held.txt").write_text("in G: I V6 I ii6 Cad64 V7 I | S: D5 E5 r r r r r | B: G2 F#2 G2 C3 D3 D3 G2",
                                encoding="utf-8")
    err = theorygen("realize", "--given", "held.txt", "--least-bad").err
    assert "has 1 fault" in err and "measure 1, beat 2: E5 does not belong to V6" in err
