"""The same bass line realised by music21's figured bass."""

from __future__ import annotations

import random
from collections.abc import Sequence

from music21 import key, meter, note
from music21.figuredBass import realizer

FIGURES = {"I": "", "V43": "4,3", "I6": "6", "IV": "", "vi": "", "ii65": "6,5", "V65/V": "6,5", "V": "",
           "V65/IV": "6,b5", "viio6": "6", "V7": "7", "V6": "6", "ii6": "6"}


def realize(texts: Sequence[str], bass: Sequence[str]) -> realizer.Realization:
    """All realisations of a bass line in C major, as music21's movement graph.

    Args:
        texts: Roman numerals.
        bass: the bass notes, such as "F#3".

    Rules, four parts and the highest pitch are music21's defaults.
    """
    line = realizer.FiguredBassLine(key.Key("C"), meter.TimeSignature("4/4"))
    for text, pitch in zip(texts, bass, strict=True):
        line.addElement(note.Note(pitch), FIGURES[text] or None)
    return line.realize()


def draw(realization: realizer.Realization):
    """One random realisation as a score; only once for each realization.

    This walks the graph as music21's `generateRandomRealization` means to: its own walk calls random.sample on a
    view of a dictionary, which Python refuses since 3.11. Writing the score changes the hash of pitches that are keys
    of the graph, so a second walk would get lost.
    """
    return realization.generateRealizationFromPossibilityProgression(_walk(realization))


def _walk(realization: realizer.Realization) -> list:
    segments = realization._segmentList
    if not segments[0].movements:
        raise LookupError("music21 finds no realisation of this bass")
    path = [random.choice(list(segments[0].movements))]
    for segment in segments[:-1]:
        path.append(random.choice(segment.movements[path[-1]]))
    return path
