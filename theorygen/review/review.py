"""A review: everything a rule set finds in a score, in sentences, each fault with its cause and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from theorygen.review.attribution import causes_of
from theorygen.review.sentences import headline
from theorygen.rules.check import Violation, check
from theorygen.rules.rule import THOUSAND, Rule
from theorygen.rules.rule_set import RuleSet
from theorygen.score.ensemble import Ensemble
from theorygen.score.score import Score

REMARK = 20
"""A weighted rule deserves a teacher's remark where it charges at least this much."""


@dataclass(frozen=True)
class Fault:
    """A violation with what a reader wants to know of it.

    Attributes:
        number: its place in the review, from 1, in order of time.
        violation: what was found.
        rule: the rule that is broken.
        headline: a teacher's sentence: what, who, where, the notes.
        caused_by: number of the fault that explains it, or None.
    """

    number: int
    violation: Violation
    rule: Rule
    headline: str
    caused_by: int | None = None

    @property
    def hard(self) -> bool:
        """Whether it is forbidden."""
        return self.violation.hard

    @property
    def is_remark(self) -> bool:
        """Whether it is allowed, and yet costs so much that a teacher would say so."""
        return not self.hard and self.violation.cost >= REMARK * THOUSAND

    @property
    def strength(self) -> str:
        """``fault`` for what is forbidden, ``remark`` for what costs much, ``small`` for the rest."""
        return "fault" if self.hard else "remark" if self.is_remark else "small"


@dataclass(frozen=True)
class Review:
    """What a rule set says of a score.

    Attributes:
        name: what the score is called: its file.
        score: the music.
        judged_by: name of the profile or style.
        rules: the rules it was judged by.
        faults: all violations in order of time, those explained by others too.
        chords_from: where its chords come from: score, analysis, found or none.
    """

    name: str
    score: Score
    judged_by: str
    rules: RuleSet
    faults: tuple[Fault, ...]
    chords_from: str = "score"

    @cached_property
    def primary(self) -> tuple[Fault, ...]:
        """The faults no other explains: what counts."""
        return tuple(fault for fault in self.faults if fault.caused_by is None)

    @property
    def hard(self) -> tuple[Fault, ...]:
        """The primary faults that are forbidden."""
        return tuple(fault for fault in self.primary if fault.hard)

    @property
    def is_clean(self) -> bool:
        """Whether nothing forbidden was found."""
        return not self.hard

    def shown(self, everything: bool = False) -> tuple[Fault, ...]:
        """The primary faults worth telling: forbidden ones and remarks, or everything that costs."""
        return tuple(fault for fault in self.primary if everything or fault.hard or fault.is_remark)

    def consequences(self, fault: Fault) -> tuple[Fault, ...]:
        """All faults that one leads to, at first or second hand, in order of time."""
        return self._consequences.get(fault.number, ())

    @cached_property
    def _consequences(self) -> Mapping[int, tuple[Fault, ...]]:
        """The consequences of every primary fault by its number."""
        found: dict[int, tuple[Fault, ...]] = {}
        for fault in self.faults:
            if fault.caused_by is not None:
                origin = self.origin(fault).number
                found[origin] = (*found.get(origin, ()), fault)
        return found

    def origin(self, fault: Fault) -> Fault:
        """The primary fault that one comes from; itself when nothing explains it."""
        while fault.caused_by is not None:
            fault = self.faults[fault.caused_by - 1]
        return fault


def review(score: Score, rules: RuleSet, judged_by: str, name: str = "", ensemble: Ensemble | None = None,
           chords_from: str = "score") -> Review:
    """Judge a score.

    Args:
        score: the music, with its chords where rules are to read them.
        rules: the rules.
        judged_by: name of the profile or style they come from.
        name: what the score is called.
        ensemble: ranges of the voices; default the score's own.
        chords_from: where its chords come from: score, analysis or found.

    Raises:
        ScoreError: there is no ensemble, or it lacks a voice of the score.
    """
    faults = faults_of(score, rules, check(score, rules, ensemble))
    return Review(name or score.title, score, judged_by, rules, faults, chords_from if score.chords else "none")


def faults_of(score: Score, rules: RuleSet, violations: Sequence[Violation]) -> tuple[Fault, ...]:
    """Violations with their causes and sentences."""
    known = {active.name: active.rule for active in rules.rules}
    categories = {name: rule.details.get("category", "") for name, rule in known.items()}
    causes = causes_of(violations, categories)
    return tuple(
        Fault(number, one, known[one.rule], headline(score, known[one.rule], one), None if cause is None else cause + 1)
        for number, (one, cause) in enumerate(zip(violations, causes, strict=True), 1))
