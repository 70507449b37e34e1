"""Reviews for reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.review.scores import CLEAN, DOUBLED, MESSY, reviewed
from theorygen.review.text_report import report_lines, report_text

EXPECTED = """\
Faults

1  Doubled leading tone: soprano and tenor, measure 1, beat 2 (B3-B4)  [no-double-leading-tone]
   The leading tone of V is doubled.
   Both copies want to rise to the tonic: together they make octaves, and one that goes elsewhere disappoints.
   Penalty: CH-1/2, then usually VL-0 by octaves."""


def test_a_report_says_what_where_and_why() -> None:
    text = report_text(reviewed(DOUBLED))
    assert text.startswith(EXPECTED)
    assert "Leads to: Parallel unisons and octaves between soprano and tenor" in text
    assert text.splitlines()[-1].startswith("1 fault, ")


@pytest.mark.parametrize("text", [CLEAN, DOUBLED, MESSY])
def test_numbers_count_what_is_shown(text: str) -> None:
    review = reviewed(text)
    for everything in (False, True):
        lines = report_text(review, everything).splitlines()
        numbers = [int(line.split()[0]) for line in lines if line.lstrip()[:1].isdigit() and "[" in line]
        assert sorted(numbers) == list(range(1, len(review.shown(everything)) + 1))


def test_a_reason_is_told_once() -> None:
    text = report_text(reviewed(MESSY))
    assert text.count("[voice-overlap]") > 1
    assert text.count("A voice that passes where its neighbour has just been is taken for it.") == 1


def test_a_numeral_keeps_its_letters() -> None:
    review = reviewed("in C: iii I | S: B4 C5 | A: B4 G4 | T: E4 E4 | B: E3 C3")
    (fault,) = (one for one in review.hard if one.rule.name == "third-required")
    assert fault.violation.message.startswith("iii ")
    assert "\n   iii " in report_text(review)


def test_plain_text_is_the_lines_without_their_kinds() -> None:
    review = reviewed(MESSY)
    plain = ["".join(words for words, _ in line).rstrip() for line in report_lines(review)]
    assert report_text(review).splitlines() == plain


def test_no_fault() -> None:
    assert report_text(replace(reviewed(CLEAN), faults=())) == "no fault by strict-textbook\n"
