"""How many voicings chords have and how many ways lead from one to the next: exact, for very many pairs at once.

Only hard rules decide what is legal. A table of two chords depends on their voicings, and on those fields of their
places that rules over two slots read at either of them; pairs that agree in all this have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Array, Slot
from theorygen.score.ensemble import Ensemble
from theorygen.solve.domains import Domain, DomainMaker
from theorygen.solve.lines import Lines, lines_of
from theorygen.solve.pairs import PairMaker, PairTable
from theorygen.solve.problem import PLACE_FIELDS, Choice, canonical
from theorygen.solve.workshop import Workshop
from theorygen.verify.living import broken_states

_BLANK = Slot(None)
_STEPS = ("melodic-step", "voice-pair-motion", "adjacent-voices-motion", "chord-change")
_SIDES = ("before", "after")
_PORTION = 4096


@dataclass(frozen=True, eq=False)
class _Place:
    """Voicings as rules over two slots see them."""

    domain: Domain


@dataclass
class Connections:
    """Counts under the hard rules among some rules; tables are kept.

    Attributes:
        rules: the rules; those that are not hard do not matter.
        ensemble: the voices.
    """

    rules: RuleSet
    ensemble: Ensemble
    _domains: dict[Slot, Domain] = field(default_factory=dict, repr=False)
    _slots: dict[Slot, Slot] = field(default_factory=dict, repr=False)
    _sides: dict[tuple[Slot, str], _Place] = field(default_factory=dict, repr=False)
    _places: dict[Any, _Place] = field(default_factory=dict, repr=False)
    _tables: dict[tuple[_Place, _Place], PairTable] = field(default_factory=dict, repr=False)
    _allowed: dict[Any, Array] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.hard = RuleSet(self.rules.solved.hard)
        self._domain_maker = DomainMaker(self.hard, self.ensemble)
        self._pair_maker = PairMaker(self.hard, self.ensemble)
        self._blank = {side: _unread(self.hard, side) for side in _SIDES}
        workshop = Workshop(self.hard, self.ensemble)
        self._lines = [line for line in lines_of(workshop) if not line.fold.at_end]

    def prepare(self, choices: Iterable[Choice]) -> None:
        """Make the domains of some choices at once."""
        slots = dict.fromkeys(self._slot(choice.slot) for choice in choices)
        missing = [slot for slot in slots if slot not in self._domains]
        for start in range(0, len(missing), _PORTION):
            part = missing[start : start + _PORTION]
            self._domains.update(zip(part, self._domain_maker.make(part), strict=True))

    def prepare_pairs(self, pairs: Iterable[tuple[Choice, Choice]]) -> None:
        """Make the tables of some pairs at once, and the domains they need."""
        every = list(pairs)
        self.prepare(choice for pair in every for choice in pair)
        sides = dict.fromkeys((self._side(one, "before"), self._side(other, "after")) for one, other in every)
        missing = [pair for pair in sides if pair not in self._tables]
        for start in range(0, len(missing), _PORTION):
            part = missing[start : start + _PORTION]
            made = self._pair_maker.make([(before.domain, after.domain) for before, after in part])
            self._tables.update(zip(part, map(_thin, made), strict=True))

    def voicings(self, choice: Choice) -> int:
        """How many legal voicings a chord has, with the degrees that are asked."""
        self.prepare([choice])
        return int(self._mask(choice).sum())

    def ways(self, before: Choice, after: Choice) -> int:
        """How many legal successions of their voicings there are."""
        key = self._side_made(before, "before"), self._side_made(after, "after")
        table = self._tables[key]
        kept = np.ones(len(table.source), dtype=bool)
        if before.degrees:
            kept &= self._mask(before)[table.source]
        if after.degrees:
            kept &= self._mask(after)[table.target]
        for line in self._lines:
            kept &= _sings(line, self._domains[self._slot(before.slot)].pitches[table.source, line.voice],
                           self._domains[self._slot(after.slot)].pitches[table.target, line.voice], after.slot.first)
        return int(kept.sum())

    def _slot(self, slot: Slot) -> Slot:
        if slot not in self._slots:
            self._slots[slot] = canonical(slot, self.hard.names)
        return self._slots[slot]

    def _side(self, choice: Choice, side: str) -> _Place:
        slot = self._slot(choice.slot)
        if (slot, side) not in self._sides:
            domain = self._domains[slot]
            seen = replace(slot, **self._blank[side])
            key = (seen, domain.pitches.tobytes())
            if key not in self._places:
                self._places[key] = _Place(replace(domain, slot=seen, cost=np.zeros_like(domain.cost)))
            self._sides[slot, side] = self._places[key]
        return self._sides[slot, side]

    def _side_made(self, choice: Choice, side: str) -> _Place:
        return self._sides[self._slot(choice.slot), side]

    def _mask(self, choice: Choice) -> Array:
        """Which voicings have the degrees asked, bool [candidates]."""
        slot = self._slot(choice.slot)
        key = (slot, tuple(sorted((voice, tuple(sorted(degrees))) for voice, degrees in choice.degrees.items())))
        if key not in self._allowed:
            domain = self._domains[slot]
            mask = np.ones(len(domain), dtype=bool)
            for voice, degrees in choice.degrees.items():
                mask &= np.isin(domain.degrees[:, voice], sorted(degrees))
            for line in self._lines:
                mask &= ~broken_states(line, line.fold.start(domain.pitches[:, line.voice]))
            self._allowed[key] = mask
        return self._allowed[key]


def _thin(table: PairTable) -> PairTable:
    """A table without costs, in small numbers."""
    return PairTable(table.source.astype(np.int16), table.target.astype(np.int16), table.cost[:0])


def _unread(hard: RuleSet, side: str) -> Mapping[str, Any]:
    """Fields of a place that no rule over two slots reads at its first slot (``before``), or at its second."""
    names = [name for window in _STEPS for rule in hard.over(window) for name in rule.names]
    names += ["place.mark"] if any(rule.is_placed for rule in hard.rules) else []
    read = {name.rsplit(".", 1)[-1] for name in names if "place." in name and _is_at(name, side)}
    read |= {"first"} if any(name.endswith("crosses_phrase") for name in names) else set()
    return {name: getattr(_BLANK, name) for name in PLACE_FIELDS if name not in read}


def _is_at(name: str, side: str) -> bool:
    """Whether a field may belong to this slot of two; only what surely belongs to the other does not."""
    first = name.split(".", 1)[0]
    return first == side or first not in _SIDES


def _sings(line: Lines, before: Array, after: Array, anew: bool) -> Array:
    """Whether a line may begin with one note and go on with another; ``anew`` if it begins again with the other."""
    start = line.fold.start(before)
    state = line.fold.start(after) if anew else np.asarray(line.fold.add(start, before, after))
    found: Array = ~broken_states(line, start) & ~broken_states(line, state)
    return found

