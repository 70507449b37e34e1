"""The least bad solution where there is none: as few hard rules broken as possible, then the chords given, then cost.

Guided by conflicts: what the first conflict names may be broken at a price, then what the next one names, until there
is a solution. Conflicts share nothing, so there is no solution with fewer faults than conflicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from theorygen.rules.rule_set import RuleSet
from theorygen.solve.answers import Solution, best
from theorygen.solve.basics import is_of_chord
from theorygen.solve.conflict import NoSolution, Reason, shortest_stretch
from theorygen.solve.conflict_search import Search
from theorygen.solve.elements import Element, less, stretch_of, told_apart
from theorygen.solve.judging import Broken, broken
from theorygen.solve.minimal import fewest_of_each
from theorygen.solve.problem import Problem
from theorygen.solve.singing import unsingable
from theorygen.solve.trellis import DeadEnd
from theorygen.solve.workshop import Workshop
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import Pitch

PRICE = 1 << 40
"""What a broken hard rule costs, in thousandths: more than all that follows together."""

OTHER_CHORD = 1 << 32
"""What it costs beyond that if a chord is not the one given then, in its notes, bass or spelling: more than all
weighted rules of any piece together."""

MOST_CONFLICTS = 100
"""So many conflicts are looked for before giving up."""

MOST_TRIALS, MOST_STEPS = 24, 10_000
"""So many smaller sets of faults are tried, and so long each is looked for, to prove that there are no fewer."""


@dataclass(frozen=True)
class LeastBad:
    """A solution that breaks some hard rules, and says which.

    Attributes:
        solution: notes and chords; its cost is that of the weighted rules.
        faults: the windows that break hard rules.
        relaxed: what else is not as asked: notes outside a range or chord that no fault tells of, degrees, the harmony.
        proven: whether there is proof that no solution has fewer faults, once this much is given up.
    """

    solution: Solution
    faults: tuple[Broken, ...]
    relaxed: tuple[Element, ...]
    proven: bool

    def __str__(self) -> str:
        count = len(self.faults) + len(self.relaxed)
        faults = "1 fault" if count == 1 else f"{count} faults"
        return f"{faults}, the fewest there can be" if self.proven else f"{faults}, not proven to be the fewest"


def least_bad(problem: Problem, workshop: Workshop | None = None) -> LeastBad:
    """The solution with the fewest faults against hard rules.

    Of those found it is one that leaves as many chords as can be as they are given, and of these the one of least cost.
    Notes given stay as they are. One that is outside its voice's range, or outside the chord, stands all the same; only
    where even that does not help, degrees asked for are given up, and last the harmony.

    Args:
        problem: what to solve, whether it has a solution or not.
        workshop: tables of the problem's rules and ensemble, if there are some already.

    Raises:
        NoSolution: notes given contradict each other, or more than `MOST_CONFLICTS` conflicts stand in the way.
        InputError: faults are required.
    """
    if problem.tally is not None:
        raise InputError(Diagnostic("least-bad-faults", "faults that are required are not to be avoided, too",
                                    remedy="ask for the faults, or for the least bad music"))
    return _Relaxing(problem, problem, workshop).least_bad()


@dataclass
class _Relaxing:
    """What has been given up so far."""

    problem: Problem
    original: Problem
    workshop: Workshop | None
    conflicts: list[list[Element]] = field(default_factory=list)
    given_up: list[Element] = field(default_factory=list)

    def least_bad(self) -> LeastBad:
        """Give up what conflicts until there is a solution; then try whether less would do."""
        self._let_voices_sing()
        for number in range(MOST_CONFLICTS):
            current = self._with_prices(list(chain.from_iterable(self.conflicts)))
            workshop = self.workshop if number == 0 else Workshop(current.rules, current.ensemble)
            try:
                return self._proven(best(current, workshop), current)
            except DeadEnd as end:
                self._give_up(current, end.position, workshop)
        raise NoSolution(self.original, 0, len(self.original.positions), ())

    # what is given up before any rule

    def _let_voices_sing(self) -> None:
        """Let voices sing notes given outside their range or the chord; degrees that contradict them go."""
        for conflict in iter(lambda: unsingable(self.problem), []):
            self._surrender(conflict[0])

    def _surrender(self, conflict: Sequence[Element]) -> None:
        """Give up something of a conflict that no rule is part of: a bound of a note given, a degree, the harmony.

        Raises:
            NoSolution: nothing of it can be given up.
        """
        voices = {one.voice for one in conflict if one.kind == "given"}
        order = [one for one in conflict if one.kind in ("range", "chord") and one.voice in voices]
        order += [one for one in conflict if one.kind == "degree"]
        order += [one for one in conflict if one.kind == "harmony"]
        if not order:
            place = conflict[0].position or 0
            raise NoSolution(self.problem, place, place + 1, [Reason(one) for one in conflict])
        self.given_up.append(order[0])
        self.problem = less(self.problem, order[0])

    # rules at a price

    def _with_prices(self, elements: Collection[Element]) -> Problem:
        """The problem in which these rules may be broken at these places."""
        places = {one.position for one in elements if one.position is not None}
        apart = told_apart(self.problem, places)
        rules = []
        for rule in self.problem.rules.solved.rules:
            here = {one.position for one in elements if rule.hard and one.rule == rule.name}
            free = replace(rule, hard=False, weight=PRICE + OTHER_CHORD * is_of_chord(rule.rule))
            if None in here:
                rules.append(apart.everywhere(free))
            elif here:
                some = {place for place in here if place is not None}
                rules += [apart.except_at(rule, some), apart.only_at(free, some)]
            else:
                rules.append(apart.everywhere(rule))
        return replace(apart.problem, rules=RuleSet(tuple(rules)))

    def _give_up(self, current: Problem, position: int, workshop: Workshop | None) -> None:
        """Find the next conflict; its rules may be broken, or something else is given up where it has none."""
        conflict = _conflict(current, position, workshop)
        if any(one.kind == "rule" for one in conflict):
            self.conflicts.append(conflict)
        else:
            self._surrender(conflict)

    # proof

    def _proven(self, solution: Solution, current: Problem) -> LeastBad:
        """The solution or a better one; proven when the conflicts found cannot all be met with fewer faults.

        Any solution breaks something of every conflict, and one that is better than the best of those that break
        nothing else breaks something else, too. To learn more, the fewest things that have a part in all conflicts are
        tried: either they suffice, or there is another conflict.
        """
        bound = len(self.conflicts)
        for _ in range(MOST_TRIALS):
            if solution.cost // PRICE <= bound + 1:
                break
            fewest = fewest_of_each(self.conflicts, MOST_STEPS)
            if fewest is None:
                break
            bound = len(fewest)
            trial = self._with_prices(fewest)
            try:
                found = best(trial, Workshop(trial.rules, trial.ensemble))
            except DeadEnd as end:
                self._give_up(trial, end.position, None)
                current = self._with_prices(list(chain.from_iterable(self.conflicts)))
                solution = best(current, Workshop(current.rules, current.ensemble))
                continue
            if found.cost // PRICE < solution.cost // PRICE:
                solution, current = found, trial
            return self._read(solution, current, solution.cost // PRICE <= bound)
        return self._read(solution, current, solution.cost // PRICE <= bound + 1)

    def _read(self, solution: Solution, current: Problem, proven: bool) -> LeastBad:
        """The solution in terms of the problem first asked for."""
        choices = tuple(self.original.positions[start].choices[current.positions[start].choices.index(choice)]
                        for start, choice in zip(solution.starts, solution.choices, strict=True))
        plain = replace(solution, choices=choices, cost=solution.cost % OTHER_CHORD)
        faults = broken(self.original, plain, self.original.rules.solved.hard)
        told = {(one.position, one.voices) for one in faults}
        relaxed = [one for one in _out_of_bounds(self.original, plain) if (one.position, (one.voice,)) not in told]
        relaxed += [one for one in self.given_up if one.kind not in ("range", "chord")]
        return LeastBad(plain, tuple(faults), tuple(relaxed), proven)


def _conflict(problem: Problem, position: int, workshop: Workshop | None) -> list[Element]:
    """A minimal conflict of rules at places, or of demands."""
    start, stop = shortest_stretch(problem, position, workshop or Workshop(problem.rules, problem.ensemble))
    return [one.shifted(start) for one in Search(stretch_of(problem, start, stop)).rule_conflict()]


def _out_of_bounds(problem: Problem, solution: Solution) -> Iterator[Element]:
    """Notes outside the range of their voice, and notes outside the chord."""
    for start, choice, pitches in zip(solution.starts, solution.choices, solution.pitches.tolist(), strict=True):
        for voice, code in enumerate(pitches):
            pitch, chord = Pitch.from_code(code), choice.slot.chord
            if not problem.ensemble.voices[voice].contains(pitch):
                yield Element("range", start, voice=voice)
            if chord is not None and pitch.pitch_class not in chord.pitch_classes:
                yield Element("chord", start, voice=voice)
