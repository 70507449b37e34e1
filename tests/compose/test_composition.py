"""Whole pieces: they obey their style, cost what the solver says, and depend on nothing but style, seed and key."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.compose.composition import Composer, Composition, compose, problem_of, solved_rules
from theorygen.compose.plan import Plan
from theorygen.grammar.style import load_style
from theorygen.render.json_writer import score_from_json, score_to_json
from theorygen.rules.check import check
from theorygen.rules.expression import PITCH, subtrees
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet
from theorygen.solve import answers
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.trellis import DeadEnd
from theorygen.source.diagnostic import InputError
from theorygen.theory import Interval, Key

STYLE = load_style("textbook-chorale")
LEVELS = range(1, 8)
COMPOSERS = {level: Composer(STYLE, {"level": level}) for level in LEVELS}

pieces = st.builds(lambda level, seed: COMPOSERS[level].compose(seed), st.sampled_from(LEVELS), st.integers(0, 10**6))


@settings(max_examples=40, deadline=None)
@given(pieces)
def test_the_checker_finds_what_the_solver_says(piece: Composition) -> None:
    found = check(piece.score, STYLE.rules)
    assert [str(one) for one in found if one.hard] == []
    assert sum(piece.costs.values()) == piece.cost
    assert all(one.hard is False for one in piece.violations)


@settings(max_examples=15, deadline=None)
@given(pieces)
def test_a_piece_survives_its_json(piece: Composition) -> None:
    score = score_from_json(score_to_json(piece.score))
    assert score.parts == piece.score.parts
    assert score.chords == piece.score.chords


@settings(max_examples=25, deadline=None)
@given(pieces)
def test_phrases_fill_their_bars_and_end_on_strong_beats(piece: Composition) -> None:
    score, plan = piece.score, piece.plan
    assert len(plan.phrases) == plan.parameters["phrases"]
    assert score.end == sum((phrase.harmony.duration for phrase in plan.phrases), Fraction(0))
    goals = [chord for chord in score.chords if chord.last_in_phrase]
    assert all(chord.cadence for chord in goals) and goals[-1].cadence == "PAC"
    assert all(score.weight_at(chord.onset) >= 2 for chord in goals)
    assert score.chords[-1].numeral.root == plan.key.tonic
    soprano = score.voice("soprano").events[-1].pitch
    assert soprano is not None and soprano.pitch_class == plan.key.tonic


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["P5", "m2", "-M3", "A1"]))
def test_transposing_everything_changes_no_count_and_no_cost(seed: int, text: str) -> None:
    interval = Interval.parse(text)
    composer = COMPOSERS[4]
    plan = composer.compose(seed, "F").plan
    rules = RuleSet(tuple(rule for rule in solved_rules(STYLE).rules if not _names_a_pitch(rule)))
    problem = replace(problem_of(plan, STYLE, composer.ensemble), rules=rules)
    higher = composer.ensemble.transpose(interval)
    moved = replace(problem_of(_transposed(plan, interval), STYLE, higher), rules=rules)
    assert answers.count(problem) == answers.count(moved)
    first, second = answers.best(problem), answers.best(moved)
    assert first.cost == second.cost
    assert (first.pitches + interval.code == second.pitches).all()


def _names_a_pitch(rule: ActiveRule) -> bool:
    """Whether a rule mentions an absolute pitch, which this test does not move."""
    nodes = [node for expression in rule.rule.expressions for node in subtrees(expression.root)]
    return any(node.operation == "constant" and node.kind == PITCH for node in nodes)


def _transposed(plan: Plan, interval: Interval) -> Plan:
    return replace(plan, chords=tuple(
        replace(chord, alternatives=tuple((one.transpose(interval), weight) for one, weight in chord.alternatives))
        for chord in plan.chords))


def test_a_composer_gives_what_a_fresh_one_gives() -> None:
    shared = Composer(STYLE)
    shared.compose(1)
    assert shared.compose(2).score == compose(STYLE, 2).score


def test_the_same_bytes_in_other_processes() -> None:
    program = ("from theorygen.grammar.style import load_style; from theorygen.compose.composition import compose; "
               "from theorygen.render.midi import score_to_midi; "
               "from theorygen.render.json_writer import score_to_json; "
               "import hashlib; score = compose(load_style('textbook-chorale'), 5, parameters={'level': 7}).score; "
               "print(hashlib.sha256(score_to_midi(score) + score_to_json(score).encode()).hexdigest())")
    digests = {subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True,
                              env={**os.environ, "PYTHONHASHSEED": hashseed}).stdout for hashseed in ("0", "1", "77")}
    assert len(digests) == 1


@pytest.mark.parametrize("phrases", [1, 2, 7, 12])
def test_the_length_asked_for_is_the_length_given(phrases: int) -> None:
    assert len(compose(STYLE, 3, parameters={"phrases": phrases}).plan.phrases) == phrases


@pytest.mark.parametrize("key", ["G minor", "Bb", "f#", "Db"])
def test_the_key_asked_for_is_the_key_given(key: str) -> None:
    piece = compose(STYLE, 4, key)
    assert piece.plan.key == Key.parse(key) == piece.score.keys[0][1]


def test_a_pickup_shifts_the_bars() -> None:
    piece = compose(STYLE, 8, parameters={"pickup": 1})
    assert piece.score.measures()[0].is_pickup and piece.score.measures()[0].length == 1


def test_repeated_phrases_share_their_chords() -> None:
    composer = Composer(STYLE, {"phrases": 6})
    barred = [piece for piece in map(composer.compose, range(40)) if any(one.repeated for one in piece.plan.phrases)]
    assert barred
    for piece in barred:
        drawn = [id(phrase.harmony) for phrase in piece.plan.phrases if not phrase.repeated]
        assert all(id(phrase.harmony) in drawn for phrase in piece.plan.phrases if phrase.repeated)


def test_a_note_knows_where_it_came_from() -> None:
    piece = compose(STYLE, 7)
    origin = piece.where_from(0, "bass")
    assert origin["chord"] == piece.score.chords[0].numeral_text and origin["path"][0].startswith("Phrase")


def test_a_style_without_any_voicing_says_where_and_why() -> None:
    piece = compose(STYLE, 7)
    problem = problem_of(piece.plan, STYLE, COMPOSERS[4].ensemble)
    asked = replace(problem.positions[2], degrees={0: frozenset({7})})
    broken = replace(problem, positions=(*problem.positions[:2], asked, *problem.positions[3:]))
    with pytest.raises(DeadEnd) as end:
        answers.best(broken)
    conflict = explain_dead_end(broken, end.value.position)
    assert conflict.start <= 2 < conflict.stop and any(one.position == 2 for one in conflict.asked)


def test_an_abstract_style_cannot_be_composed() -> None:
    with pytest.raises(InputError):
        compose(load_style("common-practice"), 1)


def test_rules_on_sparser_grids_are_reported_but_not_solved() -> None:
    assert {rule.name for rule in STYLE.rules.rules} > {rule.name for rule in solved_rules(STYLE).rules}


def test_labels_of_one_voice_are_asked_together(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("theorygen: 1\nextends: common-practice\nensemble: satb\nphrase-length: 2\n"
                    "form:\n  Piece: Two\nharmony:\n  Two: 'I[top={1,3}, soprano={3,5}] V'\n", encoding="utf-8")
    composer = Composer(load_style(path))
    tops = {composer.compose(seed, "C").score.voice("soprano").events[0].pitch.letter for seed in range(12)}
    assert tops == {2}


def test_costs_add_up_when_a_rule_is_judged_on_more_grids(tmp_path: Path) -> None:
    path = tmp_path / "grids.yaml"
    path.write_text("theorygen: 1\nextends: textbook-chorale\nrules:\n  still: {over: melodic-step, "
                    "on: [skeleton, beats], when: is_top, forbid: interval == P1, strength: 5}\n", encoding="utf-8")
    composer = Composer(load_style(path))
    for seed in range(5):
        piece = composer.compose(seed)
        assert sum(piece.costs.values()) == piece.cost


def test_a_style_is_not_asked_for_a_mode_it_was_not_written_for() -> None:
    with pytest.raises(InputError, match="no pieces in a dorian key"):
        compose(STYLE, 1, "D dorian")
