"""Two rules in conflict: a planted pair is found with the chords and both lines."""

from __future__ import annotations

from pathlib import Path

from tests.solve.brute_force import all_solutions
from tests.verify.ruled import line_of, ruled, text_of
from theorygen.verify.rules_conflicts import conflicts, dead_places, study
from theorygen.verify.rules_places import hard_and, places_of

PAIR = """\
tenor-must-move: {over: melodic-step, when: voice == tenor and after.chord.degree == 4, require: moves}
tenor-must-stay: {over: melodic-step, when: voice == tenor and after.chord.degree == 4, forbid: moves}"""


def test_a_contradictory_pair_is_found(tmp_path: Path) -> None:
    found = study(ruled(tmp_path, PAIR)).findings
    assert [one.about for one in found] == ["tenor-must-move, tenor-must-stay"]
    assert found[0].severity == "error"
    lines = {mark.line for mark in (found[0].mark, *found[0].related) if mark}
    assert {line_of(name, text_of(PAIR)) for name in ("tenor-must-move", "tenor-must-stay")} <= lines
    assert "without tenor-must-move: in C: " in found[0].example
    assert all(" IV" in chords for chords in found[0].data["chords"])


def test_the_style_without_them_has_none(tmp_path: Path) -> None:
    assert not study(ruled(tmp_path)).findings


def test_dead_places_are_those_that_brute_force_finds_no_voicing_of(tmp_path: Path) -> None:
    subject = ruled(tmp_path, PAIR)
    style, pairs = subject.style, places_of(subject).pairs
    dead = {place for place in dead_places(style, pairs) if len(place.positions) == 2}
    assert dead == {place for place in pairs if not all_solutions(place.problem(style, hard_and(style)))}


def test_one_rule_that_forbids_everything_is_no_pair(tmp_path: Path) -> None:
    subject = ruled(tmp_path, "nothing: {over: melodic-step, when: voice == tenor and after.chord.degree == 4, "
                              "forbid: steps > -20}")
    found, count = conflicts(subject.style, places_of(subject).pairs)
    assert [one.rules for one in found] == [("nothing",)]
    assert count > 0
    assert not study(subject).findings
