"""Places where rules may meet: pairs of chords that a grammar can put side by side, as small problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from theorygen.compose.composition import solved_rules
from theorygen.grammar.style import Style
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Slot
from theorygen.solve.problem import Position, Problem, canonical
from theorygen.source.marks import Mark
from theorygen.theory import Key
from theorygen.verify.finding import Bounds, Subject
from theorygen.verify.neighbours import Neighbours, neighbours
from theorygen.verify.rules_pieces import plans_of

TURN = 3
"""Chords that the widest windows of solved rules look at."""

_MOST_CHOICES = 4
"""Ways to choose open chords of a stretch that are looked at."""


@dataclass(frozen=True, eq=False)
class Place:
    """Successive chords, each one known, of which the grammar can make a piece.

    Attributes:
        positions: the chords with what is asked of their voices.
        origin: the neighbours of the grammar they are, or None.
    """

    positions: tuple[Position, ...]
    origin: Neighbours | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Where the chords are written, as far as it is known."""
        return self.origin.marks if self.origin else ()

    def problem(self, style: Style, rules: RuleSet) -> Problem:
        """The chords to be voiced under some rules."""
        assert style.ensemble is not None
        first, last = (self.positions[index].choices[0].slot for index in (0, -1))
        return Problem(self.positions, rules, style.ensemble, not first.first, not last.last)

    @property
    def key(self) -> Key:
        """Key of the first chord."""
        chord = self.positions[0].choices[0].slot.chord
        assert chord is not None
        return chord.key

    def __str__(self) -> str:
        chords = [position.choices[0].slot.chord for position in self.positions]
        words = [f"in {self.key}:"]
        for before, chord in zip([chords[0], *chords], chords, strict=False):
            assert before is not None and chord is not None
            words += [] if chord.key == before.key else [f"{chord.key}:"]
            words.append(chord.text)
        return " ".join(words)


@dataclass(frozen=True, eq=False)
class Places:
    """The pairs of chords of a subject.

    Attributes:
        pairs: in every key, the plainest first.
        told: how many there are, in words.
        is_complete: whether they are all that the grammar can make.
    """

    pairs: tuple[Place, ...]
    told: str
    is_complete: bool

    @property
    def bound(self) -> str:
        """What was not looked at, "" for nothing."""
        return "" if self.is_complete else self.told


def places_of(subject: Subject) -> Places:
    """The pairs of chords that pieces of a subject can have; found once."""
    return _places(subject.style, tuple(sorted(subject.given.items())), subject.bounds)


@lru_cache(maxsize=4)
def _places(style: Style, given: tuple[tuple[str, Any], ...], bounds: Bounds) -> Places:
    found = neighbours(Subject(style, bounds, dict(given)), solved_rules(style).names, given=False)
    pairs = sorted(distinct(style, _in_keys(style, found.pairs)), key=plainness)
    keys = len({place.key for place in pairs})
    said = f", of {found.told}" if found.told else ""
    return Places(tuple(pairs), f"{len(pairs):,} pairs of chords in {keys} keys{said}", not found.told)


def _in_keys(style: Style, found: Iterable[Neighbours]) -> Iterator[Place]:
    """Neighbours in every key of the style, each chord known."""
    for one in found:
        assert one.after is not None
        for home in style.keys[one.mode]:
            after = one.after.choices(home)
            for before in one.before.choices(home):
                yield from (Place((Position((before,)), Position((choice,))), one) for choice in after)


def _chosen(positions: Sequence[Position]) -> Iterator[Place]:
    """Positions with one choice each, in all ways."""
    if not positions:
        yield Place(())
        return
    for choice in positions[0].choices:
        single = replace(positions[0], choices=(replace(choice, weight=1.0, origin=None),))
        for rest in _chosen(positions[1:]):
            yield Place((single, *rest.positions))


def single(position: Position) -> Position:
    """A position with the first of its chords alone."""
    return replace(position, choices=(replace(position.choices[0], weight=1.0, origin=None),))


def distinct(style: Style, places: Iterable[Place], names: frozenset[str] | None = None) -> list[Place]:
    """Places that rules, or what is asked of voices, tell apart.

    Args:
        style: the style.
        places: the places.
        names: fields that the rules read; None for all rules of the style that are solved.
    """
    names = solved_rules(style).names if names is None else names
    seen: dict[int, Slot] = {}
    found: dict[Any, Place] = {}
    for place in list(places):  # all are kept while objects stand for slots
        key = []
        for position in place.positions:
            slot = position.choices[0].slot
            if id(slot) not in seen:
                seen[id(slot)] = canonical(slot, names)
            key += [seen[id(slot)], _degrees(position)]
        found.setdefault(tuple(key), place)
    return list(found.values())


def _degrees(position: Position) -> tuple[Any, ...]:
    asked = [one.degrees for one in (position, position.choices[0])]
    return tuple(tuple(sorted(some.items(), key=itemgetter(0))) for some in asked) if any(asked) else ()


def plainness(place: Place) -> tuple[Any, ...]:
    """The plainest key first: fewest accidentals, sharps before flats, major before minor; then the simplest chords."""
    slots = [position.choices[0].slot for position in place.positions]
    chords = [slot.chord for slot in slots if slot.chord]
    key = place.key
    return (len({chord.key for chord in chords}), abs(key.signature), key.signature < 0, key.is_minor,
            sum(len(chord.members) + 3 * bool(chord.applied_to) for chord in chords), str(place),
            [(-slot.strength, slot.first, slot.last, slot.cadence, slot.region) for slot in slots])


def hard_and(style: Style, more: Iterable[ActiveRule] = ()) -> RuleSet:
    """The hard rules of a style that are kept while composing, and some more; rules that only cost take no part."""
    return RuleSet((*solved_rules(style).hard, *more))


def stretches_of(subject: Subject) -> tuple[Place, ...]:
    """Stretches of three chords, and whole phrases that are not too long, of the pieces of a subject."""
    return _stretches(subject.style, tuple(sorted(subject.given.items())), subject.bounds)


@lru_cache(maxsize=4)
def _stretches(style: Style, given: tuple[tuple[str, Any], ...], bounds: Bounds) -> tuple[Place, ...]:
    found = [place for problem in plans_of(Subject(style, bounds, dict(given)))
             for start, stop in _bounds_of(problem, bounds.chords)
             for place in islice(_chosen(problem.positions[start:stop]), _MOST_CHOICES)]
    return tuple(sorted(distinct(style, found), key=lambda place: (len(place.positions), plainness(place))))


def _bounds_of(problem: Problem, most: int) -> Iterator[tuple[int, int]]:
    """Where stretches of three chords in one phrase begin and end, and phrases."""
    count = len(problem.positions)
    starts = [index for index, position in enumerate(problem.positions) if not index or position.starts_phrase]
    for start, stop in zip(starts, [*starts[1:], count], strict=True):
        yield from ((index, index + TURN) for index in range(start, stop - TURN + 1))
        if TURN < stop - start <= most:
            yield start, stop


def is_base(style: Style) -> bool:
    """Whether a style is only a base for others: without a form, a harmony or voices there are no pieces."""
    return style.form is None or style.harmony is None or style.ensemble is None
