"""Names for keys of a piano: which letter each MIDI number has.

The rule is the first stage of Meredith's ps13 ("The ps13 pitch spelling algorithm", Journal of New Music Research 35,
2006): around each note, ten notes before it and 42 from it on, every pitch class counts as a tonic as often as it
sounds; on each tonic the twelve notes have the letters of its chromatic scale with raised fourth and leading tone and
lowered second, third, sixth and seventh (C Db D Eb E F F# G Ab A Bb B); the letter most tonics agree on wins. So
leading tones are raised and a minor third stays a third, whatever the signature says.

The whole piece is then moved to sharps or flats: as near as can be to its key signature, else to fewest accidentals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from theorygen.theory import Pitch, PitchClass

_BEFORE, _FROM = 10, 42
_STEPS = np.array([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6])
"""Letters above the tonic, by semitones above it."""
_TURN = 12
"""Fifths from C to B#, its twin."""
_MIDDLE_OF_SCALE = 2
"""Fifths from the tonic of a major scale to the middle of its notes."""


def spell(numbers: Sequence[int], signature: int | None = None) -> list[Pitch]:
    """Pitches for MIDI numbers.

    Args:
        numbers: in time order.
        signature: sharps in the key signature, flats negative; None where there is none.
    """
    if not numbers:
        return []
    midi = np.array(numbers)
    fifths = _fifths(midi % 12, _letters(midi % 12))
    return [_pitch(int(number), PitchClass.from_fifths(int(place)))
            for number, place in zip(midi, fifths + _turn(fifths, signature), strict=True)]


def signature_of(pitches: Sequence[Pitch]) -> int:
    """The key signature, in sharps (flats negative), with the fewest accidentals; of equal ones the plainest."""
    fifths = np.array([pitch.pitch_class.fifths for pitch in pitches])
    lacking = {sharps: int(((fifths < sharps - 1) | (fifths > sharps + 5)).sum()) for sharps in range(-7, 8)}
    return min(lacking, key=lambda sharps: (lacking[sharps], abs(sharps), sharps))


def _letters(classes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """[n]: letters C to B (0 to 6), each relative to a first note that is spelled on C's chromatic scale."""
    tonics = np.arange(12)
    tonic_letters = (_STEPS[classes[0]] - _STEPS[(classes[0] - tonics) % 12]) % 7
    letters = (_STEPS[(classes[:, None] - tonics) % 12] + tonic_letters) % 7
    weights = _presence(classes)
    votes = np.stack([np.where(letters == letter, weights, 0).sum(axis=1) for letter in range(7)], axis=1)
    return np.asarray(votes.argmax(axis=1))


def _presence(classes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """[n, 12]: how often each pitch class sounds around each note."""
    totals = np.zeros((len(classes) + 1, 12), dtype=np.int64)
    totals[1:] = np.cumsum(np.eye(12, dtype=np.int64)[classes], axis=0)
    places = np.arange(len(classes))
    return totals[np.minimum(places + _FROM, len(classes))] - totals[np.maximum(places - _BEFORE, 0)]


def _fifths(classes: npt.NDArray[np.int64], letters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """[n]: places on the line of fifths of notes with these letters."""
    naturals = np.array([0, 2, 4, 5, 7, 9, 11])[letters]
    alters = (classes - naturals + 6) % 12 - 6
    return (letters * 2 + 1) % 7 - 1 + 7 * alters


def _turn(fifths: npt.NDArray[np.int64], signature: int | None) -> int:
    """What to add to all places so that they lie around the signature, or around none."""
    middle = (signature or 0) + _MIDDLE_OF_SCALE
    turns = [0, -_TURN, _TURN, -2 * _TURN, 2 * _TURN]
    return min(turns, key=lambda turn: (int(np.abs(fifths + turn - middle).sum()), abs(turn)))


def _pitch(number: int, name: PitchClass) -> Pitch:
    """The pitch with this MIDI number and name."""
    octave = (number - name.at_octave(0).midi) // 12
    return name.at_octave(octave)
