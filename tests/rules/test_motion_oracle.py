"""Rules of motion against music21's voice leading quartets where the definitions coincide; differences are pinned.

The quartets are random pairs of moves, and what any two voices of some of Bach's chorales do from note to note.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from music21 import corpus, key
from music21.voiceLeading import VoiceLeadingQuartet

from theorygen.readers import read_score
from theorygen.rules.rule import ActiveRule
from theorygen.rules.rule_set import load_library
from theorygen.rules.windows import WINDOWS, Rows
from theorygen.rules.world import Slot, World
from theorygen.score.ensemble import built_in_ensembles
from theorygen.score.slots import SILENT_CODE
from theorygen.source.chance import Chance
from theorygen.theory import Interval, Key, Pitch, RomanNumeral

CHORALES = ("bwv269", "bwv347", "bwv153.1", "bwv86.6", "bwv17.7")
"""Riemenschneider 1, 2, 3, 4 and 7."""
SOURCES = ("random", "chorales")
QUARTETS = 3000
INTERVALS = tuple(map(Interval.parse, (
    "P1", "m3", "M3", "P4", "A4", "d5", "P5", "d6", "m6", "M6", "m7", "P8", "M9", "m10", "d12", "P12", "P15", "-m2",
    "-P5")))
MOVES = tuple(map(Interval.parse, ("P1", "m2", "M2", "m3", "M3", "P4", "P5", "A1", "-m2", "-M2", "-m3", "-P4", "-P5")))
STARTS = tuple(map(Pitch.parse, ("C4", "D4", "F#3", "G3", "Bb3", "E4", "A3", "Ab3")))
CHROMATIC = Interval.parse("A1").code
UPPER_BEFORE, UPPER_AFTER, LOWER_BEFORE, LOWER_AFTER = range(4)


Quartet = tuple[Pitch, ...]
"""Two moving voices in the order of music21's arguments: upper before, after, lower before, after."""


@cache
def quartets(source: str) -> tuple[Quartet, ...]:
    """The quartets of one source."""
    return tuple(random_quartets()) if source == "random" else tuple(dict.fromkeys(chorale_quartets()))


def random_quartets() -> Iterator[Quartet]:
    """Moves and intervals drawn by lot, most of them no music."""
    chance = Chance(20)
    for _ in range(QUARTETS):
        lower, move = STARTS[chance.below(len(STARTS))], MOVES[chance.below(len(MOVES))]
        below = lower.transpose(move)
        before, after = (INTERVALS[chance.below(len(INTERVALS))] for _ in range(2))
        yield lower.transpose(before), below.transpose(after), lower, below


def chorale_quartets() -> Iterator[Quartet]:
    """What any two voices of the chorales do from one attack to the next."""
    for name in CHORALES:
        slots = read_score(str(corpus.getWork(f"bach/{name}"))).slots("attacks")
        for upper, lower in combinations(range(len(slots.voices)), 2):
            for before, after in pairwise(slots.codes[:, [upper, lower]].tolist()):
                if SILENT_CODE not in (*before, *after):
                    codes = (before[0], after[0], before[1], after[1])
                    yield tuple(Pitch.from_code(code) for code in codes)


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
def oracles(source: str) -> tuple[VoiceLeadingQuartet, ...]:
    return tuple(map(oracle, quartets(source)))


def oracle(quartet: tuple[Pitch, ...]) -> VoiceLeadingQuartet:
    return VoiceLeadingQuartet(*(str(pitch).replace("b", "-") for pitch in quartet))


def simple(quartet: tuple[Pitch, ...], slot: int) -> str:
    return str((quartet[slot] - quartet[slot + 2]).simple)


def size(quartet: tuple[Pitch, ...], slot: int) -> int:
    """Absolute distance of the voices in diatonic steps."""
    return abs((quartet[slot] - quartet[slot + 2]).steps)


def leaps(quartet: tuple[Pitch, ...]) -> bool:
    return abs((quartet[UPPER_AFTER] - quartet[UPPER_BEFORE]).steps) > 1


from_each = pytest.mark.parametrize("source", SOURCES)


def test_the_quartets_are_worth_asking() -> None:
    """Enough of each kind of fault occurs among them."""
    names = ("parallel-fifths", "parallel-unison-octave", "contrary-perfect", "direct-fifths-outer", "voice-overlap")
    for name in names:
        assert sum(broken(name, quartets("random"))) > 15, name
    assert len(quartets("chorales")) > 1000
    assert sum(broken("voice-overlap", quartets("chorales"))) > 15


@from_each
def test_parallel_fifths_agree(source: str) -> None:
    """music21's parallel fifths are ours and those by contrary motion."""
    similar, contrary = broken("parallel-fifths", quartets(source)), broken("contrary-perfect", quartets(source))
    for quartet, asked, one, other in zip(quartets(source), oracles(source), similar, contrary, strict=True):
        assert asked.parallelFifth() == (one or (other and simple(quartet, 1) == "P5")), quartet


@from_each
def test_parallel_octaves_agree(source: str) -> None:
    """music21 keeps unisons and octaves apart and sees octaves only; where both intervals are of one sort we agree."""
    similar = broken("parallel-unison-octave", quartets(source))
    for quartet, asked, ours in zip(quartets(source), oracles(source), similar, strict=True):
        if (size(quartet, 0) == 0) == (size(quartet, 1) == 0):
            assert (asked.parallelUnisonOrOctave() and not asked.contraryMotion()) == ours, quartet


@from_each
def test_direct_fifths_agree(source: str) -> None:
    """music21's hidden fifths have a leap in the upper voice here, and do not start from a fifth of any quality."""
    direct = broken("direct-fifths-outer", quartets(source))
    for quartet, asked, ours in zip(quartets(source), oracles(source), direct, strict=True):
        if size(quartet, 0) % 7 != 4:
            assert (asked.hiddenFifth() and leaps(quartet)) == ours, quartet


@from_each
def test_direct_octaves_agree(source: str) -> None:
    """Into a unison it is direct-unison here, and the upper voice need not leap."""
    octaves, unisons = broken("direct-octaves-outer", quartets(source)), broken("direct-unison", quartets(source))
    for quartet, asked, octave, unison in zip(quartets(source), oracles(source), octaves, unisons, strict=True):
        if size(quartet, 0) % 7 != 0 and size(quartet, 1) == 7:
            assert (asked.hiddenOctave() and leaps(quartet)) == octave, quartet
            assert not unison, quartet


@from_each
def test_overlap_agrees(source: str) -> None:
    """music21 compares sounding pitch; ours is spelled, and leaves pairs that cross afterwards to voice-crossing."""
    overlap = broken("voice-overlap", quartets(source))
    for quartet, asked, ours in zip(quartets(source), oracles(source), overlap, strict=True):
        upper, after, lower, below = quartet
        enharmonic = (after.midi == lower.midi and after != lower) or (below.midi == upper.midi and below != upper)
        if not enharmonic and after >= below:
            assert asked.voiceOverlap() == ours, quartet


@from_each
def test_perfect_intervals_by_contrary_motion_agree(source: str) -> None:
    """music21's antiparallel motion, where both intervals are of one sort (for it a unison is no octave)."""
    contrary = broken("contrary-perfect", quartets(source))
    for quartet, asked, ours in zip(quartets(source), oracles(source), contrary, strict=True):
        if (size(quartet, 0) == 0) == (size(quartet, 1) == 0):
            assert any(asked.antiParallelMotion(name) for name in ("P1", "P5", "P8")) == ours, quartet


@from_each
def test_crossing_agrees(source: str) -> None:
    """music21 looks at both places and at sounding pitch, ours at each place and at spelling."""
    crossed = crossings(quartets(source))
    for quartet, asked, ours in zip(quartets(source), oracles(source), crossed, strict=True):
        upper, after, lower, below = quartet
        enharmonic = (upper.midi == lower.midi and upper != lower) or (after.midi == below.midi and after != below)
        if not enharmonic:
            assert asked.voiceCrossing() == ours, quartet


def crossings(drawn: tuple[Quartet, ...]) -> list[bool]:
    """For each quartet whether its voices cross before or after."""
    found = np.zeros(len(drawn), dtype=bool)
    duet = built_in_ensembles()["satb"].only(["soprano", "bass"])
    for slot in (0, 1):
        codes = np.array([[quartet[slot].code, quartet[slot + 2].code] for quartet in drawn], dtype=np.int32)
        rows = WINDOWS["adjacent-voices"].rows(World(duet.voices, [Slot(None)]), [codes],
                                               np.tile([0, 1], (len(drawn), 1)), [np.zeros(len(drawn), dtype=int)])
        found[ActiveRule(load_library()["voice-crossing"], True).charge(rows)[0]] = True
    return [bool(one) for one in found]


RESOLUTIONS = [(tritone, move) for tritone in ("F4 B3", "B4 F4", "F5 B3", "B4 F3")
               for move in ("m2 m2", "m2 -m2", "-m2 m2", "-m2 -m2", "M2 m2", "m2 M2", "-m2 M2", "M2 M2", "-M2 m2",
                            "-m3 m2", "m2 -m3", "-M3 -m2", "P1 m2", "m2 P1")]
"""A tritone in C, upper note first, and how each note moves."""


@pytest.mark.parametrize(("tritone", "moves"), RESOLUTIONS)
def test_resolutions_of_the_tritone_agree(tritone: str, moves: str) -> None:
    """From V7 to I. music21 looks at the lower voice, which must go to the root from 7 and to the third from 4; ours at
    the interval reached, as the leading tone and the seventh have rules of their own. Together they say the same."""
    upper, lower = map(Pitch.parse, tritone.split())
    up, down = map(Interval.parse, moves.split())
    quartet = (upper, upper.transpose(up), lower, lower.transpose(down))
    theirs = VoiceLeadingQuartet(*(str(pitch) for pitch in quartet), analyticKey=key.Key("C")).isProperResolution()
    names = ("leading-tone-outer-resolves", "seventh-resolves-down", "tritone-resolution")
    assert theirs == (not any(in_chords(name, quartet, "V7", "I") for name in names))


def in_chords(name: str, quartet: Quartet, *numerals: str) -> bool:
    """Whether a quartet between two chords in C breaks a rule, in any voice."""
    rule = load_library()[name]
    assert rule.window
    duet = built_in_ensembles()["satb"].only(["soprano", "bass"])
    slots = [Slot(RomanNumeral.parse(text, Key.parse("C"))) for text in numerals]
    codes = np.array([pitch.code for pitch in quartet], dtype=np.int32)
    before, after = codes[[[UPPER_BEFORE, LOWER_BEFORE]]], codes[[[UPPER_AFTER, LOWER_AFTER]]]
    zero, one = np.zeros(1, dtype=int), np.ones(1, dtype=int)
    pairs = [[0, 1]] if rule.window.voices > 1 else [[0], [1]]
    world = World(duet.voices, slots)
    rows = [rule.window.rows(world, [before[:, pair], after[:, pair]], np.array([pair]), [zero, one]) for pair in pairs]
    return any(len(ActiveRule(rule, True).charge(one_voice)[0]) for one_voice in rows)


MOTION = ("similar", "contrary", "oblique")


@from_each
@pytest.mark.parametrize("kind", MOTION)
def test_motion_types_agree(kind: str, source: str) -> None:
    """Similar motion includes parallel motion in both; a step up that sounds lower has no direction to agree on."""
    ours = rows_of(quartets(source)).field(kind)
    for quartet, asked, one in zip(quartets(source), oracles(source), ours, strict=True):
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
