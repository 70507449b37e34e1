"""Counts against an independent implementation of the rule catalogue, for the progressions where the readings agree.

The counts are those of the catalogue's own counting program: strict profile, block chords, leaps in the three upper
voices up to a fifth, no seventh in the bass, diminished leaps forbidden there too, no weighted rules.
"""

from __future__ import annotations

import pytest

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library, profile
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve import answers
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.theory import Key, RomanNumeral

HARDER = ("melodic-no-large-leap-upper", "melodic-no-seventh-bass", "melodic-diminished-resolves-upper")


@pytest.mark.parametrize(("key", "progression", "count"), [
    ("C", "I IV V I", 2_198),
    ("C", "I V6 I IV ii6 V I", 1_880_791),
    ("a", "i iv6 V", 404),
    ("a", "i N6 V7 i", 898),
    ("a", "i iv6 Ger65 V", 0),
])
def test_counts_agree_with_the_catalogue(key: str, progression: str, count: int) -> None:
    library = load_library()
    rules = list(profile("strict-textbook").on(("skeleton", "attacks")).hard)
    rules += [ActiveRule(library[name], True) for name in HARDER]
    home = Key.parse(key)
    texts = progression.split()
    positions = tuple(Position((Choice(Slot(RomanNumeral.parse(text, home), strength=3, first=index == 0,
                                            last=index == len(texts) - 1, opening=index == 0,
                                            final=index == len(texts) - 1)),)) for index, text in enumerate(texts))
    assert answers.count(Problem(positions, RuleSet(tuple(rules)), Ensemble.named("satb"))) == count
