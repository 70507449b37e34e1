"""What part names mean."""

import pytest

from theorygen.readers.naming import instrument_name, is_vocal, plain_name, voice_names


@pytest.mark.parametrize(("text", "name"), [
    ("Soprano", "soprano"), ("SOPRAN", "soprano"), ("S.", "soprano"), ("Canto", "soprano"), ("Dessus", "soprano"),
    ("Alto", "alto"), ("Altus", "alto"), ("Haute-contre", "alto"), ("Tenore", "tenor"), ("Ténor", "tenor"),
    ("Taille", "tenor"), ("Bass", "bass"), ("Basso", "bass"), ("BASSUS", "bass"), ("[BASSO]", "bass"), ("B", "bass"),
    ("Baß", "bass"), ("Soprano 1", "soprano-1"), ("Soprano II", "soprano-2"), ("S1", "soprano-1"),
    ("Soprano\rOboe 1,2\rViolin1", "soprano"), ("Soprano Oboe 1 Violin1", "soprano"), ("Bass Continuo", "bass"),
    ("Violin 1", "violin-1"), ("Violino II.", "violin-2"), ("1st Violin", "violin-1"), ("Vla.", "viola"),
    ("Violoncello", "cello"), ("Quinto", "quinto"), ("Alto Saxophone", ""), ("Bass Clarinet", ""), ("B Trumpet", ""),
    ("A clarinet", ""), ("", ""), ("Solo", ""), ("Piano", "piano"), ("12", ""),
])
def test_one_voice(text, name):
    assert voice_names(text, 1) == [name]


@pytest.mark.parametrize(("text", "count", "names"), [
    ("Soprano\nAlto", 2, ["soprano", "alto"]), ("Soprano Alto", 2, ["soprano", "alto"]),
    ("S/A", 2, ["soprano", "alto"]),
    ("SA", 2, ["soprano", "alto"]), ("T.B.", 2, ["tenor", "bass"]), ("SATB", 4, ["soprano", "alto", "tenor", "bass"]),
    ("Soprano 1\nSoprano 2", 2, ["soprano-1", "soprano-2"]), ("Piano", 2, ["piano", "piano"]),
    ("Soprano", 2, ["soprano", "soprano"]), ("Flute Choir", 3, ["flute", "flute", "flute"]), ("", 2, ["", ""]),
])
def test_several_voices(text, count, names):
    assert voice_names(text, count) == names


@pytest.mark.parametrize(("text", "name"), [
    ("Oboe d'amore", "oboe-d-amore"), ("Flöte", "flote"), ("Part 1", ""), ("MusicXML Part", ""), ("***", ""),
    ("Violin  I", "violin-i"), ("x" * 90, "x" * 40),
])
def test_plain_names(text, name):
    assert plain_name(text) == name


def test_instruments_and_singers():
    assert instrument_name("Zwei Hörner, Oboe 1") == "oboe"
    assert instrument_name("Soprano") == ""
    assert is_vocal("soprano-2")
    assert not is_vocal("violin-2")
