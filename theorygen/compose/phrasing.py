"""Phrases that nobody marked: where a long stretch of given music comes to rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import log2

from theorygen.compose.frame import Frame, Phrase
from theorygen.grammar.lengths import MOST_CHORDS
from theorygen.theory import Key

# What speaks against a phrase. Only their order matters much: a long note on a strong beat is a rest, equal lengths and
# equal upbeats are heard as answering each other.
_NO_REST = 2.0
_WEAK_END = 2.0
_OTHER_UPBEAT = 2.0
_NO_CADENCE = 6.0
_NO_MOTION = 2.0
_UNEVEN = 4.0
_SHORT = 2.0


def in_phrases(frame: Frame, usual: Fraction, key: Key) -> Frame:
    """The frame with long phrases divided where they come to rest, best in pieces of the usual length.

    Args:
        frame: given voices; where their phrases end is known from fermatas, rests and breaks only.
        usual: length of a phrase of the style, quarter lengths. Phrases up to twice as long stay.
        key: the home key: few cadences end under its fourth and sixth degrees.
    """
    found: set[Fraction] = set()
    for phrase in frame.phrases:
        if len(phrase) * frame.unit > 2 * usual or len(phrase) > MOST_CHORDS:
            found |= {frame.onset(edge) for edge in _division(frame, phrase, usual, key)}
    return replace(frame, breaks=frame.breaks | found) if found else frame


def _division(frame: Frame, phrase: Phrase, usual: Fraction, key: Key) -> list[int]:
    """The cells before which a phrase is divided: the shortest way along the places where it may be."""
    best: dict[int, tuple[float, list[int]]] = {phrase.first: (0.0, [])}
    for stop in [*_edges(frame, phrase), phrase.stop]:
        ways = [(cost + _length(frame, start, stop, usual), [*passed, stop])
                for start, (cost, passed) in best.items() if 1 < stop - start <= MOST_CHORDS]
        if ways:
            cost, passed = min(ways)
            best[stop] = cost + (_edge(frame, phrase, stop, key) if stop < phrase.stop else 0.0), passed
    return best[phrase.stop][1][:-1] if phrase.stop in best else []


def _edges(frame: Frame, phrase: Phrase) -> Iterator[int]:
    """Cells that begin inside a phrase while no given voice holds a note."""
    for cell in range(phrase.first + 1, phrase.stop):
        if not any(notes[0].is_held for notes in frame.heard[cell].values()):
            yield cell


def _length(frame: Frame, start: int, stop: int, usual: Fraction) -> float:
    """What speaks against a phrase of this length: how far it is from the usual, and from its half or double."""
    doubles = log2((stop - start) * frame.unit / usual)
    return abs(doubles) + _UNEVEN * abs(doubles - round(doubles)) + _SHORT * max(0.0, -doubles)


def _edge(frame: Frame, phrase: Phrase, edge: int, key: Key) -> float:
    """What speaks against an end before a cell: a short note, one on a weak beat or without a cadence, an upbeat."""
    passed = [event for _, event in frame.notes if event.onset < frame.onset(edge)]
    last = passed[-1]
    length = frame.onset(edge) - last.onset
    against = 0.0 if length >= 2 * frame.unit else _NO_REST * (2 - length / frame.unit)
    if frame.meter.weight((last.onset - frame.pickup) % frame.meter.bar_length) < 2:
        against += _WEAK_END
    if frame.offset(edge) != frame.offset(phrase.first):
        against += _OTHER_UPBEAT
    if last.pitch and key.degree_of(last.pitch.pitch_class).number in (4, 6):
        against += _NO_CADENCE
    if len({event.pitch for event in passed[-3:]}) == 1:
        against += _NO_MOTION
    return float(against)
