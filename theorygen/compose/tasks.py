"""Tasks: a voicing problem together with the times, bars and keys that make its solutions scores."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

from theorygen.compose.stretches import Moment, Stretch, chord_event, chords_of, gaps
from theorygen.grammar.style import Style
from theorygen.rules.rule_set import RuleSet
from theorygen.rules.world import Slot
from theorygen.score.ensemble import Ensemble
from theorygen.score.event import Event
from theorygen.score.location import Location
from theorygen.score.part import arrange
from theorygen.score.score import Score
from theorygen.score.timeline import Bar, Measure, measures_of
from theorygen.solve.answers import Solution
from theorygen.solve.problem import Problem
from theorygen.theory import Key, Meter


@dataclass(frozen=True)
class Task:
    """Something to be voiced: a problem, and all that turns its solutions into scores.

    Attributes:
        style: the style it is to follow.
        problem: what is to be solved.
        moments: one for each position of the problem, in time order; between them all voices rest.
        meters: (onset, meter) in order, the first at 0.
        keys: (onset, key) in order, the first at 0: the key signatures.
        pickup: length of the incomplete first bar, quarter lengths.
        tempo: quarter notes a minute.
        title: printed above.
        composer: printed at the right.
        locked: names of voices with events that stand as they are, in time order; the voicing fills the gaps.
        figures: (onset, one stack of figured bass) as given, in order.
        bars: every bar, where meters and pickup do not give them; see `Score`.
        holds: times at which a voice that keeps its note does not strike it anew.
        faults: hard rules that its solutions are to break.
        rules: what its scores are held to; None: the rules of the style.
    """

    style: Style
    problem: Problem
    moments: tuple[Moment, ...]
    meters: tuple[tuple[Fraction, Meter], ...]
    keys: tuple[tuple[Fraction, Key], ...]
    pickup: Fraction = Fraction(0)
    tempo: Fraction = Fraction(80)
    title: str = ""
    composer: str = ""
    locked: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    figures: tuple[tuple[Fraction, str], ...] = ()
    bars: tuple[Bar, ...] = ()
    holds: frozenset[Fraction] = frozenset()
    faults: frozenset[str] = frozenset()
    rules: RuleSet | None = None

    @property
    def judged(self) -> RuleSet:
        """The rules that its scores are held to."""
        return self.rules or self.style.rules

    @property
    def ensemble(self) -> Ensemble:
        """The voices."""
        return self.problem.ensemble

    @property
    def end(self) -> Fraction:
        """When the last position stops, in quarter lengths."""
        return self.moments[-1].end

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The bars, a pickup first."""
        return measures_of(self.meters, self.pickup, self.end, self.bars)

    @cached_property
    def fermatas(self) -> frozenset[Fraction] | None:
        """Ends of the notes under fermatas where a voice is given whole with its own; None where cadences have them."""
        found = [event.end for events in self.locked.values() if events and events[-1].end >= self.end
                 for event in events if event.fermata]
        return frozenset(found) or None

    def score(self, solution: Solution, metadata: Mapping[str, Any] | None = None) -> Score:
        """The music of a solution.

        Args:
            solution: a solution of the problem.
            metadata: words and numbers to keep with the score, such as style and seed.
        """
        stretches = tuple(self._stretches(solution))
        events = {name: tuple(self._events(stretches, voice, name)) for voice, name in enumerate(self.ensemble.names)}
        return Score(
            parts=arrange(self.ensemble, events), meters=self.meters, keys=self.keys,
            chords=tuple(chords_of(stretches)), title=self.title,
            composer=self.composer, tempo=self.tempo, pickup=self.pickup, ensemble=self.ensemble,
            metadata=metadata or {}, bars=self.bars, figures=self.figures)

    def where(self, start: int, stop: int) -> str:
        """Some successive positions as a musician says it: "measure 2, beat 3 to measure 3, beat 1".

        Args:
            start: index of the first.
            stop: index after the last.
        """
        return " to ".join(dict.fromkeys(str(self.location(index)) for index in (start, stop - 1)))

    def location(self, position: int) -> Location:
        """Measure and beat of a position."""
        onset = self.moments[position].onset
        measure = _measure_at(self.measures, onset)
        return Location(measure.number, measure.meter.beat(measure.offset(onset)))

    def _stretches(self, solution: Solution) -> Iterator[Stretch]:
        """The chords of a solution, each through all positions until the next one begins."""
        starts = solution.starts
        for row, (start, stop) in enumerate(zip(starts, [*starts[1:], len(self.moments)], strict=True)):
            moment, choice = self.moments[start], solution.choices[row]
            given = self.problem.positions[start].given.keys() | choice.given.keys()
            event = chord_event(choice, moment, self.moments[stop - 1].end)
            goes_on = stop < len(self.moments) and not solution.choices[row + 1].slot.arrives
            rests = frozenset([event.end] if event.cadence and not goes_on else [])
            yield Stretch(choice, event, tuple(map(int, solution.pitches[row])), frozenset(given),
                           rests if self.fermatas is None else self.fermatas)

    def _events(self, stretches: tuple[Stretch, ...], voice: int, name: str) -> Iterator[Event]:
        """One voice: what is locked, the notes of the chords around it, and rests where there is neither."""
        locked = self.locked.get(name, ())
        rests = frozenset(chain.from_iterable(stretch.rests for stretch in stretches))
        notes = []
        for stretch in stretches:
            notes += [stretch.note(voice, start, stop) for start, stop in gaps(stretch.event, locked)]
            notes += [stretch.kept(event, rests) for event in locked if stretch.begins(event)]
        end = Fraction(0)
        for event in self._held(sorted(notes, key=lambda event: event.onset)):
            if event.onset > end:
                yield Event(end, event.onset - end)
            yield event
            end = event.end

    def _held(self, notes: Sequence[Event]) -> Iterator[Event]:
        """The notes of a voice, those that go on made one with those before."""
        kept: Event | None = None
        for event in notes:
            goes_on = kept and kept.pitches and (kept.end, kept.pitches) == (event.onset, event.pitches)
            if kept and goes_on and event.onset in self.holds and not kept.tied_to_next:
                kept = replace(kept, duration=event.end - kept.onset, fermata=event.fermata)
                continue
            if kept:
                yield kept
            kept = event
        if kept:
            yield kept


def places_of(moments: Sequence[Moment], measures: Sequence[Measure]) -> tuple[Slot, ...]:
    """The place of each moment as rules see it, without chord, cadence and region."""
    phrases = [None, *(moment.phrase for moment in moments), None]
    places = []
    for index, moment in enumerate(moments):
        measure = _measure_at(measures, moment.onset)
        places.append(Slot(
            None, measure.meter.weight(measure.offset(moment.onset)), first=phrases[index] != moment.phrase,
            last=phrases[index + 2] != moment.phrase, opening=index == 0, final=index == len(moments) - 1))
    return tuple(places)


def _measure_at(measures: Sequence[Measure], onset: Fraction) -> Measure:
    """The bar that holds a time."""
    return measures[max(bisect_right(measures, onset, key=lambda measure: measure.onset) - 1, 0)]


def with_relations(task: Task) -> Task:
    """The task with what the rules of its style demand of notes that stand apart."""
    if not task.style.rules.relations:
        return task
    from theorygen.solve.relations import relations_of

    relations = relations_of(task.style.rules, [moment.onset for moment in task.moments], task.end, task.measures,
                             task.ensemble.names)
    return replace(task, problem=replace(task.problem, relations=relations))
