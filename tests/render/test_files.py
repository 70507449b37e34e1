"""Files: by suffix, whole or not at all."""

import pytest

from tests.score.fixtures import SCORES
from theorygen.render import files, score_from_json, write_score
from theorygen.source.diagnostic import InputError

STARTS = {
    ".musicxml": b"<?xml", ".xml": b"<?xml", ".mxl": b"PK", ".mid": b"MThd", ".midi": b"MThd", ".json": b"{",
    ".txt": b"C major", ".svg": b"<svg",
}


@pytest.mark.parametrize("suffix", files.WRITERS)
def test_the_suffix_chooses_the_format(tmp_path, suffix):
    if suffix == ".svg":
        pytest.importorskip("verovio")
    path = tmp_path / f"piece{suffix}"
    write_score(SCORES["fermata"], path)
    first = path.read_bytes()
    assert first.startswith(STARTS[suffix])
    write_score(SCORES["fermata"], path)
    assert path.read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", SCORES)
def test_fixtures_pass_through_every_writer(tmp_path, name):
    for suffix in set(files.WRITERS) - {".svg", ".xml"}:
        write_score(SCORES[name], tmp_path / f"piece{suffix}")
    assert score_from_json((tmp_path / "piece.json").read_text(encoding="utf-8")) == SCORES[name]


@pytest.mark.parametrize(("name", "message"), [
    ("piece.pdf", "'.pdf' is not a kind of file"), ("piece", "has no suffix"), ("piece.midd", "did you mean '.mid'"),
    ("nowhere/piece.mid", "cannot be written"),
])
def test_other_paths_are_refused(tmp_path, name, message):
    with pytest.raises(InputError, match=message):
        write_score(SCORES["fermata"], tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "piece.mid"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(InputError, match="No space left"):
        write_score(SCORES["fermata"], path)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["piece.mid"]


def test_a_failed_writer_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "piece.mid"
    path.write_bytes(b"old")
    monkeypatch.setitem(files.WRITERS, ".mid", lambda score: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        write_score(SCORES["fermata"], path)
    assert path.read_bytes() == b"old"


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    def missing(score):
        raise ModuleNotFoundError("No module named 'verovio'", name="verovio")

    monkeypatch.setitem(files.WRITERS, ".svg", missing)
    with pytest.raises(InputError, match="needs the package verovio"):
        write_score(SCORES["fermata"], tmp_path / "piece.svg")
