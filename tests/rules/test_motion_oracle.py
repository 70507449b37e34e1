"""Rules of motion against music21's voice leading quartets where the definitions coincide; differences are pinned."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from music21.voiceLeading import VoiceLeadingQuartet

from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import load_library
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Slot, World
from theorygen.score.ensemble import built_in_ensembles
from theorygen.source.chance import Chance
from theorygen.theory import Interval, Pitch

QUARTETS = 3000
INTERVALS = tuple(map(Interval.parse, (
    "P1", "m3", "M3", "P4", "A4", "d5", "P5", "d6", "m6", "M6", "m7", "P8", "M9", "m10", "d12", "P12", "P15", "-m2",
    "-P5")))
MOVES = tuple(map(Interval.parse, ("P1", "m2", "M2", "m3", "M3", "P4", "P5", "A1", "-m2", "-M2", "-m3", "-P4", "-P5")))
STARTS = tuple(map(Pitch.parse, ("C4", "D4", "F#3", "G3", "Bb3", "E4", "A3", "Ab3")))
CHROMATIC = Interval.parse("A1").code
UPPER_BEFORE, UPPER_AFTER, LOWER_BEFORE, LOWER_AFTER = range(4)


@cache
def quartets() -> tuple[tuple[Pitch, ...], ...]:
    """Random pairs of moving voices in the order of music21's arguments: upper before, after, lower before, after."""
    chance = Chance(20)
    drawn = []
    for _ in range(QUARTETS):
        lower, move = STARTS[chance.below(len(STARTS))], MOVES[chance.below(len(MOVES))]
        below = lower.transpose(move)
        before, after = (INTERVALS[chance.below(len(INTERVALS))] for _ in range(2))
        drawn.append((lower.transpose(before), below.transpose(after), lower, below))
    return tuple(drawn)


def rows_of(drawn: tuple[tuple[Pitch, ...], ...], window: str = "voice-pair-motion") -> Rows:
    duet = built_in_ensembles()["satb"].only(["soprano", "bass"])
    world = World(duet.voices, [Slot(None), Slot(None)])
    codes = np.array([[pitch.code for pitch in quartet] for quartet in drawn], dtype=np.int32)
    count = len(drawn)
    return WINDOWS[window].rows(
        world, [codes[:, [UPPER_BEFORE, LOWER_BEFORE]], codes[:, [UPPER_AFTER, LOWER_AFTER]]],
        np.tile([0, 1], (count, 1)), [np.zeros(count, dtype=int), np.ones(count, dtype=int)])


def broken(name: str, drawn: tuple[tuple[Pitch, ...], ...]) -> list[bool]:
    """For each quartet whether it breaks the rule."""
    rule = load_library()[name]
    assert rule.window
    hits, _ = ActiveRule(rule, True).charge(rows_of(drawn, rule.over))
    found = np.zeros(len(drawn), dtype=bool)
    found[hits] = True
    return [bool(hit) for hit in found]


@cache
def oracles() -> tuple[VoiceLeadingQuartet, ...]:
    return tuple(map(oracle, quartets()))


def oracle(quartet: tuple[Pitch, ...]) -> VoiceLeadingQuartet:
    return VoiceLeadingQuartet(*(str(pitch).replace("b", "-") for pitch in quartet))


def simple(quartet: tuple[Pitch, ...], slot: int) -> str:
    return str((quartet[slot] - quartet[slot + 2]).simple)


def size(quartet: tuple[Pitch, ...], slot: int) -> int:
    """Absolute distance of the voices in diatonic steps."""
    return abs((quartet[slot] - quartet[slot + 2]).steps)


def leaps(quartet: tuple[Pitch, ...]) -> bool:
    return abs((quartet[UPPER_AFTER] - quartet[UPPER_BEFORE]).steps) > 1


def test_the_quartets_are_worth_asking() -> None:
    """Enough of each kind of fault occurs among them."""
    names = ("parallel-fifths", "parallel-unison-octave", "contrary-perfect", "direct-fifths-outer", "voice-overlap")
    for name in names:
        assert sum(broken(name, quartets())) > 15, name


def test_parallel_fifths_agree() -> None:
    """music21's parallel fifths are ours and those by contrary motion."""
    similar, contrary = broken("parallel-fifths", quartets()), broken("contrary-perfect", quartets())
    for quartet, asked, one, other in zip(quartets(), oracles(), similar, contrary, strict=True):
        assert asked.parallelFifth() == (one or (other and simple(quartet, 1) == "P5")), quartet


def test_parallel_octaves_agree() -> None:
    """music21 keeps unisons and octaves apart and sees octaves only; where both intervals are of one sort we agree."""
    similar = broken("parallel-unison-octave", quartets())
    for quartet, asked, ours in zip(quartets(), oracles(), similar, strict=True):
        if (size(quartet, 0) == 0) == (size(quartet, 1) == 0):
            assert (asked.parallelUnisonOrOctave() and not asked.contraryMotion()) == ours, quartet


def test_direct_fifths_agree() -> None:
    """music21's hidden fifths have a leap in the upper voice here, and do not start from a fifth of any quality."""
    direct = broken("direct-fifths-outer", quartets())
    for quartet, asked, ours in zip(quartets(), oracles(), direct, strict=True):
        if size(quartet, 0) % 7 != 4:
            assert (asked.hiddenFifth() and leaps(quartet)) == ours, quartet


def test_direct_octaves_agree() -> None:
    """Into a unison it is direct-unison here, and the upper voice need not leap."""
    octaves, unisons = broken("direct-octaves-outer", quartets()), broken("direct-unison", quartets())
    for quartet, asked, octave, unison in zip(quartets(), oracles(), octaves, unisons, strict=True):
        if size(quartet, 0) % 7 != 0 and size(quartet, 1) == 7:
            assert (asked.hiddenOctave() and leaps(quartet)) == octave, quartet
            assert not unison, quartet


def test_overlap_agrees() -> None:
    """music21 compares sounding pitch; ours is spelled, and leaves pairs that cross afterwards to voice-crossing."""
    overlap = broken("voice-overlap", quartets())
    for quartet, asked, ours in zip(quartets(), oracles(), overlap, strict=True):
        upper, after, lower, below = quartet
        enharmonic = (after.midi == lower.midi and after != lower) or (below.midi == upper.midi and below != upper)
        if not enharmonic and after >= below:
            assert asked.voiceOverlap() == ours, quartet


MOTION = ("similar", "contrary", "oblique")


@pytest.mark.parametrize("kind", MOTION)
def test_motion_types_agree(kind: str) -> None:
    """Similar motion includes parallel motion in both; a step up that sounds lower has no direction to agree on."""
    ours = rows_of(quartets()).field(kind)
    for quartet, asked, one in zip(quartets(), oracles(), ours, strict=True):
        move = quartet[UPPER_AFTER] - quartet[UPPER_BEFORE]
        if move.steps * move.semitones > 0 or move.code in (0, CHROMATIC, -CHROMATIC):
            assert bool(getattr(asked, f"{kind}Motion")()) == bool(one), quartet


DIFFERENCES = [
    ("G4 D5 C4 G3", "parallelFifth", True, "parallel-fifths", False, "fifths by contrary motion are contrary-perfect"),
    ("C4 D5 C4 D4", "parallelUnisonOrOctave", False, "parallel-unison-octave", True, "unison to octave one way counts"),
    ("C5 D4 C4 D4", "antiParallelMotion", True, "contrary-perfect", True, "octave to unison against each other"),
    ("F4 G4 B3 C4", "hiddenFifth", False, "unequal-fifths", True, "a diminished fifth before is a rule of its own"),
    ("G4 A4 B3 D4", "hiddenFifth", True, "direct-fifths-outer", False, "by step the upper voice is free"),
    ("B4 C5 G3 C4", "hiddenOctave", True, "direct-octaves-outer", False, "7-8 in the soprano is free"),
    ("G3 C4 E3 C4", "hiddenOctave", True, "direct-octaves-outer", False, "into a unison it is direct-unison"),
    ("C5 D5 A4 F5", "voiceOverlap", True, "voice-overlap", False, "crossed afterwards: a crossing only"),
    ("C5 D5 Ab4 B#4", "voiceOverlap", False, "voice-overlap", False, "B#4 and C5 sound alike and neither passes"),
    ("E5 F5 C5 E#5", "voiceOverlap", True, "voice-overlap", True, "E#5 passes E5 for both"),
]
"""(upper before, after, lower before, after), music21's question and answer, our rule and verdict, why they differ."""


@pytest.mark.parametrize(("notes", "question", "theirs", "rule", "ours", "why"), DIFFERENCES)
def test_differences(notes: str, question: str, theirs: bool, rule: str, ours: bool, why: str) -> None:
    quartet = tuple(map(Pitch.parse, notes.split()))
    assert bool(getattr(oracle(quartet), question)()) == theirs, why
    assert broken(rule, (quartet,)) == [ours], why
