"""The view in the terminal."""

from io import StringIO

import pytest
from hypothesis import given
from rich.console import Console

from tests.score.fixtures import SCORES, scores
from theorygen.render import print_score, score_to_text
from theorygen.score import parse_text_score

EXPECTED = """\
Duo  ·  A minor  ·  4/4  ·  80 quarters a minute

         1
Upper  │ A4   ─   B4 C5
Lower  │ A3   G#3 ─  A3
Chords   a: i V6     i
                     PAC
"""


def test_voices_are_rows_and_times_are_columns():
    view = score_to_text(parse_text_score(
        "in a: i V6 i*2(PAC) | upper: A4*3/2 B4*1/2 C5*2 | lower: A3 G#3 A3*2 | title: Duo"))
    assert view == EXPECTED


def test_measures_wrap_at_the_width():
    score = parse_text_score("S: " + "C5 D5 E5 F5 " * 20)
    lines = score_to_text(score, 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.startswith("Soprano") for line in lines) > 1


@pytest.mark.parametrize("name", SCORES)
def test_the_printed_view_is_the_text(name):
    console = Console(file=StringIO(), width=100, color_system=None)
    print_score(SCORES[name], console)
    printed = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert printed == score_to_text(SCORES[name], 100).splitlines()


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=StringIO(), width=100, force_terminal=True)
    print_score(SCORES["fermata"], console)
    assert "\x1b[3" not in console.file.getvalue()


@given(scores())
def test_every_note_is_shown(score):
    view = score_to_text(score, 200)
    for voice in score.voices:
        for index, event in enumerate(voice.events):
            if event.pitches and not voice.is_continuation(index):
                assert "+".join(map(str, event.pitches)) in view
