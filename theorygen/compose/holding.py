"""What is held of a score: ``m1-4 soprano, m3 all`` names bars and voices whose notes stand; the rest is solved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from theorygen.compose.figured_bass import held_over
from theorygen.compose.harmonize import Chords, Given
from theorygen.compose.likely_keys import likely_keys
from theorygen.compose.one_meter import check_meter
from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.score.event import Event
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError, nearest
from theorygen.source.marks import Mark
from theorygen.theory import Key, RomanNumeral

ALL, CHORDS = "all", "chords"
OPTION = "--hold"

_ITEM = re.compile(r"\s*(?:m(?P<first>\d+)(?:\s*-\s*m?(?P<last>\d+))?)?\s*(?P<what>[^\s,]*)\s*")


@dataclass(frozen=True)
class Hold:
    """Something that is held.

    Attributes:
        what: name of a voice, ``all`` for all voices and the chords, or ``chords``.
        first: first bar, or None for all bars.
        last: last bar.
    """

    what: str
    first: int | None = None
    last: int | None = None

    def covers(self, measure: int) -> bool:
        """Whether a bar is meant."""
        return self.first is None or self.first <= measure <= (self.last or self.first)


HOLD_ALL = (Hold(ALL),)


def read_holds(text: str, voices: Sequence[str], measures: Sequence[int]) -> tuple[Hold, ...]:
    """Read ``m1-4 soprano, m3 all, bass, m2 chords``.

    Args:
        text: as given.
        voices: names of the voices there are.
        measures: numbers of the bars there are.

    Raises:
        InputError: everything that is no such item, located in the text.
    """
    found = Diagnostics()
    holds, start = [], 0
    for part in text.split(","):
        hold = _hold(part, start, text, voices, measures, found)
        holds += [hold] if hold else []
        start += len(part) + 1
    found.raise_errors()
    return tuple(holds)


def _hold(part: str, start: int, text: str, voices: Sequence[str], measures: Sequence[int],
          found: Diagnostics) -> Hold | None:
    names = (*voices, ALL, CHORDS)
    match = _ITEM.fullmatch(part)
    lead = len(part) - len(part.lstrip())

    def complain(code: str, message: str, position: int, length: int, expected: str, near: str | None = None,
                 remedy: str = "such as 'm1-4 soprano, m3 all'") -> None:
        mark = Mark(OPTION, 1, start + position + 1, max(length, 1), text)
        found.add(Diagnostic(code, message, mark, expected, near, remedy))

    if not match or not part.strip():
        complain("bad-hold", f"'{part.strip()}' names nothing to hold", lead, len(part.strip()),
                 "bars and a voice: m1-4 soprano", remedy=_apart(part.split(), names))
        return None
    what = match["what"] or ALL
    if what not in names:
        complain("unknown-voice", f"there is no voice '{what}'", match.start("what"), len(what), ", ".join(names),
                 nearest(what, names))
        return None
    first, last = (int(match[name]) if match[name] else None for name in ("first", "last"))
    missing = [number for number in (first, last) if number is not None and number not in measures]
    if missing or (first is not None and last is not None and last < first):
        shown = part[match.start("first") - 1 : match.end("last") if last is not None else match.end("first")]
        message = f"there is no measure {missing[0]}" if missing else f"'{shown}' ends before it begins"
        complain("no-measure", message, match.start("first") - 1, len(shown),
                 f"measures {measures[0]} to {measures[-1]}")
        return None
    return Hold(what, first, last)


def _apart(words: Sequence[str], names: Sequence[str]) -> str:
    """How to write what was meant; where several voices are named for the same bars, those bars with each voice."""
    bars, voices = [word for word in words if word not in names], [word for word in words if word in names]
    if len(voices) < 2 or words[: len(bars)] != bars:
        return "such as 'm1-4 soprano, m3 all'"
    return f"say the bars with each voice: '{', '.join(' '.join([*bars, voice]) for voice in voices)}'"


def given_of(score: Score, voices: Sequence[str], holds: Sequence[Hold] = HOLD_ALL, key: Key | None = None) -> Given:
    """What is held of a score.

    Args:
        score: notes, and chords where it declares them.
        voices: names of the voices of the ensemble.
        holds: what stands; all that is there by default.
        key: the home key; None to take it from the score.

    Raises:
        InputError: the score has a voice that the ensemble has not, changes its meter, or nothing is held.
    """
    unknown = [line.name for line in score.pitched_voices if line.name not in voices]
    if unknown:
        raise InputError([Diagnostic(
            "unknown-voice", f"the score has a voice '{name}', which the ensemble has not", None, ", ".join(voices),
            nearest(name, voices), "rename the part, or choose a style with such a voice") for name in unknown])
    check_meter(score)
    lines = {line.name: tuple(_held(score, line.name, line.events, holds)) for line in score.pitched_voices}
    chords = tuple(chord for chord in _told(score) if _is_held(score, chord.onset, CHORDS, holds))
    return Given({name: events for name, events in lines.items() if events}, score.meters[0][1],
                 (key,) if key else _keys(score), score.pickup, score.title, score.composer, score.tempo,
                 frozenset(_breaks(score)), score.end, _allowing(chords))


def _keys(score: Score) -> tuple[Key, ...]:
    """The key of the last chord that is declared, or what the notes on top make likely."""
    if score.chords:
        return (score.chords[-1].numeral.key,)
    return likely_keys(score, next((line.events for line in score.pitched_voices), ()))


def held_task(score: Score, style: Style, holds: Sequence[Hold]) -> Task | None:
    """The task of a score whose chords are all held, so that no harmony is needed; None where some are not.

    Args:
        score: notes and chords.
        style: the style it is to follow.
        holds: what stands.
    """
    if not score.chords or _told(score) != score.chords:
        return None
    if not all(_is_held(score, chord.onset, CHORDS, holds) for chord in score.chords):
        return None
    chords = tuple(PlannedChord(((chord.numeral, 1.0),), chord.onset, chord.duration, chord.phrase, chord.cadence, {},
                                chord.pivot_of, chord.region, ()) for chord in score.chords)
    task = Progression(chords, score.meters, score.keys[0][1], score.pickup, score.title, score.composer).task(style)
    names = task.ensemble.names
    lines = {line.name: tuple(_held(score, line.name, line.events, holds)) for line in score.pitched_voices}
    positions = tuple(replace(position, given=_own(chord, lines, names))
                      for position, chord in zip(task.problem.positions, score.chords, strict=True))
    return replace(task, problem=replace(task.problem, positions=positions), keys=score.keys, tempo=score.tempo,
                   locked={name: events for name, events in lines.items() if events}, bars=score.bars,
                   figures=score.figures, holds=held_over(score.chords))


def _told(score: Score) -> tuple[ChordEvent, ...]:
    """The chords, each as far as somebody wrote it.

    Files say where chords begin, not where they end. Where the voice they stand under is empty for the rest of a chord,
    a bar or more, and others go on, nothing was said there.
    """
    if not score.pitched_voices:
        return score.chords
    *others, lowest = score.pitched_voices
    notes = [event for event in lowest.events if event.pitches]
    begins = [event.onset for line in others for event in line.events if event.pitches]
    told = []
    for chord in score.chords:
        under = (note.end for note in notes if note.onset < chord.end and note.end > chord.onset)
        stop = min(chord.end, max(under, default=chord.end))
        is_empty = chord.end - stop >= score.meter_at(stop).bar_length and any(
            stop <= onset < chord.end for onset in begins)
        told.append(replace(chord, duration=stop - chord.onset) if is_empty else chord)
    return tuple(told)


def _own(chord: ChordEvent, lines: Mapping[str, Sequence[Event]], names: Sequence[str]) -> dict[int, frozenset[int]]:
    """For each voice with held notes in a chord the first that belongs to the chord, or else the first."""
    own = {}
    for name, events in lines.items():
        notes = [event.pitch for event in events
                 if event.pitch and event.onset < chord.end and event.end > chord.onset]
        tones = [note for note in notes if note.pitch_class in chord.numeral.pitch_classes]
        if notes:
            own[names.index(name)] = frozenset([(tones or notes)[0].code])
    return own


def _is_held(score: Score, onset: Fraction, what: str, holds: Sequence[Hold]) -> bool:
    measure = score.measure_at(onset).number
    return any(hold.what in (what, ALL) and hold.covers(measure) for hold in holds)


def _held(score: Score, voice: str, events: Sequence[Event], holds: Sequence[Hold]) -> Iterator[Event]:
    """The notes of a voice that stand: those that begin in bars that are held."""
    for event in events:
        if event.pitches and _is_held(score, event.onset, voice, holds):
            yield event


def _breaks(score: Score) -> Iterator[Fraction]:
    """Ends of phrases: as the chords say, or under fermatas."""
    for before, after in pairwise(score.chords):
        if before.phrase != after.phrase:
            yield after.onset
    for line in score.pitched_voices:
        yield from (event.end for event in line.events if event.fermata)


def _allowing(chords: Sequence[ChordEvent]) -> Chords | None:
    """Whether a chord may sound: where a chord is held, only that one."""
    if not chords:
        return None

    def allows(time: Fraction, chord: RomanNumeral) -> bool:
        held = next((one for one in chords if one.onset <= time < one.end), None)
        return held is None or (held.numeral.text, held.numeral.key) == (chord.text, chord.key)

    return allows
