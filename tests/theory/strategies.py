"""Hypothesis strategies for the values of the theory floor."""

from __future__ import annotations

from hypothesis import strategies as st

from theorygen.theory import Interval, Key, Meter, Pitch, PitchClass, ScaleDegree
from theorygen.theory.lexicon import modes

pitch_classes = st.builds(PitchClass, st.integers(0, 6), st.integers(-3, 3))
pitches = st.builds(Pitch, st.integers(0, 69), st.integers(-3, 3))
natural_tonics = st.integers(-7, 7).map(PitchClass.from_fifths)
keys = st.builds(Key, natural_tonics, st.sampled_from(modes()))
degrees = st.builds(ScaleDegree, st.integers(1, 7), st.integers(-3, 3))
meters = st.builds(Meter, st.integers(1, 24), st.sampled_from((1, 2, 4, 8, 16, 32)))
QUALITIES = {True: ("dd", "d", "P", "A", "AA"), False: ("dd", "d", "m", "M", "A", "AA")}


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Directed intervals up to two octaves, doubly diminished to doubly augmented; no diminished unisons."""
    number = draw(st.integers(2, 15))
    quality = draw(st.sampled_from(QUALITIES[(number - 1) % 7 in (0, 3, 4)]))
    return Interval.parse(f"{draw(st.sampled_from(('', '-')))}{quality}{number}")


small_intervals = st.sampled_from(
    [Interval.parse(name) for name in ("P1", "m2", "M2", "m3", "M3", "P4", "P5", "-m2", "-M2", "-m3", "-P4")]
)
