"""Which relations cannot hold with which rules: few of both, found by leaving out what is not needed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from theorygen.rules.rule import Rule
from theorygen.solve import elements as asked_for
from theorygen.solve.basics import is_basic
from theorygen.solve.elements import Element, kept
from theorygen.solve.engines import FIRST, choose
from theorygen.solve.minimal import Trials
from theorygen.solve.problem import Problem
from theorygen.solve.trellis import TooLarge, prepare_tables
from theorygen.solve.workshop import Workshop
from theorygen.source.diagnostic import InputError

MOST_TRIALS = 40
"""So often something is left out; then what is left stays."""

MOST_SECONDS = 5
"""So long an engine may look for a solution without what is left out."""

MOST_WORK = 20_000_000
"""After so many pairs of successive voicings, in all trials together, no engine is asked any more."""

_HEAD = "no voicing of these chords keeps all of this and what is taken for granted of each chord:"


@dataclass(frozen=True)
class Together:
    """Relations and rules that cannot all be kept.

    Attributes:
        relations: the relations.
        rules: the other hard rules, without those that are taken for granted.
        given: whether notes given, degrees asked or the harmony have a part in it.
        smallest: whether it is proven that none of them can be left out.
    """

    relations: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    given: bool
    smallest: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the relations and rules."""
        return tuple(rule.name for rule in (*self.relations, *self.rules))

    def __str__(self) -> str:
        parts = [_titled(rule) for rule in (*self.relations, *self.rules)]
        parts += ["what is given"] * self.given
        proof = "without any one of them there is a voicing" if self.smallest else "not all of them may be needed"
        return "\n  ".join([_HEAD, *parts, proof])


def _titled(rule: Rule) -> str:
    title = rule.details.get("title", "")
    return f"{rule.name}{title and f' ({title})'}"


def conflict_with_relations(problem: Problem) -> Together:
    """Few of the relations and rules of a problem that cannot all be kept.

    Args:
        problem: without solution because of its relations: it has one without them.
    """
    return _Search(problem).conflict()


@dataclass
class _Search:
    """Relations stand for their numbers.

    Attributes:
        problem: the problem.
        trials: how often something was left out so far.
        work: pairs of successive voicings looked at so far.
        is_sure: whether every trial told whether there was a solution.
    """

    problem: Problem
    trials: int = 0
    work: int = 0
    is_sure: bool = True
    _trials: Trials[Element | int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._trials = Trials(self._impossible)

    def conflict(self) -> Together:
        rules = {rule.name: rule.rule for rule in self.problem.rules.solved.hard}
        asked = asked_for.rules_asked(self.problem)
        basics = [one for one in asked if is_basic(rules[one.rule])]
        others = [one for one in asked if one not in basics]
        demands = [*asked_for.notes_asked(self.problem), *asked_for.wholes_asked(self.problem)]
        relations = self._trials.minimal([*range(len(self.problem.relations))], [*demands, *asked])
        if demands and self._trials.fails([*relations, *asked]):
            demands = []
        needed = self._trials.minimal(others, [*demands, *basics, *relations])
        return Together(tuple(self.problem.relations[one].rule.rule for one in relations if isinstance(one, int)),
                        tuple(rules[one.rule] for one in needed if isinstance(one, Element)), bool(demands),
                        self.is_sure)

    def _impossible(self, asked: frozenset[Element | int]) -> bool:
        """Whether it is proven that nothing keeps all of this."""
        relations = tuple(one for number, one in enumerate(self.problem.relations) if number in asked)
        only = replace(kept(self.problem, [one for one in asked if isinstance(one, Element)]), relations=relations)
        self.trials += 1
        may_try = self.trials <= MOST_TRIALS and self.work <= MOST_WORK
        proof = self._proof(only) if may_try else None
        self.is_sure = self.is_sure and proof is not None
        return proof is True

    def _proof(self, problem: Problem) -> bool | None:
        """Whether there is no solution; None where that could not be known."""
        workshop = Workshop(problem.rules, problem.ensemble)
        prepare_tables([problem], workshop)
        self.work += workshop.work
        if self.work > MOST_WORK:
            return None
        try:
            found = choose(problem, FIRST)[0].first(problem, workshop, MOST_SECONDS)
        except (InputError, TooLarge):
            return None
        return False if found.solution else True if found.proven else None
