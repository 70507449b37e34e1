"""Drawing from strategies without a test around them, as Hypothesis draws when it generates."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData

SHRINKING = settings(derandomize=True, database=None, deadline=None, max_examples=60,
                     phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False)


def drawn(strategy: st.SearchStrategy[Any], count: int, seed: int = 0) -> Iterator[Any]:
    """Independent values, by the law that generation has before it mutates."""
    random = Random(seed)
    strategy.validate()
    for _ in range(count):
        yield ConjectureData(random=random).draw(strategy)


def plainest(strategy: st.SearchStrategy[Any]) -> Any:
    """What everything shrinks to."""
    return find(strategy, lambda _: True, settings=settings(SHRINKING, max_examples=1, phases=(Phase.generate,)))
