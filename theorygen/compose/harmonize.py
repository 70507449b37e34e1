"""Harmonising what is given: a melody, a bass, or any notes that must stand become a task over chords and voices.

Chords and voices are chosen together. The law is joint: P(chords, voicing) is proportional to the weight of the chords
in the style's form and harmony, and of how well the given notes fit them, times exp(-cost / temperature) of the rules;
the best answer is the likeliest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from theorygen.compose.composition import solved
from theorygen.compose.forgiving import forgiving
from theorygen.compose.frame import Frame, joined
from theorygen.compose.joint import Joint, NoHarmony
from theorygen.compose.likely_keys import likely_keys
from theorygen.compose.one_meter import check_meter
from theorygen.compose.phrasing import in_phrases
from theorygen.compose.plan import Planner
from theorygen.compose.progression import tempo_of
from theorygen.compose.stretches import Moment
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style, resolve_parameters
from theorygen.rules.expression import Expression
from theorygen.score.event import Event
from theorygen.score.score import Score
from theorygen.solve.problem import Problem
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import Key, Meter, RomanNumeral

Chords = Callable[[Fraction, RomanNumeral], bool]
"""Whether a chord may sound at a time, quarter lengths from the start of the piece."""


@dataclass(frozen=True)
class Given:
    """Music that must stand.

    Attributes:
        lines: name of a voice to its events in time order: what is written stands, rests too; gaps are free.
        meter: the meter.
        keys: home keys it may be in, the likeliest first.
        pickup: length of the incomplete first bar, quarter lengths.
        title: printed above, or "".
        composer: printed at the right.
        tempo: quarter notes a minute; None for the style's.
        breaks: times at which phrases end, quarter lengths.
        end: end of the piece where it may go on without given notes; None where these are rests.
        allows: which chords may sound when; None for all.
    """

    lines: Mapping[str, tuple[Event, ...]]
    meter: Meter
    keys: tuple[Key, ...]
    pickup: Fraction = Fraction(0)
    title: str = ""
    composer: str = ""
    tempo: Fraction | None = None
    breaks: frozenset[Fraction] = frozenset()
    end: Fraction | None = None
    allows: Chords | None = field(default=None, compare=False)


class NoChords(InputError):
    """No chords of a style go with what is given: there is no solution. Where, and what would help, is said."""


@dataclass(frozen=True)
class Harmonizer:
    """Makes tasks of given music in one style.

    Attributes:
        style: the style.
        parameters: values of some of its parameters, as texts or values.
    """

    style: Style
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def task(self, given: Given) -> Task:
        """The task of harmonising what is given, in the first of its keys in which the style has chords for it.

        Raises:
            NoChords: no chords of the style go with it in any key.
            InputError: there is nothing to harmonise, or it is too long.
        """
        failures = []
        for key in given.keys:
            if key.mode in self.style.keys:
                try:
                    return self._in_key(given, key)
                except NoHarmony as failure:
                    failures.append((key, failure))
        if not failures:
            raise InputError(Diagnostic(
                "mode-not-in-style", f"style '{self.style.name}' has no pieces in {given.keys[0]}", None,
                " or ".join(self.style.keys), remedy="say another key with --key"))
        raise NoChords([self._explained(given, key, failure) for key, failure in failures[:1]])

    def frame(self, given: Given, unit: Fraction) -> Frame:
        """What is given, in cells of one chord."""
        names = self._planner({}).ensemble.names
        lines = {names.index(name): joined(events) for name, events in given.lines.items()}
        return Frame(given.meter, given.pickup, unit, lines, given.breaks, given.end)

    def _planner(self, more: Mapping[str, str]) -> Planner:
        texts = {name: str(value) for name, value in self.parameters.items()}
        return Planner(self.style, resolve_parameters(self.style, {**texts, **more}))

    def _joint(self, given: Given, key: Key) -> Joint:
        """The chords of the style beside what is given, in one key."""
        frame = self._in_phrases(given, key)
        if not frame.phrases:
            raise InputError(Diagnostic("no-notes", "there is nothing to harmonise", None, "notes in a voice"))
        planner = self._planner(self._length_parameter(len(frame.phrases)))
        return Joint(planner, frame, key, given.allows and _by_cell(frame, given.allows))

    def _in_phrases(self, given: Given, key: Key) -> Frame:
        lengths = self._planner({}).lengths
        return in_phrases(self.frame(given, lengths.unit(given.meter)), lengths.phrase(given.meter), key)

    def _in_key(self, given: Given, key: Key) -> Task:
        joint = self._joint(given, key)
        planner, frame = joint.planner, joint.frame
        positions, syntax = joint.problem_parts(self.style.temperature)
        rules = forgiving(self.style.rules, [*given.lines] if given.end is None else [])
        problem = Problem(positions, solved(rules), planner.ensemble, syntax=syntax)
        moments = tuple(_moments(frame))
        return Task(
            self.style, problem, moments, ((Fraction(0), given.meter),), ((Fraction(0), key),), given.pickup,
            given.tempo or tempo_of(self.style), given.title or self.style.title, given.composer,
            dict(given.lines), rules=rules)

    def _length_parameter(self, phrases: int) -> dict[str, str]:
        """The parameter that says how many phrases there are, set to as many as are given."""
        length = self.style.length
        if isinstance(length, Expression) and length.root.operation == "field":
            return {length.root.value: str(phrases)}
        return {}

    def _explained(self, given: Given, key: Key, failure: NoHarmony) -> Diagnostic:
        """Where no chord of the style goes on, and with what."""
        frame = self._in_phrases(given, key)
        cell = min(failure.cell, frame.cells - 1)
        sounding = [event for _, event in frame.notes
                    if event.onset < frame.onset(cell + 1) and event.end > frame.onset(cell)]
        notes = ", ".join(str(event.pitch) for event in sounding)
        place = min(frame.onset(cell), max((event.onset for event in sounding), default=frame.onset(cell)))
        chords = ", ".join(failure.offered[:12])
        alone = any((phrase.first, len(phrase)) == (cell, 1) for phrase in frame.phrases)
        enough = "" if alone else self._enough(given, key)
        return Diagnostic(
            "no-harmony", f"the harmony of '{self.style.name}' in {key} cannot go on at {_place(frame, place)}"
            + (f" with {notes}" if notes else "") + (", a phrase of its own" if alone else ""), None,
            f"notes of one of the chords it has there: {chords}" if chords else "phrases of a length it has",
            remedy="take away one of the fermatas or rests around it" if alone else
            f"its harmony goes on with --set {enough}" if enough else
            "mark the ends of phrases with fermatas, or say another --key")

    def _enough(self, given: Given, key: Key) -> str:
        """The least setting above those now with which the style has chords, such as "level=6"; "" where none has."""
        planner = self._planner({})
        for name, parameter in self.style.parameters.items():
            value = planner.parameters[name]
            if name in self._length_parameter(1) or parameter.highest is None or not isinstance(value, int):
                continue
            for more in range(value + 1, int(parameter.highest) + 1):
                if replace(self, parameters={**self.parameters, name: more})._joint(given, key).is_possible():
                    return f"{name}={more}"
        return ""


def _place(frame: Frame, onset: Fraction) -> str:
    """Measure and beat of a time."""
    measure, offset = divmod(onset - frame.pickup, frame.meter.bar_length)
    return f"measure {int(measure) + 1}, beat {frame.meter.beat(offset)}"


def _by_cell(frame: Frame, allows: Chords) -> Callable[[int, RomanNumeral], bool]:
    return lambda cell, chord: allows(frame.onset(cell), chord)


def _moments(frame: Frame) -> Iterator[Moment]:
    """One for each cell of the phrases; between phrases all voices rest."""
    for number, phrase in enumerate(frame.phrases):
        for cell in range(phrase.first, phrase.stop):
            stop = frame.onset(cell + 1)
            if cell + 1 == phrase.stop and frame.end is None:  # nothing is added to the last note given
                ends = [event.end for _, event in frame.notes if frame.onset(cell) < event.end <= stop]
                stop = max(ends, default=stop)
            yield Moment(frame.onset(cell), stop - frame.onset(cell), number)


# reading what is given


def given_line(score: Score, voice: str, key: Key | None = None) -> Given:
    """One line as the music of a voice: the only part of a score, or its highest or lowest.

    Args:
        score: where the line stands; if it has several voices, the one nearest to where ``voice`` stands is taken.
        voice: name of the voice it is to be.
        key: the home key; None to take it from the key signature and the notes.

    Raises:
        InputError: the score has no notes, or changes its meter.
    """
    lines = [line for line in score.pitched_voices if any(event.pitches for event in line.events)]
    if not lines:
        raise InputError(Diagnostic("no-notes", f"'{score.title or 'the score'}' has no notes", None,
                                    "a melody of one voice"))
    check_meter(score)
    named = [line for line in lines if line.name == voice]
    line = (named or lines)[0]
    keys = (key,) if key else likely_keys(score, line.events)
    return Given({voice: line.events}, score.meters[0][1], keys, score.pickup, score.title, score.composer)
