"""Lines of a score, cut where folds start afresh, with the states of a fold after every note of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from theorygen.rules.folds import BAR, PAIR_LINE, Fold, LineRows
from theorygen.rules.motions import VoicePairMotion
from theorygen.rules.notes import Note
from theorygen.rules.obligation_folds import LineMove
from theorygen.rules.verticals import VoicePair
from theorygen.rules.world import NO_PITCH, Array, World


class Lines:
    """All lines of a grid that start afresh at the same places: n notes, those of a line one after the other.

    Attributes:
        world: tables for the slots, with the surface of a finished score.
        codes: int32 [slots, voices] of pitch codes.
        over: the window of the folds: one voice or two.
        voices: [n, 1] or [n, 2], voices of each note.
        slots: [n], slot of each note.
        begins: bool [n], whether a line begins with the note.
    """

    def __init__(self, fold: Fold, world: World, codes: Array) -> None:
        self.world = world
        self.codes = codes
        self.over = fold.over
        width = 2 if fold.over == PAIR_LINE else 1
        parts = [_cut(fold, world, codes, group) for group in combinations(range(codes.shape[1]), width)]
        nothing = np.zeros(0, dtype=np.int64)
        self.voices = np.concatenate([np.zeros((0, width), dtype=np.int64),
                                      *(np.tile(group, (len(slots), 1)) for group, slots, _ in parts)])
        self.slots = np.concatenate([nothing, *(slots for _, slots, _ in parts)])
        self.begins = np.concatenate([nothing.astype(bool), *(begins for *_, begins in parts)])

    @cached_property
    def pitches(self) -> Array:
        """Pitch codes of each note, [n, 1] or [n, 2]."""
        return self.codes[self.slots[:, None], self.voices]

    @cached_property
    def ends(self) -> Array:
        """Whether a line ends with the note, bool [n]."""
        return np.append(self.begins[1:], np.ones(min(len(self.begins), 1), dtype=bool))

    @cached_property
    def openings(self) -> Note | VoicePair:
        """The first notes of the lines."""
        return self.notes_at(np.flatnonzero(self.begins))

    def notes_at(self, at: Array) -> Note | VoicePair:
        """Some of the notes, by index."""
        if self.over == PAIR_LINE:
            return VoicePair(self.world, self.pitches[at], self.voices[at], self.slots[at])
        return Note(self.world, self.pitches[at, 0], self.voices[at, 0], self.slots[at])

    @cached_property
    def moves(self) -> LineMove | VoicePairMotion:
        """The moves from every note to the next, those from line to line too, which nobody reads."""
        slots = (self.slots[:-1], self.slots[1:])
        if self.over == PAIR_LINE:
            return VoicePairMotion(self.world, (self.pitches[:-1], self.pitches[1:]), self.voices[1:], slots)
        others = self.codes[self.slots[1:]].copy()
        others[np.arange(len(others)), self.voices[1:, 0]] = NO_PITCH
        pitches = self.pitches[:, 0]
        return LineMove(self.world, (pitches[:-1], pitches[1:]), self.voices[1:, 0], slots, others)


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


@dataclass(frozen=True, eq=False)
class LineRuns:
    """The states of a fold along lines.

    Attributes:
        lines: the lines.
        rows: the state after each note, with what rules may read.
    """

    lines: Lines
    rows: LineRows

    @cached_property
    def since(self) -> Array:
        """For each note the last one before it in its line that the fold's memory goes back to, [n]: begun afresh
        there, it would be the same."""
        fold, every = self.rows.fold, np.arange(len(self.rows))
        if not len(every):
            return every
        fresh = fold.start(*fold.line.opening(self.lines.notes_at(every)))
        same = (fresh == self.rows.states).reshape(len(every), -1).all(axis=1)
        last = np.maximum.accumulate(np.where(same | self.lines.begins, every, 0))
        return np.where(self.lines.begins, every, np.append(0, last[:-1]))

    @property
    def judged(self) -> Array:
        """Indexes of the notes at which rules are judged."""
        return np.flatnonzero(self.lines.ends) if self.rows.fold.at_end else np.arange(len(self.rows))


def line_runs(fold: Fold, lines: Lines) -> LineRuns:
    """The states of a fold after every note of these lines."""
    voices, pitches = lines.voices, lines.pitches
    if lines.over != PAIR_LINE:
        voices, pitches = voices[:, 0], pitches[:, 0]
    present = (pitches, lines.slots, lines.ends)
    return LineRuns(lines, LineRows(fold, lines.world, voices, _states(fold, lines), present))


def _states(fold: Fold, lines: Lines) -> Array:
    """The state after each note, all lines side by side."""
    starts = np.flatnonzero(lines.begins)
    lengths = np.diff(np.append(starts, len(lines.slots)))
    order = np.argsort(-lengths, kind="stable")
    state = fold.start(*fold.line.opening(lines.openings))[order]
    starts, lengths = starts[order], lengths[order]
    found = np.zeros((len(lines.slots), *state.shape[1:]), dtype=np.int64)
    found[starts] = state
    moves = fold.line.moving(lines.moves)
    for note in range(1, int(lengths.max(initial=0))):
        active = int(np.searchsorted(-lengths, -note, side="left"))
        places = starts[:active] + note
        state = fold.add(state[:active], *(column[places - 1] for column in moves))
        found[places] = state
    return found
