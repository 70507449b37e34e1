"""Runs commands as a user does, in this process, each test in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from theorygen.cli.running import run

UNVOICEABLE = """\
theorygen: 1
title: Unvoiceable
extends: textbook-chorale
parameters: {phrases: {default: 1}}
rules:
  nobody-sings:
    over: note
    forbid: is_bass and chord.degree == 5
    message: "{voice} sings"
    because: nobody may
"""


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Result]


@pytest.fixture
def theorygen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs one command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        code = run(arguments)
        told = capsys.readouterr()
        return Result(code, told.out, told.err)

    return call


@pytest.fixture
def unvoiceable(tmp_path: Path) -> str:
    """A style whose rules contradict its chords."""
    path = tmp_path / "unvoiceable.yaml"
    path.write_text(UNVOICEABLE, encoding="utf-8")
    return path.name
