"""Rules that never fire: no piece of the grammar comes under them, or nothing in any piece could break them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from theorygen.grammar.style import Style
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.tally import Tally, tally
from theorygen.verify.claims import as_fault
from theorygen.verify.finding import Bounds, Finding, Study, Subject
from theorygen.verify.rules_lone import LoneFaults
from theorygen.verify.rules_marks import mark_of, severity_of
from theorygen.verify.rules_pieces import pieces_of
from theorygen.verify.rules_places import Place, Places, distinct, hard_and, is_base, places_of
from theorygen.verify.rules_windows import Windows, is_enumerable


@dataclass(frozen=True)
class Firing:
    """What is known of one rule.

    Attributes:
        rule: its id.
        applies: whether something comes under it.
        binds: whether something that comes under it breaks it, and no hard rule beside it.
        proof: what this is known from.
        is_proven: whether everything was looked at.
    """

    rule: str
    applies: bool
    binds: bool
    proof: str
    is_proven: bool


def firings(subject: Subject) -> list[Firing]:
    """What is known of each rule of a style, in their order.

    A rule that pieces come under applies, and one that they break binds. Of the others those over one or two chords are
    judged by all windows there can be; those that see more by pieces alone.
    """
    return _Firings(subject).all()


class _Firings:
    def __init__(self, subject: Subject) -> None:
        self.style = subject.style
        self.pieces = pieces_of(subject)
        self.tallies = tallies_of(subject)
        self.places: Places = places_of(subject)
        self.windows = Windows(subject.style)
        self._distinct: dict[tuple[frozenset[str], bool], list[Place]] = {}

    def all(self) -> list[Firing]:
        """All rules that are judged by windows."""
        entries: dict[str, list[ActiveRule]] = {}
        for rule in self.style.rules.rules:
            if rule.rule.relation is None:
                entries.setdefault(rule.name, []).append(rule)
        return [self.one(name, rules) for name, rules in entries.items()]

    def one(self, name: str, rules: Sequence[ActiveRule]) -> Firing:
        """One rule; it may have several strengths."""
        seen = self.tallies[name]
        if seen.violations:
            return Firing(name, True, True, self.pieces.told, True)
        if not all(is_enumerable(rule.rule) for rule in rules):
            return Firing(name, seen.opportunities > 0, seen.opportunities > 0, self.pieces.told, False)
        own = severity_of(self.style, name) == "warning"
        proof = self.places.told if own else f"{len(self.plain):,} pairs of chords, in the first key of each mode"
        is_proven = own and self.places.is_complete
        if not seen.opportunities and not self.applies(rules, own):
            return Firing(name, False, False, proof, is_proven)
        return Firing(name, True, any(rule.hard for rule in rules) or self.binds(name, rules, own), proof, is_proven)

    def applies(self, rules: Sequence[ActiveRule], own: bool) -> bool:
        """Whether some window of the pairs of chords comes under a rule."""
        return any(len(_plain(rule).opportunities(rows)) for rule in rules
                   for rows in self.rows(rule, self.windows.possible(rule, self.distinct(rule.names, own))))

    def rows(self, rule: ActiveRule, places: Sequence[Place]) -> Iterator[Any]:
        """Windows, a few places first."""
        for some in (places[:8], places[8:]):
            yield from (rows for _, rows, _ in self.windows.of(rule, some))

    def binds(self, name: str, rules: Sequence[ActiveRule], own: bool) -> bool:
        """Whether some two chords have voicings that break a rule and keep every hard rule."""
        faults = [replace(rule, rule=as_fault(rule.rule)) for rule in rules]
        hard = hard_and(self.style)
        places = self.distinct(hard.names.union(*(rule.names for rule in rules)), own)
        possible = {place for rule in faults for place in self.windows.possible(rule, places, True)}
        kept = [rule for rule in hard.rules if rule.name != name]
        return LoneFaults(self.style, faults, kept).first(
            [place for place in places if place in possible]) is not None

    def distinct(self, names: frozenset[str], own: bool) -> list[Place]:
        """The pairs of chords, for the style's own rules in all keys, that rules tell apart which read these fields."""
        read = frozenset(name for name in names if "place" in name or name.endswith("crosses_phrase"))
        key = (read, own)
        if key not in self._distinct:
            self._distinct[key] = distinct(self.style, self.places.pairs if own else self.plain, read)
        return self._distinct[key]

    @cached_property
    def plain(self) -> list[Place]:
        """The pairs that begin in the first key of a mode: enough for what is only a note."""
        keys = {keys[0] for keys in self.style.keys.values()}
        return [place for place in self.places.pairs if place.key in keys]


def _plain(rule: ActiveRule) -> ActiveRule:
    """The rule with the windows it applies to as those a rate is out of."""
    return replace(rule, rule=replace(rule.rule, out_of="")) if rule.rule.out_of else rule


def tallies_of(subject: Subject) -> dict[str, Tally]:
    """How often each rule applied to the pieces of a subject, and how often it was broken; judged once."""
    return _tallies(subject.style, tuple(sorted(subject.given.items())), subject.bounds)


@lru_cache(maxsize=4)
def _tallies(style: Style, given: tuple[tuple[str, Any], ...], bounds: Bounds) -> dict[str, Tally]:
    rules = RuleSet(tuple(_plain(rule) for rule in style.rules.rules))
    sums = {rule.name: Tally() for rule in rules.rules}
    for piece in pieces_of(Subject(style, bounds, dict(given))).pieces:
        for name, one in tally(piece.composition.score, rules).items():
            sums[name] += one
    return sums


def study(subject: Subject) -> Study:
    """Which rules never fire; rules of profiles that do not are told together."""
    if is_base(subject.style):
        return Study("active", "Which rules never fire?", bound="the style is only a base for others")
    found, style = firings(subject), subject.style
    counts = {"rules": len(found), "apply": sum(one.applies for one in found),
              "never apply": sum(not one.applies for one in found),
              "apply and never bind": sum(one.applies and not one.binds for one in found)}
    idle = [one for one in found if not one.binds]
    own = [finding for one in idle if severity_of(style, one.rule) == "warning" for finding in _findings(style, one)]
    rest = [one for one in idle if severity_of(style, one.rule) == "note"]
    told = [_together(kind, [one.rule for one in rest if one.applies == applies], words)
            for kind, applies, words in (("rule-never-applies", False, "never apply"),
                                         ("rule-never-binds", True, "apply and are never broken"))]
    return Study("active", "Which rules never fire?", counts, (*own, *(one for one in told if one)), _bound(subject))


def _together(kind: str, names: list[str], words: str) -> Finding | None:
    """One note for rules that come with a profile, or with a style that is extended."""
    if not names:
        return None
    message = f"{len(names)} rules of profiles and of styles it extends {words} here"
    return Finding(kind, "note", message, ", ".join(names), data={"rules": names},
                   proof="pieces, and pairs of chords in the first key of each mode")


def _bound(subject: Subject) -> str:
    places = places_of(subject)
    told = f"rules over more than two chords: {pieces_of(subject).told}"
    return told if places.is_complete else f"{places.told}; {told}"


def _findings(style: Style, one: Firing) -> Iterator[Finding]:
    """A rule that does nothing."""
    mark, severity = mark_of(style, one.rule), severity_of(style, one.rule)
    data = {"proven": one.is_proven}
    if not one.applies:
        yield Finding("rule-never-applies", severity, f"rule '{one.rule}' never applies: no music of this style comes "
                      "under it", one.rule, mark, (), one.proof, data=data,
                      hint="compare its 'when' with the chords, regions and cadences that the grammar has")
    elif not one.binds:
        yield Finding("rule-never-binds", severity, f"rule '{one.rule}' applies and is never broken: ranges and hard "
                      "rules leave nothing that breaks it", one.rule, mark, (), one.proof, data=data,
                      hint="leave it out: pieces stay the same")
