"""What a window sees beside its notes: the chords, the places and the voices, as tables of small integers.

Windows hold only pitch codes, voice numbers and slot numbers; everything else is one table look-up away, so the
same rule reads one window of a score or a hundred thousand candidate windows of the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theorygen.rules.kinds import Kind
from theorygen.score.ensemble import VoiceSpec
from theorygen.score.slots import SlotArrays
from theorygen.theory import Key, Pitch, PitchClass
from theorygen.theory.numeral import RomanNumeral

Array = NDArray[Any]

MEMBERS = ("none", "root", "third", "fifth", "seventh", "ninth", "eleventh", "thirteenth", "second", "fourth", "sixth",
           "added", "lowered-sixth", "tonic", "raised-fourth", "lowered-third", "common")
QUALITIES = ("none", "major", "minor", "diminished", "augmented", "dominant-seventh", "major-seventh", "minor-seventh",
             "half-diminished-seventh", "diminished-seventh", "minor-major-seventh", "augmented-major-seventh",
             "italian-sixth", "french-sixth", "german-sixth", "suspended", "other")
KINDS = ("none", "triad", "seventh", "ninth", "augmented-sixth", "neapolitan", "cadential-six-four",
         "common-tone-diminished", "suspended", "added", "other")
FUNCTIONS = ("none", "T", "P", "D")
CADENCES = ("none", "PAC", "IAC", "HC", "DC", "PC", "evaded", "phrygian")
MODES = ("major", "minor")
EMBELLISHMENTS = ("none", "suspension", "retardation", "suspension-decorated", "pedal-point", "anticipation",
                  "passing-tone-chromatic", "passing-tone-accented", "passing-tone", "neighbour-tone-accented",
                  "neighbour-tone", "double-neighbour", "cambiata", "escape-tone", "appoggiatura",
                  "incomplete-neighbour", "unlicensed")
"""None for chord tones; then the kinds that ``library/embellishment-kinds.yaml`` defines, in its order."""

_ALTERS = 7
_ALTER_OFFSET = 3
NO_PITCH = -1
"""Pitch code of a silent voice."""


@dataclass(frozen=True)
class Slot:
    """One place where a sonority stands, as far as rules see it.

    Attributes:
        chord: the Roman numeral, or None where no chord is declared.
        strength: metric weight, 3 for a downbeat to 0 off the beat.
        first: first slot of its phrase.
        last: last slot of its phrase.
        opening: first slot of the piece.
        final: last slot of the piece.
        cadence: kind of cadence the slot is the goal of, or "none".
        region: name of the region with its own rule settings, or "none".
        given: whether the notes here are fixed beforehand. Whoever makes slots says so: the checker, which cannot know,
            never does, and a problem with given notes must set it where its rules are to see them.
        arrives: whether a chord begins here; false where it only goes on with other notes.
        anew: whether a harmony begins here; false also where a chord of the same root follows under held notes.
        completed: whether a member of the chord that no voice has here sounds later while the chord lasts.
        mark: a number by which whoever makes slots tells places apart; no field of a window shows it.
        also: (voice number, pitch code) of notes a voice may take here beside the members of the chord in its range.
    """

    chord: RomanNumeral | None
    strength: int = 3
    first: bool = False
    last: bool = False
    opening: bool = False
    final: bool = False
    cadence: str = "none"
    region: str = "none"
    given: bool = False
    arrives: bool = True
    anew: bool = True
    completed: bool = False
    mark: int = 0
    also: tuple[tuple[int, int], ...] = ()


class ChordTable:
    """The distinct chords of a problem, as arrays with one row a chord; the last row stands for "no chord"."""

    def __init__(self, chords: Sequence[RomanNumeral], encode: dict[str, int]) -> None:
        self.chords = tuple(chords)
        self._encode = encode

    def _column(self, name: str, words: tuple[str, ...] = (), absent: int = 0) -> Array:
        values = [getattr(chord, name) for chord in self.chords]
        if words:
            other = words.index("other") if "other" in words else 0
            codes = {word: index for index, word in enumerate(words)}
            values = [codes.get(value, other) if value else 0 for value in values]
        return np.array([*values, absent], dtype=np.int16)

    @cached_property
    def inversion(self) -> Array:
        """0 root position, 1 first inversion and so on."""
        return self._column("inversion")

    @cached_property
    def quality(self) -> Array:
        """Index into QUALITIES."""
        return self._column("quality", QUALITIES)

    @cached_property
    def kind(self) -> Array:
        """Index into KINDS."""
        return self._column("kind", KINDS)

    @cached_property
    def function(self) -> Array:
        """Index into FUNCTIONS."""
        return self._column("function", FUNCTIONS)

    @cached_property
    def degree(self) -> Array:
        """Degree of the root in the key it functions in, 1 to 7."""
        return np.array([*(chord.degree.number for chord in self.chords), 0], dtype=np.int16)

    @cached_property
    def alteration(self) -> Array:
        """Alteration of the root against the scale of the key it functions in."""
        return np.array([*(chord.degree.alter for chord in self.chords), 0], dtype=np.int16)

    @cached_property
    def present(self) -> Array:
        """Whether a chord is declared at all."""
        return np.array([True] * len(self.chords) + [False])

    @cached_property
    def applied(self) -> Array:
        """Whether the chord is an applied chord."""
        return np.array([*(bool(chord.applied_to) for chord in self.chords), False])

    @cached_property
    def minor(self) -> Array:
        """Whether the local key is minor."""
        return np.array([*(chord.key.is_minor for chord in self.chords), False])

    @cached_property
    def applied_minor(self) -> Array:
        """Whether the key the chord functions in is minor."""
        return np.array([*(chord.tonicized.is_minor for chord in self.chords), False])

    @cached_property
    def size(self) -> Array:
        """Number of chord members."""
        return np.array([*(len(chord.members) for chord in self.chords), 0], dtype=np.int16)

    @cached_property
    def root(self) -> Array:
        """Root as a place on the line of fifths."""
        return np.array([*(chord.root.fifths for chord in self.chords), 99], dtype=np.int16)

    @cached_property
    def tonic(self) -> Array:
        """Tonic of the local key as a place on the line of fifths."""
        return np.array([*(chord.key.tonic.fifths for chord in self.chords), 99], dtype=np.int16)

    @cached_property
    def applied_tonic(self) -> Array:
        """Tonic of the key the chord functions in, as a place on the line of fifths."""
        return np.array([*(chord.tonicized.tonic.fifths for chord in self.chords), 99], dtype=np.int16)

    @cached_property
    def root_letter(self) -> Array:
        """Letter of the root, 0 for C."""
        return np.array([*(chord.root.letter for chord in self.chords), 0], dtype=np.int16)

    @cached_property
    def numeral(self) -> Array:
        """Code of the printed numeral, -1 for texts no rule mentions."""
        return np.array([*(self._encode.get(chord.text, -1) for chord in self.chords), -1], dtype=np.int16)

    @cached_property
    def applied_to(self) -> Array:
        """Code of the numeral a chord is applied to."""
        return np.array([*(self._encode.get(chord.applied_to, -1) for chord in self.chords), -1], dtype=np.int16)

    @cached_property
    def has_leading_tone(self) -> Array:
        """Whether the chord has a note that functions as leading tone."""
        return np.array([*(chord.leading_tone is not None for chord in self.chords), False])

    @cached_property
    def members(self) -> Array:
        """Index into MEMBERS by [chord, letter, alter + 3]; 0 for notes outside the chord."""
        table = self._note_table(np.int8)
        codes = {word: index for index, word in enumerate(MEMBERS)}
        for row, chord in enumerate(self.chords):
            for member in chord.members:
                table[row, member.pitch_class.letter, member.pitch_class.alter + _ALTER_OFFSET] = codes.get(
                    member.role, codes["added"])
        return table

    @cached_property
    def bass(self) -> Array:
        """Whether a note is the bass the inversion asks for, by [chord, letter, alter + 3]."""
        return self._mark([chord.bass for chord in self.chords])

    @cached_property
    def leading_tone(self) -> Array:
        """Whether a note is the functioning leading tone, by [chord, letter, alter + 3]."""
        return self._mark([chord.leading_tone for chord in self.chords])

    @cached_property
    def chromatic(self) -> Array:
        """1 for raised and -1 for lowered chord members of the local key, by [chord, letter, alter + 3]."""
        table = self._note_table(np.int8)
        for row, chord in enumerate(self.chords):
            for pitch_class, direction in chord.altered:
                table[row, pitch_class.letter, pitch_class.alter + _ALTER_OFFSET] = direction
        return table

    @cached_property
    def scale(self) -> Array:
        """Alteration the local key gives each letter, by [chord, letter]."""
        return self._scales([chord.key for chord in self.chords])

    @cached_property
    def applied_scale(self) -> Array:
        """Alteration the key the chord functions in gives each letter, by [chord, letter]."""
        return self._scales([chord.tonicized for chord in self.chords])

    @staticmethod
    def _scales(keys: Sequence[Key]) -> Array:
        table = np.zeros((len(keys) + 1, 7), dtype=np.int16)
        for row, key in enumerate(keys):
            for pitch_class in key.scale:
                table[row, pitch_class.letter] = pitch_class.alter
        return table

    def _note_table(self, dtype: type) -> NDArray[Any]:
        return np.zeros((len(self.chords) + 1, 7, _ALTERS), dtype=dtype)

    def _mark(self, notes: Sequence[PitchClass | None]) -> Array:
        table = self._note_table(np.bool_)
        for row, note in enumerate(notes):
            if note is not None:
                table[row, note.letter, note.alter + _ALTER_OFFSET] = True
        return table


@dataclass(frozen=True, eq=False)
class Surface:
    """What the notes of a finished score do on one grid of n slots and v voices.

    Worlds of the solver have none, or one that says as much as is known beforehand (`theorygen.solve.known_surface`).

    Attributes:
        slots: the grid.
        foreign: bool [n, v]: whether the note lies outside the chord declared for it.
        enters: bool [n, v]: whether a segment of the line begins: a note, or under a held note a change of chord that
            makes it foreign or frees it.
        embellishment: int8 [n, v]: index into EMBELLISHMENTS.
        goal: int32 [n, v]: pitch code of the note the segment goes to, its own where the line ends; None where the next
            note of the grid is it.
        structural: bool [n, v]: whether the skeleton shows this very note.
        delay: int8 [n, v]: on reduced grids the embellishment that sounds at the slot instead of the note; else 0.
    """

    slots: SlotArrays
    foreign: Array
    enters: Array
    embellishment: Array
    goal: Array | None
    structural: Array
    delay: Array


_LIMITS: dict[str, Callable[[VoiceSpec], Pitch]] = {
    "lowest": lambda voice: voice.lowest, "highest": lambda voice: voice.highest,
    "comfortable_low": lambda voice: voice.tessitura[0], "comfortable_high": lambda voice: voice.tessitura[1]}


@dataclass
class World:
    """Everything the windows of one problem or score may look up.

    Attributes:
        voices: the voices from top to bottom.
        slots: the places; windows name them by index.
        codes: codes of the open words that rules mention.
        surface: what the notes do in time, where they are those of a finished score.
        chords: the distinct chords as arrays, where they are known beforehand and shared by several worlds.
    """

    voices: Sequence[VoiceSpec]
    slots: Sequence[Slot]
    codes: dict[str, int] = field(default_factory=dict)
    surface: Surface | None = None
    chords: ChordTable | None = None

    @cached_property
    def chord_table(self) -> ChordTable:
        """The distinct chords."""
        return self.chords or ChordTable(list(self._chords), self.codes)

    @cached_property
    def _chords(self) -> dict[RomanNumeral, int]:
        """Row of each distinct chord."""
        chords = self.chords.chords if self.chords else dict.fromkeys(
            slot.chord for slot in self.slots if slot.chord is not None)
        return {chord: row for row, chord in enumerate(chords)}

    @cached_property
    def chord_of_slot(self) -> Array:
        """Row of the chord table for each slot."""
        rows = self._chords
        return np.array([rows.get(slot.chord, len(rows)) for slot in self.slots], dtype=np.int32)  # type: ignore[arg-type]

    @cached_property
    def _columns(self) -> dict[str, Array]:
        return {}

    def slot_column(self, name: str, allowed: tuple[str, ...] = ()) -> Array:
        """One attribute of every slot; words become indexes into ``allowed``."""
        if name not in self._columns:
            self._columns[name] = self._slot_column(name, allowed)
        return self._columns[name]

    def _slot_column(self, name: str, allowed: tuple[str, ...]) -> Array:
        values = [getattr(slot, name) for slot in self.slots]
        if allowed:
            return np.array([allowed.index(value) if value in allowed else 0 for value in values], dtype=np.int16)
        if values and isinstance(values[0], str):
            return np.array([self.codes.get(value, -1) for value in values], dtype=np.int16)
        return np.array(values)

    def voice_codes(self, name: str) -> Array:
        """Pitch codes for each voice: `lowest`, `highest`, `comfortable_low` or `comfortable_high`."""
        if name not in self._columns:
            self._columns[name] = np.array([_LIMITS[name](voice).code for voice in self.voices], dtype=np.int32)
        return self._columns[name]

    @cached_property
    def voice_words(self) -> Array:
        """Code of each voice's name, -1 for names no rule mentions."""
        return np.array([self.codes.get(voice.name, -1) for voice in self.voices], dtype=np.int16)

    def word(self, kind: Kind, text: str) -> int:
        """The code a word has in arrays: its index in a closed kind, or its code among the rules' words (-2 none)."""
        return kind.words.index(text) if kind.words else self.codes.get(text, -2)
