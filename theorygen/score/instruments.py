"""Instruments, clefs and drum hits the score floor knows: data for ensembles and writers."""

from __future__ import annotations

from theorygen.source.nearest import nearest
from theorygen.theory import TheoryError

CLEFS = ("treble", "bass", "alto", "tenor", "treble-8", "soprano", "percussion")

PROGRAMS = {
    "piano": 0, "electric-piano": 4, "harpsichord": 6, "celesta": 8, "glockenspiel": 9, "vibraphone": 11,
    "marimba": 12, "organ": 19, "accordion": 21, "guitar": 24, "electric-guitar": 27, "double-bass": 43,
    "electric-bass": 33, "violin": 40, "viola": 41, "cello": 42, "harp": 46, "strings": 48, "choir": 52,
    "trumpet": 56, "trombone": 57, "tuba": 58, "horn": 60, "saxophone": 66, "oboe": 68, "english-horn": 69,
    "bassoon": 70, "clarinet": 71, "piccolo": 72, "flute": 73, "recorder": 74, "drums": 0,
}
"""General MIDI program, counted from 0, of each instrument."""

DRUM_HITS = {
    "kick": 36, "rimshot": 37, "snare": 38, "clap": 39, "low-tom": 45, "closed-hat": 42, "pedal-hat": 44,
    "mid-tom": 47, "open-hat": 46, "crash": 49, "high-tom": 50, "ride": 51, "tambourine": 54, "cowbell": 56,
    "shaker": 70, "claves": 75, "wood-block": 76, "triangle": 81,
}
"""General MIDI key of each drum hit on channel 10."""


def program_of(instrument: str) -> int:
    """The General MIDI program (0 to 127) of an instrument; 0 when the name is not known."""
    return PROGRAMS.get(instrument, 0)


def known_clef(clef: str) -> str:
    """The clef, if it is one.

    Raises:
        TheoryError: the name is no clef.
    """
    if clef not in CLEFS:
        raise TheoryError(f"'{clef}' is not a clef", clef, 0, ", ".join(CLEFS), nearest(clef, CLEFS))
    return clef


def known_hit(hit: str) -> str:
    """The drum hit, if it is one.

    Raises:
        TheoryError: the name is no drum hit.
    """
    if hit not in DRUM_HITS:
        raise TheoryError(f"'{hit}' is not a drum hit", hit, 0, ", ".join(DRUM_HITS), nearest(hit, DRUM_HITS))
    return hit


def clef_for(lowest_midi: float, highest_midi: float) -> str:
    """Treble or bass, whichever holds a range better (middle C is 60)."""
    return "treble" if lowest_midi + highest_midi >= 2 * 60 else "bass"
