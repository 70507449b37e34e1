"""Phrases without voices against every phrase of small styles, each solved by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.small_style import small_style
from theorygen.solve.answers import best
from theorygen.solve.trellis import DeadEnd
from theorygen.verify.finding import Bounds, Subject
from theorygen.verify.phrases import PhraseSearch, Row, study

NARROW = """ensemble:
  - {name: soprano, range: [C4, G4], tessitura: [D4, F4], clef: treble, instrument: voice}
  - {name: alto, range: [G3, D4], tessitura: [A3, C4], clef: treble, instrument: voice}
  - {name: tenor, range: [E3, B3], tessitura: [F3, A3], clef: bass, instrument: voice}
  - {name: bass, range: [F2, C3], tessitura: [G2, B2], clef: bass, instrument: voice}
"""
QUIET = """rules:
  no-leaping-bass:
    title: The bass does not leap twice
    over: melodic-turn
    when: is_bass
    forbid: first.size >= P4 and second.size >= P4
    strength: hard
    message: "the {voice} leaps twice"
    because: So phrases die that no two chords explain.
    source: a test
    good: "S: E5 F5 G5 | B: C3 F3 E3"
    bad: "S: E5 F5 E5 | B: C3 F3 C3"
  a-climax:
    title: No voice comes to its highest note thrice
    over: voice-line
    fold: climax
    forbid: hits > 2
    strength: hard
    message: "the {voice} comes to its highest note too often"
    because: So phrases die at their ends.
    source: a test
    good: "S: E5 F5 G5 | B: C3 D3 E3"
    bad: "S: E5 E5 E5 | B: C3 D3 C3"
"""
STYLES: dict[str, tuple[tuple[str, str], ...]] = {
    "whole": (),
    "shorter": (("phrase-length: 6", "phrase-length: 5"),),
    "narrow": (("ensemble: satb\n", NARROW),),
    "asked": (("[\"V6\", {to", "[\"V6\", \"V43[top=2] I6[top=3]\", {to"), ("V7)[region=pedal] I", "V7[top=4]) I")),
    "quiet": (("rules:\n", QUIET),),
}


def is_dead(search: PhraseSearch, rows: list[Row]) -> bool:
    """Whether a phrase has no voicing, solved by itself."""
    problem = search.problem(rows)
    assert problem is not None
    try:
        best(problem)
    except DeadEnd:
        return True
    return False


def every_phrase(search: PhraseSearch) -> list[list[Row]]:
    """All phrases, derived one by one without a thought of voices."""
    waiting = [Row(root, move.after, None, search._standing(root, move, True), move.leaf, None)
               for root in search.roots if (state := root.automaton.start(root.goal))
               for move in root.automaton.moves(state)]
    found = []
    while waiting:
        row = waiting.pop()
        if row.state.done:
            found.append(row.rows)
        for move in row.root.automaton.moves(row.state):
            waiting.append(Row(row.root, move.after, None, search._standing(row.root, move, False), move.leaf, row))
    return found


@pytest.mark.parametrize("name", STYLES)
def test_phrases_that_die_are_those_without_a_solution(tmp_path: Path, name: str) -> None:
    search = PhraseSearch(Subject(small_style(tmp_path, *STYLES[name])))
    assert search.told == ""
    phrases = every_phrase(search)
    dead = [rows for rows in phrases if is_dead(search, rows)]
    died = [search.whole(row) for row in search.dead]
    assert bool(dead) == bool(died)
    assert all(is_dead(search, rows) for rows in died)
    assert min(map(len, dead), default=0) == min(map(len, died), default=0)
    assert len(phrases) > 15
    for rows in dead:
        assert any(_begins_like(rows, row) for row in search.dead)


def _begins_like(rows: list[Row], dead: Row) -> bool:
    """Whether a phrase comes to a place in the grammar where one that died was, with the same last chord."""
    return any((one.root.automaton, one.state, one.standing) == (dead.root.automaton, dead.state, dead.standing)
               for one in rows)


def test_some_of_these_styles_have_phrases_without_voices(tmp_path: Path) -> None:
    longer = {}
    for number, (name, changes) in enumerate(STYLES.items()):
        search = PhraseSearch(Subject(small_style(tmp_path, *changes, name=f"small-{number}")))
        longer[name] = [row for row in search.dead if not search.is_of_a_pair(row)]
    assert not longer["whole"]
    assert longer["quiet"]


def test_the_shortest_phrase_without_voices_is_told_at_its_lines(tmp_path: Path) -> None:
    style = small_style(tmp_path, STYLES["quiet"][0])
    found = study(Subject(style)).findings
    lines = Path(style.file).read_text().splitlines()
    assert found
    for one in found:
        assert one.severity == "warning"
        assert "no-leaping-bass" in one.message
        assert one.example.startswith('theorygen realize --roman "')
        for mark in (one.mark, *one.related):
            assert mark is not None
            assert any(lines[mark.line - 1][mark.column - 1 :].startswith(chord) for chord in one.about.split())


def test_what_two_chords_explain_is_left_to_pairs(tmp_path: Path) -> None:
    change = ("Before: [\"IV6\", ", "Before: [\"V42\", ")
    search = PhraseSearch(Subject(small_style(tmp_path, change)))
    assert search.dead
    assert all(search.is_of_a_pair(row) for row in search.dead)
    assert not study(Subject(small_style(tmp_path, change))).findings


def test_bounds_are_told(tmp_path: Path) -> None:
    style = small_style(tmp_path)
    assert "first 2 chords" in study(Subject(style, Bounds(chords=2))).bound
    assert "3 sets" in study(Subject(style, Bounds(states=3))).bound
