"""How a place in the bar becomes a beat and a metric strength."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Clock:
    """How a start becomes a beat and a metric strength.

    Attributes:
        bar: quarter lengths of a bar.
        beat: quarter lengths of a beat.
        strength: metric weight, 3 to 0, of an offset within the bar; None gives 3 on the bar, 1 on a beat, else 0.
    """

    bar: Fraction | int = 4
    beat: Fraction | int = 1
    strength: Callable[[Fraction], int] | None = None

    def strength_at(self, offset: Fraction) -> int:
        """Metric weight of an offset within the bar."""
        if self.strength is not None:
            return self.strength(offset)
        return 3 if offset == 0 else int(offset % self.beat == 0)
