"""Reports on a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.cli.colours import print_lines
from theorygen.review.text_report import report_lines, report_text

COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]\b")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def printed(text: str, width: int) -> str:
    """A report as a terminal of this width shows it."""
    console = Console(file=io.StringIO(), force_terminal=True, width=width, highlight=False, color_system="standard")
    print_lines(report_lines(reviewed(text)), console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_faults_are_red_and_remarks_yellow() -> None:
    shown = printed(MESSY, 200)
    assert "\x1b[1;31m" in shown and "\x1b[33m" in shown


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(printed(MESSY, 200))


@pytest.mark.parametrize("width", [40, 72, 400])
@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY])
def test_the_words_are_those_of_the_plain_report(text: str, width: int) -> None:
    lines = ESCAPE.sub("", printed(text, width)).splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(" ".join(lines).split()) == " ".join(report_text(reviewed(text)).split())


def test_long_lines_go_on_under_their_first_word() -> None:
    lines = ESCAPE.sub("", printed(DOUBLED, 60)).splitlines()
    (start,) = (number for number, line in enumerate(lines) if line.startswith("1  "))
    assert lines[start + 1].startswith("   ") and lines[start + 1][3] != " "
