"""Spelled, frozen, exact values: pitch, interval, key, scale degree, meter, Roman numeral."""

from theorygen.theory.degree import ScaleDegree
from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.key import Key
from theorygen.theory.meter import Meter
from theorygen.theory.pitch import Pitch, PitchClass

__all__ = ["Interval", "Key", "Meter", "Pitch", "PitchClass", "ScaleDegree", "TheoryError"]
