"""What stands on the staves: ties, beams, stems, accidentals."""

import pytest
from hypothesis import given

from tests.score.fixtures import SCORES, scores
from theorygen.render.layout import lay_out, signature_alterations
from theorygen.score import ScoreError, parse_text_score
from theorygen.theory import Key, Pitch


def pieces(text, staff=0):
    measures = lay_out(parse_text_score(text))[staff].measures
    return [piece for measure in measures for layer in measure.layers for piece in layer.pieces]


def shown(text):
    """Notes with a shown accidental marked by !"""
    return " ".join(f"{head.pitch}{'!' * head.accidental}" for piece in pieces(text) for head in piece.heads)


def test_accidentals_hold_for_a_measure_an_octave_and_a_staff():
    assert shown("S: F#4 F#4 F#5 F4 F4") == "F#4! F#4 F#5! F4! F4"
    assert shown("S: F#4 F4 F4 F#4 F4 | signature: G") == "F#4 F4! F4 F#4! F4!"


def test_a_tied_accidental_is_not_repeated_after_the_barline():
    assert shown("S: F#4*5 F#4 F4") == "F#4! F#4 F#4! F4!"


def test_voices_of_a_staff_share_its_accidentals():
    (first, second) = lay_out(parse_text_score("S: C#5 D5 | A: A4 C#5"))[0].measures[0].layers
    assert [head.accidental for layer in (first, second) for piece in layer.pieces for head in piece.heads] == [
        True, False, False, False]


def test_signatures_alter_letters():
    assert signature_alterations(0) == (0,) * 7
    for key in (Key.parse(text) for text in ["G", "D", "Cb", "C#", "Bb", "f#", "eb"]):
        altered = signature_alterations(key.signature)
        assert {(note.letter, note.alter) for note in key.scale} == set(enumerate(altered))


def test_two_voices_have_stems_up_and_down_and_one_is_free():
    stems = [[layer.stem for layer in staff.measures[0].layers] for staff in lay_out(SCORES["fermata"])]
    assert stems == [["up", "down"], ["up", "down"]]
    assert [layer.stem for layer in lay_out(SCORES["five voices"])[0].measures[0].layers] == [""]


def test_three_voices_share_stems_where_they_move_together():
    upper = lay_out(SCORES["keyboard"])[0]
    assert [[layer.voices for layer in measure.layers] for measure in upper.measures] == [
        [("soprano",), ("alto", "tenor")], [("soprano",), ("alto",), ("tenor",)]]


def test_beams_join_one_beat():
    beams = [piece.beams for piece in pieces("S: C5*1/2 D5*1/2 E5*3/4 F5*1/4 G5*1/2 r*1/2 A5*1/2 B5*1/2")]
    assert beams == [["begin"], ["end"], ["begin"], ["end", "backward hook"], [], [], ["begin"], ["end"]]


def test_tuplets_are_bracketed_where_they_fill_a_plain_length():
    tuplets = [piece.tuplet for piece in pieces("S: C5*1/3 D5*1/3 E5*1/3 F5*4/3 G5*2/3")]
    assert tuplets == ["start", "", "stop", "start", "stop"]


def test_fermatas_that_end_together_are_drawn_once_a_staff():
    marks = [piece.fermata for piece in pieces("S: C5 D5; | A: E4*2;")]
    assert marks == [False, True, False]


def test_lengths_nobody_can_write_are_errors():
    assert pieces("S: C5*1/5 D5*1/5 E5*3/5")
    with pytest.raises(ScoreError, match="no note lasts 1/11 of a quarter"):
        pieces("S: C5*1/11")


@given(scores())
def test_every_staff_fills_every_measure(score):
    for staff in lay_out(score):
        for written in staff.measures:
            for layer in written.layers:
                assert sum(piece.duration for piece in layer.pieces) == written.measure.length


@given(scores())
def test_accidentals_can_be_read_back(score):
    """A reader who knows only the signature, shown accidentals and ties finds the right notes."""
    for staff in lay_out(score):
        for written in staff.measures:
            state = {}
            everything = [(piece.offset, rank, piece) for rank, layer in enumerate(written.layers)
                          for piece in layer.pieces]
            for _, _, piece in sorted(everything, key=lambda entry: entry[:2]):
                for head in piece.heads:
                    if head.tie_stop:
                        continue
                    if head.accidental:
                        state[head.pitch.step] = head.pitch.alter
                    assert Pitch(head.pitch.step, state.get(head.pitch.step, 0)) == head.pitch
