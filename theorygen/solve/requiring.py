"""Required violations: solutions that break a stated rule at a stated place so many times, and no other hard rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from theorygen.rules.folds import LINE
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.score.location import Location
from theorygen.solve.elements import ToldApart, spots, told_apart
from theorygen.solve.problem import Problem
from theorygen.solve.tally import Tally, digit_bits, digit_weight, low_bits, most_kinds
from theorygen.source.diagnostic import Diagnostic, Diagnostics, nearest

_TEXT = re.compile(r"(?P<rule>[^@\s]+)(?:@m(?P<measure>\d+)(?:-(?P<last>\d+)|b(?P<beat>\d+(?:\.\d+|/0*[1-9]\d*)?))?)?")
_EXPECTED = "a rule and where: parallel-fifths, parallel-fifths@m2, parallel-fifths@m2-4 or parallel-fifths@m3b2"


@dataclass(frozen=True)
class Demand:
    """Faults that must be.

    Attributes:
        rule: id of the rule.
        places: positions where the faults must lie, that of a step being the one it leads to; None for anywhere.
        count: how many windows must be broken.
    """

    rule: str
    places: tuple[int, ...] | None = None
    count: int = 1


def require(problem: Problem, demands: Sequence[Demand], only: bool = True) -> Problem:
    """The problem whose solutions have these faults.

    All hard rules hold, but for the windows demanded: there are exactly as many, or with ``only`` false at least as
    many. Demands on the same rule must not share places, or each counts what it sees. A fault against a weighted rule
    costs what it always costs, and elsewhere the rule is free to be broken.

    Args:
        problem: what to solve.
        demands: the faults.
        only: whether there may be no more of them where they are demanded.

    Raises:
        InputError: everything wrong with the demands.
    """
    found = Diagnostics()
    for demand in demands:
        found.extend(_wrong(problem, demand))
    bits = digit_bits(max(_windows(problem, demand.rule) for demand in demands)) if len(found) == 0 and demands else 1
    if len(demands) > most_kinds(bits):
        found.add(Diagnostic("too-many-faults", f"{len(demands)} kinds of faults are required at once",
                             expected=f"at most {most_kinds(bits)}"))
    found.raise_errors()
    return _Requiring(problem, demands, bits).problem_with(only) if demands else problem


class _Requiring:
    def __init__(self, problem: Problem, demands: Sequence[Demand], bits: int) -> None:
        self.demands = demands
        self.bits = bits
        self.low = low_bits(len(demands), bits)
        self.apart: ToldApart = told_apart(problem, {place for one in demands for place in one.places or ()})

    def problem_with(self, only: bool) -> Problem:
        """The problem, its demanded rules free where they are demanded and counted there."""
        problem = self.apart.problem
        rules = [kept for rule in problem.rules.rules for kept in self._elsewhere(rule)]
        counted = tuple(tuple(self._counting(kind, demand)) for kind, demand in enumerate(self.demands))
        tally = Tally(counted, tuple(demand.count for demand in self.demands), only, self.bits, self.low)
        return replace(problem, rules=RuleSet((*rules, *(rule for some in counted for rule in some))), tally=tally)

    def _elsewhere(self, rule: ActiveRule) -> Iterator[ActiveRule]:
        """A rule as it holds beside the demands."""
        places = [demand.places for demand in self.demands if demand.rule == rule.name]
        if not rule.hard or not places:
            yield self.apart.everywhere(rule)
        elif None not in places:
            yield self.apart.except_at(rule, {place for some in places for place in some or ()})

    def _counting(self, kind: int, demand: Demand) -> Iterator[ActiveRule]:
        """The rules of a demand as they count."""
        for rule in self.apart.before.rules.solved.rules:
            if rule.name == demand.rule:
                counting = replace(_as_fault(rule), hard=False, weight=digit_weight(kind, self.bits, self.low))
                yield (self.apart.everywhere(counting) if demand.places is None
                       else self.apart.only_at(counting, demand.places))


def _as_fault(rule: ActiveRule) -> ActiveRule:
    """A rule that says how much something costs as one that forbids whatever costs."""
    if not rule.rule.cost:
        return rule
    return replace(rule, rule=replace(rule.rule, forbid=f"({rule.rule.cost}) > 0", cost=""))


def _windows(problem: Problem, name: str) -> int:
    """How many windows of a rule may be broken in one step at most."""
    voices = len(problem.ensemble)
    windows = [rule.rule.window for rule in problem.rules.solved.rules if rule.name == name]
    return max(2 * voices, *(len(window.instances(voices)) for window in windows if window), 1)


def _wrong(problem: Problem, demand: Demand) -> Iterator[Diagnostic]:
    """What is wrong with a demand."""
    names = dict.fromkeys(rule.name for rule in problem.rules.solved.rules)
    rules = [rule for rule in problem.rules.solved.rules if rule.name == demand.rule]
    if not rules:
        judged = any(rule.name == demand.rule for rule in problem.rules.rules)
        reason = "is judged on finished scores only" if judged else "is no rule of this style"
        yield Diagnostic("unknown-rule", f"'{demand.rule}' {reason}", None, "", nearest(demand.rule, names),
                         "'theorygen rules' lists the library, 'theorygen rules --profile' the rules of a profile")
    elif demand.places is not None and not all(0 <= place < len(problem.positions) for place in demand.places):
        yield Diagnostic("bad-place", f"'{demand.rule}' is required where there is no chord", None,
                         f"positions 0 to {len(problem.positions) - 1}")
    elif demand.places is not None and any(rule.rule.over == LINE for rule in rules):
        yield Diagnostic("no-place", f"'{demand.rule}' looks at a whole line and has no one place", None,
                         "the rule alone")
    elif demand.places is not None and not any(place in spots(problem, rule) for rule in rules
                                               for place in demand.places):
        yield Diagnostic("no-place", f"'{demand.rule}' judges nothing there", None,
                         "a place where some of what it looks at ends")
    if demand.count < 1:
        yield Diagnostic("bad-count", f"'{demand.rule}' is to be broken {demand.count} times", None, "1 or more")


def read_demands(texts: Sequence[str], problem: Problem, locations: Sequence[Location]) -> tuple[Demand, ...]:
    """Demands as people write them: ``parallel-fifths``, ``parallel-fifths@m2``, ``parallel-fifths@m3b2``.

    Writing one several times asks for that many faults.

    Args:
        texts: the demands.
        problem: what is to be solved.
        locations: where each position of the problem is in the score.

    Raises:
        InputError: everything wrong with the texts.
    """
    found = Diagnostics()
    demands = []
    for text, count in Counter(map(str.strip, texts)).items():
        match = _TEXT.fullmatch(text)
        if match is None:
            found.add(Diagnostic("bad-place", f"'{text}' names no fault", None, _EXPECTED))
            continue
        places = _places(match, locations)
        if places == ():
            found.add(Diagnostic("bad-place", f"there is no chord at '{text.partition('@')[2]}'", None,
                                 _extent(locations)))
        demand = Demand(match["rule"], places, count)
        found.extend(_wrong(problem, demand if places else replace(demand, places=None)))
        demands.append(demand)
    found.raise_errors()
    return tuple(demands)


def _places(match: re.Match[str], locations: Sequence[Location]) -> tuple[int, ...] | None:
    """The positions a text names; None for all."""
    if match["measure"] is None:
        return None
    first, last = int(match["measure"]), int(match["last"] or match["measure"])
    beat = None if match["beat"] is None else Fraction(match["beat"])
    return tuple(index for index, one in enumerate(locations)
                 if first <= one.measure <= last and beat in (None, one.beat))


def _extent(locations: Sequence[Location]) -> str:
    """The places there are."""
    measures = sorted({one.measure for one in locations})
    if len(locations) <= len(_EXPECTED) // 8:
        return ", ".join(f"m{one.measure}b{one.beat}" for one in locations)
    return f"m{measures[0]} to m{measures[-1]}, with chords where they begin"
