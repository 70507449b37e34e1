"""Pairs of rules in conflict: chords of the grammar that cannot be connected, or voiced, because of two rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from theorygen.grammar.style import Style
from theorygen.solve.basics import is_basic
from theorygen.solve.conflict import NoSolution, explain_dead_end
from theorygen.verify.connections import Connections
from theorygen.verify.finding import Finding, Study, Subject
from theorygen.verify.rules_marks import mark_of, severity_of
from theorygen.verify.rules_places import Place, hard_and, places_of

_MOST_EXPLAINED = 24
"""Chords that cannot be are explained for so many different successions of numerals."""

_TWO = 2


@dataclass
class Conflict:
    """Rules that leave some chords no voicing together, though each alone does.

    Attributes:
        rules: their ids.
        explained: the plainest chords, and why they cannot be.
        places: all chords with these numerals that cannot be.
    """

    rules: tuple[str, ...]
    explained: NoSolution
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

    What is taken for granted (ranges, that voices sing the chord) is no part of a conflict.
    """
    rules = hard_and(style)
    basic = {rule.name for rule in rules.rules if is_basic(rule.rule)}
    found: dict[tuple[str, ...], Conflict] = {}
    known: dict[str, Conflict | None] = {}
    count = 0
    for place in dead_places(style, places):
        count += 1
        text = str(place)
        if text not in known and len(known) < _MOST_EXPLAINED:
            explained = explain_dead_end(place.problem(style, rules), len(place.positions) - 1)
            names = tuple(sorted(name for name in explained.rules if name not in basic))
            known[text] = found.setdefault(names, Conflict(names, explained))
        conflict = known.get(text)
        if conflict:
            conflict.places.append(place)
    return list(found.values()), count


def study(subject: Subject) -> Study:
    """Which two rules cannot both be kept, and where."""
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
    chords = dict.fromkeys(map(str, one.places))
    own = "warning" in (severity_of(style, first), severity_of(style, second))
    return Finding(
        "rules-in-conflict", "error" if own else "note", f"rules '{first}' and '{second}' cannot both be kept in '{place}': each alone "
        "leaves voicings, both together none", f"{first}, {second}", mark_of(style, first), tuple(marks),
        f"all voicings; {len(one.places):,} of {told}", str(one.explained),
        "give one of them an exception, or a weight", {"rules": [first, second], "chords": list(chords)})
