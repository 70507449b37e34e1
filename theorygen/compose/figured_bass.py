"""Figured bass: from a bass and its figures to chords with names, and to a task in which the bass stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from theorygen.analysis.cadences import with_cadential_six_fours
from theorygen.analysis.figure_reading import Asked, nearest_numeral, numerals_of, read_figures
from theorygen.compose.bass_line import BassLine
from theorygen.compose.figures_over_bass import FiguredChord, figured_chords, stacks_of
from theorygen.compose.plan import PlannedChord
from theorygen.compose.progression import Progression
from theorygen.compose.sequences import SEQUENCE, in_sequences
from theorygen.compose.tasks import Task
from theorygen.grammar.style import Style
from theorygen.score.harmony import ChordEvent
from theorygen.score.score import Score
from theorygen.source.diagnostic import Diagnostic, InputError
from theorygen.theory import figures_for

HELD_BASS = "held-bass"
"""Region of the chords over a bass note that has had another chord; rules ask that their voices go by step."""


def figured_score(line: BassLine, figures: str) -> Score:
    """The score of a bass with the chords its figures ask for.

    Args:
        line: the bass.
        figures: "score" for the figures of its file; else a word for each bass note (`stacks_of_text`).

    Raises:
        InputError: figures are missing, cannot be read, or ask for notes that are no chord; all of them at once.
    """
    stacks = stacks_of(figures, line)
    chords = named_chords(line, figured_chords(line, stacks))
    return replace(line.score, chords=chords, keys=line.keys,
                   figures=tuple((stack.onset, stack.text) for stack in stacks))


def figured_task(line: BassLine, figures: str, style: Style) -> Task:
    """A bass with figures as something to be voiced: the bass stands as it is, the figures fix the chords.

    Args:
        line: the bass. Where it rests all voices rest.
        figures: see `figured_score`.
        style: whose rules and voices are meant; its lowest voice takes the bass.

    Raises:
        InputError: figures are missing, cannot be read, or ask for notes that are no chord; all of them at once.
    """
    assert style.ensemble is not None
    score = figured_score(line, figures)
    chords = tuple(PlannedChord(((chord.numeral, 1.0),), chord.onset, chord.duration, chord.phrase, None, {},
                                chord.pivot_of, chord.region, ()) for chord in score.chords)
    progression = Progression(chords, score.meters, line.key, score.pickup, score.title or f"Bass in {line.key}",
                              score.composer, score.bars)
    names = style.ensemble.names
    task = progression.task(style)
    notes = [line.note_at(chord.onset) for chord in chords]
    positions = tuple(replace(position, given={len(names) - 1: frozenset({note.pitch.code})} if note else {})
                      for position, note in zip(task.problem.positions, notes, strict=True))
    return replace(task, problem=replace(task.problem, positions=positions), keys=score.keys, tempo=score.tempo,
                   locked=dict.fromkeys(names, line.rests) | {names[-1]: line.events}, figures=score.figures,
                   holds=held_over(score.chords))


def held_over(chords: Sequence[ChordEvent]) -> frozenset[Fraction]:
    """The times at which a chord begins over a bass note that goes on: voices that keep their note hold it there."""
    return frozenset(chord.onset for chord in chords if chord.region == HELD_BASS)


def named_chords(line: BassLine, chords: Sequence[FiguredChord]) -> tuple[ChordEvent, ...]:
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
    return tuple(replace(event, region=event.region or (SEQUENCE if index in sequences else ""))
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
