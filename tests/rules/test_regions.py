"""Regions: what rules are free from in a sequence or over a pedal, until a style says otherwise."""

from __future__ import annotations

import pytest

from tests.rules.test_rule_set import broken, resolved
from theorygen.rules.expression import BOOLEAN, parse_expression
from theorygen.rules.rule_set import ALWAYS, load_library, load_profiles, load_regions, profile, region_condition

FREE = [pytest.param(region, name, where, id=f"{region}-{name}")
        for region, entry in load_regions().items() for name, where in entry["free-from"].items()]
DIMINISHED = "in C: viio | S: F4 | A: D4 | T: D3 | B: B2"


def names(text: str, rules) -> set[str]:
    """Ids of the rules a score breaks."""
    return {rule for rule, _, _ in broken(text, rules)}


@pytest.mark.parametrize(("region", "name", "where"), FREE)
def test_a_rule_that_is_lifted_sees_regions(region: str, name: str, where: str) -> None:
    rule = load_library()[name]
    assert region_condition(rule, region)
    if where != ALWAYS:
        parse_expression(where, rule.scope, BOOLEAN)


def test_regions_are_documented() -> None:
    assert all(entry["title"] and entry["about"] and entry["source"] for entry in load_regions().values())


@pytest.mark.parametrize("name", [name for name in load_profiles() if "viio-first-inversion" in
                                  {rule.name for rule in profile(name).rules}])
def test_a_sequence_lifts_a_rule_in_every_profile(name: str) -> None:
    assert "viio-first-inversion" in names(DIMINISHED, profile(name))
    assert "viio-first-inversion" not in names(f"{DIMINISHED} | region: sequence@0-1", profile(name))
    assert "viio-first-inversion" in names(f"{DIMINISHED} | region: codetta@0-1", profile(name))


def test_a_condition_lifts_a_rule_only_there() -> None:
    foreign = "in C: I V7 I | S: C5 B4 C5 | A: E4 {} E4 | B: C3 C3 C3 | region: pedal@0-3"
    assert "chord-tones-only" not in names(foreign.format("F4"), profile("strict-textbook"))
    assert "chord-tones-only" in names(foreign.format("A4"), profile("strict-textbook"))


def test_a_style_may_say_otherwise() -> None:
    text = f"{DIMINISHED} | region: sequence@0-1"
    kept = resolved("use: [strict-textbook]\nviio-first-inversion: {regions: {sequence: 7}}")
    assert ("viio-first-inversion", False, 7_000) in broken(text, kept)
    stronger = resolved("use: [strict-textbook]\nviio-first-inversion: hard")
    assert "viio-first-inversion" not in names(text, stronger), "a strength says nothing of regions"
