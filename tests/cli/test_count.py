"""``count``: an exact integer alone, zero among them, and more in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.render.files import write_score
from theorygen.score import parse_text_score

LONG = "C: " + " ".join(["I V6 I IV ii6 V7"] * 12) + " I"


def test_the_number_stands_alone(theorygen: Command) -> None:
    done = theorygen("count", "--style", "textbook-chorale", "--roman", "C: I V6 I IV ii6 V7 I")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{int(done.out)}\n" and int(done.out) > 1_000_000


def test_numbers_may_be_of_any_size(theorygen: Command) -> None:
    assert int(theorygen("count", "--roman", LONG).out) > 2**64


def test_none_is_an_answer(theorygen: Command) -> None:
    done = theorygen("count", "--roman", "a: i iv6 Ger65 V")
    assert (done.code, done.out, done.err) == (0, "0\n", "")


def test_open_chords_add_up(theorygen: Command) -> None:
    each = [int(theorygen("count", "--roman", f"C: I {chord} V I").out) for chord in ("IV", "ii6")]
    assert int(theorygen("count", "--roman", "C: I {IV|ii6} V I").out) == sum(each)


@pytest.mark.parametrize(("chords", "sequences"), [("C: I {IV|ii6} {V|viio6} I", "4"), ("C: I V I", "1"),
                                                   ("a: i iv6 Ger65 V", "0")])
def test_json_tells_more(chords: str, sequences: str, theorygen: Command) -> None:
    data = json.loads(theorygen("count", "--roman", chords, "--json").out)
    assert data["solutions"] == theorygen("count", "--roman", chords).out.strip()
    assert data["chord-sequences"] == sequences
    assert len(data["positions"]) == len(chords.split()) - 1
    assert all((one["voicings"] > 0) == (sequences != "0") for one in data["positions"])
    assert data["positions"][0] == {"measure": 1, "beat": "1", "chords": [chords.split()[1]],
                                    "voicings": data["positions"][0]["voicings"]}


@pytest.mark.parametrize("suffix", ["musicxml", "mid", "json"])
def test_a_melody_is_the_highest_voice_whatever_it_is_called(suffix: str, theorygen: Command) -> None:
    for name in ("soprano", "tune"):
        score = parse_text_score(f"{name}: E4 F4 G4 F4 E4 D4 C4*2;")
        write_score(score, Path(f"{name}.{suffix}"))
    counts = [theorygen("count", "--given", f"{name}.{suffix}").out for name in ("soprano", "tune")]
    assert counts[0] == counts[1] and int(counts[0]) > 0
