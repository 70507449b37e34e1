"""Hard rules that follow from others: what breaks one of them breaks some other, wherever the grammar lets it apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from theorygen.grammar.style import Style
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Array, World
from theorygen.solve.problem import Problem
from theorygen.solve.trellis import allowed_candidates
from theorygen.solve.workshop import Workshop
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.rules_lone import Budget, LoneFault, LoneFaults, portions
from theorygen.verify.rules_marks import mark_of, severity_of
from theorygen.verify.rules_places import Place, Places, distinct, hard_and, is_base, places_of, stretches_of
from theorygen.verify.rules_windows import Windows, broken_within, is_enumerable

_FEW = 16
"""So many places are tried for each rule by itself; most are broken alone there. The rest is tried together."""

_PORTION = 512

_MOST_WINDOWS = 3_000_000
"""So many windows are looked at to see which rules what breaks a rule breaks, too."""


@dataclass(frozen=True, eq=False)
class Derivation:
    """Whether a hard rule follows from the other hard rules.

    Attributes:
        rule: its id.
        implied: whether it does, as far as was looked.
        by: the rules it follows from, none of which can go; none where nothing can break it, or where only all others
            together are known to imply it.
        breakable: whether some window breaks it if nothing else is asked.
        proof: what this is known from.
        is_proven: whether everything was looked at.
        fault: music that breaks it alone, where it does not follow.
    """

    rule: str
    implied: bool
    by: tuple[str, ...] = ()
    breakable: bool = True
    proof: str = ""
    is_proven: bool = True
    fault: LoneFault | None = None


def derivations(style: Style, places: Places, longer: Sequence[Place] = (),
                names: Iterable[str] | None = None) -> list[Derivation]:
    """What is known of each hard rule that is solved, in their order.

    Args:
        style: the style; its hard rules are those looked at.
        places: pairs of chords that may follow each other, for rules over one or two chords.
        longer: longer stretches of chords, for rules that see more.
        names: the rules asked about; default all.
    """
    return _Deriving(style, places, longer).all(names)


class _Deriving:
    def __init__(self, style: Style, places: Places, longer: Sequence[Place]) -> None:
        self.style = style
        self.places = places
        self.longer = longer
        self.rules: dict[str, list[ActiveRule]] = {}
        for rule in hard_and(style).rules:
            self.rules.setdefault(rule.name, []).append(rule)
        self.windows = Windows(style)
        self.pairs = distinct(style, places.pairs, hard_and(style).names)
        self.passed_over = 0

    def all(self, names: Iterable[str] | None) -> list[Derivation]:
        """All rules: first each by itself at a few places, then what is left together."""
        asked = list(self.rules) if names is None else [name for name in self.rules if name in set(names)]
        found: dict[str, Derivation] = {}
        left: dict[str, list[Place]] = {}
        for name in asked:
            if not all(is_enumerable(rule.rule) for rule in self.rules[name]):
                found[name] = self.of_longer(name)
                continue
            possible = self.possible(name)
            fault = self.lone(name).first(possible[:_FEW])
            unbroken = None if fault else self.unbreakable(name, possible)
            if fault or unbroken:
                found[name] = unbroken or Derivation(name, False, fault=fault)
            else:
                left[name] = possible
        faults = self.together(left)
        for name, possible in left.items():
            fault = faults.get(name)
            found[name] = Derivation(name, False, fault=fault) if fault else self.implied(name, possible)
        return [found[name] for name in asked]

    def possible(self, name: str) -> list[Place]:
        """The pairs of chords where a rule may be broken as far as chords and meter say."""
        kept = {place for rule in self.rules[name] for place in self.windows.possible(rule, self.pairs, True)}
        return [place for place in self.pairs if place in kept]

    def lone(self, name: str) -> LoneFaults:
        """The search for what breaks a rule alone."""
        return LoneFaults(self.style, self.rules[name], [rule for rule in hard_and(self.style).rules
                                                         if rule.name != name])

    def together(self, left: dict[str, list[Place]]) -> dict[str, LoneFault]:
        """What breaks one of some rules alone, looked for at all places at once.

        None of them is asked; what two voicings then break is judged, and what breaks one alone is looked for again.
        """
        wanted = {place for possible in left.values() for place in possible}
        rest = [place for place in self.pairs if place in wanted]
        faults: dict[str, LoneFault] = {}
        budget = Budget()
        for start in range(0, len(rest), _PORTION):
            open_names = [name for name in left if name not in faults]
            alone = self.alone(rest[start : start + _PORTION], open_names, budget)
            for name, places in zip(open_names, alone, strict=True):
                fault = self.lone(name).first(places) if places else None
                if fault:
                    faults[name] = fault
        return faults

    def alone(self, places: Sequence[Place], names: Sequence[str], budget: Budget) -> list[list[Place]]:
        """For each of some rules the places where two voicings break it and no other hard rule."""
        soft = RuleSet(tuple(replace(rule, hard=False, weight=1) if rule.name in names else rule
                             for rule in hard_and(self.style).rules))
        problems = [place.problem(self.style, soft) for place in places]
        found: list[list[Place]] = [[] for _ in names]
        looked = 0
        for workshop, chosen in portions(problems, budget):
            looked += len(chosen)
            self._judge([places[index] for index in chosen], [problems[index] for index in chosen], workshop, names,
                        found)
        self.passed_over += len(places) - looked
        return found

    def _judge(self, places: Sequence[Place], problems: Sequence[Problem], workshop: Workshop, names: Sequence[str],
               found: list[list[Place]]) -> None:
        """Add to each rule the places, of those with tables, where it is broken alone."""
        edges = [_faulty(problem, workshop) for problem in problems]
        pitches = [np.concatenate([one[side] for one in edges]) for side in (0, 1)]
        number = np.repeat(np.arange(len(places)), [len(one[0]) for one in edges])
        if not len(number) or not names:
            return
        slots = [position.choices[0].slot for place in places for position in place.positions]
        rows = WINDOWS["chord-change"].rows(
            World(problems[0].ensemble.voices, slots, workshop.rules.codes), pitches,
            np.broadcast_to(np.arange(pitches[0].shape[1]), pitches[0].shape), [2 * number, 2 * number + 1])
        matrix = np.stack([self.breaks(name, rows) for name in names], axis=1)
        lone = matrix.sum(axis=1) == 1
        for column, some in enumerate(found):
            some += [places[index] for index in np.unique(number[lone & matrix[:, column]])]

    def of_longer(self, name: str) -> Derivation:
        """A rule that sees more than two chords, tried on longer stretches."""
        slots = {rule.rule.window.slots if rule.rule.window else 0 for rule in self.rules[name]}
        tried = [place for place in self.longer if not max(slots) or len(place.positions) == max(slots)]
        if max(slots):
            kept = {place for rule in self.rules[name] for place in self.windows.possible(rule, tried, True)}
            tried = [place for place in tried if place in kept]
        fault = self.lone(name).first(tried)
        if fault:
            return Derivation(name, False, fault=fault)
        proof = f"all voicings of {len(tried):,} stretches of chords"
        if not max(slots):
            return Derivation(name, True, proof=proof, is_proven=False)
        found = self.unbreakable(name, tried) or self.implied(name, tried)
        return replace(found, proof=proof, is_proven=False)

    def unbreakable(self, name: str, possible: Sequence[Place]) -> Derivation | None:
        """A rule that no window breaks, whatever else is asked; None where one does."""
        told, looked = self.places.told, 0
        for rule in self.rules[name]:
            for _, rows, _ in self.windows.of(rule, distinct(self.style, possible, rule.names)):
                looked += len(rows)
                if len(rule.charge(rows)[0]):
                    return None
                if looked > _MOST_WINDOWS:
                    break
        proof = f"{looked:,} windows in {told}" if possible else f"no chords of {told} let it be broken"
        return Derivation(name, True, (), False, proof, self.places.is_complete and looked <= _MOST_WINDOWS)

    def implied(self, name: str, possible: Sequence[Place]) -> Derivation:
        """A rule that nothing breaks alone, with the rules it follows from."""
        others, matrix, looked = self.killers(name, possible)
        proof = f"all voicings of {len(possible):,} of {self.places.told}"
        if looked > _MOST_WINDOWS:
            proof += f"; what it follows from, by {looked:,} windows"
        if self.passed_over:
            proof += f"; {self.passed_over:,} with too many voicings were passed over"
        by = tuple(others[index] for index in _cover(matrix))
        return Derivation(name, True, by, True, proof, self.places.is_complete and not self.passed_over)

    def killers(self, name: str, possible: Sequence[Place]) -> tuple[list[str], Array, int]:
        """The other rules; which of them each window that breaks this one breaks, bool [windows, rules]; windows seen.

        Only rules are seen that look at no more than the window shows, and as many windows as bounds allow.
        """
        others = [one for one in self.rules if one != name]
        found, looked = [np.zeros((0, len(others)), dtype=bool)], 0
        for rule in self.rules[name]:
            for _, rows, _ in self.windows.of(rule, possible):
                hit, _ = rule.charge(rows)
                looked += len(rows)
                if len(hit):
                    some = rows.take(hit)
                    found.append(np.stack([self.breaks(one, some) for one in others], axis=1))
                if looked > _MOST_WINDOWS:
                    break
        return others, np.concatenate(found), looked

    def breaks(self, name: str, rows: Rows) -> Array:
        """Which windows break a rule, in themselves or in smaller windows inside them."""
        broken = np.zeros(len(rows), dtype=bool)
        for rule in self.rules[name]:
            if rule.rule.window is not None:
                broken |= broken_within(rule, rows)
        return broken


def _faulty(problem: Problem, workshop: Workshop) -> tuple[Array, Array]:
    """The voicings before and after of all successions that cost something, as rows of pitch codes."""
    before, after = (workshop.pool(position) for position in problem.positions)
    table = workshop.join(before, after)
    allowed = [allowed_candidates(position, pool) for position, pool in
               zip(problem.positions, (before, after), strict=True)]
    costs = (table.cost + before.cost[table.source]) > 0
    kept = costs & allowed[0][table.source] & allowed[1][table.target]
    return before.pitches[table.source[kept]], after.pitches[table.target[kept]]


def _cover(matrix: Array) -> list[int]:
    """Few columns of which each row has one, none of which can go; none where some row has no column at all."""
    rest, chosen = np.ones(len(matrix), dtype=bool), list[int]()
    if not matrix.any(axis=1).all():
        return []
    while rest.any():
        chosen.append(int(matrix[rest].sum(axis=0).argmax()))
        rest &= ~matrix[:, chosen[-1]]
    for column in list(chosen):
        others = [one for one in chosen if one != column]
        if others and matrix[:, others].any(axis=1).all():
            chosen = others
    return sorted(chosen)


def study(subject: Subject) -> Study:
    """Which hard rules follow from others."""
    if is_base(subject.style):
        return Study("implied", "Which hard rules follow from others?", bound="the style is only a base for others")
    places = places_of(subject)
    found = derivations(subject.style, places, stretches_of(subject))
    implied = [one for one in found if one.implied and one.breakable]
    facts = {"hard rules": len(found), "broken alone somewhere": sum(one.fault is not None for one in found),
             "implied by others": len(implied), "that nothing can break": sum(not one.breakable for one in found)}
    return Study("implied", "Which hard rules follow from others?", facts,
                 tuple(finding_of(subject.style, one) for one in implied), places.bound)


def finding_of(style: Style, one: Derivation) -> Finding:
    """A rule that follows from others."""
    told = _listed(one.by) if one.by else "the other hard rules together"
    others = [mark_of(style, name) for name in one.by]
    message = f"rule '{one.rule}' follows from {told}: whatever breaks it breaks another hard rule"
    return Finding(
        "implied-rule", severity_of(style, one.rule), message, one.rule, mark_of(style, one.rule),
        tuple(mark for mark in others if mark), one.proof,
        hint="leave it out, or give it a weight: pieces stay the same",
        data={"by": list(one.by), "proven": one.is_proven})


def _listed(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
