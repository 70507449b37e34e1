"""Tallies: how often rules are broken, out of how often they could have been."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.rules.check import check
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library, profile
from theorygen.rules.tally import Tally, tally
from theorygen.score.text_notation import parse_text_score

TEXTS = [
    "in C: I V I IV V I I V I(PAC) | S: C5 B4 C5 C5 D5 E5 E5 D5 C5 | A: G4 D4 E4 A4 B4 C5 G4 G4 G4 "
    "| T: E4 B3 C4 F4 G4 G4 C4 B3 E4 | B: C3 G3 C3 F3 G3 C4 C3 G3 C3",
    "in a: i*2 V*2 // VI*2 iv V i*2 | S: A4 G4*1/2 F4*1/2 E4*2 C5 B4*1/2 A4*1/2 A4 G#4 A4*2 "
    "| A: E4*2 B3*2 E4*2 D4 B3 C4*2 | T: C4*2 G#3*2 A3*2 A3 E4 E4*2 | B: A3 B3 E3*2 F3*2 D3 E3 A2*2",
    "S: G4 r A4 B4 C5 | A: E4 E4 r G4 G4 | B: C4 C4 D4*2 E4",
    "S: C5 D5 | A: G4 A4",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("rules", ["strict-textbook", "bach-chorale", "ap-marking", "keyboard-figured-bass"])
def test_a_tally_counts_what_the_checker_finds(text: str, rules: str) -> None:
    score, chosen = parse_text_score(text), profile(rules)
    found = check(score, chosen)
    counts, costs = Counter(one.rule for one in found), Counter[str]()
    for one in found:
        costs[one.rule] += one.cost
    told = tally(score, chosen)
    assert {name: one.violations for name, one in told.items() if one.violations} == counts
    assert {name: one.cost for name, one in told.items() if one.cost} == +costs


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_broken_could_be_broken(text: str) -> None:
    library = [rule for rule in load_library().values() if rule.solved]
    rules = RuleSet(tuple(ActiveRule(rule, not rule.cost, 1000) for rule in library))
    for name, one in tally(parse_text_score(text), rules).items():
        assert one.violations <= one.opportunities, name


OUT_OF = [
    ("pairs that move", "parallel-fifths",
     "in C: I ii I | S: C5 A4 G4 | A: G4 F4 E4 | T: G3 A3 C4 | B: C3 D3 C3", 12, 2),
    ("only pairs that move", "parallel-fifths", "S: G4 G4 A4 | B: C4 B3 D4", 1, 0),
    ("the same arrival on two grids", "parallel-fifths", "in C: I ii | S: G4 A4 | B: C4 D4", 1, 1),
    ("chords with a leading tone", "no-double-leading-tone",
     "in C: I V V | S: C5 D5 B4 | A: G4 B4 B4 | T: E4 G4 D4 | B: C3 G3 G3", 2, 1),
    ("every note", "range-soprano", "S: C5 A5 C5 | B: C3 C3 C3", 3, 1),
    ("attacks of a line", "no-excess-repetition", "S: C5 C5 C5 C5 | B: C3 D3 E3 F3", 8, 1),
    ("no chord, no chance", "third-required", "S: C5 D5 | B: C4 D4", 0, 0),
]


@pytest.mark.parametrize(("name", "rule", "text", "judged", "broken"), OUT_OF, ids=[row[0] for row in OUT_OF])
def test_opportunities(name: str, rule: str, text: str, judged: int, broken: int) -> None:
    active = ActiveRule(load_library()[rule], True)
    assert tally(parse_text_score(text), RuleSet((active,)))[rule] == Tally(judged, broken)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["I", "IV", "V", "vi"]), min_size=2, max_size=6))
def test_a_score_twice_is_twice_its_tally(chords: list[str]) -> None:
    """Two phrases with the same chords and a rest between them count twice, for rules that see one slot."""
    notes = {"I": "C5 G4 E4 C3", "IV": "C5 A4 F4 F3", "V": "D5 B4 G4 G3", "vi": "C5 A4 E4 A3"}
    lines = list(zip(*(notes[chord].split() for chord in chords), strict=True))

    def score(times: int) -> str:
        harmony = " // ".join([" ".join(chords)] * times)
        voices = [f"{label}: {' '.join([' '.join(line)] * times)}" for label, line in zip("SATB", lines, strict=True)]
        return " | ".join([f"in C: {harmony}", *voices])

    rules = profile("strict-textbook").only(["tessitura-centre", "double-root-position-root", "unison-adjacent"])
    once, twice = tally(parse_text_score(score(1)), rules), tally(parse_text_score(score(2)), rules)
    last = {"unison-adjacent"}      # judged otherwise at the end of a phrase, and both have such ends
    assert {name: one + one for name, one in once.items() if name not in last} == {
        name: one for name, one in twice.items() if name not in last}
