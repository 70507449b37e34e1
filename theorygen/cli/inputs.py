"""What is given to be realised or counted: options that several commands share, and the task they make.

A kind of material is an entry in MATERIALS: the field of `Inputs` that names it, and what reads it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from theorygen.cli import completion
from theorygen.source.diagnostic import Diagnostic, Diagnostics, InputError

if TYPE_CHECKING:
    from theorygen.compose.progression import Progression
    from theorygen.compose.tasks import Task
    from theorygen.grammar.style import Style
    from theorygen.score import Score
    from theorygen.theory import Key, Meter

DEFAULT_STYLE = "textbook-chorale"

_KEYED = ("roman", "roman_file")
"""Material that says what key every chord is in."""

StyleOption = Annotated[str, typer.Option(
    "--style", metavar="STYLE", help="A style that ships, or the path of a style file.",
    autocompletion=completion.styles)]
RomanOption = Annotated[str | None, typer.Option(
    "--roman", metavar="CHORDS",
    help='Roman numerals, one a beat: "C: I V6 {ii6|IV} V:2 I // I vi G: ii V I". V:2 lasts two quarters, braces leave '
         'a chord open, // ends a phrase, a chord written again in a new key is a pivot.')]
RomanFileOption = Annotated[str | None, typer.Option(
    "--roman-file", metavar="FILE", help="Roman numerals with measures, meters and pivots, in RomanText.")]
GivenOption = Annotated[str | None, typer.Option(
    "--given", metavar="FILE", help="A score in which some notes or chords stand: MusicXML, MIDI, text or JSON.")]
HoldOption = Annotated[str | None, typer.Option(
    "--hold", metavar="WHAT", help='What stands of --given: "m1-4 soprano, m3 all, chords". Default: all of it.')]
MelodyArgument = Annotated[str, typer.Argument(
    metavar="MELODY", help="A file with one voice: MusicXML, ABC, MIDI, text ...; of several voices the highest.")]
MeterOption = Annotated[str | None, typer.Option(
    "--meter", metavar="METER", help="Time signature of --roman; default the first of the style.")]
BassOption = Annotated[str | None, typer.Option(
    "--bass", metavar="FILE", help="A bass line: the only part of a score, or the lowest. Its notes stand.")]
FiguresOption = Annotated[str | None, typer.Option(
    "--figures", metavar="FIGURES",
    help='Figures of --bass or --given: "score" for those in its file, or a word for each bass note, as in '
         '"6 65 _ 4-3 #": 5 is a triad, _ no figure, - holds the chord before. Else the chords are chosen.')]


@dataclass(frozen=True)
class Inputs:
    """What a command is given.

    Attributes:
        style: name or path of the style.
        settings: values of parameters, as ``name=value``.
        roman: Roman numerals on one line, or None.
        roman_file: path of a RomanText file, or None.
        meter: time signature as given, or None.
        given: path of a score of which something stands, or None.
        hold: what stands of it, or None for all.
        melody: path of a melody, or None.
        key: home key as given, or None.
        bass: path of a file with a bass line, or None.
        figures: figures of the bass as given, or None.
    """

    style: str = DEFAULT_STYLE
    settings: Sequence[str] = ()
    roman: str | None = None
    roman_file: str | None = None
    meter: str | None = None
    given: str | None = None
    hold: str | None = None
    melody: str | None = None
    key: str | None = None
    bass: str | None = None
    figures: str | None = None

    @property
    def materials(self) -> list[str]:
        """The kinds of material given, by the names of their fields."""
        return [name for name in MATERIALS if getattr(self, name) is not None]

    @property
    def stem(self) -> str:
        """Name of the file that is given, without its suffix; "" where none is."""
        from pathlib import Path

        path = self.melody or self.given or self.bass or self.roman_file
        return Path(path).stem if path else ""

    def check(self, found: Diagnostics) -> None:
        """Refuse no material or several; whatever is wrong goes to ``found``."""
        if len(self.materials) > 1:
            given = " and ".join(map(_option, self.materials))
            found.add(Diagnostic("two-materials", f"{given} both say what is to be voiced", None, "one of them",
                                 remedy="leave out all but one"))
        elif not self.materials:
            options = [_option(name) for name in MATERIALS if name != "melody"]  # an argument, which is always there
            found.add(Diagnostic("no-material", "nothing is given to be voiced", None, ", ".join(options),
                                 remedy='such as --roman "C: I V6 I IV ii6 V7 I"'))
        if self.meter is not None and self.roman is None and self.materials:
            found.add(Diagnostic("no-meter-here", f"--meter is for --roman; {_option(self.materials[0])} has its own",
                                 remedy="leave out --meter"))
        chords = [name for name in self.materials if name in _KEYED]
        if self.key is not None and chords:
            message = f"--key is for notes; the chords of {_option(chords[0])} name their keys"
            found.add(Diagnostic("no-key-here", message, remedy="leave out --key"))
        if self.hold is not None and self.given is None:
            found.add(Diagnostic("nothing-to-hold", "--hold says what stands of a score, and none is given", None,
                                 "--given FILE beside it", remedy="add --given FILE"))
        if self.figures is not None and self.bass is None and self.given is None:
            found.add(Diagnostic("no-bass", "--figures stand under a bass, and none is given", None,
                                 "--bass FILE beside it, or --given FILE", remedy="add --bass FILE"))

    def task(self) -> Task:
        """The material as a task in the style.

        Raises:
            InputError: the style, a parameter or the material is wrong.
        """
        from theorygen.compose.tasks import with_relations
        from theorygen.grammar.style import load_style

        style = load_style(self.style)
        if style.ensemble is None:
            raise InputError(Diagnostic("abstract-style", f"style '{style.name}' is only a base for other styles",
                                        expected="a style with an ensemble",
                                        remedy="name a style that extends it, such as textbook-chorale"))
        return with_relations(MATERIALS[self.materials[0]](self, style))


def _option(name: str) -> str:
    """The option of a field."""
    return f"--{name.replace('_', '-')}"


def _roman(inputs: Inputs, style: Style) -> Task:
    """A line of Roman numerals."""
    from theorygen.cli.options import read_settings
    from theorygen.compose.roman_line import parse_roman_line
    from theorygen.grammar.lengths import Lengths
    from theorygen.grammar.style import resolve_parameters

    assert inputs.roman is not None and style.ensemble is not None
    found = Diagnostics()
    settings = read_settings(inputs.settings, found)
    meter = _meter(inputs, style, found)
    found.raise_errors()
    unit = Lengths(style, resolve_parameters(style, settings)).unit(meter)
    return _read(parse_roman_line(inputs.roman, style.ensemble, meter, unit)).task(style)


def _meter(inputs: Inputs, style: Style, found: Diagnostics) -> Meter:
    """The meter asked for, or the first of the style."""
    from theorygen.cli.running import theory_diagnostic
    from theorygen.theory import Meter, TheoryError

    usual = style.meters[0] if style.meters else Meter(4, 4)
    try:
        return usual if inputs.meter is None else Meter.parse(inputs.meter)
    except TheoryError as error:
        found.add(theory_diagnostic(error, "--meter"))
        return usual


def _roman_file(inputs: Inputs, style: Style) -> Task:
    """A file in RomanText."""
    from theorygen.compose.roman_file import progression_of
    from theorygen.grammar.style import resolve_parameters
    from theorygen.score.roman_text import parse_roman_text
    from theorygen.theory import Meter

    assert inputs.roman_file is not None
    resolve_parameters(style, _settings(inputs))
    text = parse_roman_text(_text(inputs.roman_file), inputs.roman_file)
    return _read(progression_of(text, style.meters[0] if style.meters else Meter(4, 4))).task(style)


def _read(progression: Progression) -> Progression:
    """The progression, when it is told which of its chords may not be what was meant."""
    for chord, meant in progression.doubtful.items():
        print(f"remark: {chord} in {chord.key} is fully diminished, with {chord.members[-1].pitch_class}; the chord of "
              f"the key, with {meant.members[-1].pitch_class}, is {meant}", file=sys.stderr)
    return progression


def _bass(inputs: Inputs, style: Style) -> Task:
    """A bass line, figured or not."""
    from theorygen.compose.bass_line import read_bass
    from theorygen.compose.figured_bass import figured_task
    from theorygen.compose.unfigured_bass import unfigured_task
    from theorygen.grammar.style import resolve_parameters

    assert inputs.bass is not None
    parameters = resolve_parameters(style, _settings(inputs))
    line = read_bass(inputs.bass, _key(inputs))
    if inputs.figures is None:
        return _told(unfigured_task(line, style, parameters))
    if not line.is_key_given:
        print(f"in {line.key}: {line.key_from}", file=sys.stderr)
    return _with_sequences(figured_task(line, inputs.figures, style))


def _with_sequences(task: Task) -> Task:
    """The task of a figured bass, when it is told where a sequence was read: figures do not say so."""
    from theorygen.compose.sequences import sequences_told

    for line in sequences_told(task):
        print(f"remark: {line}", file=sys.stderr)
    return task


def _text(path: str) -> str:
    """The text of a file.

    Raises:
        InputError: there is no such file, or it is no text.
    """
    from pathlib import Path

    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        message = "it is not text in UTF-8"
    except OSError as error:
        message = (error.strerror or "unreadable").lower()
    raise InputError(Diagnostic("unreadable", f"'{path}' cannot be read: {message}", None, "a text file in RomanText",
                                remedy="check the name"))


def _melody(inputs: Inputs, style: Style) -> Task:
    """A melody as the highest voice."""
    from theorygen.cli.scores import load_score
    from theorygen.compose.harmonize import Harmonizer, given_line

    assert inputs.melody is not None and style.ensemble is not None
    given = given_line(load_score(inputs.melody), style.ensemble.names[0], _key(inputs))
    reason = _has_no_pieces(style, given.keys[0]) or ("" if inputs.key else _GUESSED)
    return _told(Harmonizer(style, _settings(inputs)).task(given), reason)


def _has_no_pieces(style: Style, said: Key) -> str:
    """Why another key is taken than the one a file says; "" where the style has its mode."""
    if said.mode in style.keys:
        return ""
    return f": the file says {said}, and style '{style.name}' has no pieces in {said.mode}; name another with --key"


def _given(inputs: Inputs, style: Style) -> Task:
    """A score of which something stands."""
    from theorygen.compose.harmonize import Harmonizer
    from theorygen.compose.holding import CHORDS, HOLD_ALL, Hold, given_of, held_task, read_holds
    from theorygen.grammar.style import resolve_parameters
    from theorygen.readers import read_score

    assert inputs.given is not None and style.ensemble is not None
    score = read_score(inputs.given, ensemble=style.ensemble)
    measures = [measure.number for measure in score.measures()]
    holds = HOLD_ALL if inputs.hold is None else read_holds(inputs.hold, style.ensemble.names, measures)
    if inputs.figures is not None:
        score, holds = _figured(inputs, score), (*holds, Hold(CHORDS), Hold(style.ensemble.names[-1]))
    parameters, key = resolve_parameters(style, _settings(inputs)), _key(inputs)
    task = held_task(score, style, holds)
    if task is None:
        given = given_of(score, style.ensemble.names, holds, key)
        return _told(Harmonizer(style, parameters).task(given), _has_no_pieces(style, given.keys[0]))
    if key is not None:
        raise InputError(Diagnostic("no-key-here", f"--key is for notes; all chords of '{inputs.given}' stand, each in "
                                    "its key", remedy="leave out --key, or let some chords go with --hold"))
    return task


def _figured(inputs: Inputs, score: Score) -> Score:
    """A given score with the chords that the figures under its lowest voice ask for."""
    from theorygen.compose.bass_line import bass_of
    from theorygen.compose.figured_bass import figured_score

    assert inputs.given is not None and inputs.figures is not None
    return figured_score(bass_of(score, inputs.given, _key(inputs)), inputs.figures)


def _settings(inputs: Inputs) -> dict[str, str]:
    """The parameters that are set.

    Raises:
        InputError: something given to ``--set`` sets nothing.
    """
    from theorygen.cli.options import read_settings

    found = Diagnostics()
    settings = read_settings(inputs.settings, found)
    found.raise_errors()
    return settings


def _key(inputs: Inputs) -> Key | None:
    """The key asked for.

    Raises:
        InputError: there is no such key.
    """
    from theorygen.cli.options import read_key

    found = Diagnostics()
    key = read_key(inputs.key, found)
    found.raise_errors()
    return key


_GUESSED = ": by its key signature, its notes and how it ends; name another with --key"


def _told(task: Task, reason: str = "") -> Task:
    """The task, when it is told which key was taken for it, and why."""
    print(f"in {task.keys[0][1]}{reason}", file=sys.stderr)
    return task


MATERIALS: Mapping[str, Callable[[Inputs, Style], Task]] = {
    "roman": _roman, "roman_file": _roman_file, "given": _given, "melody": _melody, "bass": _bass}
"""Kinds of material by the field of `Inputs`, and what makes a task of each."""
