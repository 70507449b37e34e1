"""What relations come down to: demands on single notes of a piece, wherever they stand.

A relation is read into demands once its piece is known: which slots there are, and when. The checker asks them of a
finished score, an engine keeps them while it solves; both read the same demands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from theorygen.rules.expression import Expression
from theorygen.rules.messages import PLACEHOLDER, REST
from theorygen.rules.rule import ActiveRule
from theorygen.rules.world import Array
from theorygen.score.slots import ATTACK, HELD
from theorygen.score.timeline import Measure
from theorygen.theory import Interval, Pitch
from theorygen.theory.interval import STEP_SPAN

Cell = tuple[int, int]
"""A note of a piece: slot and voice."""

EXACT, STEPS = "exact", "steps"
TWELVE = 12


@dataclass(frozen=True)
class Place:
    """A place in a piece as written: "m5 b3".

    Attributes:
        measure: number of the measure.
        beat: from 1.
    """

    measure: int
    beat: Fraction = Fraction(1)

    def __str__(self) -> str:
        return f"m{self.measure}" if self.beat == 1 else f"m{self.measure} b{self.beat}"


@dataclass(frozen=True)
class Clock:
    """When the slots of a piece are.

    Attributes:
        onsets: ascending, quarter lengths from the start of the piece.
        end: when it stops, in quarter lengths.
        measures: its bars.
        voices: names of its voices from the top.
    """

    onsets: tuple[Fraction, ...]
    end: Fraction
    measures: tuple[Measure, ...]
    voices: tuple[str, ...]

    def slot(self, onset: Fraction) -> int | None:
        """The slot that begins at a time, or None."""
        index = bisect_left(self.onsets, onset)
        return index if index < len(self.onsets) and self.onsets[index] == onset else None

    def time(self, place: Place) -> Fraction | None:
        """When a place is, or None where the piece has no such bar."""
        for measure in self.measures:
            if measure.number == place.measure:
                return measure.onset + (place.beat - 1) * measure.meter.beat_length - measure.start_offset
        return None

    def slots(self, start: Fraction, stop: Fraction) -> range:
        """The slots that begin from one time up to another."""
        return range(bisect_left(self.onsets, start), bisect_left(self.onsets, stop))


@dataclass(frozen=True, eq=False)
class Sung:
    """The notes of a piece.

    Attributes:
        codes: int [slots, voices] of pitch codes; what they are where nothing sounds does not matter.
        states: int [slots, voices]: ATTACK where a note begins, HELD where it goes on, SILENT.
        rows: all windows of a kind, for demands that count them.
    """

    codes: Array
    states: Array
    rows: Callable[[str], Any] = field(repr=False)

    def text(self, cell: Cell) -> str:
        """The note of a cell in a sentence."""
        sounds = self.states[cell] in (ATTACK, HELD)
        return str(Pitch.from_code(int(self.codes[cell]))) if sounds else REST


@dataclass(frozen=True)
class Fault:
    """A demand that is not met.

    Attributes:
        cells: the notes it is about; none for the whole piece.
        words: for the message: name to text.
        said: what is wrong, where the message of the rule does not fit; "" where it does.
    """

    cells: tuple[Cell, ...]
    words: Mapping[str, str]
    said: str = ""

    def sentence(self, message: str) -> str:
        """What is wrong, with the names of the notes."""
        return self.said or PLACEHOLDER.sub(lambda match: self.words.get(match[1], match[0]), message)


class Demand(Protocol):
    """Something asked of the notes of a piece."""

    def faults(self, sung: Sung) -> Iterator[Fault]:
        """Where it is not met."""


@dataclass(frozen=True)
class Impossible:
    """What no notes meet.

    Attributes:
        reason: why, as a sentence.
    """

    reason: str

    def faults(self, sung: Sung) -> Iterator[Fault]:
        """One for the whole piece."""
        yield Fault((), {}, self.reason)


@dataclass(frozen=True)
class Copy:
    """Some notes copy others: they begin and stop alike, and lie a fixed distance apart.

    Attributes:
        pairs: notes with their copies in time order; None where no slot begins, so that no note may begin.
        measured: "exact" for spelled intervals, "steps" for diatonic steps.
        shift: from note to copy, an interval code or steps; None for any, the same for all pairs.
        words: for messages.
    """

    pairs: tuple[tuple[Cell | None, Cell | None], ...]
    measured: str
    shift: int | None
    words: Mapping[str, str] = field(default_factory=dict, hash=False)

    def size(self, codes: Array) -> Array:
        """Pitch codes in the unit that is compared."""
        return codes if self.measured == EXACT else codes % STEP_SPAN

    def may_follow(self, codes: Array, copies: Array) -> Array:
        """Whether pitch codes may be copied by others, where the shift is known; below 0 no note begins."""
        begin = codes >= 0
        apart = self.size(copies) - self.size(codes)
        allowed: Array = (begin == (copies >= 0)) & (~begin | (apart == self.shift))
        return allowed

    def faults(self, sung: Sung) -> Iterator[Fault]:
        """Each pair that differs; an unknown shift is that of the first notes."""
        shift = self.shift
        for first, second in self.pairs:
            states = tuple(HELD if cell is None else int(sung.states[cell]) for cell in (first, second))
            if first is not None and second is not None and states == (ATTACK, ATTACK):
                apart = int(self.size(sung.codes[second]) - self.size(sung.codes[first]))
                shift = apart if shift is None else shift
                if apart == shift:
                    continue
            elif ATTACK not in states and (None in (first, second) or states[0] == states[1]):
                continue
            yield self._fault(sung, first, second)

    def _fault(self, sung: Sung, first: Cell | None, second: Cell | None) -> Fault:
        words = {**self.words, "first": "no note" if first is None else sung.text(first),
                 "second": "no note" if second is None else sung.text(second)}
        return Fault(tuple(cell for cell in (first, second) if cell is not None), words)


@dataclass(frozen=True)
class Twelve:
    """Notes that, twelve at a time, are twelve different pitch classes; spelling does not matter.

    Attributes:
        cells: in order; slots where a note goes on, or none sounds, are passed over.
    """

    cells: tuple[Cell, ...]

    @staticmethod
    def pitch_class(codes: Array) -> Array:
        """0 for C to 11 for B."""
        return codes // STEP_SPAN % TWELVE

    def may_follow(self, codes: Array, others: Array) -> Array:
        """Whether two notes may stand in one row."""
        allowed: Array = self.pitch_class(codes) != self.pitch_class(others)
        return allowed

    def faults(self, sung: Sung) -> Iterator[Fault]:
        """Each note whose pitch class was there before within its twelve."""
        sounding = [cell for cell in self.cells if sung.states[cell] == ATTACK]
        for start in range(0, len(sounding), TWELVE):
            seen: dict[int, Cell] = {}
            for cell in sounding[start : start + TWELVE]:
                earlier = seen.setdefault(int(self.pitch_class(sung.codes[cell])), cell)
                if earlier != cell:
                    yield Fault((earlier, cell), {"first": sung.text(earlier), "second": sung.text(cell)})


@dataclass(frozen=True)
class Count:
    """How many windows of a kind there may be in the whole piece.

    Attributes:
        counted: a rule that every window that counts breaks.
        verdict: condition over ``total``.
    """

    counted: ActiveRule
    verdict: Expression

    def allows(self, total: int) -> bool:
        """Whether there may be so many."""
        return bool(self.verdict.evaluate({"total": total}.__getitem__))

    def faults(self, sung: Sung) -> Iterator[Fault]:
        """One for the whole piece, if the number is wrong."""
        rows = sung.rows(self.counted.rule.over)
        total = len(self.counted.charge(rows)[0]) if len(rows) else 0
        if not self.allows(total):
            yield Fault((), {"total": str(total)})


def transposition_text(measured: str, shift: int | None) -> str:
    """A shift as it is written: "P5", "-3 steps", "any"."""
    if shift is None:
        return "any" if measured == EXACT else "any steps"
    if measured == EXACT:
        return str(Interval.from_code(shift))
    return f"{shift} step" if abs(shift) == 1 else f"{shift} steps"
