"""Harmonising: ordinary tunes, the sopranos of composed pieces, and exactness against enumeration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from math import exp

import numpy as np
import pytest

from tests.compose.tunes import TUNES
from tests.solve.chi_square import chi_square_is_plausible
from theorygen.compose.answering import answers
from theorygen.compose.composition import Composer, solved
from theorygen.compose.fitting import Fit, Fitting
from theorygen.compose.frame import Frame, joined
from theorygen.compose.harmonize import Given, Harmonizer
from theorygen.compose.joint import Joint, price_of
from theorygen.compose.phrasing import in_phrases
from theorygen.compose.plan import Planner
from theorygen.compose.question import Question
from theorygen.compose.tasks import Task
from theorygen.grammar.derivation import Leaf
from theorygen.grammar.style import load_style, resolve_parameters
from theorygen.grammar.symbols import Goal, home_key
from theorygen.rules.check import check
from theorygen.rules.rule_set import RuleSet
from theorygen.score.event import Event
from theorygen.score.score import Score
from theorygen.solve.answers import Solution, Solutions
from theorygen.solve.problem import Choice, Problem
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import InputError
from theorygen.theory import Key, Meter, Pitch

CHORALE = "textbook-chorale"


def melody(text: str) -> tuple[Event, ...]:
    """Notes such as ``C4 D4:1/2 r:2 E4^``."""
    events, now = [], Fraction(0)
    for word in text.split():
        name, _, length = word.removesuffix("^").partition(":")
        duration = Fraction(length or 1)
        events.append(Event(now, duration, () if name == "r" else (Pitch.parse(name),), fermata=word.endswith("^")))
        now += duration
    return tuple(events)


def given_tune(key: str, meter: str, pickup: str, text: str) -> Given:
    """A tune as the soprano."""
    return Given({"soprano": melody(text)}, Meter.parse(meter), (Key.parse(key),), Fraction(pickup))


# tunes


NEEDS_OTHER_KEYS = {"veni-emmanuel"}  # its third phrase ends on the seventh degree


@pytest.mark.parametrize("name", sorted(TUNES))
def test_ordinary_tunes_are_harmonised(name: str) -> None:
    given = given_tune(*TUNES[name])
    task = Harmonizer(load_style(CHORALE), {"level": 6 if name in NEEDS_OTHER_KEYS else 4}).task(given)
    score = answers(task, Question())[0].score
    sung, meant = (joined(events) for events in (score.pitched_voices[0].events, given.lines["soprano"]))
    assert [(event.onset, event.duration, event.pitch) for event in sung] == [
        (event.onset, event.duration, event.pitch) for event in meant]
    assert not check(score, RuleSet(task.judged.hard))


@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_low_levels_have_few_chords(level: str) -> None:
    chords = {"1": {"I", "IV", "V"}, "2": {"I", "IV", "V", "ii6", "V7", "vi"},
              "3": {"I", "I6", "ii", "ii6", "iii", "IV", "IV6", "IV64", "Cad64", "V", "V6", "V64", "V7", "vi", "viio6"}}
    given = given_tune("C", "4/4", "0", "E4 F4 E4 D4 E4 C4 D4:2^ G4 E4 C4 F4 D4 B4 C5:2^")
    task = Harmonizer(load_style(CHORALE), {"level": level}).task(given)
    assert {chord.numeral.text for chord in answers(task, Question())[0].score.chords} <= chords[level]


def test_a_phrase_that_ends_abroad_needs_a_level_with_other_keys() -> None:
    with pytest.raises(InputError, match="cannot go on at measure 9"):
        Harmonizer(load_style(CHORALE), {"level": "5"}).task(given_tune(*TUNES["veni-emmanuel"]))


@pytest.mark.parametrize(("name", "level", "enough"), [
    ("happy-birthday", 1, 2), ("o-tannenbaum", 1, 2), ("nun-danket", 2, 4)])
def test_the_least_level_with_chords_for_a_tune_is_named(name: str, level: int, enough: int) -> None:
    given = given_tune(*TUNES[name])
    with pytest.raises(InputError, match=f"--set level={enough}"):
        Harmonizer(load_style(CHORALE), {"level": level}).task(given)
    with pytest.raises(InputError, match="cannot go on"):
        Harmonizer(load_style(CHORALE), {"level": enough - 1}).task(given)
    assert Harmonizer(load_style(CHORALE), {"level": enough}).task(given).problem.positions


def test_a_phrase_of_one_chord_that_cannot_be_is_told_as_such() -> None:
    tune = given_tune("F", "4/4", "0", "C5 C5 D5 D5 C5:4^ A4 Bb4 A4 G4 G4:2^ F4^ C5 C5 C5 D5 C5 G4:2 F4:2^")
    with pytest.raises(InputError, match="measure 4, beat 3 with F4, a phrase of its own") as failure:
        Harmonizer(load_style(CHORALE)).task(tune)
    assert "take away one of the fermatas" in str(failure.value)


@pytest.mark.parametrize("level", ["3", "4"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sopranos_of_composed_pieces_can_always_be_harmonised(level: str, seed: int) -> None:
    style = load_style(CHORALE)
    piece = Composer(style, {"level": level}).compose(seed)
    chords = piece.score.chords
    breaks = frozenset(after.onset for before, after in pairwise(chords) if before.last_in_phrase)
    given = Given({"soprano": piece.score.pitched_voices[0].events}, piece.score.meters[0][1], (piece.plan.key,),
                  piece.score.pickup, breaks=breaks)
    task = Harmonizer(style, {"level": level}).task(given)
    assert Solutions(task.problem).best().cost <= piece.solution.cost + 200_000  # it exists, and is no last resort
    assert not check(answers(task, Question())[0].score, RuleSet(task.judged.hard))


# phrases


@pytest.mark.parametrize(("meter", "pickup", "text", "lengths"), [
    ("4/4", "0", "C5 C5 G5 G5 A5 A5 G5:2 F5 F5 E5 E5 D5 D5 C5:2 G5 G5 F5 F5 E5 E5 D5:2 C5 C5 D5 D5 B4 B4 C5:2",
     [8, 8, 8, 8]),                                       # long notes on strong beats
    ("4/4", "0", "E4 E4 F4 G4 G4 F4 E4 D4 C4 C4 D4 E4 E4 D4 D4:2 E4 E4 F4 G4 G4 F4 E4 D4 C4 C4 D4 E4 D4 C4 C4:2",
     [16, 16]),                                           # no rest after two bars
    ("3/4", "1", "G4 C5:2 E5 E5:2 D5 C5:2 A4 G4:2 G4 C5:2 E5 E5:2 D5 G5:5 G4 C5:2 E5 E5:2 D5 C5:2 A4 G4:2 G4 "
     "C5:2 E5 E5:2 D5 C5:5", [12, 12, 12, 12]),           # upbeats belong to what follows
    ("4/4", "1", "C5 C5 B4 A4 G4 C5 D5 E5 E5 E5 E5 D5 C5 F5 E5 D5 C5 D5 E5 D5 C5 A4 B4 C5 G5 E5 C5 D5 F5 E5 D5 C5:3",
     [8, 8, 8, 10]),                                      # no long notes, but four bars are too much for one breath
    ("4/4", "0", "C5 C5 G5 G5^ A5 A5 G5:2^", [4, 4]),     # fermatas
    ("4/4", "0", "C5 C5 G5 G5 A5 A5 G5:2", [8]),
])
def test_phrases_end_where_the_tune_rests(meter: str, pickup: str, text: str, lengths: list[int]) -> None:
    usual = 8 if meter == "4/4" else 12
    frame = Frame(Meter.parse(meter), Fraction(pickup), Fraction(1), {0: joined(melody(text))})
    found = in_phrases(frame, Fraction(usual), Key.parse("C"))
    assert [len(phrase) for phrase in found.phrases] == lengths


# exactness


TINY = """
theorygen: 1
title: Tiny
ensemble:
  - {name: soprano, range: [C4, C6]}
  - {name: alto, range: [E4, A4]}
  - {name: bass, range: [C3, C4]}
meter: 4/4
tempo: 60
keys: {major: [C]}
phrase-length: bar
goal: {symbol: Piece, length: 1}
form: {Piece: Phrase}
harmony:
  Phrase: {"T D I": 2, "T I:2": 1, "T I": 1}
  T: {"I": 2, "I:2": 1, "{I|I6} {IV|ii6:2}": 3, "vi": 1}
  D: {"{V|V6:3}": 3, "V:2": 1, "V7": 2}
rules:
  melodic-step-preference: 2
  smooth-total: 1
  voice-crossing: hard
  parallel-unison-octave: hard
  chord-tones-only: hard
  bass-is-inversion: hard
sampling: {temperature: 3}
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Harmonizer:
    path = tmp_path_factory.mktemp("styles") / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return Harmonizer(load_style(str(path)))


def harmonies(harmonizer: Harmonizer, given: Given) -> Iterator[tuple[float, int, dict[int, Choice]]]:
    """Every derivation over the tune: its weight, what the tune costs over it, and its chords by their cells."""
    style, key = harmonizer.style, given.keys[0]
    planner = Planner(style, resolve_parameters(style, {}))
    frame = Frame(given.meter, given.pickup, Fraction(1), {0: joined(given.lines["soprano"])})
    (phrase,) = frame.phrases
    chart = planner.harmony_chart(given.meter)
    goal = Goal("Phrase", Fraction(len(phrase)), attributes={"key": home_key("major"), "mode": "major", "given": "yes"},
                start=frame.offset(phrase.first))
    fitting = Fitting(planner.ensemble, frame, key, None)
    for derivation in chart.enumerate(goal):
        leaves = derivation.leaves()
        for fits in product(*(fitting.chords(leaf, int(leaf.start - goal.start)) for leaf in leaves)):
            weight, cost, choices = derivation.likelihood * chart.total(goal), 0, {}
            for leaf, fit in zip(leaves, fits, strict=True):
                cell = int(leaf.start - goal.start)
                choices[cell] = fitting.choice(fit, leaf, cell)
                weight, cost = weight * fit.share, cost + fit.cost + later_cells(fitting, leaf, fit, cell, choices)
            yield weight, cost, choices


def later_cells(fitting: Fitting, leaf: Leaf, fit: Fit, cell: int, choices: dict[int, Choice]) -> int:
    """What the tune costs while a chord lasts; where it takes another note of the chord, the chord is struck anew."""
    own, cost = dict(fit.own), 0
    for place in range(cell + 1, cell + fit.lasts):
        heard = fitting.ear.hear(place, fit.chord, False, place + 1 == cell + fit.lasts)
        assert heard is not None
        cost += heard.cost
        if any(own.get(voice) != code for voice, code in heard.own.items()):
            own |= heard.own
            again = Fit(fit.chord, tuple(sorted(own.items())), cell + fit.lasts - place)
            choices[place] = fitting.again(again, leaf, place)
    return cost


def voicings(task: Task, choices: Mapping[int, Choice]) -> Iterator[tuple[Solution, Score]]:
    """Every combination of notes of some chords over their basses in the ranges of the voices, with its score."""
    columns = []
    for choice in choices.values():
        for number, voice in enumerate(task.ensemble.voices):
            chord = choice.slot.chord
            members = [chord.bass] if number == len(task.ensemble.voices) - 1 else chord.pitch_classes
            notes = {one.at_octave(octave).code for one in members for octave in range(2, 7)}
            asked = choice.given.get(number, notes)
            columns.append(sorted(code for code in notes & asked if voice.lowest.code <= code <= voice.highest.code))
    for codes in product(*columns):
        pitches = np.array(codes, dtype=np.int32).reshape(len(choices), -1)
        music = Solution(tuple(choices.values()), pitches, 0, tuple(choices))
        yield music, task.score(music, {})


@pytest.mark.parametrize("text", [
    "E5 F5 D5 C5",
    "E5 F5 D5:1/2 B4:1/2 C5",
    "C5:2 B4 C5",                                         # held under two chords, or one
    "E5 C5 D5 C5",                                        # another note of a chord that lasts
    "E5:1/2 F5:1/2 G5 B4 C5",                             # a passing note
    "C5 E5:1/2 D5:1/2 D5:1/2 B4:1/2 C5",
])
def test_best_count_order_and_law_against_enumeration(tiny: Harmonizer, text: str) -> None:
    given = given_tune("C", "4/4", "0", text)
    task = tiny.task(given)
    rules, hard = solved(tiny.style.rules), RuleSet(task.judged.hard)
    found: Counter[tuple] = Counter()
    totals = {}
    for weight, cost, choices in harmonies(tiny, given):
        for music, score in voicings(task, choices):
            if check(score, hard):
                continue
            charged = sum(one.cost for one in check(score, RuleSet(rules.weighted)))
            chords = tuple(str(choice.slot.chord) for choice in choices.values())
            name = chords, tuple(map(tuple, music.pitches.tolist()))
            totals[name] = charged + price_of(weight, tiny.style.temperature) + cost
            found[name] += weight * exp(-(charged + cost) / 1000 / tiny.style.temperature)
    solutions = Solutions(task.problem)
    assert solutions.count() == len(totals) > 3
    in_order = solutions.ranked(len(totals) + 1)
    assert [one.cost + one.price for one in in_order] == pytest.approx(sorted(totals.values()), abs=2)
    for one in in_order:
        name = tuple(str(choice.slot.chord) for choice in one.choices), tuple(map(tuple, one.pitches.tolist()))
        assert one.cost + one.price == pytest.approx(totals[name], abs=2)
    draws = 3000
    stream = solutions.samples(Chance(3), tiny.style.temperature)
    seen = Counter((tuple(str(choice.slot.chord) for choice in one.choices), tuple(map(tuple, one.pitches.tolist())))
                   for one, _ in zip(stream, range(draws), strict=False))
    whole = sum(found.values())
    assert chi_square_is_plausible(seen, {name: draws * value / whole for name, value in found.items()})


def test_what_a_tune_sings_in_passing_makes_no_parallels() -> None:
    """Octaves that a passing note would make with the bass are left out while solving, not after."""
    style = load_style(CHORALE)
    given = given_tune("C", "4/4", "0", "E4 F4 G4:1/2 F4:1/2 E4 D4 E4 D4:1/2 C4:1/2 C4")
    task = Harmonizer(style).task(given)
    hard = RuleSet(tuple(rule for rule in task.judged.hard if rule.name.startswith("nct-creates-parallels")))
    for solution in Solutions(task.problem).ranked(40):
        assert not check(task.score(solution, {}), hard)


def test_unfit_leaves_lead_nowhere() -> None:
    """What is left out at once is what leads to no end: the syntax is the same as without that."""
    style = load_style(CHORALE)
    given = given_tune("C", "4/4", "0", "E4 F4 G4 E4 D4 E4 D4 C4")
    planner = Planner(style, resolve_parameters(style, {"phrases": "1"}))
    frame = Frame(given.meter, given.pickup, Fraction(1), {0: joined(given.lines["soprano"])})

    class Unsure(Joint):
        def _leads_on(self, harmony: object, cell: int) -> bool:
            return True

    parts = [kind(planner, frame, given.keys[0]).problem_parts(3.0) for kind in (Joint, Unsure)]
    counts = [Solutions(Problem(positions, solved(style.rules), planner.ensemble, syntax=syntax)).count()
              for positions, syntax in parts]
    assert counts[0] == counts[1] > 0
