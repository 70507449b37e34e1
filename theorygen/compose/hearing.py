"""How a chord goes with the given notes of a cell: which note is its own, and what the others cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from theorygen.compose.frame import Frame, Heard
from theorygen.rules.rule import THOUSAND
from theorygen.score.ensemble import VoiceSpec
from theorygen.source.document import load_document
from theorygen.theory import Pitch, PitchClass, RomanNumeral


@dataclass(frozen=True)
class Hearing:
    """Given notes of one cell as notes of a chord.

    Attributes:
        own: number of each given voice to the pitch code of its first chord tone; without voices that have none.
        cost: of the foreign notes, thousandths.
    """

    own: Mapping[int, int]
    cost: int


@dataclass(frozen=True)
class Costs:
    """What given notes cost, thousandths.

    Attributes:
        kinds: of each kind of embellishment that is allowed.
        accented: the kinds that are allowed on a stronger place than what comes after them only.
        whole_beat: more, for foreign notes that fill a cell; in proportion from half a cell on.
        strong: more, for a foreign note of another kind than these on a stronger place than what comes after it.
        in_a_row: more, for a foreign note that follows another one.
        contradicts: more, for a note whose altered form the chord has; in the lowest voice it may not be.
        in_the_bass: more, for a foreign note of the lowest voice that fills a cell; in proportion where it fills less.
        longer: for a foreign note that fills one more cell; in proportion where it fills less.
        goes_on: of a chord that goes on under another note.
        struck_again: of a chord that goes on while its note is struck again.
    """

    kinds: Mapping[str, int]
    accented: frozenset[str]
    whole_beat: int
    strong: int
    in_a_row: int
    contradicts: int
    in_the_bass: int
    longer: int
    goes_on: int
    struck_again: int


_FURTHER = ("whole-beat", "strong", "in-a-row", "contradicts", "in-the-bass", "longer", "goes-on", "struck-again")


@cache
def costs() -> Costs:
    """The costs of the table that ships."""
    table = load_document(str(files("theorygen.compose") / "foreign-notes.yaml")).data
    kinds = {kind: round(cost * THOUSAND) for kind, cost in table["kinds"].items()}
    rest = (round(table[name] * THOUSAND) for name in _FURTHER)
    return Costs(kinds, frozenset(table["accented"]), *rest)


class Ear:
    """Hears the cells of a frame against chords; what was heard is kept.

    Args:
        frame: the given voices.
        voices: of the ensemble; the own note of the lowest must be the bass of the chord.
    """

    def __init__(self, frame: Frame, voices: Sequence[VoiceSpec]) -> None:
        self.frame = frame
        self.voices = voices
        self.bass = len(voices) - 1
        self._heard: dict[tuple[int, frozenset[PitchClass], PitchClass, bool, bool], Hearing | None] = {}

    def hear(self, cell: int, chord: RomanNumeral, begins: bool, ends: bool) -> Hearing | None:
        """The cell as part of a chord; None when they do not go together.

        Args:
            cell: the cell.
            chord: the chord.
            begins: whether the chord begins with the cell, or goes on.
            ends: whether it ends with the cell.
        """
        key = (cell, frozenset(chord.pitch_classes), chord.bass, begins, ends)
        if key not in self._heard:
            self._heard[key] = self._hear(*key)
        return self._heard[key]

    def ends_on(self, cell: int, chord: RomanNumeral) -> bool:
        """Whether every given voice ends a cell with a note of a chord, the lowest with its bass; so phrases close."""
        return all(_class_of(notes[-1]) in ((chord.bass,) if voice == self.bass else chord.pitch_classes)
                   for voice, notes in self.frame.heard[cell].items())

    def _hear(self, cell: int, members: frozenset[PitchClass], bass: PitchClass, begins: bool,
              ends: bool) -> Hearing | None:
        own: dict[int, int] = {}
        cost = 0
        for voice, notes in self.frame.heard[cell].items():
            unsingable = [note.code for note in notes if not self._is_singable(note, voice)]
            if unsingable:  # no chord helps, and whoever asks for a voicing will be told so
                own[voice] = unsingable[0]
                continue
            tones = [note for note in notes if _class_of(note) in members]
            mine = [note for note in tones if voice != self.bass or _class_of(note) == bass]
            foreign = [note for note in notes if note not in tones and (begins or not note.is_held)]
            prices = [self._foreign_cost(note, voice, ends, members) for note in foreign]
            if None in prices or (begins and not mine):
                return None
            still = [note for note in notes if note not in tones and note not in foreign]
            cost += sum(price for price in prices if price is not None) + _together(notes, foreign)
            cost += round(sum(note.share for note in still) * costs().longer)
            cost += 0 if begins else self._going_on(cell, voice)
            if mine:
                own[voice] = mine[0].code
        return Hearing(own, cost)

    def _is_singable(self, note: Heard, voice: int) -> bool:
        """Whether a note lies in the range of its voice."""
        return self.voices[voice].lowest.code <= note.code <= self.voices[voice].highest.code

    def _foreign_cost(self, note: Heard, voice: int, ends: bool, members: frozenset[PitchClass]) -> int | None:
        """What a note of a voice costs as a foreign one; None where it may not be."""
        kinds = note.foreign + note.early if ends else note.foreign
        possible = [costs().kinds[kind] + (kind not in costs().accented and note.is_accented) * costs().strong
                    for kind in kinds
                    if kind in costs().kinds and (note.is_accented or kind not in costs().accented)]
        altered = _class_of(note).letter in {member.letter for member in members}
        if not possible or (altered and voice == self.bass):
            return None
        in_bass = round((voice == self.bass) * note.share * costs().in_the_bass)
        return min(possible) + altered * costs().contradicts + in_bass

    def _going_on(self, cell: int, voice: int) -> int:
        """What it costs that no chord begins with a note of a voice."""
        note = self.frame.heard[cell][voice][0]
        if note.is_held or not note.is_whole:
            return 0
        before = self.frame.heard[cell - 1].get(voice) if cell else None
        return costs().struck_again if before and before[-1].code == note.code else costs().goes_on


def _together(notes: Sequence[Heard], foreign: Sequence[Heard]) -> int:
    """What the foreign notes of a voice in one cell cost beside what each of them costs: their length and number."""
    length = max(2 * sum(note.share for note in foreign) - 1, 0)
    pairs = sum(one in foreign and other in foreign for one, other in pairwise(notes))
    return round(length * costs().whole_beat) + pairs * costs().in_a_row


@cache
def _pitch_class(code: int) -> PitchClass:
    return Pitch.from_code(code).pitch_class


def _class_of(note: Heard) -> PitchClass:
    return _pitch_class(note.code)
