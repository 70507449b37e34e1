"""Scores of every shape the model must carry, and strategies that make more."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from theorygen.score import Ensemble, Event, Score, Voice, arrange, parse_text_score
from theorygen.score.part import Part
from theorygen.theory import Meter, Pitch

NOTATED = {
    "quarters against whole notes": "S: C5 D5 E5 F5 | B: C3*4",
    "a rest in one voice": "in C: I V I*2 | S: E5 D5 C5*2 | A: G4 r E4*2 | T: C4 B3 G3*2 | B: C3 G2 C3*2",
    "two voices": "in a: i V6 i*2(PAC) | upper: A4*3/2 B4*1/2 C5*2 | lower: A3 G#3 A3*2 | title: Duo",
    "three voices": "S1: E5*2 D5 C5 | S2: C5*2 B4 G4 | A: A4*2 G4 E4 | signature: a",
    "five voices": "S1: G5 F5 | S2: E5 D5 | A: C5 B4 | T: G4 G4 | B: C3 G3",
    "meter change with triplets":
        "S: C5 D5*1/3 E5*1/3 F5*1/3 G5 F#5*1/2 F5*1/2 C#5 F#5*4/3 G5*2/3 | B: C3*3 D3*3/4 E3*1/4 F3*3"
        " | meter: 3/4 4/4@3 | signature: Eb",
    "piano chords": "piano: [C4 E4 G4]*2 [B3 F4 G#4 Ab4] r [C4 E4 G4]*4~ [C4 E4 A4]*4",
    "drums": "drums: <kick>*1/2 <closed-hat>*1/2 <snare> <kick> <open-hat> | S: C5*4",
    "pickup": "in G: V // I*2 V I | S: D5 B4 C5 A4 G4 | B: D3 G2*2 D3 G2 | beat: 4 | signature: G",
    "ties over the barline": "S: C5*3 D5*2 E5*3 | B: C3*7/2 D3*9/2",
    "fermata": "in C: I V(HC) // I I | S: E5 D5; C5 C5; | A: G4 G4; G4 E4; | T: C4 B3; C4 G3; | B: C3 G2; E3 C3;",
    "repeat": "S: C5*4 D5*4 E5*4 | B: C3*12 | repeat: 0-4 4-8*3",
    "compound meter": "S: C5*3/2 D5*1 E5*1/2 F5*5/2 G5*1/2 | B: C3*3 r*5/2 C3*1/2 | meter: 6/8",
    "five eighths": "S: C5*1/2 D5*1/2 E5*1/2 F5*1/2 G5*1/2 A5*5/2 | meter: 5/8",
    "key change": "in C: I G: V I | S: C5*4 D5*4 B4*4 | B: C3*4 F#3*4 G3*4 | signature: C G@8",
}


def keyboard_piece() -> Score:
    """Three voices on a treble staff over a bass: now sharing stems, now not."""
    text = ("soprano: C5 D5 B4*2 C5*4 | alto: G4*2 G4*2 E4*1 F4*1 E4*2 | tenor: E4*2 F4*2 G3*4 | bass: C3*2 G2*2 C3*4"
            " | in C: I*2 V7*2 I*4")
    return parse_text_score(text, Ensemble.named("keyboard"))


def late_entry() -> Score:
    """A voice that begins after the other and stops before it, and a drum part with a rest."""
    events = {
        "soprano": [Event(Fraction(2), Fraction(1), (Pitch.parse("C5"),))],
        "bass": [Event(Fraction(index), Fraction(1), (Pitch.parse("C3"),)) for index in range(4)],
    }
    hits = Voice("drums", (Event(Fraction(0), Fraction(1), unpitched="kick"), Event(Fraction(1), Fraction(3))))
    drums = Part("drums", (hits,), "drums", 0, ("percussion",), percussion=True)
    return Score((*arrange(Ensemble.named("satb"), events), drums), meters=((Fraction(0), Meter(4, 4)),))


SCORES: dict[str, Score] = {name: parse_text_score(text) for name, text in NOTATED.items()}
SCORES |= {"keyboard": keyboard_piece(), "late entry": late_entry()}

_LENGTHS = ("1", "2", "3", "4", "1/2", "3/2", "1/4", "3/4", "1/3", "2/3", "5/2", "7/4", "9/2", "1/6")
DURATIONS = st.sampled_from([Fraction(text) for text in _LENGTHS])
PITCHES = st.builds(lambda step, alter: Pitch(step, alter), st.integers(14, 48), st.integers(-2, 2))
_METERS = ("4/4", "3/4", "2/2", "6/8", "5/8", "7/8", "9/8", "12/8", "5/4", "3/8")
METERS = st.sampled_from([Meter.parse(text) for text in _METERS])


@st.composite
def voices(draw: st.DrawFn, name: str) -> Voice:
    """A voice of notes, chords, rests, ties and fermatas."""
    events, onset = [], Fraction(0)
    for duration in draw(st.lists(DURATIONS, min_size=1, max_size=8)):
        pitches = tuple(draw(st.sets(PITCHES, max_size=3)))
        tied = bool(pitches) and draw(st.booleans())
        events.append(Event(onset, duration, pitches, None, tied, draw(st.booleans())))
        onset += duration
    return Voice(name, tuple(events))


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """A score for a few voices of SATB, in any meter, maybe with a pickup."""
    names = draw(st.lists(st.sampled_from(Ensemble.named("satb").names), min_size=1, max_size=4, unique=True))
    ensemble = Ensemble.named("satb").only(names)
    meter = draw(METERS)
    parts = arrange(ensemble, {name: draw(voices(name)).events for name in ensemble.names})
    pickup = draw(st.integers(0, meter.beats - 1)) * meter.beat_length
    return Score(parts, ((Fraction(0), meter),), pickup=pickup, ensemble=ensemble)
