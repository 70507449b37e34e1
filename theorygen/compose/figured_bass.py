"""Figured bass: from a bass and its figures to a task with one chord for each stack of figures.

A bass note without figures has a triad of its own where it stands on a beat. Off the beat it goes along with the chord
before if it is a member of it, or a step between two steps: a player of thoroughbass leaves such notes to the bass.
A triad on it is figured 5; a dash leaves the chord before standing under any note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.analysis.cadences import with_cadential_six_fours
from theorygen.analysis.figure_reading import Asked, nearest_numeral, numerals_of, read_figures
from theorygen.compose.bass_line import BassLine, BassNote
from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression
from theorygen.compose.sequences import SEQUENCE, in_sequences
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.score.figured_bass import stacks_in_time
from theorygen.score.harmony import ChordEvent
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.source.marks import Mark
from theorygen.theory import Figure, FiguredBass, PitchClass, TheoryError, figures_for

HOLD, NOTHING, TRIAD = "-", "_", "5"
HELD_BASS = "held-bass"
"""Region of the chords over a bass note that has had another chord; rules ask that their voices go by step."""

_WORD = re.compile(r"[^\s|]+")
_EXPECTED = "figures such as 6, 65, 64-53, #, #6 or 7/#, '5' for a triad, '_' for none, '-' to hold the chord before"


@dataclass(frozen=True, slots=True)
class Stack:
    """Figures at a moment.

    Attributes:
        onset: quarter lengths from the start of the piece.
        text: one stack of figures, or "-" where the chord before goes on.
        mark: where they were written.
    """

    onset: Fraction
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class FiguredChord:
    """One chord over the bass; times in quarter lengths.

    Attributes:
        onset: start.
        note: the bass note it begins over.
        notes: the notes asked for, the bass among them.
        figures: its figures as written; "5" for a triad without any.
        is_held: whether the bass note has had another chord.
        mark: where the figures were written.
    """

    onset: Fraction
    note: BassNote
    notes: frozenset[PitchClass]
    figures: str
    is_held: bool
    mark: Mark


def figured_task(line: BassLine, figures: str, style: Style) -> Task:
    """A bass with figures as something to be voiced: the bass stands as it is, the figures fix the chords.

    Args:
        line: the bass.
        figures: "score" for the figures of its file; else a word for each bass note (`stacks_of_text`).
        style: whose rules and voices are meant; its lowest voice takes the bass.

    Raises:
        InputError: figures are missing, cannot be read, or ask for notes that are no chord; all of them at once.
    """
    stacks = stacks_of_score(line) if figures == "score" else stacks_of_text(figures, line)
    chords = figured_chords(line, stacks)
    return replace(bass_task(line, named_chords(line, chords), style),
                   figures=tuple((stack.onset, stack.text) for stack in stacks),
                   holds=frozenset(chord.onset for chord in chords if chord.is_held))


def stacks_of_score(line: BassLine) -> tuple[Stack, ...]:
    """The figures in the file of a bass.

    Raises:
        InputError: there are none.
    """
    mark = Mark(line.name)
    if not line.score.figures:
        raise InputError(Diagnostic(
            "no-figures", "there are no figures under the lowest part", mark,
            "figured-bass elements of MusicXML, or lyrics that are figures",
            remedy="give them with --figures \"6 65 ...\", or leave --figures out: the chords are chosen then"))
    found = [(onset, text) for onset, text in line.score.figures if text != NOTHING]
    return tuple(Stack(onset, part, mark) for onset, text in found
                 for onset, part in ([(onset, text)] if text == HOLD else stacks_in_time(text, onset, Fraction(1))))


def stacks_of_text(text: str, line: BassLine, name: str = "--figures") -> tuple[Stack, ...]:
    """Figures given as one word for each bass note; bar lines (``|``) may stand between them.

    Args:
        text: words such as ``6``, ``6/5``, ``#``, ``4-3``; ``_`` for a note without figures, ``5`` for a triad, ``-``
            where the chord before goes on.
        line: the bass; notes that are tied are one.
        name: where the text was given, for errors.

    Raises:
        InputError: there are more words than notes, or fewer.
    """
    words = list(_WORD.finditer(text))
    notes = line.notes
    if len(words) != len(notes):
        raise InputError(_wrong_count(text, words, line, name))
    found = []
    for word, note in zip(words, notes, strict=True):
        mark = Mark(name, 1, word.start() + 1, len(word[0]), text)
        if word[0] == HOLD:
            found.append(Stack(note.onset, HOLD, mark))
        elif word[0] != NOTHING:
            found += [Stack(onset, stack, mark) for onset, stack in stacks_in_time(word[0], note.onset, note.duration)]
    return tuple(found)


def _wrong_count(text: str, words: Sequence[re.Match[str]], line: BassLine, name: str) -> Diagnostic:
    notes = line.notes
    at = words[len(notes)].start() if len(words) > len(notes) else len(text)
    counts: dict[int, int] = {}
    for note in notes:
        number = line.score.measure_at(note.onset).number
        counts[number] = counts.get(number, 0) + 1
    bars = ", ".join(f"measure {number}: {count}" for number, count in counts.items())
    return Diagnostic(
        "figure-count", f"there are {len(words)} words for {len(notes)} bass notes",
        Mark(name, 1, at + 1, max(len(text) - at, 1), text), f"one for each bass note, tied ones counted once ({bars})",
        remedy="write '_' for a note without figures")


def figured_chords(line: BassLine, stacks: Sequence[Stack]) -> tuple[FiguredChord, ...]:
    """The chords a bass and its figures ask for, in time order; each lasts until the next one.

    Raises:
        InputError: figures that cannot be read, or that stand under no note; all of them at once.
    """
    walk = _Walk(line)
    for index, note in enumerate(line.notes):
        walk.over(index, note, [stack for stack in stacks if note.onset <= stack.onset < note.end])
    for stack in stacks:
        if not any(note.onset <= stack.onset < note.end for note in line.notes):
            walk.complain(stack, f"there is no bass note under '{stack.text}'", "figures under notes")
    walk.found.raise_errors()
    return tuple(walk.chords)


@dataclass
class _Walk:
    """Goes through the bass from note to note."""

    line: BassLine
    chords: list[FiguredChord] = field(default_factory=list)
    found: Diagnostics = field(default_factory=Diagnostics)

    def over(self, index: int, note: BassNote, own: list[Stack]) -> None:
        """One note with its stacks; where it begins without any, it goes along or has a triad."""
        if (not own or own[0].onset > note.onset) and not self._goes_along(index, note):
            own.insert(0, Stack(note.onset, TRIAD, own[0].mark if own else Mark(self.line.name)))
        if own and own[0].text == HOLD and not self.chords:
            self.complain(own[0], "'-' has no chord before it that could go on", _EXPECTED)
        written = [stack for stack in own if stack.text != HOLD]
        for stack, figures in zip(written, self._completed(written), strict=True):
            key = self.line.score.key_at(stack.onset)
            bass = note.pitch.pitch_class
            self.chords.append(FiguredChord(
                stack.onset, note, frozenset({bass, *(figure.above(bass, key) for figure in figures)}), stack.text,
                stack.onset > note.onset and self.chords[-1].note == note, stack.mark))

    def _goes_along(self, index: int, note: BassNote) -> bool:
        """Whether a note without figures belongs to the chord before: see the module."""
        if not index or not self.chords or note.strength or self.line.notes[index - 1].phrase != note.phrase:
            return False
        if note.pitch.pitch_class in self.chords[-1].notes:
            return True
        before, after = self.line.notes[index - 1], next(iter(self.line.notes[index + 1 : index + 2]), None)
        return after is not None and _is_step(before, note) and _is_step(note, after)

    def _completed(self, stacks: Sequence[Stack]) -> list[tuple[Figure, ...]]:
        """The complete figures of the stacks over one note, read together, as pairs have a meaning of their own."""
        wrong = False
        for stack in stacks:
            try:
                FiguredBass.parse(stack.text)
                if stack.text:
                    continue
                self.complain(stack, "one side of the dash has no figures", "figures on both sides, as in 4-3")
            except TheoryError as error:
                self.complain(stack, error.message, error.expected, error.nearest, error.position)
            wrong = True
        if wrong or not stacks:
            return [()] * len(stacks)
        return list(FiguredBass.parse("-".join(stack.text for stack in stacks)).columns)

    def complain(self, stack: Stack, message: str, expected: str, nearest: str | None = None, at: int = 0) -> None:
        """Report something wrong with a stack."""
        self.found.add(Diagnostic("bad-figures", f"{self.line.score.location(stack.onset)}: {message}",
                                  _inside(stack.mark, at), expected, nearest))


def _inside(mark: Mark, at: int) -> Mark:
    """A place in a mark of one line."""
    return replace(mark, column=mark.column + at, length=max(mark.length - at, 1)) if mark.line else mark


def _is_step(first: BassNote, second: BassNote) -> bool:
    return first.end == second.onset and abs(first.pitch.step - second.pitch.step) == 1


def named_chords(line: BassLine, chords: Sequence[FiguredChord]) -> tuple[PlannedChord, ...]:
    """The chords that have these notes, each with its numeral in the key it is likeliest in.

    The home key and the keys near it are considered, and a pivot where a new one is entered. A tonic six-four that
    delays the dominant is named cadential. Chords of a sequence, and those over a held bass, lie in a region.

    Raises:
        InputError: some figures ask for notes that are no chord; all of them at once.
    """
    phrases = [chord.note.phrase for chord in chords]
    row = [Asked(chord.note.pitch.pitch_class, chord.notes, index > 0 and phrases[index - 1] != chord.note.phrase)
           for index, chord in enumerate(chords)]
    wrong = [_no_chord(line, chord, asked) for chord, asked in zip(chords, row, strict=True)
             if not numerals_of(asked, line.key)]
    if wrong:
        raise InputError(wrong)
    stops = [line.sounding_until(onset) for onset in [*(chord.onset for chord in chords[1:]), line.notes[-1].end]]
    events = [ChordEvent(chord.onset, stop - chord.onset, stretch.numeral, stretch.pivot_of, chord.note.phrase,
                         region=HELD_BASS if chord.is_held else "")
              for chord, stop, stretch in zip(chords, stops, read_figures(row, line.key), strict=True)]
    named = with_cadential_six_fours(replace(line.score, chords=tuple(events)))
    sequences = in_sequences(named)
    return tuple(PlannedChord(((event.numeral, 1.0),), event.onset, event.duration, event.phrase, None, {},
                              event.pivot_of, event.region or (SEQUENCE if index in sequences else ""), ())
                 for index, event in enumerate(named))


def _no_chord(line: BassLine, chord: FiguredChord, asked: Asked) -> Diagnostic:
    over = sorted(chord.notes - {asked.bass}, key=lambda note: (note.letter - asked.bass.letter) % 7)
    nearest = nearest_numeral(asked, line.key)
    figures = nearest and figures_for(nearest.bass, nearest.pitch_classes, nearest.figures,
                                      line.score.key_at(chord.onset))
    return Diagnostic(
        "no-such-chord", f"{line.score.location(chord.onset)}: '{chord.figures}' over {chord.note.pitch} asks for "
        f"{' '.join(map(str, over))}, and no chord of {line.key} and its near keys has just these notes", chord.mark,
        f"a chord over {asked.bass}" + (f", such as {nearest}" if nearest else ""), figures or None)


def bass_task(line: BassLine, chords: Sequence[PlannedChord], style: Style) -> Task:
    """Chords over a given bass as something to be voiced: every chord begins with the bass note that sounds there.

    Args:
        line: the bass; its events stand as they are, and where it rests all voices rest.
        chords: in time order, without gaps.
        style: whose rules and voices are meant; its lowest voice takes the bass.
    """
    assert style.ensemble is not None
    progression = Progression(tuple(chords), line.score.meters, line.key, line.score.pickup,
                              line.score.title or f"Bass in {line.key}", line.score.composer, line.score.bars)
    task = progression.task(style)
    bass = len(style.ensemble.names) - 1
    positions = tuple(replace(position, given={bass: frozenset({_sounding(line, chord.onset).pitch.code})})
                      for position, chord in zip(task.problem.positions, chords, strict=True))
    locked = dict.fromkeys(style.ensemble.names, line.rests) | {style.ensemble.names[bass]: line.events}
    return replace(task, problem=replace(task.problem, positions=positions), keys=line.keys, locked=locked,
                   bars=line.score.bars, tempo=line.score.tempo)


def _sounding(line: BassLine, onset: Fraction) -> BassNote:
    return next(note for note in line.notes if note.onset <= onset < note.end)
