"""What each hard rule does to the number of solutions: counted exactly with all of them, then without each in turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from theorygen.rules.rule_set import RuleSet
from theorygen.solve.answers import count
from theorygen.solve.problem import Problem


@dataclass(frozen=True)
class Ablated:
    """One hard rule left out.

    Attributes:
        rule: its id.
        solutions: the exact number without it.
        ratio: how many times as many as with it; None where there are none with it.
    """

    rule: str
    solutions: int
    ratio: Fraction | None


@dataclass(frozen=True)
class Ablation:
    """The hard rules of a problem left out in turn.

    Attributes:
        solutions: the exact number with every hard rule.
        rules: what each of them does, the strongest first.
    """

    solutions: int
    rules: tuple[Ablated, ...]


def ablate(problem: Problem, names: Iterable[str] | None = None) -> Ablation:
    """The number of solutions with every hard rule, and without each in turn.

    Args:
        problem: chords to be voiced. Rules that only cost take no part: they forbid nothing.
        names: the rules that are left out in turn; default all hard ones that the solver keeps.
    """
    hard = replace(problem, rules=RuleSet(problem.rules.solved.hard), relations=())
    whole = count(hard)
    tried = dict.fromkeys(rule.name for rule in hard.rules.rules)
    asked = list(tried) if names is None else [name for name in tried if name in set(names)]
    found = [_without(hard, name, whole) for name in asked]
    return Ablation(whole, tuple(sorted(found, key=lambda one: (-one.solutions, one.rule))))


def _without(problem: Problem, name: str, whole: int) -> Ablated:
    number = count(replace(problem, rules=problem.rules.without([name])))
    return Ablated(name, number, Fraction(number, whole) if whole else None)
