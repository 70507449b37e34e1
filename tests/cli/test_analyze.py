"""``theorygen analyze`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from theorygen.score import parse_text_score
from theorygen.score.roman_text import parse_roman_text

TEXT = ("S: E5*1/2 D5*1/2 C5 B4 C5; E5 D5*1/2 C5*1/2 D5; | A: G4 F4 G4 G4 G4 F4 G4 | T: C4 A3 D4 E4 C4 A3 B3 | "
        "B: C3 F3 G3 C3 C3 F3 G3 | title: Two phrases")


@pytest.fixture
def score(tmp_path: Path) -> Path:
    path = tmp_path / "phrases.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_prints_roman_text(theorygen, score: Path) -> None:
    done = theorygen("analyze", str(score))
    assert done.code == 0
    assert done.out.startswith("Title: Two phrases")
    numerals = [one.numeral_text for one in parse_roman_text(done.out).chords(parse_text_score(TEXT))]
    assert numerals[:4] == ["I", "IV", "V", "I"] and numerals[-1] == "V"


def test_json_tells_keys_chords_cadences_and_embellishments(theorygen, score: Path) -> None:
    found = json.loads(theorygen("analyze", str(score), "--json").out)
    assert [area["key"] for area in found["keys"]] == ["C major"]
    assert [one["cadence"] for one in found["cadences"]] == ["PAC", "HC"]
    assert {"measure": 1, "beat": 1.5, "voice": "soprano", "note": "D5", "kind": "passing-tone"} \
        in found["embellishments"]


def test_roman_text_may_go_to_a_file(theorygen, score: Path, tmp_path: Path) -> None:
    target = tmp_path / "analysis.rntxt"
    done = theorygen("analyze", str(score), "-o", str(target))
    assert (done.code, done.out) == (0, "")
    assert parse_roman_text(target.read_text("utf-8")).readings


def test_an_annotated_score_names_embellishments_and_reads_back(theorygen, score: Path, tmp_path: Path) -> None:
    from theorygen.readers import read_score

    target = tmp_path / "analysis.musicxml"
    assert theorygen("analyze", str(score), "-o", str(target)).code == 0
    words = [element.text for element in ElementTree.parse(target).iter("words")]
    assert "P" in words
    again = read_score(target)
    assert [chord.numeral_text for chord in again.chords][:4] == ["I", "IV", "V", "I"]
    assert [chord.cadence for chord in again.chords if chord.cadence] == ["PAC", "HC"]


@pytest.mark.parametrize(("name", "text", "said"), [
    ("none.txt", None, "no such file"), ("rests.txt", "S: r r", "no notes"), ("rests.txt", "", "notes"),
    ("wrong.musicxml", "<score", "cannot be read"), ("wrong.abcde", "what", "what.abcde")])
def test_what_cannot_be_analysed(theorygen, tmp_path: Path, name: str, text: str | None, said: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = theorygen("analyze", str(path))
    assert (done.code, done.out) == (2, "")
    assert "error" in done.err and "Traceback" not in done.err


def test_an_unknown_suffix_is_refused_before_any_work(theorygen, score: Path, tmp_path: Path) -> None:
    done = theorygen("analyze", str(score), "-o", str(tmp_path / "a.pdfx"))
    assert done.code == 2
    assert ".musicxml" in done.err
    assert not (tmp_path / "a.pdfx").exists()
