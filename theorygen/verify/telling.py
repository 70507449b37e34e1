"""Conflicts and chords in a few words: why something has no voices, how to mend it, how to try it."""

from __future__ import annotations

from collections.abc import Sequence

from theorygen.score.ensemble import Ensemble
from theorygen.solve.conflict import NoSolution, explain_dead_end
from theorygen.solve.elements import Element
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop
from theorygen.theory import Key
from theorygen.verify.standings import Standing

_MOST_MENDS = 2
"""So many ways to mend a conflict are told one by one."""


def conflict_of(problem: Problem | None, workshop: Workshop) -> NoSolution | None:
    """The smallest conflict found of a problem without solution."""
    if problem is None:
        return None
    return explain_dead_end(problem, len(problem.positions) - 1, workshop)


def told_why(why: NoSolution | None) -> str:
    """A conflict in a few words: rules, and what is asked."""
    if why is None:
        return "the key has no such chord"
    return listed(tuple(dict.fromkeys(_element_told(why, number) for number in range(len(why.reasons)))))


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def mend_of(rules: Sequence[str]) -> str:
    """What to do about rules each of which is broken by all that there is."""
    weights = " and ".join(f"'{rule}'" for rule in rules)
    return f"guard the productions against these chords in a row, write other chords, or do not ask {weights} of them"


def _element_told(why: NoSolution, number: int) -> str:
    element = why.reasons[number].element
    voice = "" if element.voice is None else why.problem.ensemble.names[element.voice]
    if element.kind == "rule":
        return element.rule
    return {"degree": f"the degrees asked of the {voice}", "given": f"the notes given to the {voice}",
            "range": f"the range of the {voice}", "chord": f"the notes of the chord for the {voice}"}.get(
                element.kind, "the harmony")


def hint_of(why: NoSolution | None, ensemble: Ensemble) -> str:
    """The smallest mend of a conflict: any of its reasons, let go."""
    if why is None:
        return "write another chord, or take the key out of the style"
    mends = list(dict.fromkeys(_mend(one.element, ensemble) for one in why.reasons))
    if len(mends) > _MOST_MENDS:
        return "guard the productions against these chords in a row, or give one of the rules a weight instead of hard"
    return ", or ".join(mends) + ", or write another chord"


def _mend(element: Element, ensemble: Ensemble) -> str:
    voice = "" if element.voice is None else ensemble.names[element.voice]
    if element.kind == "rule":
        return f"give '{element.rule}' a weight instead of hard, or lift it in a region"
    return {"degree": f"ask other degrees of the {voice}", "range": f"widen the range of the {voice}"}.get(
        element.kind, f"let go of what is asked of the {voice}")


def line_of(standings: Sequence[Standing], home: Key, lengths: Sequence[str] = ()) -> str:
    """Chords as ``theorygen realize --roman`` reads them.

    Args:
        standings: the chords.
        home: the home key.
        lengths: for each chord how long it lasts, as written behind it; none for chords of one unit.
    """
    words, key = [f"{home.short}:"], home.short
    for number, one in enumerate(standings):
        if number and one.place.first:
            words.append("//")
        local = one.numerals(home)[0].key.short if one.numerals(home) else key
        if local != key:
            words.append(f"{local}:")
            key = local
        words.append(word_of(one) + (lengths[number] if lengths else ""))
    return " ".join(words)


def word_of(one: Standing) -> str:
    """A chord with what is asked of its highest voice, and its region."""
    asked = [f"{'top' if voice == 0 else voice}={{{','.join(map(str, sorted(degrees)))}}}"
             for voice, degrees in one.degrees if voice == 0]
    if one.place.region != "none":
        asked.append(f"region={one.place.region}")
    return f"{one}[{', '.join(asked)}]" if asked else str(one)
