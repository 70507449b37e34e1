"""The voices on a staff: closed score, chords, one voice in a bar, piano reductions."""

import pytest

from tests.readers.musicxml_text import CHORALE, bar, layers, lines, notes, remarks, signatures
from theorygen.source.diagnostic import InputError

SATB = ["soprano", "alto", "tenor", "bass"]


def first(*texts):
    return bar(layers(*texts), 1, signatures())


def test_two_voices_on_each_of_two_staves(read):
    score = read([("Soprano\nAlto", [first("C5 D5 E5*2", "G4 G4 G4*2")]),
                  ("Tenor\nBass", [first("E4 D4 C4*2", "C3 B2 C3*2")])])
    assert lines(score) == {"soprano": "C5 D5 E5*2", "alto": "G4 G4 G4*2", "tenor": "E4 D4 C4*2", "bass": "C3 B2 C3*2"}


def test_stems_up_are_the_upper_voice_whatever_its_number(read):
    score = read([("Soprano\nAlto", [first("G4_ F4_ E4*2_", "C5^ D5^ E5*2^")])])
    assert lines(score) == {"soprano": "C5 D5 E5*2", "alto": "G4 F4 E4*2"}



@pytest.mark.parametrize(("second", "soprano", "alto"), [
    ("C5*4", "C5*4 C5*4", "G4*4"), ("C5*4^", "C5*4 C5*4", "G4*4"), ("F4*4_", "C5*4", "G4*4 F4*4"),
    ("C5*2 +E4*2 B4*2 +D4*2", "C5*4 C5*2 B4*2", "G4*4 E4*2 D4*2"),
])
def test_a_bar_with_one_voice_on_a_staff_of_two(read, second, soprano, alto):
    score = read([("Soprano\nAlto", [first("C5*4", "G4*4"), bar(notes(second), 2)])])
    assert lines(score) == {"soprano": soprano, "alto": alto}


def test_crossed_voices_are_kept_beside_bars_of_chords(read):
    score = read([("Soprano\nAlto", [first("E4*4", "G4*4"), bar(notes("C5*4 +G4*4"), 2)])])
    assert lines(score) == {"soprano": "E4*4 C5*4", "alto": "G4*4 G4*4"}


def test_four_notes_in_one_part_are_four_voices(read):
    score = read([("Piano", ["C3*2 +E4*2 +G4*2 +C5*2 G3 +D4 +G4 +B4 C3 +E4 +G4 +C5"])])
    assert lines(score) == {"soprano": "C5*2 B4 C5", "alto": "G4*2 G4 G4", "tenor": "E4*2 D4 E4", "bass": "C3*2 G3 C3"}


def test_two_staves_of_chords(read):
    score = read([("Piano", ["C5 +G4 B4 +G4 C5*2 +G4*2"]), ("Piano", ["C3 +E4 G3 +D4 C3*2 +E4*2"])])
    assert lines(score) == {"soprano": "C5 B4 C5*2", "alto": "G4 G4 G4*2", "tenor": "E4 D4 E4*2", "bass": "C3 G3 C3*2"}


def grand_staff(upper, lower):
    """One part with two staves, as pianos have."""
    def on(staff, text, voice):
        return notes(text, voice).replace("</voice>", f"</voice><staff>{staff}</staff>")

    back = "<backup><duration>48</duration></backup>"
    return bar(on(1, upper, "1") + back + on(2, lower, "5"), 1, signatures() + "<staves>2</staves>")


def test_hands_that_share_the_inner_voices_make_no_more_voices_than_sound(read):
    score = read([("Piano", [grand_staff("C5*2 +G4*2 +E4*2 B4*2", "C3*2 G3*2 +D4*2 +G4*2")])])
    assert list(lines(score)) == SATB
    assert lines(score)["bass"] == "C3*2 G3*2"
    assert lines(score)["tenor"] == "E4*2 D4*2"


def test_hands_with_voices_of_their_own_keep_them(read):
    score = read([("Piano", [grand_staff("C5*4", "C3 D3 E3 F3")])])
    assert list(lines(score).values()) == ["C5*4", "C3 D3 E3 F3"]


def test_moving_over_held_notes_in_one_part(read):
    held = bar(layers("C5*4 +E4*4", "C3*2 D3*2"), 1, signatures())
    assert list(lines(read([("Piano", [held])])).values()) == ["C5*4", "E4*4", "C3*2 D3*2"]


def test_a_fermata_holds_all_voices_of_the_staff(read):
    score = read([("Soprano\nAlto", [first("C5*4;", "G4*2 F4*2")])])
    assert [[event.fermata for event in voice.events] for voice in score.voices] == [[True], [False, True]]


def test_too_many_notes_at_once_are_refused(read):
    chord = "C3*4" + "".join(f" +{pitch}*4" for pitch in ("E3", "G3", "C4", "E4", "G4", "C5", "E5", "G5"))
    with pytest.raises(InputError, match="9 notes sound at once"):
        read([("Piano", [chord])])


def test_rests_in_single_parts(read):
    score = read([("Soprano", ["C5 r D5 r"]), ("Bass", ["r*2 C3 D3"])])
    assert lines(score) == {"soprano": "C5 2:D5", "bass": "2:C3 D3"}
    assert all(voice.events[0].onset == 0 and voice.end == 4 for voice in score.voices)


def pitches(voice):
    return [(event.onset, " ".join(map(str, event.pitches)), event.tied_to_next) for event in voice.events]


def test_a_singer_who_seldom_divides_is_one_voice(read):
    score = read([*CHORALE[:3], ("Bass", ["C3 B2 C3 G2", "C3*3 C2 +C3"])])
    assert list(lines(score)) == SATB
    assert pitches(score.voice("bass"))[-2:] == [(4, "C3", False), (7, "C2 C3", False)]
    assert "one voice with chords: bass" in remarks(score)
    assert score.ensemble.name == "satb"


def test_a_singer_who_often_divides_is_two_voices(read):
    score = read([*CHORALE[:3], ("Bass", ["C3 B2 C3 +A2 G2", "C3*4 +A2*4"])])
    assert list(lines(score)) == ["soprano", "alto", "tenor", "bass-1", "bass-2"]


def test_double_stops_over_a_held_note_are_tied_chords(read):
    score = read([("Violin 1", [first("r*2 A4 B4", "r*2 D4*2"), bar(notes("C5*4"), 2), bar(notes("C5*4"), 3)]),
                  ("Cello", ["D3*4", "C3*4", "C3*4"])])
    assert list(lines(score)) == ["violin-1", "cello"]
    assert pitches(score.voice("violin-1"))[1:3] == [(2, "D4 A4", True), (3, "D4 B4", False)]
    held = [note for note in score.voice("violin-1").notes() if str(note.pitch) == "D4"]
    assert [(note.onset, note.duration) for note in held] == [(2, 2)]


def test_closed_score_in_one_part_of_two_staves(read):
    def on(staff, texts, voices):
        back = "<backup><duration>48</duration></backup>"
        return "".join(notes(text, voice).replace("</voice>", f"</voice><staff>{staff}</staff>") + back
                       for text, voice in zip(texts, voices, strict=True))

    content = on(1, ["C5*2 D5*2", "G4*4"], "12") + on(2, ["E4*2 F4*2", "C3*2 B2*2"], "56")
    score = read([("Choir", [bar(content, 1, signatures() + "<staves>2</staves>")])])
    assert lines(score) == {"soprano": "C5*2 D5*2", "alto": "G4*4", "tenor": "E4*2 F4*2", "bass": "C3*2 B2*2"}
