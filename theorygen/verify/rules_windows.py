"""Every window of a rule that a place can show, whatever other rules say; and which rules a window breaks.

Windows over one or two voices, and over all voices of one chord, are made of all members of the chords within the
ranges. Windows over all voices of two chords are made of voicings that keep the hard rules over one chord.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from theorygen.grammar.style import Style
from theorygen.rules.expression import Node
from theorygen.rules.rule import ActiveRule, Rule
from theorygen.rules.windows import ALL_VOICES, WINDOWS, Rows, Window
from theorygen.rules.world import Array, Slot, World
from theorygen.score.ensemble import VoiceSpec
from theorygen.solve.domains import DomainMaker, members_in_range
from theorygen.solve.problem import Position
from theorygen.verify.rules_places import Place, hard_and

_WITHOUT_NOTES = frozenset(("chord", "place", "chords"))
"""Records whose fields say nothing of notes."""

_MOST_ROWS = 1 << 19
"""Windows made at a time."""

PAIR_SLOTS = 2

_Part = tuple[tuple[Array, ...], Array, tuple[Array, ...]]
"""Some windows: pitches for each slot, voices, and slots."""


def is_enumerable(rule: Rule) -> bool:
    """Whether all its windows lie in pairs of chords, so that they can be enumerated."""
    return rule.solved and rule.window is not None and rule.window.slots <= PAIR_SLOTS


class Windows:
    """Makes the windows of the places of one style."""

    def __init__(self, style: Style) -> None:
        assert style.ensemble is not None
        self.style = style
        self.ensemble = style.ensemble
        self.rules = hard_and(style)
        self._maker = DomainMaker(self.rules, self.ensemble)
        self._known: dict[int, tuple[Position, Array]] = {}
        self._pools_of: dict[object, list[Array]] = {}
        self._combined: dict[tuple[int, tuple[int, ...]], Array] = {}

    def possible(self, rule: ActiveRule, places: Sequence[Place], breaking: bool = False) -> list[Place]:
        """The places where chords and meter alone do not keep the rule from applying, or from being broken.

        Args:
            rule: a rule over windows of one or two chords.
            places: chords, everywhere as many.
            breaking: whether it is to be broken, and not only to apply.
        """
        window = WINDOWS[rule.rule.over]
        conditions = [(one.root, False) for one in (*rule.where, *rule.rule.guards)]
        if breaking and not rule.rule.cost:
            conditions.append((rule.rule.verdict.root, not rule.rule.forbid))
        static = [one for root, negated in conditions for one in _conjuncts(root, negated)
                  if one[0].names and all(map(_says_nothing_of_notes, one[0].names))]
        if not static or not places:
            return list(places)
        size = len(places[0].positions)
        offsets = range(size - window.slots + 1)
        slots = [np.arange(len(places))[:, None] * size + shift + np.array(offsets) for shift in
                 range(window.slots)]
        count = len(places) * len(offsets)
        voices = np.tile(np.arange(window.voices or len(self.ensemble)), (count, 1))
        lowest = np.array([voice.lowest.code for voice in self.ensemble.voices], dtype=np.int32)
        rows = window.rows(self._world(places, rule), [lowest[voices] for _ in range(window.slots)], voices,
                           [column.reshape(-1) for column in slots])
        holds = np.ones(count, dtype=bool)
        for node, negated in static:
            holds &= np.broadcast_to(node.run(rows), count) ^ negated
        kept = np.logical_or.reduce(holds.reshape(len(places), -1), axis=1)
        return [place for place, keep in zip(places, kept.tolist(), strict=True) if keep]

    def of(self, rule: ActiveRule, places: Sequence[Place]) -> Iterator[tuple[Sequence[Place], Rows, Array]]:
        """All windows of a rule in some places, in portions.

        Yields:
            Some places, their windows, and for each window the index of its place among them.
        """
        window = WINDOWS[rule.rule.over]
        seen: set[Slot] = set()
        start, size = 0, len(places[0].positions) if places else 0
        while start < len(places):
            stop, found, count = start, list[_Part](), 0
            while stop < len(places) and count < _MOST_ROWS:
                for part in self._of_place(window, places[stop], size * (stop - start), seen):
                    found.append(part)
                    count += len(part[1])
                stop += 1
            some = places[start:stop]
            if not found:
                return
            pitches = [np.concatenate(column) for column in zip(*(part[0] for part in found), strict=True)]
            slots = [np.concatenate(column) for column in zip(*(part[2] for part in found), strict=True)]
            rows = window.rows(self._world(some, rule), pitches, np.concatenate([part[1] for part in found]), slots)
            yield some, rows, slots[0] // size
            start = stop

    def _world(self, places: Sequence[Place], rule: ActiveRule) -> World:
        slots = [position.choices[0].slot for place in places for position in place.positions]
        words = sorted(rule.open_words.union(*(one.open_words for one in self.rules.rules)))
        return World(self.ensemble.voices, slots, {word: code for code, word in enumerate(words)})

    def _of_place(self, window: Window, place: Place, first: int, seen: set[Slot]) -> Iterator[_Part]:
        """Pitches, voices and slots of the windows of one place; those of one chord only where it is not ``seen``."""
        for shift in range(len(place.positions) - window.slots + 1):
            slot = place.positions[shift].choices[0].slot
            if window.slots == 1 and slot in seen:
                continue
            seen.add(slot)
            pools = self._pools(window, place, shift)
            for voices in window.instances(len(self.ensemble)):
                columns = [self._together(pool, voices) for pool in pools]
                indexes = np.indices([len(column) for column in columns]).reshape(len(columns), -1)
                pitches = tuple(column[index] for column, index in zip(columns, indexes, strict=True))
                count = indexes.shape[1]
                yield (pitches, np.tile(np.array(voices), (count, 1)),
                       tuple(np.full(count, first + shift + number) for number in range(window.slots)))

    def _pools(self, window: Window, place: Place, shift: int) -> list[list[Array] | Array]:
        """For each slot of a window what may sound there: pitches voice by voice, or whole voicings."""
        positions = place.positions[shift : shift + window.slots]
        if window.voices == ALL_VOICES and window.slots > 1:
            return [self._voicings(position) for position in positions]
        return [self._singable(position) for position in positions]

    def _singable(self, position: Position) -> list[Array]:
        """For each voice the pitches of a chord, of the degrees asked for."""
        chord, asked = position.choices[0].slot.chord, _asked(position)
        key = (chord, tuple(sorted(asked.items(), key=lambda one: one[0])))
        if key not in self._pools_of:
            self._pools_of[key] = [_pitches(position, number, voice)
                                   for number, voice in enumerate(self.ensemble.voices)]
        return self._pools_of[key]

    def _together(self, pool: list[Array] | Array, voices: tuple[int, ...]) -> Array:
        """All combinations of what some voices may sing, or the voicings that are given."""
        if not isinstance(pool, list):
            return pool
        key = (id(pool), voices)  # pools are kept
        if key not in self._combined:
            grids = np.meshgrid(*(pool[voice] for voice in voices), indexing="ij")
            self._combined[key] = np.stack([grid.reshape(-1) for grid in grids], axis=1)
        return self._combined[key]

    def _voicings(self, position: Position) -> Array:
        """The voicings of a chord that keep the hard rules, with the degrees asked for."""
        if id(position) not in self._known:
            domain = self._maker.make([position.choices[0].slot])[0]
            allowed = np.ones(len(domain), dtype=bool)
            for voice, degrees in _asked(position).items():
                allowed &= np.isin(domain.degrees[:, voice], sorted(degrees))
            self._known[id(position)] = position, domain.pitches[allowed]
        return self._known[id(position)][1]


def _asked(position: Position) -> Mapping[int, frozenset[int]]:
    """The degrees asked of voices, at a position and along with its chord."""
    found = dict(position.degrees)
    for voice, degrees in position.choices[0].degrees.items():
        found[voice] = found.get(voice, degrees) & degrees
    return found


def _pitches(position: Position, number: int, voice: VoiceSpec) -> Array:
    """Pitch codes of the members of a chord in the range of a voice, of the degrees asked for."""
    chord = position.choices[0].slot.chord
    assert chord is not None
    asked = _asked(position).get(number)
    fitting = [one for one in chord.pitch_classes
               if asked is None or (one.letter - chord.key.tonic.letter) % 7 + 1 in asked]
    return members_in_range(fitting, voice) if fitting else np.zeros(0, dtype=np.int32)


def broken_within(rule: ActiveRule, rows: Rows) -> Array:
    """For each window whether a rule is broken in it, or in a smaller window inside it: bool [windows]."""
    assert rule.rule.window is not None
    inner, outer = rule.rule.window, rows.window
    broken = np.zeros(len(rows), dtype=bool)
    if inner.slots > outer.slots:
        return broken
    for columns in _columns(inner, outer, rows.voices.shape[1]):
        voices = rows.voices[:, columns]
        fitting = np.arange(len(rows))
        if inner.neighbours:
            fitting = np.flatnonzero(voices[:, 1] - voices[:, 0] == 1)
        for shift in range(outer.slots - inner.slots + 1):
            pitches = [column[fitting][:, columns] for column in rows.pitches[shift : shift + inner.slots]]
            slots = [column[fitting] for column in rows.slots[shift : shift + inner.slots]]
            hit, _ = rule.charge(inner.rows(rows.world, pitches, voices[fitting], slots))
            broken[fitting[hit]] = True
    return broken


def _columns(inner: Window, outer: Window, width: int) -> list[list[int]]:
    """The sets of columns of a window's voices that smaller windows look at."""
    if inner.voices == ALL_VOICES:
        return [list(range(width))] if outer.voices == ALL_VOICES else []
    return [list(columns) for columns in combinations(range(width), inner.voices)]


def _conjuncts(node: Node, negated: bool) -> Iterator[tuple[Node, bool]]:
    """Parts of a condition that must all hold for it to hold, each with whether it is denied."""
    if node.operation == "not":
        yield from _conjuncts(node.children[0], not negated)
    elif node.operation == ("or" if negated else "and"):
        for child in node.children:
            yield from _conjuncts(child, negated)
    else:
        yield node, negated


def _says_nothing_of_notes(path: str) -> bool:
    return any(part in _WITHOUT_NOTES for part in path.split(".")[:-1])
