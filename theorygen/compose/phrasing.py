"""Phrases that nobody marked: where a long stretch of given music comes to rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.resources import files

from theorygen.compose.frame import Frame, Phrase
from theorygen.grammar.lengths import MOST_CHORDS
from theorygen.source.document import load_document
from theorygen.theory import Key
from theorygen.theory.meter import STRONG


@dataclass(frozen=True)
class Prices:
    """What speaks against a phrase.

    Attributes:
        lengths: shares of the usual length, rising, each with its price.
        ends: prices of what is wrong with an end, by name.
        far_from_cadences: degrees under which few cadences end.
    """

    lengths: tuple[tuple[Fraction, Fraction], ...]
    ends: dict[str, Fraction]
    far_from_cadences: frozenset[int]

    def of_length(self, share: Fraction) -> Fraction:
        """What speaks against a length; between two of the table in proportion, beyond it as at its end."""
        above = bisect_right(self.lengths, (share, Fraction(0)))
        if above == len(self.lengths):
            return self.lengths[-1][1]
        (low, cheap), (high, dear) = self.lengths[max(above - 1, 0)], self.lengths[above]
        return cheap + (dear - cheap) * (share - low) / (high - low) if high > low else dear


@cache
def prices() -> Prices:
    """The prices of the table that ships."""
    table = load_document(str(files("theorygen.compose") / "phrases.yaml")).data
    ends = {name: Fraction(str(price)) for name, price in table.items() if isinstance(price, int | float)}
    lengths = sorted((Fraction(str(share)), Fraction(str(price))) for share, price in table["lengths"].items())
    return Prices(tuple(lengths), ends, frozenset(table["far-from-cadences"]))


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
    best: dict[int, tuple[Fraction, list[int]]] = {phrase.first: (Fraction(0), [])}
    for stop in [*_edges(frame, phrase), phrase.stop]:
        ways = [(cost + prices().of_length((stop - start) * frame.unit / usual), [*passed, stop])
                for start, (cost, passed) in best.items() if 1 < stop - start <= MOST_CHORDS]
        if ways:
            cost, passed = min(ways)
            best[stop] = cost + (_edge(frame, phrase, stop, key) if stop < phrase.stop else 0), passed
    return best[phrase.stop][1][:-1] if phrase.stop in best else []


def _edges(frame: Frame, phrase: Phrase) -> Iterator[int]:
    """Cells that begin inside a phrase while no given voice holds a note."""
    for cell in range(phrase.first + 1, phrase.stop):
        if not any(notes[0].is_held for notes in frame.heard[cell].values()):
            yield cell


def _edge(frame: Frame, phrase: Phrase, edge: int, key: Key) -> Fraction:
    """What speaks against an end before a cell: a short note, one on a weak beat or without a cadence, an upbeat."""
    passed = [event for _, event in frame.notes if event.onset < frame.onset(edge)]
    last = passed[-1]
    units = (frame.onset(edge) - last.onset) / frame.unit
    is_weak = frame.meter.weight((last.onset - frame.pickup) % frame.meter.bar_length) < STRONG
    wrong = {
        "short": max(2 - units, Fraction(0)),
        "weak": is_weak,
        "other-upbeat": frame.offset(edge) != frame.offset(phrase.first),
        "no-cadence": last.pitch and key.degree_of(last.pitch.pitch_class).number in prices().far_from_cadences,
        "no-motion": len({event.pitch for event in passed[-3:]}) == 1,
    }
    return sum((prices().ends[name] * Fraction(how or 0) for name, how in wrong.items()), Fraction(0))
