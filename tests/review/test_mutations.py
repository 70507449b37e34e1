"""One changed note in a faultless piece is reported as the one fault it makes, whatever else it brings with it."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from tests.review.faults import FOLLOWS, LABELS, faults_of, slips
from tests.review.pages import Page, composed
from theorygen.review.review import review
from theorygen.rules.rule_set import RuleSet, load_library, profile

SEEDS = (2, 4, 8, 11, 12, 13, 14, 16, 18, 20)
MOST = 8
"""Changes tried for each fault, spread over all that were found."""
LEAST_KINDS = 25


@cache
def strict() -> RuleSet:
    return RuleSet(profile("strict-textbook").hard)


@cache
def found() -> dict[str, list[Page]]:
    """Changed pages by the fault they have."""
    pages: dict[str, list[Page]] = defaultdict(list)
    for seed in SEEDS:
        for rule, page in slips(composed(seed)):
            pages[rule].append(page)
    return pages


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pieces_have_no_fault(seed: int) -> None:
    page = composed(seed)
    assert faults_of(page) == {}
    assert review(page.score, strict(), "strict-textbook").faults == ()


def test_many_kinds_of_fault_can_be_made() -> None:
    assert len(found()) >= LEAST_KINDS
    assert set(LABELS) <= set(load_library())
    assert set(FOLLOWS) | set().union(*FOLLOWS.values()) <= set(LABELS)


@pytest.mark.parametrize("rule", sorted(LABELS))
def test_a_slip_is_reported_under_its_rule_and_no_other(rule: str) -> None:
    pages = found().get(rule, [])
    if not pages:
        pytest.skip("no single note of these pieces makes this fault alone")
    for page in pages[:: -(-len(pages) // MOST)]:
        reported = review(page.altered(), strict(), "strict-textbook")
        assert {fault.rule.name for fault in reported.hard} == {rule}, page.notes


def test_what_follows_from_a_slip_is_told_under_it() -> None:
    """Somewhere among the changes a fault has consequences of other rules."""
    seen = set()
    for rule in FOLLOWS:
        for page in found().get(rule, [])[:MOST]:
            reported = review(page.altered(), strict(), "strict-textbook")
            seen |= {(rule, one.rule.name) for fault in reported.hard for one in reported.consequences(fault)}
    effects = {effect for cause, effect in seen if cause == "no-double-leading-tone"}
    assert {"parallel-unison-octave", "inverted-chord-complete"} <= effects
    assert len({effect for _, effect in seen}) > 8
