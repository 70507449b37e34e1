"""Whether observed counts fit the expected ones."""

from __future__ import annotations

from collections.abc import Hashable, Mapping


def chi_square_is_plausible(counts: Mapping[Hashable, int], expected: Mapping[Hashable, float]) -> bool:
    """Whether nothing impossible was seen and the rest fits, rare outcomes pooled; five standard deviations."""
    if any(not expected.get(one) for one in counts):
        return False
    rare = {one for one, value in expected.items() if value < 8}
    pairs = [(counts.get(one, 0), value) for one, value in expected.items() if one not in rare]
    pooled = sum(expected[one] for one in rare)
    if pooled >= 8:
        pairs.append((sum(counts.get(one, 0) for one in rare), pooled))
    freedom = max(len(pairs) - 1, 1)
    statistic = sum((seen - wanted) ** 2 / wanted for seen, wanted in pairs)
    return statistic < freedom + 5 * (2 * freedom) ** 0.5
