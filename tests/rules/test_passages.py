"""Windows of any length: where they are cut, what their fields say, and that they see nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.rules.vocabulary import assert_documented, assert_sees_its_own_window, misfits, records_of
from theorygen.rules.check import world_of
from theorygen.rules.music import music_of
from theorygen.rules.passages import CHORD_FOLDS, PASSAGES, PassageRows
from theorygen.rules.record import Record
from theorygen.score.text_notation import parse_text_score

SCORES = {
    "two phrases": "in C: I V64 I6 ii65 V7 vi // IV6 Cad64 V I(PAC) | S: C5 B4 C5 C5 B4 C5 C5 C5 B4 C5 |"
                   " A: G4 G4 G4 A4 F4 E4 F4 G4 G4 G4 | T: E4 D4 C4 D4 D4 C4 F4 E4 D4 E4 |"
                   " B: C3 D3 E3 F3 G3 A3 A3 G3 G3 C3",
    "new keys": "in a: i V i6 // i C: vi ii6 V I(PAC) // a: V i | meter: 3/4 | S: E5 E5 E5 E5 E5 D5 B4 C5 B4 A4 |"
                " B: A3 G#3 C4 A3 A3 F3 G3 C3 E3 A2",
    "one chord a phrase": "in C: I // V // I | S: C5 B4 C5 | B: C3 G3 C3",
    "one phrase of one chord": "in C: I I I | S: C5 C5 E5 | B: C3 C3 C3",
    "chords with gaps": "in C: I r ii V r I | S: C5 C5 D5 r B4 C5 | B: C3 C3 r G3 G3 C3",
    "without chords": "S: C5 D5 E5 | B: C3 B2 C3",
    "all rests": "S: r r | B: r r",
}


@cache
def rows_in(text: str, passage: str, grid: str = "chords") -> PassageRows:
    """All windows of one kind in a score."""
    score = parse_text_score(SCORES.get(text, text))
    assert score.ensemble is not None
    slots = score.slots(grid if score.chords else "attacks")
    return PASSAGES[passage].rows(music_of(score, slots, world_of(score, slots, score.ensemble, {"soprano": 0})))


@pytest.mark.parametrize("grid", ["chords", "attacks"])
@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("passage", PASSAGES)
def test_a_field_is_one_value_of_its_kind_for_each_window(name: str, passage: str, grid: str) -> None:
    assert misfits(rows_in(name, passage, grid), PASSAGES[passage].fields) == []


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("passage", PASSAGES)
def test_a_field_sees_its_own_window_only(name: str, passage: str) -> None:
    assert_sees_its_own_window(rows_in(name, passage), PASSAGES[passage].fields)


@pytest.mark.parametrize("passage", PASSAGES)
def test_a_passage_without_rows_has_empty_fields(passage: str) -> None:
    rows = rows_in("two phrases", passage).take(np.array([], dtype=int))
    assert all(len(rows.field(path)) == 0 for path in PASSAGES[passage].fields)


@pytest.mark.parametrize("record", records_of(passage.record for passage in PASSAGES.values()))
def test_every_field_and_part_has_a_sentence(record: type[Record]) -> None:
    assert_documented(record)


@pytest.mark.parametrize(("name", "passage", "wanted"), [
    ("two phrases", "three-chords",
     [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6], [6, 7, 8, 9], [7, 8, 9, 10]]),
    ("one chord a phrase", "three-chords", []),
    ("one phrase of one chord", "three-chords", []),
    ("chords with gaps", "three-chords", [[0, 1, 2, 3], [1, 2, 3, 4]]),
    ("without chords", "three-chords", []),
    ("two phrases", "phrase", [[0, 6], [6, 10]]),
    ("one chord a phrase", "phrase", [[0, 1], [1, 2], [2, 3]]),
    ("without chords", "phrase", [[0, 3]]),
])
def test_where_passages_are_cut(name: str, passage: str, wanted: list[list[int]]) -> None:
    assert rows_in(name, passage).bounds.tolist() == wanted


def value(text: str, passage: str, path: str, row: int = -1) -> object:
    """One field of one window of a score; words as words."""
    kind = PASSAGES[passage].fields[path]
    found = rows_in(text, passage).field(path)[row]
    return kind.words[int(found)] if kind.words else found.item()


MERGED = "in C: I V Cad64 V7 I IV I | S: E5 D5 E5 D5 C5 C5 C5 | B: C3 G3 G3 G3 C3 F3 C3"
LABELLED = "in C: I V42 I6(evaded) ii6 V I(PAC) IV I | S: E5 D5 E5 D5 B4 C5 C5 C5 | B: C3 F3 E3 F3 G3 C3 F3 C3"
PERIOD = "in C: I IV V*2 // I IV V I | S: E5 F5 D5*2 E5 F5 D5 C5 | B: C3 F3 G3*2 C3 F3 G3 C3"
AWAY = ("in C: I vi G: V6 I(PAC) // a: i V i // C: I V I | S: E5 E5 D5 G4 E5 E5 E5 E5 D5 C5 |"
        " B: C4 A3 F#3 G3 A3 E3 A3 C3 G3 C3")
SEQUENCE = ("in C: I V vi iii IV I V I | S: E5 D5 C5 B4 A4 G4 B4 C5 | B: C4 G3 A3 E3 F3 C3 G3 C3 |"
            " region: sequence@0-7")
PEDAL = "in C: I V7 I IV | S: E5 F5 E5 F5 | B: C3 C3 C2 F2 | region: pedal@0-3 close@3-4"
BARS = "in C: I V // vi V // I V // vi V // I IV I | S: C5*11 | B: C3*11"


@pytest.mark.parametrize(("text", "passage", "path", "wanted"), [
    ("in C: I*3 V | S: C5*3 B4 | beat: 2", "chord", "strongest", 0),
    ("in C: V I*3 | S: B4 C5*3 | beat: 3", "chord", "strongest", 3),
    ("in C: V I*3 | S: B4 C5*3 | beat: 3", "chord", "beats", 3),
    ("in C: I IV64 I | S: G4 A4 G4 | A: E4 F4 C4 | B: C3 C3 C3", "three-chords", "neighbours", 1),
    ("in C: I IV64 I | S: G4 A4 G4 | A: E4 F4 C4 | B: C3 C3 C3", "three-chords", "strays", 1),
    (MERGED, "three-harmonies", "first.closing.inversion", 0),
    (MERGED, "cadence", "kind", "PC"),
    (LABELLED, "cadence", "label", "none"),
    (PERIOD, "cadence", "preparation.degree", 4),
    (PERIOD, "cadence", "whole_phrase", False),
    ("in C: I V I | S: E5 D5 C5 | B: C3 G3 C3", "cadence", "whole_phrase", True),
    (PERIOD, "cadence", "approach_beats", 1),
    (LABELLED, "phrase", "declared", 1),
    (LABELLED, "phrase", "chords", 8),
    (MERGED, "phrase", "harmonies", 5),
    (PERIOD, "phrase", "bars", 1),
    (PERIOD, "phrase", "cadence.closure", 4),
    (PERIOD, "phrase", "late_changes", 2),
    (PERIOD, "phrase", "early_changes", 1),
    (PERIOD, "phrase-pair", "same_bars", 0.75),
    (PERIOD, "phrase-pair", "same_bass", False),
    (AWAY, "piece", "phrases", 3),
    (AWAY, "piece", "first_away", 5),
    (AWAY, "piece", "ends.same_key", True),
    (BARS, "piece", "stollen", 2),
    (PERIOD, "piece", "stollen", 0),
    (SEQUENCE, "region", "model", 2),
    (SEQUENCE, "region", "copies", 2),
    (SEQUENCE, "region", "left_over", 1),
    (SEQUENCE, "region", "chords", 7),
    (PEDAL, "region", "model", 0),
    (AWAY, "modulation", "accidentals", 0),
    (AWAY, "modulation", "tonic_steps", 2),
    (AWAY, "modulation", "chords.crosses_phrase", True),
    (AWAY, "modulation", "left_is_shared", True),
    (AWAY, "modulation", "new_leading_tone", False),
    (AWAY, "key-area", "cadences", 1),
])
def test_fields_mean_what_they_say(text: str, passage: str, path: str, wanted: object) -> None:
    assert value(text, passage, path) == wanted


def test_a_cadential_six_four_is_one_harmony_with_its_dominant() -> None:
    rows = rows_in(MERGED, "three-harmonies")
    assert rows.bounds.tolist() == [[0, 1, 4, 5], [1, 4, 5, 6], [4, 5, 6, 7]]
    assert rows.field("second.chord.degree").tolist() == [5, 1, 4]
    assert value("in C: I Cad64 V7 I | S: E5 E5 D5 C5 | B: C3 G3 G3 C3", "three-harmonies", "second.chord.has_seventh")
    assert len(rows_in("in C: I Cad64 // V I | S: E5 E5 D5 C5 | B: C3 G3 G3 C3", "three-harmonies")) == 0


def test_every_declared_cadence_and_every_end_of_a_phrase_is_a_cadence() -> None:
    rows = rows_in(LABELLED, "cadence")
    labels = [PASSAGES["cadence"].fields["label"].words[code] for code in rows.field("label")]
    assert labels == ["evaded", "PAC", "none"]
    assert rows.field("chords_after").tolist() == [5, 2, 0]
    assert [row.places[-1] for row in (rows.take(np.array([index])) for index in range(3))] == [2, 5, 7]


def test_the_first_change_of_key_in_detail() -> None:
    assert [value(AWAY, "modulation", path, 0) for path in (
        "accidentals", "tonic_steps", "left_is_shared", "reached_is_shared", "new_leading_tone", "leading_tone_outside",
        "goes_on.degree")] == [1, 4, True, False, True, True, 1]


def test_a_pedal_stays_in_every_octave() -> None:
    assert rows_in(PEDAL, "region").field("bass_stays").tolist() == [True, True]
    assert value("in C: I V7 | S: E5 F5 | B: C3 G3 | region: pedal@0-2", "region", "bass_stays") is False


def test_a_phrase_goes_through_its_stages() -> None:
    text = ("in C: I ii42 V65 I IV Cad64 V7 I // IV I | S: E5 D5 D5 E5 F5 E5 D5 C5 C5 C5 |"
            " B: C3 C3 B2 C3 F3 G3 G3 C3 F3 C3")
    score = parse_text_score(text)
    assert score.ensemble is not None
    slots = score.slots("chords")
    line = CHORD_FOLDS["phrase-function"]
    rows = line.rows(music_of(score, slots, world_of(score, slots, score.ensemble, {})))
    stages = [line.fields["stage"].words[code] for code in rows.field("stage")]
    assert stages == ["T", "P", "D", "T", "P", "closing", "closing", "closed", "P", "T"]
    assert rows.field("closings").tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]
    assert np.flatnonzero(rows.field("closes")).tolist() == [5]


CHANGED = ("in C: I V6 I ii6 V I(PAC) // G: V42 I6 IV V I(PAC) | region: sequence@0-3 |"
           " S: E5 D5 C5 D5 B4 C5 {} B4 C5 A4 G4 | B: C3 B2 C3 F3 G3 C3 C3 B2 C3 D3 G2")


@pytest.mark.parametrize("passage", PASSAGES)
def test_a_changed_note_changes_no_window_without_it(passage: str) -> None:
    """But what a note is an embellishment of depends on the notes beside it."""
    beside = ("goal", "embellishment", "enters", "structural", "delayed_by")
    rows, again = (rows_in(CHANGED.format(note), passage) for note in ("D5", "F#5"))
    elsewhere = np.flatnonzero((rows.bounds[:, -1] <= 6) | (rows.bounds[:, 0] > 6))
    np.testing.assert_array_equal(rows.bounds, again.bounds)
    for path in PASSAGES[passage].fields:
        if path.rpartition(".")[2] in beside:
            continue
        np.testing.assert_array_equal(rows.field(path)[elsewhere], again.field(path)[elsewhere], err_msg=path)
