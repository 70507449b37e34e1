"""A page of block chords whose notes can be changed one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from theorygen.score import Score, Voice
from theorygen.theory import Interval, Pitch, RomanNumeral

SOPRANO, ALTO, TENOR, BASS = range(4)
_FARTHEST = 24
_UNUSUAL = {"augmented-sixth", "neapolitan", "common-tone-diminished"}
_TIED_UP = {"half-diminished-seventh", "diminished-seventh", "augmented"}


@dataclass(frozen=True)
class Page:
    """Block chords: what each voice sings to each chord.

    Attributes:
        score: the score they come from.
        chords: the numerals.
        phrases: number of the phrase of each.
        notes: for each chord the notes from the soprano down; None for a rest.
    """

    score: Score
    chords: tuple[RomanNumeral, ...]
    phrases: tuple[int, ...]
    notes: tuple[tuple[Pitch | None, ...], ...]

    @classmethod
    def of(cls, score: Score) -> Page:
        """The page of a composed piece."""
        notes = zip(*([event.pitch for event in voice.events] for voice in score.voices), strict=True)
        return cls(score, tuple(chord.numeral for chord in score.chords),
                   tuple(chord.phrase for chord in score.chords), tuple(notes))

    def changes(self) -> Iterator[tuple[int, Page]]:
        """Every page with one note changed, with its slot, where no exception of a rule is near: inside a phrase,
        between chords with other roots, of one key, on both sides."""
        for slot in range(1, len(self.chords) - 2):
            if self.phrases[slot - 1] == self.phrases[slot + 1] and all(map(self.is_plain, (slot - 1, slot))):
                for voice in range(4):
                    for pitch in candidates(self, slot, voice):
                        yield slot, self.with_note(slot, voice, pitch)

    def around(self, slot: int) -> Page:
        """The chords two before to two after one."""
        part = slice(max(slot - 2, 0), slot + 3)
        return replace(self, chords=self.chords[part], phrases=self.phrases[part], notes=self.notes[part])

    def altered(self) -> Score:
        """The score with the notes of this page."""
        parts = tuple(replace(part, voices=tuple(map(self._voice, part.voices))) for part in self.score.parts)
        return replace(self.score, parts=parts)

    def _voice(self, voice: Voice) -> Voice:
        number = [one.name for one in self.score.voices].index(voice.name)
        pitches = [notes[number] for notes in self.notes]
        return Voice(voice.name, tuple(replace(event, pitches=() if pitch is None else (pitch,))
                                       for event, pitch in zip(voice.events, pitches, strict=True)))

    def is_plain(self, slot: int) -> bool:
        """Whether from here on the root changes and the key does not, between chords without ways of their own."""
        before, after = self.chords[slot], self.chords[slot + 1]
        return before.root != after.root and before.key == after.key and _is_plain(before) and _is_plain(after)

    def with_note(self, slot: int, voice: int, pitch: Pitch | None) -> Page:
        """The page with one other note."""
        row = (*self.notes[slot][:voice], pitch, *self.notes[slot][voice + 1:])
        return replace(self, notes=(*self.notes[:slot], row, *self.notes[slot + 1:]))

    def sounding(self, slot: int) -> list[Pitch]:
        """The notes of a chord."""
        return [pitch for pitch in self.notes[slot] if pitch is not None]

    def members(self, slot: int, role: str) -> list[Pitch]:
        """The notes of a chord that are its root, third and so on."""
        return [pitch for pitch in self.sounding(slot) if self.chords[slot].role_of(pitch.pitch_class) == role]

    def steps(self, voices: tuple[int, ...] = (0, 1, 2, 3)) -> Iterator[tuple[int, int, Pitch, Pitch]]:
        """(slot, voice, note, next note) inside phrases."""
        for slot in range(len(self.chords) - 1):
            if self.phrases[slot] == self.phrases[slot + 1]:
                for voice in voices:
                    before, after = self.notes[slot][voice], self.notes[slot + 1][voice]
                    if before is not None and after is not None:
                        yield slot, voice, before, after

    def moves(self) -> Iterator[Move]:
        """Two voices from one chord to the next, inside phrases."""
        lines = {(slot, voice): (before, after) for slot, voice, before, after in self.steps()}
        for slot in range(len(self.chords) - 1):
            for upper, lower in combinations(range(4), 2):
                if (slot, upper) in lines and (slot, lower) in lines:
                    yield Move(slot, upper, lower, *lines[slot, upper], *lines[slot, lower])


def candidates(page: Page, slot: int, voice: int) -> list[Pitch | None]:
    """What a voice may be changed to: members of the chord, a note next to them, a respelling, a rest."""
    old = page.notes[slot][voice]
    assert old is not None
    near = [one.pitch_class.at_octave(octave) for one in page.chords[slot].members for octave in range(1, 7)]
    near += [old.transpose(Interval.parse(name)) for name in ("M2", "-M2", "d2", "-d2", "-A1", "A1")]
    chosen = [pitch for pitch in near if abs(pitch.midi - old.midi) <= _FARTHEST and pitch != old]
    return [None, *dict.fromkeys(chosen)]


@dataclass(frozen=True)
class Move:
    """Two voices from one chord to the next."""

    slot: int
    upper: int
    lower: int
    high: Pitch
    high_after: Pitch
    low: Pitch
    low_after: Pitch

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it is."""
        return self.slot, self.upper, self.lower

    @property
    def rises(self) -> tuple[int, int]:
        """Direction of each voice."""
        return sign_of(self.high_after.midi - self.high.midi), sign_of(self.low_after.midi - self.low.midi)

    @property
    def similar(self) -> bool:
        """Both move one way."""
        return self.rises in ((1, 1), (-1, -1))

    @property
    def contrary(self) -> bool:
        """They move against each other."""
        return self.rises in ((1, -1), (-1, 1))

    @property
    def first(self) -> str:
        """The interval before, without octaves."""
        return str((self.high - self.low).simple)

    @property
    def second(self) -> str:
        """The interval after."""
        return str((self.high_after - self.low_after).simple)

    @property
    def leaps(self) -> bool:
        """The upper voice moves by more than a step."""
        return abs((self.high_after - self.high).steps) > 1

    @property
    def is_outer(self) -> bool:
        """Soprano and bass."""
        return (self.upper, self.lower) == (SOPRANO, BASS)


def sign_of(number: int) -> int:
    return (number > 0) - (number < 0)


def _is_plain(chord: RomanNumeral) -> bool:
    """Whether no note of the chord has a way of its own but the leading tone and the seventh."""
    borrowed = bool(chord.altered) and not chord.applied_to
    return chord.kind not in _UNUSUAL and not borrowed and chord.quality not in _TIED_UP


@cache
def composed(seed: int) -> Page:
    """A piece to change."""
    from theorygen import Composer, load_style

    return Page.of(Composer(load_style("textbook-chorale"), {"phrases": 2, "level": 7}).compose(seed).score)
