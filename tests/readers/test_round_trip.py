"""What we write, we read back: notes, signatures and chords, so that the checker says the same of both."""

from dataclasses import replace
from functools import cache

import pytest

from tests.readers.musicxml_text import lines
from tests.score.fixtures import SCORES
from theorygen import Composer, load_style
from theorygen.readers import read_score, score_of_stream
from theorygen.render.files import write_score
from theorygen.render.musicxml import score_to_musicxml
from theorygen.rules.check import check
from theorygen.rules.rule_set import profile
from theorygen.score import ChordEvent, parse_text_score
from theorygen.theory import Interval, Key, RomanNumeral

SEEDS = range(6)
PLAIN = [name for name in SCORES if name not in ("piano chords", "drums", "late entry")]
"""Scores whose every part says its voices: chords are split and drum hits lose their names."""


@cache
def composed(seed):
    return Composer(load_style("textbook-chorale"), {"pickup": seed % 2}).compose(seed).score


def through(score, tmp_path, suffix):
    path = tmp_path / f"score{suffix}"
    write_score(score, path)
    return read_score(path)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("suffix", [".musicxml", ".mxl", ".json"])
def test_a_composed_score_comes_back_whole(tmp_path, seed, suffix):
    score = composed(seed)
    again = through(score, tmp_path, suffix)
    assert lines(again) == lines(score)
    for name in ("meters", "keys", "pickup", "bars", "repeats", "chords", "title", "composer", "tempo", "ensemble"):
        assert getattr(again, name) == getattr(score, name), name
    fermatas = [[event.end for event in voice.events if event.fermata] for voice in score.voices]
    assert [[event.end for event in voice.events if event.fermata] for voice in again.voices] == fermatas


def spoiled(score):
    """The score with its alto a step higher and its tenor a third lower: full of faults."""
    parts = []
    moves = {"alto": Interval.parse("M2"), "tenor": -Interval.parse("m3")}
    for part in score.parts:
        voices = tuple(voice.transpose(moves[voice.name]) if voice.name in moves else voice for voice in part.voices)
        parts.append(replace(part, voices=voices))
    return replace(score, parts=tuple(parts))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rules", ["strict-textbook", "bach-chorale"])
def test_the_checker_says_the_same_of_both(tmp_path, seed, rules):
    for score in (composed(seed), spoiled(composed(seed))):
        again = through(score, tmp_path, ".musicxml")
        assert check(again, profile(rules)) == check(score, profile(rules))
    assert check(again, profile(rules))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("suffix", [".musicxml", ".json"])
def test_scores_of_every_shape_come_back(tmp_path, name, suffix):
    score = SCORES[name]
    again = through(score, tmp_path, suffix)
    assert lines(again) == lines(score)
    for field in ("meters", "keys", "pickup", "repeats"):
        assert getattr(again, field) == getattr(score, field)
    labels = [(chord.onset, chord.numeral, chord.cadence, chord.phrase) for chord in score.chords]
    assert [(chord.onset, chord.numeral, chord.cadence, chord.phrase) for chord in again.chords] == labels


def test_pivots_and_regions_come_back(tmp_path):
    score = parse_text_score("in C: I I I I | S: C5 C5 D5 D5 | A: G4 G4 A4 A4 | T: E4 E4 F#4 F#4 | B: C3 C3 D3 D3")
    pivot = ChordEvent(1, 1, RomanNumeral.parse("IV", Key.parse("G")), RomanNumeral.parse("I", Key.parse("C")))
    chords = (score.chords[0], pivot, *(
        ChordEvent(onset, 1, RomanNumeral.parse(text, Key.parse("G")), region="sequence", phrase=1, cadence=cadence)
        for onset, text, cadence in ((2, "V", None), (3, "V", "HC"))
    ))
    score = replace(score, chords=chords)
    assert through(score, tmp_path, ".musicxml").chords == score.chords


def test_phrases_begin_after_cadences_where_programs_drop_the_names(tmp_path):
    score = composed(0)
    path = tmp_path / "score.musicxml"
    xml = score_to_musicxml(score).replace(b' name="phrase"', b"").replace(b' name="chord"', b"")
    path.write_bytes(xml)
    again = read_score(path)
    assert [chord.phrase for chord in again.chords] == [chord.phrase for chord in score.chords]


def test_a_file_without_analysis_has_no_chords(tmp_path):
    path = tmp_path / "score.musicxml"
    path.write_bytes(score_to_musicxml(composed(0), analysis=False))
    assert read_score(path).chords == ()


def test_bars_a_file_insists_on_come_back(tmp_path):
    from music21 import corpus

    score = score_of_stream(corpus.parse("bach/bwv248.33-3", forceSource=True), "bwv248.33-3")
    assert score.bars
    for suffix in (".musicxml", ".json"):
        again = through(score, tmp_path, suffix)
        assert lines(again) == lines(score)
        assert again.measures() == score.measures()


@pytest.mark.parametrize("seed", SEEDS)
def test_midi_gives_back_notes_and_their_names(tmp_path, seed):
    score = composed(seed)
    again = through(score, tmp_path, ".mid")
    assert lines(again) == lines(score)
    for name in ("meters", "keys", "pickup", "bars", "tempo", "ensemble"):
        assert getattr(again, name) == getattr(score, name), name
