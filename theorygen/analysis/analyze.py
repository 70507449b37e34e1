"""The analysis of a finished score: chords in their keys and phrases, as the likeliest reading of its notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from theorygen.analysis.cadences import with_cadences
from theorygen.analysis.inference import Stretch, likeliest
from theorygen.analysis.lattice import Lattice
from theorygen.analysis.model import HarmonyModel, chorale_model
from theorygen.analysis.surface import REST, Surface
from theorygen.score.errors import ScoreError
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score

MOST_SLOTS = 20_000
"""Scores with more moments than this are refused: memory grows with their number."""


def analyze(score: Score, model: HarmonyModel | None = None) -> Score:
    """The score with the chords found in it; chords it declares are not looked at.

    Args:
        score: the music, in any number of voices. Phrases end at fermatas and general rests.
        model: what chords are likely; default learned from Bach's chorales.

    Raises:
        ScoreError: there are no notes, or far too many, or the score does not say which ensemble it is for.
    """
    surface = Surface.of(score)
    if not len(surface) or (surface.fifths == REST).all():
        raise ScoreError("there are no notes to analyse")
    if len(surface) > MOST_SLOTS:
        raise ScoreError(f"the score has {len(surface)} moments; at most {MOST_SLOTS} can be analysed at once")
    stretches = likeliest(Lattice(surface, model or chorale_model()))
    return with_cadences(replace(score, chords=tuple(_chords(surface, _joined(stretches)))))


def _joined(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches with neighbours that hold the same chord made one."""
    open_stretch: Stretch | None = None
    for stretch in stretches:
        if open_stretch is not None and stretch.numeral == open_stretch.numeral and not stretch.begins_phrase:
            open_stretch = replace(open_stretch, stop=stretch.stop)
            continue
        if open_stretch is not None:
            yield open_stretch
        open_stretch = stretch
    if open_stretch is not None:
        yield open_stretch


def _chords(surface: Surface, stretches: Iterator[Stretch]) -> Iterator[ChordEvent]:
    """Stretches in time, with the numbers of their phrases; no chord goes on through a general rest."""
    phrases = np.cumsum(surface.phrase_starts)
    onsets = [*surface.slots.onsets, surface.score.end]
    for stretch in stretches:
        sounding = np.flatnonzero((surface.fifths[stretch.start : stretch.stop] != REST).any(axis=1)) + stretch.start
        if len(sounding):
            start, stop = onsets[sounding[0]], onsets[sounding[-1] + 1]
            yield ChordEvent(start, stop - start, stretch.numeral, stretch.pivot_of,
                             int(phrases[stretch.start] - phrases[0]))
