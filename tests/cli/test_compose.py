"""``compose``: what it prints, what it writes, and that both depend on nothing but the arguments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Command
from theorygen.cli import batch
from theorygen.cli.batch import Batch, Outcome, _equal, fingerprint
from theorygen.cli.destination import FORMATS
from theorygen.render.json_writer import score_from_data

SIGNATURES = {
    ".musicxml": b"<?xml", ".xml": b"<?xml", ".mxl": b"PK", ".mid": b"MThd", ".json": b"{", ".txt": b"Textbook"}

SHORT = """\
theorygen: 1
ensemble: satb
meter: 4/4
phrase-length: 33 / 32
tempo: 80
keys: {major: [C]}
goal: {symbol: Piece, length: 1}
form: {Piece: Phrase}
harmony: {Phrase: "I:1/32 I"}
"""


def test_the_terminal_view_goes_to_stdout(theorygen: Command) -> None:
    done = theorygen("compose", "textbook-chorale", "--seed", "7", "--key", "G minor")
    assert done.code == 0
    assert "Textbook chorale  ·  G minor" in done.out
    assert "Soprano │" in done.out
    assert "seed 7" in done.out
    assert done.err == ""


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_the_suffix_chooses_the_format(suffix: str, theorygen: Command) -> None:
    done = theorygen("compose", "textbook-chorale", "--seed", "7", "-o", f"chorale{suffix}")
    assert (done.code, done.out) == (0, "")
    assert f"chorale{suffix}: Textbook chorale in " in done.err
    assert Path(f"chorale{suffix}").read_bytes().startswith(SIGNATURES[suffix])


def test_options_reach_the_piece(theorygen: Command) -> None:
    done = theorygen("compose", "textbook-chorale", "--seed", "7", "--key", "G minor", "--set", "phrases=2",
                     "--set", "level=5", "--json")
    data = json.loads(done.out)
    assert data["key"] == "G minor"
    assert data["parameters"]["phrases"] == 2
    assert data["parameters"]["level"] == 5
    assert len(data["phrases"]) == 2


def test_json_keeps_its_schema(theorygen: Command) -> None:
    schema = json.loads(theorygen("schema", "--composition").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    for seed in ("1", "2", "3"):
        data = json.loads(theorygen("compose", "textbook-chorale", "--seed", seed, "--set", "level=7", "--json").out)
        jsonschema.validate(data, schema, jsonschema.Draft202012Validator)
        assert sum(data["costs"].values()) == pytest.approx(data["cost"])
        assert score_from_data(data["score"]).chords


def test_a_style_of_your_own(theorygen: Command) -> None:
    assert theorygen("new", "my-style.yaml").code == 0
    done = theorygen("compose", "my-style.yaml", "--seed", "3", "--json")
    assert json.loads(done.out)["style"] == "my-style"


def test_several_pieces_are_the_single_ones(theorygen: Command) -> None:
    done = theorygen("compose", "textbook-chorale", "--seed", "5", "--count", "4", "-o", "out/", "--format", "midi")
    assert (done.code, done.out) == (0, "")
    assert "4 of 4 pieces written to out" in done.err
    names = [f"textbook-chorale-{seed:04}.mid" for seed in range(5, 9)]
    assert sorted(path.name for path in Path("out").iterdir()) == names
    for seed, name in zip(range(5, 9), names, strict=True):
        assert theorygen("compose", "textbook-chorale", "--seed", str(seed), "-o", "one.mid").code == 0
        assert Path("out", name).read_bytes() == Path("one.mid").read_bytes()


def contents(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_names_its_files(kind: str, theorygen: Command) -> None:
    if kind == "svg":
        pytest.importorskip("verovio")
    arguments = ("--count", "1", "-o", "out", "--format", kind, "--set", "phrases=1")
    assert theorygen("compose", "textbook-chorale", *arguments).code == 0
    assert [path.name for path in Path("out").iterdir()] == [f"textbook-chorale-0001{FORMATS[kind]}"]


def test_several_pieces_as_lines_of_json(theorygen: Command) -> None:
    done = theorygen("compose", "textbook-chorale", "--seed", "-1", "--count", "3", "--json")
    assert [json.loads(line)["seed"] for line in done.out.splitlines()] == [-1, 0, 1]


def test_equal_pieces_are_told() -> None:
    composed = [Outcome(1, "a"), Outcome(2, "b"), Outcome(3, "a")]
    failed = [Outcome(4, failure="none"), Outcome(5, failure="none")]
    assert _equal([*composed, *failed]) == [[1, 3]]


def test_equal_pieces_are_written_all(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "fingerprint", lambda score: "same")
    done = theorygen("compose", "textbook-chorale", "--count", "2", "-o", "out", "--format", "txt")
    assert "equal pieces: seeds 1, 2" in done.err
    assert len(list(Path("out").iterdir())) == 2


def test_the_fingerprint_hears_notes_not_seeds(theorygen: Command) -> None:
    lines = theorygen("compose", "textbook-chorale", "--count", "2", "--json").out.splitlines()
    first, second = (json.loads(line)["score"] for line in lines)
    renamed = {**first, "metadata": {"seed": 99}}
    assert fingerprint(score_from_data(first)) == fingerprint(score_from_data(renamed))
    assert fingerprint(score_from_data(first)) != fingerprint(score_from_data(second))


def test_no_voicing_says_where_and_why(theorygen: Command, unvoiceable: str) -> None:
    done = theorygen("compose", unvoiceable, "-o", "piece.mid")
    assert (done.code, done.out) == (1, "")
    assert "measure 1, beat" in done.err
    assert "nobody-sings" in done.err
    assert "remedy" in done.err
    assert not Path("piece.mid").exists()


def test_no_voicing_among_several(theorygen: Command, unvoiceable: str) -> None:
    done = theorygen("compose", unvoiceable, "--count", "2", "-o", "out")
    assert done.code == 1
    assert "error: seed 1: measure 1" in done.err
    assert "0 of 2 pieces" in done.err
    assert not list(Path("out").iterdir())


def test_a_failed_write_leaves_what_was_there(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("chorale.mid").write_bytes(b"precious")

    def refuse(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    done = theorygen("compose", "textbook-chorale", "-o", "chorale.mid")
    assert done.code == 2
    assert "No space left" in done.err
    assert [path.name for path in Path().iterdir()] == ["chorale.mid"]
    assert Path("chorale.mid").read_bytes() == b"precious"


def test_a_stopped_batch_leaves_whole_files(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Batch.make

    def stop_at_three(self: Batch, composer: object, seed: int) -> Outcome:
        if seed == 3:
            raise KeyboardInterrupt
        return make(self, composer, seed)  # type: ignore[arg-type]

    monkeypatch.setattr(Batch, "make", stop_at_three)
    done = theorygen("compose", "textbook-chorale", "--count", "5", "-o", "out", "--format", "mid")
    assert done.code == 130
    assert sorted(contents("out")) == ["textbook-chorale-0001.mid", "textbook-chorale-0002.mid"]


def test_same_bytes_in_every_process(tmp_path: Path) -> None:
    found = set()
    for hash_seed in ("0", "1", "424242"):
        command = [sys.executable, "-m", "theorygen", "compose", "textbook-chorale", "--seed", "7", "--json",
                   "-o", "a.musicxml"]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
        found.add((done.stdout, (tmp_path / "a.musicxml").read_bytes()))
    assert len(found) == 1


def test_a_length_that_no_note_has_is_refused_by_the_format(theorygen: Command, tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    result = theorygen("compose", "short.yaml", "-o", "short.musicxml")
    assert result.code == 2 and ".musicxml" in result.err and "1/32" in result.err, result.err
    assert not (tmp_path / "short.musicxml").exists()
