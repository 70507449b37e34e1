"""Chance: fixed streams, independent by name, exactly uniform below any bound."""

from __future__ import annotations

from collections import Counter

import pytest

from theorygen.source.chance import Chance


def test_a_stream_is_the_same_everywhere() -> None:
    child, same = Chance(7).child("voices", 0), Chance(7, "voices", 0)
    assert [child.below(1000) for _ in range(6)] == [same.below(1000) for _ in range(6)]
    assert [Chance(7).below(1000), Chance(-7).below(1000), Chance(8).below(1000)] == [192, 573, 600]


def test_streams_of_other_names_are_others() -> None:
    paths = ((), (0,), (0, 0), ("a",), ("b",), ("a", 0), ("a", 1), ("a", "b"), ("0",))
    streams = [Chance(1, *path) for path in paths] + [Chance(1 << 32), Chance(0, 1), Chance(0)]
    assert len({stream.below(10**12) for stream in streams}) == len(streams)


def test_drawing_more_in_one_stream_changes_no_other() -> None:
    parent = Chance(3)
    before = parent.child("x").uniform()
    for _ in range(10):
        parent.uniform()
    assert parent.child("x").uniform() == before


@pytest.mark.parametrize("bound", [1, 2, 6, 10, 2**64, 2**64 + 1, 10**30])
def test_below_stays_below(bound: int) -> None:
    chance = Chance(5)
    drawn = [chance.below(bound) for _ in range(200)]
    assert min(drawn) >= 0 and max(drawn) < bound
    assert bound < 3 or len(set(drawn)) > 2


def test_below_is_uniform() -> None:
    chance = Chance(11)
    counts = Counter(chance.below(6) for _ in range(12_000))
    assert sum((counts[face] - 2000) ** 2 / 2000 for face in range(6)) < 5 + 5 * 10**0.5


def test_uniform_numbers_come_singly_or_in_rows() -> None:
    single, rows = Chance(5), Chance(5)
    expected = [single.uniform() for _ in range(9)]
    assert [*rows.uniforms(4), *rows.uniforms(0), rows.uniform(), *rows.uniforms(4)] == expected


def test_uniform_numbers_fill_the_unit() -> None:
    chance = Chance(2)
    numbers = [chance.uniform() for _ in range(4000)]
    assert 0 <= min(numbers) < 0.01 and 0.99 < max(numbers) < 1
    assert abs(sum(numbers) / len(numbers) - 0.5) < 0.025


def test_among_weighs_by_running_sums() -> None:
    chance = Chance(11)
    whole = Counter(chance.among([1, 1, 4, 8]) for _ in range(8000))
    assert whole[1] == 0
    assert [round(whole[index] / 1000) for index in (0, 2, 3)] == [1, 3, 4]
    broken = Counter(chance.among([0.5, 0.5, 2.0, 4.0]) for _ in range(8000))
    assert broken[1] == 0
    assert [round(broken[index] / 1000) for index in (0, 2, 3)] == [1, 3, 4]
    assert {chance.among([1 << 200]) for _ in range(5)} == {0}
