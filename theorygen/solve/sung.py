"""What given voices sing while a chord lasts, as the grids of the finished score will show it.

A voicing has one note for each voice. Where a given voice moves on while the chord stays, what it sings is known
beforehand; so every slot that a grid will have inside the chord is known, too, but for the notes of the other voices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from theorygen.rules.world import Slot


@dataclass(frozen=True)
class Moment:
    """One slot of a grid inside a chord.

    Attributes:
        notes: given voices, each with the pitch code that the grid shows; all other voices have that of the voicing.
        strength: metric weight of the slot, as in `Slot`.
    """

    notes: tuple[tuple[int, int], ...]
    strength: int


@dataclass(frozen=True)
class Sung:
    """What given voices sing until the chord ends or is struck anew; no moments where a voicing says it all.

    Attributes:
        attacks: a moment wherever one of them takes a note.
        skeleton: the same after embellishments have been reduced to the notes of the chord they stand for.
        goes_on: whether the chord is struck anew then.
    """

    attacks: tuple[Moment, ...] = ()
    skeleton: tuple[Moment, ...] = ()
    goes_on: bool = False

    def on_skeleton(self, slot: Slot, moment: int) -> Slot:
        """A moment of the skeleton as rules see its place: a chord is the last of its phrase where it arrives."""
        return slot if not moment else going_on(slot, self.skeleton[moment].strength)

    def on_attacks(self, slot: Slot, moment: int) -> Slot:
        """A moment of the attacks as rules see its place: the last note of a chord is the last of the phrase."""
        ends = not self.goes_on and moment % len(self.attacks) == len(self.attacks) - 1
        place = slot if not moment else replace(slot, strength=self.attacks[moment].strength, first=False, anew=False)
        return place if ends else replace(place, last=False, final=False, cadence="none")


NOTHING = Sung()
"""Voices that keep the notes of the voicing."""


def going_on(slot: Slot, strength: int) -> Slot:
    """The place where a chord goes on with other notes.

    Args:
        slot: where it began.
        strength: metric weight of the place.
    """
    return replace(slot, strength=strength, first=False, last=False, opening=False, final=False, cadence="none",
                   arrives=False, anew=False, completed=False)


def standing(codes: Sequence[int], members: Sequence[bool], before: int) -> list[int]:
    """The chord tones that successive notes of a voice stand for, as the skeleton reduces them.

    A foreign note stands for the next chord tone, else for the last one.

    Args:
        codes: pitch codes, as long as the chord lasts.
        members: whether each belongs to the chord.
        before: the chord tone that the voice had before; where it has none it keeps the note it begins with.
    """
    following: list[int | None] = [None]
    for code, member in zip(reversed(codes), reversed(members), strict=True):
        following.append(code if member else following[-1])
    found, last = [], before
    for code, member, onward in zip(codes, members, reversed(following[1:]), strict=True):
        last = code if member else last
        found.append(last if onward is None else onward)
    return found
