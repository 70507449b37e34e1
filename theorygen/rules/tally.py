"""How often rules are broken in a score, and how often they could have been: verdicts without sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from theorygen.rules.check import Checker, checkers
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array
from theorygen.score.ensemble import Ensemble
from theorygen.score.score import Score

_VOICES = 1 << 32
"""More than any set of voices, as bits."""


@dataclass(frozen=True)
class Tally:
    """How often one rule was broken.

    Attributes:
        opportunities: places where it had something to say: an arrival of its voices, on whatever grid it is judged.
        violations: those among them where it is broken, or charges something.
        cost: what it charges in all, in thousandths; 0 for a hard rule.
    """

    opportunities: int = 0
    violations: int = 0
    cost: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.opportunities + other.opportunities, self.violations + other.violations,
                     self.cost + other.cost)


def tally(score: Score, rules: RuleSet, ensemble: Ensemble | None = None) -> Mapping[str, Tally]:
    """The tally of every rule, in the order of the rule set; see `theorygen.rules.check.check`.

    Raises:
        ScoreError: there is no ensemble, or it lacks a voice of the score.
    """
    moments: dict[Fraction, int] = {}
    counts = {rule.name: _Count() for rule in rules.rules}
    for grid, checker in checkers(score, rules, ensemble):
        times = np.array([moments.setdefault(onset, len(moments)) for onset in checker.slots.onsets], dtype=np.int64)
        for rule in rules.rules:
            if grid in rule.rule.grids:
                counts[rule.name].add(rule, checker, times)
    return {name: count.tally() for name, count in counts.items()}


class _Count:
    """Places where a rule was judged and where it was broken; a place seen on two grids is one."""

    def __init__(self) -> None:
        self.judged: list[Array] = []
        self.broken: dict[int, int] = {}

    def add(self, rule: ActiveRule, checker: Checker, times: Array) -> None:
        """Judge a rule on one grid."""
        if rule.rule.relation is not None:
            self.broken |= {int(times[one.slots[-1]]) * _VOICES + number: one.cost
                            for number, one in enumerate(checker.judge(rule))}
        for rows, slots, voices in checker.tables(rule.rule):
            if not len(rows):
                continue
            places = times[slots] * _VOICES + voices
            self.judged.append(places[rule.opportunities(rows)])
            hits, amounts = rule.charge(rows)
            charged = zip(places[hits].tolist(), amounts.tolist(), strict=True)
            self.broken = {place: 0 if rule.hard else amount for place, amount in charged} | self.broken

    def tally(self) -> Tally:
        """What was found."""
        judged = np.unique(np.concatenate(self.judged)) if self.judged else ()
        return Tally(len(judged), len(self.broken), sum(self.broken.values()))
