"""Rates over a corpus and their tables."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.review.scores import DOUBLED, MESSY, RULES
from theorygen.review.corpus import Outcome
from theorygen.review.rates import (
    COLUMNS,
    Rate,
    rates_data,
    rates_of,
    rates_table,
    rates_to_csv,
    rates_to_parquet,
    wilson,
)
from theorygen.rules.rule_set import profile
from theorygen.rules.tally import tally
from theorygen.score.text_notation import parse_text_score

CHOSEN = profile("strict-textbook").only(RULES)


def outcome(name: str, text: str) -> Outcome:
    score = parse_text_score(text)
    return Outcome(name, tally(score, CHOSEN), measures=len(score.measures()))


def outcomes() -> list[Outcome]:
    return [outcome("a.txt", DOUBLED), outcome("b.txt", MESSY), Outcome("c.txt", failure="it is damaged")]


def rates() -> dict[str, Rate]:
    return {rate.rule: rate for rate in rates_of(outcomes(), CHOSEN)}


@pytest.mark.parametrize(("hits", "trials", "low", "high"), [
    (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (24, 53439, 0.000302, 0.000668)])
def test_wilson_intervals(hits: int, trials: int, low: float, high: float) -> None:
    """Figures of Newcombe (1998) and of textbooks."""
    assert wilson(hits, trials) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_rate_and_shrinks_with_more(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    more_low, more_high = wilson(4 * hits, 4 * trials)
    assert more_high - more_low < high - low


def test_without_trials_nothing_is_known() -> None:
    assert wilson(0, 0) == (0, 1)


def test_rates_add_up_over_pieces() -> None:
    doubled, messy = (one.tallies for one in outcomes()[:2])
    for name, rate in rates().items():
        assert rate.tally == doubled[name] + messy[name]
        assert rate.pieces == sum(one[name].violations > 0 for one in (doubled, messy))
        assert rate.judged == sum(one[name].opportunities > 0 for one in (doubled, messy))
    assert rates()["no-double-leading-tone"].pieces == 2


def test_rows_stand_by_category() -> None:
    categories = [rate.category for rate in rates_of(outcomes(), CHOSEN)]
    assert sorted(set(categories), key=categories.index) == list(dict.fromkeys(categories))
    assert len({rate.rule for rate in rates_of(outcomes(), CHOSEN)}) == len(CHOSEN.rules)


def test_csv_holds_every_row() -> None:
    table = list(csv.DictReader(io.StringIO(rates_to_csv(rates_of(outcomes(), CHOSEN)).decode())))
    assert [list(row) for row in table] == [list(COLUMNS)] * len(CHOSEN.rules)
    for row in table:
        assert {name: COLUMNS[name](text) for name, text in row.items()} == rates()[row["rule"]].to_data()


def test_parquet_holds_every_row() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    content = rates_to_parquet(rates_of(outcomes(), CHOSEN))
    table = parquet.read_table(io.BytesIO(content))
    assert table.to_pylist() == [rate.to_data() for rate in rates_of(outcomes(), CHOSEN)]
    assert rates_to_parquet(rates_of(outcomes(), CHOSEN)) == content


def test_json_says_what_was_judged() -> None:
    data = json.loads(json.dumps(rates_data(rates_of(outcomes(), CHOSEN), outcomes(), "strict-textbook")))
    assert (data["files"], data["judged"], data["measures"]) == (3, 2, 4)
    assert data["failures"] == [{"file": "c.txt", "why": "it is damaged"}]
    assert {row["rule"] for row in data["rates"]} == set(RULES)


def test_the_table_shows_what_is_broken_or_everything_that_was_judged() -> None:
    found = rates_of(outcomes(), CHOSEN)
    for everything in (False, True):
        words = {word for line in rates_table(found, everything) for word in line.split()}
        assert words & set(RULES) == {rate.rule for rate in found
                                      if (rate.tally.opportunities if everything else rate.tally.violations)}
    assert rates_table([]) == []
