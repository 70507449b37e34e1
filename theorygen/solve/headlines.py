"""The first sentence about a conflict: what cannot be voiced, with which notes given, and what always goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from theorygen.solve.basics import is_basic

if TYPE_CHECKING:
    from theorygen.solve.conflict import NoSolution, Reason
    from theorygen.solve.conflict_texts import Texts

_FEW = 4
"""So many notes of a voice, or rules, are named."""


def headline(texts: Texts, conflict: NoSolution) -> str:
    """One sentence without a full stop: "V I cannot be voiced with B4, then E5 in the soprano: ..."

    Args:
        texts: words for the parts of the conflict.
        conflict: why there is no solution.
    """
    place = f"{conflict.where}: " if conflict.where else ""
    numbers = "" if conflict.where else f" ({_numbers(conflict.start, conflict.stop)})"
    asked = listed(list(_asked(texts, conflict.reasons)))
    given = f" with {asked}" if asked else ""
    chords = texts.chords(conflict.start, conflict.stop)
    return f"{place}{chords}{numbers} cannot be voiced{given}{_wrong(texts, conflict)}"


def told_first(texts: Texts, reasons: Sequence[Reason]) -> list[Reason]:
    """The rules of a conflict that are the point of it: all but what is taken for granted, if there are others."""
    rules = [one for one in reasons if one.element.kind == "rule"]
    return [one for one in rules if not is_basic(texts.rule(one.element.rule))] or rules


def _asked(texts: Texts, reasons: Sequence[Reason]) -> Iterator[str]:
    """What was given or asked, voice by voice."""
    elements = [one.element for one in reasons]
    for voice, name in enumerate(texts.problem.ensemble.names):
        mine = [one for one in elements if one.voice == voice and one.kind in ("given", "degree")]
        notes = [texts.asked_note(one) for one in mine if len(texts.codes(one)) <= _FEW]
        if notes:
            yield f"{', then '.join(notes)} in the {name}" if len(notes) <= _FEW else f"what is given to the {name}"
    if any(one.kind == "harmony" for one in elements):
        yield "the harmony of the style"
    if any(one.kind == "fault" for one in elements):
        yield f"the fault required, {texts.faults()}"


def _wrong(texts: Texts, conflict: NoSolution) -> str:
    """What always goes wrong."""
    rules = told_first(texts, conflict.reasons)
    if len(rules) == 1 and rules[0].example:
        return f": {rules[0].example.message}"
    titles = list(dict.fromkeys(texts.title(one.element.rule) for one in rules))
    if len(titles) > _FEW:
        titles = [*titles[: _FEW - 1], f"{len(titles) - _FEW + 1} others"]
    if len(titles) > 1:
        return f" without breaking one of these rules: {listed(titles, 'or')}"
    return f" without breaking this rule: {titles[0]}" if titles else ""


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Parts of a sentence: "a, b and c"."""
    return f" {last} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def _numbers(start: int, stop: int) -> str:
    return f"chord {stop}" if stop - start == 1 else f"chords {start + 1} to {stop}"
