"""Which verdicts on a finished score depend on its chords alone, and on which: no other notes would change them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from theorygen.rules.cadences import Cadence
from theorygen.rules.check import Checker, checkers
from theorygen.rules.closes import Close
from theorygen.rules.music import Music, music_of
from theorygen.rules.passages import Passage, PassageRows
from theorygen.rules.progressions import Section
from theorygen.rules.record import own_fields
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, ChordTable, World
from theorygen.score.score import Score

_NOTES = ("codes", "states", "multiple", "events", "begins", "ends", "sources", "passed", "revoiced", "arpeggios")
"""What slots know of notes."""

_OF_NOTES = frozenset(("arrives", "anew", "completed"))
"""Fields of places that depend on notes."""

_LABELLED = frozenset(own_fields(Close))
"""What a close makes with its note on top. A choice that carries the label of a cadence allows no other top notes."""


class _Hidden(Exception):
    """Some field looked at what is hidden."""


class _Chordless(World):
    """A world in which nobody may look at chords or labels."""

    @cached_property
    def chord_of_slot(self) -> Array:
        """Hidden."""
        raise _Hidden

    @cached_property
    def chord_table(self) -> ChordTable:
        """Hidden."""
        raise _Hidden

    def slot_column(self, name: str, allowed: tuple[str, ...] = ()) -> Array:
        """All but labels."""
        if name in ("cadence", "region"):
            raise _Hidden
        return super().slot_column(name, allowed)


class _Unreadable:
    """Stands for arrays of notes that nobody may look at."""

    def _refuse(self, *_: object) -> NoReturn:
        raise _Hidden

    __getattr__ = __getitem__ = __len__ = __iter__ = __eq__ = __ne__ = __array__ = _refuse
    __lt__ = __gt__ = __le__ = __ge__ = __and__ = __or__ = __invert__ = __add__ = __sub__ = _refuse
    __hash__ = None  # type: ignore[assignment]


Stretch = tuple[Fraction, Fraction]
"""A beginning and an end, quarter lengths."""


def chords_at_fault(rule: ActiveRule, score: Score, onset: Fraction | None = None) -> tuple[Stretch, ...] | None:
    """Where the chords stand because of which a rule is broken, whatever their notes; None where notes matter.

    That notes do not matter is tried out: the fields the rule reads are computed once more from slots without notes. A
    field depends on nothing outside the smallest record it belongs to.

    Args:
        rule: a rule that is broken.
        score: the score that breaks it.
        onset: where it is broken, quarter lengths; None for the first place.
    """
    for _, checker in checkers(score, RuleSet((rule,))):
        found = _at_fault(rule, checker, onset)
        if found is None or found:
            return found
    return None


def _at_fault(rule: ActiveRule, checker: Checker, onset: Fraction | None) -> tuple[Stretch, ...] | None:
    """The stretches of one grid; none where the rule is not broken on it."""
    passage = rule.rule.passage
    if passage is None or any(path.rpartition(".")[2] in _OF_NOTES for path in rule.names):
        return None
    rows = checker.passages(passage)
    charged, _ = rule.charge(rows)
    broken = [row for row in charged.tolist() if onset in (None, checker.slots.onsets[rows.ends[row]])]
    if not broken:
        return ()
    row, chordless = broken[0], _chordless(checker)
    if _reads_notes(rule, passage, checker, row):
        return None
    if _refuses(passage, chordless, row):
        bounds = {_whole(rows, row)}
    else:
        bounds = {_extent(rows, path, row) for path in rule.names if _refuses(passage, chordless, row, path)}
    times = [*checker.slots.onsets, checker.score.end]
    return tuple(sorted((times[start], times[stop]) for start, stop in bounds))


def _reads_notes(rule: ActiveRule, passage: Passage, checker: Checker, row: int) -> bool:
    """Whether some field that the rule reads of a window looks at notes, labels of cadences set aside."""
    hidden: Any = _Unreadable()
    slots = replace(checker.slots, **dict.fromkeys(_NOTES, hidden))
    names = [path for path in rule.names if path.rpartition(".")[2] not in _LABELLED]
    music = music_of(checker.score, slots, replace(checker.world, surface=hidden))
    return any(_refuses(passage, music, row, path) for path in names)


def _chordless(checker: Checker) -> Music:
    """The music without chords and labels: times, and where phrases begin."""
    return replace(checker.music, world=_Chordless(checker.world.voices, checker.world.slots, checker.world.codes))


def _refuses(passage: Passage, music: Music, row: int, path: str = "") -> bool:
    """Whether windows, or a field of one of them, cannot be made of what may be looked at."""
    try:
        rows = passage.rows(music)
        if path:
            rows.take(np.array([row])).field(path)
    except _Hidden:
        return True
    return False


def _whole(rows: PassageRows, row: int) -> tuple[int, int]:
    """Where chords decide what windows there are: the phrase of a cadence, else everything."""
    if rows.passage.record is not Cadence:
        return 0, len(rows.music)
    starts = rows.music.phrase_starts
    phrase = int(np.searchsorted(starts, rows.bounds[row, 2], side="right")) - 1
    return int(starts[phrase]), int(np.append(starts, len(rows.music))[phrase + 1])


def _extent(rows: PassageRows, path: str, row: int) -> tuple[int, int]:
    """First slot, and slot after the last, on which a field may depend."""
    bounds = rows.bounds[row]
    start, stop = int(bounds[0]), int(bounds[-1])
    record: Any = rows.record
    *parts, last = path.split(".")
    for name in parts:
        record = getattr(record, name)
        if isinstance(record, Section):
            start, stop = record.span(row)
        elif isinstance(record, Cadence):
            preparation, approach, _, end, _ = record.edges(row)
            start, stop = (approach if last in _LABELLED else preparation), end
    return start, stop
