"""Embellishments: what a note is that lies outside its chord, told by the melody and the meter around it.

The kinds are data, in ``library/embellishment-kinds.yaml``, in order of precedence: the first whose condition holds is
the kind, and what fits none is ``unlicensed``. A condition reads a `Figure` and of it nothing that depends on a chord,
so a kind says what a note is *if it is foreign*; whether it is, the chord declared for it says.

For an analysis in which chords are still unknown ask ``kinds_if_foreign(score.slots("attacks"))``: for every slot of
the attacks and every voice it holds the kind of the note if it is foreign while it is attacked there, and if it
becomes foreign there while it is only held. For the rules of a finished score `surface_of` gives the kinds themselves,
which notes show as ``embellishment``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from theorygen.rules.expression import BOOLEAN, Expression, Scope, parse_expression
from theorygen.rules.figures import AFTER, Columns, Segments
from theorygen.rules.kinds import Kind
from theorygen.rules.windows import FIGURE, Rows
from theorygen.rules.world import EMBELLISHMENTS, Array, Slot, Surface, World
from theorygen.score.score import Score
from theorygen.score.skeleton import belonging, structural
from theorygen.score.slots import SlotArrays
from theorygen.source.document import Document, load_document

KINDS_FILE = "embellishment-kinds.yaml"
NONE, UNLICENSED = 0, len(EMBELLISHMENTS) - 1

_MELODIC = frozenset(("pitch", "strength", "interval", "size", "steps", "semitones", "direction", "moves", "by_step",
                      "leaps"))
"""Fields of notes and moves that depend on no chord."""


def melodic_scope() -> Scope:
    """What the condition of a kind may read: the figure's own fields, and of its notes what depends on no chord."""
    fields: Mapping[str, Kind] = {
        path: kind for path, kind in FIGURE.fields.items()
        if "chord" not in path and ("." not in path or path.rpartition(".")[2] in _MELODIC)}
    return Scope(fields)


@dataclass(frozen=True)
class EmbellishmentKind:
    """One kind of embellishment, as written.

    Attributes:
        name: its id, kebab-case, one of EMBELLISHMENTS.
        title: its name in a sentence.
        about: what it is.
        when: condition over a figure.
        source: where the theory comes from.
        bach: how often it is found in Bach's chorales, or "".
        good: examples that have one.
        bad: examples that look alike and have none.
        short: its name over a note.
    """

    name: str
    title: str
    about: str
    when: str
    source: str
    bach: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    short: str = ""

    @cached_property
    def condition(self) -> Expression:
        """The condition, compiled."""
        return parse_expression(self.when, melodic_scope(), BOOLEAN)


@cache
def kinds_document() -> Document:
    """The file that defines the kinds."""
    return load_document(str(files("theorygen.rules") / "library" / KINDS_FILE))


@cache
def embellishment_kinds() -> tuple[EmbellishmentKind, ...]:
    """All kinds, in order of precedence."""
    data: Mapping[str, Mapping[str, Any]] = kinds_document().data
    return tuple(EmbellishmentKind(name, **{**one, "good": _listed(one["good"]), "bad": _listed(one.get("bad", ()))})
                 for name, one in data.items())


@cache
def short_names() -> tuple[str, ...]:
    """For each of EMBELLISHMENTS its name over a note; a question mark for what no kind fits."""
    names = {kind.name: kind.short for kind in embellishment_kinds()}
    return tuple("?" if name == EMBELLISHMENTS[UNLICENSED] else names.get(name, "") for name in EMBELLISHMENTS)


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def kinds_of_figures(rows: Rows) -> Array:
    """Index into EMBELLISHMENTS of each figure, int8, if its note is foreign to its chord."""
    found = np.full(len(rows), NONE, dtype=np.int8)
    for kind in embellishment_kinds():
        fits = np.broadcast_to(kind.condition.run(rows), len(rows)) & (found == NONE)
        found[fits] = EMBELLISHMENTS.index(kind.name)
    found[found == NONE] = UNLICENSED
    return found


@dataclass(frozen=True, eq=False)
class KindsIfForeign:
    """What every note would be if it were foreign to the chord; n slots of the attacks by v voices.

    Each is int8 [n, v], an index into EMBELLISHMENTS, and 0 where the case does not arise.

    Attributes:
        struck: of a note attacked in the slot that is foreign for its whole length.
        held: of a note that is only held in the slot, a chord tone until there and foreign from there to its end.
        released: of a note attacked in the slot and held in the next, foreign until that next slot and then a chord
            tone.
    """

    struck: Array
    held: Array
    released: Array


def kinds_if_foreign(slots: SlotArrays) -> KindsIfForeign:
    """What every note would be if it were foreign, whatever the chords are.

    Args:
        slots: the attacks of a score, ``score.slots("attacks")``.
    """
    world = _bare_world(slots)
    segments = Segments(slots, slots.attack)
    held_next = np.zeros(slots.held.shape, dtype=bool)
    held_next[:-1] = slots.held[1:]

    def filled(where: Array, *places: Any) -> Array:
        """The kinds of the figures at these cells, in an array like the grid."""
        found = np.zeros(where.shape, dtype=np.int8)
        voices, rows = np.nonzero(where.T)
        numbers = segments.number[rows, voices]
        shown = [place(numbers, rows) if callable(place) else place for place in places]
        found[rows, voices] = kinds_of_figures(_rows(world, segments.figures(numbers, *shown)))
        return found

    return KindsIfForeign(
        filled(slots.attack, -2, -1, 0, 1, 2),
        filled(slots.held, -1, lambda numbers, rows: segments.slots[numbers], lambda numbers, rows: rows, 1, 2),
        filled(slots.attack & held_next, -2, -1, 0, lambda numbers, rows: rows + 1, 1))


def _bare_world(slots: SlotArrays) -> World:
    """A world that knows the time of its slots and nothing else."""
    blank = np.zeros(slots.codes.shape, dtype=np.int8)
    surface = Surface(slots, blank.astype(bool), slots.attack, blank, slots.codes, blank.astype(bool), blank)
    return World((), [Slot(None, int(weight)) for weight in slots.weights], surface=surface)


def _rows(world: World, columns: Columns) -> Rows:
    return FIGURE.rows(world, columns.pitches, columns.voices, columns.slots)


def figures_of(world: World) -> Rows:
    """All figures of a grid: one for every segment of every voice."""
    surface = world.surface
    if surface is None:
        return _rows(world, Columns([np.zeros((0, 1), dtype=np.int32)] * 5, np.zeros((0, 1), dtype=np.int64),
                                    [np.zeros(0, dtype=np.int64)] * 5))
    segments = Segments(surface.slots, surface.enters)
    numbers = np.arange(len(segments.slots))
    return _rows(world, segments.figures(numbers, -2, -1, 0, 1, 2))


def surface_for(score: Score, slots: SlotArrays) -> Surface:
    """The surface of a score on one of its grids."""
    attacks = score.slots("attacks")
    found = next((known for known in tuple(_recent) if known.slots is attacks), None)
    if found is None:
        found = surface_of(attacks, belonging(score, attacks), structural(score, attacks))
        _recent.append(found)
    return surface_on(slots, found)


_recent: deque[Surface] = deque(maxlen=4)
"""The surfaces asked for last: the grids of a score ask for theirs in a row. Few, so that a corpus does not pile up."""


def surface_of(attacks: SlotArrays, belongs: Array, stands_for: Array) -> Surface:
    """The surface of a score with declared chords, on its attacks.

    Args:
        attacks: the attacks of the score.
        belongs: bool [n, v]: which notes belong to the chord declared for them.
        stands_for: int32 [n, v]: the note of the skeleton that each note stands for.
    """
    foreign = ~belongs & ~attacks.silent & (attacks.chords >= 0)[:, None]
    turns = np.zeros(foreign.shape, dtype=bool)
    turns[1:] = foreign[1:] != foreign[:-1]
    enters = ~attacks.silent & (~attacks.passed | turns)
    segments = Segments(attacks, enters)
    figures = segments.figures(np.arange(len(segments.slots)), -2, -1, 0, 1, 2)
    wanted = np.flatnonzero(foreign[segments.slots, segments.voices])
    kinds = np.zeros(len(segments.slots) + 1, dtype=np.int8)
    kinds[wanted] = kinds_of_figures(_rows(_bare_world(attacks), figures).take(wanted))
    goals = np.append(figures.pitches[AFTER][:, 0], 0).astype(np.int32)
    return Surface(
        attacks, foreign, enters, np.where(foreign, kinds[segments.number], 0).astype(np.int8),
        np.where(attacks.silent, attacks.codes, goals[segments.number]), attacks.codes == stands_for,
        np.zeros(foreign.shape, dtype=np.int8))


def surface_on(slots: SlotArrays, attacks: Surface) -> Surface:
    """The surface on another grid of the same score, looked up on the attacks."""
    if slots.grid == attacks.slots.grid:
        return attacks
    voices = np.arange(slots.codes.shape[1])
    note, here = (slots.sources, voices), (slots.places[:, None], voices)
    elsewhere = attacks.slots.codes[here] != slots.codes
    assert attacks.goal is not None
    return Surface(slots, attacks.foreign[note], ~slots.silent & ~slots.passed, attacks.embellishment[note],
                   attacks.goal[note], attacks.structural[note],
                   np.where(elsewhere, attacks.embellishment[here], 0).astype(np.int8))
