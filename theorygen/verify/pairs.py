"""The study of pairs: every two chords that can stand side by side, with their voicings and connections in each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from theorygen.compose.composition import solved_rules
from theorygen.grammar.symbols import mode_of_key
from theorygen.score.ensemble import Ensemble
from theorygen.solve.problem import Problem
from theorygen.solve.workshop import Workshop
from theorygen.theory import Key
from theorygen.verify.connections import Connections, Sides
from theorygen.verify.finding import Finding, Severity, Study, Subject
from theorygen.verify.neighbours import Found, Neighbours, neighbours
from theorygen.verify.standings import Standing
from theorygen.verify.telling import conflict_of, hint_of, line_of, listed, mend_of, told_why, word_of

FEW = 2
"""So few connections are a doubt: whatever else is asked may leave none."""

NAME = "pairs"


@dataclass
class _Case:
    """What is found of one pair of chords, or one chord, wherever it stands.

    Attributes:
        example: the first neighbours that had the fewest connections, or voicings of a chord.
        home: the home key they had so few in.
        counts: by home key the fewest of all its places.
        most: the most that it has at any place in any key.
    """

    example: Neighbours
    home: Key
    counts: dict[Key, int] = field(default_factory=dict)
    most: int = 0

    def add(self, key: Key, count: int, example: Neighbours) -> None:
        """Note a count."""
        if count < min(self.counts.values(), default=count):
            self.example, self.home = example, key
        self.most = max(self.most, count)
        self.counts[key] = min(count, self.counts.get(key, count))

    @property
    def is_given(self) -> bool:
        """Whether only given notes make it."""
        return self.example.is_given

    @property
    def dead(self) -> list[Key]:
        """Keys in which there is nothing."""
        return [key for key, count in self.counts.items() if not count]


class _Sounding(NamedTuple):
    """A standing in one key: its chords as sides, and how many voicings they have together."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    voicings: int


class PairStudy:
    """Counts what a style's chords and pairs of chords can be, and says what is wrong.

    Args:
        subject: the style.
        found: its neighbours, if they are known.
    """

    def __init__(self, subject: Subject, found: Found | None = None) -> None:
        assert subject.style.ensemble is not None
        self.style = subject.style
        self.ensemble: Ensemble = subject.style.ensemble
        self.rules = solved_rules(self.style)
        self.connections = Connections(self.rules, self.ensemble)
        self.workshop = Workshop(self.connections.hard, self.ensemble)
        self.found = found or neighbours(subject, self.connections.hard.names)
        self.voicings = 0
        self.ways = 0
        self._sounding: dict[Standing, _Sounding] = {}
        self._counts: Mapping[Sides, int] = {}

    def study(self) -> Study:
        """The study."""
        chords, pairs = self._cases(self.found.chords), self._cases(self.found.pairs)
        rarest = min((case for case in pairs if any(case.counts.values())),
                     key=lambda case: min(count for count in case.counts.values() if count), default=None)
        facts: dict[str, Any] = {
            "chords in their places": len(self.found.chords), "pairs in their places": len(self.found.pairs),
            "pairs of chords": len({_told_apart(case.example) for case in pairs}),
            "of these only under given notes": _only_given(pairs),
            "keys": sum(len(self._keys(mode)) for mode in self._modes()),
            "voicings": self.voicings, "connections": self.ways}
        if rarest is not None:
            facts["rarest pair"] = _rarest(rarest)
        findings = [*self._findings(chords), *self._findings(pairs)]
        order = {"error": 0, "warning": 1, "note": 2}
        findings.sort(key=lambda one: order[one.severity])
        return Study(NAME, "chords side by side that have no voicing or no connection", facts, tuple(findings),
                     self._bound())

    def _bound(self) -> str:
        keys = " and ".join(str(self._keys(mode)[0]) for mode in self._modes())
        told = [self.found.told] if self.found.told else []
        if any(one.is_given for one in self.found.pairs):
            told.append(f"pairs that only given notes make within phrases, in {keys}")
        return ", ".join(told)

    def _modes(self) -> list[str]:
        return list(dict.fromkeys(one.mode for one in (*self.found.pairs, *self.found.chords)))

    def _keys(self, mode: str) -> list[Key]:
        """The style's keys of a mode, the plainest first."""
        keys = dict.fromkeys(key for keys in self.style.keys.values() for key in keys
                             if key.is_minor == (mode == "minor"))
        return sorted(keys, key=lambda key: abs(key.signature))

    # counting

    def _cases(self, every: Sequence[Neighbours]) -> list[_Case]:
        """What is found, by chords and key: of all keys for composed pieces, of the plainest one for the rest."""
        cases: dict[Any, _Case] = {}
        for mode in self._modes():
            for number, home in enumerate(self._keys(mode)):
                some = [one for one in every if one.mode == mode and _is_asked(one, is_plainest=not number)]
                self._prepare(some, home)
                for one in some:
                    count = self._count(one)
                    if count is not None:
                        key = (_told_apart(one), one.is_given)
                        cases.setdefault(key, _Case(one, home)).add(home, count, one)
        return list(cases.values())

    def _prepare(self, some: Sequence[Neighbours], home: Key) -> None:
        """Count everything that is asked in a key at once."""
        standings = dict.fromkeys(standing for one in some for standing in one.standings)
        choices = {standing: standing.choices(home) for standing in standings}
        self.connections.prepare(choice for several in choices.values() for choice in several)
        self._sounding = {
            standing: _Sounding(tuple(self.connections.side(one, "before") for one in several),
                                tuple(self.connections.side(one, "after") for one in several),
                                sum(map(self.connections.voicings, several)))
            for standing, several in choices.items()}
        asked = dict.fromkeys(sides for one in some for sides in self._sides(one))
        self._counts = self.connections.count(asked)

    def _sides(self, one: Neighbours) -> Iterable[Sides]:
        """The pairs of chords that two standings are."""
        if one.after is None:
            return ()
        return product(self._sounding[one.before].before, self._sounding[one.after].after)

    def _count(self, one: Neighbours) -> int | None:
        """Voicings of a chord or connections of a pair; None for a pair of which a chord has no voicing."""
        if one.after is None:
            self.voicings += self._sounding[one.before].voicings
            return self._sounding[one.before].voicings
        if not all(self._sounding[standing].voicings for standing in one.standings):
            return None
        ways = sum(self._counts[sides] for sides in self._sides(one))
        self.ways += ways
        return ways

    # findings

    def _findings(self, cases: Sequence[_Case]) -> Iterator[Finding]:
        composed = [case for case in cases if not case.is_given]
        for case in composed:
            if len(case.dead) == len(case.counts):
                yield self._impossible(case)
            elif case.dead:
                yield self._sometimes(case)
            elif case.example.after is not None and min(case.counts.values()) <= FEW:
                yield self._rare(case)
        known = {_told_apart(case.example) for case in composed}
        given = [case for case in cases if case.is_given and case.dead and _told_apart(case.example) not in known]
        if given:
            yield self._avoided(given)

    def _impossible(self, case: _Case) -> Finding:
        where = _where(case.example) if case.most else ""
        return self._finding(case, "error", f"{_named(case.example)}{where} {_what(case.example)} in any key")

    def _sometimes(self, case: _Case) -> Finding:
        keys = ", ".join(map(str, case.dead))
        return self._finding(case, "warning", f"{_named(case.example)} {_what(case.example)} in {keys}")

    def _finding(self, case: _Case, severity: Severity, message: str) -> Finding:
        example, home = case.example, case.home
        why, hint = self._why(example, home)
        return Finding(_kind(example), severity, f"{message}: {why}", _about(example), example.marks[0],
                       example.marks[1:], self._proof(case), line_of(example.standings, home), hint, self._data(case))

    def _avoided(self, cases: Sequence[_Case]) -> Finding:
        """What only given notes make: chords are chosen together with the voices then, so nothing comes of it."""
        example, home = cases[0].example, cases[0].home
        what = "chords" if example.after is None else "pairs of chords"
        how = "voicing" if example.after is None else "connection"
        such = f"such as {_named(example)}; others are taken"
        return Finding(
            _kind(example), "note", f"{len(cases)} {what} that only given notes make have no {how}, {such}",
            _about(example), example.marks[0], example.marks[1:], self._proof(cases[0]),
            line_of(example.standings, home), data={what: [_named(case.example) for case in cases]})

    def _rare(self, case: _Case) -> Finding:
        example, home = case.example, case.home
        count = case.counts[home]
        message = f"{_named(example)} has only {count} connection{'s' * (count > 1)} in {home}"
        return Finding("rare-pair", "warning", message, _about(example), example.marks[0], example.marks[1:],
                       self._proof(case), line_of(example.standings, home),
                       "see that what stands around it leaves one of them", self._data(case))

    def _why(self, example: Neighbours, home: Key) -> tuple[str, str]:
        """Why there is nothing, and what would mend it."""
        choices = [standing.choices(home) for standing in example.standings]
        if not all(choices):
            return "the key has no such chord", "write another chord, or take the key out of the style"
        if len(choices) == 1:
            problem = Problem(example.positions(home), self.connections.hard, self.ensemble, True, True)
            conflict = conflict_of(problem, self.workshop)
            return told_why(conflict), hint_of(conflict, self.ensemble)
        self.connections.prepare(choice for several in choices for choice in several)
        broken = min((self.connections.fewest_broken(one, other) for one, other in product(*choices)
                      if self.connections.voicings(one) and self.connections.voicings(other)), key=len)
        return f"every way breaks {listed(broken)}{' at least' * (len(broken) > 1)}", mend_of(broken)

    def _proof(self, case: _Case) -> str:
        keys = f"{len(case.counts)} key{'s' * (len(case.counts) > 1)}"
        return f"all voicings in {keys} counted"

    def _data(self, case: _Case) -> dict[str, Any]:
        return {"counts": {str(key): count for key, count in case.counts.items()},
                "parameters": dict(case.example.values), "mode": case.example.mode}


def study(subject: Subject, found: Found | None = None) -> Study:
    """Every two chords the grammar can put side by side: how many voicings and connections they have.

    Counts are exact, under the hard rules that the solver keeps. Pairs that composed pieces can have are counted in all
    keys of the style; those that only given notes make, within phrases and in the plainest key of their mode.

    Args:
        subject: the style.
        found: its neighbours, if they are known already.
    """
    if subject.style.ensemble is None or subject.style.harmony is None or subject.style.form is None:
        return Study(NAME, "chords side by side that have no voicing or no connection",
                     bound="the style is only a base for others")
    return PairStudy(subject, found).study()


def _told_apart(one: Neighbours) -> Any:
    """What makes neighbours one pair of chords: all but their places and, where it stays the same, their key."""
    keys = tuple(dict.fromkeys(standing.key for standing in one.standings))
    return (keys if len(keys) > 1 else mode_of_key(keys[0]),
            *((standing.chords, standing.degrees, standing.place.region) for standing in one.standings),
            one.after is not None and one.after.place.first)


def _is_asked(one: Neighbours, is_plainest: bool) -> bool:
    """Whether neighbours are counted in the plainest key of their mode, or in another."""
    return not one.is_given or (is_plainest and (one.after is None or not one.after.place.first))


def _only_given(cases: Sequence[_Case]) -> int:
    """How many pairs of chords only given notes make."""
    composed = {_told_apart(case.example) for case in cases if not case.is_given}
    return len({_told_apart(case.example) for case in cases} - composed)


def _named(example: Neighbours) -> str:
    if example.after is None:
        return f"{word_of(example.before)} ({mode_of_key(example.before.key)})"
    where = " of the next phrase" if example.after.place.first else ""
    change = f" in {example.after.key}" if example.after.key != example.before.key else ""
    chords = f"{word_of(example.before)} before {word_of(example.after)}"
    return f"{chords}{change}{where} ({mode_of_key(example.before.key)})"


def _kind(example: Neighbours) -> str:
    return "unvoiceable-chord" if example.after is None else "unconnectable-pair"


def _what(example: Neighbours) -> str:
    return "has no voicing" if example.after is None else "cannot be connected"


_BEATS = ("off the beat", "on a weak beat", "on a strong beat", "on the first beat")


def _where(example: Neighbours) -> str:
    """Where in their bars chords stand."""
    return ", " + " and then ".join(_BEATS[one.place.strength] for one in example.standings) + ","


def _about(example: Neighbours) -> str:
    return " ".join(map(str, example.standings))


def _rarest(case: _Case) -> str:
    home = min((key for key, count in case.counts.items() if count), key=lambda key: case.counts[key])
    return f"{line_of(case.example.standings, home)} ({case.counts[home]} connections)"

