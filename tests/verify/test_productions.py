"""Productions of no use, phrases without harmony, unread words: planted one by one, each found at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.small import SMALL, changed, line_of, style_of
from theorygen.grammar.loading import shipped_styles
from theorygen.grammar.style import Style, load_style
from theorygen.verify.finding import Finding, Subject
from theorygen.verify.productions import OF_NO_USE, study
from theorygen.verify.roots import harmony_chart
from theorygen.verify.settings import asked

PLANTED = {
    "a guard that no setting makes true": (
        "guard-never-true", changed('"IV V:2": 1', '"IV V:2": {weight: 1, when: level > 3}'), "IV V:2"),
    "a guard on a beat that no bar has": (
        "guard-never-true", changed('"IV V:2": 1', '"IV V:2": {weight: 1, when: beat == 5}'), "IV V:2"),
    "a guard on a place where nothing stands": (
        "dead-production", changed('"IV V:2": 1', '"IV V:2": {weight: 1, when: beat == 1}'), "IV V:2"),
    "a guard that contradicts its head": (
        "guard-never-true", changed('"i": 2', '"i": {weight: 2, when: mode == major}'), '"i": {'),
    "a guard in the form": (
        "guard-never-true", changed("when: level >= 2", "when: level >= 4"), "Ask Reply"),
    "a weight that is always 0": (
        "weight-always-zero", changed('"IV V:2": 1', '"IV V:2": 0 * level'), "IV V:2"),
    "a weight of 0 written out": (
        "weight-always-zero", changed('"IV V:2": 1', '"IV V:2": 0'), "IV V:2"),
    "a production that is too long": (
        "dead-production", changed('"IV V:2": 1', '"IV V:5": 1'), "IV V:5"),
    "a production whose rest finds no room": (
        "dead-production", changed('"IV V:2": 1', '"IV V:2": 1, "IV ii V:3": 1'), "IV ii"),
    "a symbol in it that never ends": (
        "dead-production", changed('"IV V:2": 1', '"IV V:2": 1, "Loop V": 1')
        + '  Loop: {"I Loop": 1, "I": {weight: 1, when: level > 3}}\n', None),
    "a head that nothing leads to": (
        "unreachable-production", changed('  Close(PAC): {', '  Spare: "I V"\n  Close(PAC): {'), "Spare"),
    "a head of the form for another cadence": (
        "unreachable-production", changed('  Answer:', '  Spare: "Phrase(cadence=IAC)"\n  Answer:'), "Spare"),
    "an attribute that nothing reads": (
        "unread-attribute", changed('"Phrase(cadence=HC)"', '"Phrase(cadence=HC, colour=red)"'), "colour=red"),
    "an attribute declared for nothing": (
        "unread-attribute", changed("phrase-length:", "attributes: [colour]\nphrase-length:"), "[colour]"),
    "a head under two names": (
        "same-productions", changed('  Answer: "Phrase(cadence=PAC)"', '  Answer: "Phrase(cadence=PAC)"\n'
                                    '  Other: "Phrase(cadence=PAC)"').replace('"Ask Answer": 2', '"Ask Answer": 2\n'
                                                                              '    "Ask Other": 1'), "  Other:"),
    "a phrase without harmony": (
        "no-harmony", changed('  Close(PAC): {"V:2 I": 1, "V7:2 I": 1}', '  Close(PAC): "V I"'), "Phrase(cadence=PAC)"),
    "a phrase of another length": (
        "no-harmony", changed('"Phrase(cadence=HC)"', '"Phrase(cadence=HC)[length=7/2]"'), "length=7/2"),
    "a length no form has": ("no-form", changed("length: 2}", "length: 3}"), "  Piece:"),
    "a parameter that makes a form too long": (
        "impossible-length", changed("length: 2}", 'length: "2 if level < 3 else 500"}'), "else 500"),
    "a production twice": (
        "duplicate", changed('Close(IAC): "V:2 I"', 'Close(IAC): ["V:2 I", "V:2 I"]'), None),
}


def found_in(style: Style, **given: object) -> list[Finding]:
    return list(study(Subject(style, given=given)).findings)


def test_a_style_without_defects_has_no_findings(tmp_path: Path) -> None:
    assert found_in(style_of(SMALL, tmp_path)) == []


@pytest.mark.parametrize("defect", PLANTED)
def test_planted_defects_are_found(defect: str, tmp_path: Path) -> None:
    kind, text, words = PLANTED[defect]
    fitting = [one for one in found_in(style_of(text, tmp_path)) if one.kind == kind]
    assert fitting and all(one.mark and one.proof and one.hint for one in fitting)
    if words is not None:
        assert [one.mark.line for one in fitting if one.mark] == [line_of(words, text)]


@pytest.mark.parametrize("name", ["guard-never-true", "weight-always-zero", "dead-production"])
def test_of_one_parameter_value_only_it_is_a_note(name: str, tmp_path: Path) -> None:
    text = next(text for kind, text, _ in PLANTED.values() if kind == name)
    severities = {one.severity for one in found_in(style_of(text, tmp_path), level=1) if one.kind in OF_NO_USE}
    assert severities == {"note"}


def test_what_is_of_use_is_what_derivations_use(tmp_path: Path) -> None:
    """The productions that are not complained about are those of all derivations, written out one by one."""
    text = changed('"IV V:2": 1', '"IV V:2": 1, "IV V:5": 1, "ii6 V": {weight: 1, when: strength == 3}, "V64 V:2": 1')
    style = style_of(text, tmp_path)
    used = {step.production.text for group in asked(Subject(style)).groups for root in group.roots
            for goal in root.goals() for derivation in harmony_chart(style, group.values, root.meter).enumerate(goal)
            for step in derivation.nodes() if step.production}
    written = {production.text for _, production in style.harmony.productions()} if style.harmony else set()
    told = {one.about.partition(": ")[2] for one in found_in(style) if one.kind in OF_NO_USE}
    assert told == written - used != set()


def test_only_what_the_style_itself_writes_is_told(tmp_path: Path) -> None:
    style_of(changed('"IV V:2": 1', '"IV V:5": 1'), tmp_path, "base.yaml")
    over = style_of("theorygen: 1\nextends: base.yaml\ntitle: Over\n", tmp_path, "over.yaml")
    assert found_in(over) == []


def test_an_empty_phrase_hides_what_follows_it(tmp_path: Path) -> None:
    """A phrase that cannot be is one error, however strangely the next one would begin."""
    text = changed('"Phrase(cadence=HC)"', '"Phrase(cadence=HC)[length=7/2]"')
    assert [one.kind for one in found_in(style_of(text, tmp_path)) if one.kind == "no-harmony"] == ["no-harmony"]


@pytest.mark.parametrize("name", [name for name in shipped_styles() if name not in ("common-practice", "small-forms")])
def test_shipped_styles_have_no_errors(name: str) -> None:
    told = study(Subject(load_style(name)))
    assert [one.message for one in told.findings if one.severity != "note"] == []


def test_a_base_is_looked_at_head_by_head(tmp_path: Path) -> None:
    base = SMALL[:SMALL.index("ensemble")] + "abstract: true\nmeter: 4/4\n" + SMALL[SMALL.index("harmony:"):]
    text = changed('"IV V:2": 1', '"IV V:2": {weight: 1, when: strength > 3}', base)
    assert [one.kind for one in found_in(style_of(text, tmp_path))] == ["guard-never-true"]
    assert found_in(style_of(base, tmp_path)) == []
