"""The checker: places, rests, held notes, ensembles of any size, folds over phrases, locality, spelling."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.rules.check import Violation, check
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.score import Ensemble, Score, parse_text_score
from theorygen.score.errors import ScoreError
from theorygen.theory import Interval, Pitch


def rules(*names: str, strength: int | None = None) -> RuleSet:
    """These rules of the library, hard or with a weight."""
    return RuleSet(tuple(ActiveRule(load_library()[name], strength is None, strength or 0) for name in names))


def found(text: str, *names: str) -> list[str]:
    """Where the rules are broken, and which."""
    return [f"{one.location}: {one.rule}" for one in check(parse_text_score(text), rules(*names))]


def test_a_violation_says_where_and_what() -> None:
    (one,) = check(parse_text_score("S: G4 A4 | B: C4 D4"), rules("parallel-fifths"))
    assert str(one) == ("measure 1, beat 2, soprano and bass: soprano and bass move in parallel fifths, P5 to P5: "
                        "G4 A4 over C4 D4 [parallel-fifths]")
    assert (one.hard, one.cost, one.slots, one.location.voices) == (True, 0, (0, 1), ("soprano", "bass"))
    assert one.because


def test_a_weighted_rule_costs() -> None:
    (one,) = check(parse_text_score("S: G4 A4 | B: C4 D4"), rules("parallel-fifths", strength=2500))
    assert (one.hard, one.cost) == (False, 2500)


def test_messages_name_chords_and_lower_voices() -> None:
    text = "in C: I6 ii6 | S: C5 D5 | A: G4 A4 | T: C4 F4 | B: E3 F3"
    (one,) = check(parse_text_score(text), rules("all-voices-similar"))
    assert one.message == "all voices move the same way, from I6 to ii6"
    (bass,) = check(parse_text_score("S: E5 D5 | B: C3 B3"), rules("melodic-no-seventh-bass"))
    assert bass.message == "the bass leaps a seventh, from C3 to B3"


PLACES = [
    ("pickup", "beat: 4 | S: C5 G4 A4 | B: A3 C4 D4", "parallel-fifths", ["measure 1, beat 2, soprano and bass"]),
    ("second measure", "S: C5*3 G4 A4 | B: A3*3 C4 D4", "parallel-fifths", ["measure 2, beat 1, soprano and bass"]),
    ("two voices", "upper: G4 A4 | lower: C4 D4", "parallel-fifths", ["measure 1, beat 2, upper and lower"]),
    ("three voices", "S1: E5 F5 | S2: G4 A4 | A: C4 D4", "parallel-fifths", ["measure 1, beat 2, soprano-2 and alto"]),
    ("five voices", "S1: G5 A5 | S2: C5 D5 | A: G4 A4 | T: E4 F4 | B: C3 B2", "parallel-unison-octave",
     ["measure 1, beat 2, soprano-1 and alto"]),
    ("all voices", "in C: I6 ii6 | S: C5 D5 | A: G4 A4 | T: C4 F4 | B: E3 F3", "all-voices-similar",
     ["measure 1, beat 2"]),
]


@pytest.mark.parametrize(("name", "text", "rule", "places"), PLACES, ids=[place[0] for place in PLACES])
def test_places(name: str, text: str, rule: str, places: list[str]) -> None:
    assert found(text, rule) == [f"{place}: {rule}" for place in places]


LINES = [
    ("a rest breaks a line", "S: G4 r A4 | B: C4 C4 D4", "parallel-fifths", 0),
    ("a rest in both breaks it too", "S: G4 r A4 | B: C4 r D4", "parallel-fifths", 0),
    ("no rest", "S: G4 G4 A4 | B: C4 C4 D4", "parallel-fifths", 1),
    ("a leap over a rest is none", "S: C5 r B5 | B: C3 C3 D3", "melodic-no-large-leap-upper", 0),
    ("whole notes against quarters", "S: G4 A4 B4 G4 A4 | B: C4*4 D4", "parallel-fifths", 1),
    ("the held voice does not move", "S: G4 A4 B4 C5 | B: C4*4", "contrary-motion-outer", 3),
    ("held slots are passed over", "S: C4*2 C5*2 B4*2 | B: A3 G3 F3 E3 D3 C3", "melodic-no-large-leap-recovery", 0),
    ("and hide no fault", "S: C4*2 C5*2 D5*2 | B: A3 G3 F3 E3 D3 C3", "melodic-no-large-leap-recovery", 1),
    ("a held note is not repeated", "S: C5*4 | B: C3 D3 E3 F3", "no-excess-repetition", 0),
    ("a repeated note is", "S: C5 C5 C5 C5 | B: C3 D3 E3 F3", "no-excess-repetition", 1),
    ("a silent voice has no line", "S: r r r r | B: C3 D3 E3 F3", "melodic-range-phrase", 0),
    ("silence in all voices", "S: r r | B: r r", "parallel-fifths", 0),
]


@pytest.mark.parametrize(("name", "text", "rule", "count"), LINES, ids=[line[0] for line in LINES])
def test_lines(name: str, text: str, rule: str, count: int) -> None:
    active = ActiveRule(load_library()[rule], not load_library()[rule].cost, 1000)
    assert len(check(parse_text_score(text), RuleSet((active,)))) == count


def test_the_slots_of_a_line_skip_rests_and_held_notes() -> None:
    (one,) = check(parse_text_score("S: r C5*2 C5 C5 C5 | B: C3 D3 E3 F3 G3 A3"), rules("no-excess-repetition"))
    assert one.slots == (1, 3, 4, 5)
    assert str(one.location) == "measure 2, beat 2, soprano"


def test_figuration_is_judged_on_the_attacks_the_skeleton_and_the_chords() -> None:
    """What comes between two notes says which rule sees their parallels, and only one does."""
    rules = ("parallel-fifths", "ncts-do-not-excuse-parallels", "strong-beat-parallels", "nct-creates-parallels")
    between = {"C5 C5": "parallel-fifths", "G4 F4": "ncts-do-not-excuse-parallels", "G4 E4": "strong-beat-parallels"}
    for notes, rule in between.items():
        text = f"in C: I*2 ii6*2 | S: {notes.replace('C5', 'G4')} A4*2 | B: C4*2 D4*2"
        assert found(text, *rules) == [f"measure 1, beat 3, soprano and bass: {rule}"]
    assert found("in C: I*2 IV*2 | S: C5 G4 A4*2 | B: E3 C4 F3*2", *rules) == []


def test_one_fault_on_two_grids_is_reported_once() -> None:
    text = "in C: I ii | S: G4 A4 | B: C4 D4"
    assert load_library()["parallel-fifths"].grids == ("skeleton", "attacks")
    assert len(found(text, "parallel-fifths")) == 1


def test_folds_start_afresh_at_each_phrase() -> None:
    one_phrase = "in C: I V I V I | S: C5 D5 E5 D5 E5 | B: C3 B2 C3 B2 C3"
    assert found(one_phrase, "single-climax") == ["measure 2, beat 1, soprano: single-climax"]
    two_phrases = one_phrase.replace("I V I V", "I V I // V")
    assert found(two_phrases, "single-climax") == []


def test_a_span_is_judged_at_the_end_of_each_phrase() -> None:
    text = "in C: I V // I V | S: C5 D5 E5 D5 | B: C3 B2 C3 B2"
    assert found(text, "melodic-range-phrase") == [
        "measure 1, beat 2, soprano: melodic-range-phrase", "measure 1, beat 4, soprano: melodic-range-phrase"]


def test_time_order() -> None:
    text = "S: G4 A4 B4 | B: C4 D4 E4"
    assert found(text, "direct-fifths-outer", "parallel-fifths") == [
        "measure 1, beat 2, soprano and bass: parallel-fifths", "measure 1, beat 3, soprano and bass: parallel-fifths"]


def test_a_score_without_an_ensemble_needs_one() -> None:
    score = replace(parse_text_score("S: G4 A4 | B: C4 D4"), ensemble=None)
    assert len(check(score, rules("parallel-fifths"), parse_text_score("S: C5 | B: C4").ensemble)) == 1


@pytest.mark.parametrize("ensemble", [None, "string-quartet"])
def test_an_ensemble_must_have_the_voices_of_the_score(ensemble: str | None) -> None:
    score = replace(parse_text_score("S: G4 A4 | B: C4 D4"), ensemble=None)
    with pytest.raises(ScoreError, match=r"which ensemble|'string-quartet' has no voice 'soprano'"):
        check(score, rules("parallel-fifths"), Ensemble.named(ensemble) if ensemble else None)


ENHARMONIC = [
    ("A2 and m3", "melodic-no-augmented", "S: F4 G#4 | B: D3 C3", "S: F4 Ab4 | B: D3 C3"),
    ("A4 and d5", "melodic-no-augmented", "S: F4 B4 | B: D3 G2", "S: F4 Cb5 | B: D3 G2"),
    ("d5 and A4", "melodic-diminished-resolves", "S: C5 F#4 E4 | B: A3 D3 C3", "S: C5 Gb4 E4 | B: A3 D3 C3"),
    ("P5 and d6", "parallel-fifths", "S: G4 A4 | B: C4 D4", "S: G4 Bbb4 | B: C4 D4"),
    ("P5 and d6 before", "parallel-fifths", "S: G4 A4 | B: C4 D4", "S: Abb4 A4 | B: C4 D4"),
    ("d5 and A4 before a fifth", "unequal-fifths", "S: F4 G4 | B: B3 C4", "S: E#4 G4 | B: B3 C4"),
    ("P8 and A7", "parallel-unison-octave", "S: C5 D5 | B: C4 D4", "S: B#4 D5 | B: C4 D4"),
    ("d4 and M3", "melodic-diminished-resolves", "S: C5 G#4 F4 | B: A3 B3 D4", "S: C5 Ab4 F4 | B: A3 B3 D4"),
]


@pytest.mark.parametrize(("name", "rule", "broken", "kept"), ENHARMONIC, ids=[pair[0] for pair in ENHARMONIC])
def test_spelling_decides(name: str, rule: str, broken: str, kept: str) -> None:
    assert found(broken, rule)
    assert not found(kept, rule)


NOTES = ("C4", "D4", "Eb4", "E4", "F4", "F#4", "G4", "Ab4", "A4", "B4", "C5", "C#5", "D5", "G5")
SCALE = [Pitch.parse(name) for name in NOTES]
LOWER = [Interval.parse("-P8"), Interval.parse("-P5"), Interval.parse("-P8") - Interval.parse("P5")]
CHORDS = "in a: i iv // V7 VI N6 V"
SLOTS = 6


@st.composite
def lines(draw: st.DrawFn) -> list[list[Pitch]]:
    """Four voices of six notes each, anywhere in reach: mostly faulty."""
    shifts = [Interval.parse("P1"), *LOWER]
    return [[draw(st.sampled_from(SCALE)).transpose(shift) for _ in range(SLOTS)] for shift in shifts]


def score_of(voices: list[list[Pitch]]) -> Score:
    parts = [f"{label}: {' '.join(map(str, line))}" for label, line in zip("SATB", voices, strict=True)]
    return parse_text_score(" | ".join([CHORDS, *parts]))


@cache
def all_rules() -> RuleSet:
    """Every rule of the library that a skeleton can be judged by."""
    library = [rule for rule in load_library().values() if "skeleton" in rule.grids]
    return RuleSet(tuple(ActiveRule(rule, not rule.cost, 1000) for rule in library))


ON_SURFACE = {"embellishment", "structural", "goal", "enters", "delayed_by"}
"""What a note is in its line, which two notes on either side decide."""


def contains(one: Violation, rule: Rule, slot: int, voice: str) -> bool:
    """Whether the window of a violation sees this note: sonorities and changes of chord see all voices."""
    named = rule.window is None or rule.window.voices > 0
    reach = 2 if any(name.rpartition(".")[2] in ON_SURFACE for name in rule.names) else 0
    near = any(abs(slot - place) <= reach for place in one.slots)
    return near and (not named or voice in one.location.voices)


@settings(max_examples=60, deadline=None)
@given(lines(), st.integers(0, 3), st.integers(0, SLOTS - 1), st.sampled_from(SCALE))
def test_locality(voices: list[list[Pitch]], voice: int, slot: int, pitch: Pitch) -> None:
    """Changing one note changes only verdicts whose window contains it."""
    changed = [list(line) for line in voices]
    changed[voice][slot] = pitch.transpose([Interval.parse("P1"), *LOWER][voice])
    name = ("soprano", "alto", "tenor", "bass")[voice]
    library = load_library()

    def elsewhere(lines_: list[list[Pitch]]) -> set[tuple[str, tuple[int, ...], tuple[str, ...], int, str]]:
        violations = check(score_of(lines_), all_rules())
        return {(one.rule, one.slots, tuple(one.location.voices), one.cost, one.message) for one in violations
                if not contains(one, library[one.rule], slot, name)}

    assert elsewhere(voices) == elsewhere(changed)


@settings(max_examples=40, deadline=None)
@given(lines(), st.sampled_from(("M2", "-m3", "P4", "-M2")))
def test_verdicts_survive_transposition(voices: list[list[Pitch]], interval: str) -> None:
    """Score, key and chords moved by one interval break the same rules in the same places, ranges aside."""
    score = score_of(voices)
    moved = score.transpose(Interval.parse(interval))

    def verdicts(one: Score) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
        reads_range = ("lowest", "highest", "comfortable", "centre", "pitch")
        judged = [rule for rule in all_rules().rules if rule.name == "voice-overlap"
                  or not any(word in name for name in rule.names for word in reads_range)]
        return sorted((found.rule, found.slots, tuple(found.location.voices))
                      for found in check(one, RuleSet(tuple(judged)), score.ensemble))

    assert verdicts(score) == verdicts(moved)


POINTED = [
    ("the two doubled notes", "in C: V | S: D5 | A: B4 | T: B3 | B: G3", "no-double-leading-tone",
     "alto B4, tenor B3"),
    ("all notes, where none is at fault", "in C: I | S: C5 | A: G4 | T: G3 | B: C3", "third-required",
     "soprano C5, alto G4, tenor G3, bass C3"),
    ("a pair of voices in motion", "S: G4 A4 | A: E4 E4 | B: C4 D4", "parallel-fifths",
     "soprano G4, bass C4, soprano A4, bass D4"),
    ("the voices of a change", "in C: Cad64 V7 | S: E5 F5 | A: C5 B4 | T: G4 D4 | B: G3 G2",
     "cadential-64-resolution-sixth", "soprano E5, soprano F5"),
    ("the voices of a cross relation", "in C: V7/V V7 | S: D5 D5 | A: A4 G4 | T: F#4 B3 | B: C4 F3", "cross-relation",
     "tenor F#4, bass C4, tenor B3, bass F3"),
    ("the highest notes of a line", "S: C5 E5 D5 E5 | B: C3 C3 B2 C3", "single-climax", "soprano E5, soprano E5"),
    ("the last of many repeated notes", "S: C5 C5 C5 C5 | B: C3 D3 E3 F3", "no-excess-repetition", "soprano C5"),
]


@pytest.mark.parametrize(("name", "text", "rule", "notes"), POINTED, ids=[row[0] for row in POINTED])
def test_a_violation_knows_its_notes(name: str, text: str, rule: str, notes: str) -> None:
    (one,) = check(parse_text_score(text), rules(rule))
    assert ", ".join(map(str, one.notes)) == notes


def test_a_rule_that_points_at_some_voices_names_them() -> None:
    (one,) = check(parse_text_score("in C: V | S: D5 | A: B4 | T: B3 | B: G3"), rules("no-double-leading-tone"))
    assert str(one.location) == "measure 1, beat 1, alto and tenor"


def test_a_held_note_is_named_by_its_attack() -> None:
    (one,) = check(parse_text_score("S: G4*2 | A: C4 D5"), rules("voice-crossing"))
    assert [(note.voice, note.onset) for note in one.notes] == [("soprano", 0), ("alto", 1)]


@pytest.mark.parametrize("before", ["", "I ", "I V6 I "])
def test_what_a_voice_owes_is_told_from_where_it_owes_it(before: str) -> None:
    count = len(before.split())
    lead = {"S": ["E5", "D5", "E5"], "A": ["C5", "G4", "G4"], "B": ["C4", "B3", "C4"]}
    rows = {"S": "F5 D5 C5*2", "A": "B4*2 G4*2", "B": "G3*2 C3*2"}
    lines = [f"{voice}: {' '.join([*lead[voice][:count], row])}" for voice, row in rows.items()]
    score = parse_text_score(" | ".join([f"in C: {before}V7*2 I*2", *lines]))
    (found,) = check(score, RuleSet((ActiveRule(load_library()["seventh-transferred"], False, 1),)))
    assert found.onsets == (count, count + 1, count + 2)
