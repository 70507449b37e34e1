"""What others have counted in Bach's chorales, as rules that count it again: bach.yaml."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from theorygen.rules.reading import read_rule
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.tally import Tally
from theorygen.source.diagnostic import Diagnostics
from theorygen.source.document import load_document

FILE = Path(__file__).with_name("bach.yaml")
BEYOND_CHANCE = 3.0
"""Standard errors."""

_COUNTED = re.compile(r"([\d,]+) (of|in) ([\d,]+)|([\d.]+) %")


@dataclass(frozen=True)
class EarlierCount:
    """One number, and how to count it again.

    Attributes:
        rule: what it counts, as a rule.
    """

    rule: ActiveRule

    @property
    def name(self) -> str:
        """Its id."""
        return self.rule.name

    @property
    def title(self) -> str:
        """What is counted."""
        return self._detail("title")

    @property
    def category(self) -> str:
        """What it is grouped with."""
        return self._detail("category")

    @property
    def judged_by(self) -> str:
        """Id of the rule of the library that judges it, or ""."""
        return self._detail("part-of")

    @property
    def text(self) -> str:
        """The number, with what it is out of."""
        return self._detail("bach")

    @property
    def why(self) -> str:
        """Why our number is another, or ""."""
        return self._detail("note")

    def _detail(self, key: str) -> str:
        return str(self.rule.rule.details.get(key, ""))

    @cached_property
    def _measured(self) -> re.Match[str] | None:
        return _COUNTED.match(self.text)

    @property
    def per_chorale(self) -> bool:
        """Whether it is a number for each chorale, not a share."""
        return self._measured is not None and self._measured[2] == "in"

    @property
    def theirs(self) -> tuple[float, float] | None:
        """The rate and what it is out of, infinite where only a percentage is known; None if nothing was counted."""
        if self._measured is None:
            return None
        if self._measured[4]:
            return float(self._measured[4]) / 100, math.inf
        total = _whole(self._measured[3])
        return _whole(self._measured[1]) / total, total

    def ours(self, found: Tally, chorales: int) -> tuple[float, float]:
        """The rate and what it is out of in what was counted again: opportunities, or chorales."""
        total = max(chorales if self.per_chorale else found.opportunities, 1)
        return found.violations / total, total

    def differs(self, found: Tally, chorales: int) -> bool:
        """Whether what was counted again is another rate beyond chance: of two binomials, Poisson ones for chorales."""
        if self.theirs is None:
            return False
        (rate, total), (other, others) = self.ours(found, chorales), self.theirs
        both = other if math.isinf(others) else (rate * total + other * others) / (total + others)
        variance = both * (1 if self.per_chorale else 1 - both) * (1 / total + 1 / others)
        return abs(rate - other) > BEYOND_CHANCE * math.sqrt(variance)

    def shown(self, found: Tally, chorales: int) -> str:
        """What was counted again, in the words of the earlier count."""
        if self.per_chorale:
            return f"{found.violations:,} in {chorales}"
        rate, _ = self.ours(found, chorales)
        return f"{found.violations:,} of {found.opportunities:,}: {100 * rate:.3g} %"


def earlier_counts() -> tuple[EarlierCount, ...]:
    """All of them.

    Raises:
        InputError: bach.yaml is wrong.
    """
    document, found = load_document(str(FILE)), Diagnostics()
    rules = [read_rule(name, data, document, (name,), found) for name, data in document.data.items()]
    found.raise_errors()
    return tuple(EarlierCount(ActiveRule(rule, True)) for rule in rules if isinstance(rule, Rule))


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
