"""What a problem asks, one thing at a time: rules at places, notes given, degrees asked; and problems that ask less."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from theorygen.rules.folds import LINE
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array
from theorygen.solve.problem import HOLD, Arcs, Choice, Given, Position, Problem, Syntax

Kind = Literal["rule", "given", "degree", "range", "chord", "harmony"]


@dataclass(frozen=True)
class Element:
    """One thing a problem asks.

    Attributes:
        kind: a rule; notes given or degrees asked; that a voice stays in its range, or in the chord; the harmony.
        position: index of the position; of a rule the one where a fault against it lies, or None for all of them.
        rule: id of the rule.
        voice: number of the voice of anything but a rule.
        choice: index of the one choice it goes along with, or None for all.
    """

    kind: Kind
    position: int | None = None
    rule: str = ""
    voice: int | None = None
    choice: int | None = None

    def shifted(self, by: int) -> Element:
        """The same of a longer problem in which this many positions come first."""
        return self if self.position is None else replace(self, position=self.position + by)


HARMONY = Element("harmony")
"""That the chords follow the syntax."""


def rules_asked(problem: Problem) -> list[Element]:
    """The hard rules, each at all places."""
    return [Element("rule", rule=name) for name in dict.fromkeys(rule.name for rule in problem.rules.hard)]


def notes_asked(problem: Problem) -> list[Element]:
    """Notes given and degrees asked, place by place."""
    found = []
    for index, position in enumerate(problem.positions):
        asked: list[tuple[int | None, Position | Choice]] = [(None, position), *enumerate(position.choices)]
        for choice, one in asked:
            found += [Element("given", index, voice=voice, choice=choice) for voice in sorted(one.given)]
            found += [Element("degree", index, voice=voice, choice=choice) for voice in sorted(one.degrees)]
    return found


def harmony_asked(problem: Problem) -> list[Element]:
    """The harmony, where there is one."""
    return [] if problem.syntax is None else [HARMONY]


def at_places(problem: Problem, element: Element) -> list[Element]:
    """A rule taken apart into the places where it can be broken; anything else, and rules over lines, as they are."""
    if element.kind != "rule":
        return [element]
    rules = [rule for rule in problem.rules.hard if rule.name == element.rule]
    if any(rule.rule.over == LINE for rule in rules):
        return [element]
    places = sorted({place for rule in rules for place in places_of(problem, rule)})
    return [replace(element, position=place) for place in places]


def places_of(problem: Problem, rule: ActiveRule) -> list[int]:
    """Positions where a window of a rule may lie, so that its focus is there."""
    window = rule.rule.window
    assert window is not None
    first, after = window.focus % window.slots, window.slots - 1 - window.focus % window.slots
    return [place for place in range(first, len(problem.positions) - after)
            if any(judges(rule, choice.slot.mark) for choice in problem.positions[place].choices)]


def judges(rule: ActiveRule, mark: int) -> bool:
    """Whether a rule judges windows whose focus lies in a slot with this mark."""
    return (rule.marks is None or mark in rule.marks) and mark not in rule.except_marks


def kept(problem: Problem, elements: Collection[Element]) -> Problem:
    """The problem with nothing asked but these elements: no other hard rule, and no weighted one."""
    whole = {one.rule for one in elements if one.kind == "rule" and one.position is None}
    places: dict[str, set[int]] = {}
    for one in elements:
        if one.kind == "rule" and one.position is not None and one.rule not in whole:
            places.setdefault(one.rule, set()).add(one.position)
    rules = [rule for rule in problem.rules.hard if rule.name in whole or rule.name in places]
    marked, translated = told_apart(problem, rules, {place for some in places.values() for place in some})
    narrowed = [replace(rule, marks=_marks(translated, rule, places[rule.name])) if rule.name in places
                else translated(rule) for rule in rules]
    positions = tuple(_asking(position, index, elements) for index, position in enumerate(marked.positions))
    syntax = problem.syntax if problem.syntax is None or HARMONY in elements else free_harmony(problem.syntax)
    return replace(marked, positions=positions, rules=RuleSet(tuple(narrowed)), syntax=syntax)
