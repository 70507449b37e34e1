"""From a written numeral and a key to intervals above the root."""

from __future__ import annotations

from functools import cache

from theorygen.theory.chord_qualities import ADDED, ROLES, STACK
from theorygen.theory.degree import RomanDegree
from theorygen.theory.key import Key
from theorygen.theory.lexicon import interval_fifths, scale_fifths
from theorygen.theory.numeral_text import Modifier, NumeralText

Tones = list[tuple[str, int]]
"""Chord members as (role, distance above the root on the line of fifths), root first."""

_TRIADS = {"": (0, 4, 1), "minor": (0, -3, 1), "o": (0, -3, -6), "ø": (0, -3, -6), "+": (0, 4, 8)}
_MINOR_SEVENTH, _DIMINISHED_SEVENTH, _MAJOR_SEVENTH = -2, -9, 5
_SEVENTHS = {"o": _DIMINISHED_SEVENTH, "ø": _MINOR_SEVENTH, "maj": _MAJOR_SEVENTH, "d": _MINOR_SEVENTH}
_LOWEST = {2: -5, 4: -1, 6: -4, 7: -2}
"""The smallest size a diatonic tone may take above its root, by generic size: m2, P4, m6, m7.

The largest is a chromatic semitone more.
"""
_MIXTURE_DEGREES = (3, 6, 7)
_MAJOR_SIZES = {5: "P5", 7: "M7", 9: "M9", 11: "P11", 13: "M13"}


def spell_tones(parts: NumeralText, key: Key) -> Tones:
    """The members of a numbered chord in ``key``, before omissions.

    Third and fifth follow the case of the numeral and its mark. The seventh of a lower-case numeral is minor
    (``ii7``, ``iv7``), of ``o`` diminished, of ``ø`` minor; otherwise sevenths, ninths and added tones are
    diatonic: natural minor in a minor key, and the parallel minor over bIII, bVI and bVII of a major key.
    """
    triad = _TRIADS[parts.mark or ("" if parts.roman.upper else "minor")]
    tones: Tones = list(zip(STACK[:3], triad, strict=True))
    if parts.figure.tones > 3:
        tones.append(("seventh", _seventh(parts, key)))
    for index in range(4, parts.figure.tones):
        tones.append((STACK[index], diatonic_fifths(2 * index + 1, parts.roman, key)))
    for modifier in parts.modifiers:
        _modify(tones, modifier, parts.roman, key)
    return tones


def _seventh(parts: NumeralText, key: Key) -> int:
    explicit = _SEVENTHS.get(parts.seventh or parts.mark)
    if explicit is not None:
        return explicit
    return diatonic_fifths(7, parts.roman, key) if parts.roman.upper else _MINOR_SEVENTH


@cache
def diatonic_fifths(size: int, roman: RomanDegree, key: Key) -> int:
    """The interval of generic ``size`` above a root as the key has it; never diminished."""
    scale = scale_fifths(_source_mode(roman, key))
    root = key.chord_root(roman).fifths - key.tonic.fifths
    fifths = scale[(roman.number + size - 2) % 7] - root
    lowest = _LOWEST[(size - 1) % 7 + 1]
    return lowest + max(0, min(fifths - lowest, 7))


def _source_mode(roman: RomanDegree, key: Key) -> str:
    borrowed = roman.alter == -1 and roman.upper and roman.number in _MIXTURE_DEGREES
    if key.has_two_forms or (borrowed and not key.is_minor):
        return "minor"
    return key.mode


def _modify(tones: Tones, modifier: Modifier, roman: RomanDegree, key: Key) -> None:
    kind, number = modifier
    if kind == "sus":
        tones[1] = (ROLES[number], interval_fifths("P4" if number == 4 else "M2"))
    elif kind == "add":
        tones.append((ADDED, diatonic_fifths(number, roman, key)))
    elif kind in "#b":
        size = interval_fifths(_MAJOR_SIZES[number]) + (7 if kind == "#" else -7)
        _replace(tones, ROLES[number], size)


def _replace(tones: Tones, role: str, fifths: int) -> None:
    for index, (present, _) in enumerate(tones):
        if present == role:
            tones[index] = (role, fifths)
            return
    tones.append((role, fifths))
