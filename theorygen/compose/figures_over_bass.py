"""Figures over a bass: what each note and its figures ask for, before the chords have names.

A bass note without figures has a triad of its own where it stands on a beat. Off the beat it goes along with the chord
before if it is a member of it, or a step between two steps: a player of thoroughbass leaves such notes to the bass.
A triad on it is figured 5; a dash leaves the chord before standing under any note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorygen.compose.bass_line import BassLine, BassNote
from theorygen.score.figured_bass import stacks_in_time
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError
from theorygen.source.marks import Mark
from theorygen.theory import Figure, FiguredBass, PitchClass, TheoryError

HOLD, NOTHING, TRIAD = "-", "_", "5"
OF_THE_SCORE = "score"
"""In place of figures: those in the file of the bass."""

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


def stacks_of(figures: str, line: BassLine) -> tuple[Stack, ...]:
    """The figures of a bass: those of its file for "score", else a word for each of its notes.

    Raises:
        InputError: there are none in the file, or as many words as notes.
    """
    return stacks_of_score(line) if figures == OF_THE_SCORE else stacks_of_text(figures, line)


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
    own: dict[BassNote, list[Stack]] = {note: [] for note in line.notes}
    for stack in sorted(stacks, key=lambda stack: stack.onset):
        note = line.note_at(stack.onset)
        if note is None:
            walk.complain(stack, f"there is no bass note under '{stack.text}'", "figures under notes")
        else:
            own[note].append(stack)
    for index, (note, above) in enumerate(own.items()):
        walk.over(index, note, above)
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
