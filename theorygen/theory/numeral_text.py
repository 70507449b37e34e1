"""The written form of Roman numerals: what stands where in ``viio65/V`` or ``V7sus4``. Needs no key."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from theorygen.theory.degree import RomanDegree, read_roman_degree
from theorygen.theory.errors import TheoryError
from theorygen.theory.lexicon import lexicon

NEAPOLITAN, CADENTIAL = "N", "Cad"
_SYNONYMS = str.maketrans({"°": "o", "º": "o", "Ø": "ø", "♭": "b", "♯": "#"})
_SPECIAL = re.compile(r"Cad|CTo|Ger|It|Fr|N")
_MODIFIER = r"\[(?:no|add|sus|[#b])[0-9]+\]|sus[24]?|(?:no|add|[#b])[0-9]+"
_REST = re.compile(
    r"(?P<mark>/?o(?![a-z])|ø|/?o(?=maj)|\+|)(?P<seventh>maj|M|dom|d|)(?P<figures>[0-9]+(?:/[0-9]+)*|)"
    rf"(?P<modifiers>(?:{_MODIFIER})*)"
)
_ONE_MODIFIER = re.compile(r"\[?(?P<kind>no|add|sus|#|b)(?P<number>[0-9]*)\]?")
_VALID_NUMBERS = {
    "no": (1, 3, 5, 7), "add": (2, 4, 6, 9, 11, 13), "sus": (2, 4),
    "#": (5, 9, 11, 13), "b": (5, 7, 9, 11, 13),
}
_EXPECTED_HEAD = "a numeral I to VII or i to vii, or N, It6, Fr43, Ger65, Cad64, CTo7"
_EXPECTED_REST = "o, ø, +, a figure (6 64 7 65 43 42 9), sus4, add9, [no3], or a slash and a key area"


class Modifier(NamedTuple):
    """A change to the plain chord: ``sus``, ``add``, ``no``, ``#`` or ``b``, and the number it concerns."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"sus{self.number}" if self.kind == "sus" else f"[{self.kind}{self.number}]"


class NumeralFigure(NamedTuple):
    """A figure as numerals carry it: printed text, number of chord tones and inversion."""

    text: str
    tones: int
    inversion: int


class NumeralText(NamedTuple):
    """The parts of a written Roman numeral.

    Attributes:
        special: ``Cad``, ``CTo``, ``Ger``, ``It``, ``Fr``, ``N`` or "".
        roman: where the root stands; for special chords without a root of their own, I.
        mark: ``o``, ``ø``, ``+`` or "".
        seventh: ``maj``, ``d`` (dominant) or "".
        figure: the figure, with its inversion.
        modifiers: suspensions, additions, omissions, alterations, in the order written.
        applied: text after the slash, or "".
        applied_at: position of that text.
    """

    special: str
    roman: RomanDegree
    mark: str
    seventh: str
    figure: NumeralFigure
    modifiers: tuple[Modifier, ...]
    applied: str
    applied_at: int


def read_numeral(text: str) -> NumeralText:
    """Take a Roman numeral apart.

    Raises:
        TheoryError: something in it has no place there; ``position`` is where.
    """
    plain = text.translate(_SYNONYMS)
    special, roman, start = _read_head(plain)
    rest = _REST.match(plain, start)
    assert rest is not None  # every part is optional
    applied, applied_at = _read_applied(plain, rest.end())
    mark, seventh = rest["mark"].replace("/o", "ø"), rest["seventh"].replace("M", "maj").replace("dom", "d")
    modifiers = _read_modifiers(plain, rest.start("modifiers"), rest.end("modifiers"))
    figure = _read_figure(plain, special, rest["figures"], rest.start("figures"))
    if modifiers and figure.tones == 3 and any(m.kind in "#b" and m.number > 5 for m in modifiers):
        figure = _figures()["7"] if figure.inversion == 0 else figure
    parts = NumeralText(special, roman, mark, seventh, figure, modifiers, applied, applied_at)
    _check_marks(plain, parts, rest.start("mark"), rest.start("seventh"))
    return parts


def _read_head(text: str) -> tuple[str, RomanDegree, int]:
    match = _SPECIAL.match(text)
    if match:
        name = match[0]
        roman = RomanDegree(2, -1, True) if name == NEAPOLITAN else RomanDegree(1, 0, True)
        return name, roman, match.end()
    found = read_roman_degree(text)
    if found is None:
        at = len(text) - len(text.lstrip("#b"))
        raise TheoryError(f"'{text}' is not a Roman numeral", text, at, _EXPECTED_HEAD)
    return "", found[0], found[1]


def _read_applied(text: str, end: int) -> tuple[str, int]:
    if end == len(text):
        return "", end
    if text[end] == "/":
        return text[end + 1:], end + 1
    message = f"'{text[end]}' has no place in '{text}'"
    raise TheoryError(message, text, end, _EXPECTED_REST, _without_character(text, end))


def _without_character(text: str, position: int) -> str | None:
    """The numeral with the faulty character dropped, or cut off there, if that can be read."""
    for candidate in (text[:position] + text[position + 1:], text[:position]):
        try:
            read_numeral(candidate)
        except TheoryError:
            continue
        return candidate
    return None


@cache
def _figures() -> dict[str, NumeralFigure]:
    table = {}
    for entry in lexicon()["numeral-figures"]:
        figure = NumeralFigure(entry["figure"], entry["tones"], entry["inversion"])
        for text in (figure.text, *entry.get("also", ())):
            table[text] = figure
    return table


@cache
def _special_figures(special: str) -> dict[str, NumeralFigure]:
    if special == CADENTIAL:
        return dict.fromkeys(("", "64"), NumeralFigure("64", 3, 2))
    entry = lexicon()["special-chords"][special]
    tones = len(entry["members"])
    table = {text: NumeralFigure(text, tones, inversion) for text, inversion in entry["figures"].items()}
    return table | dict.fromkeys(("", *entry.get("also", ())), table[entry["figure"]])


def _read_figure(text: str, special: str, written: str, position: int) -> NumeralFigure:
    table = _figures() if special in ("", NEAPOLITAN) else _special_figures(special)
    figure = table.get(written.replace("/", ""))
    if figure is None:
        printed = [name for name in dict.fromkeys(value.text for value in table.values()) if name]
        close = table[""].text if special else get_close_matches(written, printed, 1, 0.0)[0]
        raise TheoryError(
            f"'{written}' is not a figure of '{text[:position]}'", text, position, ", ".join(printed),
            nearest=text[:position] + close,
        )
    return figure


def _read_modifiers(text: str, start: int, end: int) -> tuple[Modifier, ...]:
    modifiers = []
    while start < end:
        match = _ONE_MODIFIER.match(text, start)
        assert match is not None  # the whole stretch has matched before
        kind, number = match["kind"], int(match["number"] or 4)
        if number not in _VALID_NUMBERS[kind]:
            expected = ", ".join(f"{kind}{valid}" for valid in _VALID_NUMBERS[kind])
            raise TheoryError(f"'{match[0]}' is not understood", text, start, expected, text[:start] or None)
        modifiers.append(Modifier(kind, number))
        start = match.end()
    return tuple(modifiers)


def _check_marks(text: str, parts: NumeralText, mark_at: int, seventh_at: int) -> None:
    """Marks that contradict the case of the numeral, or that need a seventh which is not there."""
    if parts.special not in ("", NEAPOLITAN):
        _check_special(text, parts, mark_at)
    elif parts.mark in ("o", "ø") and parts.roman.upper:
        nearest = text[:mark_at].lower() + text[mark_at:]
        _complain(text, mark_at, f"'{parts.mark}' needs a numeral in lower case", nearest)
    elif parts.mark == "+" and not parts.roman.upper:
        nearest = str(parts.roman._replace(upper=True)) + text[mark_at:]
        _complain(text, mark_at, "'+' needs a numeral in upper case", nearest)
    elif parts.seventh == "d" and not (parts.roman.upper and parts.mark == ""):
        _complain(text, seventh_at, "a dominant seventh needs a plain numeral in upper case", None)
    elif (parts.seventh or parts.mark == "ø") and parts.figure.tones < 4:
        at = seventh_at if parts.seventh else mark_at
        _complain(text, at, f"'{parts.seventh or parts.mark}' needs a seventh: 7, 65, 43, 42 or 9", None)


def _check_special(text: str, parts: NumeralText, position: int) -> None:
    if parts.mark or parts.seventh or parts.modifiers:
        plain = parts.special + parts.figure.text
        _complain(text, position, f"'{plain}' takes nothing but a figure", plain)


def _complain(text: str, position: int, message: str, nearest: str | None) -> None:
    raise TheoryError(message, text, position, _EXPECTED_REST, nearest)
