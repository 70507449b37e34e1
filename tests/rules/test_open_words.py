"""Names of voices, regions and numerals in rules."""

from __future__ import annotations

import pytest

from tests.rules.test_rule_set import broken, resolved
from theorygen.rules.open_words import unknown_words

VOICES = ("soprano", "alto", "cello")

WORDS = [
    ("a voice", "forbid: voice == sopranno", [("sopranno", "soprano")]),
    ("a voice of another ensemble", "forbid: voice == cello", []),
    ("one told once", "forbid: 'voice == sopranno or voice in (sopranno, alto)'", [("sopranno", "soprano")]),
    ("a guard", "when: voice == altoo, forbid: is_top", [("altoo", "alto")]),
    ("an exception", "forbid: is_top, unless: {low: voice == xyzzy}", [("xyzzy", None)]),
    ("a region", "forbid: place.region == sequense", [("sequense", "sequence")]),
    ("no region", "forbid: place.region == none", []),
    ("a numeral", "forbid: chord.numeral == 'V65/V'", []),
]


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(*one[1:], id=one[0]) for one in WORDS])
def test_names_that_name_nothing_are_found(text: str, wanted: list[tuple[str, str | None]]) -> None:
    rules = resolved(f"own: {{over: note, {text}}}")
    found = [(word, near) for _, word, near in unknown_words(rules, VOICES, ["sequence"])]
    assert found == wanted


def test_regions_of_patches_count() -> None:
    rules = resolved("parallel-fifths: {weight: 2, regions: {sequense: off}}")
    assert [(rule.name, word) for rule, word, _ in unknown_words(rules, VOICES, ["sequence"])] == [
        ("parallel-fifths", "sequense")]


@pytest.mark.parametrize("text", ["viiø7", "vii\u00f87", "viio7", "V65/V"])
def test_a_numeral_may_be_spelled_in_every_way(text: str) -> None:
    rules = resolved(f"own: {{over: note, forbid: chord.numeral == '{text}'}}")
    assert broken(f"in C: {text} | S: B4", rules)
