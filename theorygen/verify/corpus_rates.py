"""How often a corpus breaks each rule, out of how often it could, beside what the library says of Bach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from theorygen.review.corpus import Outcome
from theorygen.review.rates import Rate


def compared(rates: Iterable[Rate], names: Sequence[str] = ()) -> list[Rate]:
    """The rates of some rules, the highest first; of all that could have been broken where none is named."""
    asked = [rate for rate in rates if (rate.rule in names if names else rate.tally.opportunities)]
    return sorted(asked, key=lambda rate: (-rate.rate, rate.rule))


def rows_of(rates: Sequence[Rate]) -> list[tuple[str, ...]]:
    """The table as texts: rule, strength, broken, out of, rate, 95 % interval, and what the library says of Bach."""
    head = ("rule", "strength", "broken", "out of", "rate", "95 % interval (Wilson)", "Bach, as catalogued")
    return [head, *(_row(rate) for rate in rates)]


def _row(rate: Rate) -> tuple[str, ...]:
    low, high = rate.interval
    share = percent(rate.rate) if rate.tally.opportunities else "-"
    return (rate.rule, rate.strength, f"{rate.tally.violations:,}", f"{rate.tally.opportunities:,}", share,
            f"{percent(low)} to {percent(high)}", rate.bach)


def percent(share: float) -> str:
    """Two figures of a share, no more than it deserves."""
    value = 100 * share
    return f"{value:.1f} %" if value >= 1 or not value else f"{value:.2g} %"


def data_of(rates: Sequence[Rate], outcomes: Sequence[Outcome], judged_by: str) -> dict[str, Any]:
    """The table as plain data."""
    failed = [{"file": one.path, "why": one.failure} for one in outcomes if one.failure]
    return {"experiment": "against", "judged_by": judged_by, "files": len(outcomes),
            "judged": len(outcomes) - len(failed), "failures": failed, "rates": [rate.to_data() for rate in rates]}
