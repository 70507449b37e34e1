"""Every rule of the library against its own examples."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from theorygen.rules.check import check
from theorygen.rules.coverage import load_elsewhere
from theorygen.rules.examples import verdicts, wrong_examples
from theorygen.rules.rule import Exemption, Rule
from theorygen.rules.rule_set import RuleSet, library_documents, load_library, load_profiles, profile
from theorygen.score.text_notation import parse_text_score

LIBRARY = load_library()
RULES = [pytest.param(rule, id=name) for name, rule in LIBRARY.items()]
FULL = 4
EXEMPTIONS = [(rule, one) for rule in LIBRARY.values() for one in rule.unless]
IMPLIED = yaml.safe_load((Path(__file__).parent / "implied.yaml").read_text(encoding="utf-8"))


def cases(kind: str) -> list:
    """One parameter for each example of a kind, and of the exceptions' examples of that kind."""
    found = []
    for name, rule in LIBRARY.items():
        texts = [*getattr(rule, kind), *(text for one in rule.unless for text in getattr(one, kind))]
        found += [pytest.param(rule, text, id=f"{name}-{number}") for number, text in enumerate(texts, 1)]
    return found


def exemption_cases() -> list:
    """One parameter for each example that an exception saves."""
    return [pytest.param(rule, one, text, id=f"{rule.name}-{one.name}-{number}")
            for rule, one in EXEMPTIONS for number, text in enumerate(one.good, 1)]


@cache
def strict(passages: bool) -> RuleSet:
    """What strict-textbook forbids: in passages, or in all other windows."""
    return RuleSet(tuple(rule for rule in profile("strict-textbook").hard if bool(rule.rule.passage) == passages))


def test_no_id_is_written_twice() -> None:
    written = [name for document in library_documents() for name in document.data]
    assert sorted(written) == sorted(set(written))


@pytest.mark.parametrize(("rule", "text"), cases("bad"))
def test_a_bad_example_breaks_its_rule(rule: Rule, text: str) -> None:
    found = verdicts(rule, text)
    assert found
    assert all("{" not in one.message for one in found)


@pytest.mark.parametrize(("rule", "text"), cases("good"))
def test_a_good_example_keeps_its_rule(rule: Rule, text: str) -> None:
    assert [str(one) for one in verdicts(rule, text)] == []


@pytest.mark.parametrize(("rule", "exemption", "text"), exemption_cases())
def test_an_exception_is_what_saves_its_example(rule: Rule, exemption: Exemption, text: str) -> None:
    bare = replace(rule, unless=tuple(one for one in rule.unless if one is not exemption))
    assert verdicts(bare, text)


@pytest.mark.parametrize("rule", RULES)
def test_all_examples_of_a_rule_show_what_they_should(rule: Rule) -> None:
    assert list(wrong_examples(rule)) == []


def test_wrong_examples_are_found() -> None:
    rule = LIBRARY["parallel-fifths"]
    swapped = replace(rule, good=rule.bad[:1], bad=(*rule.good[:1], "S: H4"), unless=())
    found = list(wrong_examples(swapped))
    assert [one.path for one in found] == [("good", 0), ("bad", 0), ("bad", 1)]
    assert found[-1].position == 3


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_documented(rule: Rule) -> None:
    missing = [name for name in ("message", "because", "source", "good", "bad") if not getattr(rule, name)]
    missing += [name for name in ("title", "category") if not rule.details.get(name)]
    missing += [f"an example for {one.name}" for one in rule.unless if not one.good]
    assert missing == []


@pytest.mark.parametrize("rule", RULES)
def test_strengths_name_known_profiles(rule: Rule) -> None:
    assert rule.strength
    assert set(rule.strength) <= set(load_profiles())
    assert not (rule.cost and "hard" in rule.strength.values()), "a graded rule has a weight"


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_an_example_breaks_no_other_hard_rule_unless_listed(kind: str) -> None:
    """Examples teach one thing. What else strict-textbook forbids in one for four voices stands in implied.yaml.

    Fragments for fewer voices are no complete writing and are left alone.
    """
    unlisted = {}
    for case in cases(kind):
        rule, text = case.values
        score = parse_text_score(text)
        if len(score.pitched_voices) < FULL:
            continue
        found = {one.rule for one in check(score, strict(passages=False))}
        extra = found - {rule.name} - set(IMPLIED[kind].get(rule.name, {}))
        if extra:
            unlisted[text] = (rule.name, sorted(extra))
    assert unlisted == {}


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_an_example_of_a_passage_breaks_no_other_rule_over_passages_unless_listed(kind: str) -> None:
    """Examples of rules over phrases and pieces are whole phrases, however few their voices; others are fragments."""
    unlisted = {}
    for case in cases(kind):
        rule, text = case.values
        if not rule.passage:
            continue
        found = {one.rule for one in check(parse_text_score(text), strict(passages=True))}
        extra = found - {rule.name} - set(IMPLIED[kind].get(rule.name, {}))
        if extra:
            unlisted[text] = (rule.name, sorted(extra))
    assert unlisted == {}


def test_what_is_listed_as_implied_exists() -> None:
    for section in IMPLIED.values():
        for name, others in section.items():
            assert {name, *others} <= set(LIBRARY)


def test_laws_that_are_no_rules_say_where_they_hold() -> None:
    assert not set(load_elsewhere()) & set(LIBRARY)
    for entry in load_elsewhere().values():
        assert set(entry) == {"where", "why"} and all(entry.values())
