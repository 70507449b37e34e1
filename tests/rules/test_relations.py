"""Relations: read with located errors, judged on finished scores, each kind with what keeps and what breaks it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from theorygen.rules.check import Violation, check
from theorygen.rules.examples import wrong_examples
from theorygen.rules.relation_demands import Clock, Place
from theorygen.rules.relation_kinds import RELATIONS
from theorygen.rules.rule import Rule
from theorygen.rules.rule_set import RuleSet, resolve_rules
from theorygen.rules.tally import tally
from theorygen.score.text_notation import parse_text_score
from theorygen.score.timeline import measures_of
from theorygen.source.diagnostic import InputError
from theorygen.source.document import parse_document
from theorygen.theory import Interval, Meter, Pitch

EXAMPLES = {
    "canon, strict": ("relation: canon, leader: soprano, follower: bass, interval: -P8, distance: 2 slots",
                      ["S: C5 D5 E5 C5 | B: C3 C3 C4 D4", "S: C5 Eb5 E5 C5 | B: A2 C3 C4 Eb4"],
                      ["S: C5 D5 E5 C5 | B: C3 C3 C4 Db4", "S: C5 D5 E5 C5 | B: C3 C3 C3 D3"]),
    "canon, in steps": ("relation: canon, leader: bass, follower: soprano, interval: 11 steps, distance: 1",
                        ["S: C5 G4 A4 | B: C3 D3 E3", "S: C5 G4 Ab4 | B: C3 D3 E3"],
                        ["S: C5 G4 G#4 | B: C3 D3 E3", "S: C5 A4 A4 | B: C3 D3 E3"]),
    "motif, at any pitch": ("relation: same-motif, voice: soprano, at: [m1, m2], length: 3",
                            ["S: C5 D5 E5 F5 G5 A5 B5 C6", "S: C5 D5 E5 F5 Eb5 F5 G5 C6"],
                            ["S: C5 D5 E5 F5 D5 E5 F5 C6"]),
    "motif, in steps": ("relation: same-motif, voice: soprano, at: [m1, m2], length: 3, transposed: any steps",
                        ["S: C5 D5 E5 F5 D5 E5 F5 C6"], ["S: C5 D5 E5 F5 D5 E5 G5 C6"]),
    "motif, at one pitch": ("relation: same-motif, at: [soprano m1, bass m1 b3], length: 2 slots, transposed: -P15",
                            ["S: C5 D5 E5 F5 | B: A2 B2 C3 D3"], ["S: C5 D5 E5 F5 | B: A2 B2 D3 E3"]),
    "motif, in its rhythm": ("relation: same-motif, voice: soprano, at: [m1, m2], length: 4",
                             ["S: C5*2 D5 E5 D5*2 E5 F#5"], ["S: C5*2 D5 E5 D5 E5*2 F#5"]),
    "row": ("relation: row, voices: soprano",
            ["S: C5 Db5 D5 Eb5 E5 F5 F#5 G5 Ab5 A5 Bb5 B5 C5", "S: C5 D5"],
            ["S: C5 D5 C4", "S: C5 D5 B#4"]),
    "row of all": ("relation: row, voices: all",
                   ["S: C5 D5 E5 F#5 G#5 A#5 | B: C#3 D#3 F3 G3 A3 B3"], ["S: C5 D5 | B: E3 C3"]),
    "invertible": ("relation: invertible, voices: [soprano, bass], interval: P8, keep: [parallel-fifths]",
                   ["S: C5 D5 | B: E4 F4", "S: C5 D5 | B: A4 B4"], ["S: C5 D5 | B: G4 A4", "S: C5 D5 | B: F3 G3"]),
    "total": ("over: piece, total: {over: melodic-step, when: leaps and voice == soprano}, require: total == 2",
              ["S: C5 G5 C5 D5"], ["S: C5 G5 A5 B5", "S: C5 G5 C5 G5"]),
}


def read(text: str) -> RuleSet:
    """Rules of a style."""
    document = parse_document(text, "relations.yaml")
    return resolve_rules(document.data, document, ())


def rule_of(entry: str) -> Rule:
    """The only relation of a style."""
    return read(f"one: {{{entry}}}").relations[0].rule


def judged(entry: str, text: str) -> list[Violation]:
    """What one relation finds wrong with a score."""
    return check(parse_text_score(text), read(f"one: {{{entry}}}"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_keep_and_break_the_relation(name: str) -> None:
    entry, good, bad = EXAMPLES[name]
    rule = rule_of(f"{entry}, good: {good}, bad: {bad}".replace("'", '"'))
    assert not list(wrong_examples(rule))
    swapped = rule_of(f"{entry}, good: {bad}, bad: {good}".replace("'", '"'))
    assert len(list(wrong_examples(swapped))) == len(good) + len(bad)


def test_every_kind_of_relation_has_examples() -> None:
    assert {rule_of(entry).over for entry, _, _ in EXAMPLES.values()} == {*RELATIONS, "piece"}
    assert all(relation.about and relation.message for relation in RELATIONS.values())


def test_a_violation_says_where_and_which_notes() -> None:
    found, = judged(EXAMPLES["canon, strict"][0], "S: C5 D5 E5 C5 | B: C3 C3 C4 Db4")
    assert str(found.location) == "measure 1, beat 4, soprano and bass" and found.hard
    assert [str(note) for note in found.notes] == ["soprano D5", "bass Db4"]
    assert found.message == "bass sings Db4 where soprano sang D5: it should lie -P8 away"


def test_a_message_may_hold_words_of_the_relation() -> None:
    entry = "relation: row, voices: soprano, message: '{second} after {first}'"
    assert [one.message for one in judged(entry, "S: C5 D5 C4")] == ["C4 after C5"]


def test_totals_are_told_once_for_the_piece() -> None:
    found, = judged(EXAMPLES["total"][0], "S: C5 G5 A5 B5")
    assert found.message == "there are 1 in all" and found.location.measure == 1


def test_a_place_that_is_not_there_cannot_be_kept() -> None:
    found, = judged("relation: same-motif, voice: soprano, at: [m1, m9], length: 3", "S: C5 D5 E5 F5")
    assert found.message == "the piece has no measure 9"


def test_a_voice_that_is_not_there_is_not_judged() -> None:
    entry = "relation: canon, leader: soprano, follower: alto, interval: P5, distance: 1"
    assert not judged(entry, "S: C5 D5 | B: C3 D3")


def test_only_what_is_between_two_places_is_answered() -> None:
    entry = "relation: canon, leader: soprano, follower: bass, interval: -P8, distance: 1"
    text = "S: C5 D5 E5 F5 | B: C3 C4 D4 A3"
    assert len(judged(entry, text)) == 1
    assert not judged(f"{entry}, between: [m1, m1 b3]", text)


def test_a_relation_that_is_off_is_not_judged_and_tallies_count_violations() -> None:
    entry, _, (bad, *_) = EXAMPLES["row"]
    assert not judged(f"{entry}, strength: 'off'", bad)
    assert tally(parse_text_score(bad), read(f"one: {{{entry}}}"))["one"].violations == 1


NOTES = ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5")


@pytest.mark.parametrize("rule", ["parallel-fifths", "direct-fifths-outer"])
def test_inversion_judges_the_voices_as_if_they_had_changed_places(rule: str) -> None:
    inverted = read(f"one: {{relation: invertible, voices: [soprano, bass], interval: P8, keep: [{rule}]}}")
    plain = read(f"use: [strict-textbook]\n{rule}: hard").only([rule])
    differs = 0
    for upper, lower in product(product(NOTES[4:], NOTES[3:6]), product(NOTES[:5], NOTES[1:6])):
        raised = [str(Pitch.parse(note).transpose(Interval.parse("P8"))) for note in lower]
        score = parse_text_score(f"S: {' '.join(upper)} | B: {' '.join(lower)}")
        swapped = parse_text_score(f"S: {' '.join(raised)} | B: {' '.join(upper)}")
        faults = len(check(swapped, plain))
        assert len(check(score, inverted)) == faults
        differs += faults != len(check(score, plain))
    assert differs > 0


def test_invertible_keeps_all_hard_rules_over_two_voices_in_motion_by_default() -> None:
    rules = read("use: [strict-textbook]\none: {relation: invertible, voices: [soprano, bass], interval: P8}")
    own = [rule for rule in rules.rules if rule.name == "one"]
    motion = [rule for rule in rules.hard if rule.rule.over.endswith("motion") and rule.name != "one"]
    assert len(own) == len(motion) + 1 and len(motion) > 3


BAD = [
    ("relation: cannon", "unknown-relation", "did you mean 'canon'"),
    ("relation: canon, leader: soprano", "missing-key", "does not say 'follower'"),
    ("relation: canon, leader: a, follower: a, interval: P5, distance: 1", "bad-value", "needs two voices"),
    ("relation: canon, leader: a, follower: b, interval: P3, distance: 1", "bad-value", "'P3' cannot stand here"),
    ("relation: canon, leader: a, follower: b, interval: any, distance: 1", "bad-value", "'any' cannot stand here"),
    ("relation: canon, leader: a, follower: b, interval: P5, distance: 0", "bad-value", "a number of quarter lengths"),
    ("relation: canon, leader: a, follower: b, interval: P5, distance: true", "bad-value", "a number of quarter"),
    ("relation: canon, leader: a, follower: b, interval: P5, distance: 1, between: [m1]", "bad-value", "two places"),
    ("relation: canon, leader: a, follower: b, interval: P5, distance: 1, when: x", "unknown-key", "'when'"),
    ("relation: same-motif, at: [m1, m3], length: 2", "missing-key", "in which voice"),
    ("relation: same-motif, voice: a, at: [m1], length: 2", "bad-value", "two or more places"),
    ("relation: same-motif, voice: a, at: [m1, bar 3], length: 2", "bad-value", "such as m5"),
    ("relation: same-motif, voice: a, at: [m1, m3 b0], length: 2", "bad-value", "such as m5"),
    ("relation: row, voices: 12", "bad-value", "all, the name of a voice"),
    ("relation: row, voices: []", "bad-value", "all, the name of a voice"),
    ("relation: row, voices: all, strength: 20", "bad-strength", "cannot have a weight"),
    ("relation: row, voices: all, message: '{third}'", "unknown-field", "unknown field 'third'"),
    ("relation: invertible, voices: [a, b], interval: P5", "bad-value", "P8 or P15"),
    ("relation: invertible, voices: [a, b, c], interval: P8", "bad-value", "two voices"),
    ("total: {over: melodic-step}, require: total == 1", "unknown-window", "over: piece"),
    ("over: piece, total: {over: melodic-step}", "rule-verdict", "require: total == 3"),
    ("over: piece, total: 3, require: total == 1", "wrong-type", "says what it counts"),
    ("over: piece, total: {over: voice-line}, require: total == 1", "unknown-window", "cannot be counted"),
    ("over: piece, total: {over: note, whn: x}, require: total == 1", "unknown-key", "did you mean 'when'"),
    ("over: piece, total: {over: note, when: pich > C4}, require: total > 1", "bad-expression", "did you mean 'pitch'"),
    ("over: piece, total: {over: note}, require: totl == 1", "bad-expression", "did you mean 'total'"),
    ("over: piece, total: {over: note}, require: total", "bad-expression", "a true or false"),
]


@pytest.mark.parametrize(("entry", "code", "said"), BAD, ids=[entry for entry, _, _ in BAD])
def test_wrong_relations_are_refused_with_a_place(entry: str, code: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read(f"one: {{{entry}}}")
    found = next(one for one in error.value.diagnostics if one.code == code)
    assert said in str(error.value) and found.mark is not None and found.mark.line == 1


def test_an_unknown_rule_to_keep_in_inversion_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'parallel-fifths'"):
        read("one: {relation: invertible, voices: [a, b], interval: P8, keep: [paralel-fifths]}")


def test_times_are_found_in_any_meter_and_after_a_pickup() -> None:
    measures = measures_of(((Fraction(0), Meter.parse("6/8")),), Fraction(3, 2), Fraction(9))
    clock = Clock((Fraction(0), Fraction(3, 2)), Fraction(9), measures, ("soprano",))
    assert clock.time(Place(1)) == Fraction(3, 2) and clock.time(Place(1, Fraction(2))) == Fraction(3)
    assert clock.time(Place(0, Fraction(2))) == 0 and clock.time(Place(9)) is None
