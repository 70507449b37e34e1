"""A few chords with their notes, as a text score that shows something and can be read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from theorygen.compose.stretches import Moment
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.score.score import Score
from theorygen.score.text_printer import format_text_score
from theorygen.solve.problem import Problem
from theorygen.solve.solution import Solution
from theorygen.theory import Meter

_METER = Meter(4, 4)
_QUARTER = Fraction(1)


def text_of(style: Style, problem: Problem, solution: Solution) -> str:
    """A solution of a short problem as a text score, one chord a beat."""
    return format_text_score(score_of(style, problem, solution))


def score_of(style: Style, problem: Problem, solution: Solution) -> Score:
    """A solution of a short problem as a score, one chord a beat, begun on a beat that has its strengths if one has."""
    slots = [choice.slot for choice in solution.choices]
    assert slots[0].chord is not None
    phrases = accumulate(int(slot.first and index > 0) for index, slot in enumerate(slots))
    moments = tuple(Moment(Fraction(index), _QUARTER, phrase) for index, phrase in enumerate(phrases))
    return Task(style, replace(problem, relations=()), moments, ((Fraction(0), _METER),),
                ((Fraction(0), slots[0].chord.key),), _pickup([slot.strength for slot in slots])).score(solution)


def excerpt(task: Task, solution: Solution, start: int, stop: int) -> str:
    """Some successive chords of a piece as a text score.

    Args:
        task: the piece, a chord at every position.
        solution: its voicing.
        start: the first chord.
        stop: the chord after the last.
    """
    part = Solution(solution.choices[start:stop], solution.pitches[start:stop], 0)
    return text_of(task.style, task.problem.part(start, stop), part)


def _pickup(strengths: Sequence[int]) -> Fraction:
    """Length of the pickup with which chords of one beat have these strengths, 0 where none has."""
    for pickup in range(4):
        shown = [_METER.weight((Fraction(index) - pickup) % _METER.bar_length) for index in range(len(strengths))]
        if shown == list(strengths):
            return Fraction(pickup)
    return Fraction(0)
