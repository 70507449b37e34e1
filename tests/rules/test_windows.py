"""The vocabulary of windows: every field has a value, a kind and a sentence, and sees its own window only."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.vocabulary import assert_documented, assert_sees_its_own_window, misfits, records_of
from theorygen.rules.check import check, windows_of, world_of
from theorygen.rules.expression import subtrees
from theorygen.rules.folds import FOLDS
from theorygen.rules.kinds import PITCH
from theorygen.rules.record import Record
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.score.score import Score
from theorygen.score.text_notation import parse_text_score
from theorygen.theory import Interval, Key, RomanNumeral

SCORES = {
    "plain": "in C: I ii65 V7 vi // IV6 Cad64 V I | S: C5 C5 B4 C5 C5 C5 B4 C5 | A: G4 A4 F4 E4 F4 G4 G4 G4 |"
             " T: E4 D4 D4 C4 F4 E4 D4 E4 | B: C3 F3 G3 A3 A3 G3 G3 C3",
    "chromatic": "in a: i N6 viio7/V V7 I F: V42 I6 | S: A4 Bb4 A4 G#4 A4 G4 F4 | A: E4 F4 F#4 E4 E4 E4 F4 |"
                 " T: C4 D4 C4 D4 C#4 C4 C4 | B: A2 D3 D#3 E3 A2 Bb2 A2",
    "without chords": "S: C5 D5 E5 | B: C3 B2 C3",
    "rests and foreign notes": "in C: I V I V | S: C5 r D5 C#5 | A: G4 G4 r E4 | T: E4 D4 r F4 | B: C3 r C3 G2",
}


@cache
def rows_in(name: str, window: str) -> Rows:
    """All windows of one kind in one of the scores, on its attacks."""
    score = parse_text_score(SCORES[name])
    assert score.ensemble is not None
    slots = score.slots("attacks")
    return windows_of(WINDOWS[window], world_of(score, slots, score.ensemble, {"soprano": 0}), slots.codes)


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_field_is_one_value_of_its_kind_for_each_window(name: str, window: str) -> None:
    assert misfits(rows_in(name, window), WINDOWS[window].fields) == []


@pytest.mark.parametrize("name", ["plain", "chromatic"])
@pytest.mark.parametrize("window", WINDOWS)
def test_a_field_sees_its_own_window_only(name: str, window: str) -> None:
    assert_sees_its_own_window(rows_in(name, window), WINDOWS[window].fields)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_without_rows_has_empty_fields(window: str) -> None:
    rows = rows_in("plain", window).take(np.array([], dtype=int))
    assert all(len(rows.field(path)) == 0 for path in WINDOWS[window].fields)


RECORDS = records_of([*(window.record for window in WINDOWS.values()), *(fold.line for fold in FOLDS.values())])


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_and_part_has_a_sentence(record: type[Record]) -> None:
    assert_documented(record)


@pytest.mark.parametrize(("path", "wanted"), [
    ("count.voices", [4, 2, 2, 4]), ("count.silent", [0, 2, 2, 0]), ("count.foreign", [0, 0, 1, 3]),
    ("count.third", [1, 0, 0, 0]), ("count.unisons", [0, 0, 0, 0]),
])
def test_silent_voices_count_nowhere(path: str, wanted: list[int]) -> None:
    assert list(rows_in("rests and foreign notes", "sonority").field(path)) == wanted


def value(text: str, window: str, path: str, row: int = -1) -> object:
    """One field of one window of a small score; words as words."""
    score = parse_text_score(text)
    assert score.ensemble is not None
    slots = score.slots("attacks")
    rows = windows_of(WINDOWS[window], world_of(score, slots, score.ensemble, {}), slots.codes)
    kind = WINDOWS[window].fields[path]
    found = rows.field(path)[row]
    return kind.words[int(found)] if kind.words else found


@pytest.mark.parametrize(("text", "window", "path", "wanted"), [
    ("in a: V | S: Ab4", "note", "sounds_in_chord", True),
    ("in a: V | S: Ab4", "note", "member", "none"),
    ("in a: V | S: A4", "note", "sounds_in_chord", False),
    ("in C: V7sus4 | S: C5", "note", "chord.has_third", False),
    ("in C: Ger65 | S: C5", "note", "chord.has_fifth", False),
    ("in C: viio7 | S: Ab4", "note", "chord.has_seventh", True),
    ("in C: ii6 | S: D5 | A: A4 | T: D4 | B: F3", "sonority", "count.doubled_unstable", 1),
    ("in C: I | S: G5 | A: G4 | T: C4 | B: C3", "sonority", "count.doubled_unstable", 0),
    ("in C: I6 | S: G4 | A: C4 | T: G3 | B: E3", "sonority", "count.top_note", 2),
    ("in C: I | S: C5 | A: G4 | T: E4 | B: C3", "sonority", "count.members", 3),
    ("in C: V7 I | S: D5 C5 | A: B4 C5 | T: F4 E4 | B: G3 C3", "chord-change", "leading_tone_rises", True),
    ("in C: V7 I | S: D5 C5 | A: B4 G4 | T: F4 E4 | B: G3 C3", "chord-change", "leading_tone_rises", False),
    ("in C: iii vi | S: B4 C5 | A: G4 A4 | T: E4 E4 | B: E3 A2", "chord-change", "leading_tone_rises", False),
    ("in C: I ii | S: C5 D5 | B: E3 F3", "voice-pair-motion", "parallel", True),
    ("in C: I V | S: C5 B4", "melodic-step", "semitones", -1),
    ("in C: V/V V | S: F#5 G5", "melodic-step", "before.leading_tone", True),
    ("in C: iii vi | S: B4 C5", "melodic-step", "before.leading_tone", False),
])
def test_fields_mean_what_they_say(text: str, window: str, path: str, wanted: object) -> None:
    assert value(text, window, path) == wanted


# Verdicts do not depend on the key.

NUMERALS = {
    "C": ("I", "I6", "ii6", "IV", "V", "V6", "V7", "V65", "vi", "viio6", "Cad64", "V7/V", "N6", "Ger65", "iv", "iii"),
    "a": ("i", "i6", "iio6", "iv", "V", "V7", "VI", "viio7", "viio43", "Cad64", "It6", "Fr43", "III+6", "v", "VII"),
}
INTERVALS = [Interval.parse(name) for name in ("m2", "M2", "m3", "-m2", "-M3", "P4", "A1", "-A1", "d3")]
OCTAVES = {"S": (4, 5), "A": (3, 4), "T": (3, 4), "B": (2, 3)}


@st.composite
def two_chords(draw: st.DrawFn) -> str:
    """Two chords in four voices; mostly chord tones, doubled, crossed and spaced at random."""
    name = draw(st.sampled_from(list(NUMERALS)))
    chords = [draw(st.sampled_from(NUMERALS[name])) for _ in range(2)]
    members = [[*RomanNumeral.parse(chord, Key.parse(name)).pitch_classes, Key.parse(name).tonic] for chord in chords]
    voices = [f"{label}: " + " ".join(f"{draw(st.sampled_from(notes))}{draw(st.sampled_from(octaves))}"
                                      for notes in members) for label, octaves in OCTAVES.items()]
    return f"in {name}: {' '.join(chords)} | " + " | ".join(voices)


def names_a_pitch(rule: Rule) -> bool:
    """Whether a rule compares with fixed pitches; its verdicts then depend on the register."""
    nodes = [node for expression in rule.expressions for node in subtrees(expression.root)]
    return any(node.operation == "constant" and node.kind == PITCH for node in nodes)


@cache
def rules_without_register() -> RuleSet:
    """All rules of the library at once that name no pitch."""
    kept = [rule for rule in load_library().values() if not names_a_pitch(rule)]
    return RuleSet(tuple(ActiveRule(rule, False, 1000) for rule in kept))


def faults(score: Score, interval: Interval | None = None) -> list[tuple[str, str, int]]:
    """Rule, place and cost of all that is wrong, with the voices' ranges moved along."""
    assert score.ensemble is not None
    ensemble = score.ensemble.transpose(interval) if interval else score.ensemble
    return [(one.rule, str(one.location), one.cost) for one in check(score, rules_without_register(), ensemble)]


@settings(deadline=None)
@given(two_chords(), st.sampled_from(INTERVALS))
def test_transposition_leaves_verdicts_unchanged(text: str, interval: Interval) -> None:
    score = parse_text_score(text)
    assert faults(score.transpose(interval), interval) == faults(score)


@settings(deadline=None)
@given(two_chords())
def test_doubling_all_lengths_leaves_verdicts_unchanged(text: str) -> None:
    longer = re.sub(r"(?<=\s)(?!in )([^\s:|]+)(?=\s|$)", r"\1*2", text)
    assert faults(parse_text_score(f"meter: 2/2 | {longer}")) == faults(parse_text_score(f"meter: 2/4 | {text}"))
