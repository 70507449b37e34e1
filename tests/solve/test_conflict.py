"""Conflicts: minimal by enumeration, at the places they name, in a teacher's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.solve.problems import CHORDS, ensemble, problems
from theorygen.rules.folds import LINE
from theorygen.rules.rule_set import RuleSet, profile, resolve_rules
from theorygen.rules.windows import WINDOWS
from theorygen.rules.world import Slot, World
from theorygen.score.ensemble import Ensemble
from theorygen.solve import answers, conflict_search
from theorygen.solve.conflict import NoSolution, explain_dead_end
from theorygen.solve.elements import HARMONY, Element, notes_asked
from theorygen.solve.problem import Arcs, Choice, Position, Problem, Syntax
from theorygen.solve.trellis import DeadEnd
from theorygen.source.document import parse_document
from theorygen.theory import Interval, Key, Pitch, PitchClass, RomanNumeral

MOST_SEQUENCES = 60_000
FEW_SEQUENCES = 2_000


def conflict_of(problem: Problem) -> NoSolution:
    """The conflict of a problem that must have no solution."""
    with pytest.raises(DeadEnd) as end:
        answers.best(problem)
    return explain_dead_end(problem, end.value.position)


def written(key: str, texts: str, given: Mapping[int, Mapping[int, str]] | None = None,
            style: str = "strict-textbook") -> Problem:
    """Chords for four voices under a profile; ``given`` has position, voice and note."""
    home, words = Key.parse(key), texts.split()
    positions = []
    for index, text in enumerate(words):
        slot = Slot(RomanNumeral.parse(text, home), first=index == 0, last=index == len(words) - 1, opening=index == 0,
                    final=index == len(words) - 1)
        notes = {voice: frozenset({Pitch.parse(note).code}) for voice, note in (given or {}).get(index, {}).items()}
        positions.append(Position((Choice(slot),), given=notes))
    return Problem(tuple(positions), profile(style).on(("skeleton", "attacks")).solved, Ensemble.named("satb"))


# minimal, by enumeration


class Everything:
    """All sequences of notes of the chords within ranges, and which elements each breaks; judged without any table."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sequences = []
        for choices in product(*(range(len(one.choices)) for one in problem.positions)):
            pools = [self._notes(position.choices[choice].slot)
                     for position, choice in zip(problem.positions, choices, strict=True)]
            self.sequences += [(choices, np.stack(rows)) for rows in product(*pools)]

    def _notes(self, slot: Slot) -> list[np.ndarray]:
        columns = [[code for pitch_class in slot.chord.pitch_classes for octave in range(1, 7)
                    if voice.lowest.code <= (code := pitch_class.at_octave(octave).code) <= voice.highest.code]
                   for voice in self.problem.ensemble.voices]
        return [np.array(row) for row in product(*columns)]

    def breaks(self, element: Element) -> np.ndarray:
        """Whether each sequence breaks an element, bool [sequences]."""
        return np.array([self._breaks(element, choices, pitches) for choices, pitches in self.sequences])

    def _breaks(self, element: Element, choices: tuple[int, ...], pitches: np.ndarray) -> bool:
        if element.kind == "rule":
            return any(self._faulty(rule, element.position, choices, pitches) for rule in self.problem.rules.hard
                       if rule.name == element.rule)
        position = self.problem.positions[element.position]
        choice = position.choices[choices[element.position]]
        code = int(pitches[element.position, element.voice])
        if element.kind == "given":
            return any(code not in one.given.get(element.voice, [code]) for one in (position, choice))
        degree = choice.slot.chord.key.degree_of(Pitch.from_code(code).pitch_class).number
        return any(degree not in one.degrees.get(element.voice, [degree]) for one in (position, choice))

    def _faulty(self, rule, place: int | None, choices: tuple[int, ...], pitches: np.ndarray) -> bool:
        slots = [position.choices[choice].slot
                 for position, choice in zip(self.problem.positions, choices, strict=True)]
        world = World(self.problem.ensemble.voices, slots, self.problem.rules.codes)
        if rule.rule.over == LINE:
            return self._faulty_line(rule, world, pitches)
        window = WINDOWS[rule.rule.over]
        start = place - window.slots + 1
        if start < 0 or (window.slots > 2 and any(slot.first for slot in slots[start + 1 : place + 1])):
            return False
        for voices in window.instances(pitches.shape[1]):
            columns = [pitches[start + shift : start + shift + 1, list(voices)] for shift in range(window.slots)]
            rows = window.rows(world, columns, np.array([voices]), [np.array([start + shift])
                                                                    for shift in range(window.slots)])
            if len(rule.charge(rows)[0]):
                return True
        return False

    def _faulty_line(self, rule, world: World, pitches: np.ndarray) -> bool:
        fold, problem = rule.rule.memory, self.problem
        starts = [row for row, slot in enumerate(world.slots) if row == 0 or slot.first]
        for start, stop in zip(starts, [*starts[1:], len(pitches)], strict=True):
            cut = (problem.cut_before and start == 0) or (problem.cut_after and stop == len(pitches))
            for voice in range(pitches.shape[1]):
                states = [fold.start(pitches[start : start + 1, voice])]
                for row in range(start + 1, stop):
                    states.append(fold.add(states[-1], pitches[row - 1 : row, voice], pitches[row : row + 1, voice]))
                judged = ([] if cut else states[-1:]) if fold.at_end else states
                if judged and rule.amounts(fold.rows(world, voice, np.concatenate(judged))).any():
                    return True
        return False


@st.composite
def given_problems(draw: st.DrawFn) -> Problem:
    """Problems with random hard rules in which some notes are given, at positions or with one choice."""
    problem = draw(problems(most=3))
    hard = RuleSet(tuple(replace(rule, hard=True) for rule in problem.rules.solved.rules
                         if not rule.rule.cost))
    positions = []
    for position in problem.positions:
        choices = tuple(replace(choice, given=draw(_some_given(choice, problem))) for choice in position.choices)
        positions.append(replace(position, choices=choices, given=draw(_some_given(choices[0], problem))))
    return replace(problem, positions=tuple(positions), rules=hard)


MOVING = ("melodic-step", "voice-pair-motion", "adjacent-voices-motion", "melodic-turn", "chord-change", "voice-pair",
          "adjacent-voices")


def tight_problem(seed: int) -> Problem:
    """Chords under rules on how voices move, with many notes given: conflicts have several reasons."""
    chance = Random(seed)
    tonic, voices = chance.choice(sorted(CHORDS)), ensemble(chance.choice([2, 3]))
    if len(voices) == 2:
        voices = Ensemble("wide", tuple(replace(voice, lowest=low, highest=low.transpose(Interval.parse("M9")))
                                        for voice, low in zip(voices.voices, (Pitch(28), Pitch(16)), strict=True)))
    moving = [rule for rule in profile("strict-textbook").on(("skeleton",)).solved.hard if rule.rule.over in MOVING]
    rules = chance.sample(moving, chance.randint(2 * len(moving) // 3, len(moving)))
    positions = []
    for index in range(chance.choice([2, 3, 3])):
        text = chance.choice(CHORDS[tonic])
        slot = Slot(RomanNumeral.parse(text, Key.parse(tonic)), chance.randint(0, 3), first=index == 0)
        given = {}
        for number, spec in enumerate(voices.voices):
            codes = [code for one in slot.chord.pitch_classes for octave in range(2, 6)
                     if spec.lowest.code <= (code := one.at_octave(octave).code) <= spec.highest.code]
            if codes and chance.random() < 0.7:
                given[number] = frozenset({chance.choice(codes)})
        positions.append(Position((Choice(slot),), given=given))
    return Problem(tuple(positions), RuleSet(tuple(rules)), voices)


@st.composite
def _some_given(draw: st.DrawFn, choice: Choice, problem: Problem) -> dict[int, frozenset[int]]:
    if draw(st.integers(0, 2)):
        return {}
    voice = draw(st.integers(0, len(problem.ensemble.voices) - 1))
    spec = problem.ensemble.voices[voice]
    codes = [code for one in choice.slot.chord.pitch_classes for octave in range(2, 6)
             if spec.lowest.code <= (code := one.at_octave(octave).code) <= spec.highest.code]
    return {voice: frozenset({draw(st.sampled_from(codes))})} if codes else {}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(given_problems())
def test_a_random_conflict_is_minimal(problem: Problem) -> None:
    assert_minimal(problem)


@pytest.mark.parametrize("seed", range(60))
def test_a_conflict_of_several_reasons_is_minimal(seed: int) -> None:
    assert_minimal(tight_problem(seed))


def assert_minimal(problem: Problem) -> None:
    """If there is no solution, the conflict is impossible, and without any one of its reasons possible."""
    try:
        answers.best(problem)
        return
    except DeadEnd as end:
        conflict = explain_dead_end(problem, end.position)
    elements = [reason.element for reason in conflict.reasons]
    assert elements
    if not conflict.rules:
        assert_unsingable(problem, elements)
        return
    stretch = problem.part(conflict.start, conflict.stop)
    every = Everything(stretch)
    if len(every.sequences) > MOST_SEQUENCES:
        return
    broken = np.array([every.breaks(one.shifted(-conflict.start)) for one in elements])
    assert broken.any(axis=0).all()
    for row in range(len(elements)):
        assert not np.delete(broken, row, axis=0).any(axis=0).all()
    if conflict.smallest and len(elements) > 1 and len(every.sequences) <= FEW_SEQUENCES:
        assert_no_smaller(every, stretch, len(elements))


def assert_unsingable(problem: Problem, elements: list[Element]) -> None:
    """Under each choice some voice has no note, of all notes there are, and without any one element it has one."""
    position = problem.positions[elements[0].position]
    notes = [PitchClass(letter, alter).at_octave(octave) for letter, alter, octave
             in product(range(7), (-2, -1, 0, 1, 2), range(9))]

    def possible(asked: list[Element]) -> bool:
        return any(all(any(may_sing(note, voice, number, asked) for note in notes)
                       for voice in range(len(problem.ensemble))) for number in range(len(position.choices)))

    def may_sing(note: Pitch, voice: int, number: int, asked: list[Element]) -> bool:
        chord, asking = position.choices[number].slot.chord, (position, position.choices[number])
        degree = chord.key.degree_of(note.pitch_class).number
        for one in [one for one in asked if one.voice == voice]:
            if one.kind == "given" and any(note.code not in by.given.get(voice, [note.code]) for by in asking):
                return False
            if one.kind == "degree" and any(degree not in by.degrees.get(voice, [degree]) for by in asking):
                return False
            if one.kind == "chord" and note.pitch_class not in chord.pitch_classes:
                return False
            if one.kind == "range" and not problem.ensemble.voices[voice].contains(note):
                return False
        return True

    assert not possible(elements)
    assert all(possible([one for one in elements if one != left_out]) for left_out in elements)


def assert_no_smaller(every: Everything, problem: Problem, size: int) -> None:
    """No set of fewer demands and rules at places is broken by every sequence."""
    rules = [Element("rule", place, rule.name) for rule in problem.rules.hard for place in range(len(problem.positions))
             if rule.rule.over != LINE]
    rules += [Element("rule", rule=rule.name) for rule in problem.rules.hard if rule.rule.over == LINE]
    broken = [every.breaks(one) for one in dict.fromkeys([*rules, *notes_asked(problem)])]
    assert not some_cover([row for row in broken if row.any()], size - 1)


def some_cover(rows: list[np.ndarray], size: int) -> bool:
    """Whether that many rows together are true everywhere."""
    def reaches(covered: np.ndarray, left: int) -> bool:
        if covered.all():
            return True
        first = int(np.argmin(covered))
        return left > 0 and any(reaches(covered | row, left - 1) for row in rows if row[first])
    return reaches(np.zeros(len(rows[0]), dtype=bool), size) if rows else False


# in a teacher's words


def test_a_german_sixth_straight_to_the_dominant_runs_into_parallel_fifths() -> None:
    conflict = conflict_of(written("a", "i iv6 Ger65 V i"))
    assert (conflict.start, conflict.stop) == (2, 4) and conflict.asked == ()
    assert {"parallel-fifths-german-sixth", "aug6-resolution"} <= set(conflict.rules)
    text = str(conflict)
    assert text.startswith("Ger65 V (chords 3 to 4) cannot be voiced without breaking one of these rules: Parallel fi")
    assert "parallel-fifths-german-sixth (Parallel fifths from a German sixth), Ger65 to V (chord 4) [motion." in text
    assert "otherwise: alto and bass leave the German sixth in parallel fifths" in text


def test_what_is_taken_for_granted_is_told_last_and_in_short() -> None:
    lines = str(conflict_of(written("Bb", "IV6 V65/V V"))).split("\n  ")
    assert lines[0].startswith("IV6 V65/V (chords 1 to 2) cannot be voiced: between IV6 and V65/V a note comes back")
    assert lines[1].startswith("cross-relation (") and len(lines) == 4
    assert lines[2].startswith("taken for granted: bass-is-inversion (Wrong inversion) in IV6, V65/V; inverted-chord-c")


def test_where_nothing_else_is_at_fault_what_is_taken_for_granted_is_told_like_other_rules() -> None:
    conflict = conflict_of(written("C", "I V6 I", {1: {0: "B4", 3: "D3"}}))
    assert "taken for granted" not in str(conflict) and conflict.rules == ("bass-is-inversion",)
    assert conflict.summary == ("V6 (chord 2) cannot be voiced with D3 in the bass: "
                                "the bass D3 makes another inversion than V6")


def test_more_work_is_not_spent_on_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = written("a", "i iv6 Ger65 V i")
    assert conflict_of(problem).smallest
    monkeypatch.setattr(conflict_search, "MOST_WORK", 0)
    conflict = conflict_of(problem)
    assert not conflict.smallest and "not proven" in str(conflict)


def test_a_leading_tone_that_leaps_away_is_named_with_both_notes() -> None:
    conflict = conflict_of(written("C", "I IV V I vi", {2: {0: "B4"}, 3: {0: "E5"}})).located(
        lambda start, stop: f"measure {start + 1}")
    lines = str(conflict).split("\n")
    assert lines[0] == ("measure 3: V I cannot be voiced with B4, then E5 in the soprano: soprano leaves the leading "
                        "tone B4 for E5; in an outer voice it rises to the tonic")
    assert [line.strip() for line in lines[1:3]] == ["the soprano is given B4 over V (measure 3)",
                                                     "the soprano is given E5 over I (measure 4)"]
    assert lines[3].startswith("  leading-tone-outer-resolves (Leading tone in an outer voice), V to I (measure 4) [")
    assert "soprano leaves the leading tone B4 for E5" in lines[3] and conflict.smallest


@pytest.mark.parametrize(("given", "text"), [
    ({1: {0: "A3"}}, "chord 2: the soprano is given A3, below its range, C4 to G5"),
    ({1: {3: "F3"}}, "chord 2: the bass is given F3, which is no note of V6 (B D G)"),
    ({0: {0: "C6"}, 2: {2: "A4"}}, "chord 1: the soprano is given C6, above its range, C4 to G5; "
                                   "chord 3: the tenor is given A4, which is no note of I (C E G)"),
])
def test_what_no_voice_can_sing_is_told_before_any_rule(given: dict, text: str) -> None:
    problem = written("C", "I V6 I" if "A3" not in text else "I IV I", given)
    assert str(conflict_of(problem)) == text


def test_many_notes_beyond_a_range_are_told_in_one_sentence() -> None:
    given = {index: {3: note} for index, note in enumerate(["C5", "F4", "C5", "F4", "G4", "C5"])}
    assert str(conflict_of(written("C", "I IV I IV V I", given))) == (
        "chord 1: the bass is given C5, above its range, E2 to D4, and 5 more of its notes lie above it; an octave "
        "lower it fits")
    given[1] = {3: "F5"}
    assert "two octaves lower" in str(conflict_of(written("C", "I IV I IV V I", {**given, 3: {3: "F5"}})))
    assert "octaves" not in str(conflict_of(written("C", "I IV I IV V I", {**given, 0: {3: "C7"}})))


def test_degrees_and_notes_of_one_voice_contradict_each_other() -> None:
    problem = written("C", "I V I", {1: {0: "B4"}})
    asked = replace(problem.positions[1], degrees={0: frozenset({2})})
    conflict = conflict_of(replace(problem, positions=(problem.positions[0], asked, problem.positions[2])))
    assert str(conflict) == "chord 2: the soprano is given B4, the soprano is asked for degree 2"


def test_a_conflict_as_data_has_places_in_score_and_yaml() -> None:
    data = conflict_of(written("C", "I V I", {1: {0: "B4"}, 2: {0: "E5"}})).to_data()
    given, _, rule = data["reasons"]
    assert given["kind"] == "given" and given["notes"] == ["B4"] and given["voices"] == ["soprano"]
    assert rule["rule"] == "leading-tone-outer-resolves" and rule["chord"] == 3 and rule["voices"] == ["soprano"]
    assert rule["place"]["file"] == "tendency-tones.yaml" and rule["place"]["line"] > 0 and not rule["granted"]
    assert data["summary"].startswith("V I (chords 2 to 3) cannot be voiced with B4, then E5 in the soprano: ")


def test_a_rule_of_a_style_is_told_with_its_line() -> None:
    document = parse_document("\n\nno-repeat: {over: melodic-step, when: is_bass, forbid: interval == P1}\n", "my.yaml")
    rules = resolve_rules(document.data, document, ())
    problem = replace(written("C", "I I", {0: {3: "C3"}, 1: {3: "C3"}}), rules=rules)
    assert "no-repeat, I to I (chord 2) [my.yaml:3]; otherwise: no-repeat" in str(conflict_of(problem))


def test_a_rule_over_a_line_is_blamed_with_the_whole_phrase() -> None:
    document = parse_document("peak: {over: voice-line, fold: climax, when: is_top, require: hits == 1}\n", "one.yaml")
    rules = resolve_rules(document.data, document, ())
    problem = replace(written("C", "I I V I", {1: {0: "G4"}, 2: {0: "D4"}, 3: {0: "G4"}}), rules=rules)
    conflict = conflict_of(replace(problem, positions=tuple(replace(one, given=one.given or {0: frozenset(
        {Pitch.parse("E4").code})}) for one in problem.positions)))
    assert (conflict.start, conflict.stop) == (0, 4) and conflict.rules == ("peak",)
    assert [one.position for one in conflict.asked] == [0, 1, 2, 3] and conflict.smallest


def syntax_of(*layers: list[tuple[int, int, int]]) -> Syntax:
    """Layers of (source, choice, target)."""
    return Syntax(tuple(Arcs(*(np.array(column, dtype=np.int32) for column in zip(*layer, strict=True)),
                             np.zeros(len(layer), dtype=np.int64), np.ones(len(layer))) for layer in layers))


def test_the_harmony_is_one_reason_among_others() -> None:
    problem = written("C", "I V I", {1: {0: "F4"}})
    open_position = Position((*problem.positions[1].choices, *written("C", "I IV I").positions[1].choices),
                             given=problem.positions[1].given)
    open_problem = replace(problem, positions=(problem.positions[0], open_position, problem.positions[2]))
    allowed = syntax_of([(0, 0, 0)], [(0, 0, 0), (0, 1, 1)], [(0, 0, 0), (1, 0, 0)])
    assert answers.count(replace(open_problem, syntax=allowed)) > 0
    only_dominant = syntax_of([(0, 0, 0)], [(0, 0, 0)], [(0, 0, 0)])
    conflict = conflict_of(replace(open_problem, syntax=only_dominant))
    assert [one.element for one in conflict.reasons] == [Element("given", 1, voice=0), HARMONY]
    assert "the harmony of the style: which chord may follow which" in str(conflict)
