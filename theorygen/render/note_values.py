"""Note values: how lengths in quarters are written, and where a length must be split and tied to be readable."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from theorygen.theory.meter import BEAT, OFFBEAT, Meter

_TYPES = {
    Fraction(8): "breve", Fraction(4): "whole", Fraction(2): "half", Fraction(1): "quarter", Fraction(1, 2): "eighth",
    Fraction(1, 4): "16th", Fraction(1, 8): "32nd", Fraction(1, 16): "64th",
}
_NORMAL = {3: 2, 5: 4, 7: 4, 9: 8}
"""Of a tuplet of so many notes: in the time of how many."""

_FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}


@dataclass(frozen=True, slots=True)
class NoteValue:
    """How one note head and its stem are written.

    Attributes:
        type: "whole", "quarter", "eighth" ...
        dots: number of dots.
        actual: notes in its tuplet, 1 outside tuplets.
        normal: in the time of how many.
    """

    type: str
    dots: int = 0
    actual: int = 1
    normal: int = 1

    @property
    def flags(self) -> int:
        """Flags or beams: 1 for an eighth."""
        return _FLAGS.get(self.type, 0)


@lru_cache(maxsize=4096)
def note_value(duration: Fraction) -> NoteValue | None:
    """The single note that lasts this long in quarters, or None when it takes several tied ones."""
    actual = duration.denominator
    while actual % 2 == 0:
        actual //= 2
    if actual != 1 and actual not in _NORMAL:
        return None
    normal = _NORMAL.get(actual, 1)
    plain = duration * actual / normal
    for dots, share in enumerate((Fraction(1), Fraction(3, 2))):
        if plain / share in _TYPES:
            return NoteValue(_TYPES[plain / share], dots, actual, normal)
    return None


@lru_cache(maxsize=4096)
def split_duration(offset: Fraction, duration: Fraction, meter: Meter, rest: bool = False) -> tuple[Fraction, ...]:
    """Lengths of the notes, tied to each other, that show the beats of a bar.

    Args:
        offset: where the note starts in the bar, in quarters.
        duration: its length in quarters, ending inside the bar.
        meter: the time signature.
        rest: rests are split more: they never hide a stronger beat than the one they start on.
    """
    pieces = []
    while duration:
        first = _first_piece(offset, duration, meter, rest)
        pieces.append(first)
        offset, duration = offset + first, duration - first
    return tuple(pieces)


def _first_piece(offset: Fraction, duration: Fraction, meter: Meter, rest: bool) -> Fraction:
    if note_value(duration) and _is_readable(offset, duration, meter, rest):
        return duration
    beat = meter.beat_length
    upbeat = -offset % beat
    if 0 < upbeat < duration:
        return upbeat if note_value(upbeat) else _largest_value(upbeat)
    ends = [count * beat for count in range(1, int(duration / beat) + 1) if note_value(count * beat)]
    ends = [end for end in ends if _is_readable(offset, end, meter, rest) and end <= duration]
    if not ends:
        return min(duration, _largest_value(duration))
    return max(ends, key=lambda end: (meter.weight(offset + end), end))


def _largest_value(duration: Fraction) -> Fraction:
    """The longest single plain or tuplet note that is no longer; the length itself when nothing fits."""
    odd = duration.denominator
    while odd % 2 == 0:
        odd //= 2
    unit = Fraction(_NORMAL.get(odd, 1), odd)
    fitting = [length * unit for length in _TYPES if length * unit <= duration]
    return max(fitting, default=duration)


def _is_readable(offset: Fraction, duration: Fraction, meter: Meter, rest: bool) -> bool:
    """Whether one note of this length shows the beats well enough."""
    crossed = _strongest_inside(offset, duration, meter)
    own = meter.weight(offset)
    if crossed == OFFBEAT:
        return True
    if rest or meter.is_compound:
        ends_on_beat = (offset + duration) % meter.beat_length == 0
        return own >= crossed and ends_on_beat
    if own == OFFBEAT:
        return crossed == BEAT and duration <= meter.beat_length
    return True


def _strongest_inside(offset: Fraction, duration: Fraction, meter: Meter) -> int:
    """Weight of the strongest beat strictly inside; 0 without one."""
    beat = meter.beat_length
    place = (offset // beat + 1) * beat
    strongest = OFFBEAT
    while place < offset + duration:
        strongest = max(strongest, meter.weight(place))
        place += beat
    return strongest
