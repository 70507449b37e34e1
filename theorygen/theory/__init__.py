"""Spelled, frozen, exact values: pitch, interval, key, scale degree, meter, Roman numeral."""

from theorygen.theory.chord_qualities import Member
from theorygen.theory.degree import ScaleDegree
from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.key import Key
from theorygen.theory.meter import Meter
from theorygen.theory.numeral import RomanNumeral
from theorygen.theory.pitch import Pitch, PitchClass

__all__ = ["Interval", "Key", "Member", "Meter", "Pitch", "PitchClass", "RomanNumeral", "ScaleDegree", "TheoryError"]
