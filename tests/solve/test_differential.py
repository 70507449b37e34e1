"""Brute force, the layered solver and the constraint engines on the same random problems: one count, one optimum."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.solve.brute_force import Found, all_solutions
from tests.solve.problems import rule_pool
from theorygen.rules.folds import LINE
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, profile, resolve_rules
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble, VoiceSpec
from theorygen.score.timeline import measures_of
from theorygen.solve import answers
from theorygen.solve.answers import Solution
from theorygen.solve.engines import BEST, COUNT, Engine, engines
from theorygen.solve.problem import HOLD, Arcs, Choice, Position, Problem, Syntax
from theorygen.solve.relations import Bound, relations_of
from theorygen.solve.turns import TURN
from theorygen.solve.workshop import Workshop
from theorygen.source.document import parse_document
from theorygen.theory import Key, Meter, Pitch, RomanNumeral

CHORDS = {"C": ("I", "I6", "ii6", "IV", "V", "V7", "V65/V", "vi", "Cad64"),
          "a": ("i", "iv", "V", "V65", "iio6", "VI", "viio7", "N6", "V7/iv"),
          "Eb": ("I", "IV6", "V42", "I6", "viio6", "Ger65", "V43/ii")}
ENSEMBLES = {2: (("soprano", "A4", "E5"), ("bass", "C3", "B3")),
             3: (("soprano", "B4", "E5"), ("alto", "G4", "C5"), ("bass", "F2", "C3"))}
METER = Meter.parse("2/4")
MOST = 600
"""Solutions that an engine is asked to count one by one."""

RELATIONS = """
canon-strict: {relation: canon, leader: soprano, follower: bass, interval: -P15, distance: 1 slot}
canon-steps: {relation: canon, leader: bass, follower: soprano, interval: 9 steps, distance: 2}
canon-part: {relation: canon, leader: soprano, follower: bass, interval: -8 steps, distance: 2 slots, between: [m1, m2]}
motif-free: {relation: same-motif, voice: soprano, at: [m1, m2], length: 2}
motif-steps: {relation: same-motif, voice: bass, at: [m1, m1 b2], length: 2 slots, transposed: any steps}
motif-across: {relation: same-motif, at: [soprano m1, bass m1], length: 2, transposed: any steps}
motif-literal: {relation: same-motif, voice: soprano, at: [m1, m2], length: 1, transposed: P1}
row-all: {relation: row, voices: all}
row-top: {relation: row, voices: soprano}
leaps: {over: piece, total: {over: melodic-step, when: leaps}, require: total == 2}
few-repeats: {over: piece, total: {over: melodic-step, when: interval == P1 and voice == soprano}, require: total <= 1}
contrary: {over: piece, total: {over: voice-pair-motion, when: contrary}, require: total >= 2}
thirds: {over: piece, total: {over: voice-pair, when: "simple in (m3, M3)"}, require: "total in (1, 2, 5)"}
high: {over: piece, total: {over: note, when: pitch >= C5}, require: total != 2}
"""
"""Relations that small problems can keep and break."""


def relations() -> tuple[ActiveRule, ...]:
    """All of them."""
    document = parse_document(RELATIONS, "relations.yaml")
    return resolve_rules(document.data, document, ()).relations


def bound(rules: list[ActiveRule], length: int, voices: tuple[str, ...]) -> tuple[Bound, ...]:
    """Relations of a piece with a chord every quarter."""
    end = Fraction(length)
    return relations_of(RuleSet(tuple(rules)), [Fraction(place) for place in range(length)], end,
                        measures_of(((Fraction(0), METER),), Fraction(0), end), voices)


@st.composite
def problems(draw: st.DrawFn, with_relations: bool = False) -> Problem:
    """A problem with whatever a problem can have, small enough to be solved by brute force."""
    length = draw(st.integers(2, 5))
    voices = draw(st.sampled_from([2, 2, 3])) if length <= 3 else 2
    ensemble = _ensemble(voices)
    key = Key.parse(draw(st.sampled_from(sorted(CHORDS))))
    open_places = draw(st.sets(st.integers(0, length - 1), max_size=2))
    positions = tuple(_position(draw, index, length, key, ensemble, index in open_places) for index in range(length))
    related = draw(st.lists(st.sampled_from(relations()), min_size=1, max_size=2, unique_by=lambda one: one.name)
                   ) if with_relations else []
    kind = draw(st.sampled_from([None, None, None, "followed", "held"]))
    return Problem(positions, _rules(draw, most=2 if with_relations else 8), ensemble, draw(st.booleans()),
                   draw(st.booleans()), _syntax(draw, positions, kind == "held") if kind else None,
                   bound(related, length, ensemble.names))


def _ensemble(voices: int) -> Ensemble:
    return Ensemble("small", tuple(
        VoiceSpec(name, Pitch.parse(low), Pitch.parse(high), (Pitch.parse(low), Pitch.parse(high)))
        for name, low, high in ENSEMBLES[voices]))


def _rules(draw: st.DrawFn, most: int) -> RuleSet:
    """Some rules, each made hard or given a weight."""
    pool = rule_pool()
    remembering = [rule for rule in pool if rule.rule.over in (LINE, TURN) and rule.rule.solved]
    chosen = draw(st.lists(st.sampled_from(pool), max_size=most, unique_by=lambda one: one.name))
    chosen += draw(st.lists(st.sampled_from(remembering), max_size=2, unique_by=lambda one: one.name))
    return RuleSet(tuple(_strengthened(draw, rule) for rule in dict.fromkeys(chosen)))


def _strengthened(draw: st.DrawFn, rule: ActiveRule) -> ActiveRule:
    hard = not rule.rule.cost and draw(st.integers(0, 3)) == 0
    return replace(rule, hard=hard, weight=0 if hard else draw(st.sampled_from([1, 500, 1000, 7000])))


def _position(draw: st.DrawFn, index: int, length: int, key: Key, ensemble: Ensemble, is_open: bool) -> Position:
    """One or two chords, and now and then something given or asked for, for all chords or for one."""
    texts = draw(st.lists(st.sampled_from(CHORDS[key.short]), min_size=1 + is_open, max_size=1 + is_open, unique=True))
    slot = Slot(None, draw(st.integers(0, 3)), index == 0 or draw(st.integers(0, 4)) == 0, index == length - 1,
                index == 0, index == length - 1, "PAC" if index == length - 1 else "none")
    choices = []
    for text in texts:
        chord = RomanNumeral.parse(text, key)
        degrees, given = _asked(draw, chord, ensemble) if is_open and draw(st.booleans()) else ({}, {})
        choices.append(Choice(replace(slot, chord=chord), 1.0, degrees, given))
    degrees, given = _asked(draw, choices[0].slot.chord, ensemble) if draw(st.integers(0, 2)) == 0 else ({}, {})
    return Position(tuple(choices), degrees, given)


def _asked(draw: st.DrawFn, chord: RomanNumeral, ensemble: Ensemble) -> tuple[dict, dict]:
    """Degrees or notes for one voice, most likely such as it can sing."""
    number, voice = draw(st.sampled_from(list(enumerate(ensemble.voices))))
    if draw(st.booleans()):
        return {number: frozenset(draw(st.sets(st.integers(1, 7), min_size=3)))}, {}
    every = [one.at_octave(octave) for one in chord.pitch_classes for octave in range(2, 6)]
    notes = sorted(pitch.code for pitch in every if voice.lowest <= pitch <= voice.highest)
    return {}, {number: frozenset(draw(st.sets(st.sampled_from(notes or [0]), min_size=1)))}


def _syntax(draw: st.DrawFn, positions: tuple[Position, ...], may_hold: bool) -> Syntax:
    """A deterministic automaton of two states: which choice leads where, and for how much."""
    layers = []
    for number, position in enumerate(positions):
        holds = [HOLD] if may_hold and number and not position.starts_phrase else []
        rows = [(source, choice, draw(st.integers(0, 1)), 250 * draw(st.integers(-2, 4)), 1.0)
                for source in (0, 1) for choice in [*range(len(position.choices)), *holds] if draw(st.integers(0, 7))]
        columns = list(zip(*rows, strict=True)) or [()] * 5
        kinds = (np.int64, np.int64, np.int64, np.int64, np.float64)
        layers.append(Arcs(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True))))
    return Syntax(tuple(layers))


INSTALLED = [engine for engine in engines() if engine.is_installed]


def name_of(problem: Problem, solution: Solution) -> tuple:
    """What tells a solution apart, as brute force tells it."""
    choices = tuple(problem.positions[start].choices.index(choice)
                    for start, choice in zip(solution.starts, solution.choices, strict=True))
    return choices, tuple(map(tuple, solution.pitches.tolist())), solution.starts


def agree(problem: Problem, found: list[Found], seen: Counter[str]) -> None:
    """Every engine that does not refuse says what brute force says."""
    prices = {(one.choices, one.pitches, one.starts): (one.cost, one.price) for one in found}
    least = min((one.total for one in found), default=None)
    for engine in INSTALLED:
        if engine.refuses(problem, BEST):
            seen[f"{engine.name} refuses"] += 1
            continue
        workshop = Workshop(problem.rules, problem.ensemble)
        outcome, first = engine.best(problem, workshop), engine.first(problem, workshop)
        assert outcome.proven and outcome.cost == least, engine.name
        assert (first.solution is None) == (least is None), engine.name
        for solution in (outcome.solution, first.solution):
            assert solution is None or prices[name_of(problem, solution)] == (solution.cost, solution.price)
        if len(found) <= MOST and not engine.refuses(problem, COUNT):
            assert engine.count(problem, workshop) == len(found), engine.name
            seen[f"{engine.name} counts {'some' if found else 'none'}"] += 1


@pytest.mark.parametrize("with_relations", [False, True], ids=["rules", "relations"])
def test_all_engines_agree_with_brute_force(with_relations: bool) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=150, deadline=None, derandomize=True, database=None,
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(problems(with_relations))
    def one(problem: Problem) -> None:
        found = all_solutions(problem)
        agree(problem, found, seen)
        kinds = [str(relation) for relation in problem.relations] or ["rules alone"]
        seen.update(f"{kind} {'kept' if found else 'cannot be kept'}" for kind in kinds)

    one()
    kinds = [rule.name for rule in relations()] if with_relations else ["rules alone"]
    assert all(seen[f"{kind} kept"] + seen[f"{kind} cannot be kept"] for kind in kinds), seen
    kept, lost = (sum(seen[f"{kind} {word}"] for kind in kinds) for word in ("kept", "cannot be kept"))
    assert kept >= 50 and lost >= 5, seen
    assert all(seen[f"{engine.name} counts some"] >= 10 for engine in INSTALLED), seen


@pytest.mark.parametrize("engine", [one for one in INSTALLED if one.name != "layered"], ids=lambda one: one.name)
@pytest.mark.parametrize("texts", ["I V6 I IV ii6 V7 I", "i V6 i iv V7 i", "I V43 I6 IV vi ii65 V65/V V"])
def test_engines_agree_on_a_phrase_under_a_whole_profile(engine: Engine, texts: str) -> None:
    """Four voices and all rules: more than brute force can do."""
    key = Key.parse("a" if texts.startswith("i") else "C")
    chords = [RomanNumeral.parse(text, key) for text in texts.split()]
    positions = tuple(Position((Choice(Slot(chord, 1 + 2 * (place % 2 == 0), place == 0, place == len(chords) - 1,
                                            place == 0, place == len(chords) - 1)),))
                      for place, chord in enumerate(chords))
    rules = profile("strict-textbook").on(("skeleton", "attacks")).solved
    problem = Problem(positions, rules, Ensemble.named("satb"))
    workshop = Workshop(rules, problem.ensemble)
    outcome = engine.best(problem, workshop)
    assert outcome.proven and outcome.cost == answers.best(problem, workshop).cost


@pytest.mark.parametrize("engine", INSTALLED, ids=lambda one: one.name)
def test_a_phrase_of_one_chord_is_not_ended_where_the_problem_is_cut(engine: Engine) -> None:
    """What a line costs at its end is left to the part that follows, also when only one note is here."""
    chord = RomanNumeral.parse("I", Key.parse("C"))
    position = Position((Choice(Slot(chord, first=True, last=True)),))
    rules = RuleSet(tuple(replace(rule, hard=True) for rule in rule_pool() if rule.name == "melodic-range-phrase"))
    for cut in (False, True):
        problem = Problem((position,), rules, _ensemble(2), False, cut)
        expected = len(all_solutions(problem))
        assert engine.count(problem, Workshop(rules, problem.ensemble)) == expected
        assert bool(expected) == cut
