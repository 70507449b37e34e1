"""Spelled, frozen, exact values: pitch, interval, key, scale degree, meter, Roman numeral."""

from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.pitch import Pitch, PitchClass

__all__ = ["Interval", "Pitch", "PitchClass", "TheoryError"]
