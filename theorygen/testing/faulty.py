"""Scores with exactly one fault, for testing what finds faults; they shrink to the chords that the rule looks at."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from theorygen.compose.composition import solved_rules
from theorygen.compose.progression import Progression
from theorygen.compose.roman_line import parse_roman_line
from theorygen.compose.tasks import Task
from theorygen.grammar.lengths import Lengths
from theorygen.grammar.style import Style, resolve_parameters
from theorygen.rules.rule import Rule
from theorygen.rules.windows import WINDOWS
from theorygen.score.score import Score
from theorygen.solve.answers import DeadEnd, Solutions, trellis_of
from theorygen.solve.problem import Problem
from theorygen.solve.requiring import Demand, require
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError, nearest
from theorygen.testing.chance import DrawnChance, Retraced
from theorygen.testing.drawn_score import DrawnScore
from theorygen.testing.in_style import Chords, Keys, bounds, keys_of, studio_of, style_of
from theorygen.testing.plainness import plain_numerals
from theorygen.testing.voices import Voices
from theorygen.theory import Key, Meter

PLAIN = 12
"""Chords of a mode with which a fault is looked for first."""

AROUND = 8
"""Chords of a mode that stand around a fault."""

_ENOUGH = 12
_MOST_TRIED = 400
_MORE_CHORDS = 2
_LONGEST_LINE = 6
_KEPT = 256
_CHOICES = 4
_CHORDS = re.compile(r"in (?P<key>[^:|]+):(?P<chords>[^|]*)")
_NOT_PART_OF_A_CHORD = re.compile(r"\*[\d/]+|\([A-Za-z]+\)")


def faulty_scores(rule_id: str, style: str | Style = "textbook-chorale", chords: Chords = None, keys: Keys = None, *,
                  only: bool = True) -> st.SearchStrategy[Score]:
    """Short scores in a style that break one rule exactly once, and no other hard rule that is kept while composing.

    The chords are drawn first: some successive ones with which the fault is possible, and plain ones around them; then
    voices among all that have the fault, with probability proportional to exp(-cost / temperature of the style). They
    shrink to the fewest chords that the rule looks at, in the plainest key.

    Args:
        rule_id: a rule of the style.
        style: a style, the name of one that ships, or the path of one.
        chords: how many: a number, (fewest, most), or None for as many as the rule looks at, up to two more.
        keys: home keys; None for the plainest of each mode of the style, as every key needs tables of its own.
        only: whether the rule is broken no more than once.

    Raises:
        InputError: (when drawn) the style has no such rule, it is judged on finished scores only, or nothing was found
            in which it is the only fault.
    """
    return st.deferred(lambda: _faulty_scores(rule_id, style, chords, keys, only))


def _faulty_scores(rule_id: str, name: str | Style, chords: Chords, keys: Keys, only: bool) -> st.SearchStrategy[Score]:
    style = style_of(name)
    faults = faults_of(style, rule_id, only)
    span = faults.span
    fewest, most = bounds(chords) if chords is not None else (span, span + _MORE_CHORDS)
    if most < span:
        raise InputError(Diagnostic("bad-length", f"'{rule_id}' cannot be broken in {most} chords",
                                    expected=f"{span} chords or more"))
    homes = [key for key in _homes(style, keys) if faults.cores(key.is_minor)]
    if not homes:
        raise faults.none()
    options = str(name.file) if isinstance(name, Style) else name

    @st.composite
    def drawn(draw: Any) -> Score:
        task, voices = faults.draw(DrawnChance(draw), homes, max(fewest, span), most)
        return DrawnScore.of(task.score(voices, {"style": style.name, "fault": rule_id}), style, options)

    return drawn()


def _homes(style: Style, keys: Keys) -> list[Key]:
    """The keys asked for, or the plainest of each mode."""
    found = keys_of(style, keys)
    return found if keys is not None else list({key.mode: key for key in reversed(found)}.values())[::-1]


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
        self.meter = style.meters[0] if style.meters else Meter(4, 4)
        self.unit = Lengths(style, resolve_parameters(style, {})).unit(self.meter)
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
            for core, _ in zip(self._candidates(minor, length), range(_MOST_TRIED), strict=False):
                if isinstance(self.solve(Row(home, core.texts, core.upbeat, length - 1))[1], Voices):
                    found.append(core)
                    if len(found) == _ENOUGH:
                        break
            length += 1
        yield from found

    def _candidates(self, minor: bool, length: int) -> Iterator[Core]:
        plain = plain_numerals(minor)
        own = list(self._of_examples(minor, length))
        first = list(_by_rank(plain[:PLAIN], length))[: _MOST_TRIED // 4]
        rest = _by_rank(tuple(dict.fromkeys([*(text for texts in own for text in texts), *plain])), length)
        for texts in dict.fromkeys([*first, *own]):
            yield Core(texts)
        for texts in dict.fromkeys([*first[:PLAIN], *own]):
            yield Core(texts, 1)
        for texts in rest:
            if texts not in first and texts not in own:
                yield Core(texts)

    def _of_examples(self, minor: bool, length: int) -> Iterator[tuple[str, ...]]:
        """Successive chords of the rule's bad examples."""
        examples = (*self.rule.bad, *(text for one in self.rule.unless for text in one.bad))
        for example in examples:
            for match in _CHORDS.finditer(example):
                words = [_NOT_PART_OF_A_CHORD.sub("", word) for word in match["chords"].split()]
                chords = [word for word in words if word and word[-1] != ":" and word not in ("//", "r")]
                if Key.parse(match["key"].strip()).is_minor == minor and len(chords) == len(words):
                    yield from zip(*(chords[start:] for start in range(length)), strict=False)

    # drawing

    def draw(self, chance: Chance, keys: Sequence[Key], fewest: int, most: int) -> tuple[Task, Any]:
        """A progression with a fault in it, and voices for it."""
        retraced = Retraced(chance)
        while True:
            row = self._row(retraced, keys, fewest, most)
            task, voices = self.solve(row)
            if isinstance(voices, Voices):
                return task, voices.draw(chance)
            if not retraced.retrace(len(row.texts) + _CHOICES):
                raise self.none()

    def _row(self, chance: Chance, keys: Sequence[Key], fewest: int, most: int) -> Row:
        """Chords: how many, their key, those with the fault, how many go before, and then each of the others."""
        count = fewest + chance.below(most - fewest + 1)
        key = keys[chance.below(len(keys))]
        cores = [core for core in self.cores(key.is_minor) if len(core.texts) <= count]
        core = cores[chance.below(len(cores))]
        before = chance.below(count - len(core.texts) + 1)
        texts = list(core.texts)
        for place in range(count - len(core.texts)):
            goes_before = place < before
            plain = _neighbours(self.style, key.is_minor, texts[0] if goes_before else texts[-1], goes_before)
            chord = plain[chance.below(len(plain))]
            texts = [chord, *texts] if goes_before else [*texts, chord]
        return Row(key, tuple(texts), core.upbeat, before + len(core.texts) - 1)

    def solve(self, row: Row) -> tuple[Task, Voices | DeadEnd]:
        """Chords with all voices that have the fault, or where these end."""
        if row not in self._solved:
            line = f"{_word(row.key)}: {' '.join(row.texts)}"
            task = _task(line, row.upbeat, self.style, self.meter, self.unit)
            places = (row.place,) if self.rule.over in WINDOWS else None
            problem = require(task.problem, [Demand(self.rule.name, places)], self.only)
            self._solved[row] = task, self._voices(problem)
            if len(self._solved) > _KEPT:
                self._solved.popitem(last=False)
        return self._solved[row]

    def _voices(self, problem: Problem) -> Voices | DeadEnd:
        if self._workshop is None:
            self._workshop = Workshop(problem.rules, problem.ensemble)
        try:
            return Voices(Solutions(problem, self._workshop), self.style.temperature)
        except DeadEnd as end:
            return end


def _task(line: str, upbeat: int, style: Style, meter: Meter, unit: Any) -> Task:
    assert style.ensemble is not None
    read: Progression = parse_roman_line(line, style.ensemble, meter, unit)
    pickup = unit * upbeat % meter.bar_length
    return Progression(read.chords, read.meters, read.key, pickup).task(style)


@cache
def _neighbours(style: Style, minor: bool, text: str, before: bool) -> tuple[str, ...]:
    """Plain chords that may stand beside a chord: with some voices no hard rule is broken."""
    meter = style.meters[0] if style.meters else Meter(4, 4)
    unit = Lengths(style, resolve_parameters(style, {})).unit(meter)
    plain = plain_numerals(minor)[:AROUND]
    some = f"{{{'|'.join(plain)}}}"
    line = f"{'a' if minor else 'C'}: {some} {text}" if before else f"{'a' if minor else 'C'}: {text} {some}"
    try:
        trellis = trellis_of(_task(line, 0, style, meter, unit).problem, studio_of(style).workshop)
    except DeadEnd:
        return plain
    place = 0 if before else 1
    pool = trellis.pools[place]
    found = {pool.wanted[choice].slot.chord for choice in np.unique(pool.choice[trellis.candidates[place]]).tolist()}
    return tuple(one for one in plain if any(chord is not None and chord.text == one for chord in found))


def _by_rank(texts: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    """All rows of so many chords, those of chords that stand early in the list first; V I before all others."""
    ranks = {text: rank for rank, text in enumerate(texts)}
    rows = [row for row in product(texts[: 60 if length < 3 else 8], repeat=length)
            if all(one != other for one, other in pairwise(row)) or length > 3]
    rows.sort(key=lambda row: (sum(ranks[text] for text in row), row[-1] not in ("I", "i"),
                               [ranks[text] for text in row]))
    yield from rows


def _word(key: Key) -> str:
    return key.short if Key.parse(key.short) == key else str(key).replace(" ", "-")
