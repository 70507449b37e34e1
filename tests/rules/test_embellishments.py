"""Embellishments: the kinds and their examples, figures at the edges of lines, kinds without chords."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fixtures import SCORES, scores
from theorygen.rules.check import check, windows_of, world_of
from theorygen.rules.embellishments import (
    EmbellishmentKind,
    embellishment_kinds,
    kinds_if_foreign,
    melodic_scope,
    surface_for,
)
from theorygen.rules.expression import ExpressionError, parse_expression
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import RuleSet, load_library
from theorygen.rules.windows import FIGURE, Rows
from theorygen.rules.world import EMBELLISHMENTS, Surface
from theorygen.score.score import Score
from theorygen.score.slots import SlotArrays
from theorygen.score.text_notation import parse_text_score
from theorygen.theory import Interval

KINDS = embellishment_kinds()
EXAMPLES = [pytest.param(kind, text, wanted, id=f"{kind.name}-{wanted}-{number}")
            for kind in KINDS for wanted in (True, False)
            for number, text in enumerate(kind.good if wanted else kind.bad, 1)]


def found_in(score: Score) -> dict[tuple[float, str], str]:
    """All embellishments of a score by time and voice."""
    slots = score.slots("attacks")
    surface = surface_for(score, slots)
    return {(float(slots.onsets[slot]), slots.voices[voice]): EMBELLISHMENTS[surface.embellishment[slot, voice]]
            for slot, voice in np.argwhere(surface.enters & (surface.embellishment > 0)).tolist()}


def kinds_in(text: str) -> dict[tuple[float, str], str]:
    return found_in(parse_text_score(text))


# the kinds


def test_the_kinds_are_the_words_of_the_vocabulary_in_their_order() -> None:
    assert ("none", *(kind.name for kind in KINDS), "unlicensed") == EMBELLISHMENTS


@pytest.mark.parametrize(("kind", "text", "wanted"), EXAMPLES)
def test_an_example_shows_its_kind_or_only_looks_like_it(kind: EmbellishmentKind, text: str, wanted: bool) -> None:
    assert (kind.name in kinds_in(text).values()) == wanted


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_documented_and_reads_no_chord(kind: EmbellishmentKind) -> None:
    assert all((kind.title, kind.about.endswith("."), kind.source, kind.good, kind.bad))
    assert kind.condition.names <= set(melodic_scope().fields)


@pytest.mark.parametrize("text", ["note.member == root", "approach.chords.same", "note.degree == 1", "note.place.last"])
def test_a_condition_that_reads_more_than_the_melody_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text, melodic_scope())


@pytest.mark.parametrize("text", [
    "in C: I V7 I | S: E5 D5 C5 | A: G4 F4 E4 | B: C3 G3 C3", "S: C5 C#5 F5 | B: C3 D3 E3"])
def test_chord_tones_and_scores_without_chords_have_none(text: str) -> None:
    assert kinds_in(text) == {}


SPECIAL = [
    ("a passing note into the next phrase", "in C: I // I6 | S: C5*1/2 D5*1/2 E5 | B: C3 E3", {0.5: "passing-tone"}),
    ("a rest before", "in C: I V | S: E5 r*1/2 C5*1/2 | B: C3 G3", {1.5: "unlicensed"}),
    ("a rest after", "in C: I V I | S: C5 D5*1/2 E5*1/4 r*1/4 C5 | B: C3 G3 C3", {1.5: "unlicensed"}),
    ("a first note that steps on", "in C: V | S: A4*1/2 G4*1/2 | B: G3", {0.0: "appoggiatura"}),
    ("a suspension tied over a change of chord", "in C: I V | S: C5*3/2 B4*1/2 | B: C3 G3", {1.0: "suspension"}),
    ("foreign through two chords", "in C: I V V7 | S: C5*5/2 B4*1/2 | B: C3 G3 G3", {1.0: "suspension"}),
    ("two passing notes", "in C: I*2 IV | S: C5 D5*1/2 E5*1/2 F5 | B: C3*2 F3", {1.0: "passing-tone-accented"}),
    ("a tied anticipation", "in C: V I | S: D5*1/2 C5*3/2 | B: G3 C3", {0.5: "anticipation"}),
]


@pytest.mark.parametrize(("name", "text", "wanted"), SPECIAL, ids=[case[0] for case in SPECIAL])
def test_special_places(name: str, text: str, wanted: dict[float, str]) -> None:
    assert {time: kind for (time, _), kind in kinds_in(text).items()} == wanted


# figures


def figures(text: str) -> Rows:
    score = parse_text_score(text)
    assert score.ensemble is not None
    slots = score.slots("attacks")
    return windows_of(FIGURE, world_of(score, slots, score.ensemble, {}), slots.codes)


def test_missing_neighbours_are_declared() -> None:
    rows = figures("S: C5 D5 r E5")
    flags = [tuple(bool(rows.field(name)[row]) for name in ("has_earlier", "has_before", "has_after", "has_later"))
             for row in range(3)]
    assert flags == [(False, False, True, False), (False, True, False, False), (False, False, False, False)]
    words = [[FIGURE.fields[name].words[code] for code in rows.field(name)] for name in ("entry", "exit")]
    assert words == [["none", "step", "none"], ["step", "none", "none"]]


def test_moves_have_words_and_lengths_are_quarters() -> None:
    rows = figures("meter: 4/4 | S: C5*3/2 C5*1/2 C#5 G5*1/3 F5*2/3 | B: C3*4")
    upper = rows.take(np.flatnonzero(rows.voices[:, 0] == 0))
    assert [FIGURE.fields["exit"].words[code] for code in upper.field("exit")] == [
        "repeated", "step", "leap", "step", "none"]
    np.testing.assert_allclose(upper.field("length"), [3 / 2, 1 / 2, 1, 1 / 3, 2 / 3])
    np.testing.assert_allclose(upper.field("length_before"), [0, 3 / 2, 1 / 2, 1, 1 / 3])
    np.testing.assert_allclose(upper.field("length_after"), [1 / 2, 1, 1 / 3, 2 / 3, 0])
    assert upper.field("accented").tolist() == [True, False, True, True, False]
    assert upper.field("shorter_than_beat").tolist() == [False, True, False, True, True]


# without chords


CHORDS = ("I", "V", "IV", "vi", "ii", "V7", "viio6")


@st.composite
def decorated(draw: st.DrawFn) -> Score:
    """Two voices of random eighths and quarters over chords of a quarter each, held over now and then."""
    lines = []
    for label, octave in (("S", 5), ("B", 3)):
        words, total = [], 0
        while total < 12:
            length = draw(st.sampled_from((1, 1, 2, 2, 3)))
            body = "r" if draw(st.integers(0, 9)) == 0 else draw(st.sampled_from("CDEFGAB")) + str(octave)
            words.append(f"{body}*{length}/2")
            total += length
        lines.append(f"{label}: {' '.join(words)}")
    chords = " ".join(draw(st.sampled_from(CHORDS)) for _ in range(6))
    return parse_text_score(" | ".join([f"in C: {chords}", *lines]))


@settings(max_examples=80, deadline=None)
@given(decorated())
def test_what_a_note_would_be_if_foreign_is_what_it_is_when_it_is(score: Score) -> None:
    """Notes foreign for their whole length, notes that become foreign, notes that are freed: each has its array."""
    slots = score.slots("attacks")
    surface, kinds = surface_for(score, slots), kinds_if_foreign(slots)
    for slot, voice in np.argwhere(surface.enters & surface.foreign).tolist():
        stretch = [slot]
        while stretch[-1] + 1 < len(slots) and slots.held[stretch[-1] + 1, voice]:
            stretch.append(stretch[-1] + 1)
        if lonely(surface, slots, slot, voice):
            struck, freed = slots.attack[slot, voice], not surface.foreign[stretch, voice].all()
            if not freed or (struck and not surface.foreign[slot + 1, voice]):
                array = kinds.released if freed else kinds.struck if struck else kinds.held
                assert array[slot, voice] == surface.embellishment[slot, voice]


def lonely(surface: Surface, slots: SlotArrays, slot: int, voice: int) -> bool:
    """Whether no other note of the voice is cut in two by a change of chord, so that its neighbours are whole notes."""
    split_at = np.flatnonzero(surface.enters[:, voice] & slots.held[:, voice])
    note = slot
    while slots.held[note, voice]:
        note -= 1
    inside = [place for place in split_at if place >= note and not (slots.attack[note + 1 : place + 1, voice]).any()]
    return len(split_at) == len(inside) <= 1


@pytest.mark.parametrize("name", SCORES)
def test_every_fixture_has_kinds(name: str) -> None:
    slots = SCORES[name].slots("attacks")
    kinds = kinds_if_foreign(slots)
    assert ((kinds.struck > 0) == slots.attack).all()
    assert ((kinds.held > 0) == slots.held).all()
    assert (kinds.released[kinds.released > 0] != EMBELLISHMENTS.index("unlicensed")).all()


@settings(deadline=None)
@given(scores(), st.sampled_from(("M2", "-m3", "P4", "A1")))
def test_transposition_changes_no_kind(score: Score, name: str) -> None:
    moved = score.transpose(Interval.parse(name))
    before, after = (kinds_if_foreign(one.slots("attacks")) for one in (score, moved))
    np.testing.assert_array_equal(before.struck, after.struck)
    np.testing.assert_array_equal(before.held, after.held)


# rules


def test_a_fault_of_a_figure_lies_at_its_note() -> None:
    rules = RuleSet((ActiveRule(load_library()["nct-licensed"], True),))
    (one,) = check(parse_text_score("in C: I IV | S: G4*1/2 D5*1/2 A4 | B: C3 F3"), rules)
    assert str(one.location) == "measure 1, beat 1 1/2, soprano"
    assert [str(note) for note in one.notes] == ["soprano D5"]


def test_rules_over_figures_are_left_to_the_checker() -> None:
    assert not any(rule.solved for rule in load_library().values() if rule.over == FIGURE.name)


def test_scores_that_are_gone_leave_few_surfaces_behind() -> None:
    def surface() -> weakref.ref[Surface]:
        score = parse_text_score("S: C5 D5 E5")
        return weakref.ref(surface_for(score, score.slots("attacks")))

    made = [surface() for _ in range(20)]
    gc.collect()
    assert sum(one() is not None for one in made) < len(made) / 2
