"""Figured bass written as MusicXML and read again."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theorygen.readers import read_score
from theorygen.render import score_from_json, score_to_json
from theorygen.render.files import write_score
from theorygen.score import parse_text_score

SCORES = [
    "B: C3 B2 C3*2 F3*4", "S: C5*2 B4*2 C5*4 | B: C3 G3 E3 D3 C3*4",
    "S: C5*2 B4*2 C5*4 | A: G4*4 G4*4 | T: E4 D4 D4*2 E4*4 | B: C3*3 G2 C3*4",
    "T: E4 D4 D4*2 E4*4 | B: C3*1/2 D3*1/2 E3 G2*2 C3*4 | beat: 4",
]
stacks = st.lists(
    st.tuples(st.integers(0, 15).map(lambda half: Fraction(half, 2)),
              st.sampled_from(["6", "6 5", "#", "b6", "#4 2", "n", "9 7", "-", "+6", "##3"])),
    max_size=6, unique_by=lambda one: one[0]).map(lambda row: tuple(sorted(row)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("figures")


@given(st.sampled_from(SCORES), stacks)
def test_figures_come_back_from_musicxml(folder, text, figures):
    score = replace(parse_text_score(text), figures=figures)
    path = folder / "figured.musicxml"
    write_score(score, path)
    again = read_score(path)
    assert again.figures == figures
    assert [list(voice.notes()) for voice in again.voices] == [list(voice.notes()) for voice in score.voices]


@given(stacks)
def test_figures_come_back_from_json(figures):
    score = replace(parse_text_score(SCORES[0]), figures=figures)
    assert score_from_json(score_to_json(score)) == score


def test_a_score_without_figures_is_written_as_before(folder):
    score = parse_text_score(SCORES[0])
    path = folder / "plain.musicxml"
    write_score(score, path)
    assert b"figured-bass" not in path.read_bytes() and not read_score(path).figures
