"""Why there is no solution: the shortest stretch without one, and rules and givens none of which can stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from theorygen.rules.rule_set import RuleSet
from theorygen.solve.problem import Position, Problem
from theorygen.solve.trellis import DeadEnd, build_trellis
from theorygen.solve.workshop import Workshop


@dataclass(frozen=True)
class Asked:
    """Something asked of one position.

    Attributes:
        position: index of the position.
        voice: number of the voice.
        given: whether pitches were given; otherwise scale degrees were asked for.
    """

    position: int
    voice: int
    given: bool


class NoSolution(Exception):
    """No voicing obeys all hard rules.

    Attributes:
        start: index of the first position of the shortest stretch found without a solution.
        stop: index after its last position.
        rules: hard rules that cannot all be kept there; without any one of them the stretch has a solution.
        asked: givens and degrees that belong to the conflict in the same sense.
        problem: the problem.
        where: the stretch as measures and beats, when whoever asked knows them.
    """

    where: str = ""

    def __init__(self, problem: Problem, start: int, stop: int, rules: tuple[str, ...],
                 asked: tuple[Asked, ...]) -> None:
        self.problem = problem
        self.start = start
        self.stop = stop
        self.rules = rules
        self.asked = asked
        super().__init__(str(self))

    def __str__(self) -> str:
        chords = " ".join("|".join(str(choice.slot.chord) for choice in position.choices)
                          for position in self.problem.positions[self.start : self.stop])
        asked = [f"{'the notes given' if one.given else 'the degree asked'} in the "
                 f"{self.problem.ensemble.names[one.voice]} of chord {one.position + 1}" for one in self.asked]
        reasons = ", ".join([*self.rules, *asked]) or "no voice can sing a note of the chord"
        where = f"{self.where}: " if self.where else ""
        return f"{where}no voicing of {chords} (chords {self.start + 1} to {self.stop}) obeys: {reasons}"


def explain_dead_end(problem: Problem, position: int) -> NoSolution:
    """The conflict behind a position that nothing reaches.

    Args:
        problem: a problem without solution.
        position: index of the first position that cannot be reached, or of the last one.

    Raises:
        ValueError: the problem has a solution.
    """
    count = len(problem.positions)
    stop = next((stop for stop in range(position + 1, count + 1) if _fails(problem.part(0, stop))), None)
    if stop is None:
        raise ValueError("the problem has a solution")
    start = next(start for start in range(stop - 1, -1, -1) if _fails(problem.part(start, stop)))
    stretch = problem.part(start, stop)
    elements: list[_Element] = [*dict.fromkeys(rule.name for rule in problem.rules.hard), *_asked(stretch)]
    if _fails(_kept(stretch, [])):
        return NoSolution(problem, start, stop, (), ())
    conflict = _minimal(stretch, [], elements, False)
    asked = tuple(replace(one, position=one.position + start) for one in conflict if isinstance(one, Asked))
    return NoSolution(problem, start, stop, tuple(one for one in conflict if isinstance(one, str)), asked)


_Element = str | Asked


def _fails(problem: Problem) -> bool:
    try:
        build_trellis(problem, Workshop(problem.rules, problem.ensemble))
    except DeadEnd:
        return True
    return False


def _asked(problem: Problem) -> list[Asked]:
    """Everything asked of the positions of a problem."""
    return [Asked(index, voice, given) for index, position in enumerate(problem.positions)
            for given, voices in ((False, position.degrees), (True, position.given)) for voice in voices]


def _kept(problem: Problem, elements: Sequence[_Element]) -> Problem:
    """The problem with only some of its hard rules and demands, and no weighted rules."""
    rules = frozenset(one for one in elements if isinstance(one, str))
    asked = frozenset(one for one in elements if isinstance(one, Asked))
    positions = tuple(_with_asked(position, index, asked) for index, position in enumerate(problem.positions))
    kept = RuleSet(tuple(rule for rule in problem.rules.hard if rule.name in rules))
    return replace(problem, positions=positions, rules=kept)


def _with_asked(position: Position, index: int, asked: frozenset[Asked]) -> Position:
    degrees = {voice: value for voice, value in position.degrees.items() if Asked(index, voice, False) in asked}
    given = {voice: value for voice, value in position.given.items() if Asked(index, voice, True) in asked}
    return replace(position, degrees=degrees, given=given)


def _minimal(problem: Problem, base: list[_Element], elements: list[_Element], tested: bool) -> list[_Element]:
    """A minimal subset of ``elements`` that with ``base`` has no solution (Junker's QuickXplain)."""
    if tested and _fails(_kept(problem, base)):
        return []
    if len(elements) == 1:
        return elements
    half = len(elements) // 2
    first, second = elements[:half], elements[half:]
    needed_second = _minimal(problem, [*base, *first], second, bool(first))
    needed_first = _minimal(problem, [*base, *needed_second], first, bool(needed_second))
    return needed_first + needed_second
