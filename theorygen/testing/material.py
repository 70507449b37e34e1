"""Strategies for single values: pitches, intervals, keys, Roman numerals. They shrink to the plainest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from hypothesis import strategies as st

from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.testing.plainness import plain_keys, plain_numerals
from theorygen.theory import Interval, Key, Pitch, RomanNumeral, TheoryError
from theorygen.theory.interval import natural_semitones

_MIDDLE_C = Pitch.parse("C4")
_LOWEST, _HIGHEST = Pitch.parse("C2"), Pitch.parse("C6")
_ALTERS = (0, 1, -1, 2, -2)


def pitches(lowest: Pitch | str = _LOWEST, highest: Pitch | str = _HIGHEST, *,
            accidentals: int = 2) -> st.SearchStrategy[Pitch]:
    """Spelled pitches; they shrink to C4, or to the natural note nearest to it.

    Args:
        lowest: the lowest one, by sounding height.
        highest: the highest one.
        accidentals: sharps or flats that a note may have, 0 to 2.

    Raises:
        TheoryError: a bound cannot be read.
        InputError: there is no such pitch.
    """
    low, high = _pitch(lowest), _pitch(highest)
    alters = _ALTERS[: 2 * accidentals + 1]
    found = [Pitch(step, alter) for step in range(low.step - 2, high.step + 3) for alter in alters
             if low.midi <= Pitch(step, alter).midi <= high.midi]
    if not found:
        raise InputError(Diagnostic("no-pitch", f"there is no pitch from {low} up to {high}",
                                    expected="a lowest pitch below the highest one",
                                    remedy="exchange the bounds, or let notes have accidentals"))
    found.sort(key=lambda one: (abs(one.alter), one.alter < 0, abs(one.step - _MIDDLE_C.step), one.step))
    return st.sampled_from(found)


def _pitch(said: Pitch | str) -> Pitch:
    return Pitch.parse(said) if isinstance(said, str) else said


def intervals(most_steps: int = 14, *, downward: bool = True, simple: bool = False) -> st.SearchStrategy[Interval]:
    """Spelled intervals, doubly diminished to doubly augmented; they shrink to P1.

    Args:
        most_steps: diatonic steps of the widest; an octave has 7.
        downward: whether they may lead down, too.
        simple: whether they are smaller than an octave.
    """
    steps = range(min(most_steps, 6) + 1 if simple else most_steps + 1)
    upward = [Interval(step, natural_semitones(step) + alter) for step in steps for alter in (0, -1, 1, -2, 2)]
    upward.sort(key=lambda one: (_strangeness(one), one.steps))
    signed = [one for up in upward for one in ((up, -up) if downward and up.code else (up,))]
    return st.sampled_from([one for one in dict.fromkeys(signed) if simple is False or 0 <= one.code < 7 + 12 * 128])


def _strangeness(interval: Interval) -> int:
    """0 for perfect, major and minor intervals, more for what is further from the scale."""
    return str(interval).count("A") + str(interval).count("d")


def keys(modes: Iterable[str] = ("major", "minor"), most_accidentals: int = 7) -> st.SearchStrategy[Key]:
    """Keys; they shrink to C major, else to the mode named first and the fewest accidentals.

    Args:
        modes: modes, the plainest first: "major", "minor", "dorian" ...
        most_accidentals: of the key signature.

    Raises:
        InputError: a mode is unknown.
    """
    return st.sampled_from(plain_keys(tuple(modes), most_accidentals))


def roman_numerals(key: Key | str | st.SearchStrategy[Key] | None = None) -> st.SearchStrategy[RomanNumeral]:
    """Roman numerals: triads and sevenths in all inversions, applied and altered chords; they shrink to I, or i.

    Args:
        key: their key, or a strategy for keys; None for any major or minor key.

    Raises:
        TheoryError: the key cannot be read.
    """
    if isinstance(key, str):
        key = Key.parse(key)
    if isinstance(key, Key):
        return st.sampled_from(_numerals(key))
    return (keys() if key is None else key).flatmap(lambda one: st.sampled_from(_numerals(one)))


@cache
def _numerals(key: Key) -> Sequence[RomanNumeral]:
    """All numerals that can be spelled in a key."""
    return tuple(_readable(key))


def _readable(key: Key) -> Iterable[RomanNumeral]:
    for text in plain_numerals(key.is_minor):
        try:
            yield RomanNumeral.parse(text, key)
        except TheoryError:
            continue  # needs more than three accidentals on a note here
