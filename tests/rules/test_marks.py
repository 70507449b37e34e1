"""Rules at some places only: the same marks for checker and solver, and no table split for rules without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve.problem import canonical
from theorygen.theory import Interval, Key, RomanNumeral


def broken_at(rule: ActiveRule, marks: list[int]) -> list[int]:
    """Focus slots of the windows of a rule that five parallel triads break."""
    chords = [RomanNumeral.parse("I", Key.parse(key)) for key in "CDFGA"]
    slots = [Slot(chord, mark=mark) for chord, mark in zip(chords, marks, strict=True)]
    voices = Ensemble.named("satb").voices
    above = [Interval.parse(name).code for name in ("P8", "P5", "M3", "P1")]
    notes = np.array([[chord.root.at_octave(3).code + interval for interval in above] for chord in chords])
    window = WINDOWS[rule.rule.over]
    instances = window.instances(4)
    starts = np.tile(np.arange(len(slots) - window.slots + 1), len(instances))
    chosen = np.repeat(np.array(instances), len(slots) - window.slots + 1, axis=0)
    rows = window.rows(World(voices, slots), [np.take_along_axis(notes[starts + shift], chosen, axis=1)
                                              for shift in range(window.slots)], chosen,
                       [starts + shift for shift in range(window.slots)])
    return sorted(set(rows.slots[window.focus][rule.charge(rows)[0]].tolist()))


@pytest.mark.parametrize(("marks", "except_marks", "places"), [
    (None, (), [1, 2, 3, 4]),
    ((7,), (), [2, 4]),
    (None, (7,), [1, 3]),
    ((7, 8), (8,), [2, 4]),
    ((), (), []),
])
def test_a_rule_judges_windows_whose_focus_is_marked(marks, except_marks, places: list[int]) -> None:
    rule = ActiveRule(load_library()["parallel-fifths"], True)
    placed = replace(rule, marks=marks if marks is None else frozenset(marks), except_marks=frozenset(except_marks))
    assert broken_at(placed, [7, 8, 7, 8, 7]) == places


def test_a_place_and_its_complement_are_the_whole_rule() -> None:
    rule = ActiveRule(load_library()["parallel-unison-octave"], True)
    marks = [1, 2, 1, 3, 2]
    inside, outside = replace(rule, marks=frozenset({1})), replace(rule, except_marks=frozenset({1}))
    assert sorted([*broken_at(inside, marks), *broken_at(outside, marks)]) == broken_at(rule, marks) != []


def test_tables_are_split_by_marks_only_where_some_rule_asks_for_them() -> None:
    rule = ActiveRule(load_library()["parallel-fifths"], True)
    slot = Slot(RomanNumeral.parse("I", Key.parse("C")), mark=3)
    assert canonical(slot, RuleSet((rule,)).names).mark == 0
    assert canonical(slot, RuleSet((replace(rule, marks=frozenset({3})),)).names).mark == 3
    assert canonical(slot, RuleSet((replace(rule, except_marks=frozenset({3})),)).names).mark == 3


def test_a_rule_knows_its_line() -> None:
    mark = load_library()["parallel-fifths"].mark
    assert mark is not None and mark.file.endswith("motion.yaml") and mark.text.startswith("parallel-fifths:")
