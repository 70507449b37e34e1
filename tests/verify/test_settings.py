"""Settings of parameters: all that can be told apart, and no more than the bounds allow."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.verify.small import SMALL, changed, style_of
from theorygen.grammar.style import load_style
from theorygen.source.diagnostic import InputError
from theorygen.verify.finding import Bounds, Subject
from theorygen.verify.settings import asked, settings, singles


def test_all_settings_begin_with_the_defaults(tmp_path: Path) -> None:
    found = settings(Subject(style_of(SMALL, tmp_path)))
    assert dict(found.values[0]) == {"level": 1, "twice": False}
    assert found.is_complete


def test_settings_that_nothing_tells_apart_are_one(tmp_path: Path) -> None:
    found = settings(Subject(style_of(SMALL, tmp_path)))
    pairs = {(values["level"], values["twice"]) for values in found.values}
    assert pairs < set(product((1, 2, 3), (False, True)))
    assert len(pairs) == len(found.values) == 4, "they read 'level >= 2' and 'level == 3 or twice' and nothing else"
    assert found.told == "all 6 settings (4 that differ)"


def test_a_parameter_that_no_grammar_reads_is_left_alone(tmp_path: Path) -> None:
    text = changed("parameters:\n", "parameters:\n  other: {default: 3, range: [1, 9]}\n")
    found = settings(Subject(style_of(text, tmp_path)))
    assert {values["other"] for values in found.values} == {3}


def test_given_values_are_fixed(tmp_path: Path) -> None:
    found = settings(Subject(style_of(SMALL, tmp_path), given={"level": 2}))
    assert {values["level"] for values in found.values} == {2}
    assert {values["twice"] for values in found.values} == {False, True}


def test_a_value_that_is_not_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="level"):
        settings(Subject(style_of(SMALL, tmp_path), given={"level": 4}))


def test_within_a_bound_every_single_value_comes_first() -> None:
    style = load_style("textbook-chorale")
    found = settings(Subject(style, Bounds(settings=30)))
    assert len(found.values) <= 30 and not found.is_complete
    assert found.told.startswith(f"{len(found.values)} of 504 settings")
    assert {values["level"] for values in found.values} == set(range(1, 8))
    assert {values["phrases"] for values in found.values} == set(range(1, 13))


def test_numbers_that_are_not_whole_are_tried_at_the_ends_and_never_complete() -> None:
    found = settings(Subject(load_style("common-practice")))
    assert {values["picardy"] for values in found.values} == {0.5, 0, 1}
    assert not found.is_complete and "the default and the ends" in found.told


def test_singles_change_one_parameter_each(tmp_path: Path) -> None:
    style = style_of(SMALL, tmp_path)
    base = settings(Subject(style)).values[0]
    for name, values in singles(Subject(style)):
        assert [one for one in base if base[one] != values[one]] == [name]


def test_what_is_asked_is_grouped_by_harmony(tmp_path: Path) -> None:
    found = asked(Subject(style_of(SMALL, tmp_path)))
    cadences = [{dict(root.attributes)["cadence"] for root in group.roots} for group in found.groups]
    by_values = {(group.values["level"], group.values["twice"]): one
                 for group, one in zip(found.groups, cadences, strict=True)}
    assert len(found.groups) == 2, "the harmony only asks whether 'level == 3 or twice'"
    assert by_values[1, False] == {"HC", "PAC", "IAC"}, "level 2 has the same harmony, and its form asks for IAC"
    assert not found.wrong and not found.form.missing
