"""How a chord goes with the given notes of a cell: which note is its own, and what the others cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from theorygen.compose.frame import Frame, Heard
from theorygen.rules.rule import THOUSAND
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


@cache
def foreign_costs() -> Mapping[str, int]:
    """What each kind of embellishment costs where a given voice has it, thousandths."""
    table = load_document(str(files("theorygen.compose") / "foreign-notes.yaml")).data
    return {kind: round(cost * THOUSAND) for kind, cost in table.items()}


class Ear:
    """Hears the cells of a frame against chords; what was heard is kept.

    Args:
        frame: the given voices.
        bass: number of the lowest voice, whose own note must be the bass of the chord.
    """

    def __init__(self, frame: Frame, bass: int) -> None:
        self.frame = frame
        self.bass = bass
        self._heard: dict[tuple[int, frozenset[PitchClass], PitchClass, bool], Hearing | None] = {}

    def hear(self, cell: int, chord: RomanNumeral, begins: bool) -> Hearing | None:
        """The cell as part of a chord that begins there or goes on; None when they do not go together."""
        key = (cell, frozenset(chord.pitch_classes), chord.bass, begins)
        if key not in self._heard:
            self._heard[key] = self._hear(*key)
        return self._heard[key]

    def ends_on(self, cell: int, chord: RomanNumeral) -> bool:
        """Whether every given voice ends a cell with a note of a chord; phrases do not close on foreign notes."""
        return all(_class_of(notes[-1]) in chord.pitch_classes for notes in self.frame.heard[cell].values())

    def _hear(self, cell: int, members: frozenset[PitchClass], bass: PitchClass, begins: bool) -> Hearing | None:
        own: dict[int, int] = {}
        cost = 0
        for voice, notes in self.frame.heard[cell].items():
            tones = [note for note in notes if _class_of(note) in members]
            mine = [note for note in tones if voice != self.bass or _class_of(note) == bass]
            foreign = [_foreign_cost(note) for note in notes if note not in tones and (begins or not note.is_held)]
            if None in foreign or (begins and not mine):
                return None
            cost += sum(one for one in foreign if one is not None)
            if mine:
                own[voice] = mine[0].code
        return Hearing(own, cost)


@cache
def _pitch_class(code: int) -> PitchClass:
    return Pitch.from_code(code).pitch_class


def _class_of(note: Heard) -> PitchClass:
    return _pitch_class(note.code)


def _foreign_cost(note: Heard) -> int | None:
    """What the note costs as a foreign one; None where it may not be."""
    costs = [foreign_costs()[kind] for kind in note.foreign if kind in foreign_costs()]
    return min(costs, default=None)
