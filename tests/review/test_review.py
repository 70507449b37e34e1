"""Reviews: faults with numbers, causes and strengths."""

from __future__ import annotations

import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed


def test_one_slip_is_one_fault() -> None:
    review = reviewed(DOUBLED)
    (fault,) = review.hard
    assert fault.rule.name == "no-double-leading-tone"
    assert [one.rule.name for one in review.consequences(fault) if one.hard] == ["parallel-unison-octave"]


@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY])
def test_every_violation_is_primary_or_comes_from_one_that_is(text: str) -> None:
    review = reviewed(text)
    together = [one for fault in review.primary for one in (fault, *review.consequences(fault))]
    assert sorted(fault.number for fault in together) == list(range(1, len(review.faults) + 1))


@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY])
def test_what_may_not_be_is_never_excused_by_what_only_costs(text: str) -> None:
    review = reviewed(text)
    assert all(review.origin(fault).hard for fault in review.faults if fault.hard)
    assert review.is_clean == (not any(fault.hard for fault in review.faults))


def test_faults_are_numbered_in_order_of_time() -> None:
    review = reviewed(MESSY)
    ends = [fault.violation.onsets[-1] for fault in review.faults]
    assert ends == sorted(ends)
    assert [fault.number for fault in review.faults] == list(range(1, len(ends) + 1))


def test_remarks_cost_twenty_or_more() -> None:
    review = reviewed(MESSY)
    strengths = {fault.strength for fault in review.faults}
    assert strengths == {"fault", "remark", "small"}
    for fault in review.faults:
        assert (fault.strength == "remark") == (fault.violation.cost >= 20_000)
    assert {fault.strength for fault in review.shown()} == {"fault", "remark"}
    assert review.shown(everything=True) == review.primary


def test_a_score_without_chords_says_so() -> None:
    assert reviewed("S: C5 B4 | B: C3 G3").chords_from == "none"
    assert reviewed(CLEAN).chords_from == "score"
