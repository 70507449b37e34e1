"""Random style files: every one loads, and composes or says why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from tests.testing.drawing import SHRINKING, plainest
from theorygen.compose.composition import Composer, task_of
from theorygen.compose.plan import Planner
from theorygen.grammar.style import lint_style, load_style, resolve_parameters
from theorygen.solve.answers import Solutions
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.trellis import DeadEnd
from theorygen.source.chance import Chance
from theorygen.testing import styles

MINIMAL = """\
theorygen: 1
title: A style drawn at random
ensemble: satb
meter: 4/4
tempo: [72, 84]
phrase-length: 1 * unit
keys:
  major: [C]
goal: {symbol: Piece, length: 1}
form:
  Piece: {"Phrase": 1}
harmony:
  "Phrase":
    "I": 1
rules:
  use: [strict-textbook]
"""
ALIKE = settings(derandomize=True, database=None, deadline=None, max_examples=30,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(text: str, folder: Path) -> Path:
    path = folder / "drawn.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_plainest_style_has_one_chord() -> None:
    assert plainest(styles()) == MINIMAL


@ALIKE
@given(styles())
def test_every_text_loads_without_an_error(tmp_path: Path, text: str) -> None:
    path = written(text, tmp_path)
    assert not [one for one in lint_style(path) if one.severity == "error"]
    assert load_style(path).ensemble is not None


@ALIKE
@given(styles(), st.integers(0, 5))
def test_every_style_has_plans_that_can_be_voiced_or_a_reason(tmp_path: Path, text: str, seed: int) -> None:
    style = load_style(written(text, tmp_path))
    task = task_of(Planner(style, resolve_parameters(style, {})).plan(Chance(seed), None, 0), style)
    try:
        solution = Solutions(task.problem).best()
    except DeadEnd as end:
        if len(task.problem.positions) < 6:  # longer ones take their time
            assert explain_dead_end(task.problem, end.position).reasons
    else:
        assert task.score(solution).end == task.end


def test_plain_styles_compose(tmp_path: Path) -> None:
    composer = Composer(load_style(written(MINIMAL, tmp_path)))
    assert [chord.numeral.text for chord in composer.compose(1).score.chords] == ["I"]


@pytest.mark.parametrize("word", ["@minor", "when:", "let A", "Phrase(cadence)", "{weight", "Away", "keyboard",
                                  "parallel", "|"])
def test_all_kinds_of_styles_come_up_and_shrink(word: str) -> None:
    text = find(styles(), lambda one: word in one, settings=settings(SHRINKING, max_examples=2000))
    assert len(text.splitlines()) <= len(MINIMAL.splitlines()) + 6
