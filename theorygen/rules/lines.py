"""Lines compared: how long two stretches of one voice agree, and whether one copies the other at another pitch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theorygen.rules.music import Music
from theorygen.rules.notes import steps_of
from theorygen.rules.world import NO_PITCH, Array


@dataclass(frozen=True, eq=False)
class Stretch:
    """The notes of one voice over a stretch of time; times are ticks from its beginning.

    Attributes:
        times: when each note or rest begins.
        codes: its pitch code, NO_PITCH for a rest.
        length: length of the stretch.
    """

    times: Array
    codes: Array
    length: int

    def part(self, start: int, stop: int) -> Stretch:
        """What begins from one time up to another."""
        kept = (self.times >= start) & (self.times < stop)
        return Stretch(self.times[kept] - start, self.codes[kept], stop - start)

    def agrees(self, other: Stretch) -> int:
        """For how many ticks both have the same notes at the same times."""
        count = min(len(self.times), len(other.times))
        same = (self.times[:count] == other.times[:count]) & (self.codes[:count] == other.codes[:count])
        if not same.all():
            first = int(np.argmin(same))
            return int(min(self.times[first], other.times[first]))
        return min(int([*line.times, line.length][count]) for line in (self, other))

    def same(self, other: Stretch) -> bool:
        """Whether both have the same notes throughout."""
        return self.length == other.length and self.agrees(other) == self.length

    def copies(self, other: Stretch) -> bool:
        """Whether both have one rhythm, with notes, and move by the same letters, at whatever pitch."""
        sung = self.codes != NO_PITCH
        rhythm = self.length == other.length and np.array_equal(self.times, other.times)
        if not rhythm or not sung.any() or not np.array_equal(sung, other.codes != NO_PITCH):
            return False
        return np.array_equal(steps_of(np.diff(self.codes[sung])), steps_of(np.diff(other.codes[sung])))


def stretch_of(music: Music, voice: int, start: int, stop: int) -> Stretch:
    """The notes of a voice from one slot up to another."""
    slots, codes = music.slots, music.codes[start:stop, voice]
    news = slots.attack[start:stop, voice] | (np.diff(codes, prepend=NO_PITCH - 1) != 0)
    return Stretch(slots.times[start:stop][news] - slots.times[start], codes[news],
                   int(slots.times[stop] - slots.times[start]))
