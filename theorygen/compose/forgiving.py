"""Forgiving given lines: what a tune breaks by itself does not forbid all harmonisations of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from theorygen.rules.expression import BOOLEAN, parse_expression
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.solve.tally import UNIT
from theorygen.source.document import load_document

FORGIVEN = UNIT
"""What a forgiven fault costs, thousandths: more than all weighted rules together, so that there are as few as can be.

What is left of a cost divided by it is what the weighted rules charge.
"""


@cache
def forgiven_categories() -> frozenset[str]:
    """The categories of rules that forgive given lines, from the table that ships."""
    return frozenset(load_document(str(files("theorygen.compose") / "given-lines.yaml")).data["forgiven"])


def forgiving(rules: RuleSet, voices: Sequence[str]) -> RuleSet:
    """The rules with those about single lines broken as seldom as can be in voices that are given whole.

    Args:
        rules: the rules of a style.
        voices: names of the voices.
    """
    return RuleSet(tuple(part for rule in rules.rules for part in _forgiven(rule, voices)))


def _forgiven(rule: ActiveRule, voices: Sequence[str]) -> Iterator[ActiveRule]:
    """A rule as it is, or hard for the other voices and weighted for these."""
    of_one_line = "voice" in rule.rule.scope.fields
    if not (voices and rule.hard and of_one_line and rule.rule.details.get("category") in forgiven_categories()):
        yield rule
        return
    meant = " or ".join(f"voice == {name!r}" for name in voices)
    given, others = (parse_expression(text, rule.rule.scope, BOOLEAN) for text in (meant, f"not ({meant})"))
    yield replace(rule, where=(*rule.where, others))
    yield replace(rule, hard=False, weight=FORGIVEN, where=(*rule.where, given))
