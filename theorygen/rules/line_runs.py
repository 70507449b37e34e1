"""Lines of a score, cut where folds start afresh, with the states of a fold after every note of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from theorygen.rules.folds import BAR, PAIR_LINE, Fold, LineRows
from theorygen.rules.motions import VoicePairMotion
from theorygen.rules.notes import Note
from theorygen.rules.obligation_folds import LineMove
from theorygen.rules.verticals import VoicePair
from theorygen.rules.world import NO_PITCH, Array, World


@dataclass(frozen=True, eq=False)
class LineRuns:
    """All lines of a grid under one fold; n notes of l lines, the notes of a line one after the other.

    Attributes:
        rows: the states after each note, with what rules may read.
        slots: [n], slot of each note.
        first: [n], index of the first note of the line of each note.
        ends: bool [n], whether a line ends with the note.
    """

    rows: LineRows
    slots: Array
    first: Array
    ends: Array

    @property
    def judged(self) -> Array:
        """Indexes of the notes at which rules are judged."""
        return np.flatnonzero(self.ends) if self.rows.fold.at_end else np.arange(len(self.slots))


def line_runs(fold: Fold, world: World, codes: Array) -> LineRuns:
    """The lines of a grid and the states of a fold along them.

    Args:
        fold: the fold.
        world: tables for the slots, with the surface of a finished score.
        codes: int32 [slots, voices] of pitch codes.
    """
    width = 2 if fold.over == PAIR_LINE else 1
    parts = [_cut(fold, world, codes, group) for group in combinations(range(codes.shape[1]), width)]
    nothing = np.zeros(0, dtype=np.int64)
    voices = np.concatenate([np.zeros((0, width), dtype=np.int64),
                             *(np.tile(group, (len(slots), 1)) for group, slots, _ in parts)])
    slots = np.concatenate([nothing, *(slots for _, slots, _ in parts)])
    begins = np.concatenate([nothing.astype(bool), *(begins for *_, begins in parts)])
    first = np.maximum.accumulate(np.where(begins, np.arange(len(slots)), 0))
    ends = np.append(begins[1:], np.ones(min(len(begins), 1), dtype=bool))
    pitches = codes[slots[:, None], voices]
    states = _states(fold, world, codes, pitches, voices, slots, begins)
    if fold.over != PAIR_LINE:
        voices, pitches = voices[:, 0], pitches[:, 0]
    return LineRuns(LineRows(fold, world, voices, states, (pitches, slots, ends)), slots, first, ends)


def _cut(fold: Fold, world: World, codes: Array, voices: tuple[int, ...]) -> tuple[tuple[int, ...], Array, Array]:
    """The slots at which something new happens in these voices, and where among them lines begin."""
    surface = world.surface
    assert surface is not None
    chosen = list(voices)
    news = ~surface.slots.passed if fold.solved else surface.enters
    silent = (codes[:, chosen] == NO_PITCH).any(axis=1)
    kept = np.flatnonzero(~silent & news[:, chosen].any(axis=1))
    stretch = np.cumsum(silent) + np.cumsum(world.slot_column("first").astype(np.int64))
    if fold.reset == BAR:
        stretch = stretch + surface.slots.measures
    return voices, kept, np.diff(stretch[kept], prepend=-1) != 0


def _states(fold: Fold, world: World, codes: Array, pitches: Array, voices: Array, slots: Array,
            begins: Array) -> Array:
    """The state after each note, all lines side by side."""
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.append(starts, len(slots)))
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    state = fold.start(*fold.line.opening(_place(fold, world, pitches, voices, slots, starts)))
    found = np.zeros((len(slots), *state.shape[1:]), dtype=np.int64)
    found[starts] = state
    moves = fold.line.moving(_move(fold, world, codes, pitches, voices, slots))
    for note in range(1, int(lengths.max(initial=0))):
        active = int(np.searchsorted(-lengths, -note, side="left"))
        places = starts[:active] + note
        state = fold.add(state[:active], *(column[places - 1] for column in moves))
        found[places] = state
    return found


def _place(fold: Fold, world: World, pitches: Array, voices: Array, slots: Array, at: Array) -> Note | VoicePair:
    """The first notes of lines, as the fold reads them."""
    if fold.over == PAIR_LINE:
        return VoicePair(world, pitches[at], voices[at], slots[at])
    return Note(world, pitches[at, 0], voices[at, 0], slots[at])


def _move(fold: Fold, world: World, codes: Array, pitches: Array, voices: Array,
          slots: Array) -> LineMove | VoicePairMotion:
    """The moves from every note to the next, those from line to line too, which nobody reads."""
    if fold.over == PAIR_LINE:
        return VoicePairMotion(world, (pitches[:-1], pitches[1:]), voices[1:], (slots[:-1], slots[1:]))
    others = codes[slots[1:]].copy()
    others[np.arange(len(others)), voices[1:, 0]] = NO_PITCH
    return LineMove(world, (pitches[:-1, 0], pitches[1:, 0]), voices[1:, 0], (slots[:-1], slots[1:]), others)
