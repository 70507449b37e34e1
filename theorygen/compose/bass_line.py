"""A bass line somebody gives: the lowest part of a score, its notes with ties joined, and the key it is in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from theorygen.readers.files import read_score
from theorygen.score.event import Event
from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.source.marks import Mark
from theorygen.theory import Key, Pitch, PitchClass

_RELATIVE_MINOR = 3
"""The relative minor lies so many fifths above the major key."""


@dataclass(frozen=True, slots=True)
class BassNote:
    """One note of the bass, its ties joined; times in quarter lengths.

    Attributes:
        onset: start.
        duration: length.
        pitch: the note.
        phrase: number of its phrase, from 0.
        strength: metric weight of its start, 3 for a downbeat to 0 off the beat.
    """

    onset: Fraction
    duration: Fraction
    pitch: Pitch
    phrase: int
    strength: int

    @property
    def end(self) -> Fraction:
        """When it stops."""
        return self.onset + self.duration


@dataclass(frozen=True)
class BassLine:
    """A given bass.

    Attributes:
        name: of the file, for messages.
        score: what was read, with all its parts.
        events: of the lowest part as written, of each chord the lowest note.
        key: the home key.
        key_from: what speaks for it, as "2 sharps, and the last bass note is B"; "" where it was given.
    """

    name: str
    score: Score
    events: tuple[Event, ...]
    key: Key
    key_from: str

    @property
    def is_key_given(self) -> bool:
        """Whether somebody said the key."""
        return not self.key_from

    @cached_property
    def notes(self) -> tuple[BassNote, ...]:
        """The notes in time order. A phrase ends under a fermata, and before a rest of a bar or more."""
        found: list[BassNote] = []
        phrase, ends, tied = 0, False, False
        for event in self.events:
            if event.is_rest:
                ends = ends or event.duration >= self.score.meter_at(event.onset).bar_length
                tied = False
                continue
            pitch = event.pitches[0]
            if tied and found and found[-1].pitch == pitch:
                found[-1] = replace(found[-1], duration=event.end - found[-1].onset)
            else:
                phrase += ends and bool(found)
                found.append(BassNote(event.onset, event.duration, pitch, phrase, self.score.weight_at(event.onset)))
                ends = False
            ends, tied = ends or event.fermata, event.tied_to_next
        return tuple(found)

    @cached_property
    def keys(self) -> tuple[tuple[Fraction, Key], ...]:
        """The key signatures, the first named for the home key where it has the same one."""
        first = self.key if self.key.signature == self.score.keys[0][1].signature else self.score.keys[0][1]
        return ((Fraction(0), first), *self.score.keys[1:])

    @property
    def rests(self) -> tuple[Event, ...]:
        """Where the bass is silent."""
        return tuple(event for event in self.events if event.is_rest)

    def note_at(self, onset: Fraction) -> BassNote | None:
        """The note that sounds at a time, or None where there is none."""
        note = self._begun(onset)
        return note if note and onset < note.end else None

    def sounding_until(self, before: Fraction) -> Fraction:
        """When the last bass note that begins before some time stops, at that time at the latest."""
        index = bisect_left(self._onsets, before) - 1
        return min(before, self.notes[index].end)

    def _begun(self, onset: Fraction) -> BassNote | None:
        index = bisect_right(self._onsets, onset) - 1
        return self.notes[index] if index >= 0 else None

    @cached_property
    def _onsets(self) -> list[Fraction]:
        return [note.onset for note in self.notes]


def read_bass(path: str | Path, key: Key | None = None) -> BassLine:
    """The bass in a file: its only part, whatever that is called, or the lowest of several.

    Args:
        path: any file that `read_score` reads.
        key: the home key; without it the one its signature and its last note speak for.

    Raises:
        InputError: the file cannot be read, or its lowest part has no notes.
    """
    return bass_of(read_score(path), str(path), key)


def bass_of(score: Score, name: str, key: Key | None = None) -> BassLine:
    """The bass of a score: see `read_bass`.

    Raises:
        InputError: its lowest part has no notes.
    """
    voices = score.pitched_voices
    events = tuple(replace(event, pitches=event.pitches[:1]) for event in voices[-1].events) if voices else ()
    sounding = [event.pitches[0] for event in events if event.pitches]
    if not sounding:
        raise InputError(Diagnostic("no-bass", "the lowest part has no notes", Mark(name), "a bass line",
                                    remedy="check that this is the file you mean"))
    if key is not None:
        return BassLine(name, score, events, key, "")
    return BassLine(name, score, events, *key_of(score.keys[0][1], sounding[0].pitch_class, sounding[-1].pitch_class))


def key_of(signature: Key, first: PitchClass, last: PitchClass) -> tuple[Key, str]:
    """The home key of a bass, and what speaks for it.

    Args:
        signature: the key the file says its signature is of.
        first: the first note of the bass.
        last: its last note.
    """
    sharps = signature.signature
    for place, note in (("last", last), ("first", first)):
        for key in relatives(sharps):
            if note == key.tonic:
                return key, f"{_signature(sharps)}, and the {place} bass note is {note}"
    return signature, f"{_signature(sharps)}; neither the first nor the last bass note is a tonic"


def relatives(sharps: int) -> tuple[Key, Key]:
    """The major and the minor key with so many sharps (flats are negative)."""
    return Key(PitchClass.from_fifths(sharps)), Key(PitchClass.from_fifths(sharps + _RELATIVE_MINOR), "minor")


def _signature(sharps: int) -> str:
    if not sharps:
        return "no sharps or flats"
    kind = "sharp" if sharps > 0 else "flat"
    return f"{abs(sharps)} {kind}{'s' if abs(sharps) > 1 else ''}"
