"""A table of wrong commands: each is refused with a message that helps, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from theorygen.cli.running import run

ROWS = yaml.safe_load((Path(__file__).parent / "bad_commands.yaml").read_text(encoding="utf-8"))
BROKEN = "theorygen: 1\ntitle: Broken\nextends: textbook-chorale\nharmonie: {}\n"


FILES = {
    "good.yaml": "theorygen: 1\nextends: textbook-chorale\n", "broken.yaml": BROKEN, "file.txt": "words",
    "empty.musicxml": "", "rests.txt": "S: r r | B: r r\n", "melody.txt": "S: C5 D5\n",
    "chords.txt": "in C: I V6 I | S: E5 D5 E5\n",
    "duet.txt": "S: C5 D5 E5 | B: C4 B3 C4\n", "late.rntxt": "m1 C: I b2 V\nm9 I\n",
    "crossing.rntxt": "m1 C: I b3 V b2 I\n", "wrong.rntxt": "m1 C: I b2 H7\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "music").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row["command"]))
def test_refused(row: dict[str, list[str]], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(folder.rglob("*"))
    code = run(row["command"])
    told = capsys.readouterr()
    assert code == 2, told
    assert told.out == ""
    assert "Traceback" not in told.err
    for words in row["says"]:
        assert words in told.err
    assert sorted(folder.rglob("*")) == before


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 50
