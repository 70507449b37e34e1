"""Reviews as JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.review.junit import junit_xml


@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY])
def test_a_rule_is_a_case_and_fails_where_it_is_broken(text: str) -> None:
    review = reviewed(text)
    (suite,) = ElementTree.fromstring(junit_xml([review]))
    cases = {case.get("name"): case for case in suite}
    assert list(cases) == [rule.name for rule in review.rules.rules]
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failed == {fault.rule.name for fault in review.hard}
    assert (suite.get("tests"), suite.get("failures")) == (str(len(cases)), str(len(failed)))


def test_a_failure_names_all_places_and_what_they_lead_to() -> None:
    (suite,) = ElementTree.fromstring(junit_xml([reviewed(DOUBLED)]))
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "Doubled leading tone: 1 place"
    lines = (failure.text or "").splitlines()
    assert lines[0].startswith("Doubled leading tone: soprano and tenor, measure 1, beat 2")
    assert any("leads to: Parallel unisons and octaves" in line for line in lines[1:])


def test_several_scores_are_several_suites() -> None:
    root = ElementTree.fromstring(junit_xml([reviewed(CLEAN, "a\x00b.txt"), reviewed(DOUBLED, "c.txt")]))
    assert [suite.get("name") for suite in root] == ["a\N{REPLACEMENT CHARACTER}b.txt", "c.txt"]
    assert root.get("failures") == "1"
