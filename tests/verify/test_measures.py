"""Measures of grammars against derivations that are written out one by one, and against numbers known by hand."""

from __future__ import annotations

from collections import Counter
from math import comb, isclose, log2
from pathlib import Path

import pytest

from tests.verify.small import SMALL, changed, style_of
from theorygen.grammar.automaton import Automaton
from theorygen.grammar.chart import Chart
from theorygen.grammar.grammar import Grammar
from theorygen.grammar.symbols import Goal
from theorygen.verify.finding import Subject
from theorygen.verify.measures import study
from theorygen.verify.rows import ambiguous_row, label, row_count, trees
from theorygen.verify.shares import expected_chords, expected_uses

AMBIGUOUS: dict[str, dict[str, float]] = {"X": {"X X": 1, "I": 1}}
GRAMMARS: dict[str, tuple[dict[str, dict[str, float]], int]] = {
    "every derivation a row": ({"X": {"I X": 3, "V X": 1, "I": 1}}, 5),
    "one row of many derivations": (AMBIGUOUS, 6),
    "two ways to some rows": ({"X": {"A B": 1, "I IV": 2}, "A": {"I": 1, "ii": 1}, "B": {"IV": 3, "V": 1}}, 2),
    "lengths": ({"X": {"Y Y": 1, "Y": 2}, "Y": {"I:2": 1, "I V": 1, "I": 1, "Y V": 1}}, 6),
    "what is shared": ({"X": {"let A = Y in A A": 1, "Y Y": 1}, "Y": {"I V": 1, "I:2": 1, "V V": 2}}, 4),
    "open alternatives": ({"X": {"{ii6|IV} V": 1, "ii6 V": 1, "Z V": 1}, "Z": {"{ii6|IV}": 1}}, 2),
}


def chart_of(section: dict[str, dict[str, float]]) -> Chart:
    return Chart(Grammar.build(section))


@pytest.mark.parametrize("name", GRAMMARS)
def test_measures_are_those_of_all_derivations(name: str) -> None:
    section, length = GRAMMARS[name]
    chart, goal = chart_of(section), Goal("X", length)
    derivations = list(chart.enumerate(goal))
    shares = [one.likelihood for one in derivations]
    leaves = [one.leaves() for one in derivations]
    assert isclose(sum(shares), 1)
    cell, automaton = chart.cell(goal), Automaton(chart)
    start = automaton.start(goal)
    assert start is not None
    assert cell.count == len(derivations)
    assert row_count(automaton, start) == len({tuple(map(label, row)) for row in leaves})
    assert isclose(cell.entropy, -sum(share * log2(share) for share in shares), abs_tol=1e-9)
    assert isclose(expected_chords(cell), sum(share * len(row) for share, row in zip(shares, leaves, strict=True)))


@pytest.mark.parametrize("name", [name for name in GRAMMARS if name != "what is shared"])
def test_uses_of_productions_are_counted_in_all_derivations(name: str) -> None:
    section, length = GRAMMARS[name]
    chart, goal = chart_of(section), Goal("X", length)
    uses: Counter[str] = Counter()
    for derivation in chart.enumerate(goal):
        for node in derivation.nodes():
            if node.production:
                uses[node.production.text] += derivation.likelihood  # type: ignore[assignment]
    told = {production.text: share for production, share in expected_uses(chart.cell(goal)).items()}
    assert told == pytest.approx(dict(uses))


@pytest.mark.parametrize("length", range(1, 9))
def test_a_binary_grammar_has_catalan_many_derivations_of_one_row(length: int) -> None:
    chart, goal = chart_of(AMBIGUOUS), Goal("X", length)
    start = Automaton(chart).start(goal)
    assert start is not None
    catalan = comb(2 * length - 2, length - 1) // length
    automaton = Automaton(chart)
    first = automaton.start(goal)
    assert first is not None
    assert (chart.count(goal), row_count(automaton, first)) == (catalan, 1)
    row = ambiguous_row(automaton, first)
    assert len(row) == (length if length > 2 else 0)
    assert len(set(map(str, trees(chart, goal, row)))) == (catalan if row else 0)


def test_a_grammar_without_ambiguity_has_no_ambiguous_row() -> None:
    chart, goal = chart_of({"X": {"I X": 3, "V X": 1, "I": 1}}), Goal("X", 6)
    automaton = Automaton(chart)
    start = automaton.start(goal)
    assert start is not None and ambiguous_row(automaton, start) == ()


def test_an_ambiguous_phrase_is_a_note_with_two_trees(tmp_path: Path) -> None:
    text = changed('  Tonic: {"I": 2, "I V6 I": 1}', '  Tonic: {"I": 2, "Tonic Tonic": 1}').replace(
        "phrase-length: 4", "phrase-length: 8")
    text = text.replace('{"i": 2, "i V6 i": {weight: 1, when: level == 3 or twice}}', '{"i": 2, "i V6 Tonic": 1}')
    told = study(Subject(style_of(text, tmp_path)))
    notes = {one.about: one for one in told.findings}
    assert set(notes) == {"Phrase(cadence=HC, key=I)", "Phrase(cadence=PAC, key=I)"}
    note = notes["Phrase(cadence=PAC, key=I)"]
    row, *both = note.example.splitlines()
    assert len(set(both)) == 2 and row.split() == ["I"] * 5 + ["V", "I"]
    assert note.data == {"derivations": 2 * 14, "rows": 2} and note.severity == "note"
    assert note.mark is not None and 'Answer: "Phrase(cadence=PAC)"' in note.mark.text


def test_facts_tell_numbers_at_the_defaults_and_by_level(tmp_path: Path) -> None:
    told = study(Subject(style_of(SMALL, tmp_path)))
    assert told.facts["Phrase(cadence=HC, key=I) in major, 4/4"].startswith("3 derivations of 3 rows of chords (1.00")
    assert "level=2" in told.facts and "twice=True" in told.facts
    assert not told.findings
