"""Coverage: every id of the catalogue with where it is defined: a rule, a kind, elsewhere, or in a later section.

A rule of the library belongs to the id it is named after, to the longest id its name begins with, or to the one it
names with ``part-of``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from theorygen.rules.closes import CadenceKind, cadence_kinds
from theorygen.rules.embellishments import EmbellishmentKind, embellishment_kinds
from theorygen.rules.rule import Exemption, Rule
from theorygen.rules.rule_set import library_documents, load_library
from theorygen.source.document import load_document

RULE, KIND, ELSEWHERE, LATER, MISSING = "rule", "kind", "elsewhere", "later", "missing"


@dataclass(frozen=True)
class Covered:
    """One id of the catalogue.

    Attributes:
        id: the id.
        section: number of its section.
        state: rule, kind, elsewhere, later or missing.
        where: for rules their files, else where it lives.
        rules: the rules that state it, the one with its name first.
        examples: how many examples those rules, or the kind, are tested with.
        why: for what lives elsewhere, why it is no rule.
    """

    id: str
    section: str
    state: str
    where: str
    rules: tuple[Rule, ...] = ()
    examples: int = 0
    why: str = ""

    def strength(self, profile: str) -> str:
        """How strong its first rule is in a profile, "" for what is no rule."""
        return str(self.rules[0].strength.get(profile, "off")) if self.rules else ""


@cache
def load_catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The sections by number, each with `title`, `ids`, and `later` where it is still to come."""
    return _load("catalogue.yaml")


@cache
def load_elsewhere() -> Mapping[str, Mapping[str, str]]:
    """Laws that are no rules, by id, each with `where` and `why`."""
    return _load("elsewhere.yaml")


def _load(name: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = load_document(str(files("theorygen.rules") / "library" / name)).data
    return data


def coverage() -> list[Covered]:
    """Every id of the catalogue, in its order."""
    return [_covered(name, number) for number, section in load_catalogue().items() for name in section["ids"]]


def owner(name: str, part_of: str = "") -> str | None:
    """The id of the catalogue that a rule, a kind or a law elsewhere belongs to, or None."""
    known = [one for section in load_catalogue().values() for one in section["ids"]]
    wanted = part_of or name
    return max((one for one in known if wanted == one or wanted.startswith(f"{one}-")), key=len, default=None)


def _covered(name: str, section: str) -> Covered:
    rules, kinds, elsewhere = _rules().get(name, ()), _kinds().get(name, 0), load_elsewhere().get(name)
    if rules:
        found = dict.fromkeys(_files()[rule.name] for rule in rules)
        return Covered(name, section, RULE, ", ".join(found), rules, kinds + sum(map(example_count, rules)))
    if kinds:
        return Covered(name, section, KIND, "embellishment-kinds", examples=kinds)
    if elsewhere:
        return Covered(name, section, ELSEWHERE, elsewhere["where"], why=elsewhere["why"])
    later = load_catalogue()[section].get("later", False)
    return Covered(name, section, LATER if later else MISSING, "")


def example_count(rule: Rule) -> int:
    """How many examples a rule is tested with, those of its exceptions too."""
    return _both_sides(rule) + sum(map(_both_sides, rule.unless))


def _both_sides(one: Rule | Exemption | EmbellishmentKind | CadenceKind) -> int:
    return len(one.good) + len(one.bad)


@cache
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    """The rules that belong to each id, the one with its name first."""
    found: dict[str, list[Rule]] = {}
    for rule in load_library().values():
        belongs = owner(rule.name, rule.details.get("part-of", ""))
        if belongs:
            found.setdefault(belongs, []).append(rule)
    return {name: tuple(sorted(rules, key=lambda rule: rule.name != name)) for name, rules in found.items()}


@cache
def _kinds() -> Mapping[str, int]:
    """How many examples the kinds that belong to each id have."""
    found: dict[str, int] = {}
    kinds: list[EmbellishmentKind | CadenceKind] = [*embellishment_kinds(), *cadence_kinds()]
    for kind in kinds:
        belongs = owner(kind.name)
        if belongs:
            found[belongs] = found.get(belongs, 0) + _both_sides(kind)
    return found


@cache
def _files() -> Mapping[str, str]:
    """The file, without its suffix, in which each rule stands."""
    return {name: PurePath(document.name).stem for document in library_documents() for name in document.data}
