"""What a problem asks, one thing at a time: rules at places, notes given, degrees asked; and problems that ask less."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from theorygen.rules.folds import LINE
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Problem, Syntax

Kind = Literal["rule", "given", "degree", "range", "chord", "harmony", "fault"]


@dataclass(frozen=True)
class Element:
    """One thing a problem asks.

    Attributes:
        kind: a rule; notes given or degrees asked; that a voice stays in its range, or in the chord; the harmony; the
            faults there must be.
        position: index of the position; of a rule the one where a fault against it lies, or None for all of them.
        rule: id of the rule.
        voice: number of the voice of anything but a rule. What is asked of it at a position and along with some of
            the choices there is one thing.
    """

    kind: Kind
    position: int | None = None
    rule: str = ""
    voice: int | None = None

    def shifted(self, by: int) -> Element:
        """The same of a longer problem in which this many positions come first."""
        return self if self.position is None else replace(self, position=self.position + by)


HARMONY = Element("harmony")
"""That the chords follow the syntax."""

FAULTS = Element("fault")
"""That there are the faults required."""


def rules_asked(problem: Problem) -> list[Element]:
    """The hard rules, each at all places."""
    return [Element("rule", rule=name) for name in dict.fromkeys(rule.name for rule in problem.rules.solved.hard)]


def notes_asked(problem: Problem) -> list[Element]:
    """Notes given and degrees asked, place by place."""
    return [one for index, position in enumerate(problem.positions) for one in notes_asked_at(position, index)]


def asking(position: Position) -> list[Position | Choice]:
    """Whatever asks for notes or degrees at a position: it, and its choices."""
    return [position, *position.choices]


def notes_asked_at(position: Position, index: int) -> list[Element]:
    """Notes given and degrees asked at one position, voice by voice."""
    given = {voice for one in asking(position) for voice in one.given}
    degrees = {voice for one in asking(position) for voice in one.degrees}
    return [*(Element("given", index, voice=voice) for voice in sorted(given)),
            *(Element("degree", index, voice=voice) for voice in sorted(degrees))]


def wholes_asked(problem: Problem) -> list[Element]:
    """The harmony, where there is one, and the faults required, if there are some."""
    return [HARMONY] * (problem.syntax is not None) + [FAULTS] * (problem.tally is not None)


def at_places(problem: Problem, element: Element) -> list[Element]:
    """A rule taken apart into the places where it can be broken; anything else, and rules over lines, as they are."""
    rules = [rule for rule in problem.rules.solved.hard if element.kind == "rule" and rule.name == element.rule]
    if not rules or any(rule.rule.over == LINE for rule in rules):
        return [element]
    places = {place for rule in rules for place in spots(problem, rule)}
    return [replace(element, position=place) for place in sorted(places)]


def spots(problem: Problem, rule: ActiveRule) -> list[int]:
    """Positions, of those where the rule judges, in which the focus of a window of the rule may lie."""
    window = rule.rule.window
    if window is None:
        return []
    before = window.focus % window.slots
    last = len(problem.positions) - (window.slots - 1 - before)
    return [place for place in range(before, last) if _judges(rule, problem.positions[place])]


def _judges(rule: ActiveRule, position: Position) -> bool:
    mark = position.choices[0].slot.mark
    return (rule.marks is None or mark in rule.marks) and mark not in rule.except_marks


@dataclass(frozen=True)
class ToldApart:
    """A problem in which some positions have marks of their own, and what its rules become there.

    Attributes:
        problem: the problem, its rules as they were.
        marks: position to its mark.
        before: the problem without these marks.
    """

    problem: Problem
    marks: Mapping[int, int]
    before: Problem

    def everywhere(self, rule: ActiveRule) -> ActiveRule:
        """The rule where it was judged before."""
        if not rule.is_placed:
            return rule
        here = frozenset(mark for place, mark in self.marks.items() if _judges(rule, self.before.positions[place]))
        barred = frozenset(self.marks.values()) - here
        return replace(rule, marks=None if rule.marks is None else rule.marks | here,
                       except_marks=rule.except_marks | barred)

    def only_at(self, rule: ActiveRule, places: Collection[int]) -> ActiveRule:
        """The rule at some of these positions alone, as far as it was judged there."""
        here = {self.marks[place] for place in places if _judges(rule, self.before.positions[place])}
        return replace(rule, marks=frozenset(here), except_marks=frozenset())

    def except_at(self, rule: ActiveRule, places: Collection[int]) -> ActiveRule:
        """The rule as it was, but for some of these positions."""
        rule = self.everywhere(rule)
        return replace(rule, except_marks=rule.except_marks | {self.marks[place] for place in places})


def told_apart(problem: Problem, places: Collection[int]) -> ToldApart:
    """Give some positions marks of their own.

    Args:
        problem: the problem; all choices of a position have one mark.
        places: the positions.
    """
    free = 1 + max((choice.slot.mark for one in problem.positions for choice in one.choices), default=0)
    marks = {place: free + number for number, place in enumerate(sorted(places))}
    positions = tuple(_with_mark(one, marks[index]) if index in marks else one
                      for index, one in enumerate(problem.positions))
    return ToldApart(replace(problem, positions=positions), marks, problem)


def _with_mark(position: Position, mark: int) -> Position:
    return replace(position, choices=tuple(replace(choice, slot=replace(choice.slot, mark=mark))
                                           for choice in position.choices))


def kept(problem: Problem, elements: Collection[Element]) -> Problem:
    """The problem with nothing asked but these elements: no other hard rule, and no weighted one."""
    whole = {one.rule for one in elements if one.kind == "rule" and one.position is None}
    places: dict[str, set[int]] = {}
    for one in elements:
        if one.kind == "rule" and one.position is not None and one.rule not in whole:
            places.setdefault(one.rule, set()).add(one.position)
    apart = told_apart(problem, {place for some in places.values() for place in some})
    rules = [apart.everywhere(rule) if rule.name in whole else apart.only_at(rule, places[rule.name])
             for rule in problem.rules.solved.hard if rule.name in whole or rule.name in places]
    asked = frozenset(elements)
    positions = tuple(_asking(one, index, asked) for index, one in enumerate(apart.problem.positions))
    syntax = problem.syntax if problem.syntax is None or HARMONY in asked else free_harmony(problem)
    tally = problem.tally if FAULTS in asked else None
    rules += [apart.everywhere(rule) for some in (tally.rules if tally else ()) for rule in some]
    return replace(apart.problem, positions=positions, rules=RuleSet(tuple(rules)), syntax=syntax, tally=tally)


def _asking(position: Position, index: int, asked: frozenset[Element]) -> Position:
    """The position with some of its demands; notes given go to the choices, too, whose domains are then small."""
    notes = {voice for voice in _voices(position) if Element("given", index, voice=voice) in asked}
    degrees = {voice for voice in _voices(position) if Element("degree", index, voice=voice) in asked}
    given = _only(position.given, notes)
    choices = tuple(replace(choice, given=_both(given, _only(choice.given, notes)),
                            degrees=_only(choice.degrees, degrees)) for choice in position.choices)
    return Position(choices, _only(position.degrees, degrees), given)


def _voices(position: Position) -> set[int]:
    """Voices of which something is asked."""
    return {voice for one in asking(position) for voice in (*one.given, *one.degrees)}


def _only(asked: Mapping[int, frozenset[int]], voices: Collection[int]) -> dict[int, frozenset[int]]:
    return {voice: values for voice, values in asked.items() if voice in voices}


def _both(first: Mapping[int, frozenset[int]], second: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """What each voice may take under both."""
    return {**first, **{voice: codes & first.get(voice, codes) for voice, codes in second.items()}}


def free_harmony(problem: Problem) -> Syntax:
    """A syntax under which every choice may follow every other, and chords are held where they might be held."""
    assert problem.syntax is not None
    return Syntax(tuple(_free_layer(len(position.choices), bool((layer.choice == HOLD).any()))
                        for position, layer in zip(problem.positions, problem.syntax.layers, strict=True)))


def _free_layer(choices: int, holds: bool) -> Arcs:
    taken = np.array([*range(choices), *([HOLD] if holds else [])], dtype=np.int32)
    nowhere = np.zeros(len(taken), dtype=np.int32)
    return Arcs(nowhere, taken, nowhere, np.zeros(len(taken), dtype=np.int64), np.ones(len(taken)))


def less(problem: Problem, element: Element) -> Problem:
    """The problem without one demand; a range or chord lets go of the notes given to its voice there, and no others."""
    if element.kind == "harmony":
        return replace(problem, syntax=free_harmony(problem))
    place, voice = element.position, element.voice
    assert place is not None and voice is not None and element.kind != "rule"
    position = problem.positions[place]
    if element.kind in ("range", "chord"):
        position = replace(position, choices=tuple(_letting(choice, position, voice) for choice in position.choices))
    else:
        rest = frozenset(notes_asked_at(position, place)) - {element}
        position = _asking(position, place, rest)
    return replace(problem, positions=(*problem.positions[:place], position, *problem.positions[place + 1 :]))


def _letting(choice: Choice, position: Position, voice: int) -> Choice:
    """A choice with which a voice may sing whatever is given to it."""
    codes = position.given.get(voice, frozenset()) | choice.given.get(voice, frozenset())
    also = dict.fromkeys([*choice.slot.also, *((voice, code) for code in sorted(codes))])
    return replace(choice, slot=replace(choice.slot, also=tuple(also)))


def stretch_of(problem: Problem, start: int, stop: int) -> Problem:
    """The problem of some successive positions alone; a syntax may be in any of its states before them."""
    part = problem.part(start, stop)
    if problem.syntax is None:
        return part
    layers = problem.syntax.layers[start:stop]
    return replace(part, syntax=Syntax((_from_any_state(layers[0]), *layers[1:]) if start else layers))


def _from_any_state(layer: Arcs) -> Arcs:
    """The ways a syntax may take first, whatever came before; nothing can be held yet."""
    begins = np.flatnonzero(layer.choice != HOLD)
    _, first = np.unique(np.stack([layer.choice[begins], layer.target[begins]]), axis=1, return_index=True)
    rows = begins[np.sort(first)]
    return Arcs(np.zeros(len(rows), dtype=np.int32), layer.choice[rows], layer.target[rows], layer.price[rows],
                layer.weight[rows])


def may_be_held(problem: Problem, position: int) -> bool:
    """Whether the chord before may go on here."""
    return problem.syntax is not None and bool((problem.syntax.layers[position].choice == HOLD).any())
