"""Minimal conflicts: few things of which none can go, although together they leave nothing possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Trials(Generic[Item]):
    """Tries what can be together, and remembers: what holds of a set holds of its smaller or larger sets, too.

    Args:
        fails: whether nothing is possible when exactly these are asked.
    """

    def __init__(self, fails: Callable[[frozenset[Item]], bool]) -> None:
        self._fails = fails
        self._impossible: list[frozenset[Item]] = []
        self._possible: list[frozenset[Item]] = []

    def fails(self, items: Collection[Item]) -> bool:
        """Whether nothing is possible when these are asked."""
        asked = frozenset(items)
        if any(known <= asked for known in self._impossible):
            return True
        if any(asked <= known for known in self._possible):
            return False
        failed = self._fails(asked)
        (self._impossible if failed else self._possible).append(asked)
        return failed

    def minimal(self, items: Sequence[Item], always: Sequence[Item] = ()) -> list[Item]:
        """A minimal conflict among some items, in their order; the first ones stay rather than the last.

        By Junker's QuickXplain: about twice its size times the logarithm of all items in trials.

        Args:
            items: impossible together with what is always asked.
            always: what is always asked, and no part of the conflict.
        """
        return [] if self.fails(always) else self._explained(list(always), list(items), tried=True)

    def _explained(self, base: list[Item], items: list[Item], tried: bool) -> list[Item]:
        """A minimal part of ``items`` that with ``base`` is impossible; ``tried`` when ``base`` alone is possible."""
        if not tried and self.fails(base):
            return []
        if len(items) == 1:
            return items
        half = len(items) // 2
        first, second = items[:half], items[half:]
        late = self._explained([*base, *first], second, tried=False)
        early = self._explained([*base, *late], first, tried=not late)
        return early + late


def fewest_of_each(conflicts: Sequence[Sequence[Item]], most: int) -> list[Item] | None:
    """The fewest items that have a part in every conflict, the first of them in the order of the conflicts.

    Args:
        conflicts: sets of items.
        most: steps of the search before giving up.

    Returns:
        The items, or None after too many steps.
    """
    steps = 0

    def found(left: list[Sequence[Item]], size: int) -> list[Item] | None:
        nonlocal steps
        steps += 1
        if not left:
            return []
        if steps > most or _disjoint(left) > size:
            return None
        for item in left[0]:
            rest = found([one for one in left if item not in one], size - 1)
            if rest is not None:
                return [item, *rest]
        return None

    for size in range(len(conflicts) + 1):
        fewest = found(list(conflicts), size)
        if fewest is not None or steps > most:
            return fewest
    return None


def _disjoint(conflicts: Sequence[Sequence[Item]]) -> int:
    """How many conflicts share nothing with those before: so many items are needed at least."""
    seen: set[Item] = set()
    number = 0
    for one in conflicts:
        if seen.isdisjoint(one):
            seen.update(one)
            number += 1
    return number
