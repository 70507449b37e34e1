"""Plans: keys, lengths, pivots and open chords of small styles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from theorygen.compose.composition import Composer
from theorygen.compose.plan import Plan, Planner, Unplannable
from theorygen.grammar.style import Style, lint_style, load_style, resolve_parameters
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key

SMALL = """\
theorygen: 1
ensemble: satb
meter: 4/4
phrase-length: 4
tempo: 80
keys: {major: [C], minor: [a]}
goal: {symbol: Piece, length: 1}
form: {Piece: Phrase}
harmony: {Phrase: I IV V I}
"""

Write = Callable[..., Style]


@pytest.fixture
def style(tmp_path: Path) -> Write:
    """A style like `SMALL` with some lines put in the place of others."""

    def write(*changes: tuple[str, str]) -> Style:
        text = SMALL
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path = tmp_path / "small.yaml"
        path.write_text(text, encoding="utf-8")
        return load_style(path)

    return write


def plan_of(style: Style, key: str | None = None, seed: int = 1, **parameters: Any) -> Plan:
    planner = Planner(style, resolve_parameters(style, {name: str(value) for name, value in parameters.items()}))
    return planner.plan(Chance(seed), Key.parse(key) if key else None, 0)


def numerals(plan: Plan) -> list[str]:
    return [str(numeral) for chord in plan.chords for numeral, _ in chord.alternatives]


# lengths


def test_lengths_are_exact(style: Write) -> None:
    thirds = style(("phrase-length: 4", "phrase-length: 16 / 3\nunit: 4 / 3"))
    assert plan_of(thirds).chords[-1].onset == 4
    tenths = style(("phrase-length: 4", "phrase-length: 4 * 0.3\nunit: 0.3"))
    assert {chord.duration for chord in plan_of(tenths).chords} == {Fraction(3, 10)}


@pytest.mark.parametrize("weight", ["1 / (duration - 4)", "1 % (duration - 4)"])
def test_a_weight_that_divides_by_zero_says_where(style: Write, weight: str) -> None:
    divides = style(("{Phrase: I IV V I}", f"{{Phrase: {{I IV V I: {weight}}}}}"))
    with pytest.raises(InputError) as refused:
        plan_of(divides)
    assert refused.value.diagnostics[0].code == "division-by-zero" and refused.value.diagnostics[0].mark


def test_a_guard_that_divides_by_zero_says_where(style: Write) -> None:
    divides = style(("{Phrase: I IV V I}", "{Phrase: {I IV V I: {when: 1 / (duration - 4) > 0}}}"))
    with pytest.raises(InputError) as refused:
        plan_of(divides)
    assert refused.value.diagnostics[0].code == "division-by-zero" and refused.value.diagnostics[0].mark


def test_a_length_that_a_parameter_makes_impossible_says_where(style: Write) -> None:
    longer = style(("phrase-length: 4", "phrase-length: bars * bar"),
                   ("meter: 4/4", "meter: 4/4\nparameters: {bars: {default: 1, range: [0, 9999]}}"))
    assert plan_of(longer).phrases[0].harmony.duration == 4
    for bars in (0, 2000):
        with pytest.raises(InputError) as refused:
            plan_of(longer, bars=bars)
        assert refused.value.diagnostics[0].code == "bad-length" and refused.value.diagnostics[0].mark


@pytest.mark.parametrize(("tempo", "possible"), [
    ("80", {80}), ("[66, 68]", {66, 67, 68}), ("[66.2, 66.8]", {Fraction("66.2")}),
    ("[66.5, 68]", {Fraction("66.5"), Fraction("67.5")})])
def test_a_tempo_keeps_to_its_range(style: Write, tempo: str, possible: set[Fraction]) -> None:
    steady = style(("tempo: 80", f"tempo: {tempo}"))
    assert {plan_of(steady, seed=seed).tempo for seed in range(20)} == possible


# forms


def test_a_form_without_a_harmony_is_drawn_again(style: Write) -> None:
    sometimes = style(("Piece: Phrase", "Piece: ['Phrase[length=5]', Phrase]"))
    composer = Composer(sometimes)
    composer.prepare(range(8))
    attempts = [composer.compose(seed).attempts for seed in range(8)]
    assert max(attempts) > 1


def test_a_style_without_any_harmony_of_the_length_says_so(style: Write) -> None:
    never = style(("phrase-length: 4", "phrase-length: 5"))
    with pytest.raises(Unplannable) as refused:
        Composer(never).compose(1)
    found = refused.value.diagnostics[0]
    assert found.code == "no-derivation" and "4" in found.expected and found.mark is not None


# keys


def test_the_home_numeral_is_the_home_key_in_any_mode(style: Write) -> None:
    dorian = style(("{major: [C], minor: [a]}", "{dorian: [D]}"), ("I IV V I", "i IV v i"))
    for plan in (plan_of(dorian), plan_of(dorian, "D dorian")):
        assert {chord.alternatives[0][0].key for chord in plan.chords} == {Key.parse("D dorian")}
    assert not any(numeral.altered for chord in plan.chords for numeral, _ in chord.alternatives)


def test_other_keys_are_counted_from_the_home_key(style: Write) -> None:
    lydian = style(("{major: [C], minor: [a]}", "{lydian: [F]}"),
                   ("{Phrase: I IV V I}", "{Phrase: 'I X(key=V) Y(key=i)', X: I V, Y: i}"))
    keys = [str(chord.alternatives[0][0].key) for chord in plan_of(lydian, "F lydian").chords]
    assert keys == ["F lydian", "C major", "C major", "F minor"]


# open chords


def test_equal_alternatives_count_once(style: Write) -> None:
    twice = style(("I IV V I", '"{I|I} {IV|ii6|IV} V I"'))
    open_chords = [[(str(one), weight) for one, weight in chord.alternatives] for chord in plan_of(twice).chords]
    assert open_chords[:2] == [[("I", 2.0)], [("IV", 2.0), ("ii6", 1.0)]]


def test_two_texts_of_one_chord_count_once(style: Write) -> None:
    twice = style(("I IV V I", '"i {VI|bVI} V i"'))
    assert [weight for _, weight in plan_of(twice, "a").chords[1].alternatives] == [2.0]


# pivots


def test_a_pivot_is_read_in_the_key_being_left(style: Write) -> None:
    farther = style(("I IV V I", "'I X(key=V) Y(key=ii)', X: 'I', Y: 'IV[pivot=I] I'"))
    third = plan_of(farther, "C").chords[2]
    assert third.pivot is not None and third.pivot.key == Key.parse("G") and str(third.pivot) == "I"


def test_a_pivot_that_is_right_in_one_key_only_says_where(style: Write) -> None:
    some = style(("I IV V I", "'I X(key=V) I(key=I) X(key=IV)', X: 'ii[pivot=vi]'"))
    with pytest.raises(InputError) as refused:
        plan_of(some, "C")
    found = refused.value.diagnostics[0]
    assert found.code == "wrong-pivot" and found.mark and "vi" in found.mark.text


def test_lint_finds_nothing_in_the_small_style(style: Write) -> None:
    assert lint_style(style().file) == []
