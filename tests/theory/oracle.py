"""music21's reading of a Roman numeral, in this project's terms. Imported by tests only."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from music21 import key as music21_key
from music21 import roman

from theorygen.theory import Key, PitchClass

MAJOR_KEYS = tuple(Key(PitchClass.from_fifths(fifths), "major") for fifths in range(-7, 8))
MINOR_KEYS = tuple(Key(PitchClass.from_fifths(fifths + 3), "minor") for fifths in range(-7, 8))


class Reading(NamedTuple):
    """Notes in root order (stacked thirds), bass and inversion."""

    notes: tuple[str, ...]
    bass: str
    inversion: int


def read(text: str, key: Key) -> Reading:
    """What music21 makes of ``text`` in ``key``."""
    chord = roman.RomanNumeral(text, _key(key))
    root = PitchClass.parse(chord.root().name)
    notes = {PitchClass.parse(pitch.name) for pitch in chord.pitches}
    bass = str(PitchClass.parse(chord.bass().name))
    return Reading(in_thirds(notes, root), bass, chord.inversion())


def in_thirds(notes: set[PitchClass], root: PitchClass) -> tuple[str, ...]:
    """The notes by thirds above the root: root third fifth seventh ninth eleventh thirteenth."""
    return tuple(str(note) for note in sorted(notes, key=lambda note: (note.letter - root.letter) * 4 % 7))


@cache
def _key(key: Key) -> music21_key.Key:
    return music21_key.Key(key.short[0] + key.short[1:].replace("b", "-"))
