"""Rule sets: profiles, patches, a style's own rules, and located errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet, load_library, load_profiles, profile, resolve_rules
from theorygen.score import Score, parse_text_score
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.document import parse_document

FIFTHS = "S: G4 A4 | B: C4 D4"


def resolved(text: str) -> RuleSet:
    """The rule set of a style that consists of these lines under ``rules:``."""
    document = parse_document(_style(text), "style.yaml")
    return resolve_rules(document.data["rules"], document)


def _style(text: str) -> str:
    return "rules:\n" + "".join(f"  {line}\n" for line in text.splitlines())


def entries(rules: RuleSet, name: str) -> list[tuple[bool, int]]:
    """Strengths of one rule: whether hard, and its weight."""
    return [(rule.hard, rule.weight) for rule in rules.rules if rule.name == name]


def broken(text: str, rules: RuleSet) -> list[tuple[str, bool, int]]:
    """Id, hardness and cost of every violation."""
    return [(one.rule, one.hard, one.cost) for one in check(parse_text_score(text), rules)]


def problems(text: str) -> list[Diagnostic]:
    """What is wrong with a ``rules:`` section."""
    with pytest.raises(InputError) as caught:
        resolved(text)
    return list(caught.value.diagnostics)


# profiles


@pytest.mark.parametrize("name", load_profiles())
def test_a_profile_takes_each_rule_as_strong_as_the_rule_says(name: str) -> None:
    taken = {rule.name: "hard" if rule.hard else rule.weight / 1000 for rule in profile(name).rules}
    assert taken == {rule.name: rule.strength[name] for rule in load_library().values()
                     if rule.strength.get(name, "off") != "off"}


def test_an_unknown_profile_is_no_profile() -> None:
    with pytest.raises(KeyError):
        profile("strict")


def test_a_style_uses_a_profile() -> None:
    assert resolved("use: [ap-marking]") == resolved("use: ap-marking") == profile("ap-marking")


def test_a_later_profile_wins() -> None:
    rules = resolved("use: [strict-textbook, bach-chorale]")
    assert entries(rules, "voice-overlap") == entries(profile("bach-chorale"), "voice-overlap")
    assert {rule.name for rule in rules.rules} > {rule.name for rule in profile("bach-chorale").rules}


def test_rules_of_a_set_are_chosen_and_dropped_by_name() -> None:
    strict = profile("strict-textbook")
    assert {rule.name for rule in strict.only(["parallel-fifths"]).rules} == {"parallel-fifths"}
    assert not entries(strict.without(["parallel-fifths"]), "parallel-fifths")
    assert set(strict.hard) | set(strict.weighted) == set(strict.rules)
    assert all(rule.rule.over == "note" for rule in strict.over("note"))


# patches


PATCHES = [
    ("a weight", "parallel-fifths: 20", [(False, 20_000)]),
    ("a fraction", "parallel-fifths: 0.5", [(False, 500)]),
    ("hard", "voice-overlap: hard", [(True, 0)]),
    ("off", "parallel-fifths: off", []),
    ("quoted off", "parallel-fifths: 'off'", []),
    ("no weight", "parallel-fifths: 0", []),
    ("a mapping with a weight", "parallel-fifths: {weight: 7}", [(False, 7_000)]),
    ("a mapping with a strength", "parallel-fifths: {strength: hard}", [(True, 0)]),
    ("weaker across phrases", "parallel-fifths: {across-phrases: 20}", [(False, 20_000), (True, 0)]),
    ("off across phrases", "parallel-fifths: {across-phrases: off}", [(True, 0)]),
    ("off in a region", "parallel-fifths: {regions: {sequence: off}}", [(True, 0)]),
    ("weights in two regions", "parallel-fifths: {regions: {sequence: 3, pedal: 4}}",
     [(False, 3_000), (False, 4_000), (True, 0)]),
    ("a name with a quote", "parallel-fifths: {regions: {\"player's\": 3}}", [(False, 3_000), (True, 0)]),
    ("only somewhere", "parallel-fifths: {when: upper.is_top, weight: 3}", [(False, 3_000)]),
]


@pytest.mark.parametrize(("patch", "expected"), [pytest.param(*case[1:], id=case[0]) for case in PATCHES])
def test_a_patch_changes_a_strength(patch: str, expected: list[tuple[bool, int]]) -> None:
    name = patch.partition(":")[0]
    rules = resolved(f"use: [strict-textbook]\n{patch}")
    assert entries(rules, name) == expected
    assert rules.without([name]) == profile("strict-textbook").without([name])


def test_a_rule_of_the_library_can_be_taken_alone() -> None:
    assert [rule.name for rule in resolved("parallel-fifths: 20").rules] == ["parallel-fifths"]
    both = "parallel-fifths: {strength: hard, across-phrases: 20}"
    assert [rule.name for rule in resolved(both).rules] == ["parallel-fifths"] * 2


@pytest.mark.parametrize(("patch", "strengths"), [
    ("{regions: {nowhere: 5}}", [(False, 5_000)]), ("{across-phrases: 20}", [(False, 20_000)]),
    ("{regions: {sequence: off}}", []), ("{when: upper.leaps, weight: 2}", [(False, 2_000)]),
])
def test_a_patch_turns_a_rule_on_only_where_it_says_so(patch: str, strengths: list[tuple[bool, int]]) -> None:
    assert entries(resolved(f"voice-overlap: {patch}"), "voice-overlap") == strengths


def test_a_patch_leaves_the_library_as_it_was() -> None:
    before = profile("strict-textbook")
    resolved("use: [strict-textbook]\nparallel-fifths: {weight: 1, regions: {sequence: off}}")
    assert profile("strict-textbook") == before


def test_a_boundary_is_judged_by_its_own_strength() -> None:
    rules = resolved("direct-octaves-outer: {strength: hard, across-phrases: 3}")
    inside = "in C: I V | S: E4 G4 | B: C3 G3"
    assert broken(inside, rules) == [("direct-octaves-outer", True, 0)]
    assert broken(inside.replace("I V", "I // V"), rules) == [("direct-octaves-outer", False, 3_000)]


def _relabelled(score: Score, region: str) -> Score:
    return replace(score, chords=tuple(replace(chord, region=region) for chord in score.chords))


def test_a_region_is_judged_by_its_own_strength() -> None:
    rules = resolved("direct-octaves-outer: {strength: hard, regions: {sequence: 3, pedal: off}}")
    text = "in C: I V | S: E4 G4 | B: C3 G3"
    verdicts = {region: [(one.hard, one.cost) for one in check(_relabelled(parse_text_score(text), region), rules)]
                for region in ("sequence", "pedal", "elsewhere")}
    assert verdicts == {"sequence": [(False, 3_000)], "pedal": [], "elsewhere": [(True, 0)]}


def test_a_condition_narrows_a_rule() -> None:
    assert broken(FIFTHS, resolved("parallel-fifths: {strength: hard, when: upper.is_top}"))
    assert not broken(FIFTHS, resolved("parallel-fifths: {strength: hard, when: not upper.is_top}"))


def test_several_faults_of_one_rule_cost_together() -> None:
    rules = resolved("parallel-fifths: {weight: 2}")
    assert [cost for _, _, cost in broken("S: G4 A4 G4 | B: C4 D4 C4", rules)] == [2_000, 2_000]


# a style's own rules


OWN = """\
no-thirds:
  over: melodic-step
  when: is_top
  forbid: abs(steps) == 2
  unless: {arpeggio: chords.same}
  message: "{voice} leaps a third, {before} to {after}"
"""


def test_a_style_adds_a_rule() -> None:
    rules = resolved(OWN)
    (one,) = check(parse_text_score("in C: I V | S: E5 G5 | B: C3 B2"), rules)
    assert (one.rule, one.hard, one.message) == ("no-thirds", True, "soprano leaps a third, E5 to G5")
    assert not broken("in C: I I6 | S: E5 G5 | B: C3 E3", rules)


@pytest.mark.parametrize(("line", "expected"), [
    ("", (True, 0)), ("strength: hard", (True, 0)), ("strength: 4", (False, 4_000)),
])
def test_its_strength_is_hard_unless_said(line: str, expected: tuple[bool, int]) -> None:
    assert entries(resolved(f"{OWN}  {line}" if line else OWN), "no-thirds") == [expected]


def test_a_graded_rule_weighs_one_unless_said() -> None:
    own = "leaps: {over: melodic-step, cost: abs(steps)}"
    assert broken("S: C5 E5", resolved(own)) == [("leaps", False, 2_000)]
    assert broken("S: C5 E5", resolved(own.replace("cost", "strength: 3, cost"))) == [("leaps", False, 6_000)]


def test_a_style_can_replace_a_rule_of_the_library() -> None:
    rules = resolved("use: [strict-textbook]\nparallel-fifths: {over: melodic-step, forbid: leaps, strength: 2}")
    (only,) = (rule for rule in rules.rules if rule.name == "parallel-fifths")
    assert (only.rule.over, only.weight) == ("melodic-step", 2_000)


def test_open_words_of_all_rules_get_codes() -> None:
    rules = resolved("low: {over: note, forbid: voice == viola}\nhigh: {over: note, when: place.region == verse, "
                     "forbid: is_top}")
    assert set(rules.codes) == {"viola", "verse"}
    assert {"voice", "place.region", "is_top"} == rules.names


# errors


ERRORS = [
    ("unknown profile", "use: [strict-textbok]", "unknown-profile", 2, "strict-textbok", "strict-textbook"),
    ("a profile that is no word", "use: [[a]]", "unknown-profile", 2, "[a]", None),
    ("unknown rule", "parallel-fiths: 3", "unknown-rule", 2, "parallel-fiths", "parallel-fifths"),
    ("unknown patch", "parallel-fifths: {weigth: 3}", "unknown-key", 2, "weigth", "weight"),
    ("negative weight", "parallel-fifths: -3", "bad-strength", 2, "-3", None),
    ("true is no weight", "parallel-fifths: {weight: true}", "bad-strength", 2, "true", None),
    ("a word that is no strength", "parallel-fifths: strong", "bad-strength", 2, "strong", None),
    ("a list", "parallel-fifths: [1]", "bad-strength", 2, "[1]", None),
    ("regions without names", "parallel-fifths: {regions: off}", "wrong-type", 2, "off", None),
    ("bad strength in a region", "parallel-fifths: {regions: {sequence: of}}", "bad-strength", 2, "of", None),
    ("one slot across phrases", "chord-tones-only: {across-phrases: 20}", "patch-misfit", 2, "across-phrases", None),
    ("a whole line in regions", "single-climax: {regions: {sequence: off}}", "patch-misfit", 2, "regions", None),
    ("a graded rule made hard", "melodic-step-preference: hard", "bad-strength", 2, "hard", None),
    ("a condition of a rule that is off", "parallel-fifths: {when: upper.is_top}", "inactive-rule", 2,
     "parallel-fifths", None),
    ("no such numeral", "own:\n  over: note\n  forbid: chord.numeral == 'I7x'", "bad-expression", 4, "'I7x'", None),
    ("nothing to be applied to", "own:\n  over: note\n  forbid: chord.applied_to == W", "bad-expression", 4, "W", None),
    ("a voice and a region", "own:\n  over: note\n  forbid: voice == place.region", "bad-expression", 4,
     "place.region", None),
    ("bad condition in a patch", "parallel-fifths: {weight: 2, when: upper.is_topp}", "bad-expression", 2,
     "upper.is_topp", "upper.is_top"),
    ("unknown field", "own:\n  over: melodic-step\n  forbid: is_top and stepps == 3", "bad-expression", 4, "stepps",
     "steps"),
    ("one equals sign", "own:\n  over: melodic-step\n  forbid: steps = 3", "bad-expression", 4, "=", None),
    ("unknown word", "own:\n  over: note\n  forbid: member == sevent", "bad-expression", 4, "sevent", "seventh"),
    ("a number for a truth", "own:\n  over: melodic-step\n  forbid: steps", "bad-expression", 4, "steps", None),
    ("a truth for an amount", "own:\n  over: melodic-step\n  cost: leaps", "bad-expression", 4, "leaps", None),
    ("bad exception", "own:\n  over: melodic-step\n  forbid: leaps\n  unless: {top: is_tip}", "bad-expression", 5,
     "is_tip", "is_top"),
    ("a division by zero", "own:\n  over: melodic-step\n  cost: 1 / 0", "bad-expression", 4, "0", None),
    ("words of two lists", "own:\n  over: note\n  forbid: chord.kind == chord.quality", "bad-expression", 4,
     "chord.quality", None),
    ("unnamed exceptions", "own:\n  over: melodic-step\n  forbid: leaps\n  unless: [is_top]", "wrong-type", 5,
     "[is_top]", None),
    ("unknown field in the message", "own:\n  over: melodic-step\n  forbid: leaps\n  message: \"the {vois} leaps\"",
     "unknown-field", 5, "{vois}", "voice"),
    ("a condition of no note", "own:\n  over: sonority\n  forbid: count.seventh > 1\n  points-at: membr == seventh",
     "bad-expression", 5, "membr", "member"),
    ("no such note", "own:\n  over: voice-pair-motion\n  forbid: similar\n  points-at: [uper.after]", "unknown-note", 5,
     "uper.after", "upper.after"),
    ("no smaller window", "own:\n  over: voice-pair\n  forbid: outer\n  points-at: {melodic-step: leaps}",
     "unknown-note", 5, "melodic-step", None),
    ("a note of a line", "own:\n  over: voice-line\n  fold: climax\n  forbid: is_top\n  points-at: [higest]",
     "unknown-note", 6, "higest", "highest"),
    ("unknown window", "own: {over: melodic-stp, forbid: leaps}", "unknown-window", 2, "melodic-stp", "melodic-step"),
    ("no window", "own: {forbid: leaps}", "unknown-window", 2, "own", None),
    ("no verdict", "own: {over: melodic-step}", "rule-verdict", 2, "own", None),
    ("two verdicts", "own:\n  over: melodic-step\n  forbid: leaps\n  require: leaps", "rule-verdict", 5, "require",
     None),
    ("unknown key", "own: {over: melodic-step, forbid: leaps, mesage: x}", "unknown-key", 2, "mesage", "message"),
    ("unknown grid", "own: {over: melodic-step, forbid: leaps, on: skeletn}", "unknown-grid", 2, "skeletn", "skeleton"),
    ("a line without a fold", "own: {over: voice-line, forbid: is_top}", "unknown-fold", 2, "own", None),
    ("unknown fold", "own: {over: voice-line, fold: climx, forbid: is_top}", "unknown-fold", 2, "climx", "climax"),
    ("a fold without a line", "own: {over: note, fold: climax, forbid: is_top}", "unknown-fold", 2, "fold", None),
    ("a phrase as a window", "own: {over: phrases, forbid: last}", "unknown-window", 2, "phrases", "phrase"),
    ("chords without a fold", "own: {over: chord-line, forbid: closes}", "unknown-fold", 2, "own", None),
    ("a fold of notes over chords", "own: {over: chord-line, fold: climax, forbid: closes}", "unknown-fold", 2,
     "climax", None),
    ("a fold of chords over notes", "own: {over: voice-line, fold: phrase-function, forbid: is_top}", "unknown-fold", 2,
     "phrase-function", None),
    ("no field of a phrase", "own:\n  over: phrase\n  forbid: cadence.knd == PAC", "bad-expression", 4, "cadence.knd",
     "cadence.kind"),
    ("no note of a phrase", "own:\n  over: phrase\n  forbid: last\n  points-at: [end.tp]", "unknown-note", 5, "end.tp",
     "end.top"),
    ("strengths by profile", "own: {over: note, forbid: is_top, strength: {ap-marking: hard}}", "bad-strength", 2,
     "{ap-marking: hard}", None),
    ("a hard amount", "own: {over: melodic-step, cost: abs(steps), strength: hard}", "bad-strength", 2, "hard", None),
]


@pytest.mark.parametrize(("text", "code", "line", "marked", "near"),
                         [pytest.param(*one[1:], id=one[0]) for one in ERRORS])
def test_an_error_stands_where_the_mistake_is(text: str, code: str, line: int, marked: str, near: str | None) -> None:
    (one,) = problems(text)
    assert one.mark is not None
    start = one.mark.column - 1
    assert (one.code, one.mark.line, one.nearest if near else None) == (code, line, near)
    assert one.mark.text[start : start + one.mark.length] == marked


def test_rules_that_are_no_mapping() -> None:
    document = parse_document("rules: [parallel-fifths]", "style.yaml")
    with pytest.raises(InputError, match="rules are a mapping"):
        resolve_rules(document.data["rules"], document)


def test_all_errors_are_told_at_once_in_the_order_of_the_text() -> None:
    found = problems("use: [strict]\nparallel-fiths: 3\nown: {over: note, forbid: is_tip}\nvoice-overlap: -1")
    assert [one.code for one in found] == ["unknown-profile", "unknown-rule", "bad-expression", "bad-strength"]


def test_an_error_shows_line_and_caret() -> None:
    (one,) = problems("own:\n  over: melodic-step\n  forbid: is_top and stepps == 3")
    assert str(one).splitlines()[:4] == [
        "style.yaml:4:24: error: unknown name 'stepps'", "    forbid: is_top and stepps == 3",
        "                       ^^^^^^", "expected: a whole number"]
