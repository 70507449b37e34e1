"""Which verdicts on a finished score depend on its chords alone, so that no other notes would change them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from theorygen.rules.check import Checker, checkers
from theorygen.rules.closes import Close
from theorygen.rules.music import music_of
from theorygen.rules.record import own_fields
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score

_NOTES = ("codes", "states", "multiple", "events", "begins", "ends", "sources", "passed", "revoiced", "arpeggios")
"""What slots know of notes."""

_OF_NOTES = frozenset(("arrives", "anew", "completed"))
"""Fields of places that depend on notes."""

_LABELLED = frozenset(own_fields(Close))
"""What a close makes with its note on top. A choice that carries the label of a cadence allows no other top notes."""


class _NotesRead(Exception):
    """Some field looked at notes."""


class _Unreadable:
    """Stands for arrays of notes that nobody may look at."""

    def _refuse(self, *_: object) -> NoReturn:
        raise _NotesRead

    __getattr__ = __getitem__ = __len__ = __iter__ = __eq__ = __ne__ = __array__ = _refuse
    __lt__ = __gt__ = __le__ = __ge__ = __and__ = __or__ = __invert__ = __add__ = __sub__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def reads_chords_only(rule: ActiveRule, score: Score) -> bool:
    """Whether what a rule says of a score is the same for all voicings of the chosen chords and labels.

    It is tried out: the fields the rule reads are computed once more from slots without notes.

    Args:
        rule: the rule.
        score: the score.
    """
    return all(_on_grid(rule, checker) for _, checker in checkers(score, RuleSet((rule,))))


def _on_grid(rule: ActiveRule, checker: Checker) -> bool:
    passage = rule.rule.passage
    names = [path for path in rule.names if path.rpartition(".")[2] not in _LABELLED]
    if passage is None or any(path.rpartition(".")[2] in _OF_NOTES for path in names):
        return False
    hidden: Any = _Unreadable()
    slots = replace(checker.slots, **dict.fromkeys(_NOTES, hidden))
    try:
        rows = passage.rows(music_of(checker.score, slots, replace(checker.world, surface=hidden)))
        for path in names:
            rows.field(path)
    except _NotesRead:
        return False
    return True
