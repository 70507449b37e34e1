"""Kinds of cadence: their examples, their precedence, and that labels judged in either window agree with them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.test_passages import rows_in
from theorygen.rules.check import check
from theorygen.rules.closes import CadenceKind, cadence_kinds, close_scope
from theorygen.rules.expression import BOOLEAN, ExpressionError, parse_expression
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.rules.world import CADENCES
from theorygen.score.text_notation import parse_text_score

LABELS = RuleSet(tuple(ActiveRule(rule, True) for name, rule in load_library().items()
                       if name in ("cadence-pac", "cadence-iac", "cadence-hc", "cadence-deceptive", "cadence-plagal",
                                   "cadence-phrygian-hc")))


def kind_of(text: str) -> str:
    """What the end of the last phrase of a score is."""
    return CADENCES[int(rows_in(text, "cadence").field("kind")[-1])]


def examples(side: str) -> list:
    """One parameter for each example of a kind."""
    return [pytest.param(kind, text, id=f"{kind.name}-{number}")
            for kind in cadence_kinds() for number, text in enumerate(getattr(kind, side), 1)]


@pytest.mark.parametrize(("kind", "text"), examples("good"))
def test_a_good_example_ends_with_its_cadence(kind: CadenceKind, text: str) -> None:
    assert kind_of(text) == kind.name


@pytest.mark.parametrize(("kind", "text"), examples("bad"))
def test_a_bad_example_does_not(kind: CadenceKind, text: str) -> None:
    assert kind_of(text) != kind.name


def test_every_kind_but_the_evaded_cadence_is_told_by_its_chords() -> None:
    assert sorted([kind.name for kind in cadence_kinds()] + ["none", "evaded"]) == sorted(CADENCES)
    assert all(kind.title and kind.about and kind.source and 1 <= kind.closure <= 4 for kind in cadence_kinds())
    closures = [kind.closure for kind in cadence_kinds()]
    assert closures == sorted(closures, reverse=True), "the first that fits closes most firmly"


def test_a_kind_reads_the_close_and_nothing_else() -> None:
    parse_expression("top.degree == 1 and approach.degree == 5", close_scope(), BOOLEAN)
    with pytest.raises(ExpressionError, match="unknown name"):
        parse_expression("label == PAC", close_scope(), BOOLEAN)


CHORDS = {"C": ("I", "I6", "V", "V7", "V65", "viio6", "vi", "IV", "IV6", "ii6", "V7/V", "I64"),
          "a": ("i", "I", "iv6", "V", "v", "VI", "viio7", "iv", "i6")}


@settings(deadline=None)
@given(st.data())
def test_a_label_is_true_exactly_when_the_chords_make_it(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(CHORDS)))
    first, second = (data.draw(st.sampled_from(CHORDS[key])) for _ in range(2))
    top = data.draw(st.sampled_from(("A4", "B4", "C5", "D5", "E5")))
    label = data.draw(st.sampled_from([kind.name for kind in cadence_kinds()]))
    text = f"in {key}: {first} {second}({label}) | S: A4 {top} | B: C3 C3"
    kind = kind_of(text)
    true = label == kind or (label, kind) == ("HC", "phrygian")
    assume(not rows_in(text, "cadence").field("arrival.same")[0])
    assert bool(check(parse_text_score(text), LABELS)) == (not true)
