"""Sections that are still to come fit the language: rules of species counterpoint and jazz, without new machinery."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorygen.rules.coverage import owner
from theorygen.rules.examples import wrong_examples
from theorygen.rules.reading import read_rule
from theorygen.source.diagnostic import Diagnostics
from theorygen.source.document import load_document

DOCUMENT = load_document(str(Path(__file__).parent / "later_sections.yaml"))


@pytest.mark.parametrize("name", DOCUMENT.data)
def test_a_rule_of_a_later_section_can_be_written_and_keeps_its_examples(name: str) -> None:
    found = Diagnostics()
    rule = read_rule(name, DOCUMENT.data[name], DOCUMENT, (name,), found)
    assert [str(one) for one in found] == []
    assert rule is not None and rule.good and rule.bad
    assert [str(one) for one in wrong_examples(rule)] == []
    assert owner(name)
