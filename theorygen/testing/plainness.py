"""What is plain comes first, so that counterexamples shrink to it: an order of keys, and one of chords."""

from __future__ import annotations

from functools import cache

from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.theory import Key, PitchClass, RomanNumeral, TheoryError
from theorygen.theory.lexicon import modes as all_modes

_DEGREES = {number: rank for rank, number in enumerate((1, 5, 4, 2, 6, 3, 7))}
_KINDS = ("triad", "seventh", "cadential-six-four", "neapolitan", "augmented-sixth")
_TRIADS = {
    False: ("I", "V", "IV", "ii", "vi", "iii", "viio"),
    True: ("i", "V", "iv", "iio", "VI", "III", "viio", "VII", "v"),
}
_SEVENTHS = {
    False: ("V", "ii", "IV", "I", "vi", "iii", "viiø"),
    True: ("V", "iiø", "iv", "i", "VI", "III", "viio", "VII"),
}
_FIGURES, _TRIAD_FIGURES = ("", "6", "7", "64", "65", "42", "43"), ("", "6", "64")
_APPLIED = {False: ("V", "ii", "IV", "vi", "iii"), True: ("V", "iv", "VI", "III", "VII")}
_OTHERS = {False: ("Cad64", "iv", "bVI", "iiø65", "i", "N6", "It6", "Fr43", "Ger65"),
           True: ("Cad64", "I", "N6", "It6", "Fr43", "Ger65")}
_WIDEST = 20


def plain_keys(modes: tuple[str, ...] = ("major", "minor"), most_accidentals: int = 7) -> list[Key]:
    """Keys by the size of their signature, sharps before flats, and then in the order of their modes.

    Raises:
        InputError: a mode is unknown, or no key has so few accidentals.
    """
    for mode in modes:
        if mode not in all_modes():
            raise InputError(Diagnostic("unknown-mode", f"'{mode}' is not a mode", None, ", ".join(all_modes()),
                                        nearest(mode, all_modes())))
    tonics = [PitchClass.from_fifths(fifths) for fifths in range(-_WIDEST + 6, _WIDEST - 5)]
    found = [Key(tonic, mode) for mode in modes for tonic in tonics
             if abs(Key(tonic, mode).signature) <= most_accidentals and abs(tonic.alter) < 2]
    if not found:
        raise InputError(Diagnostic("no-key", f"no key of {', '.join(modes) or 'no mode'} has at most "
                                    f"{most_accidentals} accidentals", None, "a mode, and 0 accidentals or more"))
    return by_plainness(found, modes)


def by_plainness(keys: list[Key], modes: tuple[str, ...] = ("major", "minor")) -> list[Key]:
    """The same keys, the plainest first: C, a, G, e, F, d ..."""
    order = {mode: rank for rank, mode in enumerate(modes)}
    return sorted(dict.fromkeys(keys), key=lambda key: (
        abs(key.signature), key.signature < 0, order.get(key.mode, len(order)), str(key)))


@cache
def plain_numerals(minor: bool) -> tuple[str, ...]:
    """Texts of the usual chords of a mode: triads, their inversions, sevenths, applied chords, altered chords."""
    diatonic = [chord + figure for figure in _FIGURES
                for chord in (_TRIADS if figure in _TRIAD_FIGURES else _SEVENTHS)[minor]]
    applied = [f"{chord}/{goal}" for chord in ("V", "V6", "V7", "V65", "V43", "V42", "viio6", "viio7", "viio65")
               for goal in _APPLIED[minor]]
    return tuple(dict.fromkeys([*diatonic, *_OTHERS[minor], *applied]))


@cache
def strangeness(text: str, key: Key, home: Key) -> tuple[object, ...]:
    """A value that is smaller for a plainer chord: at home, not applied, a triad, in root position, I before V.

    Args:
        text: a numeral.
        key: its key.
        home: the key of the piece.
    """
    try:
        chord = RomanNumeral.parse(text, key)
    except TheoryError:
        return (True,)
    kind = _KINDS.index(chord.kind) if chord.kind in _KINDS else len(_KINDS)
    return (key != home, chord.applied_to != "", kind, chord.inversion, len(chord.altered),
            _DEGREES[chord.degree.number], text)
