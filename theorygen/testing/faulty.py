"""Scores with exactly one fault, for testing what finds faults; they shrink to the chords that the rule looks at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.score.score import Score
from theorygen.solve.answers import DeadEnd, Solution, trellis_of
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.testing.chance import DrawnChance, Retraced
from theorygen.testing.drawn_score import DrawnScore
from theorygen.testing.faults import Faults, Row, faults_of, progression
from theorygen.testing.in_style import Chords, Keys, bounds, keys_of, studio_of, style_of
from theorygen.testing.plainness import plain_numerals
from theorygen.testing.voices import Voices
from theorygen.theory import Key

AROUND = 8
"""Chords of a mode that stand around a fault."""

PREPARED = 15
"""Scores whose tables are made before anything is drawn."""

_MORE_CHORDS = 2
_CHOICES = 4


def faulty_scores(rule_id: str, style: str | Style = "textbook-chorale", chords: Chords = None, keys: Keys = None, *,
                  only: bool = True) -> st.SearchStrategy[Score]:
    """Short scores in a style that break one rule exactly once, and no other hard rule that is kept while composing.

    The chords are drawn first: some successive ones with which the fault is possible, and plain ones around them; then
    voices among all that have the fault, with probability proportional to exp(-cost / temperature of the style). They
    shrink to the fewest chords that the rule looks at, in the plainest key.

    Args:
        rule_id: a rule of the style.
        style: a style, the name of one that ships, or the path of one.
        chords: how many: a number, (fewest, most), or None for as many as the rule looks at, up to two more.
        keys: home keys; None for the plainest of each mode of the style, as every key needs tables of its own.
        only: whether the rule is broken no more than once.

    Raises:
        InputError: (when drawn) the style has no such rule, it is judged on finished scores only, or nothing was found
            in which it is the only fault.
    """
    return st.deferred(lambda: _faulty_scores(rule_id, style, chords, keys, only))


def _faulty_scores(rule_id: str, name: str | Style, chords: Chords, keys: Keys, only: bool) -> st.SearchStrategy[Score]:
    style = style_of(name)
    faults = faults_of(style, rule_id, only)
    span = faults.span
    fewest, most = bounds(chords) if chords is not None else (span, span + _MORE_CHORDS)
    if most < span:
        raise InputError(Diagnostic("bad-length", f"'{rule_id}' cannot be broken in {most} chords",
                                    expected=f"{span} chords or more"))
    homes = [key for key in _homes(style, keys) if faults.cores(key.is_minor)]
    if not homes:
        raise faults.none()
    for number in range(PREPARED):  # tables are made before anything is drawn
        _voiced(faults, Chance(number), homes, max(fewest, span), most)
    options = str(name.file) if isinstance(name, Style) else name

    @st.composite
    def drawn(draw: Any) -> Score:
        task, solution = _voiced(faults, DrawnChance(draw), homes, max(fewest, span), most)
        return DrawnScore.of(task.score(solution, {"style": style.name, "fault": rule_id}), style, options)

    return drawn()


def _homes(style: Style, keys: Keys) -> list[Key]:
    """The keys asked for, or the plainest of each mode."""
    found = keys_of(style, keys)
    return found if keys is not None else list({key.mode: key for key in reversed(found)}.values())[::-1]


def _voiced(faults: Faults, chance: Chance, keys: Sequence[Key], fewest: int, most: int) -> tuple[Task, Solution]:
    """Chords, and voices for them that have the fault.

    Raises:
        InputError: there are none, whatever is chosen.
    """
    retraced = Retraced(chance)
    while True:
        row = _row(faults, retraced, keys, fewest, most)
        task, voices = faults.solve(row)
        if isinstance(voices, Voices):
            return task, voices.draw(chance)
        if not retraced.retrace(len(row.texts) + _CHOICES):
            raise faults.none()


def _row(faults: Faults, chance: Chance, keys: Sequence[Key], fewest: int, most: int) -> Row:
    """Chords: how many, their key, those with the fault, how many go before, and then each of the others."""
    count = fewest + chance.below(most - fewest + 1)
    key = keys[chance.below(len(keys))]
    cores = [core for core in faults.cores(key.is_minor) if len(core.texts) <= count]
    core = cores[chance.below(len(cores))]
    before = chance.below(count - len(core.texts) + 1)
    texts = list(core.texts)
    for place in range(count - len(core.texts)):
        goes_before = place < before
        plain = _neighbours(faults.style, key.is_minor, texts[0] if goes_before else texts[-1], goes_before)
        chord = plain[chance.below(len(plain))]
        texts = [chord, *texts] if goes_before else [*texts, chord]
    return Row(key, tuple(texts), core.upbeat, before + len(core.texts) - 1)


@cache
def _neighbours(style: Style, minor: bool, text: str, before: bool) -> tuple[str, ...]:
    """Plain chords that may stand beside a chord: with some voices no hard rule is broken."""
    plain = plain_numerals(minor)[:AROUND]
    some = f"{{{'|'.join(plain)}}}"
    line = f"{'a' if minor else 'C'}: {some} {text}" if before else f"{'a' if minor else 'C'}: {text} {some}"
    try:
        trellis = trellis_of(progression(line, style).task(style).problem, studio_of(style).workshop)
    except DeadEnd:
        return plain
    place = 0 if before else 1
    pool = trellis.pools[place]
    found = {pool.wanted[choice].slot.chord for choice in np.unique(pool.choice[trellis.candidates[place]]).tolist()}
    return tuple(one for one in plain if any(chord is not None and chord.text == one for chord in found))
