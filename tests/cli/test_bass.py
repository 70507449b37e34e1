"""``theorygen realize --bass`` and ``count --bass``: a bass with figures or without becomes a score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.readers import read_score
from theorygen.render.files import write_score
from theorygen.score import parse_text_score

BASS = "B: C3 B2 C3 F3 G3*2 C3*2"
FIGURES = "_ 6 _ 65 64-53 _"


@pytest.fixture
def bass(tmp_path: Path) -> str:
    """A bass line in a file."""
    write_score(parse_text_score(BASS), tmp_path / "bass.musicxml")
    return "bass.musicxml"


def test_words_of_figures(theorygen: Command, bass: str) -> None:
    told = theorygen("realize", "--bass", bass, "--figures", FIGURES, "-o", "out.musicxml")
    assert told.code == 0 and not told.out
    assert "in C major: no sharps or flats, and the last bass note is C" in told.err
    score = read_score("out.musicxml")
    assert [chord.numeral_text for chord in score.chords] == ["I", "V6", "I", "ii65", "Cad64", "V", "I"]
    assert [text for _, text in score.figures] == ["6", "6 5", "6 4", "5 3"]
    assert theorygen("check", "out.musicxml", "--style", "textbook-chorale").code == 0


def test_the_figures_of_a_realisation_give_the_same_realisation(theorygen: Command, bass: str) -> None:
    theorygen("realize", "--bass", bass, "--figures", FIGURES, "-o", "one.musicxml")
    assert theorygen("realize", "--bass", "one.musicxml", "--figures", "score", "-o", "two.musicxml").code == 0
    assert Path("one.musicxml").read_bytes() == Path("two.musicxml").read_bytes()


def test_an_unfigured_bass_gets_chords(theorygen: Command, bass: str) -> None:
    told = theorygen("realize", "--bass", bass, "-o", "out.musicxml")
    assert told.code == 0 and "in C major" in told.err
    score = read_score("out.musicxml")
    assert [str(note.pitch) for note in score.voices[-1].notes()] == ["C3", "B2", "C3", "F3", "G3", "C3"]
    assert score.chords and theorygen("check", "out.musicxml", "--style", "textbook-chorale").code == 0


def test_a_sequence_read_from_figures_is_told(theorygen: Command, bass: str) -> None:
    assert "sequence" not in theorygen("count", "--bass", bass, "--figures", FIGURES).err
    Path("falling.txt").write_text("B: C3 F3 B2 E3 A2 D3 G2 C3", encoding="utf-8")
    err = theorygen("count", "--bass", "falling.txt", "--figures", "5 5 5 5 5 5 5 5").err
    assert "measure 1, beat 1" in err and "read as a sequence, which is free of some rules: I IV viio iii vi ii" in err


def test_counting(theorygen: Command, bass: str) -> None:
    figured = int(theorygen("count", "--bass", bass, "--figures", FIGURES).out)
    data = json.loads(theorygen("count", "--bass", bass, "--figures", FIGURES, "--json").out)
    assert figured > 100 and data["solutions"] == str(figured) and data["chord-sequences"] == "1"
    assert int(theorygen("count", "--bass", bass).out) > 0


def test_a_given_key_is_not_told(theorygen: Command, bass: str) -> None:
    told = theorygen("realize", "--bass", bass, "--figures", FIGURES, "--key", "C", "-o", "out.txt")
    assert told.code == 0 and "in C major:" not in told.err


def test_no_solution_leaves_with_1_and_names_the_notes(theorygen: Command, tmp_path: Path) -> None:
    write_score(parse_text_score("B: C3 B2 A2 C3"), tmp_path / "bass.musicxml")
    told = theorygen("realize", "--bass", "bass.musicxml", "--figures", "_ 6 _ _", "-o", "out.musicxml")
    assert told.code == 1 and "leading" in told.err.lower() and "B2" in told.err
    assert not Path("out.musicxml").exists()


def test_figures_and_held_notes(theorygen: Command, tmp_path: Path) -> None:
    (tmp_path / "held.txt").write_text(f"S: E5 r*3 E5 D5 C5*2 | {BASS}", encoding="utf-8")
    told = theorygen("realize", "--given", "held.txt", "--figures", FIGURES, "-o", "out.musicxml")
    assert told.code == 0, told.err
    score = read_score("out.musicxml")
    sung = {int(note.onset): str(note.pitch) for note in score.voices[0].notes()}
    assert (sung[0], sung[4], sung[5], sung[6]) == ("E5", "E5", "D5", "C5")
    assert [text for _, text in score.figures] == ["6", "6 5", "6 4", "5 3"]


def test_a_figure_that_contradicts_a_held_note(theorygen: Command, tmp_path: Path) -> None:
    (tmp_path / "held.txt").write_text(f"S: r C5 r*6 | {BASS}", encoding="utf-8")
    told = theorygen("realize", "--given", "held.txt", "--figures", FIGURES, "-o", "out.musicxml")
    assert told.code == 1 and "measure 1, beat 2" in told.err and "C5" in told.err and "V6" in told.err
    assert not Path("out.musicxml").exists()


WRONG = {
    ("--bass", "bass.musicxml", "--figures", "6 6"): ["--figures:1:4", "2 words for 6 bass notes", "measure 1: 4"],
    ("--bass", "bass.musicxml", "--figures", "_ 6 _ 6x 9y _"): ["6x", "measure 1, beat 4", "^", "measure 2, beat 1"],
    ("--bass", "bass.musicxml", "--figures", "_ 6 _ 7# 7 _"): ["asks for", "no chord of C major"],
    ("--bass", "bass.musicxml", "--figures", "score"): ["no figures", "leave --figures out"],
    ("--bass", "missing.musicxml"): ["missing.musicxml", "no such file"],
    ("--bass", "bass.musicxml", "--key", "H"): ["--key", "H"],
    ("--figures", "6"): ["--bass FILE"],
    ("--bass", "bass.musicxml", "--roman", "C: I"): ["--bass", "--roman", "one of them"],
    ("--bass", "bass.musicxml", "--meter", "3/4"): ["--meter is for --roman"],
    ("--bass", "bass.musicxml", "--figures", ""): ["0 words for 6"],
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("command", ["realize", "count"])
def test_wrong_input(theorygen: Command, bass: str, case: tuple[str, ...], command: str) -> None:
    told = theorygen(command, *case)
    assert (told.code, told.out) == (2, "")
    assert [words for words in WRONG[case] if words not in told.err] == []
