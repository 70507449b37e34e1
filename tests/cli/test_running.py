"""The edge of the program: exit codes, streams, and whatever else can go wrong around a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from theorygen.cli import compose as compose_module
from theorygen.cli import running

PROGRAM = [sys.executable, "-m", "theorygen"]


def test_version_and_help(theorygen: Command) -> None:
    assert theorygen("--version").out.startswith("theorygen 0.")
    done = theorygen("--help")
    assert done.code == 0
    for command in ("compose", "explain", "new", "lint", "schema", "rules", "--install-completion"):
        assert command in done.out


@pytest.mark.parametrize("command", ["compose", "explain", "new", "lint", "schema", "rules"])
def test_every_command_helps_with_an_example(command: str, theorygen: Command) -> None:
    done = theorygen(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Example: theorygen {command}" in done.out


def test_our_own_mistakes(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(compose_module, "_compose_one", fail)
    done = theorygen("compose", "textbook-chorale")
    assert (done.code, done.out) == (70, "")
    assert "internal error: ZeroDivisionError" in done.err
    assert "report" in done.err
    assert "Traceback" not in done.err
    monkeypatch.setenv(running.DEBUG, "1")
    assert "Traceback" in theorygen("compose", "textbook-chorale").err


def test_interrupted(theorygen: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compose_module, "_compose_one", interrupt)
    done = theorygen("compose", "textbook-chorale")
    assert (done.code, done.out, done.err) == (130, "", "stopped\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes of other systems")
def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    process = subprocess.Popen([*PROGRAM, "rules", "--windows"], cwd=tmp_path, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([*PROGRAM, "rules"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: the output cannot be written")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_narrow_terminals(encoding: str, tmp_path: Path) -> None:
    command = [*PROGRAM, "compose", "textbook-chorale", "--set", "phrases=1"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Soprano" in done.stdout


def test_no_colour_where_nobody_looks(tmp_path: Path) -> None:
    done = subprocess.run([*PROGRAM, "compose", "textbook-chorale"], cwd=tmp_path, capture_output=True)
    assert b"\x1b" not in done.stdout + done.stderr
