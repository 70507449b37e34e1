"""Given music must have one meter: what is told of music that has several."""

from __future__ import annotations

from itertools import pairwise

from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark


def check_meter(score: Score, mark: Mark | None = None) -> None:
    """Refuse a score whose meter changes; a bar in the middle that is not full is named, as files call that a change.

    Args:
        score: what is given.
        mark: the file, if it is to be named.

    Raises:
        InputError: the meter changes.
    """
    if len(score.meters) < 2:
        return
    full = score.meters[0][1].bar_length
    measures = score.measures()[1 if score.pickup else 0 :]
    found = [f"measure {one.number} has {one.length} of {full} quarters" for one, after in pairwise(measures)
             if one.length < full == after.length]
    told = ": ".join(["the meter changes within the piece", *[", ".join(found[:3])] * bool(found)])
    raise InputError(Diagnostic(
        "meter-changes", told, mark, "one meter", remedy="take out the bar lines that cut bars short" if found else
        "give the parts with different meters one by one"))
