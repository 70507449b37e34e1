"""MusicXML read back by music21."""

import zipfile
from dataclasses import replace
from fractions import Fraction
from io import BytesIO

import pytest
from music21 import converter

from tests.score.fixtures import NOTATED, SCORES
from theorygen.render import score_to_musicxml, score_to_mxl
from theorygen.score import Ensemble, Event, Part, Score, Voice, parse_text_score
from theorygen.theory import Key, Meter


@pytest.fixture(scope="module", params=SCORES)
def example(request):
    """(score, music21's reading of its MusicXML)."""
    score = SCORES[request.param]
    return score, converter.parseData(score_to_musicxml(score), format="musicxml")


def attacks_read(read):
    """(onset, pitch) of every note music21 finds that no tie leads to."""
    found = set()
    for element in read.flatten().notes:
        for note in getattr(element, "notes", [element]):
            if note.tie is None or note.tie.type == "start":
                pitch = note.pitch.nameWithOctave.replace("-", "b") if hasattr(note, "pitch") else "hit"
                found.add((Fraction(element.offset), pitch))
    return found


def test_notes_come_back(example):
    score, read = example
    written = {(note.onset, str(note.pitch or "hit")) for voice in score.voices for note in voice.notes()}
    assert attacks_read(read) == written


def test_durations_come_back(example):
    score, read = example
    for part in read.parts:
        for measure, expected in zip(part.getElementsByClass("Measure"), score.measures(), strict=True):
            for line in list(measure.voices) or [measure]:
                assert sum(Fraction(one.quarterLength) for one in line.notesAndRests) == expected.length


def test_measures_and_signatures_come_back(example):
    score, read = example
    for part in read.parts:
        measures = list(part.getElementsByClass("Measure"))
        assert [measure.number for measure in measures] == [one.number for one in score.measures()]
        assert [Fraction(measure.offset) for measure in measures] == [one.onset for one in score.measures()]
        meters = [mark.ratioString for mark in part.recurse().getElementsByClass("TimeSignature")]
        assert meters == [str(meter) for _, meter in score.meters]


def test_titles_and_parts(example):
    score, read = example
    assert (read.metadata.title or "") == score.title
    assert len(read.parts) == sum(len(part.clefs) for part in score.parts)


def test_bytes_are_the_same_twice_and_carry_no_dates(example):
    score, _ = example
    xml = score_to_musicxml(score)
    assert xml == score_to_musicxml(score)
    for noise in (b"encoding-date", b"software", b"music21", b"<!--"):
        assert noise not in xml.lower()


def test_a_composer_stands_there_only_if_there_is_one():
    score = SCORES["fermata"]
    assert b"<creator" not in score_to_musicxml(replace(score, composer=""))
    assert b'<creator type="composer">A. Name</creator>' in score_to_musicxml(replace(score, composer="A. Name"))


def test_compressed_bytes_are_the_same_twice():
    score = SCORES["fermata"]
    assert score_to_mxl(score) == score_to_mxl(score)
    with zipfile.ZipFile(BytesIO(score_to_mxl(score))) as archive:
        assert archive.read("score.musicxml") == score_to_musicxml(score)


def test_numerals_and_cadences_stand_under_the_bass():
    read = converter.parseData(score_to_musicxml(SCORES["fermata"]), format="musicxml")
    texts = [[lyric.text for lyric in note.lyrics] for note in read.parts[-1].recurse().notes if note.lyrics]
    assert texts == [["C: I"], ["V", "HC"], ["I"], ["I"]]
    assert b"<lyric" not in score_to_musicxml(SCORES["fermata"], analysis=False)


def test_a_chord_over_a_held_bass_is_written_as_text():
    xml = score_to_musicxml(parse_text_score("in C: I IV | S: C5*2 | B: C3*2"))
    assert b">IV</words>" in xml


def test_fermatas_repeats_and_final_bars():
    assert score_to_musicxml(SCORES["fermata"]).count(b"<fermata") == 2 * 2
    repeat = score_to_musicxml(SCORES["repeat"])
    assert repeat.count(b'<repeat direction="backward"') == 2 * 2
    assert b'times="3"' in repeat
    assert b"light-heavy" in repeat


def test_a_pickup_is_not_counted():
    assert b'implicit="yes" number="0"' in score_to_musicxml(SCORES["pickup"])


def test_a_keyboard_is_one_part_with_two_staves():
    xml = score_to_musicxml(SCORES["keyboard"])
    assert xml.count(b"<score-part ") == 1
    assert b"<staves>2</staves>" in xml


def test_open_score_has_four_parts_in_a_bracket():
    score = parse_text_score(NOTATED["fermata"], Ensemble.named("satb-open"))
    xml = score_to_musicxml(score)
    assert xml.count(b"<score-part ") == 4
    assert b"<group-symbol>bracket</group-symbol>" in xml
    assert b"<clef-octave-change>-1</clef-octave-change>" in xml


def test_a_hit_is_tied_over_every_bar_line():
    voice = Voice("drums", (Event(Fraction(0), Fraction(12), unpitched="bass-drum"),))
    score = Score(parts=(Part("drums", (voice,)),), meters=((Fraction(0), Meter.parse("4/4")),),
                  keys=((Fraction(0), Key.parse("C")),))
    read = converter.parseData(score_to_musicxml(score), format="musicxml")
    assert [hit.tie.type for hit in read.flatten().notes] == ["start", "continue", "stop"]
