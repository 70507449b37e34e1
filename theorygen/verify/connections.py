"""How many voicings chords have and how many ways lead from one to the next: exact, for very many pairs at once.

Only hard rules decide what is legal. A table of two chords depends on their voicings, and on those fields of their
places that rules over two slots read at either of them; pairs that agree in all this have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby
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
_SIDES = _BEFORE, _AFTER = "before", "after"
_PORTION = 64
"""Chords whose voicings are looked for together."""
_CELLS = 1 << 17
"""Combinations of voicings looked at together."""


@dataclass(frozen=True, eq=False)
class _Side:
    """A chord as a table sees it: as the first of two chords, or as the second.

    Attributes:
        domain: its voicings; the place has only the fields that rules over two slots read on this side.
        allowed: which of them have the degrees asked, bool [voicings].
        anew: whether lines begin with it.
    """

    domain: Domain
    allowed: Array
    anew: bool


Sides = tuple[int, int]
"""Numbers of two sides."""


class Connections:
    """Counts under the hard rules among some rules.

    Args:
        rules: the rules; those that are not hard do not matter.
        ensemble: the voices.

    Attributes:
        hard: the hard rules.
    """

    def __init__(self, rules: RuleSet, ensemble: Ensemble) -> None:
        self.hard = RuleSet(rules.solved.hard)
        self.ensemble = ensemble
        self._domain_maker = DomainMaker(self.hard, ensemble)
        self._pair_maker = PairMaker(self.hard, ensemble)
        self._blank = {side: _unread(self.hard, side) for side in _SIDES}
        self._lines = [line for line in lines_of(Workshop(self.hard, ensemble)) if not line.fold.at_end]
        self._domains: dict[Slot, Domain] = {}
        self._numbers: dict[Any, int] = {}
        self._sides: list[_Side] = []
        self._counts: dict[Sides, int] = {}

    def prepare(self, choices: Iterable[Choice]) -> None:
        """Find the voicings of some chords at once."""
        slots = dict.fromkeys(canonical(choice.slot, self.hard.names) for choice in choices)
        missing = [slot for slot in slots if slot not in self._domains]
        for start in range(0, len(missing), _PORTION):
            part = missing[start : start + _PORTION]
            self._domains.update(zip(part, self._domain_maker.make(part), strict=True))

    def voicings(self, choice: Choice) -> int:
        """How many legal voicings a chord has, with the degrees that are asked. It must have been prepared."""
        return int(self._sides[self.side(choice, _BEFORE)].allowed.sum())

    def ways(self, before: Choice, after: Choice) -> int:
        """How many legal successions of voicings two chords have. They must have been prepared."""
        sides = self.side(before, _BEFORE), self.side(after, _AFTER)
        self.count([sides])
        return self._counts[sides]

    def count(self, pairs: Iterable[Sides]) -> Mapping[Sides, int]:
        """How many legal successions two sides have, for many of them at once; others may be told, too."""
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._counts]
        tables: dict[tuple[int, int], list[Sides]] = {}
        for one, other in missing:
            key = (id(self._sides[one].domain), id(self._sides[other].domain))
            tables.setdefault(key, []).append((one, other))
        for part in self._portions(list(tables.values())):
            made = self._pair_maker.make([(self._sides[one].domain, self._sides[other].domain)
                                          for (one, other), *_ in part])
            for table, some in zip(made, part, strict=True):
                self._counts.update((pair, self._counted(table, *pair)) for pair in some)
        return self._counts

    def fewest_broken(self, before: Choice, after: Choice) -> tuple[str, ...]:
        """The fewest rules that a succession of legal voicings breaks: without them there is one, exactly.

        Ids of rules, none where a succession is legal but for lines. Both chords must have been prepared, and have
        voicings.
        """
        sides = [self._sides[self.side(one, side)] for one, side in ((before, _BEFORE), (after, _AFTER))]
        domains = tuple(side.domain for side in sides)
        names: list[str] = []
        broken = []
        for name in dict.fromkeys(rule.name for window in _STEPS for rule in self.hard.over(window)):
            table = PairMaker(self.hard.only([name]), self.ensemble).make([(domains[0], domains[1])])[0]
            found = np.ones((len(domains[0]), len(domains[1])), dtype=bool)
            found[table.source, table.target] = False
            names.append(name)
            broken.append(found[np.ix_(sides[0].allowed, sides[1].allowed)].reshape(-1))
        table_of_rules = np.array(broken)
        best = int(table_of_rules.sum(axis=0).argmin())
        return tuple(name for name, is_broken in zip(names, table_of_rules[:, best].tolist(), strict=True) if is_broken)

    def _portions(self, asked: Sequence[list[Sides]]) -> Iterator[Sequence[list[Sides]]]:
        """Tables in portions that take little memory."""
        sizes = (len(self._sides[one].allowed) * len(self._sides[other].allowed) for (one, other), *_ in asked)
        number = [size // _CELLS for size in accumulate(sizes)]
        for _, some in groupby(range(len(asked)), number.__getitem__):
            indexes = list(some)
            yield asked[indexes[0] : indexes[-1] + 1]

    def side(self, choice: Choice, side: str) -> int:
        """Number of a chord seen as the first of two (``before``) or as the second (``after``)."""
        slot = canonical(choice.slot, self.hard.names)
        degrees = tuple(sorted((voice, tuple(sorted(asked))) for voice, asked in choice.degrees.items()))
        key = (slot, degrees, side)
        if key not in self._numbers:
            self._numbers[key] = self._side(self._domains[slot], degrees, side, choice.slot.first)
        return self._numbers[key]

    def _side(self, domain: Domain, degrees: tuple[tuple[int, tuple[int, ...]], ...], side: str, anew: bool) -> int:
        seen = replace(domain.slot, **self._blank[side])
        key = (seen, domain.pitches.tobytes(), degrees, anew)
        if key not in self._numbers:
            place = (seen, domain.pitches.tobytes())
            blank = self._places.setdefault(place, replace(domain, slot=seen, cost=np.zeros_like(domain.cost)))
            allowed = np.ones(len(domain), dtype=bool)
            for voice, asked in degrees:
                allowed &= np.isin(domain.degrees[:, voice], asked)
            for line in self._lines:
                allowed &= ~broken_states(line, line.fold.start(domain.pitches[:, line.voice]))
            self._numbers[key] = len(self._sides)
            self._sides.append(_Side(blank, allowed, anew))
        return self._numbers[key]

    @cached_property
    def _places(self) -> dict[Any, Domain]:
        return {}

    def _counted(self, table: PairTable, before: int, after: int) -> int:
        one, other = self._sides[before], self._sides[after]
        kept = one.allowed[table.source] & other.allowed[table.target]
        for line in self._lines:
            kept &= _sings(line, one.domain.pitches[table.source, line.voice],
                           other.domain.pitches[table.target, line.voice], other.anew)
        return int(kept.sum())


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

