"""Scores with one fault: exactly that one, by the checker; shrunk to what the rule looks at, in the plainest key."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import find, given, settings

from tests.testing.drawing import SHRINKING, drawn, plainest
from tests.testing.test_in_style import run
from theorygen.compose.composition import solved_rules
from theorygen.grammar.style import load_style
from theorygen.rules.check import check
from theorygen.rules.windows import WINDOWS
from theorygen.score.score import Score
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.testing import faulty_scores
from theorygen.testing.faults import Row, faults_of
from theorygen.testing.voices import Voices
from theorygen.theory import Key

CHORALE = "textbook-chorale"
IMPOSSIBLE = {
    # Cadences are what chords make, so no label is wrong.
    "cadence-pac", "cadence-bass-leap", "cadence-iac", "cadence-hc", "cadence-phrygian-hc", "cadence-deceptive",
    "cadence-plagal", "cadence-evaded", "no-v7-at-hc",
    # In block chords no note is foreign, no voice rests, and none leaves its range.
    "suspension-no-doubled-resolution", "suspension-not-excuse", "ncts-do-not-excuse-parallels",
    "nct-not-on-cadence-goal", "nct-creates-parallels", "nct-creates-parallels-anticipation", "chord-tones-only",
    "spelling-correct", "accidental-minor-dominant", "three-part-completeness", "voice-count", "strong-beat-parallels",
    "range-soprano", "range-alto", "range-tenor", "range-bass", "range-voice",
    # One phrase has no edge inside.
    "parallel-unison-octave-across-phrases", "parallel-fifths-across-phrases", "contrary-perfect-across-phrases",
    # Not without another fault among the chords that are tried.
    "figured-bass-suspension-others", "no-chromatic-semitone-diatonic", "direct-unison",
}
RULES = sorted({rule.name for rule in solved_rules(load_style(CHORALE)).hard} - IMPOSSIBLE)
SPANS = {rule.name: WINDOWS[rule.rule.over].slots for rule in solved_rules(load_style(CHORALE)).hard
         if rule.rule.over in WINDOWS}
PAIRWISE = [name for name in RULES if SPANS[name] == 2]
OTHERS = [name for name in RULES if SPANS[name] != 2]


@cache
def rules_of_style() -> object:
    return solved_rules(load_style(CHORALE))


def faults(score: Score) -> list[str]:
    """The hard rules broken of those that are kept while composing, one for each fault."""
    return [one.rule for one in check(score, rules_of_style()) if one.hard]  # type: ignore[arg-type]


def test_most_hard_rules_can_be_broken_alone() -> None:
    assert len(PAIRWISE) > 25 and len(OTHERS) > 20


@pytest.mark.parametrize("rule", PAIRWISE)
def test_a_fault_of_two_chords_shrinks_to_two(rule: str) -> None:
    found = find(faulty_scores(rule), lambda score: rule in faults(score), settings=SHRINKING)
    assert len(found.chords) == 2
    assert faults(found) == [rule]
    assert found.keys[0][1] in (Key.parse("C"), Key.parse("a"))


@pytest.mark.parametrize("rule", OTHERS)
def test_a_fault_shrinks_to_what_its_rule_looks_at(rule: str) -> None:
    found = find(faulty_scores(rule), lambda score: rule in faults(score), settings=SHRINKING)
    assert len(found.chords) == SPANS[rule]
    assert faults(found) == [rule]


@pytest.mark.parametrize("rule", ["parallel-fifths", "parallel-unison-octave", "direct-octaves-outer", "voice-overlap",
                                  "leading-tone-outer-resolves", "all-voices-similar"])
def test_a_failing_test_ends_at_two_chords_in_c_major(rule: str) -> None:
    seen = []

    @settings(SHRINKING, max_examples=30)
    @given(faulty_scores(rule, keys=["C", "G", "f#"] if rule == "parallel-fifths" else None))
    def there_is_no_fault(score: Score) -> None:
        seen.append(score)
        assert rule not in faults(score)

    with pytest.raises(AssertionError):
        there_is_no_fault()
    assert len(seen[-1].chords) == 2
    assert seen[-1].keys[0][1] == Key.parse("C")


@pytest.mark.parametrize("rule", ["parallel-fifths", "voice-crossing", "melodic-no-large-leap-recovery",
                                  "seventh-resolves-down", "no-double-leading-tone"])
def test_it_is_the_only_fault_whatever_stands_around(rule: str) -> None:
    scores = list(drawn(faulty_scores(rule), 25))
    assert all(faults(score) == [rule] for score in scores)
    assert len({len(score.chords) for score in scores}) == 3


def test_other_faults_of_the_rule_may_be_allowed() -> None:
    counts, style, row = [], load_style(CHORALE), Row(Key.parse("C"), ("I",), 0, 0)
    for only in (True, False):
        task, voices = faults_of(style, "voice-crossing", only).solve(row)
        assert isinstance(voices, Voices)
        scores = [task.score(voices.draw(Chance(seed))) for seed in range(40)]
        assert all(set(faults(score)) == {"voice-crossing"} for score in scores)
        counts.append(voices.count)
    assert counts[0] < counts[1]
    assert all(set(faults(one)) == {"voice-crossing"} for one in drawn(faulty_scores("voice-crossing", only=False), 10))


def test_the_command_finds_that_fault_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for score in drawn(faulty_scores("parallel-fifths", chords=(2, 4)), 4):
        assert run(score.command) == 1
        assert run(f"{score.command} --without parallel-fifths") == 0


@pytest.mark.parametrize(("make", "message"), [
    (lambda: faulty_scores("paralel-fifths"), "parallel-fifths"),
    (lambda: faulty_scores("phrase-has-cadence"), "judged on finished scores only"),
    (lambda: faulty_scores("range-alto"), "no music was found"),
    (lambda: faulty_scores("parallel-fifths", chords=1), "cannot be broken in 1 chords"),
    (lambda: faulty_scores("parallel-fifths", "no-such-style"), "no-such-style"),
])
def test_what_cannot_be_is_told(make: object, message: str) -> None:
    with pytest.raises(InputError) as error:
        plainest(make())  # type: ignore[operator]
    assert message in str(error.value)
