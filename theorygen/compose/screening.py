"""Looking at the scores of solutions: an answer keeps what only a finished score shows, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from theorygen.compose.tasks import Task
from theorygen.compose.verdicts import Stretch, chords_at_fault
from theorygen.rules.check import Violation, check
from theorygen.rules.rule import THOUSAND, ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.solve.answers import Solution
from theorygen.solve.elements import may_be_held
from theorygen.solve.tally import UNIT

MOST_TRIES = 200
"""Solutions in a row that are looked at in vain before giving up."""

TRIALS = 100
"""Random solutions all of which must break a rule at a place, before it is taken for broken by what is given."""

Fault = tuple[str, Fraction]
"""A rule, and where it is broken, quarter lengths from the start of the piece."""

Reason = Literal["chords", "tried", "line"]
"""Why a fault stands: the chords given decide it whatever the notes; nothing that was tried is without it; or it lies
in a given line, and no choice of chords has fewer."""

Choices = frozenset[tuple[int, int]]
"""Positions, each with the identity of what is chosen there, or HELD."""

HELD = 0


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        task: what was to be voiced.
        solution: the voicing.
        score: the music.
        is_proven: whether nothing cheaper keeps the rules, for the best and the k best. Not proven is what came after
            choices that were passed over, as many voicings of them broke the same rules at the same places, and what
            was found among a part of all solutions, as all were too many.
        gap: in the latter case how much cheaper something that was left out may be, faults set aside; else 0.
        excuses: faults of what is given, and why they are.
    """

    task: Task
    solution: Solution
    score: Score
    is_proven: bool = True
    gap: Fraction = Fraction(0)
    excuses: Mapping[Fault, Reason] = field(default_factory=dict)

    @cached_property
    def faults(self) -> list[tuple[Reason, Violation]]:
        """Hard rules of the style that what is given breaks, but for those that are to be broken, in time order."""
        hard = [one for one in self.violations if one.hard and one.rule not in self.task.faults]
        judged = check(self.score, RuleSet(self.task.judged.hard)) if hard else []
        unforgiven = {(one.rule, one.onsets, one.location.voices) for one in judged}
        reasons = [self.excuses.get(fault_of(one), "line") for one in hard]
        return [(reason, one) for reason, one in zip(reasons, hard, strict=True)
                if reason != "line" or (one.rule, one.onsets, one.location.voices) not in unforgiven]

    @property
    def excused(self) -> list[Violation]:
        """Faults of the chords that are given."""
        return [one for reason, one in self.faults if reason != "line"]

    @property
    def forgiven(self) -> list[Violation]:
        """Faults of the lines that are given."""
        return [one for reason, one in self.faults if reason == "line"]

    @property
    def cost(self) -> Fraction:
        """What the weighted rules that are solved charge, and the harmony."""
        return Fraction(self.solution.cost % UNIT + self.solution.price, THOUSAND)

    @cached_property
    def violations(self) -> list[Violation]:
        """Everything the checker says of the score."""
        return check(self.score, self.task.style.rules)

    @cached_property
    def costs(self) -> dict[str, Fraction]:
        """What each weighted rule that was solved charges, the dearest first."""
        sums: dict[str, int] = {}
        for violation in check(self.score, self.task.problem.rules):
            cost = violation.cost % UNIT  # faults required and forgiven are counted in the digits above
            if cost and not violation.hard:
                sums[violation.rule] = sums.get(violation.rule, 0) + cost
        dearest_first = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
        return {rule: Fraction(cost, THOUSAND) for rule, cost in dearest_first}


def naming(answer: Answer, faults: Iterable[Violation]) -> Answer:
    """The answer with the rules of some faults in the metadata of its score, as ``breaks``; as it is where none are."""
    names = ", ".join(dict.fromkeys(one.rule for one in faults))
    metadata = {**answer.score.metadata, "breaks": names}
    return replace(answer, score=replace(answer.score, metadata=metadata)) if names else answer


def fault_of(violation: Violation) -> Fault:
    """A violation as a rule and a time."""
    return violation.rule, violation.onsets[-1]


class BrokenRules(Exception):
    """There are solutions, but all that were looked at break rules that are judged on the finished score.

    Attributes:
        nearest: the first of them, with what it breaks.
        broken: the hard rules it breaks, in time order.
        tries: how many were looked at.
        is_everything: whether there are no others.
    """

    def __init__(self, nearest: Answer, broken: list[Violation], tries: int, is_everything: bool) -> None:
        self.nearest = nearest
        self.broken = broken
        self.tries = tries
        self.is_everything = is_everything
        super().__init__("; ".join(map(str, broken)))


@dataclass
class Screen:
    """Looks at the scores of solutions, and gives up after many that break rules.

    Attributes:
        task: what is to be voiced.
        metadata: what every score keeps.
        cut: what solutions that were left out cost at least, thousandths; None where none were.
        passed_over: groups of solutions with the same choices that may have further members.
    """

    task: Task
    metadata: dict[str, Any]
    cut: int | None = None
    passed_over: int = 0
    _excused: dict[Fault, Reason] = field(default_factory=dict)
    _suspects: set[str] = field(default_factory=set)
    _tries: int = 0
    _nearest: tuple[Answer, list[Violation]] | None = None

    def answer(self, solution: Solution) -> Answer:
        """A solution with its score."""
        score = self.task.score(solution, self.metadata)
        total = solution.cost + solution.price
        is_least = self.cut is None or total <= self.cut
        gap = 0 if is_least or self.cut is None else max(total % UNIT - self.cut % UNIT, 0)
        proven = is_least and not self.passed_over and "tried" not in self._excused.values()
        return Answer(self.task, solution, score, proven, Fraction(gap, THOUSAND), self._excused)

    def leave_out(self, cut: int | None) -> None:
        """Take note that solutions were left out, and what these cost at least, thousandths; None where none were."""
        if cut is not None:
            self.cut = cut if self.cut is None else min(self.cut, cut)

    def broken(self, answer: Answer) -> list[Violation]:
        """The hard rules a score breaks, or some of them: those that were broken before are tried first.

        What the given chords break whatever the notes is excused, and told with the answers: nothing would mend it.

        Raises:
            BrokenRules: too many scores in a row did.
        """
        hard = [rule for rule in self.task.judged.hard if rule.name not in self.task.faults]
        found = self._inexcusable(answer, [rule for rule in hard if rule.name in self._suspects])
        if not found:
            found = self._inexcusable(answer, hard)
            self._suspects |= {one.rule for one in found}
        if found and self._nearest is None:
            self._nearest = answer, found
        self._tries = self._tries + 1 if found else 0
        if self._tries >= MOST_TRIES:
            self.give_up(False)
        return found

    def _inexcusable(self, answer: Answer, rules: list[ActiveRule]) -> list[Violation]:
        """The faults of a score by some rules, without those that lie in what is given."""
        found = []
        for one in check(answer.score, RuleSet(tuple(rules))):
            if fault_of(one) not in self._excused and self.at_fault(answer, [one]) == frozenset():
                self._excused[fault_of(one)] = "chords"
            if fault_of(one) not in self._excused:
                found.append(one)
        return found

    def excuse(self, failure: BrokenRules, draws: Iterator[Solution]) -> bool:
        """Whether a failure is none any more: what all solutions break lies in what is given, and is excused.

        Excused are faults of chords, cadences and phrases, or of given lines, that `TRIALS` random solutions have, too.
        Where these are none, but all solutions break some by their chords, they are those of the nearest.

        Args:
            failure: as it was raised.
            draws: random solutions.
        """
        decided = {fault_of(one) for one in failure.broken
                   if failure.is_everything and self.at_fault(failure.nearest, [one]) is not None}
        excused = self._in_all(failure.broken, draws) or decided
        for fault in excused:
            self._excused[fault] = "chords" if fault in decided else "tried"
        self._nearest, self._tries, self.passed_over = None, 0, 0
        return bool(excused)

    def _in_all(self, broken: list[Violation], draws: Iterator[Solution]) -> set[Fault]:
        """Those of some faults that do not lie in notes that were chosen alone, and that many solutions all have."""
        hard = RuleSet(self.task.judged.hard)
        over_chords = {rule.name for rule in hard.rules if rule.rule.passage}
        common = {fault_of(one) for one in broken if one.rule in over_chords
                  or (one.location.voices and self.task.locked.keys() >= {*one.location.voices})}
        rules = hard.only(name for name, _ in common)
        for solution in islice(draws, TRIALS if common else 0):
            common &= {fault_of(one) for one in check(self.task.score(solution), rules)}
            if not common:
                break
        return common

    def at_fault(self, answer: Answer, broken: list[Violation]) -> Choices | None:
        """The open choices because of which a rule is broken, whatever the notes; None where notes matter."""
        for name, onset in dict.fromkeys(map(fault_of, broken)):
            for rule in self.task.judged.hard:
                stretches = chords_at_fault(rule, answer.score, onset) if rule.name == name else None
                if stretches:
                    return self._open_choices(answer.solution, stretches)
        return None

    def _open_choices(self, solution: Solution, stretches: tuple[Stretch, ...]) -> Choices:
        """What was chosen at the positions of some stretches, where something else could have been."""
        moments, positions = self.task.moments, self.task.problem.positions
        chosen = dict(zip(solution.starts, solution.choices, strict=True))
        inside = [index for index, moment in enumerate(moments)
                  if any(start < moment.end and moment.onset < stop for start, stop in stretches)]
        held = [max(start for start in solution.starts if start <= index) for index in inside]
        return frozenset((index, id(chosen[index]) if index in chosen else HELD) for index in {*inside, *held}
                         if len(positions[index].choices) > 1 or may_be_held(self.task.problem, index))

    def give_up(self, is_everything: bool) -> None:
        """Say that no solution keeps the rules that are judged.

        Raises:
            BrokenRules: always, if any score was looked at.
        """
        if self._nearest:
            raise BrokenRules(*self._nearest, self._tries, is_everything)
