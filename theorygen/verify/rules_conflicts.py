"""Pairs of rules in conflict: chords of the grammar that cannot be connected, or voiced, because of two rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from theorygen.grammar.style import Style
from theorygen.solve.basics import is_basic
from theorygen.solve.conflict_search import fails
from theorygen.solve.minimal import Trials
from theorygen.verify.connections import Connections
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.rules_lone import LoneFaults
from theorygen.verify.rules_marks import mark_of, severity_of
from theorygen.verify.rules_places import Place, hard_and, is_base, places_of

_MOST_EXPLAINED = 100
"""Chords that cannot be are explained for so many different successions of numerals."""

_TWO = 2


@dataclass
class Conflict:
    """Rules that leave some chords no voicing together, though they do if any one of them goes.

    Attributes:
        rules: their ids.
        places: all chords found with these numerals, the plainest first.
    """

    rules: tuple[str, ...]
    places: list[Place] = field(default_factory=list)


def dead_places(style: Style, places: Iterable[Place]) -> Iterator[Place]:
    """The chords, one or two of them, that no voicings connect, or that have none; the plainest first."""
    assert style.ensemble is not None
    connections = Connections(hard_and(style), style.ensemble)
    asked = [(place, [position.choices[0] for position in place.positions]) for place in places]
    connections.prepare(choice for _, choices in asked for choice in choices)
    sides = [(connections.side(before, "before"), connections.side(after, "after")) for _, (before, after) in asked]
    counts = connections.count(sides)
    silent: set[int] = set()
    for (place, choices), pair in zip(asked, sides, strict=True):
        unsung = [index for index, choice in enumerate(choices) if not connections.voicings(choice)]
        if not unsung and not counts[pair]:
            yield place
        for index in unsung:
            number = connections.side(choices[index], "before")
            if number not in silent:
                silent.add(number)
                yield Place((place.positions[index],), place.origin)


def conflicts(style: Style, places: Iterable[Place]) -> tuple[list[Conflict], int]:
    """The conflicts behind chords that cannot be, by the rules that take part; and how many places there are.

    What is taken for granted (`theorygen.solve.basics`) is always asked, and no part of a conflict.
    """
    found: dict[tuple[str, ...], Conflict] = {}
    known: dict[str, Conflict] = {}
    count = 0
    for place in dead_places(style, places):
        count += 1
        text = f"{place.key.mode} {str(place).partition(': ')[2]}"
        if text not in known and len(known) < _MOST_EXPLAINED:
            names = tuple(sorted(minimal_conflict(style, place)))
            known[text] = found.setdefault(names, Conflict(names))
        if text in known:
            known[text].places.append(place)
    return list(found.values()), count


def minimal_conflict(style: Style, place: Place) -> list[str]:
    """Hard rules that leave chords no voicing beside what is taken for granted, none of which can go; ids."""
    hard = hard_and(style)
    basic = {rule.name for rule in hard.rules if is_basic(rule.rule)}
    others = [name for name in dict.fromkeys(rule.name for rule in hard.rules) if name not in basic]
    trials: Trials[str] = Trials(lambda names: fails(place.problem(style, hard.only(names | basic))))
    return trials.minimal(others)


def study(subject: Subject) -> Study:
    """Which two rules cannot both be kept, and where."""
    if is_base(subject.style):
        return Study("conflicts", "Which rules contradict each other?", bound="the style is only a base for others")
    places = places_of(subject)
    found, count = conflicts(subject.style, places.pairs)
    pairs = [one for one in found if len(one.rules) == _TWO]
    facts = {"pairs of chords": len(places.pairs), "that cannot be": count, "pairs of rules in conflict": len(pairs)}
    return Study("conflicts", "Which rules contradict each other?", facts,
                 tuple(_finding(subject.style, one, places.told) for one in pairs), places.bound)


def _finding(style: Style, one: Conflict, told: str) -> Finding:
    """Two rules that cannot both be kept somewhere: an error where the style made them, else known with the chords."""
    first, second = one.rules
    place = one.places[0]
    marks = [mark for mark in (mark_of(style, second), *place.marks) if mark]
    own = "warning" in (severity_of(style, first), severity_of(style, second))
    message = (f"rules '{first}' and '{second}' cannot both be kept in '{place}': each alone leaves voicings, both "
               "together none")
    return Finding(
        "rules-in-conflict", "error" if own else "note", message, f"{first}, {second}", mark_of(style, first),
        tuple(marks), f"all voicings; {len(one.places):,} of {told}", _example(style, one),
        "give one of them an exception, or a weight",
        {"rules": [first, second], "chords": list(dict.fromkeys(map(str, one.places)))})


def _example(style: Style, one: Conflict) -> str:
    """For each rule the chords as they can be if it is given up."""
    lines = []
    for name in one.rules:
        hard = hard_and(style).rules
        broken = [rule for rule in hard if rule.name == name]
        fault = LoneFaults(style, broken, [rule for rule in hard if rule.name != name]).first(one.places[:1])
        if fault:
            lines.append(f"without {name}: {fault.text(style)}")
    return "\n".join(lines)
