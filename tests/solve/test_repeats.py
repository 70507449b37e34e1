"""Phrases that come again share their steps, and sharing changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.problems import problems
from theorygen.rules.rule_set import profile
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.trellis import DeadEnd, Trellis, _Builder, build_trellis
from theorygen.solve.workshop import Workshop
from theorygen.theory import Key, RomanNumeral

TIMES = 4


def again(problem: Problem) -> Problem:
    """The chords of a problem over and over, each time as a phrase."""
    start = problem.positions[0]
    choices = tuple(replace(choice, slot=replace(choice.slot, first=True)) for choice in start.choices)
    return replace(problem, positions=(replace(start, choices=choices), *problem.positions[1:]) * TIMES)


def built(problem: Problem, shared: bool) -> Trellis | None:
    with pytest.MonkeyPatch.context() as patch:
        if not shared:
            patch.setattr(_Builder, "_again", _Builder._advance)
        try:
            return build_trellis(problem, Workshop(problem.rules, problem.ensemble))
        except DeadEnd:
            return None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems(most=3), st.booleans())
def test_sharing_changes_nothing(problem: Problem, cut: bool) -> None:
    whole = replace(again(problem), cut_after=cut)
    one, other = built(whole, True), built(whole, False)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    for name in ("candidates", "origins"):
        for first, second in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_array_equal(first, second)
    for first, second in zip(one.steps, other.steps, strict=True):
        for name in ("source", "target", "cost", "starts"):
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_array_equal(one.initial, other.initial)
    np.testing.assert_array_equal(one.final, other.final)


def test_phrases_in_the_middle_share_their_steps() -> None:
    """The first phrase may begin where no later one can, and the last ends the piece."""
    key, texts = Key.parse("C"), ("I", "IV", "V", "I")
    slots = [Slot(RomanNumeral.parse(text, key), first=not place, last=place == 3) for place, text in enumerate(texts)]
    rules = profile("strict-textbook").on(("skeleton",)).solved
    problem = Problem(tuple(Position((Choice(slot),)) for slot in slots) * 6, rules, Ensemble.named("satb"))
    steps = build_trellis(problem, Workshop(rules, problem.ensemble)).steps
    assert len(set(map(id, steps))) < len(steps) / 2
