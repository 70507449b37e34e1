"""Figured bass: abbreviated figures, their complete intervals, and the notes they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from theorygen.theory.errors import TheoryError
from theorygen.theory.interval import Interval
from theorygen.theory.key import Key
from theorygen.theory.lexicon import lexicon
from theorygen.theory.pitch import PitchClass

_SIGN = r"#{1,2}|b{1,2}|n|\+"
_TOKEN = re.compile(
    rf"(?P<before>{_SIGN})?(?P<number>[2-9])(?P<after>(?:{_SIGN})(?![0-9]))?|(?P<alone>{_SIGN})"
)
_SEPARATORS = " ,/"
_SIGN_SEMITONES = {"": 0, "#": 1, "+": 1, "##": 2, "b": -1, "bb": -2}
_EXPECTED = "figures 2 to 9, with #, b, n or + beside them, a lone accidental for the third, or pairs (4-3)"


class Figure(NamedTuple):
    """One figure: a generic interval above the bass and its sign (``#`` ``b`` ``n`` ``+`` or "")."""

    number: int
    sign: str = ""

    def above(self, bass: PitchClass, key: Key) -> PitchClass:
        """The note this figure asks for. Without a sign it is as the key signature has it.

        ``#`` and ``+`` raise a natural or flat note by a semitone (a flat becomes natural) and leave a sharp one;
        ``b`` mirrors this; ``##`` and ``bb`` do it twice; ``n`` is natural.
        """
        letter = (bass.letter + self.number - 1) % 7
        alter = bass.alter if letter == bass.letter else signature_alteration(letter, key)
        if self.sign == "n":
            return PitchClass(letter)
        change = _SIGN_SEMITONES[self.sign]
        if change:
            alter = min(alter + change, change) if change > 0 else max(alter + change, change)
        return PitchClass(letter, alter)


@dataclass(frozen=True, slots=True)
class FiguredBass:
    """The figures over one bass note.

    Attributes:
        text: the figures as written; "" is a root-position triad.
        columns: complete figures, largest first; one column, or one for each side of a dash (``4-3``).
    """

    text: str
    columns: tuple[tuple[Figure, ...], ...] = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> FiguredBass:
        """Read and complete figures: "", ``6``, ``65``, ``6/5``, ``#``, ``b6``, ``6#``, ``4-3``.

        In ``6#`` the sign alters the sixth, in ``6 #`` it stands alone and alters the third. Pairs are
        completed as pairs, so the 7 of ``7-6`` brings no fifth. A 9 alone is 9/5/3.

        Raises:
            TheoryError: a sign is unknown, or the stack of figures stands for no chord.
        """
        return _parse(text)

    def pitch_classes(self, bass: PitchClass, key: Key, column: int = 0) -> tuple[PitchClass, ...]:
        """The notes above ``bass``, largest figure first, without the bass itself."""
        return tuple(figure.above(bass, key) for figure in self.columns[column])

    def __str__(self) -> str:
        return self.text


def signature_alteration(letter: int, key: Key) -> int:
    """Semitones the key signature adds to a letter (0 for C to 6 for B)."""
    return (key.signature - PitchClass(letter).fifths + 5) // 7


def figure_words(text: str) -> tuple[str, ...]:
    """The single figures of a stack as written: ``#``, ``b6`` or ``5``; what is none is passed over."""
    return tuple(match[0] for match in _TOKEN.finditer(text))


@cache
def _parse(text: str) -> FiguredBass:
    columns, start = [], 0
    for part in text.split("-"):
        columns.append(_read_column(text, start, start + len(part)))
        start += len(part) + 1
    if len(columns) > 1 and not all(columns):
        raise TheoryError(f"a side of '{text}' is empty", text, text.index("-"), _EXPECTED)
    return FiguredBass(text, _complete(text, columns))


def _read_column(text: str, start: int, end: int) -> dict[int, str]:
    """Written numbers with their signs; a lone accidental concerns the third."""
    signs: dict[int, str] = {}
    while start < end:
        if text[start] in _SEPARATORS:
            start += 1
            continue
        match = _TOKEN.match(text, start, end)
        number = int(match["number"] or 3) if match else 0
        if not match or number in signs:
            raise TheoryError(f"'{text[start]}' has no place in the figures '{text}'", text, start, _EXPECTED)
        signs[number] = match["before"] or match["after"] or match["alone"] or ""
        start = match.end()
    return signs


def _complete(text: str, columns: list[dict[int, str]]) -> tuple[tuple[Figure, ...], ...]:
    written = [_digits(column) for column in columns]
    numbers = lexicon()["figured-bass-pairs"].get("-".join(written))
    if numbers is None:
        numbers = [_complete_one(text, digits) for digits in written]
    return tuple(
        tuple(Figure(number, signs.get(number, "")) for number in stack)
        for stack, signs in zip(numbers, columns, strict=True)
    )


def _digits(numbers: dict[int, str]) -> str:
    return "".join(map(str, sorted(numbers, reverse=True)))


def _complete_one(text: str, digits: str) -> list[int]:
    table = lexicon()["figured-bass"]
    without_third = digits.removesuffix("3")
    if 3 in table.get(without_third, ()):
        digits = without_third
    if digits in table:
        return list(table[digits])
    close = get_close_matches(digits, table, 1, 0.0)
    position = text.find(digits[:1])
    raise TheoryError(f"no chord has the figures '{digits}'", text, max(position, 0), _EXPECTED, close[0])


@cache
def _abbreviations() -> dict[tuple[int, ...], str]:
    """Complete figures to the first text the lexicon has for them."""
    table: dict[tuple[int, ...], str] = {}
    for text, numbers in lexicon()["figured-bass"].items():
        table.setdefault(tuple(numbers), text)
    return table | {(6, 4, 2): "42"}


def abbreviate_figures(figures: tuple[int, ...]) -> str:
    """Complete figures as a numeral prints them: (6, 5, 3) is ``65``, (5, 3) nothing, (9, 7, 5, 3) ``9``."""
    if figures == (9, 7, 5, 3):
        return "9"
    text = _abbreviations().get(figures)
    return "".join(map(str, figures)) if text is None else text


def figures_for(bass: PitchClass, notes: tuple[PitchClass, ...], figures: tuple[int, ...], key: Key) -> str:
    """Figured-bass text with the accidentals ``notes`` need over ``bass`` in the signature of ``key``.

    Args:
        bass: the bass note.
        notes: the notes of the chord; the bass may be among them.
        figures: complete figures, as `RomanNumeral.figures`.
        key: whose signature is in force.

    Returns:
        Text `FiguredBass.parse` reads, figures separated by spaces: ``#``, ``6 5``, ``#4 2``.
    """
    by_letter = {note.letter: note for note in notes}
    short = _abbreviations().get(figures)
    printed = set(figures if short is None else map(int, short))
    words = []
    for number in figures:
        sign = _needed_sign(by_letter[(bass.letter + number - 1) % 7], bass, number, key)
        if sign or number in printed:
            words.append(sign if number == 3 and sign else f"{sign}{number}")
    return " ".join(words)


def transpose_figures(text: str, bass: PitchClass, key: Key, interval: Interval) -> str:
    """The figures that ask over the transposed bass, in the transposed key, for the transposed notes.

    Args:
        text: figures as written; what is no figured bass is left as it is.
        bass: the note they stand over.
        key: whose signature is in force.
        interval: how far everything moves.
    """
    try:
        FiguredBass.parse(text)
    except TheoryError:
        return text
    columns = [" ".join(_transposed(match, bass, key, interval) for match in _TOKEN.finditer(column))
               for column in text.split("-")]
    return "-".join(columns)


def _transposed(token: re.Match[str], bass: PitchClass, key: Key, interval: Interval) -> str:
    number = int(token["number"] or 3)
    asked = Figure(number, token["before"] or token["after"] or token["alone"] or "").above(bass, key)
    sign = _needed_sign(asked.transpose(interval), bass.transpose(interval), number, key.transpose(interval))
    return sign if token["alone"] and sign else f"{sign}{number}"


def _needed_sign(note: PitchClass, bass: PitchClass, number: int, key: Key) -> str:
    for sign in ("", "n", "#", "b", "##", "bb"):
        if Figure(number, sign).above(bass, key) == note:
            return sign
    raise TheoryError(f"no figure can ask for {note} over {bass}", str(note), 0, "at most two accidentals")
