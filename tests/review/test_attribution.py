"""Causes of violations: the table, and what it makes of faults that come together."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorygen.review.attribution import SHARING, Link, causes_of, load_causes
from theorygen.rules.check import Violation, VoicedNote
from theorygen.rules.rule_set import load_library
from theorygen.score.location import Location
from theorygen.theory import Pitch


def test_the_table_names_rules_and_categories() -> None:
    library = load_library()
    known = {*library, *(rule.details["category"] for rule in library.values())}
    for link in load_causes():
        assert {*link.causes, *link.effects} <= known
        assert link.sharing in SHARING and link.because


def test_no_entry_is_shadowed_by_an_earlier_one() -> None:
    """Each entry can decide something that the entries before it leave open."""
    def covers(earlier: Link, later: Link) -> bool:
        same = earlier.sharing == later.sharing or (earlier.sharing, later.sharing) == ("note", "all-notes")
        return same and set(later.causes) <= set(earlier.causes) and set(later.effects) <= set(earlier.effects)

    links = load_causes()
    assert not [(one, other) for index, one in enumerate(links) for other in links[:index] if covers(other, one)]


def violation(rule: str, notes: str, hard: bool = True, onset: int = 0) -> Violation:
    """A violation about some notes, written as voice, onset and pitch: "soprano@1:B4"."""
    found = []
    for word in notes.split():
        voice, _, rest = word.partition("@")
        time, _, pitch = rest.partition(":")
        found.append(VoicedNote(voice, Fraction(time), Pitch.parse(pitch)))
    onsets = tuple(sorted({note.onset for note in found})) or (Fraction(onset),)
    cost = 0 if hard else 25_000
    return Violation(rule, hard, cost, Location(1, Fraction(1)), (0,), rule, "", "skeleton", onsets, tuple(found))


LEADING = violation("no-double-leading-tone", "soprano@1:B4 tenor@1:B3")
OCTAVES = violation("parallel-unison-octave", "soprano@1:B4 tenor@1:B3 soprano@2:C5 tenor@2:C4")
OTHERS = violation("parallel-unison-octave", "alto@1:G4 bass@1:G3 alto@2:A4 bass@2:A3")
FALLS = violation("leading-tone-inner-resolves", "tenor@1:B3 tenor@2:E3")
WRONG = violation("chord-tones-only", "tenor@1:B3")
SOFT_WRONG = violation("chord-tones-only", "tenor@1:B3", hard=False)
REMARK = violation("double-root-position-root", "soprano@1:B4 tenor@1:B3", hard=False)
SOFT_CAUSE = violation("third-required", "alto@1:G4 tenor@1:B3", hard=False)

ROWS = [
    ("octaves of a doubled leading tone", [LEADING, OCTAVES], [None, 0]),
    ("whatever the order", [OCTAVES, LEADING], [1, None]),
    ("octaves elsewhere", [LEADING, OTHERS], [None, None]),
    ("one of two that goes elsewhere", [LEADING, FALLS], [None, 0]),
    ("a wrong note explains all it takes part in", [WRONG, LEADING, OCTAVES, FALLS], [None, 0, 0, 0]),
    ("but not what others do", [WRONG, OTHERS], [None, None]),
    ("a chain", [LEADING, OCTAVES, REMARK], [None, 0, 0]),
    ("what costs explains what costs", [SOFT_CAUSE, REMARK], [None, 0]),
    ("and never what is forbidden", [SOFT_WRONG, LEADING], [None, None]),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("name", "violations", "causes"), ROWS, ids=[row[0] for row in ROWS])
def test_causes(name: str, violations: list[Violation], causes: list[int | None]) -> None:
    library = load_library()
    categories = {one.rule: library[one.rule].details["category"] for one in violations}
    assert causes_of(violations, categories) == causes
