"""Windows of any length: where they are cut, what their fields say, and that they see nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.rules.vocabulary import fits
from theorygen.rules.check import world_of
from theorygen.rules.music import music_of
from theorygen.rules.passages import PASSAGES, PassageRows
from theorygen.rules.record import Record, own_fields, parts_of
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
    rows = rows_in(name, passage, grid)
    kinds = PASSAGES[passage].fields
    assert [path for path, kind in kinds.items() if not fits(rows.field(path), kind, len(rows))] == []


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("passage", PASSAGES)
def test_a_field_sees_its_own_window_only(name: str, passage: str) -> None:
    rows = rows_in(name, passage)
    singles = [rows.take(np.array([index])) for index in range(len(rows))]
    for path in PASSAGES[passage].fields:
        alone = [single.field(path)[0] for single in singles]
        np.testing.assert_array_equal(rows.field(path), alone, err_msg=path)


@pytest.mark.parametrize("passage", PASSAGES)
def test_a_passage_without_rows_has_empty_fields(passage: str) -> None:
    rows = rows_in("two phrases", passage).take(np.array([], dtype=int))
    assert all(len(rows.field(path)) == 0 for path in PASSAGES[passage].fields)


def records() -> list[type[Record]]:
    """All records that passages are made of, each once."""
    found: dict[type[Record], None] = {}
    waiting = [passage.record for passage in PASSAGES.values()]
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = None
            waiting += parts_of(record).values()
    return list(found)


@pytest.mark.parametrize("record", records())
def test_every_field_and_part_has_a_sentence(record: type[Record]) -> None:
    members = {**own_fields(record), **{name: getattr(record, name) for name in parts_of(record)}}
    assert [name for name, member in members.items() if not (member.__doc__ or "").strip().endswith(".")] == []


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
