"""Figured bass in MusicXML elements and in lyrics."""

import pytest

from tests.readers.musicxml_text import bar, notes, remarks, signatures


def figured(*figures, duration=""):
    """An element with figures, each as (prefix, number, suffix)."""
    names = ("prefix", "figure-number", "suffix")
    inside = "".join(f"<figure>{''.join(map(element, names, figure))}</figure>" for figure in figures)
    return f"<figured-bass>{inside}{element('duration', duration)}</figured-bass>"


def element(name, text):
    """An element, nothing for no text."""
    return f"<{name}>{text}</{name}>" if text else ""


HOLD = '<figured-bass><figure><extend type="continue"/></figure></figured-bass>'
STACKS = {
    "6": [("", "6", "")], "6 5": [("", "6", ""), ("", "5", "")], "#": [("sharp", "", "")], "n": [("natural", "", "")],
    "b6": [("flat", "6", "")], "+6": [("", "6", "slash")], "#4 2": [("", "4", "sharp"), ("", "2", "")],
    "bb7": [("flat-flat", "7", "")], "6 #": [("", "6", ""), ("sharp", "", "")],
}


def bass(read, *bars):
    """A bass alone, bar by bar."""
    shown = [bar(one, number, signatures() if number == 1 else "") for number, one in enumerate(bars, 1)]
    return read([("Bass", shown)])


@pytest.mark.parametrize("text", STACKS)
def test_elements_are_read(read, text):
    score = bass(read, figured(*STACKS[text]) + notes("C3*4"))
    assert score.figures == ((0, text),) and not remarks(score)


def test_figures_stand_where_the_next_note_begins(read):
    first = notes("C3*2") + figured(("", "6", "")) + notes("E3*2")
    second = notes("F3") + figured(("", "6", "")) + notes("E3*3")
    assert bass(read, first, second).figures == ((2, "6"), (5, "6"))


def test_figures_with_durations_follow_each_other_over_one_note(read):
    pair = figured(("", "4", ""), duration="24") + figured(("", "3", ""))
    assert bass(read, pair + notes("G3*4")).figures == ((0, "4"), (2, "3"))


def test_an_empty_figure_only_takes_time(read):
    empty = figured(("", "", ""), duration="24")
    assert bass(read, empty + figured(("", "6", "")) + notes("C3*4")).figures == ((2, "6"),)


def test_a_line_holds_the_chord(read):
    assert bass(read, figured(("", "6", "")) + notes("C3*2") + HOLD + notes("D3*2")).figures == ((0, "6"), (2, "-"))


def test_of_several_parts_the_lowest_counts(read):
    six, seven = (figured(("", number, "")) for number in "67")
    parts = [(name, [bar(own + notes(note), 1, signatures())])
             for name, own, note in (("Soprano", six, "C5*4"), ("Bass", seven, "C3*4"))]
    assert read(parts).figures == ((0, "7"),)


def test_monstrous_numbers_are_no_durations(read):
    assert bass(read, figured(("", "6", ""), duration="1e999999999") + notes("C3*4")).figures == ((0, "6"),)


def sung(*words):
    """Quarter notes with lyrics."""
    lines = []
    for word in words:
        lyric = "".join(f'<lyric number="{number}"><text>{text}</text></lyric>'
                        for number, text in enumerate(word.split("|"), 1) if text)
        lines.append(notes("C3").replace("</note>", f"{lyric}</note>"))
    return "".join(lines)


def test_lyrics_that_are_figures_are_figures(read):
    assert bass(read, sung("", "6", "6|5", "4-3")).figures == ((1, "6"), (2, "6 5"), (3, "4"), (3.5, "3"))


def test_lyrics_with_words_are_none(read):
    assert bass(read, sung("6", "men", "5", "")).figures == ()


def test_an_analysis_is_no_figured_bass(read):
    assert bass(read, sung("C: I", "V6", "6", "I")).figures == ()
