"""Marginals against sums over all paths."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from math import inf

import numpy as np
import pytest

from tests.solve.random_trellises import Way, law, problem_of, random_trellis, ways
from theorygen.solve.layers import begins, choices_of, pitches_of
from theorygen.solve.marginals import Marginals, fair_marginals, marginals_at
from theorygen.solve.paths import Trellis
from theorygen.solve.semirings import Sampler
from theorygen.theory import Pitch

SEEDS = range(6)


def sums(trellis: Trellis, found: list[Way], amounts: list) -> list[tuple[list[Counter], Counter, object]]:
    """For each position: pitches of each voice, chords that begin, and what is held."""
    told = []
    for layer in range(len(trellis.candidates)):
        pitches, chords, held = [Counter(), Counter()], Counter(), 0
        for way, amount in zip(found, amounts, strict=True):
            state = way.states[layer]
            for voice, code in enumerate(pitches_of(trellis, layer)[state].tolist()):
                pitches[voice][code] += amount
            if begins(trellis, layer)[state]:
                chords[int(choices_of(trellis, layer)[state])] += amount
            else:
                held += amount
        told.append((pitches, chords, held))
    return told


@pytest.mark.parametrize("seed", SEEDS)
def test_fair_shares_are_exact(seed: int) -> None:
    trellis = random_trellis(seed)
    found = ways(trellis)
    shares = fair_marginals(problem_of(trellis), trellis, moves=True)
    assert shares.total == len(found)
    for place, (pitches, chords, held) in enumerate(sums(trellis, found, [Fraction(1, len(found))] * len(found))):
        assert (list(shares.pitches[place]), shares.chords[place], shares.held[place]) == (pitches, chords, held)
    check_moves(shares, trellis, found, [Fraction(1, len(found))] * len(found))


def check_moves(shares: Marginals, trellis: Trellis, found: list[Way], amounts: list) -> None:
    for place in range(1, len(trellis.candidates)):
        before, after = pitches_of(trellis, place - 1), pitches_of(trellis, place)
        for voice in range(2):
            pairs: Counter[tuple[int, int]] = Counter()
            for way, amount in zip(found, amounts, strict=True):
                pairs[int(before[way.states[place - 1], voice]), int(after[way.states[place], voice])] += amount
            assert shares.moves[place][voice] == pytest.approx(pairs)
    assert shares.moves[0] == ({}, {})


@pytest.mark.parametrize("temperature", [0.0, 0.7, 4.0, inf])
@pytest.mark.parametrize("seed", SEEDS)
def test_probabilities_under_a_temperature(seed: int, temperature: float) -> None:
    trellis = random_trellis(seed)
    found = ways(trellis)
    amounts = law(found, temperature)
    shares = marginals_at(problem_of(trellis), Sampler(trellis, temperature), moves=temperature == 4.0)
    assert shares.total is None
    for place, (pitches, chords, held) in enumerate(sums(trellis, found, amounts)):
        assert shares.held[place] == pytest.approx(held)
        for told, wanted in zip([*shares.pitches[place], shares.chords[place]], [*pitches, chords], strict=True):
            assert told == pytest.approx({key: amount for key, amount in wanted.items() if amount})
    if shares.moves:
        check_moves(shares, trellis, found, amounts)


def test_data_are_plain_and_the_most_probable_comes_first() -> None:
    trellis = random_trellis(4)
    shares = fair_marginals(problem_of(trellis), trellis, moves=True)
    data = json.loads(json.dumps(shares.to_data()))
    assert data["law"] == "uniform" and data["solutions"] == str(shares.total)
    for place, one in enumerate(data["positions"]):
        assert one["position"] == place + 1
        assert sum(chord["share"] for chord in one["chords"]) + one["held"] == pytest.approx(1)
        for voice, name in enumerate(["soprano", "bass"]):
            told = one["voices"][name]
            assert [pitch["share"] for pitch in told] == sorted((pitch["share"] for pitch in told), reverse=True)
            first = Pitch.parse(told[0]["pitch"])
            assert float(shares.share(place, voice, first)) == pytest.approx(told[0]["share"])
        assert ("moves" in one) == (place > 0)
    assert shares.share(0, 0, Pitch.parse("C9")) == 0


def test_shares_of_more_solutions_than_floats_can_count() -> None:
    trellis = random_trellis(8, length=1000)
    shares = fair_marginals(problem_of(trellis), trellis)
    assert shares.total is not None and shares.total > 10**400
    assert all(sum(voice.values()) == 1 for voices in shares.pitches for voice in voices)
    assert np.all([0 < float(share) <= 1 for voices in shares.pitches for voice in voices for share in voice.values()])
