"""Composing: a plan is drawn, voiced exactly, and written down as a score that knows where each note came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from theorygen.compose.plan import Plan, PlannedChord, Planner, Unplannable
from theorygen.compose.stretches import NO_CADENCE, NO_REGION, Moment, Origin
from theorygen.compose.tasks import Task, places_of, with_relations
from theorygen.grammar.style import Style, resolve_parameters
from theorygen.rules.check import Violation, check
from theorygen.rules.rule import THOUSAND
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.score.score import Score
from theorygen.solve.answers import Solution, sample
from theorygen.solve.conflict import explain_dead_end
from theorygen.solve.problem import Choice, Position, Problem
from theorygen.solve.trellis import DeadEnd, prepare_tables
from theorygen.solve.workshop import Workshop
from theorygen.source.chance import Chance
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import Key

BLOCK_GRIDS = ("skeleton", "attacks", "chords")
"""In block chords every chord is an attack: rules on these grids are solved. Rules on sparser grids are reported."""

MOST_SECONDS = 20
"""So long an engine that searches may search for one voicing."""

MOST_ATTEMPTS = 200
"""Plans drawn before giving up; drawing until one can be voiced is exactly the law conditioned on being voiceable."""


@dataclass(frozen=True)
class Composition:
    """A finished piece.

    Attributes:
        style: the style it follows.
        seed: the seed it was drawn with.
        plan: its form, phrases and chords.
        solution: the voicing.
        score: the music.
        attempts: plans drawn until one could be voiced.
    """

    style: Style
    seed: int
    plan: Plan
    solution: Solution
    score: Score
    attempts: int

    @property
    def cost(self) -> Fraction:
        """What the weighted rules charge in all."""
        return Fraction(self.solution.cost, THOUSAND)

    @cached_property
    def violations(self) -> list[Violation]:
        """Everything the checker says of the score: only weighted rules."""
        return check(self.score, self.style.rules)

    @cached_property
    def costs(self) -> dict[str, Fraction]:
        """What each weighted rule that was solved charges, the dearest first; together the cost of the piece."""
        sums: dict[str, int] = {}
        for violation in check(self.score, solved_rules(self.style)):
            sums[violation.rule] = sums.get(violation.rule, 0) + violation.cost
        dearest_first = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
        return {rule: Fraction(cost, THOUSAND) for rule, cost in dearest_first}

    def to_data(self) -> dict[str, Any]:
        """Everything but the score, as plain data: see the JSON reference."""
        return {
            "style": self.style.name, "seed": self.seed, "key": str(self.plan.key),
            "parameters": dict(self.plan.parameters), "attempts": self.attempts, "cost": float(self.cost),
            "costs": {rule: float(cost) for rule, cost in self.costs.items()},
            "form": self.plan.form.to_data(), "phrases": [phrase.harmony.to_data() for phrase in self.plan.phrases],
        }

    def where_from(self, onset: Fraction | int, voice: str) -> Mapping[str, Any]:
        """Where the note of a voice sounding at ``onset`` (quarter lengths) came from: chord, member, path.

        Raises:
            TheoryError: there is no such voice.
        """
        events = self.score.voice(voice).events
        return next((event.provenance or {} for event in events if event.onset <= onset < event.end), {})


class Composer:
    """Composes in one style under fixed parameters; tables are shared from piece to piece.

    Args:
        style: the style.
        parameters: values of some parameters, as texts or values.

    Raises:
        InputError: a parameter is unknown or out of range.
    """

    def __init__(self, style: Style, parameters: Mapping[str, Any] | None = None) -> None:
        self.style = style
        self.parameters = resolve_parameters(style, {name: str(value) for name, value in (parameters or {}).items()})
        self.planner = Planner(style, self.parameters)
        assert style.ensemble is not None
        self.ensemble: Ensemble = style.ensemble
        self.workshop = Workshop(solved_rules(style), self.ensemble)
        self._first: dict[tuple[int, Key | None], tuple[Plan, Task] | None] = {}

    def prepare(self, seeds: Sequence[int], key: Key | str | None = None) -> None:
        """Make the tables of several pieces at once: composing them is then faster, and the same.

        Raises:
            TheoryError: the key cannot be read.
        """
        home = Key.parse(key) if isinstance(key, str) else key
        self._first = {(seed, home): self._planned(Chance(seed), home, 0) for seed in seeds}
        prepare_tables([found[1].problem for found in self._first.values() if found], self.workshop)

    def compose(self, seed: int, key: Key | str | None = None) -> Composition:
        """One piece.

        Args:
            seed: any whole number; the same seed gives the same piece.
            key: home key; default one of the style's, drawn.

        Raises:
            NoSolution: no plan drawn can be voiced; the last one says why.
            InputError: no form drawn has a harmony, or a chord cannot be; the last one says why.
            TheoryError: the key cannot be read.
        """
        home = Key.parse(key) if isinstance(key, str) else key
        chance = Chance(seed)
        for attempt in range(MOST_ATTEMPTS):
            is_last = attempt == MOST_ATTEMPTS - 1
            if attempt == 0 and (seed, home) in self._first:
                found = self._first.pop((seed, home))
            else:
                found = self._planned(chance, home, attempt, explain=is_last)
            if found is None:
                continue
            plan, task = found
            solution = self.voice(task, chance.child("voices", attempt), explain=is_last)
            if solution:
                score = task.score(solution, {"style": self.style.name, "seed": seed})
                return Composition(self.style, seed, plan, solution, score, attempt + 1)
        raise AssertionError("the last attempt either succeeds or explains why not")

    def _planned(self, chance: Chance, key: Key | None, attempt: int,
                 explain: bool = False) -> tuple[Plan, Task] | None:
        """One plan with its task, or None when the harmony has not every phrase of the form drawn.

        Raises:
            Unplannable: it has not, and ``explain`` asks why.
        """
        try:
            plan = self.planner.plan(chance, key, attempt)
        except Unplannable:
            if explain:
                raise
            return None
        return plan, task_of(plan, self.style)

    def voice(self, task: Task, chance: Chance, explain: bool = True) -> Solution | None:
        """A voicing of a task: P proportional to exp(-cost / temperature); None when it has none.

        Where rules bind notes that stand apart it is the best one that an engine for them finds: these do not draw.

        Raises:
            NoSolution: there is none, and ``explain`` asks why.
        """
        if task.problem.relations:
            return self._related(task, explain)
        try:
            return sample(task.problem, chance, self.style.temperature, self.workshop)
        except DeadEnd as end:
            if explain:
                raise explain_dead_end(task.problem, end.position, self.workshop).located(task.where) from None
            return None


    def _related(self, task: Task, explain: bool) -> Solution | None:
        """The best voicing of a task whose notes depend on each other far apart.

        Raises:
            InputError: nothing was found, and ``explain`` asks why; or no engine is there.
        """
        from theorygen.solve.engines import choose

        engine, _ = choose(task.problem)
        found = engine.best(task.problem, self.workshop, MOST_SECONDS).solution
        if found is None and explain:
            raise InputError(Diagnostic(
                "no-solution", f"no piece of '{self.style.name}' was found that keeps its relations", None,
                remedy="shorten the piece, or ask less of its relations"))
        return found


def compose(style: Style, seed: int, key: Key | str | None = None,
            parameters: Mapping[str, Any] | None = None) -> Composition:
    """One piece in a style: see `Composer`, which is faster for several."""
    return Composer(style, parameters).compose(seed, key)


def solved_rules(style: Style) -> RuleSet:
    """The rules of a style that are kept while composing; the others are judged on the finished score."""
    return solved(style.rules)


def solved(rules: RuleSet) -> RuleSet:
    """Those of some rules that the solver keeps in block chords."""
    return rules.on(BLOCK_GRIDS).solved


def task_of(plan: Plan, style: Style) -> Task:
    """A plan as something to be voiced."""
    assert style.ensemble is not None
    problem = problem_of(plan, style, style.ensemble)
    return with_relations(Task(
        style, problem, moments_of(plan.chords), ((Fraction(0), plan.meter),), ((Fraction(0), plan.key),), plan.pickup,
        Fraction(plan.tempo), style.title))


def problem_of(plan: Plan, style: Style, ensemble: Ensemble) -> Problem:
    """The voicing problem of a plan."""
    places = places_of(moments_of(plan.chords), plan.measures)
    positions = (choices_of(chord, place, ensemble) for chord, place in zip(plan.chords, places, strict=True))
    return Problem(tuple(positions), solved_rules(style), ensemble)


def moments_of(chords: Sequence[PlannedChord]) -> tuple[Moment, ...]:
    """Where chords lie in time."""
    return tuple(Moment(chord.onset, chord.duration, chord.phrase) for chord in chords)


def choices_of(chord: PlannedChord, place: Slot, ensemble: Ensemble) -> Position:
    """A chord of a plan at its place, with what is asked of its voices."""
    place = replace(place, cadence=chord.cadence or NO_CADENCE, region=chord.region or NO_REGION)
    origin = Origin(chord.path, chord.pivot)
    choices = tuple(Choice(replace(place, chord=numeral), weight, origin=origin)
                    for numeral, weight in chord.alternatives)
    return Position(choices, {ensemble.names.index(name): degrees for name, degrees in chord.degrees.items()})
