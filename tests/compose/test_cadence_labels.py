"""Cadences of given chords: what a solution is labelled is what the rules read from its score."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest

from theorygen.analysis.cadences import with_cadences
from theorygen.compose import cadence_labels, progression
from theorygen.compose.cadence_labels import cadences_made, with_cadence_labels
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.tasks import Task
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.closes import cadence_kinds
from theorygen.rules.rule_set import RuleSet
from theorygen.score.score import Score
from theorygen.score.text_notation import parse_text_score
from theorygen.solve.answers import Solutions, count
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Meter, RomanNumeral

STYLE = load_style("textbook-chorale")
ANY = frozenset(range(1, 8))
LABELS = ("cadence-pac", "cadence-iac", "cadence-hc", "cadence-phrygian-hc", "cadence-deceptive", "cadence-plagal",
          "cadence-label")


def task(text: str) -> Task:
    assert STYLE.ensemble is not None
    return parse_roman_line(text, STYLE.ensemble, Meter(4, 4), Fraction(1)).task(STYLE)


def numerals(text: str) -> tuple[RomanNumeral, ...]:
    tonic, _, chords = text.partition(": ")
    return tuple(RomanNumeral.parse(chord, Key.parse(tonic)) for chord in chords.split())


@pytest.mark.parametrize(("chords", "made"), [
    ("C: V7 I", {"PAC": {1}, "IAC": {3, 5}}),
    ("C: V Cad64 V7 I", {"PAC": {1}, "IAC": {3, 5}}),
    ("C: V I I", {"PAC": {1}, "IAC": {3, 5}}),
    ("C: V I I6", {"IAC": ANY}),
    ("C: viio6 I", {"IAC": ANY}),
    ("C: V6 I", {"IAC": ANY}),
    ("C: ii6 V", {"HC": ANY}),
    ("C: ii6 Cad64 V", {"HC": ANY}),
    ("C: V vi", {"DC": ANY}),
    ("C: IV I", {"PC": ANY}),
    ("a: iv6 V", {"phrygian": ANY}),
    ("C: I vi", {"none": ANY}),
    ("C: I", {"none": ANY}),
])
def test_chords_and_the_note_on_top_make_a_cadence(chords: str, made: dict[str, set[int]]) -> None:
    assert {label: set(tops) for label, tops in cadences_made(numerals(chords))} == {
        label: set(tops) for label, tops in made.items()}


def test_the_examples_of_every_kind_are_read_as_it() -> None:
    for kind in cadence_kinds():
        for text in kind.good:
            score = parse_text_score(text)
            made = dict(cadences_made(tuple(chord.numeral for chord in score.chords)))
            top = score.voices[0].events[-1].pitch
            assert top is not None
            degree = score.chords[-1].numeral.key.degree_of(top.pitch_class).number
            assert degree in made[kind.name], text


def unlabelled(score: Score) -> Score:
    return replace(score, chords=tuple(replace(chord, cadence=None) for chord in score.chords))


@pytest.mark.parametrize("text", [
    "C: I V I", "C: I IV // V I", "C: I {V|viio6} I", "C: I {V|ii} {I|vi}", "a: i {iv6|iv} V // i V {i|VI}",
    "C: I ii6 {Cad64|IV} V I", "C: {I|vi} {V|IV} {I|V7/V}",
])
def test_random_solutions_are_labelled_as_an_analysis_would(text: str) -> None:
    asked = task(text)
    for solution in islice(Solutions(asked.problem).uniforms(Chance(3)), 25):
        score = asked.score(solution)
        found = with_cadences(unlabelled(score))
        assert [chord.cadence for chord in score.chords] == [chord.cadence for chord in found.chords]


@pytest.mark.parametrize("text", ["C: I V I I6", "C: I {V|ii} {I|vi|V}", "C: {I|V} {V|I} {I|V}"])
def test_labels_on_goals_that_are_repeated_are_true(text: str) -> None:
    asked = task(text)
    labels = RuleSet(tuple(rule for rule in STYLE.rules.rules if rule.name in LABELS))
    assert len(labels.rules) == len(LABELS)
    for solution in islice(Solutions(asked.problem).uniforms(Chance(4)), 25):
        assert check(asked.score(solution), labels) == []


@pytest.mark.parametrize("text", ["C: I {V|viio6} I", "C: I {V|ii} {I|vi}", "C: {I|V} {V|I} {I|V} // IV {V|I}"])
def test_labels_take_away_no_solution_and_add_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progression, "with_cadence_labels", lambda problem: problem)
    asked = task(text).problem
    blind = RuleSet(tuple(rule for rule in asked.rules.rules if not any("cadence" in name for name in rule.names)))
    plain = replace(asked, rules=blind)
    labelled = with_cadence_labels(plain)
    assert labelled != plain
    assert count(labelled) == count(plain) > 0


def test_a_cadence_that_is_said_stays() -> None:
    assert [choice.slot.cadence for choice in task("C: I V I(IAC)").problem.positions[-1].choices] == ["IAC"]


def test_what_depends_on_nothing_before_needs_no_syntax() -> None:
    assert task("C: I {IV|ii6} V I").problem.syntax is None
    assert task("C: I {V|ii} I").problem.syntax is not None


def test_a_cadence_that_depends_on_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cadence_labels, "MOST_CLOSES", 3)
    with pytest.raises(InputError, match="can be chosen in 4 ways"):
        task("C: I {V|ii} {I|vi}")


def test_labelling_twice_changes_nothing() -> None:
    problem = task("C: I IV V I // I V vi").problem
    assert with_cadence_labels(problem) == problem
