"""Styles whose notes depend on notes far away, on the command line: what is answered, what is refused, and why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

STYLE = "theorygen: 1\nextends: textbook-chorale\nrules:\n  bound: "
CANON = "{relation: canon, leader: soprano, follower: tenor, interval: -P8, distance: 2}\n"
TOO_MANY = "{over: piece, total: {over: melodic-step, when: is_top}, require: total == 40}\n"
CHORDS, STUCK = "C: I V I V I", "C: I V6 IV V"


@pytest.fixture(autouse=True)
def styles(theorygen: Command) -> None:
    """Two styles in the folder that commands run in."""
    Path("canon.yaml").write_text(STYLE + CANON, encoding="utf-8")
    Path("too-many.yaml").write_text(STYLE + TOO_MANY, encoding="utf-8")


def test_shares_are_refused_where_only_an_engine_that_searches_can_answer(theorygen: Command) -> None:
    done = theorygen("realize", "--style", "canon.yaml", "--roman", CHORDS, "--marginals")
    assert done.code == 2 and "no engine can answer this" in done.err


def test_shares_are_not_an_engine_that_searches(theorygen: Command) -> None:
    done = theorygen("realize", "--roman", CHORDS, "--marginals", "--engine", "choco")
    assert done.code == 2 and "use layered" in done.err


@pytest.mark.parametrize("options", [(), ("--json",), ("--marginals",)])
def test_what_relations_alone_rule_out_is_told_with_the_rules_in_their_way(options: tuple[str, ...],
                                                                           theorygen: Command) -> None:
    done = theorygen("realize", "--style", "too-many.yaml", "--roman", CHORDS, *options)
    assert done.code == 1 and "keeps all of this" in done.err and "\n  bound\n" in done.err
    if "--json" in options:
        assert json.loads(done.out)["nothing"]["rules"] == ["bound"]


def test_the_least_bad_music_breaks_the_relation_where_nothing_else_is_in_the_way(theorygen: Command) -> None:
    done = theorygen("realize", "--style", "too-many.yaml", "--roman", CHORDS, "--least-bad")
    assert done.code == 1 and "has 1 fault (not proven to be the fewest)" in done.err and "[bound]" in done.err
    assert "breaks rules" in done.out


@pytest.mark.parametrize("style", ["canon.yaml", "too-many.yaml"])
def test_rules_that_rule_everything_out_without_relations_are_a_conflict(style: str, theorygen: Command) -> None:
    done = theorygen("realize", "--style", style, "--roman", STUCK)
    assert done.code == 1 and "leading-tone-outer-resolves" in done.err


def test_the_least_bad_music_lets_relations_go_and_says_so(theorygen: Command) -> None:
    done = theorygen("realize", "--style", "canon.yaml", "--roman", STUCK, "--least-bad", "-o", "bad.musicxml")
    assert done.code == 1 and "[bound]" in done.err and "not proven to be the fewest" in done.err
    assert "(breaks rules)" in Path("bad.musicxml").read_text(encoding="utf-8")
