"""Progressions with which one rule of a style can be broken alone, and all voices that break it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import NamedTuple

import numpy as np

from theorygen.compose.composition import choices_of, moments_of, solved_rules
from theorygen.compose.progression import Progression
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.tasks import Task, places_of
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.style import Style, resolve_parameters
from theorygen.rules.rule import Rule
from theorygen.rules.windows import WINDOWS
from theorygen.score.timeline import measures_of
from theorygen.solve.answers import DeadEnd, Solutions, trellis_of
from theorygen.solve.paths import Trellis
from theorygen.solve.problem import Problem
from theorygen.solve.requiring import Demand, require
from theorygen.solve.workshop import Workshop
from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.testing.plainness import plain_numerals
from theorygen.testing.voices import Voices
from theorygen.theory import Key, Meter

_PLAIN = {1: 60, 2: 26, 3: 7}
"""Chords of a mode among which rows of so many are looked for."""

_FEWER_PLAIN = 5
_ENOUGH = 12
_MOST_TRIED = 40
_LONGEST_LINE = 6
_KEPT = 256
_CHORDS = re.compile(r"in (?P<key>[^:|]+):(?P<chords>[^|]*)")
_NOT_PART_OF_A_CHORD = re.compile(r"\*[\d/]+|\([A-Za-z]+\)")


@cache
def faults_of(style: Style, rule_id: str, only: bool) -> Faults:
    """The faults of one rule in a style, with the tables for them."""
    return Faults(style, rule_id, only)


@dataclass(frozen=True)
class Core:
    """Successive chords with which a fault is possible.

    Attributes:
        texts: the numerals.
        upbeat: chords before the first bar line.
    """

    texts: tuple[str, ...]
    upbeat: int = 0


class Row(NamedTuple):
    """Chords, some of which have the fault.

    Attributes:
        key: their key.
        texts: the numerals.
        upbeat: chords before the first bar line.
        place: number of the chord where what the rule looks at ends.
    """

    key: Key
    texts: tuple[str, ...]
    upbeat: int
    place: int


class Faults:
    """Progressions in which a rule can be broken alone.

    Args:
        style: the style.
        rule_id: a rule of it.
        only: whether it is broken no more than once.

    Raises:
        InputError: the style does not keep this rule while composing.
    """

    def __init__(self, style: Style, rule_id: str, only: bool) -> None:
        rules = {one.name: one.rule for one in solved_rules(style).rules}
        if rule_id not in rules:
            judged = any(rule_id == one.name for one in style.rules.rules)
            why = "is judged on finished scores only" if judged else f"is no rule of '{style.name}'"
            raise InputError(Diagnostic("unknown-rule", f"'{rule_id}' {why}", nearest=nearest(rule_id, rules),
                                        remedy="name a rule that is kept while composing"))
        self.style = style
        self.rule: Rule = rules[rule_id]
        self.only = only
        self._workshop: Workshop | None = None
        self._solved: OrderedDict[Row, tuple[Task, Voices | DeadEnd]] = OrderedDict()
        self._cores: dict[bool, tuple[Core, ...]] = {}

    @property
    def span(self) -> int:
        """Chords that the rule looks at, of a line as many as it takes to break it."""
        found = [len(core.texts) for minor in (False, True) for core in self.cores(minor)[:1]]
        return min(found, default=self._least)

    @property
    def _least(self) -> int:
        window = WINDOWS.get(self.rule.over)
        return window.slots if window else 2

    def none(self) -> InputError:
        """Nothing was found."""
        return InputError(Diagnostic(
            "no-such-fault", f"no music was found in which '{self.rule.name}' is the only fault in '{self.style.name}'",
            self.rule.mark, remedy="leave 'only' out with only=False, or choose a style with fewer rules"))

    # progressions in which the fault is possible

    def cores(self, minor: bool) -> tuple[Core, ...]:
        """The plainest progressions with which the fault is possible; those that are whole pieces come first."""
        if minor not in self._cores:
            self._cores[minor] = tuple(self._found(minor)) if self._has_mode(minor) else ()
        return self._cores[minor]

    def _has_mode(self, minor: bool) -> bool:
        return any(Key.parse("a" if minor else "C").mode == mode for mode in self.style.keys)

    def _found(self, minor: bool) -> Iterator[Core]:
        home, length = Key.parse("a" if minor else "C"), self._least
        longest = length if self.rule.over in WINDOWS else _LONGEST_LINE
        found: list[Core] = []
        while not found and length <= longest:
            rows = (core for core in self._candidates(home, length)
                    if isinstance(self.solve(Row(home, core.texts, core.upbeat, length - 1))[1], Voices))
            found = list(islice(rows, _ENOUGH))
            length += 1
        yield from found

    def _candidates(self, home: Key, length: int) -> Iterator[Core]:
        """Rows of chords with which the fault may be possible, the plainest first, then those of examples."""
        own = tuple(dict.fromkeys(self._of_examples(home.is_minor, length)))
        for upbeat in (0, 1):
            possible = self._possible(home, length, upbeat)
            yield from (Core(texts, upbeat) for texts in possible[:_MOST_TRIED])
            yield from (Core(texts, upbeat) for texts in own if texts not in possible)

    def _possible(self, home: Key, length: int, upbeat: int) -> list[tuple[str, ...]]:
        """Rows of plain chords with which the fault is possible where phrases and cadences do not matter."""
        plain = plain_numerals(home.is_minor)[: _PLAIN.get(length, 5)]
        some = f"{{{'|'.join(plain)}}}"
        read = progression(f"{_word(home)}: {' '.join([some] * length)}", self.style, upbeat)
        problem = self._demanding(_unlabelled(read, self.style), length - 1)
        try:
            trellis = trellis_of(problem, self._workshop_of(problem))
        except DeadEnd:
            return []
        ranks = {text: rank for rank, text in enumerate(plain)}
        rows = _rows_of(trellis)
        return sorted(rows, key=lambda row: (len(set(row)) < length, sum(ranks[text] for text in row),
                                             row[-1] not in ("I", "i"), [ranks[text] for text in row]))

    def _of_examples(self, minor: bool, length: int) -> Iterator[tuple[str, ...]]:
        """Successive chords of the rule's bad examples."""
        examples = (*self.rule.bad, *(text for one in self.rule.unless for text in one.bad))
        for example in examples:
            for match in _CHORDS.finditer(example):
                words = [_NOT_PART_OF_A_CHORD.sub("", word) for word in match["chords"].split()]
                chords = [word for word in words if word and word[-1] != ":" and word not in ("//", "r")]
                if Key.parse(match["key"].strip()).is_minor == minor and len(chords) == len(words):
                    yield from zip(*(chords[start:] for start in range(length)), strict=False)

    # voices

    def solve(self, row: Row) -> tuple[Task, Voices | DeadEnd]:
        """Chords with all voices that have the fault, or where these end."""
        if row not in self._solved:
            line = f"{_word(row.key)}: {' '.join(row.texts)}"
            task = progression(line, self.style, row.upbeat).task(self.style)
            self._solved[row] = task, self._voices(self._demanding(task.problem, row.place))
            if len(self._solved) > _KEPT:
                self._solved.popitem(last=False)
        return self._solved[row]

    def _demanding(self, problem: Problem, place: int) -> Problem:
        """The problem whose solutions have the fault, in what the rule looks at and ends at a place."""
        places = (place,) if self.rule.over in WINDOWS else None
        return require(problem, [Demand(self.rule.name, places)], self.only)

    def _voices(self, problem: Problem) -> Voices | DeadEnd:
        try:
            return Voices(Solutions(problem, self._workshop_of(problem)), self.style.temperature)
        except DeadEnd as end:
            return end

    def _workshop_of(self, problem: Problem) -> Workshop:
        """The tables of all problems with the fault: their rules are the same."""
        if self._workshop is None:
            self._workshop = Workshop(problem.rules, problem.ensemble)
        return self._workshop


def _unlabelled(read: Progression, style: Style) -> Problem:
    """Chords without the cadences that they make, so that any number may be left open."""
    assert style.ensemble is not None
    moments = moments_of(read.chords)
    places = places_of(moments, measures_of(read.meters, read.pickup, moments[-1].end))
    positions = (choices_of(chord, place, style.ensemble) for chord, place in zip(read.chords, places, strict=True))
    return Problem(tuple(positions), solved_rules(style), style.ensemble)


def _rows_of(trellis: Trellis) -> list[tuple[str, ...]]:
    """All rows of chords that some solution has."""
    names = [np.array([str(one.slot.chord) for one in pool.wanted])[pool.choice[candidates]]
             for pool, candidates in zip(trellis.pools, trellis.candidates, strict=True)]
    rows = _grouped(((name,), state) for state, name in enumerate(names[0].tolist()))
    for step, after in zip(trellis.steps, names[1:], strict=True):
        edges: dict[int, set[int]] = {}
        for source, target in zip(step.source.tolist(), step.target.tolist(), strict=True):
            edges.setdefault(source, set()).add(target)
        rows = _grouped(((*row, str(after[target])), target) for row, states in rows.items() for state in states
                        for target in edges[state])
    return list(rows)


def _grouped(pairs: Iterable[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], set[int]]:
    found: dict[tuple[str, ...], set[int]] = {}
    for row, state in pairs:
        found.setdefault(row, set()).add(state)
    return found


def progression(line: str, style: Style, upbeat: int = 0) -> Progression:
    """Chords on one line, each as long as the style's chords are; ``upbeat`` of them before the first bar line."""
    assert style.ensemble is not None
    meter = style.meters[0] if style.meters else Meter(4, 4)
    unit = Lengths(style, resolve_parameters(style, {})).unit(meter)
    return replace(parse_roman_line(line, style.ensemble, meter, unit), pickup=unit * upbeat % meter.bar_length)


def _word(key: Key) -> str:
    return key.short if Key.parse(key.short) == key else str(key).replace(" ", "-")
