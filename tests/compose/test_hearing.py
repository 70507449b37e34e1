"""What given notes cost beside a chord: relations between foreign notes, whatever the prices of the table are."""

from fractions import Fraction
from itertools import pairwise

import pytest

from theorygen.compose.frame import Frame, joined
from theorygen.compose.hearing import Ear, costs
from theorygen.score.ensemble import Ensemble
from theorygen.score.event import Event
from theorygen.theory import Key, Meter, Pitch, RomanNumeral

VOICES = Ensemble.named("satb").voices


def cost(notes: str, chord: str, key: str = "C") -> int | None:
    """The cost of the second cell of a line in 4/4, a chord of which begins and ends there; None if they do not go."""
    events, now = [], Fraction(0)
    for word in notes.split():
        name, _, length = word.partition(":")
        events.append(Event(now, Fraction(length or 1), (Pitch.parse(name),)))
        now += events[-1].duration
    frame = Frame(Meter.parse("4/4"), Fraction(0), Fraction(1), {0: joined(tuple(events))})
    heard = Ear(frame, VOICES).hear(1, RomanNumeral.parse(chord, Key.parse(key)), True, True)
    return None if heard is None else heard.cost


@pytest.mark.parametrize(("cheaper", "dearer", "chord", "key"), [
    ("C5 E5:1/2 G5:1/2 E5 C5", "C5 E5:1/2 F5:1/2 G5 C5", "I", "C"),               # chord tones, a passing tone
    ("C5 E5:1/2 F5:1/2 G5 C5", "D5 F5:1/2 E5:1/2 D5 C5", "I", "C"),               # off the beat, on the beat
    ("D5 F5:1/4 E5:3/4 D5 C5", "D5 F5:3/4 E5:1/4 D5 C5", "I", "C"),               # short, longer than the chord tone
    ("C5 E5:1/2 F5:1/2 G5 C5", "C5 E5:1/3 F5:1/3 F#5:1/3 G5 C5", "I", "C"),       # one, two in a row
    ("A4 B4:1/2 A4:1/2 G4 A4", "A4 B4:1/2 G4:1/2 F4 A4", "V", "a"),               # A, and G against G#
    ("F#4 G#4:1/2 A4:1/2 B4 A4", "F4 B4:1/2 G4:1/2 F4 A4", "V", "a"),
])
def test_what_is_heard_more_costs_more(cheaper: str, dearer: str, chord: str, key: str) -> None:
    less, more = cost(cheaper, chord, key), cost(dearer, chord, key)
    assert less is not None and (more is None or less < more)


def test_a_note_against_its_altered_form_is_dearer_than_the_same_kind_elsewhere() -> None:
    against, beside = cost("A4 B4:1/2 G4:1/2 F4 A4", "V", "a"), cost("A4 B4:1/2 G4:1/2 F4 A4", "v", "a")
    assert beside == 0 and against is not None and against >= costs().contradicts
    neutral = cost("B4 A4:1/2 G4:1/2 F4 A4", "iv", "a")
    assert neutral is not None and neutral < costs().contradicts


def test_length_is_paid_from_half_a_cell_on_and_rises_with_it() -> None:
    prices = [cost(f"D5 F5:{share} E5:{1 - share} D5 C5", "I") for share in map(Fraction, ("1/4", "1/2", "5/8", "3/4"))]
    found = [price for price in prices if price is not None]
    assert len(found) == len(prices) and found[0] == found[1]
    assert all(before < after for before, after in pairwise(found[1:]))
