"""Claims: false ones are found at their lines with the fewest chords; true ones hold, and how far is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.verify.ruled import line_of, ruled, style_of, text_of
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.score.text_notation import parse_text_score
from theorygen.source.diagnostic import InputError
from theorygen.verify.claims import claims, study

TRUE = """\
claims:
  - {rule: parallel-fifths}
  - {name: the soprano stays below F5, over: note, when: is_top, require: pitch < F5}
  - {rule: phrase-has-cadence}
"""
FALSE = {
    "of a note": ("over: note, when: is_bass, require: pitch > A2", 1),
    "of a step": ("over: melodic-step, when: is_top, forbid: moves", 2),
    "of a rule": ("rule: third-required", 1),
    "of a line": ("over: voice-line, fold: repetition, when: not is_bass, forbid: repeats > 1", 3),
    "of a phrase": ("over: phrase, forbid: chords == 2", 2),
}


def test_claims_are_rules(tmp_path: Path) -> None:
    found = claims(style_of(tmp_path, more=TRUE))
    assert [one.rule.name for one in found] == ["parallel-fifths", "the-soprano-stays-below-f5", "phrase-has-cadence"]
    assert all(one.rule.hard for one in found)
    assert [one.mark.line for one in found] == [line_of(words, text_of(more=TRUE)) for words in (
        "- {rule: parallel", "the soprano", "phrase-has")]


def test_a_claim_on_a_graded_rule_is_that_it_never_charges(tmp_path: Path) -> None:
    claim, = claims(style_of(tmp_path, more="claims: [{rule: smooth-total}]\n"))
    assert claim.rule.rule.forbid
    assert not claim.rule.rule.cost


def test_wrong_claims_are_all_told_with_their_places(tmp_path: Path) -> None:
    more = "claims:\n  - {over: note, forbid: pich > C4}\n  - {over: note, require: voice = bass}\n"
    with pytest.raises(InputError) as wrong:
        claims(style_of(tmp_path, more=more))
    marks = [one.mark for one in wrong.value.diagnostics]
    assert [mark.line for mark in marks if mark] == [line_of("pich", text_of(more=more)), line_of("voice =", text_of(
        more=more))]
    assert wrong.value.diagnostics[0].nearest == "pitch"


def test_true_claims_hold_as_far_as_was_looked(tmp_path: Path) -> None:
    found = study(ruled(tmp_path, more=TRUE))
    assert [(one.severity, one.data["proven"]) for one in found.findings] == [
        ("note", True), ("note", True), ("note", False)]
    assert found.facts["broken"] == 0


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_an_error_at_its_line_with_the_fewest_chords(name: str, tmp_path: Path) -> None:
    body, chords = FALSE[name]
    more = f"claims:\n  - {{{body}}}\n"
    subject = ruled(tmp_path, more=more)
    one, = study(subject).findings
    assert (one.kind, one.severity) == ("broken-claim", "error")
    assert one.mark is not None
    assert one.mark.line == line_of(body, text_of(more=more))
    assert len(parse_text_score(one.example).chords) <= max(chords, 2)
    assert one.data["command"].startswith("theorygen compose ruled.yaml --seed ")


def test_the_example_breaks_the_claim(tmp_path: Path) -> None:
    subject = ruled(tmp_path, more=f"claims:\n  - {{{FALSE['of a step'][0]}}}\n")
    one, = study(subject).findings
    claim, = claims(subject.style)
    assert check(parse_text_score(one.example), RuleSet((claim.rule,)), subject.style.ensemble)


def test_the_command_makes_the_piece_that_breaks_it(tmp_path: Path) -> None:
    subject = ruled(tmp_path, more=f"claims:\n  - {{{FALSE['of a note'][0]}}}\n")
    one, = study(subject).findings
    arguments = one.data["command"].split()[1:]
    made = subprocess.run([sys.executable, "-m", "theorygen", *arguments, "-o", "piece.json"], cwd=tmp_path,
                          check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    from theorygen.readers import read_score

    claim, = claims(subject.style)
    assert check(read_score(str(tmp_path / "piece.json")), RuleSet((claim.rule,)), subject.style.ensemble)


def test_a_style_without_claims_has_nothing_to_look_at(tmp_path: Path) -> None:
    assert study(ruled(tmp_path)).facts == {"claims": 0}
