"""MusicXML written by hand, as short as it can be: parts, bars, notes."""

from __future__ import annotations

import re

_NOTE = re.compile(r"(?P<chord>\+?)(?P<pitch>r|g?[A-G][#b]*\d)(?P<length>\*[\d/]+)?(?P<marks>[~;^_]*)")
DIVISIONS = 12


def note(word, voice=""):
    """One note: ``C#5*2`` two quarters, ``+E5`` in a chord with the note before, ``r`` a rest, ``gC5`` a grace note;
    ``~`` tied on, ``;`` a fermata, ``^`` stem up, ``_`` stem down."""
    match = _NOTE.fullmatch(word)
    assert match, word
    length = eval_length(match["length"]) * DIVISIONS
    grace = match["pitch"].startswith("g")
    body = "<grace/>" if grace else ""
    body += "<chord/>" if match["chord"] else ""
    body += pitch_xml(match["pitch"].lstrip("g"))
    body += "" if grace else f"<duration>{length:g}</duration>"
    marks = match["marks"]
    body += '<tie type="start"/>' * ("~" in marks)
    body += f"<voice>{voice}</voice>" if voice else ""
    body += {"^": "<stem>up</stem>", "_": "<stem>down</stem>"}.get((re.findall(r"[\^_]", marks) or [""])[0], "")
    notations = '<tied type="start"/>' * ("~" in marks) + "<fermata/>" * (";" in marks)
    return f"<note>{body}<notations>{notations}</notations></note>" if notations else f"<note>{body}</note>"


def eval_length(text):
    """The length after a star, in quarters."""
    top, _, bottom = (text or "*1")[1:].partition("/")
    return int(top) / int(bottom or 1)


def pitch_xml(name):
    if name == "r":
        return "<rest/>"
    step, alter, octave = name[0], name.count("#") - name.count("b"), name[-1]
    return f"<pitch><step>{step}</step><alter>{alter}</alter><octave>{octave}</octave></pitch>"


def notes(text, voice=""):
    """The notes of a voice."""
    return "".join(note(word, voice) for word in text.split())


def layers(*texts):
    """A bar of several voices, each begun at the start of the bar."""
    bars = []
    for number, text in enumerate(texts, 1):
        length = sum(
            eval_length(_NOTE.fullmatch(word)["length"]) for word in text.split() if word[0] not in "+g"
        )
        bars.append(notes(text, str(number)) + f"<backup><duration>{length * DIVISIONS:g}</duration></backup>")
    return "".join(bars)


def bar(content, number=1, attributes="", before="", after="", implicit=False):
    """One measure around notes."""
    shown = f"<attributes><divisions>{DIVISIONS}</divisions>{attributes}</attributes>"
    uncounted = ' implicit="yes"' if implicit else ""
    return f'<measure number="{number}"{uncounted}>{shown}{before}{content}{after}</measure>'


def signatures(meter="4/4", fifths=0, mode="", clef=""):
    """Key, meter and clef for the first bar."""
    beats, _, unit = meter.partition("/")
    mode = f"<mode>{mode}</mode>" if mode else ""
    return (f"<key><fifths>{fifths}</fifths>{mode}</key>"
            f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time>{clef}")


def musicxml(parts, extra=""):
    """A file of parts: names with their measures, each a text of `bar` or a list of notes for plain bars of 4/4."""
    listed, music = "", ""
    for number, (name, bars) in enumerate(parts, 1):
        listed += f'<score-part id="P{number}"><part-name>{name}</part-name></score-part>'
        written = [
            one if one.startswith("<measure") else bar(notes(one), index, signatures() if index == 1 else "")
            for index, one in enumerate(bars, 1)
        ]
        music += f'<part id="P{number}">{"".join(written)}</part>'
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 '
            'Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n<score-partwise version="4.0">'
            f"{extra}<part-list>{listed}</part-list>{music}</score-partwise>")


CHORALE = [
    ("Soprano", ["C5 D5 E5 D5", "C5*4;"]), ("Alto", ["G4 G4 G4 G4", "E4*4;"]),
    ("Tenor", ["E4 D4 C4 B3", "G3*4;"]), ("Bass", ["C3 B2 C3 G2", "C3*4;"]),
]
"""Four parts of two bars."""


def sung(voice):
    """The notes of a voice, ties joined: "C5*2" at once after the one before, "2:C5" at another time."""
    words, now = [], 0
    for note in voice.notes():
        at = f"{note.onset}:" if note.onset != now else ""
        length = f"*{note.duration}" if note.duration != 1 else ""
        words.append(f"{at}{note.pitch or note.unpitched}{length}")
        now = note.onset + note.duration
    return " ".join(words)


def lines(score):
    """Every voice's name and notes."""
    return {voice.name: sung(voice) for voice in score.voices}


def remarks(score):
    """What the reader says it left out."""
    return " | ".join(score.metadata.get("notes", []))
