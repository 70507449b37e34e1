"""What a style promises of every piece, read as rules that must never be broken; and whether it keeps its word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from theorygen.grammar.style import Style
from theorygen.rules.reading import read_rule
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import load_library
from theorygen.source.diagnostic import Diagnostics
from theorygen.source.marks import Mark
from theorygen.verify.finding import Finding, Study, Subject


@dataclass(frozen=True)
class Claim:
    """One promise.

    Attributes:
        rule: what must never be broken, as a hard rule.
        mark: where it is written.
        text: the promise in words: its name, or the rule it names, or its condition.
    """

    rule: ActiveRule
    mark: Mark
    text: str


def claims(style: Style) -> tuple[Claim, ...]:
    """The claims of a style and of those it extends, in their order.

    Raises:
        InputError: the expressions of claims are wrong; everything wrong with them.
    """
    found = Diagnostics()
    read = [_claim(style, index, dict(entry), found) for index, entry in enumerate(style.claims)]
    found.raise_errors()
    return tuple(claim for claim in read if claim)


def as_fault(rule: Rule) -> Rule:
    """A rule that says how much something costs as one that forbids whatever costs; any other as it is."""
    return replace(rule, forbid=f"({rule.cost}) > 0", cost="") if rule.cost else rule


def _claim(style: Style, index: int, entry: Mapping[str, Any], found: Diagnostics) -> Claim | None:
    mark = style.document.mark(("claims", index))
    said = str(entry.get("name", ""))
    if "rule" in entry:
        active = _named(style, str(entry["rule"]), found)
        return Claim(active, mark, said or active.name) if active else None
    body = {key: value for key, value in entry.items() if key != "name"}
    name = _slug(said) or f"claim-{index + 1}"
    rule = read_rule(name, body, style.document, ("claims", index), found)
    verdict = f"{body.get('over')}: " + " ".join(f"{key} {body[key]}" for key in ("when", "forbid", "require")
                                                 if key in body)
    return Claim(ActiveRule(rule, True), mark, said or verdict) if rule else None


def _named(style: Style, name: str, found: Diagnostics) -> ActiveRule | None:
    """A rule of the style or the library, hard; where the style narrows it, as narrow as there."""
    active = [rule for rule in style.rules.rules if rule.name == name]
    if len(active) == 1:
        return replace(active[0], rule=as_fault(active[0].rule), hard=True, weight=0)
    rule = active[0].rule if active else load_library().get(name) or read_rule(
        name, style.document.data["rules"][name], style.document, ("rules", name), found)
    return ActiveRule(as_fault(rule), True) if rule else None


def _slug(text: str) -> str:
    """A name in the form of an id."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())


def study(subject: Subject) -> Study:
    """Which claims hold of all pieces, as far as they can be looked at."""
    from theorygen.verify.rules_claimed import Claimed
    from theorygen.verify.rules_places import is_base

    found = claims(subject.style)
    if is_base(subject.style):
        return Study("claims", "Do its claims hold?", {"claims": len(found)},
                     bound="the style is only a base for others")
    if not found:
        return Study("claims", "Do its claims hold?", {"claims": 0})
    claimed = Claimed(subject)
    verdicts = [claimed.verdict(claim) for claim in found]
    order = ("error", "warning", "note")
    findings: list[Finding] = sorted((one.finding for one in verdicts), key=lambda one: order.index(one.severity))
    facts = {"claims": len(found), "hold": sum(one.finding.severity == "note" for one in verdicts),
             "of these proven": sum(one.is_proven for one in verdicts),
             "broken": sum(one.finding.severity == "error" for one in verdicts)}
    return Study("claims", "Do its claims hold?", facts, tuple(findings),
                 "" if all(one.is_proven for one in verdicts) else claimed.pieces.told)
