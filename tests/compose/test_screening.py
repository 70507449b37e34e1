"""What is given may break rules that only a finished score shows: where nothing mends that it is a remark."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from theorygen.cli.answers import remark_lines
from theorygen.compose.answering import BrokenRules, answers
from theorygen.compose.question import Question
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style, load_style
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.score.location import Location
from theorygen.theory import Meter

STYLE = load_style("textbook-chorale")


def task(text: str, style: Style = STYLE) -> Task:
    assert style.ensemble is not None
    return parse_roman_line(text, style.ensemble, Meter(4, 4), Fraction(1)).task(style)


def places(found: list[Location]) -> list[tuple[int, Fraction]]:
    return [(one.measure, one.beat) for one in found]


@pytest.mark.parametrize(("text", "rule", "where"), [
    ("F: I V6 I vi C: ii V65 I d: V65 i iiø65 V i // F: vi ii65 V7 I", "modulation-confirmed", [(2, 2)]),
    ("G: IV I6 e: iiø65 G: V7 I // G: I IV V7 I", "modulation-confirmed", [(1, 3)]),
    ("C: I ii V vi // IV ii IV ii // I IV V7 I", "phrase-has-cadence", [(2, 4)]),
    ("C: I ii IV ii // IV ii IV ii // I IV V7 I", "phrase-has-cadence", [(1, 4), (2, 4)]),
])
def test_what_given_chords_decide_is_a_remark_at_each_place(text: str, rule: str, where: list[tuple[int, int]]) -> None:
    (found,) = answers(task(text), Question())
    assert [(one.rule, one.location.measure, one.location.beat) for one in found.excused] == [
        (rule, measure, beat) for measure, beat in where]
    assert found.is_proven and found.forgiven == []
    assert all("whatever the notes" in line for line in remark_lines([found]))
    assert found.score.chords[-1].cadence == "PAC"  # which notes decide, and so is no remark


def style_with(tmp_path: Path, rules: str) -> Style:
    path = tmp_path / "more.yaml"
    path.write_text(f"theorygen: 1\nextends: textbook-chorale\nrules:\n{rules}", encoding="utf-8")
    return load_style(path)


WIDE = """\
  wide-phrases:
    title: A phrase is wide
    over: phrase
    require: top_span >= {span}
    strength: hard
    message: the phrase is narrow
    because: here it is to be wide
"""


def test_what_nothing_that_is_tried_keeps_is_a_remark_that_says_so(tmp_path: Path) -> None:
    asked = task("C: I V6 I IV ii6 V7 I", style_with(tmp_path, WIDE.format(span="P22")))
    (found,) = answers(asked, Question())
    assert [one.rule for one in found.excused] == ["wide-phrases"] and not found.is_proven
    assert all("that was tried" in line for line in remark_lines([found]))


def test_what_some_notes_keep_is_kept(tmp_path: Path) -> None:
    asked = task("C: I V6 I IV ii6 V7 I", style_with(tmp_path, WIDE.format(span="P8")))
    try:
        (found,) = answers(asked, Question())
    except BrokenRules:
        return  # given up, but never excused: some random solution keeps it
    assert not found.faults and not check(found.score, RuleSet(asked.judged.hard))
