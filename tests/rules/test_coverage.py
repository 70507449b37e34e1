"""The catalogue: every id is defined or says where it lives, and every rule belongs to one."""

from __future__ import annotations

from collections import Counter

import pytest

from theorygen.rules.closes import cadence_kinds
from theorygen.rules.coverage import (
    ELSEWHERE,
    KIND,
    LATER,
    MISSING,
    RULE,
    coverage,
    load_catalogue,
    load_elsewhere,
    owner,
)
from theorygen.rules.embellishments import embellishment_kinds
from theorygen.rules.rule_set import load_library

IDS = [name for section in load_catalogue().values() for name in section["ids"]]
SIZES = {"1": 14, "2": 15, "3": 16, "4": 25, "5": 22, "6": 22, "7": 22, "8": 17, "9": 33, "10": 27, "11": 38, "12": 17,
         "13": 18, "14": 23, "15": 9}


def test_the_catalogue_is_whole() -> None:
    assert {number: len(section["ids"]) for number, section in load_catalogue().items()} == SIZES
    assert sum(SIZES.values()) == 318


def test_nothing_is_listed_twice() -> None:
    assert [name for name, count in Counter(IDS).items() if count > 1] == []
    defined = [*load_library(), *load_elsewhere(), *(kind.name for kind in embellishment_kinds())]
    assert [name for name, count in Counter(defined).items() if count > 1] == []


def test_every_id_of_a_section_that_is_there_is_defined_or_says_where_it_lives() -> None:
    assert [one.id for one in coverage() if one.state == MISSING] == []
    assert {one.section for one in coverage() if one.state == LATER} <= {"11", "12", "14"}


@pytest.mark.parametrize("name", load_library())
def test_a_rule_belongs_to_an_id(name: str) -> None:
    part_of = load_library()[name].details.get("part-of", "")
    assert owner(name, part_of), "give the rule a name that begins with an id of the catalogue, or 'part-of: id'"
    assert part_of in ("", *IDS)
    assert not part_of or owner(name) != part_of, "its name says so already"


@pytest.mark.parametrize("name", load_elsewhere())
def test_a_law_elsewhere_belongs_to_an_id(name: str) -> None:
    assert owner(name)


def test_a_kind_belongs_to_an_id_or_ids_are_named_after_it() -> None:
    homeless = [kind.name for kind in embellishment_kinds() if not owner(kind.name)]
    assert [name for name in homeless if not any(one.startswith(name.split("-")[0]) for one in IDS)] == []


@pytest.mark.parametrize(("name", "part_of", "wanted"), [
    ("parallel-fifths", "", "parallel-fifths"),
    ("melodic-no-seventh-bass", "", "melodic-no-seventh"),
    ("cadential-64-resolution-sixth", "", "cadential-64"),
    ("six-four-upper-voices", "six-four-no-approach-leap", "six-four-no-approach-leap"),
    ("parallel-fifthss", "", None),
    ("house-rule", "", None),
])
def test_whose_part_a_rule_is(name: str, part_of: str, wanted: str | None) -> None:
    assert owner(name, part_of) == wanted


def test_states_say_what_is_there() -> None:
    found = {one.id: one for one in coverage()}
    fifths = found["parallel-fifths"]
    assert (fifths.state, fifths.section, fifths.where) == (RULE, "5", "motion")
    assert fifths.rules[0].name == "parallel-fifths" and {rule.name for rule in fifths.rules[1:]}
    assert fifths.strength("strict-textbook") == "hard" != fifths.strength("no such profile")
    assert fifths.examples > len(fifths.rules)
    assert (found["givens-preserved"].state, found["givens-preserved"].rules) == (ELSEWHERE, ())
    assert found["givens-preserved"].where and found["givens-preserved"].why
    assert (found["escape-tone"].state, found["escape-tone"].examples > 1) == (KIND, True)
    assert found["cp1-consonance"].state == LATER and not found["cp1-consonance"].strength("strict-textbook")


def test_cadences_of_the_catalogue_are_rules_and_kinds() -> None:
    """Labels are judged by rules, and told by kinds; each kind has a title that its rule has too."""
    titles = {rule.details["title"] for rule in load_library().values()}
    assert {kind.title for kind in cadence_kinds()} <= titles
