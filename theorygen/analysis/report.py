"""An analysis as plain data, for ``theorygen analyze --json``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np

from theorygen.rules.embellishments import surface_for
from theorygen.rules.world import EMBELLISHMENTS
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.theory import Pitch


def analysis_data(score: Score) -> dict[str, Any]:
    """Key areas, chords, cadences and embellishments of an analysed score, each with measure and beat."""
    return {
        "title": score.title, "keys": list(key_areas(score)),
        "chords": [_chord(score, chord) for chord in score.chords],
        "cadences": [{**_place(score, chord), "cadence": chord.cadence, "phrase": chord.phrase + 1}
                     for chord in score.chords if chord.cadence],
        "embellishments": list(embellishments(score)),
    }


def key_areas(score: Score) -> Iterator[dict[str, Any]]:
    """Stretches in one key: where they begin, and how long they last in quarters."""
    for key, group in groupby(score.chords, key=lambda chord: chord.numeral.key):
        chords = list(group)
        yield {**_place(score, chords[0]), "key": str(key), "quarters": float(chords[-1].end - chords[0].onset)}


def embellishments(score: Score) -> Iterator[dict[str, Any]]:
    """Every note outside its chord, with its kind."""
    slots = score.slots("attacks")
    surface = surface_for(score, slots)
    for slot, voice in np.argwhere(surface.enters & (surface.embellishment > 0)).tolist():
        place = score.location(slots.onsets[slot])
        yield {"measure": place.measure, "beat": float(place.beat), "voice": slots.voices[voice],
               "note": str(Pitch.from_code(int(slots.codes[slot, voice]))),
               "kind": EMBELLISHMENTS[surface.embellishment[slot, voice]]}


def _chord(score: Score, chord: ChordEvent) -> dict[str, Any]:
    pivot = {"pivot": f"{chord.pivot_of.key.short}: {chord.pivot_of.text}"} if chord.pivot_of else {}
    return {**_place(score, chord), "quarters": float(chord.duration), "key": chord.key_text,
            "numeral": chord.numeral_text, **pivot, "phrase": chord.phrase + 1}


def _place(score: Score, chord: ChordEvent) -> dict[str, Any]:
    place = score.location(chord.onset)
    return {"measure": place.measure, "beat": float(place.beat)}
