"""A hymn tune of 32 notes, its chords and voices chosen together."""

from __future__ import annotations

from fractions import Fraction

from benchmarks.report import Goal, Report, milliseconds
from benchmarks.timing import KINDS, cores, medians
from theorygen.compose.answering import answers
from theorygen.compose.harmonize import Given, Harmonizer
from theorygen.compose.question import Question
from theorygen.compose.screening import Answer
from theorygen.grammar.style import Style, load_style
from theorygen.score.event import Event
from theorygen.theory import Key, Meter, Pitch

STYLE = "textbook-chorale"
TUNE = """
G4 G4 F#4 E4 D4 G4 A4 B4
B4 B4 B4 A4 G4 C5 B4 A4
G4 A4 B4 A4 G4 E4 F#4 G4
D5 B4 G4 A4 C5 B4 A4 G4
"""
"""Old Hundredth (Geneva, 1551), in quarter notes: four phrases of eight."""


def given_tune() -> Given:
    """The tune as the soprano, with its phrases."""
    lines = TUNE.strip().splitlines()
    notes = [Pitch.parse(text) for line in lines for text in line.split()]
    events = tuple(Event(Fraction(index), Fraction(1), (pitch,)) for index, pitch in enumerate(notes))
    ends = frozenset(Fraction(8 * number) for number in range(1, len(lines) + 1))
    return Given({"soprano": events}, Meter.parse("4/4"), (Key.parse("G"),), breaks=ends)


def harmonized(style: Style, question: Question) -> list[Answer]:
    """The tune harmonised, nothing kept from before."""
    return answers(Harmonizer(style).task(given_tune()), question)


def measure_melody(report: Report, runs: int) -> None:
    """To the best harmonisation, to the three best with different chords, and to a random one."""
    style, rows = load_style(STYLE), []
    asked = {"the best": Question(), "one at random": Question("sample", seed=1),
             "the three best with different chords": Question("ranked", count=3, distinct="chords")}
    with cores(1):
        for name, question in asked.items():
            taken = medians(lambda _, question=question: harmonized(style, question), runs)
            rows.append((name, *(milliseconds(taken[kind]) for kind in KINDS)))
            report.goals.append(Goal(f"32 notes harmonised, {name}", taken["median"], 1, "s"))
    report.table("A melody of 32 notes, chords and voices chosen together, cold", ("question", *KINDS), rows)
