"""``theorygen check --summary`` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.review.scores import CLEAN, DOUBLED, MESSY


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder with scores, one of them damaged, in the folder the command runs in."""
    folder = tmp_path / "music"
    (folder / "more").mkdir(parents=True)
    for name, text in {"a.txt": DOUBLED, "more/b.txt": MESSY, "c.txt": CLEAN, "d.musicxml": "<score"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_table_of_rates(theorygen: Command, music: Path) -> None:
    told = theorygen("check", "music", "--summary", "--jobs", "1")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].split() == ["broken", "out", "of", "rate", "95", "%", "interval", "pieces"]
    (doubled,) = (line.split() for line in lines if line.startswith("no-double-leading-tone "))
    assert doubled[1] == "2" and doubled[-1] == "2"
    assert lines[-1] == "3 scores, 5 measures by strict-textbook; 1 could not be judged"
    assert told.err.startswith("music/d.musicxml: ")


def test_the_table_as_a_file(theorygen: Command, music: Path) -> None:
    told = theorygen("check", "music", "--summary", "--jobs", "1", "-o", "rates.csv")
    rows = {row["rule"]: row for row in csv.DictReader(Path("rates.csv").read_text().splitlines())}
    assert told.code == 0
    assert rows["no-double-leading-tone"]["violations"] == "2"
    assert rows["no-double-leading-tone"]["strength"] == "hard"


def test_parquet(theorygen: Command, music: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert theorygen("check", "music", "--summary", "--jobs", "1", "-o", "rates.parquet").code == 0
    assert "parallel-fifths" in parquet.read_table("rates.parquet")["rule"].to_pylist()


def test_parquet_without_its_package(theorygen: Command, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    told = theorygen("check", "music", "--summary", "--jobs", "1", "-o", "rates.parquet")
    assert told.code == 2 and "theorygen[corpus]" in told.err and not Path("rates.parquet").exists()


def test_json(theorygen: Command, music: Path) -> None:
    told = theorygen("check", "music", "--summary", "--jobs", "1", "--profile", "bach-chorale", "--json")
    data = json.loads(told.out)
    assert (data["judged_by"], data["files"], data["judged"]) == ("bach-chorale", 4, 3)


def test_files_and_folders_together_count_once(theorygen: Command, music: Path) -> None:
    told = theorygen("check", "music/a.txt", "music/more", "music/a.txt", "--summary", "--only", "parallel-fifths",
                     "--jobs", "1", "--all")
    assert told.out.splitlines()[-1] == "2 scores, 4 measures by strict-textbook"


@pytest.mark.slow
def test_two_processes_say_the_same(theorygen: Command, music: Path) -> None:
    said = [theorygen("check", "music", "--summary", "--jobs", jobs, "--json") for jobs in ("1", "2")]
    assert said[0] == said[1]
