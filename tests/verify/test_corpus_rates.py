"""Rates in a corpus beside those of the catalogue."""

from __future__ import annotations

from theorygen.review.rates import Rate
from theorygen.rules.tally import Tally
from theorygen.verify.corpus_rates import compared, percent, rows_of


def rate(name: str, broken: int, tried: int, bach: str = "") -> Rate:
    return Rate(name, "motion", "", "hard", Tally(tried, broken), 1, 1, bach)


def test_the_highest_rates_come_first_and_those_without_chances_not_at_all() -> None:
    found = compared([rate("rare", 1, 100), rate("never-tried", 0, 0), rate("often", 30, 100), rate("as-rare", 1, 100)])
    assert [one.rule for one in found] == ["often", "as-rare", "rare"]


def test_a_rule_that_is_named_is_shown_even_without_chances() -> None:
    found = compared([rate("rare", 1, 100), rate("never-tried", 0, 0)], ["never-tried"])
    assert [row[4] for row in rows_of(found)[1:]] == ["-"]


def test_a_row_has_the_interval_of_wilson_and_the_catalogue() -> None:
    row = rows_of([rate("fifths", 5, 100, "24 of 53,439")])[1]
    assert row == ("fifths", "hard", "5", "100", "5.0 %", "2.2 % to 11.2 %", "24 of 53,439")


def test_percent() -> None:
    assert [percent(share) for share in (0.0, 0.0123, 0.00123, 1.0)] == ["0.0 %", "1.2 %", "0.12 %", "100.0 %"]
