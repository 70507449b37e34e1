"""The study of Bach's chorales: nothing crashes, every rule is judged, and earlier counts are counted again rightly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from theorygen.rules.rule_set import load_library, profile
from theorygen.rules.tally import Tally

pytest.importorskip("benchmarks", reason="the studies are run from a checkout")

from benchmarks import bach
from benchmarks.earlier_counts import EarlierCount, earlier_counts

EVERY = 40


@pytest.fixture(scope="module")
def found() -> bach.Study:
    return bach.study(EVERY)


def section(found: bach.Study, title: str) -> Iterator[str]:
    """The lines of the page under a heading."""
    inside = False
    for line in bach.lines(found):
        inside = line == f"## {title}" or (inside and not line.startswith("## "))
        if inside:
            yield line


def count_of(text: str) -> EarlierCount:
    """An earlier count of parallel fifths with this number."""
    active = earlier_counts()[0].rule
    return EarlierCount(replace(active, rule=replace(active.rule, details={"bach": text})))


def test_no_chorale_crashes(found: bach.Study) -> None:
    assert [one.outcome.failure for one in found.chorales if one.outcome.failure] == []
    assert len(found.chorales) == len(bach.works()[::EVERY])
    assert "None." in section(found, "Crashes")


def test_every_hard_rule_is_judged(found: bach.Study) -> None:
    hard = {rule.name for rule in profile(bach.PROFILE).hard}
    assert {rate.rule for rate in found.rates if rate.strength == "hard"} == hard
    for rate in found.rates:
        assert len(bach.offenders(found, rate.rule)) == rate.pieces


def test_rules_that_are_broken_are_named_with_their_chorales(found: bach.Study) -> None:
    page = list(section(found, "Hard rules"))
    for rate in found.rates:
        if rate.strength == "hard" and rate.pieces:
            line = next(line for line in page if line.startswith(f"| `{rate.rule}` |"))
            assert all(str(number) in line for number in bach.offenders(found, rate.rule))


def test_every_earlier_count_is_counted_and_shown(found: bach.Study) -> None:
    page = "\n".join(section(found, "Earlier counts"))
    for count in earlier_counts():
        assert found.ours[count.name].violations <= found.ours[count.name].opportunities
        assert f"| {count.title} |" in page
    assert sum(tally.violations > 0 for tally in found.ours.values()) > len(found.ours) / 2


def test_a_chorale_that_crashes_is_told() -> None:
    judge = profile(bach.PROFILE)
    failed = bach.judged(0, "no such work", bach.Choice(bach.PROFILE).judge(), ())
    assert failed.outcome.failure and not failed.seconds
    good = bach.judged(*bach.works()[0], bach.Choice(bach.PROFILE).judge(), ())
    rates = bach.rates_of([failed.outcome, good.outcome], judge)
    for chorales in ([failed, good], [failed]):
        page = section(bach.Study(chorales, rates, (), {}, {}), "Crashes")
        assert any(failed.outcome.failure in line for line in page)


def test_earlier_counts_name_rules_of_the_library() -> None:
    for count in earlier_counts():
        assert not count.judged_by or count.judged_by in load_library(), count.name
        assert count.theirs is not None or count.text == "not counted", count.name


@pytest.mark.parametrize(("text", "tally", "chorales", "differs"), [
    ("30 of 100", Tally(100, 30), 10, False),
    ("30 of 100", Tally(100, 31), 10, False),
    ("30 of 100", Tally(100, 80), 10, True),
    ("3,000 of 10,000", Tally(100_000, 33_000), 10, True),
    ("0 of 10,000", Tally(100, 0), 10, False),
    ("30 in 100 chorales", Tally(7, 7), 20, False),
    ("30 in 100 chorales", Tally(70, 70), 20, True),
    ("30 % of them", Tally(100, 30), 10, False),
    ("30 % of them", Tally(100, 60), 10, True),
    ("not counted", Tally(100, 60), 10, False),
])
def test_differences_beyond_chance(text: str, tally: Tally, chorales: int, differs: bool) -> None:
    assert count_of(text).differs(tally, chorales) is differs


def test_a_count_is_shown_in_the_words_of_the_earlier_one() -> None:
    assert count_of("30 in 100 chorales").shown(Tally(70, 5), 20) == "5 in 20"
    assert count_of("30 of 100").shown(Tally(2000, 5), 20) == "5 of 2,000: 0.25 %"
