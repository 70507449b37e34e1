"""Rates of rules over a corpus: how often each is broken, out of how often it could be, and how sure that is."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from theorygen.review.corpus import Outcome
from theorygen.rules.rule import THOUSAND, ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.tally import Tally

_Z = 1.959963984540054
"""95 % of a normal distribution lie within so many standard deviations."""


@dataclass(frozen=True)
class Rate:
    """How often one rule is broken in a corpus.

    Attributes:
        rule: its id.
        category: its category.
        title: its title.
        strength: "hard" or its weight.
        tally: violations and opportunities in all.
        pieces: scores with at least one violation.
        judged: scores with at least one opportunity.
        bach: the rate in Bach that the library quotes, or "".
    """

    rule: str
    category: str
    title: str
    strength: str
    tally: Tally
    pieces: int
    judged: int
    bach: str

    @property
    def rate(self) -> float:
        """Violations out of opportunities; 0 without any."""
        return self.tally.violations / self.tally.opportunities if self.tally.opportunities else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the rate."""
        return wilson(self.tally.violations, self.tally.opportunities)

    def to_data(self) -> dict[str, Any]:
        """One row of a table; costs in points, as in a style."""
        low, high = self.interval
        return {
            "rule": self.rule, "category": self.category, "title": self.title, "strength": self.strength,
            "violations": self.tally.violations, "opportunities": self.tally.opportunities, "rate": self.rate,
            "low": low, "high": high, "pieces": self.pieces, "pieces_judged": self.judged,
            "cost": self.tally.cost / THOUSAND, "bach": self.bach,
        }


COLUMNS: dict[str, type] = {
    "rule": str, "category": str, "title": str, "strength": str, "violations": int, "opportunities": int,
    "rate": float, "low": float, "high": float, "pieces": int, "pieces_judged": int, "cost": float, "bach": str,
}
"""What a row of the table holds."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % confidence interval of a rate, after Wilson (1927); all of 0 to 1 without trials.

    Args:
        hits: how often it happened.
        trials: how often it could have happened.
    """
    if not trials:
        return 0.0, 1.0
    share, square = hits / trials, _Z * _Z / trials
    middle = (share + square / 2) / (1 + square)
    spread = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return (max(middle - spread, 0.0) if hits else 0.0), (min(middle + spread, 1.0) if hits < trials else 1.0)


def rates_of(outcomes: Iterable[Outcome], rules: RuleSet) -> list[Rate]:
    """The rate of every rule, by category in the order of the rules; files that could not be judged do not count."""
    judged = [outcome for outcome in outcomes if not outcome.failure]
    active = {rule.name: rule for rule in rules.rules}
    categories = list(dict.fromkeys(_category(rule) for rule in active.values()))
    rates = [_rate(rule, [one.tallies.get(name, Tally()) for one in judged]) for name, rule in active.items()]
    return sorted(rates, key=lambda rate: categories.index(rate.category))


def _rate(active: ActiveRule, tallies: Sequence[Tally]) -> Rate:
    details = active.rule.details
    strength = "hard" if active.hard else f"{active.weight / THOUSAND:g}"
    return Rate(
        active.name, _category(active), details.get("title", ""), strength, sum(tallies, Tally()),
        sum(one.violations > 0 for one in tallies), sum(one.opportunities > 0 for one in tallies),
        details.get("bach", ""))


def _category(active: ActiveRule) -> str:
    return active.rule.details.get("category", "other")


def rates_to_csv(rates: Sequence[Rate]) -> bytes:
    """The table as CSV, with the names of its columns first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rate.to_data() for rate in rates)
    return text.getvalue().encode()


def rates_to_parquet(rates: Sequence[Rate]) -> bytes:
    """The table as Parquet.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
    """
    import pyarrow
    from pyarrow import parquet

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    table = pyarrow.Table.from_pylist([rate.to_data() for rate in rates], schema=schema)
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table, sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def rates_data(rates: Sequence[Rate], outcomes: Sequence[Outcome], judged_by: str) -> dict[str, Any]:
    """The table as plain data for JSON, with what was judged."""
    failures = [{"file": one.path, "why": one.failure} for one in outcomes if one.failure]
    return {
        "format": "theorygen-rates", "version": 1, "judged_by": judged_by, "files": len(outcomes),
        "judged": len(outcomes) - len(failures), "measures": sum(one.measures for one in outcomes),
        "failures": failures, "rates": [rate.to_data() for rate in rates],
    }


def rates_table(rates: Sequence[Rate], everything: bool = False) -> list[str]:
    """The table for reading, under the names of categories.

    Args:
        rates: of all rules.
        everything: whether rules that were never broken are shown, too, as long as they were judged.
    """
    shown = [rate for rate in rates if (rate.tally.opportunities if everything else rate.tally.violations)]
    width = max((len(rate.rule) for rate in shown), default=4)
    head = f"{'':{width}}  {'broken':>8} {'out of':>9} {'rate':>8}  {'95 % interval':^17} {'pieces':>7}"
    lines = [head] if shown else []
    category = ""
    for rate in shown:
        if rate.category != category:
            category = rate.category
            lines += ["", category]
        low, high = rate.interval
        lines.append(f"{rate.rule:{width}}  {rate.tally.violations:>8,} {rate.tally.opportunities:>9,} "
                     f"{_percent(rate.rate):>8}  {_percent(low):>8} {_percent(high):>8} {rate.pieces:>7,}")
    return lines


def _percent(share: float) -> str:
    """Two figures of a share, no more than it deserves."""
    percent = 100 * share
    return f"{percent:.1f} %" if percent >= 1 or not percent else f"{percent:.2g} %"
