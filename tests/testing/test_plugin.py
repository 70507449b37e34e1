"""The plugin for pytest, run by pytest itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from theorygen.grammar.style import load_style
from theorygen.rules.rule_set import load_library, profile
from theorygen.source.diagnostic import InputError
from theorygen.testing.following import assert_follows, failure_report

GOOD = "in C: V I(PAC) | S: B4 C5 | A: G4 G4 | T: D4 E4 | B: G3 C3"
FIFTHS = "in C: I V I | S: G4 D5 C5 | A: E4 G4 G4 | T: C4 B3 C4 | B: C3 G3 C3"
STYLE = """
theorygen: 1
extends: textbook-chorale
claims:
  - {rule: parallel-fifths}
  - {name: sopranos stay low, over: note, when: voice == soprano, require: pitch <= C4}
rules:
  no-fifths:
    over: voice-pair-motion
    forbid: before.simple == P5 and after.simple == P5
    message: "{upper.voice} and {lower.voice} move {before} to {after}"
    because: Parallel fifths fuse two voices into one.
    good: ["S: G4 F4 | B: C4 D4", "S: G4 A4 | B: C4 D4"]
    bad: ["S: G4 A4 | B: C4 D4"]
"""
FAST = ("-p", "no:cacheprovider", "-p", "no:xdist", "--theorygen-pieces", "1", "-k",
        "claim or no-fifths or parallel-fifths")


def test_a_score_that_follows_passes() -> None:
    assert_follows(GOOD)
    assert_follows(GOOD, profile("strict-textbook"))


@pytest.mark.parametrize("rules", ["strict-textbook", "textbook-chorale", ["parallel-fifths"],
                                   load_style("textbook-chorale"), profile("ap-marking")],
                         ids=["profile", "style by name", "rules by id", "style", "rule set"])
def test_a_failure_shows_rule_place_reason_and_voices(rules: object) -> None:
    with pytest.raises(AssertionError) as failure:
        assert_follows(FIFTHS, rules)  # type: ignore[arg-type]
    told = str(failure.value)
    for part in ("parallel-fifths", "measure 1, beat 1 to beat 2", "fuse two voices", "Soprano │ G4   D5 C5", "Bass "):
        assert part in told


def test_only_measures_with_faults_are_shown() -> None:
    clean, fault = "S: " + "G4 F4 " * 4, "S: " + "G4 A4 " * 2
    told = failure_report(f"{clean}{fault[3:]} | B: {'C4 D4 ' * 6}", ["parallel-fifths"])
    rows = [line.split("│", 1)[1].split() for line in told.splitlines() if line.startswith("    Soprano")]
    assert rows == [["G4", "A4", "G4", "A4"]] * 3


def test_many_faults_are_counted_and_some_shown() -> None:
    many = "S: " + "G4 A4 " * 8 + "| B: " + "C4 D4 " * 8
    told = failure_report(many, ["parallel-fifths"])
    assert told.startswith("15 faults") and told.endswith("and 10 more")


def test_a_rule_that_only_costs_is_forbidden_when_named() -> None:
    graded = next(name for name, rule in load_library().items() if rule.cost and rule.bad)
    assert failure_report(load_library()[graded].bad[0], [graded])
    assert not failure_report(load_library()[graded].good[0], [graded])


@pytest.mark.parametrize(("score", "rules", "told"), [
    (GOOD, ["paralel-fifths"], "did you mean 'parallel-fifths'"),
    (GOOD, "textbok-chorale", "textbook-chorale"),
    ("missing.musicxml", "strict-textbook", "missing.musicxml"),
])
def test_wrong_input_teaches(score: str, rules: Sequence[str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        assert_follows(score, rules)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a style and tests."""
    (pytester.path / "mine.yaml").write_text(STYLE, encoding="utf-8")
    pytester.makepyfile(test_mine="""
        import pytest

        @pytest.mark.theory(style="minuet")
        def test_claim_minuet(theory_style, theory_rules):
            assert theory_style.name == "minuet" and theory_rules is theory_style.rules

        def test_claim_default(theory_style):
            assert theory_style.name in ("textbook-chorale", "mine")

        @pytest.mark.theory(profile="ap-marking")
        def test_claim_profile(theory_rules, assert_follows):
            assert_follows("in C: V I | S: B4 C5 | B: G3 C3", theory_rules)
    """)
    return pytester


@pytest.mark.slow
def test_claims_and_examples_are_collected_with_their_lines(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--theorygen-style", "mine.yaml", *FAST)
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 2 and outcomes["passed"] > 8
    result.stdout.fnmatch_lines(["*mine.yaml:13: rule 'no-fifths' is broken in this good example*",
                                 "*mine.yaml:6: seed 0 breaks the claim 'sopranos stay low'",
                                 "*Soprano │*", "*theorygen compose mine.yaml --seed 0"])


@pytest.mark.slow
def test_one_test_can_be_named(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--theorygen-style", "mine.yaml", "-p", "no:cacheprovider",
                                         "mine.yaml::no-fifths[bad-0]")
    assert result.parseoutcomes()["passed"] >= 1


@pytest.mark.parametrize(("arguments", "told"), [
    (("--theorygen-style", "textbok-chorale"), "*did you mean 'textbook-chorale'*"),
    (("--theorygen-style", "mine.yaml", "--theorygen-pieces", "0"), "*at least 1 piece*"),
])
def test_wrong_options_teach(project: pytest.Pytester, arguments: tuple[str, ...], told: str) -> None:
    result = project.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_style_that_cannot_be_read_is_told_as_lint_tells_it(project: pytest.Pytester) -> None:
    (project.path / "mine.yaml").write_text(STYLE.replace("extends", "extend"), encoding="utf-8")
    result = project.runpytest_inprocess("--theorygen-style", "mine.yaml", "-p", "no:cacheprovider")
    assert result.parseoutcomes()["errors"] == 1
    result.stdout.fnmatch_lines(["*mine.yaml:3:1*", "*extends*"])
    assert "Traceback" not in result.stdout.str()


def test_without_the_option_nothing_heavy_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_light():
            assert not {"numpy", "music21", "hypothesis.strategies", "theorygen.rules"} & set(sys.modules)
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:xdist")
    assert result.parseoutcomes() == {"passed": 1}
