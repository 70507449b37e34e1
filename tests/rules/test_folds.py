"""Every fold against a plain reading of what it says, over random lines with rests, phrases and ornaments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theorygen.rules.check import world_of
from theorygen.rules.folds import BAR, FOLDS, LINE, PAIR_LINE, Fold
from theorygen.rules.line_runs import Lines, line_runs
from theorygen.rules.rule_set import load_library
from theorygen.rules.world import EMBELLISHMENTS
from theorygen.score import Score, parse_text_score
from theorygen.theory import Interval, Pitch, RomanNumeral

CHORDS = ("I", "V", "V7", "V42", "vi", "ii7", "IV", "viio6", "V7/V", "Cad64", "I6", "//")
SUSPENDED = ("suspension", "suspension-decorated", "retardation")


EIGHTHS = 20
"""Length of a random score, in eighths."""


@st.composite
def melody(draw: st.DrawFn, base: int) -> list[tuple[int | None, int, int]]:
    """Notes as (step or None for a rest, alteration, length in eighths), mostly near each other; some are motifs."""
    notes: list[tuple[int | None, int, int]] = []
    step, total = base, 0
    while total < EIGHTHS:
        length = draw(st.sampled_from((1, 1, 2, 2, 4)))
        step = min(max(step + draw(st.sampled_from((-4, -2, -1, -1, 0, 1, 1, 2, 3))), base - 5), base + 5)
        alter = draw(st.sampled_from((0,) * 9 + (1, -1)))
        notes.append((None if draw(st.integers(0, 14)) == 0 else step, alter, length))
        total += length
        if len(notes) == 4 and draw(st.booleans()):
            notes *= 3
            total *= 3
    return notes


@st.composite
def music(draw: st.DrawFn) -> Score:
    """Three voices of halves to eighths, now and then in thirds, over chords of one or two quarters."""
    chords = ["I", *(draw(st.sampled_from(CHORDS)) for _ in range(7))]
    chords = [word if word == "//" else f"{word}*{draw(st.integers(1, 2))}" for word in chords]
    top = draw(melody(33))
    inner = [(None if step is None else step - 2, 0, length) for step, _, length in top]
    voices = {"S": top, "A": inner if draw(st.booleans()) else draw(melody(29)), "B": draw(melody(21))}
    lines = [f"{label}: " + " ".join(f"{'r' if step is None else Pitch(step, alter)}*{length}/2"
                                     for step, alter, length in notes) for label, notes in voices.items()]
    return parse_text_score(" | ".join([f"meter: 3/4 | in C: {' '.join(chords)}", *lines]))


@dataclass(frozen=True)
class Sung:
    """One note of a line as the plain readings see it; `other` are all pitches of the slot."""

    slot: int
    pitch: Pitch
    chord: RomanNumeral | None
    number: int
    embellishment: str
    enters: bool
    strength: int
    all: tuple[Pitch | None, ...]
    voice: int

    @property
    def role(self) -> str:
        """What it is in its chord."""
        members = {member.pitch_class: member.role for member in self.chord.members} if self.chord else {}
        return members.get(self.pitch.pitch_class, "none")

    @property
    def is_leading_tone(self) -> bool:
        return self.chord is not None and self.chord.leading_tone == self.pitch.pitch_class

    def harmony(self) -> tuple[object, ...]:
        """What two chords share that are one harmony."""
        assert self.chord is not None
        return self.chord.root, self.chord.key, self.chord.function


def steps(before: Pitch, after: Pitch) -> int:
    return after.step - before.step


def lines_in(score: Score, fold: Fold, grid: str) -> Iterator[list[tuple[Sung, ...]]]:
    """The lines of a score, cut by hand: notes of one voice, or of two."""
    assert score.ensemble is not None
    slots = score.slots(grid)
    surface = world_of(score, slots, score.ensemble, {}).surface
    assert surface is not None
    pitches = [[Pitch.from_code(code) if code >= 0 else None for code in row] for row in slots.codes.tolist()]

    def sung(slot: int, voice: int) -> Sung:
        number = int(slots.chords[slot])
        pitch = pitches[slot][voice]
        assert pitch is not None
        return Sung(slot, pitch, score.chords[number].numeral if number >= 0 else None, number,
                    EMBELLISHMENTS[surface.embellishment[slot, voice]], bool(surface.enters[slot, voice]),
                    int(slots.weights[slot]), tuple(pitches[slot]), voice)

    starts = {index for index, number in enumerate(slots.chords.tolist())
              if number >= 0 and score.chords[number].first_in_phrase
              and (index == 0 or slots.chords[index - 1] != number)}
    for voices in combinations(range(len(slots.voices)), 2 if fold.over == PAIR_LINE else 1):
        line: list[tuple[Sung, ...]] = []
        for slot in range(len(slots)):
            new_bar = fold.reset == BAR and slot and slots.measures[slot] != slots.measures[slot - 1]
            rests = any(pitches[slot][voice] is None for voice in voices)
            if (rests or slot in starts or new_bar) and line:
                yield line
                line = []
            news = [~slots.passed[slot, voice] if fold.solved else surface.enters[slot, voice] for voice in voices]
            if not rests and any(news):
                line.append(tuple(sung(slot, voice) for voice in voices))
        if line:
            yield line


def values(score: Score, fold: Fold, grid: str, fields: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """The fields of a fold after every note of every line, words as words."""
    assert score.ensemble is not None
    slots = score.slots(grid)
    rows = line_runs(fold, Lines(fold, world_of(score, slots, score.ensemble, {}), slots.codes)).rows
    columns = []
    for name in fields:
        kind, found = fold.fields[name], rows.field(name)
        columns.append([kind.words[int(value)] if kind.words else value for value in np.asarray(found).tolist()])
    return list(zip(*columns, strict=True))


Line = list[tuple[Sung, ...]]
Reading = Callable[[Line], Any]


# plain readings: the fields after the last note of a beginning of a line


def climax(line: Line) -> tuple[Any, ...]:
    codes = [note.pitch.code for (note,) in line]
    arrivals = sum(1 for place, code in enumerate(codes) if code == max(codes) and codes[place - 1 : place] != [code])
    return max(codes), min(arrivals, 3)


def span(line: Line) -> tuple[Any, ...]:
    codes = [note.pitch.code for (note,) in line]
    return (max(codes) - min(codes),)


def repetition(line: Line) -> tuple[Any, ...]:
    last = line[-1][0].pitch
    run = 0
    while run < len(line) and line[-1 - run][0].pitch == last:
        run += 1
    return (min(run - 1, 3),)


def moves_of(line: Line) -> list[tuple[Pitch, Pitch]]:
    pitches = [note.pitch for (note,) in line]
    return [(before, after) for before, after in pairwise(pitches) if before != after]


def last_leap(line: Line) -> tuple[Any, ...]:
    moves = moves_of(line)
    if not moves or abs(steps(*moves[-1])) < 2:
        return False, 0, False
    leap = moves[-1][1].code - moves[-1][0].code
    return True, leap, abs(leap) in (Interval.parse("A4").code, Interval.parse("d5").code)


def direction(before: Pitch, after: Pitch) -> int:
    return (after.code > before.code) - (after.code < before.code)


def last_turn(line: Line) -> tuple[Any, ...]:
    """Turning points are the first note and every note left in the direction from which it was not reached."""
    turns, moves = [(line[0][0].pitch, 0)], moves_of(line)
    for place, (before, after) in enumerate(moves):
        if place and direction(before, after) != direction(*moves[place - 1]):
            turns.append((before, place))
    way = direction(*moves[-1]) if moves else 0
    stepwise = all(abs(steps(*move)) <= 1 for move in moves[turns[-1][1] :])
    just = len(turns) > 1 and turns[-1][1] == len(moves) - 1 and line[-1][0].pitch != line[-2][0].pitch
    outlined = turns[-1][0].code - turns[-2][0].code if just else 0
    filled = just and all(abs(steps(*move)) <= 1 for move in moves[turns[-2][1] : turns[-1][1]])
    return (turns[-1][0].code, way, stepwise, just, outlined, filled, just and abs(steps(*moves[-1])) <= 1)


def figure_run(line: Line) -> tuple[Any, ...]:
    codes = [note.pitch.code for (note,) in line]
    moves = [after - before for before, after in pairwise(codes)]
    back = [moves[-1 - place] if place < len(moves) else 0 for place in range(4)]
    run = 0
    while run + 4 < len(codes) and codes[-1 - run] == codes[-5 - run]:
        run += 1
    return (min(len(codes), 5), *back, run // 4 + 1 if run and run % 4 == 0 else 1)


def obligation(line: Line, owes: Callable[[Sung], bool], resolves: Callable[[Pitch, Pitch], bool]) -> tuple[Any, ...]:
    """What is owed after the last note, and what that note did."""
    owed: Pitch | None = None
    outcome, roundabout, distance = "none", False, 0
    for place, (note,) in enumerate(line):
        roundabout_before, before = roundabout, owed
        outcome, distance = "none", 0
        if before is not None:
            earlier = line[place - 1][0]
            same = earlier.chord is not None and note.chord is not None and earlier.harmony() == note.harmony()
            elsewhere = any(other is not None and other.pitch_class == before.pitch_class
                            for voice, other in enumerate(note.all) if voice != note.voice)
            distance = note.pitch.code - before.code
            suspended = earlier.pitch == before and not owes(earlier)
            if not distance:
                outcome = "owed"
            elif resolves(before, note.pitch) and (suspended or not same):
                outcome = "resolved"
            elif same:
                outcome = "passed-on" if elsewhere else "owed"
            else:
                outcome = "freed" if elsewhere else "left"
        if outcome == "owed":
            roundabout = roundabout_before or distance != 0
        else:
            owed = None
            roundabout = roundabout_before if before is not None else False
        if owes(note) and outcome in ("none", "owed"):
            owed, outcome, roundabout, distance = note.pitch, "owed", False, 0
        elif owes(note):
            owed = note.pitch
    return owed is not None, outcome, roundabout, distance


def pending_leading_tone(line: Line) -> tuple[Any, ...]:
    return obligation(line, lambda note: note.is_leading_tone,
                      lambda owed, after: after.code - owed.code == Interval.parse("m2").code)


def pending_seventh(line: Line) -> tuple[Any, ...]:
    return obligation(line, lambda note: note.role == "seventh", lambda owed, after: steps(owed, after) == -1)


def open_suspension(line: Line) -> tuple[Any, ...]:
    held: Sung | None = None
    age, resolved = 0, False
    for place, (note,) in enumerate(line):
        step = 1 if held is not None and held.embellishment == "retardation" else -1
        resolved = held is not None and steps(held.pitch, note.pitch) == step
        held, age = (None, 0) if resolved or held is None else (held, age + 1)
        if place and note.embellishment in SUSPENDED:
            held, age = note, 0
    pitch = (held or line[-1][0]).pitch.code
    return held is not None, pitch, held.embellishment if held else "none", age, resolved


def open_nct(line: Line) -> tuple[Any, ...]:
    (note,) = line[-1]
    if note.embellishment == "none":
        return ("none",)
    if len(line) == 1:
        return ("start",)
    before = line[-2][0].pitch
    if before == note.pitch:
        return ("same",)
    size = "leap" if abs(steps(before, note.pitch)) > 1 else "step"
    return (f"{size}-{'down' if note.pitch.code < before.code else 'up'}",)


def snapshots(line: Line, kept: Callable[[int], bool]) -> tuple[Any, ...]:
    """The present place compared with the last kept one, if it is kept itself."""
    places = [place for place in range(len(line)) if kept(place)]
    if len(places) < 2 or places[-1] != len(line) - 1:
        return False, 0, 0, False, False
    (up, low), (upper, lower) = line[places[-2]], line[places[-1]]
    simple = [abs(one.pitch.code - other.pitch.code) % Interval.parse("P8").code
              for one, other in ((up, low), (upper, lower))]
    ways = {direction(up.pitch, upper.pitch), direction(low.pitch, lower.pitch)}
    return True, *simple, ways in ({1}, {-1}), upper.number - up.number > 1


def strong_beat_vertical(line: Line) -> tuple[Any, ...]:
    return snapshots(line, lambda place: line[place][0].strength == 3)


def skeleton_interval(line: Line) -> tuple[Any, ...]:
    return snapshots(line, lambda place: line[place][0].chord is not None and (
        place == 0 or line[place][0].number != line[place - 1][0].number))


def number_of(upper: Sung, lower: Sung) -> int:
    return Interval.from_code(abs(upper.pitch.code - lower.pitch.code) % Interval.parse("P8").code).steps % 7 + 1


def parallel_run(line: Line) -> tuple[Any, ...]:
    kept = [line[0], *(after for before, after in pairwise(line)
                       if [one.pitch for one in before] != [one.pitch for one in after])]
    number = number_of(*kept[-1])
    if number not in (3, 6):
        return 0, 0, False
    length = 1
    while length < len(kept):
        before, after = kept[-1 - length], kept[-length]
        moved = [steps(one.pitch, other.pitch) for one, other in zip(before, after, strict=True)]
        ways = [direction(one.pitch, other.pitch) for one, other in zip(before, after, strict=True)]
        if number_of(*before) != number or moved[0] != moved[1] or ways[0] != ways[1] or not ways[0]:
            break
        length += 1
    fresh = len(line) == 1 or [one.pitch for one in line[-2]] != [one.pitch for one in line[-1]]
    return number, length, fresh


def last_alteration(line: Line) -> tuple[Any, ...]:
    def contradicts(own: int) -> bool:
        note = line[-1][own]
        if len(line) == 1 or not note.enters:
            return False
        sung = [pair[1 - own] for place, pair in enumerate(line[:-1]) if pair[1 - own].enters or place == 0]
        alike = [other for other in sung if other.pitch.step % 7 == note.pitch.step % 7]
        return bool(alike) and alike[-1].pitch.alter != note.pitch.alter and note.number - alike[-1].number > 1

    return contradicts(0), contradicts(1)


def summits(line: Line) -> tuple[Any, ...]:
    def reached(voice: int, best: Callable[..., int]) -> int:
        codes = [pair[voice].pitch.code for pair in line]
        return codes.index(best(codes))

    return reached(0, max) == reached(1, max), reached(0, max) == reached(1, min)


READINGS: dict[str, tuple[str, tuple[str, ...], Reading]] = {
    "climax": ("attacks", ("highest", "hits"), climax),
    "span": ("attacks", ("span",), span),
    "repetition": ("attacks", ("repeats",), repetition),
    "last-leap": ("attacks", ("leapt", "leap", "tritone"), last_leap),
    "last-turn": ("attacks", ("turn", "direction", "filled", "turned", "outlined", "outlined_by_step",
                              "turned_by_step"), last_turn),
    "figure-run": ("attacks", ("notes", "move", "second_last", "third_last", "fourth_last", "statements"), figure_run),
    "pending-leading-tone": ("skeleton", ("owed", "outcome", "roundabout", "distance"), pending_leading_tone),
    "pending-seventh": ("skeleton", ("owed", "outcome", "roundabout", "distance"), pending_seventh),
    "open-suspension": ("attacks", ("open", "suspended", "kind", "age", "resolved"), open_suspension),
    "open-nct": ("attacks", ("approach",), open_nct),
    "strong-beat-vertical": ("attacks", ("compared", "interval_before", "interval", "similar", "chord_between"),
                             strong_beat_vertical),
    "skeleton-interval": ("attacks", ("compared", "interval_before", "interval", "similar", "chord_between"),
                          skeleton_interval),
    "parallel-run": ("skeleton", ("number", "length", "grows"), parallel_run),
    "last-alteration": ("attacks", ("by_upper", "by_lower"), last_alteration),
    "summits": ("attacks", ("summits_meet", "summit_over_depth"), summits),
}


def test_every_fold_is_read_here() -> None:
    assert set(READINGS) == set(FOLDS)


@pytest.mark.parametrize("name", READINGS)
@settings(max_examples=25, deadline=None)
@given(score=music())
def test_a_fold_is_what_its_plain_reading_says(name: str, score: Score) -> None:
    grid, fields, reading = READINGS[name]
    lines = list(lines_in(score, FOLDS[name], grid))
    wanted = [reading(line[: length + 1]) for line in lines for length in range(len(line))]
    assert values(score, FOLDS[name], grid, fields) == wanted


@pytest.mark.parametrize("name", READINGS)
@settings(max_examples=8, deadline=None)
@given(score=music())
def test_a_line_ends_where_it_is_cut(name: str, score: Score) -> None:
    grid, _, _ = READINGS[name]
    assert score.ensemble is not None
    slots = score.slots(grid)
    found = Lines(FOLDS[name], world_of(score, slots, score.ensemble, {}), slots.codes)
    lines = list(lines_in(score, FOLDS[name], grid))
    assert [slot for line in lines for ((slot, *_), *_) in [[(note.slot,) for note in notes] for notes in line]] == \
        found.slots.tolist()
    assert np.flatnonzero(found.ends).tolist() == (np.cumsum([len(line) for line in lines]) - 1).tolist()


def test_folds_that_the_solver_knows_read_pitches_of_one_voice_only() -> None:
    solved = {name for name, fold in FOLDS.items() if fold.solved}
    assert solved == {"climax", "span", "repetition", "last-leap"}
    assert all(FOLDS[name].over == LINE for name in solved)


def test_rules_over_other_folds_are_left_to_the_checker() -> None:
    for rule in load_library().values():
        if rule.memory is not None:
            assert rule.solved == rule.memory.solved
