"""Applying a rule: what it charges, for every numeric field; amounts that are none; silent voices."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.test_windows import SCORES, rows_in
from theorygen.rules.check import check, world_of
from theorygen.rules.folds import FOLDS, LINE
from theorygen.rules.kinds import INTEGER, Kind
from theorygen.rules.line_runs import Lines, line_runs
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.score.text_notation import parse_text_score
from theorygen.solve.answers import best
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, RomanNumeral

NUMERIC = [(window, path) for window, one in WINDOWS.items() for path, kind in one.fields.items() if kind.is_number]
LINE_NUMERIC = [(fold, path) for fold, one in FOLDS.items() for path, kind in one.fields.items() if kind.is_number]


def weighted(over: str, cost: str, fold: str = "", weight: int = 1000, **more: str) -> ActiveRule:
    """A graded rule of weight 1."""
    return ActiveRule(Rule("own", over, cost=cost, fold=fold, **more), False, weight)


def found(text: str, *rules: ActiveRule) -> list[str]:
    """Messages of all violations in a small score."""
    return [one.message for one in check(parse_text_score(text), RuleSet(rules))]


# whole numbers do not wrap round


@pytest.mark.parametrize(("window", "path"), NUMERIC)
def test_a_numeric_field_times_a_thousand_is_charged_in_full(window: str, path: str) -> None:
    rows = rows_in("chromatic", window)
    small = np.abs(rows.field(path).astype(float))
    np.testing.assert_array_equal(weighted(window, f"abs({path}) * 1000").amounts(rows), small * 1_000_000)
    np.testing.assert_array_equal(weighted(window, f"abs({path})", weight=1_000_000).amounts(rows), small * 1_000_000)


@pytest.mark.parametrize(("fold", "path"), LINE_NUMERIC)
def test_a_numeric_field_of_a_line_too(fold: str, path: str) -> None:
    score = parse_text_score(SCORES["plain"])
    assert score.ensemble is not None
    slots = score.slots("attacks")
    world = world_of(score, slots, score.ensemble, {})
    rows = line_runs(FOLDS[fold], Lines(FOLDS[fold], world, slots.codes)).rows
    wanted = np.abs(rows.field(path).astype(float)) * 1_000_000
    np.testing.assert_array_equal(weighted(FOLDS[fold].over, f"abs({path}) * 1000", fold).amounts(rows), wanted)


@pytest.mark.parametrize("window", WINDOWS)
def test_whole_numbers_have_64_bits(window: str) -> None:
    rows = rows_in("plain", window)
    kinds: dict[str, Kind] = WINDOWS[window].fields
    assert {rows.field(path).dtype for path, kind in kinds.items() if kind == INTEGER} <= {np.dtype(np.int64)}


# amounts that are none

AMOUNTS = [
    ("infinity", "1 / steps", "infinity"), ("no number", "steps / steps", "no number"),
    ("a remainder of nothing", "3 % steps", "no number"), ("below zero", "-1", "-1"),
    ("absurd", "2000000 * 1000", "2e+09"),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("cost", "said"), [pytest.param(*one[1:], id=one[0]) for one in AMOUNTS])
def test_an_absurd_amount_is_an_error_that_names_the_rule(cost: str, said: str) -> None:
    with pytest.raises(InputError, match="rule 'own' charges") as caught:
        found("S: C5 C5", weighted("melodic-step", cost))
    assert caught.value.diagnostics[0].message == f"rule 'own' charges {said} for one window"


def test_what_a_guard_or_an_exception_takes_out_is_not_charged() -> None:
    assert found("S: C5 C5", weighted("melodic-step", "1 / steps", when="moves")) == []
    assert found("S: C5 D5", weighted("melodic-step", "1 / steps")) == ["own"]


# silent voices

RESTS = "S: r C5 C5 | A: G4 G4 G4 | T: E4 E4 r | B: C3 r C3"
NEEDY = [
    ("sonority", "top.is_top", 2), ("sonority", "bass.is_bass", 2), ("sonority", "span > P1", 1),
    ("sonority", "upper_span > P1", 1), ("sonority", "lowest_upper >= C1", 2), ("sonority", "count.top_note > 0", 2),
    ("sonority", "count.voices > 0", 3), ("chord-change", "top.is_top", 1), ("chord-change", "bass.is_bass", 0),
    ("chord-change", "before.top.is_top", 1), ("chord-change", "after.top.is_top", 2),
    ("chord-change", "before.count.top_note > 0", 1), ("chord-change", "voices > 0", 2),
]


@pytest.mark.parametrize(("over", "forbid", "count"), NEEDY)
def test_a_rule_passes_over_windows_where_a_voice_it_needs_rests(over: str, forbid: str, count: int) -> None:
    assert len(found(RESTS, ActiveRule(Rule("own", over, forbid=forbid), True))) == count
    assert len(found(RESTS, weighted(over, f"1 if {forbid} else 0"))) == count


def test_no_field_of_any_window_over_all_voices_reads_a_rest() -> None:
    rows = rows_in("rests and foreign notes", "sonority")
    for path in WINDOWS["sonority"].fields:
        heard = rows.sounding([path])
        assert heard is not None or "top" not in path.split(".")


def test_a_message_says_that_a_voice_rests() -> None:
    rule = Rule("own", "sonority", forbid="count.silent > 0", message="{top.pitch} {bass.pitch} {span}")
    assert found("S: r | A: G4 | B: C3", ActiveRule(rule, True)) == ["a rest C3 a rest"]


LINES = [
    ("a rest is no repetition", "repetition", "repeats > 0", "S: E5 r E5 | B: C3 D3 E3", 0),
    ("a repetition is one", "repetition", "repeats > 0", "S: r E5 E5 | B: C3 D3 E3", 1),
    ("a rest ends a span", "span", "span > P5", "S: C5 r C4 | B: C3 D3 E3", 0),
    ("each part has its own", "span", "span == M2", "S: C5 D5 r D5 C5 | B: C3 C3 C3 C3 C3", 2),
    ("and its own climax", "climax", "hits > 1", "S: C5 D5 r D5 C5 | B: C3 D3 E3 D3 C3", 0),
]


@pytest.mark.parametrize(("fold", "forbid", "text", "count"), [pytest.param(*one[1:], id=one[0]) for one in LINES])
def test_a_rest_breaks_a_line(fold: str, forbid: str, text: str, count: int) -> None:
    rule = ActiveRule(Rule("own", LINE, fold=fold, forbid=forbid, when="is_top"), True)
    assert len(found(text, rule)) == count


# messages

MESSAGES = [
    ("a fold's fields", Rule("own", LINE, fold="span", forbid="span > P5", message="{voice}: {span}, {is_top}"),
     "S: C5 C6 | B: C3 D3", "soprano: P8, true"),
    ("a fold's number", Rule("own", LINE, fold="climax", forbid="is_bass and hits > 1", message="{hits} {highest}"),
     "S: C5 C5 C5 | B: D3 C3 D3", "2 D3"),
    ("the lower voice", Rule("own", "voice-pair-motion", forbid="true",
                             message="{upper.voice} {lower.voice} {lower.before.voice} {before.lower.voice}"),
     "S: C5 C5 | B: C3 C3", "soprano bass bass bass"),
    ("outer voices", Rule("own", "chord-change", forbid="true", message="{top.voice} {bass.voice} {after.bass.voice}"),
     "S: C5 C5 | A: C4 C4 | B: C3 C3", "soprano bass bass"),
    ("numerals", Rule("own", "sonority", forbid="true", message="{chord.numeral} to {chord.applied_to}"),
     "in C: V7/V | S: C5", "V7/V to V"),
    ("a region", Rule("own", "note", forbid="true", message="{place.region} {voice}"), "in C: I | S: C5",
     "none soprano"),
]


@pytest.mark.parametrize(("rule", "text", "said"), [pytest.param(*one[1:], id=one[0]) for one in MESSAGES])
def test_a_message_is_filled(rule: Rule, text: str, said: str) -> None:
    assert found(text, ActiveRule(rule, True)) == [said]


# the solver


@pytest.mark.parametrize("cost", ["0 - 1", "1 / steps"])
def test_the_solver_refuses_absurd_amounts_too(cost: str) -> None:
    ensemble = Ensemble.named("duet")
    slot = Slot(RomanNumeral.parse("I", Key.parse("C")))
    position = Position((Choice(slot),))
    problem = Problem((position, position), RuleSet((weighted("melodic-step", cost),)), ensemble)
    with pytest.raises(InputError, match="rule 'own' charges"):
        best(problem)
