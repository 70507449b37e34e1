"""Which notes of a broken window a violation is about: two doubled notes, say, and not the whole chord.

A rule says so with ``points-at``. Without it a violation is about every note of its window.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from theorygen.rules.expression import BOOLEAN, Expression, Scope, Table, parse_expression
from theorygen.rules.folds import FOLDS
from theorygen.rules.kinds import PITCH, Kind
from theorygen.rules.notes import Note
from theorygen.rules.passages import PassageRows
from theorygen.rules.record import Record, parts_of, read
from theorygen.rules.windows import WINDOWS, Rows, Window
from theorygen.rules.world import NO_PITCH, Array

Cell = tuple[int, int]
"""Slot and voice of a note."""

NOTE = "note"
SIDES = {"before": 0, "after": 1}
"""Names of the two slots of a window, for conditions on the notes of one of them."""


def smaller_windows(window: Window) -> list[str]:
    """What ``points-at`` of a rule over this window may look through: windows that fit into it, and sides."""
    fitting = [one.name for one in WINDOWS.values() if one.voices and one.slots <= window.slots
               and (not window.voices or (one.voices <= window.voices and one.neighbours <= window.neighbours))]
    return [*fitting, *(SIDES if window.slots == len(SIDES) else ())]


def named_notes(record: type[Record], prefix: str = "") -> list[str]:
    """Paths of the single notes a record has: ``upper.after``, ``bass``."""
    found = []
    for name, part in parts_of(record).items():
        path = f"{prefix}{name}"
        found += [path] if issubclass(part, Note) else named_notes(part, f"{path}.")
    return found


def named_pitches(fold: str) -> list[str]:
    """Fields of a line that hold a pitch: the violation is about the notes of the line with that pitch."""
    return [name for name, kind in FOLDS[fold].fields.items() if kind == PITCH]


def condition_scope(place: str) -> Scope:
    """What a condition on the notes of a smaller window, or of a side, may read."""
    fields: dict[str, Kind] = WINDOWS[NOTE if place in SIDES else place].fields
    return Scope(fields)


def condition(place: str, text: str) -> Expression:
    """A condition of ``points-at``, compiled."""
    return parse_expression(text, condition_scope(place), BOOLEAN)


def notes_at_fault(rows: Rows, names: tuple[str, ...],
                   conditions: tuple[tuple[str, Expression], ...]) -> list[list[Cell]]:
    """For each window the notes its violation is about, in order of time and then of voices.

    Where nothing the rule points at is there (the missing third), it is about every note of the window.

    Args:
        rows: broken windows.
        names: paths of single notes.
        conditions: smaller windows, or sides, with the condition that makes their notes concerned.
    """
    found: list[set[Cell]] = [set() for _ in range(len(rows))]
    for path in names:
        note: Note = read(rows.record, path)
        for cells, slot, voice in zip(found, *note._cells, strict=True):
            cells.add((int(slot), int(voice)))
    for place, expression in conditions:
        for row, cell in _holding(rows, place, expression):
            found[row].add(cell)
    return [sorted(cells) or _all_cells(rows, row) for row, cells in enumerate(found)]


def _all_cells(rows: Rows, row: int) -> list[Cell]:
    """Every sounding note of one window."""
    return [(int(slots[row]), int(voice)) for pitches, slots in zip(rows.pitches, rows.slots, strict=True)
            for pitch, voice in zip(pitches[row], rows.voices[row], strict=True) if pitch != NO_PITCH]


def _holding(rows: Rows, place: str, expression: Expression) -> Iterator[tuple[int, Cell]]:
    """The notes of smaller windows where a condition holds, each with the number of the large window."""
    window = WINDOWS[NOTE if place in SIDES else place]
    starts = [SIDES[place]] if place in SIDES else range(rows.window.slots - window.slots + 1)
    for start in starts:
        span = slice(start, start + window.slots)
        for columns in window.instances(rows.voices.shape[1]):
            small = _part(rows, window, span, columns)
            needed = small.sounding(expression.names)
            holds = np.broadcast_to(expression.run(small), len(small)) & (True if needed is None else needed)
            for row in np.flatnonzero(holds):
                yield from ((int(small.origin[row]), (int(slots[row]), int(voice)))
                            for slots in small.slots for voice in small.voices[row])


def _part(rows: Rows, window: Window, span: slice, columns: tuple[int, ...]) -> Rows:
    """The smaller windows at one place of each window; those with a rest are left out."""
    chosen = list(columns)
    return window.rows(rows.world, [pitches[:, chosen] for pitches in rows.pitches[span]], rows.voices[:, chosen],
                       rows.slots[span])


def notes_in_passage(row: PassageRows, names: tuple[str, ...]) -> list[Cell]:
    """The notes one passage's violation is about; without names, or where these rest, all notes where it is seen."""
    codes = row.music.codes
    cells = [(int(slot[0]), int(voice[0])) for path in names for slot, voice in [read(row.record, path)._cells]]
    sounding = sorted(cell for cell in cells if codes[cell] != NO_PITCH)
    place = row.places[-1]
    return sounding or [(place, int(voice)) for voice in np.flatnonzero(codes[place] != NO_PITCH)]


def places_with(line: Table, fields: tuple[str, ...], pitches: Array) -> list[int]:
    """Positions in a line of the notes that the last state of ``line`` points at; the last note without any."""
    wanted = {int(line.field(name)[-1]) for name in fields}
    return [index for index, pitch in enumerate(pitches.tolist()) if pitch in wanted] or [len(pitches) - 1]
