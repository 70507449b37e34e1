"""The small records of a slot: the chord declared for it, and where in time it stands."""

from __future__ import annotations

import numpy as np

from theorygen.rules.kinds import BOOLEAN, INTEGER, NUMERAL, REGION, words
from theorygen.rules.record import Record, field
from theorygen.rules.world import CADENCES, FUNCTIONS, KINDS, MEMBERS, MODES, QUALITIES, Array, World


class Chord(Record):
    """The chord declared for a slot."""

    def __init__(self, world: World, slots: Array) -> None:
        self._world = world
        self._table = world.chord_table
        self._rows = world.chord_of_slot[slots]

    @property
    def text(self) -> str:
        """The printed numeral of the first window, for messages; "no chord" where none is declared."""
        chords = self._table.chords
        row = int(np.ravel(self._rows)[0])
        return chords[row].text if row < len(chords) else "no chord"

    def open_word(self, name: str) -> str:
        """The numeral, or the numeral it is applied to."""
        row = int(np.ravel(self._rows)[0])
        return self.text if name == "numeral" else self._table.chords[row].applied_to if self.present[0] else ""

    @field[BOOLEAN]
    def present(self) -> Array:
        """A chord is declared here at all."""
        return self._table.present[self._rows]

    @field[NUMERAL]
    def numeral(self) -> Array:
        """The printed numeral, such as V65/V; write it in quotes."""
        return self._table.numeral[self._rows]

    @field[INTEGER]
    def degree(self) -> Array:
        """Scale degree of the root, 1 to 7, in the key the chord functions in (the applied key of V/V is V)."""
        return self._table.degree[self._rows]

    @field[INTEGER]
    def alteration(self) -> Array:
        """Semitones the root is raised (+) or lowered (-) against that scale."""
        return self._table.alteration[self._rows]

    @field[INTEGER]
    def inversion(self) -> Array:
        """0 root position, 1 first inversion, and so on."""
        return self._table.inversion[self._rows]

    @field[INTEGER]
    def size(self) -> Array:
        """Number of different members: 3 for a triad."""
        return self._table.size[self._rows]

    @field[words(*QUALITIES)]
    def quality(self) -> Array:
        """Quality of the chord."""
        return self._table.quality[self._rows]

    @field[words(*KINDS)]
    def kind(self) -> Array:
        """Family of the chord: triad, seventh, neapolitan, augmented-sixth, cadential-six-four ..."""
        return self._table.kind[self._rows]

    @field[words(*FUNCTIONS)]
    def function(self) -> Array:
        """T tonic, P predominant, D dominant (applied dominants too), or none."""
        return self._table.function[self._rows]

    @field[BOOLEAN]
    def applied(self) -> Array:
        """The chord is applied to another (V/V)."""
        return self._table.applied[self._rows]

    @field[NUMERAL]
    def applied_to(self) -> Array:
        """The numeral after the slash; write it in quotes."""
        return self._table.applied_to[self._rows]

    @field[words(*MODES)]
    def mode(self) -> Array:
        """Mode of the local key."""
        return self._table.minor[self._rows].astype(np.int8)

    @field[words(*MODES)]
    def applied_mode(self) -> Array:
        """Mode of the key the chord functions in."""
        return self._table.applied_minor[self._rows].astype(np.int8)

    @field[BOOLEAN]
    def has_leading_tone(self) -> Array:
        """Some member functions as leading tone: chords of the V and viio families, applied ones too."""
        return self._table.has_leading_tone[self._rows]

    @field[BOOLEAN]
    def has_seventh(self) -> Array:
        """Some member is a chordal seventh."""
        return self._has_member("seventh")

    def _has_member(self, name: str) -> Array:
        return (self._table.members == MEMBERS.index(name)).any(axis=(1, 2))[self._rows]

    @field[BOOLEAN]
    def has_third(self) -> Array:
        """Some member is the third above the root (not in suspended or power chords, nor augmented sixths)."""
        return self._has_member("third")

    @field[BOOLEAN]
    def has_fifth(self) -> Array:
        """Some member is the fifth above the root, of any quality."""
        return self._has_member("fifth")

    @field[BOOLEAN]
    def six_four(self) -> Array:
        """A triad in second inversion, cadential or not."""
        return (self._table.size[self._rows] == 3) & (self.inversion == 2)

    @field[BOOLEAN]
    def chromatic(self) -> Array:
        """Some member lies outside the local key (raised 6 and 7 of minor do not count)."""
        return (self._table.chromatic != 0).any(axis=(1, 2))[self._rows]


class Place(Record):
    """Where in time a slot stands."""

    def __init__(self, world: World, slots: Array) -> None:
        self._world = world
        self._slots = slots

    def open_word(self, name: str) -> str:
        """The region."""
        return self._world.slots[int(np.ravel(self._slots)[0])].region

    @field[INTEGER]
    def strength(self) -> Array:
        """Metric weight: 3 downbeat, 2 half-bar, 1 other beats, 0 off the beat."""
        return self._world.slot_column("strength")[self._slots]

    @field[BOOLEAN]
    def first(self) -> Array:
        """First slot of its phrase."""
        return self._world.slot_column("first")[self._slots]

    @field[BOOLEAN]
    def last(self) -> Array:
        """Last slot of its phrase."""
        return self._world.slot_column("last")[self._slots]

    @field[BOOLEAN]
    def opening(self) -> Array:
        """First slot of the piece."""
        return self._world.slot_column("opening")[self._slots]

    @field[BOOLEAN]
    def final(self) -> Array:
        """Last slot of the piece."""
        return self._world.slot_column("final")[self._slots]

    @field[words(*CADENCES)]
    def cadence(self) -> Array:
        """The cadence this slot is the goal of."""
        return self._world.slot_column("cadence", CADENCES)[self._slots]

    @field[REGION]
    def region(self) -> Array:
        """Name of the region the slot lies in."""
        return self._world.slot_column("region")[self._slots]

    @field[BOOLEAN]
    def given(self) -> Array:
        """Notes here are fixed beforehand; true only where the slot says so, never when a finished score is checked."""
        return self._world.slot_column("given")[self._slots]

    @field[BOOLEAN]
    def arrives(self) -> Array:
        """A chord begins here; false where it only goes on with other notes of its own."""
        return self._world.slot_column("arrives")[self._slots]

    @field[BOOLEAN]
    def anew(self) -> Array:
        """A harmony begins here; false where a chord goes on, or its root does under notes that are held (ii65 ii7)."""
        return self._world.slot_column("anew")[self._slots]

    @field[BOOLEAN]
    def completed(self) -> Array:
        """A note that the chord lacks here sounds later while it lasts (8-7 over V7); never in block chords."""
        return self._world.slot_column("completed")[self._slots]
