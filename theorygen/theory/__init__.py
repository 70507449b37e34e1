"""Spelled, frozen, exact values: pitch, interval, key, scale degree, meter, Roman numeral."""

from theorygen.theory.chord_qualities import Member
from theorygen.theory.chord_symbol import ChordSymbol, parse_chord_symbol
from theorygen.theory.degree import ScaleDegree
from theorygen.theory.errors import TheoryError
from theorygen.theory.figures import Figure, FiguredBass, figure_words, figures_for, transpose_figures
from theorygen.theory.interval import Interval
from theorygen.theory.key import Key
from theorygen.theory.meter import Meter
from theorygen.theory.numeral import RomanNumeral
from theorygen.theory.pitch import Pitch, PitchClass

__all__ = [
    "ChordSymbol", "Figure", "FiguredBass", "Interval", "Key", "Member", "Meter", "Pitch", "PitchClass",
    "RomanNumeral", "ScaleDegree", "TheoryError", "figure_words", "figures_for", "parse_chord_symbol",
    "transpose_figures",
]
