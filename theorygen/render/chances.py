"""A picture of all solutions at once: every note a voice may have on the staves, the darker the more probable.

The notes of one solution stand out by their rings. Plain SVG, made here: no engraver draws a probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from theorygen.theory import Pitch

COLOURS = ("#b3261e", "#1a6f3c", "#7a4fb5", "#1f4e9e", "#8a5a00", "#00707a")
"""From the top voice down; further voices begin again."""

_STEP = 5.0          # from a line to the next space
_COLUMN = 64.0
_LEFT, _TOP, _GAP = 56.0, 84.0, 40.0
_TREBLE_TOP, _BASS_TOP = 38, 26      # diatonic steps of F5 and A3
_MIDDLE = 28                         # C4: from here up notes stand on the upper staff
_LINES = 5
_FONT = 'font-family="Times, DejaVu Serif, serif"'


@dataclass(frozen=True)
class Column:
    """One moment of the picture.

    Attributes:
        label: printed below: the chord.
        measure: number of the bar that begins here, or None.
        shares: for each voice from the top, pitch codes with their probabilities.
        chosen: for each voice the pitch code of the solution shown, or None.
    """

    label: str
    measure: int | None
    shares: tuple[Mapping[int, float], ...]
    chosen: tuple[int | None, ...] = ()


def chances_svg(columns: Sequence[Column], voices: Sequence[str], title: str = "") -> str:
    """The picture as SVG.

    Args:
        columns: moments in time order.
        voices: names of the voices from the top.
        title: printed above.
    """
    width = _LEFT + _COLUMN * len(columns) + 20
    height = _bottom() + 64
    body = [*_staves(width), *_bar_lines(columns), *_names(voices, title)]
    for number, column in enumerate(columns):
        body += _column(column, voices, _LEFT + _COLUMN * (number + 0.5))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}">\n<rect width="100%" height="100%" fill="white"/>\n'
            + "\n".join(body) + "\n</svg>\n")


def _bottom() -> float:
    return _TOP + 4 * (_LINES - 1) * _STEP + _GAP


def _height(step: int) -> float:
    """Where a diatonic step stands, on the staff it belongs to."""
    if step >= _MIDDLE:
        return _TOP + (_TREBLE_TOP - step) * _STEP
    return _TOP + 2 * (_LINES - 1) * _STEP + _GAP + (_BASS_TOP - step) * _STEP


def _staves(width: float) -> Iterator[str]:
    for top in (_TREBLE_TOP, _BASS_TOP):
        for line in range(_LINES):
            y = _height(top - 2 * line)
            yield f'<path d="M20 {y:g}H{width - 10:g}" stroke="#999" stroke-width="0.8"/>'
    for text, top in (("G", _TREBLE_TOP - 6), ("F", _BASS_TOP - 2)):
        y = _height(top)
        yield f'<text x="24" y="{y + 5:g}" {_FONT} font-size="15" fill="#555">{text}</text>'


def _bar_lines(columns: Sequence[Column]) -> Iterator[str]:
    first, last = _height(_TREBLE_TOP), _height(_BASS_TOP - 2 * (_LINES - 1))
    for number, column in enumerate(columns):
        if column.measure is not None:
            x = _LEFT + _COLUMN * number
            yield f'<path d="M{x:g} {first:g}V{last:g}" stroke="#666" stroke-width="1"/>'
            yield f'<text x="{x + 3:g}" y="{first - 22:g}" {_FONT} font-size="11" fill="#666">{column.measure}</text>'


def _names(voices: Sequence[str], title: str) -> Iterator[str]:
    if title:
        yield f'<text x="20" y="22" {_FONT} font-size="16">{escape(title)}</text>'
    for number, name in enumerate(voices):
        yield (f'<text x="{20 + 90 * number}" y="40" {_FONT} font-size="12" '
               f'fill="{COLOURS[number % len(COLOURS)]}">{escape(name)}</text>')


def _column(column: Column, voices: Sequence[str], x: float) -> Iterator[str]:
    """The notes of one moment; voices stand beside each other, so that a note of two voices shows both."""
    for number, shares in enumerate(column.shares):
        chosen = column.chosen[number] if number < len(column.chosen) else None
        colour, beside = COLOURS[number % len(COLOURS)], x + 11 * (number - (len(column.shares) - 1) / 2)
        for code, share in sorted(shares.items()):
            yield from _note(code, share, code == chosen, voices[number], colour, beside)
    yield (f'<text x="{x:g}" y="{_bottom() + 34:g}" {_FONT} font-size="13" '
           f'text-anchor="middle">{escape(column.label)}</text>')


def _note(code: int, share: float, chosen: bool, voice: str, colour: str, x: float) -> Iterator[str]:
    pitch = Pitch.from_code(code)
    y = _height(pitch.step)
    yield from _ledgers(pitch.step, x)
    ring = f' stroke="{colour}" stroke-width="1.6"' if chosen else ""
    yield (f'<ellipse cx="{x:g}" cy="{y:g}" rx="5.6" ry="4.4" fill="{colour}" fill-opacity="{share:.3f}"{ring}>'
           f"<title>{escape(voice)} {pitch}: {percent(share)}</title></ellipse>")
    if pitch.alter:
        sign = "♯" * pitch.alter if pitch.alter > 0 else "♭" * -pitch.alter
        yield (f'<text x="{x - 6:g}" y="{y + 4:g}" {_FONT} font-size="10" text-anchor="end" fill="{colour}" '
               f'fill-opacity="{max(share, 0.25):.3f}">{sign}</text>')


def _ledgers(step: int, x: float) -> Iterator[str]:
    """Short lines for notes above and below the staves."""
    top = _TREBLE_TOP if step >= _MIDDLE else _BASS_TOP
    bottom = top - 2 * (_LINES - 1)
    for line in [*range(top + 2, step + 1, 2), *range(bottom - 2, step - 1, -2)]:
        y = _height(step) + (step - line) * _STEP
        yield f'<path d="M{x - 8:g} {y:g}h16" stroke="#bbb" stroke-width="0.8"/>'


def percent(share: float) -> str:
    """``31 %``; what is not nothing is never said to be nothing."""
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{100 * share:.0f} %"
